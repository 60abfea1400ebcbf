package estimate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Positive is a figure that cannot fall under zero, with its deviations under a
// design: the dot product of two figures' deviations is their covariance.
type Positive struct {
	Value      float64
	Deviations []float64
}

// CombineRatios fills in θ = Σ w_k R_k of ratios R_k, as a change with the weights
// 1 and −1. Value and standard error are those of θ. The test is that of
// Σ w_k ln R_k against zero: a change is tested as the ratio of its two ratios.
// The limits are put together from those of each R_k on the log, l_k and u_k, by
//
//	θ − |Σ w_k a_k v_k|,  a_k = R_k − l_k where w_k > 0, else u_k − R_k
//	θ + |Σ w_k b_k v_k|,  b_k = u_k − R_k where w_k > 0, else R_k − l_k
//
// with v_k the deviations of R_k over their length, whose dot products are the
// correlations of the ratios. base are the rows behind any of them. Where a
// ratio is 0, or none of them varies, there is a value and the flag no_variance.
// Source: Zou & Donner 2008, section 2; Katz et al. 1978.
func CombineRatios(r *survey.Estimate, base engine.Base, weights []float64, ratios []Positive) {
	if !setBase(r, base) {
		return
	}
	value, onLog := 0.0, 0.0
	for k, x := range ratios {
		value += weights[k] * x.Value
		onLog += weights[k] * math.Log(x.Value)
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		r.Flag(survey.FlagZeroDivisor)
		return
	}
	n := len(ratios[0].Deviations)
	plain, logs, down, up := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for k, x := range ratios {
		stats.AddScaled(plain, weights[k], x.Deviations)
		stats.AddScaled(logs, weights[k]/x.Value, x.Deviations)
		se := standardError(x.Deviations)
		if se == 0 {
			continue
		}
		low, high := stats.LogLimits(x.Value, se, base.DF, r.Level.Float())
		below, above := (x.Value-low)/se, (high-x.Value)/se
		if weights[k] < 0 {
			below, above = above, below
		}
		stats.AddScaled(down, weights[k]*below, x.Deviations)
		stats.AddScaled(up, weights[k]*above, x.Deviations)
	}
	r.Value, r.SE = survey.FigureOf(value), survey.FigureOf(standardError(plain))
	se := standardError(logs)
	switch {
	case !(se > 0):
		r.SE = survey.Figure{}
		if base.DF > 0 {
			r.Flag(survey.FlagNoVariance)
		}
		return
	case base.DF <= 0:
		return
	}
	r.Low, r.High, r.Interval = survey.FigureOf(value-standardError(down)), survey.FigureOf(value+standardError(up)), string(Logarithmic)
	r.T = survey.FigureOf(onLog / se)
	r.P = survey.FigureOf(stats.TTwoSided(math.Abs(onLog/se), base.DF))
}

// LogOf is the natural logarithm of a function of totals.
func LogOf(f engine.Function) engine.Function {
	return engine.Function{
		Value: func(t []float64) float64 { return math.Log(f.Value(t)) },
		Gradient: func(t []float64) []float64 {
			value, g := f.Value(t), f.Gradient(t)
			for i := range g {
				g[i] /= value
			}
			return g
		},
	}
}
