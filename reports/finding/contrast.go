package finding

import (
	"fmt"
	"math"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/stats"
	"surveykit/survey"
)

// contrasts are the statements about the first and the last category of each banner
// that can carry one in the row: tested where the table compares the two under its
// design, stated side by side where it does not and their intervals do not overlap.
func contrasts(b *survey.Book) []Finding {
	var found []Finding
	var family []pair
	for _, p := range pairs(b) {
		if p.comparison != nil {
			family = append(family, p)
		} else if apart(p.from(), p.to()) {
			// Both figures in the order of the banner, without the claim of a difference.
			t, r, first, last := p.table, p.row, p.from(), p.to()
			x, y := first.Value.Float(), last.Value.Float()
			d := digits{t.Rows[r].Kind, t.Rounding.Decimals(t.Rows[r].Kind)} // as in the table, because no difference is written
			limits := func(c survey.Cell) string { return d.size(c.Low.Float()) + " to " + d.size(c.High.Float()) }
			found = append(found, Finding{
				Table: t, Row: r, Columns: []int{p.first, p.last},
				Claim: fmt.Sprintf("%s: %s for %s and %s for %s", subject(t, r), d.value(x), point(t, p.first), d.value(y), point(t, p.last)),
				Evidence: fmt.Sprintf("%s CI %s (%s) and %s (%s); not tested as a difference", wording.Level(first.Level),
					limits(first), base(first), limits(last), base(last)),
				strength: math.Abs(x-y) / math.Hypot(first.SE.Float(), last.SE.Float()),
			})
		}
	}
	values := make([]float64, len(family))
	for i, p := range family {
		values[i] = p.comparison.P.Float()
	}
	for i, adjusted := range stats.BenjaminiHochberg(values) {
		if f := family[i].tested(adjusted, len(family)); adjusted < alpha && strings.ContainsAny(f.size, "123456789") { // not 0 as it is written
			found = append(found, f)
		}
	}
	return found
}

// pair are the first and the last category of a banner in one row.
type pair struct {
	table *survey.Tabulation
	row   int
	span
	// comparison is the test of the one against the other, nil for none.
	comparison *survey.LetterTest
}

func (p pair) from() survey.Cell { return p.table.Cells[p.row][p.first] }
func (p pair) to() survey.Cell   { return p.table.Cells[p.row][p.last] }

// pairs lists the pairs of the book that can carry a statement.
func pairs(b *survey.Book) []pair {
	var all []pair
	for _, t := range b.Tables {
		tests := map[rowSpan]*survey.LetterTest{} // of one column against another, by the design
		for i := range t.Comparisons {
			c := &t.Comparisons[i]
			if !c.Mimicked && c.P.Exists() && c.DF.Exists() {
				tests[rowSpan{c.Row, span{min(c.Column, c.Against), max(c.Column, c.Against)}}] = c
			}
		}
		for _, g := range banners(t) {
			for r, row := range t.Rows {
				// Columns at the ends that cannot carry a statement, such as the few who refused
				// an answer, are left out.
				ends, cells := g, t.Cells[r]
				for ends.first <= ends.last && !sound(cells[ends.first]) {
					ends.first++
				}
				for ends.last >= ends.first && !sound(cells[ends.last]) {
					ends.last--
				}
				if headline(t, row) && (row.Kind == survey.RowShare || row.Kind == survey.RowNet || row.Kind == survey.RowMean) && ends.first < ends.last && !alike(row, t.Columns[ends.first]) {
					all = append(all, pair{table: t, row: r, span: ends, comparison: tests[rowSpan{r, ends}]})
				}
			}
		}
	}
	return all
}

// rowSpan is a row with two of its columns.
type rowSpan struct {
	row int
	span
}

// span is a banner from its first to its last column.
type span struct{ first, last int }

// banners are the groups of two columns or more that no change column tests.
func banners(t *survey.Tabulation) []span {
	tested := map[string]bool{}
	for c, column := range t.Columns {
		if column.Change {
			if from, _, ok := ends(t, c); ok {
				tested[t.Columns[from].Group] = true
			}
		}
	}
	var out []span
	for c, column := range t.Columns {
		switch {
		case column.Change || column.Group == "" || tested[column.Group]:
		case len(out) > 0 && out[len(out)-1].last == c-1 && t.Columns[c-1].Group == column.Group:
			out[len(out)-1].last = c
		default:
			out = append(out, span{c, c})
		}
	}
	return out
}

func apart(a, b survey.Cell) bool {
	return a.Low.Float() > b.High.Float() || b.Low.Float() > a.High.Float()
}

// tested states the difference, the larger side first, with its interval.
func (p pair) tested(corrected float64, family int) Finding {
	t, r := p.table, p.row
	high, low := p.last, p.first
	if p.from().Value.Float() > p.to().Value.Float() {
		high, low = low, high
	}
	x, y := t.Cells[r][high].Value.Float(), t.Cells[r][low].Value.Float()
	difference, level := math.Abs(p.comparison.Difference.Float()), p.from().Level
	d, limits := digitsOf(t, r), ""
	if low, high, ok := p.limits(difference, level.Float()); ok {
		limits = fmt.Sprintf("%s CI %s to %s%s; ", wording.Level(level), d.size(low), d.size(high), d.unit())
	}
	return Finding{
		Table: t, Row: r, Columns: []int{high, low}, Tested: true,
		Claim: fmt.Sprintf("%s: %s%s higher for %s than for %s, %s against %s", subject(t, r), d.size(difference), d.unit(),
			point(t, high), point(t, low), d.value(x), d.value(y)),
		Evidence: fmt.Sprintf("%s%s, %s; %s and %s", limits,
			figure.P(corrected), adjusted(family, "contrast"), base(t.Cells[r][high]), base(t.Cells[r][low])),
		strength: strength(p.comparison.T, p.comparison.P),
		size:     d.size(difference),
	}
}

// limits are the limits of the stated difference, which is above zero: difference ± t(df)·SE
// from the joint covariance of the two sides, or from two shares at or near an
// edge; ok is false where people are on both sides of these.
func (p pair) limits(difference, level float64) (low, high float64, ok bool) {
	c := p.comparison
	if c.Edge == nil {
		half := stats.TQuantile((1+level)/2, c.DF.Float()) * c.SE.Float()
		return difference - half, difference + half, true
	}
	low, high = c.Edge.Limits(level)
	if c.Difference.Float() < 0 {
		low, high = -high, -low
	}
	return low, high, !math.IsNaN(low)
}

// alpha is the level of tests after their adjustment.
const alpha = 0.05

// place is a change column's cell.
type place struct {
	table       *survey.Tabulation
	row, column int
}

// changes are the statements on change columns that pass their test after
// Benjamini–Hochberg over every change that the book shows.
func changes(b *survey.Book) []Finding {
	var family []place
	for _, t := range b.Tables {
		for r := range t.Rows {
			for c, column := range t.Columns {
				cell := t.Cells[r][c]
				if column.Change && cell.P.Exists() && !wording.Has(cell, survey.FlagSuppressed) {
					family = append(family, place{t, r, c})
				}
			}
		}
	}
	p := make([]float64, len(family))
	for i, at := range family {
		p[i] = at.table.Cells[at.row][at.column].P.Float()
	}
	var found []Finding
	for i, adjusted := range stats.BenjaminiHochberg(p) {
		t, r, c := family[i].table, family[i].row, family[i].column
		if adjusted < alpha && headline(t, t.Rows[r]) && sound(t.Cells[r][c]) && strings.ContainsAny(wording.Of(t, r, c).Figure, "123456789") {
			found = append(found, change(t, r, c, adjusted, len(family)))
		}
	}
	return found
}

// change is the sentence for a change: by how much, and from what to what where the
// table shows both sides.
func change(t *survey.Tabulation, r, c int, p float64, family int) Finding {
	cell, column := t.Cells[r][c], t.Columns[c]
	size, way := cell.Value.Float(), "up"
	f := Finding{Table: t, Row: r, Columns: []int{c}, Tested: true, strength: strength(cell.T, cell.P)}
	from, to, both := ends(t, c)
	d := digitsOf(t, r)
	where := " (" + heading(column) + ")"
	if both {
		f.Columns = []int{c, from, to}
		before, after := t.Cells[r][from].Value.Float(), t.Cells[r][to].Value.Float()
		where = fmt.Sprintf(", from %s in %s to %s in %s", d.value(before), t.Columns[from].Label, d.value(after), t.Columns[to].Label)
	}
	if size < 0 {
		way = "down"
	}
	f.Claim = fmt.Sprintf("%s: %s %s%s%s", subject(t, r), way, d.size(math.Abs(size)), d.unit(), where)
	f.Evidence = fmt.Sprintf("%s CI %s to %s%s; %s, %s; %s", wording.Level(cell.Level), d.signed(cell.Low.Float()), d.signed(cell.High.Float()), d.unit(),
		figure.P(p), adjusted(family, "change"), base(cell))
	return f
}

func heading(c survey.Column) string {
	if c.Group == "" {
		return c.Label
	}
	return c.Group + ", " + c.Label
}

// same is the allowed distance of a change from the difference of its two sides: the
// rounding of their last bits.
const same = 1e-9

// ends finds the two columns of one group that a change column lies between:
// those whose figures differ by it in every row that has all three.
func ends(t *survey.Tabulation, c int) (from, to int, ok bool) {
	for from, a := range t.Columns {
		for to, b := range t.Columns {
			if from != to && !a.Change && !b.Change && a.Group == b.Group && differsBy(t, from, to, c) {
				return from, to, true
			}
		}
	}
	return 0, 0, false
}

func differsBy(t *survey.Tabulation, from, to, c int) bool {
	compared := 0
	for r := range t.Rows {
		x, y, d := t.Cells[r][from].Value, t.Cells[r][to].Value, t.Cells[r][c].Value
		if !x.Exists() || !y.Exists() || !d.Exists() || d.Float() == 0 {
			continue
		}
		if math.Abs(y.Float()-x.Float()-d.Float()) > same*max(1, math.Abs(y.Float())) {
			return false
		}
		compared++
	}
	return compared > 0
}
