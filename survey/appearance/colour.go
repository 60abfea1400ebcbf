// Package appearance reads what a theme is made of, colours and logos, and says whether
// they can be seen.
package appearance

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"surveykit/survey"
)

const (
	// MostColours is how many colours a theme has: as many as readers tell apart.
	MostColours = 4
	// leastContrast is what WCAG 2.1 (1.4.11) asks of shapes.
	leastContrast = 3
)

// ParseColour reads #RRGGBB. The error is a survey.Problem: it is no colour, or its
// contrast against white is less than 3:1 (WCAG 2.1, 1.4.11), so that marks of
// it could not be seen.
func ParseColour(s string) (color.NRGBA, error) {
	x, err := strconv.ParseUint(s[min(1, len(s)):], 16, 32)
	if err != nil || len(s) != len("#RRGGBB") || s[0] != '#' {
		return color.NRGBA{}, survey.Problem{Value: s, Message: "this is not a colour", Remedy: `write it as "#RRGGBB", such as "#12436D", in quotes`}
	}
	c := color.NRGBA{R: uint8(x >> 16), G: uint8(x >> 8), B: uint8(x), A: 0xFF}
	if k := Contrast(c, color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0xFF}); k < leastContrast {
		return c, survey.Problem{Value: s,
			Message: fmt.Sprintf("this colour is too light: its contrast against white is %.1f:1, and %d:1 is the least that can be seen well", math.Floor(k*10)/10, leastContrast),
			Remedy:  "take a darker shade"}
	}
	return c, nil
}

// Contrast is the WCAG 2.1 contrast ratio of two opaque colours, 1 to 21.
func Contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is WCAG's relative luminance, 0 (black) to 1 (white).
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
