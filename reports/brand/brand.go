// Package brand makes of a study's theme the look of the documents around the
// charts: shades of the client's colour that can be read on paper and in the
// dark, the font and the logo.
package brand

import (
	"cmp"
	"fmt"
	"image/color"

	"surveykit/survey"
	"surveykit/survey/appearance"
)

// Look is how documents look. Colours are six hexadecimal digits.
type Look struct {
	// Strong is for headings and for fills under white text, Pale for fills under
	// dark text, Tint for the deepest of a scale of fills under dark text, Dark for
	// headings on a dark page.
	Strong, Pale, Tint, Dark string
	// Font is the name of the typeface, Arial without a theme.
	Font string
	// Logo is a picture, nil for none; Size says which.
	Logo []byte
	Size appearance.Logo
}

// house is the look without a theme: navy.
var house = color.NRGBA{R: 0x12, G: 0x43, B: 0x6D, A: 0xFF}

// The grounds that text is written on, the darkest light one and the lightest dark
// one, and the contrast that it has there at least (WCAG 2.1, 1.4.3, AA).
var (
	white      = color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0xFF}
	black      = color.NRGBA{A: 0xFF}
	lightPaper = color.NRGBA{R: 0xF3, G: 0xF6, B: 0xF8, A: 0xFF}
	darkPaper  = color.NRGBA{R: 0x22, G: 0x26, B: 0x2B, A: 0xFF}
)

const textContrast = 4.5

// Of is the look of a theme: its first colour, darkened or lightened until text
// of it can be read, and the house's where the theme has none that is one. A
// logo that cannot be read is left out; the study's reader refuses it before.
func Of(t survey.Theme) Look {
	main := house
	if len(t.Colours) > 0 {
		if c, err := appearance.ParseColour(t.Colours[0]); err == nil {
			main = c
		}
	}
	l := Look{
		Strong: digits(readable(main, black, lightPaper)), Dark: digits(readable(main, white, darkPaper)),
		Pale: digits(mix(main, white, 0.9)), Tint: digits(mix(main, white, 0.55)), Font: cmp.Or(t.Font, "Arial"),
	}
	if size, err := appearance.ParseLogo(t.LogoData); err == nil {
		l.Logo, l.Size = t.LogoData, size
	}
	return l
}

// readable mixes a colour with another until text of it can be read on a ground.
func readable(c, with, ground color.NRGBA) color.NRGBA {
	const steps = 50
	for i := range steps {
		if m := mix(c, with, float64(i)/steps); appearance.Contrast(m, ground) >= textContrast {
			return m
		}
	}
	return with
}

// mix is the colour with a share of another, 0–1.
func mix(c, with color.NRGBA, share float64) color.NRGBA {
	part := func(a, b uint8) uint8 { return uint8(float64(a) + share*(float64(b)-float64(a)) + 0.5) }
	return color.NRGBA{R: part(c.R, with.R), G: part(c.G, with.G), B: part(c.B, with.B), A: 0xFF}
}

func digits(c color.NRGBA) string { return fmt.Sprintf("%02X%02X%02X", c.R, c.G, c.B) }

// Fit is the size of the logo in a room, with its proportions.
func (l Look) Fit(width, height float64) (w, h float64) {
	scale := min(width/l.Size.Width, height/l.Size.Height)
	return l.Size.Width * scale, l.Size.Height * scale
}
