package tabulate

import (
	"fmt"

	"surveykit/survey"
)

// Differences between columns hold by construction in rows that are made of the
// same answers as the columns: a set by itself or its nets, segments by the items
// that made them, a recode by what it reads. They are no findings, so that nothing
// there is tested. The one exception are means and quantiles of a number under
// ranges of that number, which books of tables describe groups by: they are
// tested, and are no findings either.

// origin is what columns share with rows.
type origin int

const (
	sharesNothing origin = iota
	sharesNumber         // the columns are ranges of the row's number
	sharesAnswers
)

// originsOf says by which variables columns by these are made.
func originsOf(t *survey.Table, reads []string) map[string]origin {
	out := map[string]origin{}
	for _, name := range reads {
		if v := t.Lookup(name); v != nil && v.RangesOf != "" {
			out[name] = sharesAnswers
			out[v.RangesOf] = max(out[v.RangesOf], sharesNumber)
			continue
		}
		for _, o := range t.Origins(name) {
			out[o] = sharesAnswers
		}
	}
	return out
}

// circular is what each column shares with a row that is made of some variables.
func circular(row []string, columns []column) []origin {
	out := make([]origin, len(columns))
	for c := range columns {
		for _, name := range row {
			out[c] = max(out[c], columns[c].origins[name])
		}
	}
	return out
}

// untested reports whether a line is not compared under a column, for the
// difference holds by construction.
func (x *crossing) untested(l line, c int) bool {
	number := l.Kind == survey.RowMean || l.sample != nil
	return x.circular[c] == sharesAnswers || x.circular[c] == sharesNumber && !number
}

// untest flags a cell whose column is made of its row's answers, and takes the
// test of a change away.
func (x *crossing) untest(r *survey.Estimate, l line, c int) {
	r.Flags = append(r.Flags, survey.FlagCircular)
	if !x.untested(l, c) {
		return
	}
	if r.P.Exists() {
		x.remark(heldByConstruction(x.banner.columns[c]))
	}
	r.T, r.P = survey.NoFigure(), survey.NoFigure()
}

func heldByConstruction(c column) string {
	return fmt.Sprintf("Columns under %s are not compared in rows that are made of the same answers as they are: such differences hold by construction.", c.Group)
}
