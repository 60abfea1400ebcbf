package tabulate

import (
	"fmt"
	"slices"

	"surveykit/survey"
)

// Differences between columns hold by construction in rows that are made of the
// same answers as the columns: a set by itself or its nets, segments by the items
// that made them, a recode by what it reads. They are no findings, so that nothing
// there is tested.

// originsOf are the variables that columns by these are made of.
func originsOf(t *survey.Table, reads []string) map[string]bool {
	out := map[string]bool{}
	for _, name := range t.Origins(reads...) {
		out[name] = true
	}
	return out
}

// circular marks the columns that share an origin with a row.
func circular(row []string, columns []column) []bool {
	out := make([]bool, len(columns))
	for c := range columns {
		out[c] = slices.ContainsFunc(row, func(name string) bool { return columns[c].origins[name] })
	}
	return out
}

// untest flags a cell whose column is made of its row's answers, and takes the
// test of a change away.
func (x *crossing) untest(r *survey.Estimate, c column) {
	r.Flags = append(r.Flags, survey.FlagCircular)
	if r.P.Exists() {
		x.remark(heldByConstruction(c))
	}
	r.T, r.P = survey.NoFigure(), survey.NoFigure()
}

// isCircular reports whether two columns differ by construction.
func (x *crossing) isCircular(p pair) bool {
	return x.circular[p.column] || p.against != survey.Rest && x.circular[p.against]
}

func heldByConstruction(c column) string {
	return fmt.Sprintf("Columns under %s are not compared in rows that are made of the same answers as they are: such differences hold by construction.", c.Group)
}
