package chart_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"surveykit/reports/chart"
	"surveykit/reports/chart/draw"
	"surveykit/survey"
)

// weighted are diagnostics of log-normal weights of some spread, with bins of
// equal width or, where log is set, of equal ratio.
func weighted(spread float64, log bool) *survey.WeightingReport {
	r := rand.New(rand.NewPCG(1, 2))
	w := make([]float64, 4000)
	for i := range w {
		w[i] = math.Exp(spread * r.NormFloat64())
	}
	slices.Sort(w)
	var sum, squares float64
	for _, x := range w {
		sum, squares = sum+x, squares+x*x
	}
	n := float64(len(w))
	out := &survey.WeightingReport{Sum: sum, KishDeff: n * squares / sum / sum, NEffective: sum * sum / squares,
		Distribution: survey.WeightDistribution{N: len(w), Min: survey.FigureOf(w[0]), Median: survey.FigureOf(w[2000]), Max: survey.FigureOf(w[3999])}}
	place, back := func(x float64) float64 { return x }, func(x float64) float64 { return x }
	if log {
		place, back = math.Log, math.Exp
	}
	low, high := place(w[0]*n/sum), place(w[3999]*n/sum)
	for k := range 12 {
		from, to := back(low+(high-low)*float64(k)/12), back(low+(high-low)*float64(k+1)/12)
		b := survey.WeightBin{From: from, To: to}
		for _, x := range w {
			if x *= n / sum; x >= from && (x < to || k == 11) {
				b.N++
			}
		}
		out.Distribution.Bins = append(out.Distribution.Bins, b)
	}
	return out
}

// wideWeights differ by far and were trimmed.
func wideWeights() *survey.WeightingReport {
	w := weighted(0.9, true)
	w.Distribution.Zero = 12
	w.Trim = &survey.WeightBounds{Lower: survey.Figure{}, Upper: w.Distribution.Max}
	return w
}

// equalWeights have one bin without width.
func equalWeights() *survey.WeightingReport {
	return &survey.WeightingReport{Sum: 500, KishDeff: 1, NEffective: 250, Distribution: survey.WeightDistribution{
		N: 250, Min: survey.FigureOf(2), Median: survey.FigureOf(2), Max: survey.FigureOf(2), Bins: []survey.WeightBin{{From: 1, To: 1, N: 250}}}}
}

func drawWeights(w *survey.WeightingReport) func(chart.Options) (*draw.Picture, error) {
	return func(o chart.Options) (*draw.Picture, error) { return chart.Weights(w, o) }
}

func TestWeightsSayWhatTheyCost(t *testing.T) {
	p, err := chart.Weights(equalWeights(), chart.Options{})
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	want := "Histogram of weights. Design effect 1.00: 250 rows are worth 250 with equal weights. Mean 1. Median 1.00. 1.00 to 1.00: 250."
	if got := parse(t, drawn).Desc; got != want {
		t.Errorf("drawn: %s", got)
	}
	if _, err := chart.Weights(&survey.WeightingReport{}, chart.Options{}); err == nil || !strings.Contains(err.Error(), "no weights") {
		t.Errorf("no weights: %v", err)
	}
}
