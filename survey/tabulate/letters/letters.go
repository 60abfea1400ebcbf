// Package letters marks the columns of a table that differ. It takes the comparisons
// of its columns, corrects their p-values over the families of tests, writes letters or
// arrows into the cells, and says in the legend how columns were compared.
package letters

import (
	"cmp"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
)

// What a column is compared with, other than a column named by its label.
const (
	AgainstPairs    = "pairs"
	AgainstRest     = "rest"
	AgainstPrevious = "previous"
	AgainstNone     = "none"
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
	MimicSPSS    = "spss"
	MimicQuantum = "quantum"
)

// Tests are a table's tests with the defaults filled in.
type Tests struct {
	// Level and Second are levels of two-sided tests; Second is 0 where there is none.
	Level, Second          survey.Level
	Adjust, Against, Mimic string
	// Reference is the column that all others are compared with, -1 where Against
	// names none.
	Reference int
}

// Asked are the tests that a table and its study ask for.
func Asked(table, study survey.TestSpec) Tests {
	s := table.Over(study)
	return Tests{Level: s.Level.Or(survey.DefaultLevel), Second: s.SecondLevel, Adjust: cmp.Or(s.Adjust, adjustBH), Against: cmp.Or(s.Against, AgainstPairs), Mimic: s.Mimic, Reference: -1}
}

// Pair is two columns that are compared; Against may be survey.Rest.
type Pair struct{ Column, Against int }

// Groups lists the neighbouring columns under one heading.
func Groups(columns []survey.Column) [][]int {
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

// Pairs lists the columns to compare, group by group.
func (s Tests) Pairs(groups [][]int) []Pair {
	var out []Pair
	for _, g := range groups {
		for i, c := range g {
			switch {
			case s.Against == AgainstPairs:
				for _, d := range g[i+1:] {
					out = append(out, Pair{c, d})
				}
			case s.Against == AgainstRest:
				out = append(out, Pair{c, survey.Rest})
			case s.Against == AgainstPrevious && i > 0:
				out = append(out, Pair{c, g[i-1]})
			case s.Reference >= 0 && c != s.Reference:
				out = append(out, Pair{c, s.Reference})
			}
		}
	}
	return out
}

// Letters are what the letters of a table rest on, so that they can be made again
// where comparisons are hidden.
type Letters struct {
	Tests
	// Identities identify the table's comparisons, one each.
	Identities []Identity
	// Least is the base from which columns are compared.
	Least int
	// Legend is what the table's legend says of its comparisons.
	Legend []string
}

// Fill corrects the p-values of a table's comparisons, marks the cells that differ
// and says how.
func (l *Letters) Fill(out *survey.Tabulation) {
	size, groups := l.correct(out.Comparisons, l.Identities), Groups(out.Columns)
	l.mark(out, groups)
	l.Legend = l.explain(out, groups, size, l.Least)
}

// Without makes the letters again without the comparisons that are hidden. They do
// not count in a family, and the legend of the table does not mention them.
func (l *Letters) Without(out *survey.Tabulation, hidden func(survey.LetterTest) bool) {
	comparisons, identities := out.Comparisons, l.Identities
	out.Comparisons, l.Identities = nil, nil
	for k, c := range comparisons {
		if !hidden(c) {
			out.Comparisons, l.Identities = append(out.Comparisons, c), append(l.Identities, identities[k])
		}
	}
	for _, row := range out.Cells {
		for c := range row {
			row[c].Letters = ""
		}
	}
	before := l.Legend
	l.Fill(out)
	if len(comparisons) > 0 && len(out.Comparisons) == 0 {
		l.Legend = []string{"No comparison of columns is shown: each would give away a figure that is hidden for confidentiality."}
	}
	if at := slices.Index(out.Legend, before[0]); at >= 0 {
		out.Legend = slices.Replace(out.Legend, at, at+len(before), l.Legend...)
	}
}

// mark writes letters where every column of a group is compared with every
// other: into the cell that is larger, naming the column that is smaller. Where
// a column has one opponent it gets an arrow, filled or open by the level.
func (s Tests) mark(out *survey.Tabulation, groups [][]int) {
	separator := map[int]string{}
	if s.Against == AgainstPairs {
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
		strength := s.strength(c.PAdjusted.Float())
		switch row := out.Cells[c.Row]; {
		case strength == 0:
		case s.Against != AgainstPairs:
			row[c.Column].Letters = arrow(strength, c.Difference.Float() > 0)
		case c.Difference.Float() > 0:
			row[c.Column].Letters = appended(row[c.Column].Letters, letterOf(out.Columns[c.Against], strength), separator[c.Column])
		default:
			row[c.Against].Letters = appended(row[c.Against].Letters, letterOf(out.Columns[c.Column], strength), separator[c.Column])
		}
	}
}

// strength is 2 at the first level, 1 at the second, 0 where neither is reached.
func (s Tests) strength(p float64) int {
	switch {
	case p <= s.Level.Error():
		return 2
	case p <= s.Second.Error():
		return 1
	}
	return 0
}

// alphabet is the number of letters.
const alphabet = 26

// letter names the nth column of a group: A to Z, then AA, AB and so on.
func letter(n int) string {
	if n < alphabet {
		return string(rune('A' + n))
	}
	return letter(n/alphabet-1) + letter(n%alphabet)
}

func letterOf(c survey.Column, strength int) string {
	if strength == 1 {
		return strings.ToLower(c.Letter)
	}
	return c.Letter
}

// arrow points up where the column is higher, and is filled at the first level.
func arrow(strength int, up bool) string {
	switch {
	case strength == 2 && up:
		return "▲"
	case strength == 2:
		return "▼"
	case up:
		return "△"
	}
	return "▽"
}

// appended adds a letter to a cell's.
func appended(letters, letter, separator string) string {
	if letters == "" {
		return letter
	}
	return letters + separator + letter
}

// correct fills in the adjusted p-values and returns the size of the largest
// family. The family is the table without its nets, in which a comparison that
// the table makes more than once counts once and has one p-value; nets are a
// family of their own. SPSS corrects within a row of a group.
func (s Tests) correct(comparisons []survey.LetterTest, identities []Identity) int {
	families := map[Family][]int{}
	first := map[Identity]int{}
	of := make([]int, len(comparisons))
	for i, id := range identities {
		if _, ok := first[id]; !ok {
			first[id] = i
			families[id.Family] = append(families[id.Family], i)
		}
		of[i] = first[id]
	}
	size := 0
	for _, members := range families {
		p := make([]float64, len(members))
		for k, i := range members {
			p[k] = comparisons[i].P.Float()
		}
		switch s.Adjust {
		case adjustBH:
			p = stats.BenjaminiHochberg(p)
		case adjustHolm:
			p = stats.Holm(p)
		case adjustBonferroni:
			p = stats.Bonferroni(p)
		}
		for k, i := range members {
			comparisons[i].PAdjusted = survey.FigureOf(p[k])
		}
		size = max(size, len(members))
	}
	for i, k := range of {
		comparisons[i].PAdjusted = comparisons[k].PAdjusted
	}
	return size
}

// Family is what the p-values of some comparisons are corrected over: the nets of a
// table, its other rows or, as SPSS does, a row of a group of columns.
type Family struct {
	nets  bool
	row   int
	group string
}

// Family is the family of a comparison in a row of a kind under a column of a group.
func (s Tests) Family(row int, kind survey.RowKind, group string) Family {
	if s.Mimic == MimicSPSS {
		return Family{row: row, group: group}
	}
	return Family{nets: kind == survey.RowNet}
}

// Identity identifies a comparison: the number of the figure of its row, of the
// people on either side, and the family that it is corrected in. Two comparisons of
// a table are one test only if their identities are equal.
type Identity struct {
	Family                Family
	Figure, Side, Another int
}
