package tabulate

import (
	"slices"

	"surveykit/survey"
)

// What a column is compared with, other than a column named by its label.
const (
	againstPairs    = "pairs"
	againstRest     = "rest"
	againstPrevious = "previous"
	againstNone     = "none"
)

// The corrections for the number of tests.
const (
	adjustBH         = "bh"
	adjustHolm       = "holm"
	adjustBonferroni = "bonferroni"
	adjustNone       = "none"
)

// The programs whose tests can be repeated.
const (
	mimicSPSS    = "spss"
	mimicQuantum = "quantum"
)

// tests are a table's tests with the defaults filled in.
type tests struct {
	// level and second are those of two-sided tests; second is 0 where there is none.
	level, second          survey.Level
	adjust, against, mimic string
	// reference is the column that all others are compared with, by its place
	// among those that the table asks for; -1 where against names none.
	reference int
}

// pair is two columns that are compared; against may be survey.Rest.
type pair struct{ column, against int }

// testDefaults are the tests that the table and the study ask for.
func (t *tabling) testDefaults() tests {
	spec := t.spec.Tests.Over(t.Study.Tests)
	return tests{level: spec.Level.Or(survey.DefaultLevel), second: spec.SecondLevel, adjust: or(spec.Adjust, adjustBH), against: or(spec.Against, againstPairs), mimic: spec.Mimic, reference: -1}
}

// checkTests finds the column to compare with, and levels that cannot be.
func (p *plan) checkTests(columns []survey.Column) {
	s, own := &p.tested, p.spec.Tests
	p.fail(p.own(".tests", own.Level != 0 || own.SecondLevel != 0), own.Over(p.Study.Tests).CheckLevels()...)
	switch s.against {
	case againstPairs, againstRest, againstPrevious, againstNone:
		return
	}
	k, problems := p.column("column to compare with", s.against, columns, againstPairs, againstRest, againstPrevious, againstNone)
	p.fail(p.own(".tests.against", own.Against != ""), problems...)
	s.reference = k
}

// letters compares the columns of a finished table and marks the cells that
// differ.
func (t *tabling) letters(out *survey.Tabulation, entries []entry, b banner) {
	if t.tested.reference >= 0 {
		t.tested.reference = b.at(t.tested.reference)
	}
	s := t.tested
	pairs := s.pairs(columnGroups(out.Columns))
	if len(pairs) == 0 {
		return
	}
	same := t.newSameness(entries, b)
	compared, open := t.compare(entries, b, same.apart(pairs), s)
	if out.Comparisons = compared; open == 0 {
		return
	}
	t.lettered = &lettering{tests: s, least: t.leastBase()}
	for _, c := range compared {
		t.lettered.identities = append(t.lettered.identities, same.identity(c, s.family(entries[c.Row], c, b)))
	}
	t.lettered.fill(out)
	for _, sentence := range t.lettered.legend {
		t.remark(sentence)
	}
}

// lettering is what the letters of a table rest on, so that they can be made again
// where comparisons are hidden.
type lettering struct {
	tests
	// identities are those of the table's comparisons, one each.
	identities []identity
	least      int
	// legend is what the table's legend says of its comparisons.
	legend []string
}

// fill corrects the p-values of a table's comparisons, marks the cells that differ
// and says how.
func (l *lettering) fill(out *survey.Tabulation) {
	size, groups := l.correct(out.Comparisons, l.identities), columnGroups(out.Columns)
	l.mark(out, groups)
	l.legend = l.explain(out, groups, size, l.least)
}

// without makes the letters again without the comparisons that are hidden. They
// count in no family, and the legend of the table no longer speaks of them.
func (l *lettering) without(out *survey.Tabulation, hidden func(survey.LetterTest) bool) {
	comparisons, identities := out.Comparisons, l.identities
	out.Comparisons, l.identities = nil, nil
	for k, c := range comparisons {
		if !hidden(c) {
			out.Comparisons, l.identities = append(out.Comparisons, c), append(l.identities, identities[k])
		}
	}
	for _, row := range out.Cells {
		for c := range row {
			row[c].Letters = ""
		}
	}
	before := l.legend
	l.fill(out)
	if len(comparisons) > 0 && len(out.Comparisons) == 0 {
		l.legend = []string{"No comparison of columns is shown: each would give away a figure that is hidden for confidentiality."}
	}
	if at := slices.Index(out.Legend, before[0]); at >= 0 {
		out.Legend = slices.Replace(out.Legend, at, at+len(before), l.legend...)
	}
}

// columnGroups lists the neighbouring columns that stand under one heading.
func columnGroups(columns []survey.Column) [][]int {
	var groups [][]int
	for c, col := range columns {
		switch {
		case col.Group == "" || col.Change:
		case c > 0 && columns[c-1].Group == col.Group && !columns[c-1].Change:
			groups[len(groups)-1] = append(groups[len(groups)-1], c)
		default:
			groups = append(groups, []int{c})
		}
	}
	return groups
}

// pairs lists the columns to compare, group by group.
func (s tests) pairs(groups [][]int) []pair {
	var out []pair
	for _, g := range groups {
		for i, c := range g {
			switch {
			case s.against == againstPairs:
				for _, d := range g[i+1:] {
					out = append(out, pair{c, d})
				}
			case s.against == againstRest:
				out = append(out, pair{c, survey.Rest})
			case s.against == againstPrevious && i > 0:
				out = append(out, pair{c, g[i-1]})
			case s.reference >= 0 && c != s.reference:
				out = append(out, pair{c, s.reference})
			}
		}
	}
	return out
}

// mark writes letters where every column of a group is compared with every
// other: into the cell that is larger, naming the column that is smaller. Where
// a column has one opponent it gets an arrow, filled or open by the level.
func (s tests) mark(out *survey.Tabulation, groups [][]int) {
	separator := map[int]string{}
	if s.against == againstPairs {
		for _, g := range groups {
			for i, c := range g {
				if len(g) > 1 {
					out.Columns[c].Letter = letter(i)
				}
				if len(g) > alphabet {
					separator[c] = " "
				}
			}
		}
	}
	for _, c := range out.Comparisons {
		strength := s.strength(float64(c.PAdjusted))
		switch row := out.Cells[c.Row]; {
		case strength == 0:
		case s.against != againstPairs:
			row[c.Column].Letters = arrow(strength, c.Difference > 0)
		case c.Difference > 0:
			row[c.Column].Letters = appended(row[c.Column].Letters, letterOf(out.Columns[c.Against], strength), separator[c.Column])
		default:
			row[c.Against].Letters = appended(row[c.Against].Letters, letterOf(out.Columns[c.Column], strength), separator[c.Column])
		}
	}
}

// strength is 2 at the first level, 1 at the second, 0 where neither is reached.
func (s tests) strength(p float64) int {
	switch {
	case p <= s.level.Error():
		return 2
	case p <= s.second.Error():
		return 1
	}
	return 0
}
