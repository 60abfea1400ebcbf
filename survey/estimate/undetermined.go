package estimate

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
)

// mostReasons bounds the patterns that one warning names.
const mostReasons = 5

// undetermined says which coefficients the rows do not determine, and why: one
// sentence for columns that depend on each other, one for outcomes that the terms
// separate.
func (r *regression) undetermined() []string {
	if r.rows == 0 {
		return nil
	}
	space := r.fitted.Space
	if r.fitted.Separated != nil {
		w := make([]float64, len(r.Complete))
		for i, complete := range r.Complete {
			if complete {
				w[i] = r.sample.frame.ByRow.Weights[i]
			}
		}
		space = r.X.RowSpace(w)
	}
	var dependent, separate []string
	for j, name := range r.Names {
		switch {
		case !space.HoldsColumn(j):
			dependent = append(dependent, name)
		case !r.fitted.Space.HoldsColumn(j):
			separate = append(separate, name)
		}
	}
	var out []string
	if len(dependent) > 0 {
		out = append(out, reason(dependent, r.dependences(space), "leave a term out, or combine categories in a recode"))
	}
	if len(separate) > 0 {
		out = append(out, reason(separate, r.Patterns(r.fitted, r.Y, r.having), "leave the term out, or combine its categories in a recode"))
	}
	return out
}

// reason is a warning on terms.
func reason(terms, because []string, remedy string) string {
	is := "is"
	if len(terms) > 1 {
		is = "are"
	}
	return fmt.Sprintf("%s %s not estimable: %s; %s", listed(terms, ", "), is, listed(because, "; "), remedy)
}

// listed joins the first few of a list.
func listed(all []string, by string) string {
	if more := len(all) - mostReasons; more > 0 {
		all = append(slices.Clone(all[:mostReasons]), fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, by)
}

// dependences say which terms depend on each other: cells of an interaction that
// nobody is in, or the terms of each dependence.
func (r *regression) dependences(space *stats.RowSpace) (out []string) {
	empty := map[int]bool{}
	for k, term := range r.Terms {
		cells := r.Cells(k)
		if cells == nil || !strings.Contains(term.Name, ":") {
			continue
		}
		count := make([]int, len(cells.Text))
		for _, c := range cells.Cell {
			if c >= 0 {
				count[c]++
			}
		}
		for c, n := range count {
			if n == 0 {
				empty[k] = true
				out = append(out, "no row has "+cells.Text[c])
			}
		}
	}
	for _, v := range space.Null {
		var terms []string
		known := false
		for k, term := range r.Terms {
			if in := v[term.First : term.First+term.Columns]; !slices.ContainsFunc(in, func(x float64) bool { return x != 0 }) {
				continue
			}
			known = known || empty[k]
			if term.Name != "(Intercept)" {
				terms = append(terms, term.Name)
			}
		}
		text := strings.Join(terms, ", ") + " depend on each other"
		if len(terms) == 1 {
			text = terms[0] + " does not vary"
		}
		if !known && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// having words an outcome; that of a condition is whether it holds.
func (r *regression) having(y float64) string {
	if !strings.ContainsAny(r.response, "=<>") {
		return "have " + r.response + " = " + survey.FormatNumber(y)
	}
	if y == 0 {
		return "do not fulfil " + r.response
	}
	return "fulfil " + r.response
}
