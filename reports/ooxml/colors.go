package ooxml

import (
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Palette are the colours of series in the order of the pictures' ones: the
// theme's, then the house's that are not among them.
func Palette(theme survey.Theme) []string {
	house := []string{Navy, Orange, "28A197", "801650", "3D3D3D", "A285D1"}
	var colors []string
	for _, c := range theme.Colours {
		colors = append(colors, strings.TrimPrefix(strings.ToUpper(c), "#"))
	}
	for _, c := range house {
		if !slices.Contains(colors, c) {
			colors = append(colors, c)
		}
	}
	return colors[:len(house)]
}

// color is the series' own.
func (c *Chart) color(k int) string { return c.colors[k%len(c.colors)] }

// contrast is White on dark colours and Ink on light ones (relative luminance
// of ITU-R BT.709, without its gamma).
func contrast(color string) string {
	rgb, _ := strconv.ParseUint(color, 16, 32)
	if 0.2126*float64(rgb>>16)+0.7152*float64(rgb>>8&0xFF)+0.0722*float64(rgb&0xFF) < 140 {
		return White
	}
	return Ink
}

// symbol is the series' shape: never colour alone.
func (c *Chart) symbol(k int) string {
	symbols := []string{"circle", "square", "diamond", "triangle", "x", "star"}
	return symbols[k%len(symbols)]
}
