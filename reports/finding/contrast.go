package finding

import (
	"fmt"
	"math"

	"surveykit/reports/wording"
	"surveykit/survey"
)

// contrasts are the statements on the first and the last category of each
// banner whose intervals do not overlap. Both figures are told; a table holds
// no joint variance of two columns, so nothing is claimed of their difference.
func contrasts(b *survey.Book) []Finding {
	var found []Finding
	for _, t := range b.Tables {
		for _, g := range banners(t) {
			for r, row := range t.Rows {
				if headline(t, row) && comparable(row.Kind) && apart(t.Cells[r][g.first], t.Cells[r][g.last]) {
					found = append(found, contrast(t, r, g))
				}
			}
		}
	}
	return found
}

// comparable leaves out totals, which differ with the size of the groups, and ratios.
func comparable(kind survey.RowKind) bool {
	return kind == survey.RowShare || kind == survey.RowNet || kind == survey.RowMean
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
	return sound(a) && sound(b) && (a.Low > b.High || b.Low > a.High)
}

// contrast words both figures in the order of the banner. Its strength is the gap
// over the mean width of the two intervals.
func contrast(t *survey.Tabulation, r int, g span) Finding {
	first, last := t.Cells[r][g.first], t.Cells[r][g.last]
	return Finding{
		Table: t, Row: r, Columns: []int{g.first, g.last},
		Claim: fmt.Sprintf("%s: %s for %s, %s for %s", wording.Row(t, r),
			wording.Of(t, r, g.first).Figure, t.Columns[g.first].Label, wording.Of(t, r, g.last).Figure, t.Columns[g.last].Label),
		Evidence: fmt.Sprintf("%s (%s) and %s (%s); not tested as a difference",
			interval(t, r, g.first), base(first), wording.Of(t, r, g.last).Limits, base(last)),
		strength: 2 * math.Abs(float64(last.Value-first.Value)) / float64(first.High-first.Low+last.High-last.Low),
	}
}
