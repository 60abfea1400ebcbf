package weighting

import (
	"math"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// keepWord stands in place of a total: the category keeps the share that it has.
const keepWord = "keep"

// margin reads the categories of one variable, or of several joined by *, with
// their totals, or where a file has them.
func (r *reader) margin(e spec.Entry) marginSpec {
	m := marginSpec{at: e.Key.At}
	for _, name := range strings.Split(e.Key.Text, "*") {
		if name = strings.TrimSpace(name); name == "" {
			r.fail(e.Key.At, survey.Problem{Value: e.Key.Text, Message: "a margin needs a variable on both sides of *", Remedy: "write age * gender"})
		}
		m.variables = append(m.variables, name)
	}
	entries := r.mapping(e.Value, e.Key.Text)
	if isFile(entries) {
		if f, ok := r.populationFile(m.at, entries, m.variables); ok {
			m.others = f.others
			r.addUp(&m, f)
		}
		return m
	}
	r.nested(&m, entries, nil)
	return m
}

// nested reads category: total pairs, one level for each variable.
func (r *reader) nested(m *marginSpec, entries []spec.Entry, above []string) {
	for _, e := range entries {
		switch names := append(above[:len(above):len(above)], e.Key.Text); {
		case e.Key.Text == "others" && e.Value.Text == keepWord && len(above) == 0:
			m.others = true
		case len(names) < len(m.variables):
			r.nested(m, r.mapping(e.Value, e.Key.Text), names)
		default:
			m.targets = append(m.targets, r.target(e, names))
		}
	}
}

func (r *reader) target(e spec.Entry, names []string) target {
	t := target{at: e.Key.At, names: names}
	if t.keep = e.Value.Text == keepWord; !t.keep {
		t.total = r.number(e.Value, false)
	}
	return t
}

// cells reads a list of variable: category pairs with a total each, or the one
// cross-classification as margins have it: age * gender with totals, or a file.
func (r *reader) cells(n *spec.Node) {
	if n.Form != spec.Mapping {
		r.cellList(n)
		return
	}
	margins := r.mapping(n, "cells")
	if len(margins) > 1 {
		r.fail(margins[1].Key.At, survey.Problem{Value: margins[1].Key.Text, Message: "post-stratification has one classification", Remedy: "cross its variables with *, or use method: rake for several margins"})
	}
	for _, e := range margins {
		r.step.margins = append(r.step.margins, r.margin(e))
	}
}

// cellList reads cells one by one. The first decides the variables.
func (r *reader) cellList(n *spec.Node) {
	m := marginSpec{at: n.At}
	for _, item := range r.list(n, "cells") {
		cell := target{at: item.At}
		given := map[string]string{}
		complete := false
		for _, e := range r.mapping(item, "a cell") {
			if e.Key.Text == "total" {
				complete = true
				total := r.target(e, nil)
				cell.total, cell.keep = total.total, total.keep
				continue
			}
			given[e.Key.Text] = r.scalar(e.Value)
			if len(m.targets) == 0 {
				m.variables = append(m.variables, e.Key.Text)
			}
		}
		for _, v := range m.variables {
			category, ok := given[v]
			complete = complete && ok
			cell.names = append(cell.names, category)
		}
		if !complete || len(given) != len(m.variables) || len(given) == 0 {
			r.fail(cell.at, survey.Problem{Message: "the cell must have the keys of the first cell and total", Remedy: "write a category for each variable and total, such as {age: 18-24, gender: female, total: 6722}"})
		}
		m.targets = append(m.targets, cell)
	}
	if len(m.targets) > 0 {
		m.at = m.targets[0].at
	}
	r.step.margins = []marginSpec{m}
}

// scalar reads a single value.
func (r *reader) scalar(n *spec.Node) string {
	if n.Text == "" && !n.Broken {
		r.fail(n.At, survey.Problem{Message: "a single value is needed here", Remedy: "write a word, a number or a text in quotes"})
	}
	return n.Text
}

// number reads a finite number.
func (r *reader) number(n *spec.Node, negative bool) float64 {
	x, err := strconv.ParseFloat(n.Text, 64)
	switch {
	case n.Broken:
	case err != nil || math.IsNaN(x) || math.IsInf(x, 0):
		r.fail(n.At, survey.Problem{Value: n.Text, Message: "a number is needed here", Remedy: "write it with digits and a decimal point only"})
	case x < 0 && !negative:
		r.fail(n.At, survey.Problem{Value: n.Text, Message: "the number is negative", Remedy: "give zero or more"})
	default:
		return x
	}
	return 0
}

// mapping reads key: value pairs.
func (r *reader) mapping(n *spec.Node, what string) []spec.Entry {
	if len(n.Entries) == 0 && !n.Broken {
		r.fail(n.At, survey.Problem{Message: what + " must hold key: value pairs", Remedy: "write a line for each, or {key: value, …}"})
	}
	return n.Entries
}

// list reads a list.
func (r *reader) list(n *spec.Node, what string) []*spec.Node {
	if len(n.Items) == 0 && !n.Broken {
		r.fail(n.At, survey.Problem{Message: what + " must hold a list", Remedy: "write [first, second] or a line with a dash for each"})
	}
	return n.Items
}
