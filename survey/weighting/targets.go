package weighting

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// populationFile is a table of the population: a margin takes its totals from
// it, added up over the rows of each category, a model its totals of columns.
type populationFile struct {
	at    spec.Place
	table *survey.Table
	total scalar
	// columns are the file's names of the variables.
	columns map[string]scalar
	// categories are the file's values of a variable's categories; without them
	// the file's labels, or else values, are the categories.
	categories map[string][]collection
	// others is what a margin keeps besides its categories.
	others bool
	// counts are the totals, sources the columns of the variables.
	counts  *survey.Variable
	sources []*survey.Variable
}

// collection is a category of the survey with the values that the file has for it.
type collection struct {
	at     spec.Place
	name   string
	values []string
}

// isFile reports whether totals are in a file; a category may be called file, too.
func isFile(entries []spec.Entry) bool {
	return slices.ContainsFunc(entries, func(e spec.Entry) bool { return e.Key.Text == "file" && !isNumber(e.Value.Text) })
}

// populationFile reads the file: key of some variables with what goes with it,
// and then the file; ok is false where it cannot be used.
func (r *reader) populationFile(at spec.Place, entries []spec.Entry, variables []string) (f *populationFile, ok bool) {
	f = &populationFile{at: at, columns: map[string]scalar{}, categories: map[string][]collection{}}
	known := r.Unsound()
	for _, e := range entries {
		switch e.Key.Text {
		case "file":
			f.at, f.table = e.Value.At, r.openFile(e.Value)
		case "total":
			f.total = scalar{e.Value.At, r.scalar(e.Value)}
		case "columns":
			for _, c := range r.mapping(e.Value, "columns") {
				f.columns[r.variableOf(variables, c)] = scalar{c.Value.At, r.scalar(c.Value)}
			}
		case "categories":
			for _, c := range r.mapping(e.Value, "categories") {
				f.categories[r.variableOf(variables, c)] = r.collections(c)
			}
		case "others":
			if f.others = e.Value.Text == keepWord; !f.others {
				r.fail(e.Value.At, survey.Problem{Value: e.Value.Text, Message: "others must be keep", Remedy: "write others: keep"})
			}
		default:
			p := survey.UnknownName("key", e.Key.Text, []string{"file", "total", "columns", "categories", "others"})
			p.Remedy = "totals from a file have file, total, columns, categories and others"
			r.fail(e.Key.At, p)
		}
	}
	if f.total.text == "" {
		r.fail(at, survey.Problem{Message: "the column with the totals is not named", Remedy: "add total: with the name of the column"})
	} else if f.table != nil {
		f.counts = r.fileColumn(f, f.total)
		if f.counts != nil && f.counts.IsText() {
			r.fail(f.total.at, survey.Problem{Variable: f.counts.Name, Message: "the column of totals is text", Remedy: "name a column of numbers"})
		}
		for _, name := range variables {
			column, ok := f.columns[name]
			if !ok {
				column = scalar{f.at, name}
			}
			f.sources = append(f.sources, r.fileColumn(f, column))
		}
	}
	return f, r.Unsound() == known
}

// variableOf is the key of an entry, which must be one of the variables.
func (r *reader) variableOf(variables []string, e spec.Entry) string {
	if !slices.Contains(variables, e.Key.Text) {
		r.fail(e.Key.At, survey.UnknownName("variable", e.Key.Text, variables))
	}
	return e.Key.Text
}

// collections reads category: values, where values are one, a range or a list.
func (r *reader) collections(e spec.Entry) []collection {
	var out []collection
	for _, c := range r.mapping(e.Value, e.Key.Text) {
		values := []string{c.Value.Text}
		if values[0] == "" {
			values = nil
			for _, item := range r.list(c.Value, c.Key.Text) {
				values = append(values, r.scalar(item))
			}
		}
		out = append(out, collection{c.Key.At, c.Key.Text, values})
	}
	return out
}

// addUp makes the margin's targets of the file's rows. Rows in no category are
// left out: files often hold totals and ages that a survey does not cover.
func (r *reader) addUp(m *marginSpec, f *populationFile) {
	naming := make([]func(row int) string, len(m.variables))
	for k, name := range m.variables {
		naming[k] = f.naming(name, f.sources[k])
	}
	at := map[string]int{}
	for row := range f.table.Rows {
		names := make([]string, len(naming))
		for k, n := range naming {
			names[k] = n(row)
		}
		if slices.Contains(names, "") {
			continue
		}
		t := target{at: f.at, names: names}
		k, ok := at[t.name()]
		if !ok {
			k = len(m.targets)
			at[t.name()] = k
			m.targets = append(m.targets, t)
		}
		total, fault := f.totalOf(row)
		m.targets[k].total += total
		r.failFile(f.at, fault)
	}
	for k, name := range m.variables {
		for _, c := range f.categories[name] {
			if !slices.ContainsFunc(m.targets, func(t target) bool { return t.names[k] == c.name }) {
				r.fail(c.at, survey.Problem{Variable: name, Value: c.name, Message: fmt.Sprintf("no row of %s is in this category, by %s", f.path(), strings.Join(c.values, ", ")), Remedy: "give the values that the file has"})
			}
		}
	}
	if len(m.targets) == 0 && r.Unsound() == 0 {
		r.fail(f.at, survey.Problem{Message: f.path() + " has no row for this margin", Remedy: "check columns and categories"})
	}
}

// totalOf is the total in a row of the file.
func (f *populationFile) totalOf(row int) (float64, survey.Problems) {
	x := f.counts.Numbers.At(row)
	if x >= 0 && !math.IsInf(x, 0) {
		return x, nil
	}
	p := survey.Problem{File: f.path(), Row: row + 1, Variable: f.counts.Name, Message: "the total is missing or negative", Remedy: "fill it in"}
	if !math.IsNaN(x) {
		p.Value = survey.FormatNumber(x)
	}
	return 0, survey.Problems{p}
}

func (f *populationFile) path() string {
	if len(f.table.Sources) == 0 {
		return ""
	}
	return f.table.Sources[0].Path
}

func (r *reader) fileColumn(f *populationFile, name scalar) *survey.Variable {
	v := f.table.Lookup(name.text)
	if v == nil {
		p := survey.UnknownName("column", name.text, f.table.Names())
		p.Message += " in " + f.path()
		r.fail(name.at, p)
	}
	return v
}

// naming finds the category of a row of the file, "" for none.
func (f *populationFile) naming(variable string, v *survey.Variable) func(row int) string {
	valid := v.Valid()
	collections, given := f.categories[variable]
	return func(row int) string {
		x, _ := v.At(row)
		switch {
		case !valid[row]:
			return ""
		case !given:
			return v.LabelOf(x)
		}
		for _, c := range collections {
			if slices.ContainsFunc(c.values, func(s string) bool { return holds(s, x) || s == v.LabelOf(x) }) {
				return c.name
			}
		}
		return ""
	}
}

// holds reports whether a value is the one written, or within the range of
// numbers written, as in 18-24.
func holds(written string, x survey.Value) bool {
	low, high, ok := strings.Cut(written, "-")
	if ok && !x.IsText {
		a, errA := strconv.ParseFloat(low, 64)
		b, errB := strconv.ParseFloat(high, 64)
		if errA == nil && errB == nil {
			return a <= x.Number && x.Number <= b
		}
	}
	return written == x.String()
}

// keepWord is written in place of a total: the category keeps the share that it has.
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
