package estimate

import (
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// ShareTotals are the totals of one side of a comparison of two shares: those
// that are counted, those that the share is of, and the rows of the base. Under
// and Base are the same unless the share is of responses.
type ShareTotals struct {
	Count, Under, Base []int
	// Less are the totals of the people who are taken out of the side, such as
	// those of a column out of everybody's; nil where nobody is.
	Less *ShareTotals
}

// Shares is the comparison of two shares of totals, To − From, where nobody is
// on both sides. Whoever compares shares asks its Pair whether they are at or
// near an edge: there the t test of the difference does not hold, and the
// pair's own test and limits take its place.
type Shares struct {
	From, To ShareTotals
}

// Pair reads the shares, with the variances that their test needs; df are the
// degrees of freedom of the rows of both sides.
func (s Shares) Pair(t *engine.Totals, df float64) stats.SharePair {
	from, n := s.From.side(t)
	to, m := s.To.side(t)
	p := stats.SharePair{From: from, To: to, N: n + m, DF: df}
	if e := p.Edge(); e != stats.AtEdge && e != stats.NearEdge {
		return p
	}
	before, after := s.From.deviations(t), s.To.deviations(t)
	p.From.Variance, p.To.Variance = stats.Dot(before, before), stats.Dot(after, after)
	p.Variance = p.From.Variance + p.To.Variance - 2*stats.Dot(before, after)
	return p
}

// nothing is how small a difference of two sums may be, as a part of them, to
// count as what rounding leaves of nobody.
const nothing = 1e-12

// side reads a share, but for its variance, and the rows of its base.
func (s ShareTotals) side(t *engine.Totals) (side stats.ShareSide, n float64) {
	all := t.Arguments([][]int{s.Count, s.Under})
	count, under := all[0], all[1]
	rows, weight, square := t.Weights(s.Base)
	if s.Less != nil {
		out := t.Arguments([][]int{s.Less.Count, s.Less.Under})
		count, under = count-out[0], under-out[1]
		r, w, w2 := t.Weights(s.Less.Base)
		rows, weight, square = rows-r, weight-w, square-w2
	}
	side = stats.ShareSide{Share: count / under, Effective: weight * weight / square}
	switch {
	case count <= nothing*all[0]:
		side.Share = 0
	case under-count <= nothing*all[1]:
		side.Share = 1
	}
	return side, float64(rows)
}

func (s ShareTotals) deviations(t *engine.Totals) []float64 {
	if s.Less == nil {
		return t.Deviations(ratio, [][]int{s.Count, s.Under})
	}
	return t.Deviations(ratioOfRest, [][]int{s.Count, s.Under, s.Less.Count, s.Less.Under})
}

// ratioOfRest is (t0 − t2)/(t1 − t3).
var ratioOfRest = engine.Function{
	Value: func(t []float64) float64 { return (t[0] - t[2]) / (t[1] - t[3]) },
	Gradient: func(t []float64) []float64 {
		rest := t[1] - t[3]
		a, b := 1/rest, -(t[0]-t[2])/(rest*rest)
		return []float64{a, b, -a, -b}
	},
}

// setShares fills in the difference of two shares at or near an edge, with
// limits and a p-value but without a standard error; nothing but the difference
// where both are at the same edge. It is false where neither is near an edge.
func (a Ask) setShares(e *survey.Estimate, t *engine.Totals, value, df float64) bool {
	p := a.Shares.Pair(t, df)
	switch {
	case p.Edge() == stats.Inside:
		return false
	case p.Edge() == stats.SameEdge:
		e.Value = survey.FigureOf(0)
		e.Flag(survey.FlagNoVariance)
		return true
	}
	if e.Value = survey.FigureOf(value); !(df > 0) {
		return true // flagged with the base
	}
	low, high := p.Limits(e.Level.Float())
	if d := p.To.Share - p.From.Share; d != 0 {
		// A part less its whole is the part less the rest, times the share of the rest.
		low, high = low*value/d, high*value/d
	}
	e.P, e.Low, e.High, e.Interval = survey.FigureOf(p.P()), survey.FigureOf(low), survey.FigureOf(high), stats.Newcombe
	e.Flag(survey.FlagEdgeTest)
	if !e.P.Exists() {
		e.Flag(survey.FlagNoVariance)
	}
	return true
}
