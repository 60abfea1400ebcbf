package chart

import (
	"math"
	"slices"

	"surveykit/reports/figure"
	"surveykit/survey"
)

const (
	histogramHeight = 300.0
	// countSteps is about how many steps the axis of counts has.
	countSteps = 5
	// nameHeight is that of a line of names over the bars.
	nameHeight = 22.0
	// nameGap is the room between a reference and its name.
	nameGap = 5.0
)

// draw draws bars between the axes, and the references over them.
func (h *histogram) draw() {
	up := h.countAxis()
	left := margin + tickStyle.width(up.label(up.high)) + 12
	lines := h.references()
	across := h.scale(lines, left+6)
	levels := h.levels(across, lines)
	h.y += nameHeight*float64(slices.Max(levels)+1) + 10
	up.right, up.left = h.y, h.y+histogramHeight
	for _, t := range up.ticks() {
		h.line(point{left, up.at(t)}, point{h.right(), up.at(t)}, gridGrey, 1)
		h.write(point{left - 10, up.at(t) + 5}, end, tickStyle, up.label(t))
	}
	for _, b := range h.Distribution.Bins {
		from, to := across.at(b.From), across.at(b.To)
		if b.To == b.From { // all weights are the same
			from, to = from-20, to+20
		}
		bar := rectangle(from, up.at(float64(b.N)), to, up.left, h.colour(0))
		bar.stroke, bar.width = white, 1.5
		h.add(bar)
	}
	for i, r := range lines {
		x, y := across.at(r.at), h.y-6-nameHeight*float64(levels[i])
		h.line(point{x, h.y}, point{x, up.left}, white, 4) // where bars are dark
		h.add(shape{points: []point{{x, y - 11}, {x, up.left}}, stroke: ink, width: 2, dashed: r.dashed})
		h.write(point{x + nameGap, y}, start, valueStyle, r.name)
	}
	h.y = up.left
	h.weightTicks(across, left)
}

// countAxis goes from zero over the highest bar.
func (h *histogram) countAxis() axis {
	most := 0
	for _, b := range h.Distribution.Bins {
		most = max(most, b.N)
	}
	a := axis{unit: survey.RowCount, step: max(1, niceStep(float64(most)/countSteps))}
	a.high = math.Ceil(float64(most)/a.step-slack) * a.step
	return a
}

// weightTicks draws the axis of weights under the bars.
func (h *histogram) weightTicks(a weightScale, left float64) {
	h.line(point{left, h.y}, point{h.right(), h.y}, midGrey, 1.5)
	h.y += 24
	for _, t := range a.ticks() {
		words := figure.Number(t, a.places(t))
		h.line(point{a.at(t), h.y - 24}, point{a.at(t), h.y - 18}, midGrey, 1.5)
		h.write(point{a.at(t), h.y}, middle, tickStyle, words)
	}
}

// weightScale maps weights over their mean to pixels.
type weightScale struct {
	log         bool
	low, high   float64 // in multiples of the mean
	left, right float64 // in pixels
	step        float64 // of a linear scale
}

// scale spans the bins and the references, and leaves these room for their names.
func (h *histogram) scale(lines []reference, left float64) weightScale {
	first, last := h.Distribution.Bins[0], h.Distribution.Bins[len(h.Distribution.Bins)-1]
	a := weightScale{left: left, right: h.right() - 6, low: first.From, high: last.To}
	// Bins of equal width keep their width, but for rounding.
	a.log = a.low > 0 && last.To-last.From > 1.5*(first.To-first.From)
	for _, r := range lines {
		if !a.log || r.at > 0 {
			a.low, a.high = min(a.low, r.at), max(a.high, r.at)
		}
	}
	if a.high-a.low < slack {
		a.low, a.high = a.low-0.5, a.high+0.5
	}
	a.step = niceStep((a.high - a.low) / mostSteps)
	wide := a
	for _, r := range lines {
		if part := (wide.at(r.at) - left) / (wide.right - left); part > 0 {
			a.right = min(a.right, left+(h.right()-nameGap-valueStyle.width(r.name)-left)/part)
		}
	}
	return a
}

func (a weightScale) at(x float64) float64 {
	if a.log {
		return a.left + (a.right-a.left)*math.Log(x/a.low)/math.Log(a.high/a.low)
	}
	return a.left + (a.right-a.left)*(x-a.low)/(a.high-a.low)
}

// ticks are the multiples of the step, or 1, 2 and 5 times the powers of ten
// (the powers alone where these are many).
func (a weightScale) ticks() []float64 {
	var ticks []float64
	if !a.log {
		for i := math.Ceil(a.low/a.step - slack); i*a.step <= a.high+slack; i++ {
			ticks = append(ticks, i*a.step)
		}
		return ticks
	}
	digits := []float64{1, 2, 5}
	if math.Log10(a.high/a.low) > 4 {
		digits = digits[:1]
	}
	for power := math.Floor(math.Log10(a.low)); power <= math.Log10(a.high); power++ {
		for _, d := range digits {
			if x := d * math.Pow(10, power); x >= a.low && x <= a.high {
				ticks = append(ticks, x)
			}
		}
	}
	return ticks
}

// places are the decimals that a tick needs.
func (a weightScale) places(tick float64) int {
	step := a.step
	if a.log {
		step = tick
	}
	return places(survey.RowMean, step)
}

// levels say on which line over the bars the name of each reference stands: a
// name goes right from its line, and over the names of all lines that it meets.
func (h *histogram) levels(a weightScale, lines []reference) []int {
	levels := make([]int, len(lines))
	for i, r := range slices.Backward(lines) {
		for j := i + 1; j < len(lines); j++ {
			if a.at(lines[j].at) < a.at(r.at)+nameGap+valueStyle.width(r.name)+8 {
				levels[i] = max(levels[i], levels[j]+1)
			}
		}
	}
	return levels
}
