package formula

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
)

// Patterns say how the rows that a fit of the model to outcomes y has separated are
// known by its terms: all outcomes are the same, those of a category are, a number
// parts them, or several terms do so together. having words an outcome, such as
// "have y = 1". No row's own value of a number is named.
func (m *Model) Patterns(fit *stats.Fit, y []float64, having func(y float64) string) []string {
	var all, separated []int
	for i, complete := range m.Complete {
		if !complete {
			continue
		}
		all = append(all, i)
		if fit.Separated[i] {
			separated = append(separated, i)
		}
	}
	if len(separated) == len(all) && same(y, all) {
		return []string{fmt.Sprintf("all %s rows %s", survey.FormatCount(m.Rows(all)), having(y[all[0]]))}
	}
	out, named := m.separatedCategories(fit, y, having)
	open := slices.DeleteFunc(separated, func(i int) bool { return named[i] })
	if len(open) == 0 {
		return out
	}
	var together []string
	for k, term := range m.Terms {
		if b := m.blocks[k]; len(b.factors) == 0 && len(b.numbers) == 1 && parts(b.numbers[0], y, all) {
			return append(out, term.Name+" parts the outcomes, with at most one value in common")
		}
		for j := term.First; j < term.First+term.Columns; j++ {
			if !fit.Space.HoldsColumn(j) && term.Name != "(Intercept)" {
				together = append(together, term.Name)
				break
			}
		}
	}
	return append(out, fmt.Sprintf("%s give the outcomes of %s rows away", strings.Join(together, ", "), survey.FormatCount(m.Rows(open))))
}

// separatedCategories are the categories, and combinations of them, of which all
// rows are separated and have one outcome, with the rows that they name; of rows
// that a category names a combination says no more.
func (m *Model) separatedCategories(fit *stats.Fit, y []float64, having func(y float64) string) (out []string, named map[int]bool) {
	named = map[int]bool{}
	for k := range m.Terms {
		cells := m.Cells(k)
		if cells == nil {
			continue
		}
		rows := make([][]int, len(cells.Text))
		for i, c := range cells.Cell {
			if c >= 0 {
				rows[c] = append(rows[c], i)
			}
		}
		for c, in := range rows {
			fresh, whole := 0, same(y, in)
			for _, i := range in {
				whole = whole && fit.Separated[i]
				if !named[i] {
					fresh++
				}
			}
			if !whole || fresh == 0 {
				continue
			}
			for _, i := range in {
				named[i] = true
			}
			out = append(out, fmt.Sprintf("all %s rows with %s %s", survey.FormatCount(m.Rows(in)), cells.Text[c], having(y[in[0]])))
		}
	}
	return out, named
}

// same reports whether some rows have one outcome.
func same(y []float64, rows []int) bool {
	for _, i := range rows {
		if y[i] != y[rows[0]] {
			return false
		}
	}
	return true
}

// parts reports whether the rows with an outcome of 0 lie on one side of a number
// and the others on the other side, but for one value where both may be.
func parts(x, y []float64, rows []int) bool {
	var low, high [2]float64 // of the rows with an outcome of 0, and of the others
	var seen [2]bool
	for _, i := range rows {
		k := 0
		if y[i] != 0 {
			k = 1
		}
		if !seen[k] {
			low[k], high[k], seen[k] = x[i], x[i], true
		}
		low[k], high[k] = min(low[k], x[i]), max(high[k], x[i])
	}
	return high[0] <= low[1] || high[1] <= low[0]
}
