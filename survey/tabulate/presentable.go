package tabulate

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/quality"
)

// standardNCHS replaces the minimum base by the NCHS presentation standards.
const standardNCHS = "nchs"

// presentable returns the flags of a figure by the study's standard; n is the
// base that the house rules look at.
func (x *crossing) presentable(r *survey.Estimate, l line, c column, n int) []string {
	q := x.Study.Quality
	if q.Standard == standardNCHS {
		parts := x.parts(l, c)
		for _, part := range parts {
			if slices.Contains(part.Flags, survey.FlagSuppressed) {
				return hiding(part.Flags)
			}
		}
		if len(parts) > 0 {
			return quality.House(n, q.Limits())
		}
		switch l.Kind {
		case survey.RowShare, survey.RowNet:
			return nchsShare(*r, x.options.Level)
		case survey.RowTotal:
			effective := x.totals.Base(x.at(l.count, c.point)).NEffective
			return quality.Count(float64(r.Value), float64(r.SE), effective, x.options.Level)
		}
	}
	return quality.House(n, q.Limits())
}

// parts are the figures that a figure holds against each other: the sides of a
// change or a trend, the two shares of a gap or a ratio, the share under an index
// number and everybody's. A figure that compares one which is not shown would
// give it away.
func (x *crossing) parts(l line, c column) (out []survey.Estimate) {
	share := proportion(l.variable, l.category, l.count, l.base)
	other := proportion(l.variable, l.category, l.otherCount, l.otherBase)
	switch {
	case c.between != nil && l.sample == nil:
		for _, side := range c.between.sides {
			out = append(out, x.side(l, side))
		}
	case l.Kind == survey.RowGap:
		other.base = l.base
		fallthrough
	case l.Kind == survey.RowRatio:
		out = append(out, x.estimate(share, c), x.estimate(other, c))
	case l.shows == survey.AsIndex:
		out = append(out, x.estimate(share, c), x.estimate(share, column{point: everybody}))
	}
	return out
}

// hiding are the flags that hide a figure and say why.
func hiding(flags []string) []string {
	return slices.DeleteFunc(slices.Clone(flags), func(flag string) bool {
		return flag != survey.FlagSuppressed && flag != survey.FlagUnreliable
	})
}

// side is a line's figure over the people of some points.
func (x *crossing) side(l line, points []int) survey.Estimate {
	first := column{point: points[0]}
	if len(points) == 1 {
		return x.estimate(l, first)
	}
	r, ask := estimate.Blank(x.options.Level), x.ask(l, points[0])
	var base []int
	for _, p := range points {
		base = append(base, x.at(l.base, p)...)
	}
	for _, p := range points[1:] {
		for k, js := range x.ask(l, p).Arguments {
			ask.Arguments[k] = append(ask.Arguments[k], js...)
		}
	}
	b := x.totals.Base(base)
	b.N = x.people(base)
	ask.Fill(&r, x.totals, b)
	r.Flags = append(r.Flags, x.presentable(&r, l, first, r.N)...)
	return r
}

// nchsShare returns the flags of a share under the NCHS standards.
func nchsShare(r survey.Estimate, level float64) []string {
	return quality.Proportion(stats.Proportion{P: float64(r.Value), SE: float64(r.SE), LogitSE: math.NaN(), N: float64(r.N), DF: float64(r.DF), Level: level})
}
