package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

// Weights draws how weights are distributed: a bar for each bin, with lines at
// their mean and median and at the bounds of a trim. Weights are in multiples
// of their mean; bins that grow are on a logarithmic axis. The subtitle says
// what weighting costs: Kish's design effect n Σw²/(Σw)², and to how many rows
// of equal weights the n rows come. Rows of weight 0 are told, not drawn.
//
// The error is a survey.Problem where there are no weights.
func Weights(w *survey.WeightingReport, o Options) (*draw.Picture, error) {
	if w.Distribution.N == 0 || len(w.Distribution.Bins) == 0 {
		return nil, survey.Problem{Message: "there are no weights to draw", Remedy: "weight a sample that has a row at least"}
	}
	l, faults := newLook(o.Theme)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	h := &histogram{WeightingReport: w, sheet: sheet{options: o, look: l}, mean: w.Sum / float64(w.Distribution.N)}
	facts := []string{"Number of rows by weight over the mean weight of " + multiple(h.mean)}
	if zero := h.Distribution.Zero; zero > 0 {
		facts = append(facts, figure.Count(zero)+" more without a weight")
	}
	h.head(h.title(), h.cost(), facts)
	h.draw()
	h.foot(nil)
	return &draw.Picture{Scene: h.Scene, ID: "weights", Title: h.title(), Description: h.describe(), Font: o.Theme.Font}, nil
}

// histogram is a chart of weights.
type histogram struct {
	*survey.WeightingReport
	sheet
	mean float64
}

func (h *histogram) title() string {
	d := h.Distribution
	if d.Min.Float() == d.Max.Float() {
		return "All weights are the same"
	}
	return "Weights run from " + h.times(d.Min) + " to " + h.times(d.Max) + " times their mean"
}

// cost says what weighting costs.
func (h *histogram) cost() string {
	return fmt.Sprintf("Design effect %s: %s rows are worth %s with equal weights",
		figure.Number(h.KishDeff, 2), figure.Count(h.Distribution.N), figure.Number(h.NEffective, 0))
}

// describe says in words everything that the picture shows.
func (h *histogram) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Histogram of weights. %s.", h.cost())
	for _, r := range h.references() {
		fmt.Fprintf(&b, " %s.", strings.ToUpper(r.name[:1])+r.name[1:])
	}
	for _, bin := range h.Distribution.Bins {
		fmt.Fprintf(&b, " %s to %s: %s.", multiple(bin.From), multiple(bin.To), figure.Count(bin.N))
	}
	return b.String()
}

// times writes a weight over the mean.
func (h *histogram) times(w survey.Figure) string { return multiple(w.Float() / h.mean) }

// multiple writes a ratio with three digits, below one with two.
func multiple(x float64) string {
	if x == 0 {
		return "0"
	}
	digits := 2.0
	if math.Abs(x) < 1 {
		digits = 1
	}
	return figure.Number(x, int(min(9, max(0, digits-math.Floor(math.Log10(math.Abs(x)))))))
}

// reference is a line across the bars with its name.
type reference struct {
	name   string
	at     float64 // over the mean
	dashed bool
}

// references are the mean, the median and the bounds of a trim, from the left.
func (h *histogram) references() []reference {
	median := h.Distribution.Median
	lines := []reference{{name: "mean 1", at: 1}, {"median " + h.times(median), median.Float() / h.mean, true}}
	if h.Trim != nil {
		for _, bound := range []survey.Figure{h.Trim.Lower, h.Trim.Upper} {
			if bound.Exists() {
				lines = append(lines, reference{"trimmed at " + h.times(bound), bound.Float() / h.mean, true})
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b reference) int { return cmp.Compare(a.at, b.at) })
	return lines
}

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
	// The axis of counts goes from zero over the highest bar.
	most := 0
	for _, b := range h.Distribution.Bins {
		most = max(most, b.N)
	}
	up := axis{unit: survey.RowCount, step: max(1, niceStep(float64(most)/countSteps))}
	up.high = math.Ceil(float64(most)/up.step-slack) * up.step
	left := margin + tickStyle.Width(up.label(up.high)) + 12
	lines := h.references()
	across := h.scale(lines, left+6)
	// A name goes right from its line, and over the names of all lines that it meets.
	levels := make([]int, len(lines))
	for i, r := range slices.Backward(lines) {
		for j := i + 1; j < len(lines); j++ {
			if across.at(lines[j].at) < across.at(r.at)+nameGap+valueStyle.Width(r.name)+8 {
				levels[i] = max(levels[i], levels[j]+1)
			}
		}
	}
	h.y += nameHeight*float64(slices.Max(levels)+1) + 10
	up.right, up.left = h.y, h.y+histogramHeight
	for _, t := range up.ticks() {
		h.Line(draw.Pt(left, up.at(t)), draw.Pt(h.right(), up.at(t)), gridGrey, 1)
		h.Write(draw.Pt(left-10, up.at(t)+5), draw.End, tickStyle, up.label(t))
	}
	for _, b := range h.Distribution.Bins {
		from, to := across.at(b.From), across.at(b.To)
		if b.To == b.From { // all weights are the same
			from, to = from-20, to+20
		}
		bar := draw.Rectangle(from, up.at(float64(b.N)), to, up.left, h.colour(0))
		bar.Stroke, bar.Width = draw.White, 1.5
		h.Add(bar)
	}
	for i, r := range lines {
		x, y := across.at(r.at), h.y-6-nameHeight*float64(levels[i])
		h.Line(draw.Pt(x, h.y), draw.Pt(x, up.left), draw.White, 4) // where bars are dark
		h.Add(draw.Shape{Points: []draw.Point{draw.Pt(x, y-11), draw.Pt(x, up.left)}, Stroke: ink, Width: 2, Dashed: r.dashed})
		h.Write(draw.Pt(x+nameGap, y), draw.Start, valueStyle, r.name)
	}
	h.y = up.left
	h.Line(draw.Pt(left, h.y), draw.Pt(h.right(), h.y), midGrey, 1.5)
	h.y += 24
	for _, t := range across.ticks() {
		step := across.step
		if across.log {
			step = t
		}
		words := figure.Number(t, places(survey.RowMean, step))
		h.Line(draw.Pt(across.at(t), h.y-24), draw.Pt(across.at(t), h.y-18), midGrey, 1.5)
		h.Write(draw.Pt(across.at(t), h.y), draw.Middle, tickStyle, words)
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
			a.right = min(a.right, left+(h.right()-nameGap-valueStyle.Width(r.name)-left)/part)
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
