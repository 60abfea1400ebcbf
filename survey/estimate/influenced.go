package estimate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Rows marks the rows of the sample's domains.
func (s *Sample) Rows() []bool {
	cell := s.domain()
	in := make([]bool, len(cell))
	for i, d := range cell {
		in[i] = d >= 0
	}
	return in
}

// Base describes the rows that belong: counts, weights and degrees of freedom.
func (s *Sample) Base(belongs func(row int) bool) engine.Base {
	var b engine.Base
	var square float64
	for i, w := range s.frame.ByRow.Weights {
		if w != 0 && belongs(i) {
			b.N++
			b.NWeighted += w
			square += w * w
		}
	}
	if square > 0 {
		b.NEffective = b.NWeighted * b.NWeighted / square
	}
	b.DF = s.frame.DF(belongs)
	b.Certain = s.frame.Certain(belongs)
	return b
}

// Influenced is the record of a figure that a fitted model gives: its value
// with the rows' influences on it (weights included) or, with replicate
// weights, its value under each. A share (0–1) has an interval by the sample's
// method, any other figure a t interval; base are its rows.
func (s *Sample) Influenced(base engine.Base, share bool, value float64, influences []float64) survey.Estimate {
	r := Blank(s.level)
	if !setBase(&r, base) {
		return r
	}
	var deviations []float64
	size := math.Sqrt(stats.Dot(influences, influences))
	if s.frame.Replicates != nil {
		deviations = s.frame.Replicates.Deviations(influences, value)
		setLeftOut(&r, stats.NotFinite(influences))
	} else {
		deviations = s.frame.Deviations(influences)
	}
	const rounding = 1e-12
	se := known(standardError(deviations), rounding*math.Abs(value), base.DF)
	fitted := s.frame.Calibrated() && size > rounding*math.Abs(value)
	if se == 0 && (base.Certain || fitted) {
		Ask{Share: share, Method: s.interval}.setCertain(&r, value)
		return r
	}
	if share {
		setProportion(&r, value, se, math.NaN(), s.interval)
		return r
	}
	setLimits(&r, value, se, Linear)
	return r
}

// InfluencedCoefficient is Influenced for a coefficient of a fitted model, on
// the scale of its link: with t and a two-sided p by df degrees of freedom; rows
// counts those of the model. A value of NaN is flagged as
// not estimable.
func (s *Sample) InfluencedCoefficient(term string, rows int, df, value float64, influences []float64) Coefficient {
	c := Coefficient{Term: term, N: rows, Flags: []string{}}
	if math.IsNaN(value) {
		c.Flags = append(c.Flags, survey.FlagNotEstimable)
		return c
	}
	c.Value, c.DF = survey.FigureOf(value), survey.FigureOf(df)
	if s.frame.Replicates != nil {
		c.test(standardError(s.frame.Replicates.Deviations(influences, value)))
	} else {
		c.test(standardError(s.frame.Deviations(influences)))
	}
	return c
}
