package tabulate

import (
	"hash/maphash"
	"math"
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
	family        testFamily
	figure        figure
	side, another uint64
}

// figure is what a row shows of the people in a column. asked fingerprints who
// is in its base, who is counted, and by which numbers.
type figure struct {
	statistic, variable, category, of string
	code                              survey.Value
	kind                              survey.RowKind
	shows                             survey.ShownAs
	asked                             uint64
}

// sameness knows the figure of each row and the people of each column.
type sameness struct {
	figures []figure
	people  []uint64
}

// everybodyElse is the other side of a comparison with the rest: the people of
// a column say who they are.
const everybodyElse = 0

func (m *Maker) newSameness(entries []entry, b banner) sameness {
	var s sameness
	seed := maphash.MakeSeed()
	sources := map[*crossing]maphash.Hash{}
	for _, e := range entries {
		h, ok := sources[e.x]
		if !ok {
			h = e.x.fingerprint(seed)
			sources[e.x] = h
		}
		s.figures = append(s.figures, e.figure(h))
	}
	points := m.people(b, seed)
	for _, c := range b.columns {
		s.people = append(s.people, points[c.point])
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

// fingerprint is of the cells that a block sorts people into and the numbers
// that it adds up, of those who have a weight.
func (x *crossing) fingerprint(seed maphash.Seed) maphash.Hash {
	var h maphash.Hash
	h.SetSeed(seed)
	cell, _, err := x.data().Sort(x.block.axes)
	if err != nil {
		x.Maker.fail(err)
	}
	var kept []int32
	var values []float64
	if x.block.numbers != nil {
		if values, err = x.data().Values(x.block.numbers[1]); err != nil {
			x.Maker.fail(err)
		}
		if kept, _, err = x.data().Sort([]engine.Axis{engine.Listed{Of: [][]int32{{}}, Where: x.block.where}}); err != nil {
			x.Maker.fail(err)
		}
	}
	for i, c := range cell {
		if x.frame.Weights[i] == 0 || values != nil && (kept[i] < 0 || math.IsNaN(values[i])) {
			c = -1
		}
		maphash.WriteComparable(&h, c)
		if values != nil && c >= 0 {
			maphash.WriteComparable(&h, values[i])
		}
	}
	return h
}

// figure is that of a line over people with a block's fingerprint.
func (e entry) figure(block maphash.Hash) figure {
	for _, cells := range [][]int{e.count, e.base, e.otherCount, e.otherBase} {
		for _, c := range slices.Sorted(slices.Values(cells)) {
			maphash.WriteComparable(&block, c)
		}
		maphash.WriteComparable(&block, -1) // the end of a list
	}
	f := figure{statistic: e.statistic, variable: e.variable, category: e.category, of: e.of, kind: e.Kind, shows: e.shows, asked: block.Sum64()}
	if e.code != nil {
		f.code = *e.code
	}
	return f
}

// people fingerprints who belongs to each point, and in which part.
func (m *Maker) people(b banner, seed maphash.Seed) []uint64 {
	points := make([]maphash.Hash, len(b.points))
	for p := range points {
		points[p].SetSeed(seed)
	}
	start, index, part, err := m.data().Belong(b.points, b.where)
	if err != nil {
		m.fail(err)
	}
	for i := range len(start) - 1 {
		for k := start[i]; k < start[i+1]; k++ {
			h := &points[index[k]]
			maphash.WriteComparable(h, i)
			if part != nil {
				maphash.WriteComparable(h, part[k])
			}
		}
	}
	out := make([]uint64, len(points))
	for p := range points {
		out[p] = points[p].Sum64()
	}
	return out
}
