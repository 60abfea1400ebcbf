package survey

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
)

// Theme is how charts, workbook, page and slides look. Whatever it leaves out is the house's.
type Theme struct {
	// Colours of the series, up to four, the main one first: #RRGGBB, each with a contrast of 3:1 or more against white. Headings take the main one, in a shade that can be read.
	Colours []string `yaml:"colours,omitempty" json:"colours,omitempty"`
	// Positive is the colour of the positive end of a two-sided scale; the main colour where it is absent.
	Positive string `yaml:"positive,omitempty" json:"positive,omitempty"`
	// Negative is the colour of the negative end of a two-sided scale.
	Negative string `yaml:"negative,omitempty" json:"negative,omitempty"`
	// Font is the name of the typeface; readers without it see their own, PNG and PDF charts are in Liberation Sans.
	Font string `yaml:"font,omitempty" json:"font,omitempty" jsonschema:"pattern=^[A-Za-z0-9][A-Za-z0-9 -]*$"`
	// Logo is a PNG or SVG file in the study's folder or below, for charts, cover, page and title slide; one in SVG stands on the page and in SVG charts only.
	Logo string `yaml:"logo,omitempty" json:"logo,omitempty"`
	// LogoData is the content of the logo's file.
	LogoData []byte `yaml:"-" json:"-"`
}

const (
	// MostColours is how many colours a theme has: as many as readers tell apart.
	MostColours = 4
	// leastContrast is what WCAG 2.1 (1.4.11) asks of shapes.
	leastContrast = 3
)

// ParseColour reads #RRGGBB. The error is a Problem: it is no colour, or its
// contrast against white is less than 3:1 (WCAG 2.1, 1.4.11), so that marks of
// it could not be seen.
func ParseColour(s string) (color.NRGBA, error) {
	x, err := strconv.ParseUint(s[min(1, len(s)):], 16, 32)
	if err != nil || len(s) != len("#RRGGBB") || s[0] != '#' {
		return color.NRGBA{}, Problem{Value: s, Message: "this is not a colour", Remedy: `write it as "#RRGGBB", such as "#12436D", in quotes`}
	}
	c := color.NRGBA{R: uint8(x >> 16), G: uint8(x >> 8), B: uint8(x), A: 0xFF}
	if k := Contrast(c, color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0xFF}); k < leastContrast {
		return c, Problem{Value: s,
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
