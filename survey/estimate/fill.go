package estimate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Blank is a record in which no figure exists yet.
func Blank(level float64) survey.Estimate {
	return survey.Estimate{Level: survey.FigureOf(level), Group: survey.Group{}, GroupCodes: survey.Group{}, Flags: []string{}}
}

// Ask is one figure asked of totals: a function of some of them, with the
// totals of its rows.
type Ask struct {
	Function  engine.Function
	Arguments [][]int
	// Share marks a proportion, whose interval is by the method named.
	Share  bool
	Method *stats.IntervalMethod
	// Scale is the scale of any other figure's interval.
	Scale Scale
	// Test marks a comparison: its distance from zero is tested.
	Test bool
	// Edge gives the limits of a figure that is a share in disguise where the
	// sample shows one value; nil for any other figure.
	Edge Edge
	// Shares are the two sides of a difference of shares, whose test is another at
	// an edge; nil for any other figure.
	Shares *Shares
}

// Edge gives, from the arguments of a figure, its limits where the sample shows
// nobody of a kind, whose share may be as large as none; ok is false where the
// figure is not at an edge.
type Edge func(arguments []float64, none float64) (low, high float64, ok bool)

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
	setLeftOut(r, totals.LeftOut(a.Function, a.Arguments))
	se := known(standardError(deviations), a.rounding(totals, value), base.DF)
	switch {
	case se == 0 && (base.Certain || totals.Fitted(a.Function, a.Arguments)):
		a.setCertain(r, value)
	case a.Shares != nil && a.setShares(r, totals, value, base.DF):
		return deviations
	case a.Share:
		setProportion(r, value, se, a.logitSE(totals, value), a.Method)
	case se == 0 && a.setEdge(r, totals, value):
	default:
		setLimits(r, value, se, a.Scale)
	}
	if a.Test {
		setTest(r)
	}
	return deviations
}

// rounding is what the deviations of a figure without variance may still have.
func (a Ask) rounding(totals *engine.Totals, value float64) float64 {
	const ofTotals, ofEstimates = 1e-12, 1e-14
	size, at := 0.0, totals.Arguments(a.Arguments)
	for k, g := range a.Function.Gradient(at) {
		size += math.Abs(g * at[k])
	}
	if totals.Replicated() {
		return ofTotals*size + ofEstimates*math.Abs(value)
	}
	return ofTotals * size
}

// known is a standard error, 0 where it is only rounding, and then NaN where
// that is for want of a spread: rows of a single PSU, or a single row, say
// nothing about what others would have said.
func known(se, rounding, df float64) float64 {
	switch {
	case !(se <= rounding):
		return se
	case df <= 0:
		return math.NaN()
	}
	return 0
}

// setCertain fills in a figure that has no variance, and rightly: its strata
// were taken whole, or the weights are fitted to it.
func (a Ask) setCertain(r *survey.Estimate, value float64) {
	value = a.Scale.within(value)
	r.Value, r.SE, r.Low, r.High = survey.FigureOf(value), survey.FigureOf(0), survey.FigureOf(value), survey.FigureOf(value)
	if r.Interval = survey.IntervalMean; a.Share {
		r.Interval = a.Method.Name
	}
}

// setEdge fills in a share in disguise of which the sample shows one value, with
// Korn and Graubard's limits of the share that nobody has.
func (a Ask) setEdge(r *survey.Estimate, totals *engine.Totals, value float64) (ok bool) {
	if a.Edge == nil {
		return false
	}
	nobody := stats.Proportion{N: float64(r.N), DF: r.DF.Float(), Level: r.Level.Float()}
	_, none, used := nobody.Interval(stats.BetaInterval)
	low, high, ok := a.Edge(totals.Arguments(a.Arguments), none)
	if !ok {
		return false
	}
	r.Value, r.SE = survey.FigureOf(math.Min(high, math.Max(low, value))), survey.FigureOf(0)
	r.Low, r.High, r.Interval = survey.FigureOf(low), survey.FigureOf(high), used.Name
	r.Flag(survey.FlagEdge)
	return true
}

// setLeftOut records how many replicates the variance does not count.
func setLeftOut(r *survey.Estimate, replicates int) {
	if r.LeftOut = replicates; replicates > 0 {
		r.Flag(survey.FlagLeftOut)
	}
}

// logitSE is the standard error on the logit scale where replicates give it
// one of its own; NaN where it follows from the proportion's.
func (a Ask) logitSE(totals *engine.Totals, p float64) float64 {
	if a.Method != stats.Logit || !totals.Replicated() || p <= 0 || p >= 1 {
		return math.NaN()
	}
	if totals.LeftOut(logit, a.Arguments) > 0 {
		return math.NaN() // a replicate at 0 or 1 has no logit
	}
	return standardError(totals.Deviations(logit, a.Arguments))
}

// setBase fills in who is behind a record; ok is false where nobody is.
func setBase(e *survey.Estimate, b engine.Base) (ok bool) {
	e.N = b.N
	e.NWeighted = survey.FigureOf(b.NWeighted)
	if b.N == 0 {
		e.Flags = append(e.Flags, survey.FlagNoRows)
		return false
	}
	e.NEffective = survey.FigureOf(b.NEffective)
	e.DF = survey.FigureOf(b.DF)
	if b.N == 1 {
		e.Flags = append(e.Flags, survey.FlagOneRow)
	}
	switch {
	case b.DFUnknown:
		e.DF = survey.Figure{}
		e.Flags = append(e.Flags, survey.FlagDFUnknown)
	case b.DF <= 0:
		e.Flags = append(e.Flags, survey.FlagNoDF)
	}
	return true
}

// setLimits fills in estimate, standard error and a t interval. Where the
// gradient does not exist, as that of a standard deviation of zero, neither
// does the standard error. Where that is 0 nothing is known of how far other
// samples would differ, and there is no interval.
func setLimits(e *survey.Estimate, value, se float64, scale Scale) {
	value = scale.within(value)
	e.Value, e.SE = survey.FigureOf(value), survey.FigureOf(se)
	if !e.SE.Exists() {
		e.SE = survey.Figure{}
		if e.DF.Float() > 0 {
			e.Flag(survey.FlagNoVariance)
		}
		return
	}
	low, high, method := scale.limits(value, se, e.DF.Float(), e.Level.Float())
	e.Low, e.High, e.Interval = survey.FigureOf(low), survey.FigureOf(high), method
	if se == 0 {
		withoutVariance(e)
	}
}

// setTest fills in t and its two-sided p for a record with its limits set.
func setTest(e *survey.Estimate) {
	value, se, df := e.Value.Float(), e.SE.Float(), e.DF.Float()
	switch {
	case df <= 0:
	case !(se > 0):
		e.Flag(survey.FlagNoVariance)
	default:
		e.T = survey.FigureOf(value / se)
		e.P = survey.FigureOf(stats.TTwoSided(math.Abs(value/se), df))
	}
}

// setProportion fills in estimate, standard error and interval of a proportion.
func setProportion(r *survey.Estimate, p, se, logitSE float64, method *stats.IntervalMethod) {
	p = math.Min(1, math.Max(0, p))
	if p == 0 || p == 1 {
		se = known(0, p, r.DF.Float())
		r.Flags = append(r.Flags, survey.FlagEdge)
	}
	r.Value, r.SE = survey.FigureOf(p), survey.FigureOf(se)
	in := stats.Proportion{P: p, SE: se, LogitSE: logitSE, N: float64(r.N), DF: r.DF.Float(), Level: r.Level.Float()}
	low, high, used := in.Interval(method)
	r.Low, r.High, r.Interval = survey.FigureOf(low), survey.FigureOf(high), used.Name
	switch {
	case low < 0 || high > 1:
		r.Flag(survey.FlagBeyond)
	case se == 0 && low == high:
		withoutVariance(r)
	case !r.SE.Exists() && r.DF.Float() > 0:
		r.Flag(survey.FlagNoVariance)
	}
}

// withoutVariance takes the limits from a figure whose standard error is 0.
func withoutVariance(r *survey.Estimate) {
	r.Low, r.High = survey.Figure{}, survey.Figure{}
	r.Flag(survey.FlagNoVariance)
}

// standardError is the length of a vector of deviations.
func standardError(deviations []float64) float64 {
	return math.Sqrt(stats.Dot(deviations, deviations))
}

// Scale says on which scale the t interval of a figure is symmetric.
type Scale string

// The scales. A figure that the scale has no place for (the logarithm of zero,
// a correlation of 1) keeps the linear interval; the record's ci_method says which.
const (
	// Linear is value ± t·se.
	Linear Scale = ""
	// Logarithmic is exp(ln value ± t·se/value), for what cannot fall under zero.
	Logarithmic Scale = "log"
	// Fisher is tanh(atanh r ± t·se/(1−r²)), for a correlation in (−1, 1).
	// Source: Fisher 1921.
	Fisher Scale = "fisher"
	// Bounded is value ± t·se cut at −1 and 1, for a difference of two shares.
	Bounded Scale = "bounded"
)

// within takes a figure that rounding put beyond the scale's ends for the end.
func (s Scale) within(value float64) float64 {
	if s == Fisher || s == Bounded {
		return math.Max(-1, math.Min(1, value))
	}
	return value
}

// limits returns the interval and the name of the method that gave it.
func (s Scale) limits(value, se, df, level float64) (low, high float64, method string) {
	low, high = stats.MeanLimits(value, se, df, level)
	switch {
	case s == Logarithmic && value > 0:
		low, high = stats.LogLimits(value, se, df, level)
	case s == Fisher && math.Abs(value) < 1:
		low, high = stats.MeanLimits(math.Atanh(value), se/(1-value*value), df, level)
		low, high = math.Tanh(low), math.Tanh(high)
	case s == Bounded || s == Fisher:
		return s.within(low), s.within(high), survey.IntervalMean
	default:
		return low, high, survey.IntervalMean
	}
	return low, high, string(s)
}
