package tabulate

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate/letters"
)

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
	compared, open := t.compare(entries, b, same.apart(pairs), s)
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

// apart are the pairs of columns that are not the same people.
func (s sameness) apart(pairs []letters.Pair) []letters.Pair {
	return slices.DeleteFunc(pairs, func(p letters.Pair) bool {
		return p.Against != survey.Rest && s.people[p.Column] == s.people[p.Against]
	})
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
