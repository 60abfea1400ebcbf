package tabulate

import (
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// crossing is a block under a banner with the totals of both.
type crossing struct {
	*Maker
	block  block
	banner banner
	totals *engine.Totals
	bases  map[baseKey]engine.Base
}

// baseKey names the base of a line under a column: where its cells start, and the points.
type baseKey struct{ cell, cells, point, from int }

// cells estimates every line of a block under every column.
func (m *Maker) cells(b block, under banner) [][]survey.Cell {
	x := crossing{Maker: m, block: b, banner: under, bases: map[baseKey]engine.Base{}}
	x.totals = m.Frame.Totals(engine.Query{Cell: b.cell, Cells: b.cells, Terms: b.terms(under.terms)})
	out := make([][]survey.Cell, len(b.lines))
	for r, l := range b.lines {
		out[r] = make([]survey.Cell, len(under.columns))
		for c, col := range under.columns {
			out[r][c].Estimate = x.estimate(l, col)
		}
	}
	return out
}

func (x *crossing) estimate(l line, c column) survey.Estimate {
	r := estimate.Blank(x.Level)
	r.Statistic, r.Variable, r.Category, r.Code = l.statistic, l.variable, l.category, l.code
	r.Group = append(append(r.Group, l.labels...), c.labels...)
	r.GroupCodes = append(append(r.GroupCodes, l.group...), c.group...)
	ask := x.ask(l, c.point)
	if c.Change {
		before := x.ask(l, c.from)
		ask = estimate.Ask{Function: estimate.Change(ask.Function), Arguments: append(ask.Arguments, before.Arguments...), Test: true}
	}
	ask.Fill(&r, x.totals, x.base(l, c))
	x.flag(&r, l, c)
	return r
}

// ask is the function of totals that a line estimates at a point.
func (x *crossing) ask(l line, point int) estimate.Ask {
	switch {
	case l.Kind == survey.RowMean:
		return estimate.Ask{Function: estimate.Shifted(x.block.centre), Arguments: x.answers(l, point)}
	case l.Kind == survey.RowTotal:
		return estimate.Ask{Function: estimate.ShiftedTotal(x.block.centre), Arguments: x.answers(l, point)}
	case l.Kind == survey.RowRatio:
		arguments := [][]int{x.at(l.count, point), x.at(l.base, point), x.at(l.otherCount, point), x.at(l.otherBase, point)}
		return estimate.Ask{Function: estimate.RelativeLikelihood.Function, Arguments: arguments}
	}
	return estimate.Ask{
		Function: estimate.Proportion.Function, Arguments: [][]int{x.at(l.count, point), x.at(l.base, point)},
		Share: true, Method: stats.Logit,
	}
}

// answers are the totals of the answer and of 1.
func (x *crossing) answers(l line, point int) [][]int {
	return [][]int{x.at(l.count, x.banner.points+point), x.at(l.count, point)}
}

func (x *crossing) at(cells []int, term int) []int {
	js := make([]int, len(cells))
	for k, c := range cells {
		js[k] = x.totals.Index(c, term)
	}
	return js
}

func (x *crossing) base(l line, c column) engine.Base {
	key := baseKey{l.base[0], len(l.base), c.point, c.from}
	if b, ok := x.bases[key]; ok {
		return b
	}
	js := x.at(l.base, c.point)
	if c.Change {
		js = append(js, x.at(l.base, c.from)...)
	}
	b := x.totals.Base(js)
	x.bases[key] = b
	return b
}

// flag marks figures on small bases; a change is as good as the smaller of
// its two bases.
func (x *crossing) flag(r *survey.Estimate, l line, c column) {
	n := r.N
	if c.Change {
		to := x.totals.Base(x.at(l.base, c.point)).N
		n = min(to, n-to)
	}
	switch rules := x.Study.Quality.Rules(); {
	case n < rules.Minimum:
		r.Flags = append(r.Flags, survey.FlagSuppressed)
	case n < rules.Caution:
		r.Flags = append(r.Flags, survey.FlagLowBase)
	}
}
