package tabulate

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/quality"
)

// crossing is a block under a banner with the totals of both.
type crossing struct {
	*tabling
	block  block
	banner banner
	totals *engine.Totals
	// lists number the lists of cells and of points that bases and figures are made of.
	lists lists
	// bases are by the numbers of the lists of their cells and points.
	bases map[[2]int]engine.Base
	// dfs are the degrees of freedom of comparisons.
	dfs map[dfKey]float64
	// kept are the deviations of figures that may be compared.
	kept map[figureKey][]float64
	// circular is what each column shares with the answers that the block shows.
	circular []origin
	// both says which pairs of points share people, as far as it was asked.
	both map[[2]int]bool
	// apart are crossings with two points of which nobody is in both.
	apart map[[2]int]*crossing
	// samples are the points' rows, for statistics that need them.
	samples map[int]*estimate.Sample
}

// lists are lists of numbers. Equal ones are one list.
type lists struct {
	all [][]int
	// by are the places in all of lists with the same length, first and last number.
	by map[[3]int][]int
}

// number is the place of a list.
func (l *lists) number(list []int) int {
	var key [3]int
	if n := len(list); n > 0 {
		key = [3]int{n, list[0], list[n-1]}
	}
	for _, k := range l.by[key] {
		if slices.Equal(l.all[k], list) {
			return k
		}
	}
	if l.by == nil {
		l.by = map[[3]int][]int{}
	}
	l.by[key] = append(l.by[key], len(l.all))
	l.all = append(l.all, list)
	return len(l.all) - 1
}

// cross makes the one query of a block under a banner.
func (t *tabling) cross(b block, under banner) *crossing {
	x := &crossing{tabling: t, block: b, banner: under, bases: map[[2]int]engine.Base{}, dfs: map[dfKey]float64{}, kept: map[figureKey][]float64{}, both: map[[2]int]bool{}, apart: map[[2]int]*crossing{}, samples: map[int]*estimate.Sample{}}
	x.totals = t.total(b.query(under))
	row := t.Table.Origins(b.reads...)
	x.circular = make([]origin, len(under.columns))
	for c, col := range under.columns {
		for _, name := range row {
			x.circular[c] = max(x.circular[c], col.origins[name])
		}
	}
	return x
}

// total asks for the totals of one query under the table's design.
func (t *tabling) total(q engine.Query) *engine.Totals {
	all, err := t.Answering().Totals(t.ctx, t.frame, []engine.Query{q})
	if err != nil {
		t.making.fail(err)
		return t.frame.Nobody(q)
	}
	return all[0]
}

func (x *crossing) estimate(l line, c column) survey.Estimate {
	r := estimate.Blank(x.options.Level)
	r.Statistic, r.Variable, r.Category, r.Code = l.statistic, l.variable, l.category, l.code
	r.Group = append(append(r.Group, l.labels...), c.labels...)
	r.GroupCodes = append(append(r.GroupCodes, l.group...), c.group...)
	switch {
	case l.sample != nil && (x.inPart(c) || c.between != nil && c.between.weights == nil):
		r.N = x.base(l, c).N
		r.Flags = append(r.Flags, survey.FlagNotApplicable)
	case l.sample != nil && c.between == nil:
		named, figure := r, x.within(l, c.point)
		r = figure.Estimate
		r.Statistic, r.Variable, r.Category, r.Code = named.Statistic, named.Variable, named.Category, named.Code
		r.Group, r.GroupCodes = named.Group, named.GroupCodes
		if x.keeps() {
			x.keep(l, c, figure.Deviations())
		}
	case l.sample != nil:
		var sides []estimate.Linearised
		for _, side := range c.between.sides {
			sides = append(sides, x.within(l, side[0]))
		}
		r.Quantile = sides[0].Quantile
		estimate.Combine(&r, x.base(l, c), c.between.weights, sides)
		if r.Quantile.Exists() {
			x.remark(quantileTests)
		}
	case l.shows == survey.AsCount:
		x.count(&r, l, c)
	case l.Kind == survey.RowRatio && c.between != nil && c.between.weights != nil:
		x.fillRatios(&r, l, c)
	default:
		x.fill(&r, l, c)
	}
	if l.Kind == survey.RowRatio {
		if bases := x.ratioBases(l, c); bases[1].N > bases[0].N {
			r.NOther = bases[1].N
		}
	}
	// A change is as good as the smallest base of its sides.
	n := r.N
	if _, point := baseOf(l, c.point); c.between != nil && point != everybody {
		n = x.smallest(c.between, l.base)
		for _, cells := range l.bases() {
			n = min(n, x.smallest(c.between, cells))
		}
	}
	r.Flags = append(r.Flags, x.presentable(&r, l, c, n)...)
	return r
}

// fill estimates what a column shows of a function of totals.
func (x *crossing) fill(r *survey.Estimate, l line, c column) {
	ask := x.ask(l, c.point)
	if c.between != nil {
		var ok bool
		if ask, ok = c.between.asked(x, l); !ok {
			r.N = x.base(l, c).N
			r.Flags = append(r.Flags, survey.FlagNotApplicable)
			return
		}
	}
	x.keep(l, c, ask.Fill(r, x.totals, x.base(l, c)))
}

// fillRatios estimates a change or a trend of a ratio of shares.
func (x *crossing) fillRatios(r *survey.Estimate, l line, c column) {
	sides := make([]estimate.Positive, len(c.between.sides))
	for k, side := range c.between.sides {
		ask := x.ask(l, side[0])
		sides[k] = estimate.Positive{Value: x.totals.At(ask.Function, ask.Arguments), Deviations: x.totals.Deviations(ask.Function, ask.Arguments)}
	}
	estimate.CombineRatios(r, x.base(l, c), c.between.weights, sides)
}

// ask is the function of totals that a line estimates at a point.
func (x *crossing) ask(l line, point int) estimate.Ask {
	count := x.at(l.count, point)
	switch {
	case l.shows == survey.AsPercent:
		return x.share(count, x.under(l, point))
	case l.shows == survey.AsWeightedCount:
		return estimate.Ask{Function: estimate.Total.Function, Arguments: [][]int{count}}
	case l.shows == survey.AsIndex:
		arguments := [][]int{count, x.under(l, point), x.at(l.count, everybody), x.under(l, everybody)}
		return estimate.Ask{Function: estimate.Index.Function, Arguments: arguments}
	case l.shows == survey.AsRowPercent:
		return x.share(count, x.at(l.count, everybody))
	case l.shows == survey.AsTotalPercent:
		return x.share(count, x.under(l, everybody))
	case l.Kind == survey.RowRatio:
		arguments := [][]int{count, x.at(l.base, point), x.at(l.otherCount, point), x.at(l.otherBase, point)}
		return estimate.Ask{Function: estimate.RelativeLikelihood.Function, Arguments: arguments, Scale: estimate.RelativeLikelihood.Scale}
	case l.Kind == survey.RowGap:
		arguments := [][]int{x.at(l.base, point), count, x.at(l.otherCount, point)}
		return estimate.Ask{Function: estimate.PairedDifference.Function, Arguments: arguments, Scale: estimate.Bounded, Test: true}
	case l.Kind == survey.RowTotal:
		return estimate.Ask{Function: estimate.ShiftedTotal(x.block.centre), Arguments: x.answers(l, point)}
	}
	return estimate.Ask{Function: estimate.Shifted(x.block.centre), Arguments: x.answers(l, point), Edge: x.block.edge}
}

// shares are the totals of a line's share at a point; ok is false where the line
// shows no share of the people there.
func (x *crossing) shares(l line, point int) (s estimate.ShareTotals, ok bool) {
	base := x.at(l.base, point)
	switch {
	case l.shows == survey.AsPercent:
		return estimate.ShareTotals{Count: x.at(l.count, point), Under: x.under(l, point), Base: base}, true
	case l.shows == "" && l.Kind == survey.RowMean && l.sample == nil && x.block.edge != nil:
		return estimate.ShareTotals{Count: x.answers(l, point)[0], Under: base, Base: base}, true
	}
	return s, false
}

// under are the totals below a share: the rows of its base, or their responses.
func (x *crossing) under(l line, point int) []int {
	if x.block.numbers != nil {
		point += len(x.banner.points)
	}
	return x.at(l.base, point)
}

func (x *crossing) share(count, base []int) estimate.Ask {
	return estimate.Ask{Function: estimate.Proportion.Function, Arguments: [][]int{count, base}, Share: true, Method: x.options.Interval}
}

// answers are the totals of the answer and of 1.
func (x *crossing) answers(l line, point int) [][]int {
	return [][]int{x.at(l.count, len(x.banner.points)+point), x.at(l.count, point)}
}

func (x *crossing) at(cells []int, term int) []int {
	js := make([]int, len(cells))
	for k, c := range cells {
		js[k] = x.totals.Index(c, term)
	}
	return js
}

// baseOf lists the cells and the point of the rows behind a line's figure.
func baseOf(l line, point int) ([]int, int) {
	switch l.shows {
	case survey.AsRowPercent:
		return l.count, everybody
	case survey.AsTotalPercent:
		return l.base, everybody
	}
	return l.base, point
}

// base counts the people behind a line's figure under a column: of a ratio of
// shares those of the smaller base, with the degrees of freedom of both.
func (x *crossing) base(l line, c column) engine.Base {
	cells, point := baseOf(l, c.point)
	if l.Kind != survey.RowRatio {
		return x.behind(cells, c, point)
	}
	b := x.ratioBases(l, c)[0]
	b.DF = x.behind(l.either, c, point).DF
	return b
}

// ratioBases are the bases of a ratio's two shares, the smaller one first.
func (x *crossing) ratioBases(l line, c column) [2]engine.Base {
	above, below := x.behind(l.base, c, c.point), x.behind(l.otherBase, c, c.point)
	if below.N < above.N {
		return [2]engine.Base{below, above}
	}
	return [2]engine.Base{above, below}
}

// behind counts the people of some cells in the points of a column, given the
// point of their base.
func (x *crossing) behind(cells []int, c column, point int) engine.Base {
	if len(cells) == 0 {
		return engine.Base{}
	}
	points := c.points(point)
	key := [2]int{x.lists.number(cells), x.lists.number(points)}
	if b, ok := x.bases[key]; ok {
		return b
	}
	var js []int
	for _, p := range points {
		js = append(js, x.at(cells, p)...)
	}
	b := x.totals.Base(js)
	b.N = x.people(js)
	x.bases[key] = b
	return b
}

// count fills in the respondents of a cell: a plain number of rows, which has
// no sampling error of its own.
func (x *crossing) count(r *survey.Estimate, l line, c column) {
	b := x.base(l, c)
	r.N, r.NWeighted, r.NEffective, r.DF = b.N, survey.FigureOf(b.NWeighted), survey.FigureOf(b.NEffective), survey.FigureOf(b.DF)
	switch {
	case c.between == nil:
		r.Value = survey.FigureOf(float64(x.respondents(l.count, c.point)))
	case c.between.isChange:
		sides := c.between.sides
		r.Value = survey.FigureOf(float64(x.respondents(l.count, sides[0][0]) - x.respondents(l.count, sides[1][0])))
	default:
		r.Flags = append(r.Flags, survey.FlagNotApplicable)
	}
}

func (x *crossing) respondents(cells []int, point int) int {
	return x.people(x.at(cells, point))
}

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
			return quality.Count(r.Value.Float(), r.SE.Float(), effective, x.options.Level)
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
	return quality.Proportion(stats.Proportion{P: r.Value.Float(), SE: r.SE.Float(), LogitSE: math.NaN(), N: float64(r.N), DF: r.DF.Float(), Level: level})
}
