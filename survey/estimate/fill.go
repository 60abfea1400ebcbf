package estimate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Blank is a record in which no figure exists yet.
func Blank(level float64) survey.Estimate {
	none := survey.NoFigure()
	return survey.Estimate{
		Quantile: none, Value: none, SE: none, Low: none, High: none, Level: survey.Figure(level),
		DF: none, NWeighted: none, NEffective: none, Deff: none, T: none, P: none,
		Group: survey.Group{}, GroupCodes: survey.Group{}, Flags: []string{},
	}
}

// Ask is one figure asked of totals: a function of some of them, with the
// totals of the rows behind it.
type Ask struct {
	Function  engine.Function
	Arguments [][]int
	// Share marks a proportion, whose interval is by the method named.
	Share  bool
	Method stats.IntervalMethod
	// Scale is the scale of any other figure's interval.
	Scale Scale
	// Test marks a comparison: its distance from zero is tested.
	Test bool
}

// Fill computes the figure into a record whose level is set: value, standard
// error, interval, degrees of freedom, bases, test and flags. It returns the
// deviations of the figure, with which it can be compared with others of the
// same totals; nil where there is no figure.
func (a Ask) Fill(r *survey.Estimate, totals *engine.Totals, base engine.Base) (deviations []float64) {
	if !setBase(r, base) {
		return nil
	}
	value := totals.At(a.Function, a.Arguments)
	if math.IsNaN(value) || math.IsInf(value, 0) {
		r.Flags = append(r.Flags, survey.FlagZeroDivisor)
		return nil
	}
	deviations = totals.Deviations(a.Function, a.Arguments)
	se := known(standardError(deviations), value, base.DF)
	if a.Share {
		setProportion(r, value, se, a.logitSE(totals, value), a.Method)
		return deviations
	}
	setLimits(r, value, se, a.Scale)
	if a.Test {
		setTest(r)
	}
	return deviations
}

// known is a standard error, or NaN where it is zero for want of a spread: rows
// of a single PSU, or a single row, say nothing about what others would have said.
func known(se, value, df float64) float64 {
	const rounding = 1e-12
	if df <= 0 && se <= rounding*math.Abs(value) {
		return math.NaN()
	}
	return se
}

// logitSE is the standard error on the logit scale where replicates give it
// one of its own; NaN where it follows from the proportion's.
func (a Ask) logitSE(totals *engine.Totals, p float64) float64 {
	if a.Method != stats.Logit || !totals.Replicated() || p <= 0 || p >= 1 {
		return math.NaN()
	}
	return standardError(totals.Deviations(logit, a.Arguments))
}

// setBase fills in who is behind a record; ok is false where nobody is.
func setBase(e *survey.Estimate, b engine.Base) (ok bool) {
	e.N = b.N
	e.NWeighted = survey.Figure(b.NWeighted)
	if b.N == 0 {
		e.Flags = append(e.Flags, survey.FlagNoRows)
		return false
	}
	e.NEffective = survey.Figure(b.NEffective)
	e.DF = survey.Figure(b.DF)
	if b.N == 1 {
		e.Flags = append(e.Flags, survey.FlagOneRow)
	}
	if b.DF <= 0 {
		e.Flags = append(e.Flags, survey.FlagNoDF)
	}
	return true
}

// setLimits fills in estimate, standard error and a t interval. Where the
// gradient does not exist, as that of a standard deviation of zero, neither
// does the standard error.
func setLimits(e *survey.Estimate, value, se float64, scale Scale) {
	value = scale.within(value)
	e.Value, e.SE = survey.Figure(value), survey.Figure(se)
	if !e.SE.Exists() {
		e.SE = survey.NoFigure()
		if e.DF > 0 {
			e.Flags = append(e.Flags, survey.FlagNoVariance)
		}
		return
	}
	low, high, method := scale.limits(value, se, float64(e.DF), float64(e.Level))
	e.Low, e.High, e.Interval = survey.Figure(low), survey.Figure(high), method
}

// setTest fills in t and its two-sided p for a record with its limits set.
func setTest(e *survey.Estimate) {
	value, se, df := float64(e.Value), float64(e.SE), float64(e.DF)
	switch {
	case df <= 0:
	case se == 0:
		e.Flags = append(e.Flags, survey.FlagNoVariance)
	default:
		e.T = survey.Figure(value / se)
		e.P = survey.Figure(stats.TTwoSided(math.Abs(value/se), df))
	}
}

// setProportion fills in estimate, standard error and interval of a proportion.
func setProportion(r *survey.Estimate, p, se, logitSE float64, method stats.IntervalMethod) {
	p = math.Min(1, math.Max(0, p))
	if p == 0 || p == 1 {
		se = known(0, p, float64(r.DF))
		r.Flags = append(r.Flags, survey.FlagEdge)
	}
	r.Value, r.SE = survey.Figure(p), survey.Figure(se)
	in := stats.Proportion{P: p, SE: se, LogitSE: logitSE, N: float64(r.N), DF: float64(r.DF), Level: float64(r.Level)}
	low, high, used := in.Interval(method)
	r.Low, r.High, r.Interval = survey.Figure(low), survey.Figure(high), string(used)
	if low < 0 || high > 1 {
		r.Flags = append(r.Flags, survey.FlagBeyond)
	}
}

// standardError is the length of a vector of deviations.
func standardError(deviations []float64) float64 {
	return math.Sqrt(stats.Dot(deviations, deviations))
}
