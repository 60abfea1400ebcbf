package tabulate

import (
	"fmt"
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
	x, y := c.cells[p.Column].Value.Float(), c.cells[p.Against].Value.Float()
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

// figureKey names a figure of a crossing: what is estimated, the numbers of the lists of
// its cells, and the point.
type figureKey struct {
	shows                              survey.ShownAs
	kind                               survey.RowKind
	statistic, of                      string
	count, base, otherCount, otherBase int
	point                              int
}

func (x *crossing) keyOf(l line, point int) figureKey {
	n := x.lists.number
	return figureKey{l.shows, l.Kind, l.statistic, l.of, n(l.count), n(l.base), n(l.otherCount), n(l.otherBase), point}
}

// longestKept is the length of vectors that are kept: a table of 200 figures
// then keeps 100 MB at most. Longer ones, of rows that have nothing in common,
// are made again for the comparisons.
const longestKept = 1 << 16

// keep remembers the deviations behind a standard error for the comparisons.
func (x *crossing) keep(l line, c column, deviations []float64) {
	if c.between == nil && x.keeps() {
		x.kept[x.keyOf(l, c.point)] = deviations
	}
}

// keeps reports whether figures are compared and their deviations are short.
func (x *crossing) keeps() bool {
	short := x.frame.Replicates != nil || x.frame.Units() <= longestKept
	return short && x.spec.Tests.Over(x.Study.Tests).Against != letters.AgainstNone
}

// deviations are those of a line's figure at a point.
func (x *crossing) deviations(l line, point int) []float64 {
	key := x.keyOf(l, point)
	if d, ok := x.kept[key]; ok {
		return d
	}
	if l.sample != nil {
		return x.within(l, point).Deviations()
	}
	ask := x.ask(l, point)
	return x.totals.Deviations(ask.Function, ask.Arguments)
}

// againstRest is the t test on the difference between a column and everybody
// of the table who is not in it.
func (c *comparer) againstRest(p letters.Pair) survey.LetterTest {
	point, df := c.columns[p.Column].point, c.x.df(c.line, everybody, everybody)
	if c.sample != nil {
		r := estimate.Blank(c.x.options.Level)
		rest := c.over(c.x.sampleOf(c.x.banner.domain(everybody, c.x.banner.points[point])))
		estimate.Combine(&r, c.x.totals.Base(c.x.at(c.base, everybody)), []float64{1, -1}, []estimate.Linearised{c.x.within(c.line, point), rest})
		return c.tested(p.Column, r.Value.Float(), r.SE.Float()*r.SE.Float(), df)
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
	out.T, out.P = survey.Figure{}, survey.Figure{}
	if se, df := math.Sqrt(variance), out.DF.Float(); df > 0 && se > noise {
		out.T = survey.FigureOf(difference / se)
		out.P = survey.FigureOf(stats.TTwoSided(math.Abs(difference/se), df))
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
	se := math.Sqrt(variance)
	out := survey.LetterTest{Difference: survey.FigureOf(difference), SE: survey.FigureOf(se), DF: survey.FigureOf(df)}
	if df > 0 && se > noise*math.Abs(c.cells[column].Value.Float()) {
		out.T = survey.FigureOf(difference / se)
		out.P = survey.FigureOf(stats.TTwoSided(math.Abs(difference/se), df))
	}
	return out
}

// dfKey names a base, by the number of its list of cells, at two points.
type dfKey struct{ cells, p, q int }

// df are the degrees of freedom of the rows behind a line at two points,
// remembered: most lines of a block have one base.
func (x *crossing) df(l line, p, q int) float64 {
	cells := l.base
	if l.Kind == survey.RowRatio {
		cells = l.either
	}
	key := dfKey{x.lists.number(cells), p, q}
	df, ok := x.dfs[key]
	if !ok {
		df = x.totals.DF(append(x.at(cells, p), x.at(cells, q)...))
		x.dfs[key] = df
	}
	return df
}

// checkTests finds the column to compare with, and levels that cannot be.
func (p *plan) checkTests(columns []survey.Column) {
	s, own := &p.tested, p.spec.Tests
	p.fail(p.own(".tests", own.Level != 0 || own.SecondLevel != 0), own.Over(p.Study.Tests).CheckLevels()...)
	switch s.Against {
	case letters.AgainstPairs, letters.AgainstRest, letters.AgainstPrevious, letters.AgainstNone:
		return
	}
	k, problems := p.column("column to compare with", s.Against, columns, letters.AgainstPairs, letters.AgainstRest, letters.AgainstPrevious, letters.AgainstNone)
	p.fail(p.own(".tests.against", own.Against != ""), problems...)
	s.Reference = k
}

// letter compares the columns of a finished table and marks the cells that
// differ.
func (t *tabling) letter(out *survey.Tabulation, entries []entry, b banner) {
	if t.tested.Reference >= 0 {
		t.tested.Reference = b.at(t.tested.Reference)
	}
	s := t.tested
	pairs := s.Pairs(letters.Groups(out.Columns))
	if len(pairs) == 0 {
		return
	}
	same := t.newSameness(entries, b)
	pairs = slices.DeleteFunc(pairs, func(p letters.Pair) bool {
		return p.Against != survey.Rest && same.people[p.Column] == same.people[p.Against]
	})
	compared, open := t.compare(entries, b, pairs, s)
	if out.Comparisons = compared; open == 0 {
		return
	}
	t.lettered = &letters.Letters{Tests: s, Least: t.leastBase()}
	for _, c := range compared {
		t.lettered.Identities = append(t.lettered.Identities, same.identity(c, s.Family(c.Row, entries[c.Row].Kind, b.columns[c.Column].Group)))
	}
	t.lettered.Fill(out)
	for _, sentence := range t.lettered.Legend {
		t.remark(sentence)
	}
}

// sameness numbers what the rows of a table show and the people of its columns:
// rows with one figure have the same number, as have columns with the same people.
type sameness struct{ figures, people []int }

// everybodyElse is the other side of a comparison with the rest: the people of
// a column say who they are.
const everybodyElse = -1

func (t *tabling) newSameness(entries []entry, b banner) sameness {
	s := sameness{figures: make([]int, len(entries)), people: make([]int, len(b.columns))}
	for r, e := range entries {
		s.figures[r] = slices.IndexFunc(entries, e.sameFigure)
	}
	people := t.samePeople(b)
	for c, col := range b.columns {
		s.people[c] = people[col.point]
	}
	return s
}

// identity of a comparison; which of two columns comes first makes no difference.
func (s sameness) identity(c survey.LetterTest, in letters.Family) letters.Identity {
	id := letters.Identity{Family: in, Figure: s.figures[c.Row], Side: s.people[c.Column], Another: everybodyElse}
	if c.Against != survey.Rest {
		id.Another = s.people[c.Against]
		id.Side, id.Another = min(id.Side, id.Another), max(id.Side, id.Another)
	}
	return id
}

// sameFigure reports whether two rows show the same: by the same cells of the same
// axes and the same numbers.
func (e entry) sameFigure(o entry) bool {
	names := e.statistic == o.statistic && e.variable == o.variable && e.category == o.category && e.of == o.of && e.Kind == o.Kind && e.shows == o.shows
	if !names || (e.code == nil) != (o.code == nil) || e.code != nil && *e.code != *o.code {
		return false
	}
	cells := func(a, b []int) bool {
		return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
	}
	p, q := e.x.block, o.x.block
	return cells(e.count, o.count) && cells(e.base, o.base) && cells(e.otherCount, o.otherCount) && cells(e.otherBase, o.otherBase) &&
		engine.Same(p.axes, q.axes) && engine.Same(p.numbers, q.numbers) && engine.Same(p.where, q.where)
}

// samePeople gives for each point of a banner the first one that holds the same
// rows. Points of which one holds people in part are compared by their text.
func (t *tabling) samePeople(b banner) []int {
	first, rows := make([]int, len(b.points)), t.counts(nil, engine.Query{Points: b.points, Where: b.where})
	texts, known := make([]string, len(b.points)), map[int][]int{} // by the number of rows
	type two struct{ point, other int }
	var open []two
	q := engine.Query{Where: b.where}
	for p, of := range b.points {
		first[p], texts[p] = p, of.String()
		for _, o := range known[rows[p]] {
			if rows[p] == 0 || texts[p] == texts[o] {
				first[p] = o
				break
			}
			if other := b.points[o]; !of.InPart() && !other.InPart() && !apart(of, other) {
				open, q.Points = append(open, two{p, o}), append(q.Points, of.Meet(other))
			}
		}
		if first[p] == p {
			known[rows[p]] = append(known[rows[p]], p)
		}
	}
	if len(open) > 0 {
		for k, n := range t.counts(nil, q) {
			if p := open[k].point; first[p] == p && n == rows[p] {
				first[p] = open[k].other
			}
		}
	}
	for p, o := range first {
		first[p] = first[o]
	}
	return first
}

// Differences between columns hold by construction in rows that are made of the
// same answers as the columns: a set by itself or its nets, segments by the items
// that made them, a recode by what it reads. They are no findings, so that nothing
// there is tested. The one exception are means and quantiles of a number under
// ranges of that number, which books of tables describe groups by: they are
// tested, and are no findings either.

// origin is what columns share with rows.
type origin int

const (
	sharesNothing origin = iota
	sharesNumber         // the columns are ranges of the row's number
	sharesAnswers
)

// originsOf says by which variables columns by these are made.
func originsOf(t *survey.Table, reads []string) map[string]origin {
	out := map[string]origin{}
	for _, name := range reads {
		if v := t.Lookup(name); v != nil && v.RangesOf != "" {
			out[name] = sharesAnswers
			out[v.RangesOf] = max(out[v.RangesOf], sharesNumber)
			continue
		}
		for _, o := range t.Origins(name) {
			out[o] = sharesAnswers
		}
	}
	return out
}

// untested reports whether a line is not compared under a column, for the
// difference holds by construction.
func (x *crossing) untested(l line, c int) bool {
	number := l.Kind == survey.RowMean || l.sample != nil
	return x.circular[c] == sharesAnswers || x.circular[c] == sharesNumber && !number
}

// untest flags a cell whose column is made of its row's answers, and takes the
// test of a change away.
func (x *crossing) untest(r *survey.Estimate, l line, c int) {
	r.Flags = append(r.Flags, survey.FlagCircular)
	if !x.untested(l, c) {
		return
	}
	if r.P.Exists() {
		x.remark(heldByConstruction(x.banner.columns[c]))
	}
	r.T, r.P = survey.Figure{}, survey.Figure{}
}

func heldByConstruction(c column) string {
	return fmt.Sprintf("Columns under %s are not compared in rows that are made of the same answers as they are: such differences hold by construction.", c.Group)
}
