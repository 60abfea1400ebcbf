package drivers

import (
	"math"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// The statistics of a driver's effects.
const (
	coefficient = "coefficient"
	oddsRatio   = "odds_ratio"
)

// effects are the records of a driver's coefficients; the category is a
// factor's level.
func (m *model) effects(j int, all []estimate.Coefficient) []survey.Estimate {
	var out []survey.Estimate
	for _, c := range m.groups[j] {
		r := m.effect(all[c+1])
		r.Variable = m.items[j].Variable.Name
		if isFactor(m.items[j]) {
			r.Category = strings.TrimPrefix(all[c+1].Term, m.matrix.Terms[j+1].Name)
		}
		out = append(out, r)
	}
	return out
}

// effect is b with t limits, or with a binomial family exp(b) with limits
// exp(b ± t·se) and the standard error exp(b)·se.
func (m *model) effect(c estimate.Coefficient) survey.Estimate {
	r := estimate.Blank(m.sample.Level())
	r.Flags = slices.Clone(c.Flags)
	r.N, r.NWeighted, r.NEffective, r.DF = c.N, survey.FigureOf(m.base.NWeighted), survey.FigureOf(m.base.NEffective), c.DF
	r.Value, r.SE, r.T, r.P = c.Value, c.SE, c.T, c.P
	limits := stats.MeanLimits
	r.Statistic, r.Interval = coefficient, survey.IntervalMean
	if !m.linear() {
		limits = stats.LogLimits
		r.Statistic, r.Interval = oddsRatio, "log"
		r.Value = survey.FigureOf(math.Exp(c.Value.Float()))
		r.SE = survey.FigureOf(r.SE.Float() * r.Value.Float())
	}
	low, high := limits(r.Value.Float(), r.SE.Float(), r.DF.Float(), m.sample.Level())
	r.Low, r.High = survey.FigureOf(low), survey.FigureOf(high)
	return r
}
