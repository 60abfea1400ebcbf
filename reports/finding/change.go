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
	family := shown(b)
	p := make([]float64, len(family))
	for i, at := range family {
		p[i] = float64(at.table.Cells[at.row][at.column].P)
	}
	var found []Finding
	for i, adjusted := range stats.BenjaminiHochberg(p) {
		t, r, c := family[i].table, family[i].row, family[i].column
		if adjusted < alpha && headline(t, t.Rows[r]) && sound(t.Cells[r][c]) && visible(t, r, c) {
			found = append(found, change(t, r, c, adjusted, len(family)))
		}
	}
	return found
}

// shown lists the changes of the book that are shown with a p-value.
func shown(b *survey.Book) []place {
	var all []place
	for _, t := range b.Tables {
		for r := range t.Rows {
			for c, column := range t.Columns {
				cell := t.Cells[r][c]
				if column.Change && cell.P.Exists() && !wording.Has(cell, survey.FlagSuppressed) {
					all = append(all, place{t, r, c})
				}
			}
		}
	}
	return all
}

// visible reports whether a change is more than zero as it is written.
func visible(t *survey.Tabulation, r, c int) bool {
	return strings.ContainsAny(wording.Of(t, r, c).Figure, "123456789")
}

// change is the sentence for a change: by how much, and from what to what where the
// table shows both sides.
func change(t *survey.Tabulation, r, c int, p float64, family int) Finding {
	cell, column := t.Cells[r][c], t.Columns[c]
	size, way := float64(cell.Value), "up"
	f := Finding{Table: t, Row: r, Columns: []int{c}, Tested: true, strength: strength(cell.T, cell.P)}
	from, to, both := ends(t, c)
	d := digitsOf(t, r)
	where := " (" + heading(column) + ")"
	if both {
		f.Columns = []int{c, from, to}
		before, after := float64(t.Cells[r][from].Value), float64(t.Cells[r][to].Value)
		where = fmt.Sprintf(", from %s in %s to %s in %s", d.value(before), t.Columns[from].Label, d.value(after), t.Columns[to].Label)
	}
	if size < 0 {
		way = "down"
	}
	f.Claim = fmt.Sprintf("%s: %s %s%s%s", subject(t, r), way, d.size(math.Abs(size)), d.unit(), where)
	f.Evidence = fmt.Sprintf("%s CI %s to %s%s; %s, %s; %s", wording.Level(cell.Level), d.signed(float64(cell.Low)), d.signed(float64(cell.High)), d.unit(),
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
		if !x.Exists() || !y.Exists() || !d.Exists() || d == 0 {
			continue
		}
		if math.Abs(float64(y-x-d)) > same*max(1, math.Abs(float64(y))) {
			return false
		}
		compared++
	}
	return compared > 0
}
