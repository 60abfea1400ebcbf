package tabulate

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/tabulate/letters"
)

// compare tests the pairs of columns in every row that can be compared. A pair
// that differs by construction is left out; so is one with a base under the
// minimum for tests, without a standard error or without degrees of freedom,
// and open counts the pairs that do not differ by construction.
func (t *tabling) compare(entries []entry, b banner, pairs []letters.Pair, s letters.Tests) (out []survey.LetterTest, open int) {
	for r, e := range entries {
		if !e.comparable(s) {
			continue
		}
		if e.statistic == estimate.Quantile.Name {
			t.remark(quantileTests)
		}
		c := comparer{entry: e, columns: b.columns, least: t.leastBase(), sides: make([]*side, len(b.columns))}
		for _, p := range pairs {
			if s.Mimic == "" && (e.x.untested(e.line, p.Column) || p.Against != survey.Rest && e.x.untested(e.line, p.Against)) {
				t.remark(heldByConstruction(b.columns[p.Column]))
				continue
			}
			open++
			if found, ok := c.test(p, s); ok {
				found.Row, found.Column, found.Against = r, p.Column, p.Against
				out = append(out, found)
			}
		}
	}
	return out, open
}

// leastBase is the unweighted base from which columns are compared.
func (t *tabling) leastBase() int {
	rules := t.Study.Quality.Limits()
	return max(rules.Test, rules.Minimum)
}

// comparable reports whether a row's figures can be held against each other:
// shares, means, ratios, gaps and what a sample gives, but no counts. Other
// programs test shares and means, of people who belong to a column as a whole.
func (e entry) comparable(s letters.Tests) bool {
	plain := !e.untested && (e.shows == "" || e.shows == survey.AsPercent)
	if s.Mimic != "" {
		share := e.x.block.numbers == nil && (e.Kind == survey.RowShare || e.Kind == survey.RowNet)
		return plain && (share || e.Kind == survey.RowMean && e.sample == nil && e.x.banner.inPart == nil)
	}
	return plain && e.Kind != survey.RowTotal && e.Kind != survey.RowCount
}

// comparer tests the cells of one row against each other.
type comparer struct {
	entry
	columns []column
	least   int
	sides   []*side
}

// side is one column's part in its comparisons, computed once; the variance is
// unknown where there are no deviations.
type side struct {
	deviations []float64
	variance   float64
}

// test compares two columns; ok is false where they cannot be.
func (c *comparer) test(p letters.Pair, s letters.Tests) (out survey.LetterTest, ok bool) {
	if !c.shows(p.Column) || !c.shows(p.Against) || !c.enough(p, s.Mimic) {
		return out, false
	}
	switch {
	case s.Mimic != "":
		out = c.mimicked(p, s.Mimic)
		out.Mimicked = true
	case p.Against == survey.Rest:
		out = c.againstRest(p)
	default:
		out = c.difference(p)
	}
	return out, out.P.Exists()
}

// shows reports whether a column shows a figure: what the study's rules hide is
// compared with nothing.
func (c *comparer) shows(column int) bool {
	return column == survey.Rest || c.cells[column].Value.Exists() && !slices.Contains(c.cells[column].Flags, survey.FlagSuppressed)
}

// n is the unweighted base of a column; it is no limit for the rest.
func (c *comparer) n(column int) int {
	if column == survey.Rest {
		return math.MaxInt
	}
	return c.cells[column].N
}

// nRest is the unweighted base outside a column; it is no limit where the pair
// is two columns.
func (c *comparer) nRest(p letters.Pair) int {
	if p.Against != survey.Rest {
		return math.MaxInt
	}
	least := math.MaxInt
	for _, cells := range c.bases() {
		least = min(least, c.x.respondents(cells, everybody)-c.x.respondents(cells, c.columns[p.Column].point))
	}
	return least
}

// difference is the t test on the difference of two columns. Its variance
// comes from the dot products of their deviations, so that people or PSUs in
// both need no special case; df are those of the rows of both.
func (c *comparer) difference(p letters.Pair) survey.LetterTest {
	a, b := c.side(p.Column), c.side(p.Against)
	covariance := 0.0
	if !math.IsNaN(a.variance + b.variance) {
		covariance = stats.Dot(a.deviations, b.deviations)
	}
	df := c.x.df(c.line, c.columns[p.Column].point, c.columns[p.Against].point)
	x, y := float64(c.cells[p.Column].Value), float64(c.cells[p.Against].Value)
	variance := a.variance + b.variance - 2*covariance
	if pair, ok := c.shares(p, variance, df); ok {
		return atEdge(x-y, pair)
	}
	out := c.tested(p.Column, x-y, variance, df)
	if c.Kind == survey.RowRatio {
		onLog(&out, math.Log(x/y), a.variance/(x*x)+b.variance/(y*y)-2*covariance/(x*y))
	}
	return out
}

func (c *comparer) side(column int) *side {
	if c.sides[column] == nil {
		d := c.x.deviations(c.line, c.columns[column].point)
		c.sides[column] = &side{d, square(d)}
	}
	return c.sides[column]
}

// square is the variance by a vector of deviations, NaN where there is none.
func square(deviations []float64) float64 {
	if deviations == nil {
		return math.NaN()
	}
	return stats.Dot(deviations, deviations)
}

// figureKey names a line, by the places of its lists of cells, at a point.
type figureKey struct {
	shows survey.ShownAs
	kind  survey.RowKind
	lists [4]cellList
	point int
}

// cellList is a list of cells by its place.
type cellList struct {
	first *int
	cells int
}

func keyOf(l line, point int) figureKey {
	key := figureKey{shows: l.shows, kind: l.Kind, point: point}
	for k, cells := range [][]int{l.count, l.base, l.otherCount, l.otherBase} {
		if len(cells) > 0 {
			key.lists[k] = cellList{&cells[0], len(cells)}
		}
	}
	return key
}

// longestKept is the length of vectors that are kept: a table of 200 figures
// then keeps 100 MB at most. Longer ones, of rows that have nothing in common,
// are made again for the comparisons.
const longestKept = 1 << 16

// keep remembers the deviations behind a standard error for the comparisons.
func (x *crossing) keep(l line, c column, deviations []float64) {
	if c.between == nil && x.keeps() {
		x.kept[keyOf(l, c.point)] = deviations
	}
}

// keeps reports whether figures are compared and their deviations are short.
func (x *crossing) keeps() bool {
	short := x.frame.Replicates != nil || x.frame.Units() <= longestKept
	return short && x.spec.Tests.Over(x.Study.Tests).Against != letters.AgainstNone
}

// deviations are those of a line's figure at a point.
func (x *crossing) deviations(l line, point int) []float64 {
	key := keyOf(l, point)
	if d, ok := x.kept[key]; ok {
		return d
	}
	if l.sample != nil {
		return x.within(l, point).Deviations(x.frame)
	}
	ask := x.ask(l, point)
	return x.totals.Deviations(ask.Function, ask.Arguments)
}

// againstRest is the t test on the difference between a column and everybody
// of the table who is not in it.
func (c *comparer) againstRest(p letters.Pair) survey.LetterTest {
	point, df := c.columns[p.Column].point, c.x.df(c.line, everybody, everybody)
	if c.sample != nil {
		r := c.x.lessRest(c.line, point)
		return c.tested(p.Column, float64(r.Value), float64(r.SE*r.SE), df)
	}
	ask, all := c.x.ask(c.line, point), c.x.ask(c.line, everybody)
	arguments := append(ask.Arguments, all.Arguments...)
	less := func(f engine.Function) (difference, variance float64) {
		part := partLessRest(f)
		return c.x.totals.At(part, arguments), square(c.x.totals.Deviations(part, arguments))
	}
	difference, variance := less(ask.Function)
	if pair, ok := c.sharesOfRest(point, df); ok {
		return atEdge(difference, pair)
	}
	out := c.tested(p.Column, difference, variance, df)
	if c.Kind == survey.RowRatio {
		difference, variance = less(estimate.LogOf(ask.Function))
		onLog(&out, difference, variance)
	}
	return out
}

// onLog replaces the test of two ratios of shares by that of their logarithms:
// what is held against zero is the logarithm of the ratio of the two. There is no
// test where either is 0.
func onLog(out *survey.LetterTest, difference, variance float64) {
	out.T, out.P = survey.NoFigure(), survey.NoFigure()
	if se, df := math.Sqrt(variance), float64(out.DF); df > 0 && se > noise {
		out.T = survey.Figure(difference / se)
		out.P = survey.Figure(stats.TTwoSided(math.Abs(difference/se), df))
	}
}

// partLessRest is a function of the totals of a part minus the same of the
// rest, which is the whole less the part: the arguments are those of the part,
// then those of the whole.
func partLessRest(f engine.Function) engine.Function {
	split := func(t []float64) (part, rest []float64) {
		half := len(t) / 2
		rest = make([]float64, half)
		for i := range rest {
			rest[i] = t[half+i] - t[i]
		}
		return t[:half], rest
	}
	return engine.Function{
		Value: func(t []float64) float64 {
			part, rest := split(t)
			return f.Value(part) - f.Value(rest)
		},
		Gradient: func(t []float64) []float64 {
			part, rest := split(t)
			g, outer := f.Gradient(part), f.Gradient(rest)
			for i, x := range outer {
				g[i] += x
				outer[i] = -x
			}
			return append(g, outer...)
		},
	}
}

// noise is the standard error, over the size of the figure, that rounding alone
// gives where there is none: everybody answers in both columns, or both are the
// same people.
const noise = 1e-12

// tested is the two-sided t test of a difference; its figures do not exist
// where there is no variance or no degree of freedom.
func (c *comparer) tested(column int, difference, variance, df float64) survey.LetterTest {
	none, se := survey.NoFigure(), math.Sqrt(variance)
	out := survey.LetterTest{Difference: survey.Figure(difference), SE: survey.Figure(se), DF: survey.Figure(df), T: none, P: none, PAdjusted: none}
	if df > 0 && se > noise*math.Abs(float64(c.cells[column].Value)) {
		out.T = survey.Figure(difference / se)
		out.P = survey.Figure(stats.TTwoSided(math.Abs(difference/se), df))
	}
	return out
}

// dfKey names a base, by the place of its list of cells, at two points.
type dfKey struct {
	first       *int
	cells, p, q int
}

// df are the degrees of freedom of the rows behind a line at two points,
// remembered: most lines of a block have one base.
func (x *crossing) df(l line, p, q int) float64 {
	cells := l.rows()
	key := dfKey{&cells[0], len(cells), p, q}
	df, ok := x.dfs[key]
	if !ok {
		df = x.totals.DF(append(x.at(cells, p), x.at(cells, q)...))
		x.dfs[key] = df
	}
	return df
}
