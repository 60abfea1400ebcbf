package tabulate

import (
	"fmt"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// correct fills in the adjusted p-values and returns the size of the largest
// family. The family is the table without its nets, in which a comparison that
// the table makes more than once counts once and has one p-value; nets are a
// family of their own. SPSS corrects within a row of a group.
func (s tests) correct(comparisons []survey.LetterTest, identities []identity) int {
	families := map[testFamily][]int{}
	first := map[identity]int{}
	of := make([]int, len(comparisons))
	for i, id := range identities {
		if _, ok := first[id]; !ok {
			first[id] = i
			families[id.family] = append(families[id.family], i)
		}
		of[i] = first[id]
	}
	size := 0
	for _, members := range families {
		s.adjusted(comparisons, members)
		size = max(size, len(members))
	}
	for i, k := range of {
		comparisons[i].PAdjusted = comparisons[k].PAdjusted
	}
	return size
}

// testFamily is what the p-values of some comparisons are corrected over: the nets
// of a table, its other rows or, as SPSS does, a row of a group of columns.
type testFamily struct {
	nets  bool
	row   int
	group string
}

func (s tests) family(e entry, c survey.LetterTest, b banner) testFamily {
	if s.mimic == mimicSPSS {
		return testFamily{row: c.Row, group: b.columns[c.Column].Group}
	}
	return testFamily{nets: e.Kind == survey.RowNet}
}

// adjusted corrects the p-values of one family.
func (s tests) adjusted(comparisons []survey.LetterTest, members []int) {
	p := make([]float64, len(members))
	for k, i := range members {
		p[k] = float64(comparisons[i].P)
	}
	switch s.adjust {
	case adjustBH:
		p = stats.BenjaminiHochberg(p)
	case adjustHolm:
		p = stats.Holm(p)
	case adjustBonferroni:
		p = stats.Bonferroni(p)
	}
	for k, i := range members {
		comparisons[i].PAdjusted = survey.Figure(p[k])
	}
}

// identity is all that a comparison is: the figure of its row, the people on
// either side, and the family that it is corrected in. Two comparisons of a table
// are one test only if it is equal.
type identity struct {
	family                testFamily
	figure, side, another int
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

// apart are the pairs of columns that are not the same people.
func (s sameness) apart(pairs []pair) []pair {
	return slices.DeleteFunc(pairs, func(p pair) bool {
		return p.against != survey.Rest && s.people[p.column] == s.people[p.against]
	})
}

// identity of a comparison; which of two columns comes first makes no difference.
func (s sameness) identity(c survey.LetterTest, in testFamily) identity {
	id := identity{in, s.figures[c.Row], s.people[c.Column], everybodyElse}
	if c.Against != survey.Rest {
		id.another = s.people[c.Against]
		id.side, id.another = min(id.side, id.another), max(id.side, id.another)
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
		sameTexts(p.axes, q.axes) && sameTexts(p.numbers, q.numbers) && sameTexts(p.where, q.where)
}

// sameTexts compares parts of queries, whose texts are equal only where they are.
func sameTexts[T fmt.Stringer](a, b []T) bool {
	return slices.EqualFunc(a, b, func(x, y T) bool { return x.String() == y.String() })
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
