package estimate

import (
	"surveykit/stats"
	"surveykit/survey"
)

// Adjustment corrects p-values for the number of tests in their family.
type Adjustment string

// The corrections; see stats.Bonferroni, stats.Holm and stats.BenjaminiHochberg.
const (
	NoAdjustment Adjustment = "none"
	ByBonferroni Adjustment = "bonferroni"
	ByHolm       Adjustment = "holm"
	ByBH         Adjustment = "bh"
)

// Adjustments lists the corrections.
var Adjustments = []Adjustment{NoAdjustment, ByBonferroni, ByHolm, ByBH}

// AdjustComparisons fills in the adjusted p of comparisons that are one family.
// A comparison without p does not count in it.
func (a Adjustment) AdjustComparisons(family []DifferenceRecord) {
	for i, p := range a.adjust(len(family), func(i int) survey.Figure { return family[i].P }) {
		family[i].Adjusted = survey.Figure(p)
	}
}

// AdjustTests fills in the adjusted p of tests that are one family.
func (a Adjustment) AdjustTests(family []TestRecord) {
	for i, p := range a.adjust(len(family), func(i int) survey.Figure { return family[i].P }) {
		family[i].Adjusted = survey.Figure(p)
	}
}

// adjust returns n adjusted p-values, none without an adjustment.
func (a Adjustment) adjust(n int, p func(i int) survey.Figure) []float64 {
	ps := make([]float64, n)
	for i := range ps {
		ps[i] = float64(p(i))
	}
	switch a {
	case ByBonferroni:
		return stats.Bonferroni(ps)
	case ByHolm:
		return stats.Holm(ps)
	case ByBH:
		return stats.BenjaminiHochberg(ps)
	}
	return nil
}
