package tabulate

import (
	"fmt"
	"math"
	"strings"

	"surveykit/survey"
)

// quadrants notes, by their estimates, which items lie above the mean of all items in each of two
// figures: those of the table's two blocks of rows, in the first column.
func (t *tabling) quadrants(out *survey.Tabulation) {
	n := len(out.Rows) / 2
	first, second := out.Rows[0].Group, out.Rows[len(out.Rows)-1].Group
	meanX, meanY := meanOf(out.Cells[:n]), meanOf(out.Cells[n:])
	var in [4][]string
	for i := range n {
		x, y := visible(out.Cells[i][0]), visible(out.Cells[n+i][0])
		if math.IsNaN(x) || math.IsNaN(y) {
			continue
		}
		k := 0
		if x < meanX {
			k += 2
		}
		if y < meanY {
			k++
		}
		in[k] = append(in[k], out.Rows[i].Label)
	}
	for k, name := range []string{"Above the mean in both", "Above the mean only in " + first, "Above the mean only in " + second, "Below the mean in both"} {
		if len(in[k]) > 0 {
			out.Notes = append(out.Notes, fmt.Sprintf("%s: %s.", name, strings.Join(in[k], ", ")))
		}
	}
}

// inPairs reports whether rows are two blocks of as many items.
func inPairs(rows []survey.Row) bool {
	n := len(rows) / 2
	return n > 0 && len(rows)%2 == 0 && rows[n-1].Group == rows[0].Group && rows[n].Group == rows[len(rows)-1].Group
}

// meanOf is the plain mean of the first column's figures.
func meanOf(rows [][]survey.Cell) float64 {
	sum, n := 0.0, 0
	for _, r := range rows {
		if x := visible(r[0]); !math.IsNaN(x) {
			sum += x
			n++
		}
	}
	return sum / float64(n)
}
