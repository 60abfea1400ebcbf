package ooxml

import (
	"fmt"
	"strconv"

	"surveykit/survey"
)

// palette are the house's colours, in the order of the pictures' ones; a chart
// has no more series than these, stacks aside.
var palette = []string{Navy, Orange, "28A197", "801650"}

// color is the series' own; a stack takes a ramp, since its series are ordered.
func (c *Chart) color(k int) string {
	if c.Kind == survey.ChartStacked && len(c.series) > 2 {
		return ramp(float64(k) / float64(len(c.series)-1))
	}
	return palette[k%len(palette)]
}

// ramp mixes the house's Navy into a light blue, from 0 to 1.
func ramp(x float64) string {
	dark, light := [3]float64{0x12, 0x43, 0x6D}, [3]float64{0xD3, 0xE3, 0xF0}
	c := [3]int{}
	for i := range c {
		c[i] = int(dark[i] + x*(light[i]-dark[i]) + 0.5)
	}
	return fmt.Sprintf("%02X%02X%02X", c[0], c[1], c[2])
}

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
	return []string{"circle", "square", "diamond", "triangle"}[k%4]
}
