package chart

import (
	"image/color"
	"math"

	"surveykit/survey"
	"surveykit/survey/appearance"
)

// The house's colours; each stands out from white by 3:1 or more, which is
// what WCAG 2.1 (1.4.11) asks of shapes.
var (
	navy   = color.NRGBA{0x12, 0x43, 0x6D, 0xFF}
	teal   = color.NRGBA{0x28, 0xA1, 0x97, 0xFF}
	plum   = color.NRGBA{0x80, 0x16, 0x50, 0xFF}
	orange = color.NRGBA{0xF4, 0x6A, 0x25, 0xFF}

	white    = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
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
	if appearance.Contrast(on, white) > appearance.Contrast(on, black) {
		return white
	}
	return black
}
