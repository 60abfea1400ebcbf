package chart

import (
	"errors"
	"image/color"
	"math"
	"slices"

	"surveykit/reports/chart/draw"
	"surveykit/survey"
	"surveykit/survey/appearance"
)

// look is a theme ready to draw with.
type look struct {
	series             [mostSeries]color.NRGBA
	positive, negative pole
	logo               *draw.Logo
}

// pole is one end of a two-sided scale: its own colour and that next to the middle.
type pole struct{ strong, light color.NRGBA }

// house is how charts look without a theme.
var house = look{
	series:   [mostSeries]color.NRGBA{navy, orange, teal, plum},
	positive: pole{navy, color.NRGBA{0x8F, 0xB3, 0xD1, 0xFF}},
	negative: pole{color.NRGBA{0xC2, 0x4A, 0x0E, 0xFF}, color.NRGBA{0xFB, 0xB5, 0x8D, 0xFF}},
}

// newLook fills the house's look in where a theme is silent. The house's
// colours follow a theme's own, so that there are always four series.
func newLook(t survey.Theme) (look, survey.Problems) {
	l, r := house, themeReader{}
	var colours []color.NRGBA
	for _, name := range t.Colours {
		colours = append(colours, r.colour(name))
	}
	if len(colours) > mostSeries {
		r.problems = append(r.problems, survey.Problem{Message: "the theme has more colours than readers tell apart", Remedy: "keep four"})
	}
	for _, c := range house.series {
		if !slices.Contains(colours, c) {
			colours = append(colours, c)
		}
	}
	copy(l.series[:], colours)
	if len(t.Colours) > 0 {
		l.positive = poleOf(l.series[0])
	}
	if t.Positive != "" {
		l.positive = poleOf(r.colour(t.Positive))
	}
	if t.Negative != "" {
		l.negative = poleOf(r.colour(t.Negative))
	}
	if len(t.LogoData) > 0 {
		picture, err := draw.NewLogo(t.LogoData)
		r.keep(err)
		l.logo = picture
	}
	return l, r.problems
}

func poleOf(c color.NRGBA) pole { return pole{c, tint(c, 0.57)} }

// themeReader collects what is wrong with a theme.
type themeReader struct{ problems survey.Problems }

func (r *themeReader) colour(name string) color.NRGBA {
	c, err := appearance.ParseColour(name)
	r.keep(err)
	return c
}

func (r *themeReader) keep(err error) {
	var p survey.Problem
	switch {
	case errors.As(err, &p):
		r.problems = append(r.problems, p)
	case err != nil:
		r.problems = append(r.problems, survey.Problem{Message: err.Error()})
	}
}

// The house's colours; each stands out from white by 3:1 or more, which is
// what WCAG 2.1 (1.4.11) asks of shapes.
var (
	navy   = color.NRGBA{0x12, 0x43, 0x6D, 0xFF}
	teal   = color.NRGBA{0x28, 0xA1, 0x97, 0xFF}
	plum   = color.NRGBA{0x80, 0x16, 0x50, 0xFF}
	orange = color.NRGBA{0xF4, 0x6A, 0x25, 0xFF}

	black    = color.NRGBA{0x00, 0x00, 0x00, 0xFF}
	ink      = color.NRGBA{0x1F, 0x1F, 0x1F, 0xFF}
	grey     = color.NRGBA{0x59, 0x59, 0x59, 0xFF}
	midGrey  = color.NRGBA{0x8A, 0x8A, 0x8A, 0xFF}
	gridGrey = color.NRGBA{0xE4, 0xE6, 0xE8, 0xFF}
	neutral  = color.NRGBA{0xDD, 0xDD, 0xDD, 0xFF}
)

// mostSeries is how many colours a reader can tell apart and remember.
const mostSeries = 4

// ramp gives k answers of a scale their colours. A two-sided scale goes from
// one pole through grey to the other, lighter towards the middle; a one-sided
// one from light to dark; answers without an order have those of series, as
// long as there are enough.
func (l look) ramp(k int, scale survey.Polarity) []color.NRGBA {
	switch {
	case scale == survey.Rising:
		return between(l.negative, l.positive, k)
	case scale == survey.Falling:
		return between(l.positive, l.negative, k)
	case scale == survey.Unordered && k <= mostSeries:
		return l.series[:k]
	}
	return l.tones(k)
}

// tones are k colours from light to dark.
func (l look) tones(k int) []color.NRGBA {
	colours := make([]color.NRGBA, k)
	for i := range colours {
		colours[i] = blend(tint(l.series[0], 0.78), l.series[0], i, k)
	}
	return colours
}

// between goes from one pole to the other in k colours.
func between(from, to pole, k int) []color.NRGBA {
	colours := make([]color.NRGBA, k)
	side := k / 2
	for i := range side {
		colours[i] = blend(from.strong, from.light, i, side)
		colours[k-1-i] = blend(to.strong, to.light, i, side)
	}
	if k%2 == 1 {
		colours[side] = neutral
	}
	return colours
}

// tint mixes a colour with so much white (0–1).
func tint(c color.NRGBA, white float64) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(math.Round(float64(v) + white*(255-float64(v)))) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 0xFF}
}

// blend is the i-th of n steps from one colour to the other, both ends included.
func blend(from, to color.NRGBA, i, n int) color.NRGBA {
	if n < 2 {
		return from
	}
	part := float64(i) / float64(n-1)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + part*(float64(b)-float64(a)))) }
	return color.NRGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 0xFF}
}

// readable is the text colour, black or white, that stands out more: one of
// them always does so by 4.5:1.
func readable(on color.NRGBA) color.NRGBA {
	if appearance.Contrast(on, draw.White) > appearance.Contrast(on, black) {
		return draw.White
	}
	return black
}
