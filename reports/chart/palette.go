package chart

import (
	"image/color"
	"math"
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

// seriesColours are handed out in this order.
var seriesColours = [mostSeries]color.NRGBA{navy, orange, teal, plum}

// ramp gives a scale of k answers its colours: orange through grey to navy,
// lighter towards the middle; one or two answers get plain colours.
func ramp(k int) []color.NRGBA {
	if k <= 2 {
		return []color.NRGBA{navy, teal}[:k]
	}
	light, sky := color.NRGBA{0xFB, 0xB5, 0x8D, 0xFF}, color.NRGBA{0x8F, 0xB3, 0xD1, 0xFF}
	colours := make([]color.NRGBA, k)
	side := k / 2
	for i := range side {
		colours[i] = blend(color.NRGBA{0xC2, 0x4A, 0x0E, 0xFF}, light, i, side)
		colours[k-1-i] = blend(navy, sky, i, side)
	}
	if k%2 == 1 {
		colours[side] = neutral
	}
	return colours
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

// contrast is the WCAG 2.1 contrast ratio of two colours, 1 to 21.
func contrast(a, b color.NRGBA) float64 {
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

// readable is the text colour, black or white, that stands out more: one of
// them always does so by 4.5:1.
func readable(on color.NRGBA) color.NRGBA {
	if contrast(on, white) > contrast(on, black) {
		return white
	}
	return black
}
