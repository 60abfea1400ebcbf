package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// Weights draws how weights are distributed: a bar for each bin, with lines at
// their mean and median and at the bounds of a trim. Weights are in multiples
// of their mean; bins that grow stand on a logarithmic axis. The subtitle says
// what weighting costs: Kish's design effect n Σw²/(Σw)², and to how many rows
// of equal weights the n rows come. Rows of weight 0 are told, not drawn.
//
// The error is a survey.Problem where there are no weights.
func Weights(w *survey.Weighting, o Options) (*Picture, error) {
	if w.Distribution.N == 0 || len(w.Distribution.Bins) == 0 {
		return nil, survey.Problem{Message: "there are no weights to draw", Remedy: "weight a sample that has a row at least"}
	}
	l, faults := newLook(o.Theme)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	h := &histogram{Weighting: w, sheet: sheet{options: o, look: l}, mean: w.Sum / float64(w.Distribution.N)}
	h.head(h.title(), h.cost(), h.facts())
	h.draw()
	h.foot(nil)
	return &Picture{scene: h.scene, id: "weights", title: h.title(), description: h.describe(), font: o.Theme.Font}, nil
}

// histogram is a chart of weights.
type histogram struct {
	*survey.Weighting
	sheet
	mean float64
}

func (h *histogram) title() string {
	d := h.Distribution
	if d.Min == d.Max {
		return "All weights are the same"
	}
	return "Weights run from " + h.times(d.Min) + " to " + h.times(d.Max) + " times their mean"
}

// cost says what weighting costs.
func (h *histogram) cost() string {
	return fmt.Sprintf("Design effect %s: %s rows are worth %s with equal weights",
		figure.Number(h.KishDeff, 2), figure.Count(h.Distribution.N), figure.Number(h.NEffective, 0))
}

func (h *histogram) facts() []string {
	facts := []string{"Number of rows by weight over the mean weight of " + multiple(h.mean)}
	if zero := h.Distribution.Zero; zero > 0 {
		facts = append(facts, figure.Count(zero)+" more without a weight")
	}
	return facts
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
func (h *histogram) times(w survey.Figure) string { return multiple(float64(w) / h.mean) }

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
	lines := []reference{{name: "mean 1", at: 1}, {"median " + h.times(median), float64(median) / h.mean, true}}
	if h.Trim != nil {
		for _, bound := range []survey.Figure{h.Trim.Lower, h.Trim.Upper} {
			if bound.Exists() {
				lines = append(lines, reference{"trimmed at " + h.times(bound), float64(bound) / h.mean, true})
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b reference) int { return cmp.Compare(a.at, b.at) })
	return lines
}
