package drivers

import (
	"fmt"
	"math"
	"strings"

	"surveykit/survey"
)

// ImportancePerformance is the kind of table that sorts items into four quadrants
// by two figures each, both against the mean over the items. It has two blocks of
// rows with a row for each item, such as importance and performance, or willingness
// and benefit.
var ImportancePerformance = &survey.TableKind{
	Name: "importance_performance", Draws: "items in four quadrants by two figures",
	Expand: func(s survey.TableSpec, _ *survey.Table) (survey.TableSpec, *survey.Problem) {
		if len(s.Rows) != 2 || s.Rows[0].Group == "" || s.Rows[1].Group == "" {
			return s, survey.TableLacks("two rows of group, one for each direction of the quadrants")
		}
		return s, nil
	},
	Check: func(rows []survey.Row) *survey.Problem {
		n := len(rows) / 2
		if n > 0 && len(rows)%2 == 0 && rows[n-1].Group == rows[0].Group && rows[n].Group == rows[len(rows)-1].Group {
			return nil
		}
		return &survey.Problem{Message: "the two blocks of rows do not have the same items", Remedy: "give both groups the same items in the same order"}
	},
	Finish: noteQuadrants,
}

// noteQuadrants notes, by their estimates, which items lie above the mean of all
// items in each of two figures: those of the table's two blocks of rows, in the
// first column.
func noteQuadrants(out *survey.Tabulation) {
	n := len(out.Rows) / 2
	first, second := out.Rows[0].Group, out.Rows[len(out.Rows)-1].Group
	meanX, meanY := meanShown(out.Cells[:n]), meanShown(out.Cells[n:])
	var in [4][]string
	for i := range n {
		x, y := out.Cells[i][0].Shown(), out.Cells[n+i][0].Shown()
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

// meanShown is the plain mean of the first column's figures.
func meanShown(rows [][]survey.Cell) float64 {
	sum, n := 0.0, 0
	for _, r := range rows {
		if x := r[0].Shown(); !math.IsNaN(x) {
			sum += x
			n++
		}
	}
	return sum / float64(n)
}
