package weighting

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// populationFile is a table of the population from which a margin takes its
// totals: it is added up over the rows of each category.
type populationFile struct {
	at    place
	table *survey.Table
	total scalar
	// columns are the file's names of the margin's variables.
	columns map[string]scalar
	// categories are the file's values of a variable's categories; without them
	// the file's labels, or else values, are the categories.
	categories map[string][]collection
}

// collection is a category of the survey with the values that the file has for it.
type collection struct {
	at     place
	name   string
	values []string
}

// populationFile reads a margin's file: key with what goes with it, and then the file.
func (r *reader) populationFile(m *marginSpec, entries []entry) {
	f := &populationFile{at: m.at, columns: map[string]scalar{}, categories: map[string][]collection{}}
	for _, e := range entries {
		switch e.key {
		case "file":
			f.at, f.table = e.value.at(), r.openFile(e.value)
		case "total":
			f.total = scalar{e.value.at(), r.scalar(e.value)}
		case "columns":
			for _, c := range r.mapping(e.value, "columns") {
				f.columns[r.variableOf(m, c)] = scalar{c.value.at(), r.scalar(c.value)}
			}
		case "categories":
			for _, c := range r.mapping(e.value, "categories") {
				f.categories[r.variableOf(m, c)] = r.collections(c)
			}
		case "others":
			m.others = r.choice(e.value, "treatment of other categories", keepWord) == keepWord
		default:
			p := survey.UnknownName("key", e.key, []string{"file", "total", "columns", "categories", "others"})
			p.Remedy = "a margin from a file has file, total, columns, categories and others"
			r.fail(e.at, p)
		}
	}
	if f.total.text == "" {
		r.fail(m.at, survey.Problem{Message: "the margin does not say which column of the file holds the totals", Remedy: "add total: with its name"})
	} else if f.table != nil {
		r.addUp(m, f)
	}
}

// variableOf is the key of an entry, which must be a variable of the margin.
func (r *reader) variableOf(m *marginSpec, e entry) string {
	if !slices.Contains(m.variables, e.key) {
		r.fail(e.at, survey.UnknownName("variable", e.key, m.variables))
	}
	return e.key
}

// collections reads category: values, where values are one, a range or a list.
func (r *reader) collections(e entry) []collection {
	var out []collection
	for _, c := range r.mapping(e.value, e.key) {
		values := []string{c.value.text()}
		if values[0] == "" {
			values = nil
			for _, item := range r.list(c.value, c.key) {
				values = append(values, r.scalar(item))
			}
		}
		out = append(out, collection{c.at, c.key, values})
	}
	return out
}

// addUp makes the margin's targets of the file's rows. Rows in no category are
// left out: files often hold totals and ages that a survey does not cover.
func (r *reader) addUp(m *marginSpec, f *populationFile) {
	total := r.fileColumn(f, f.total)
	naming := make([]func(row int) string, len(m.variables))
	for k, name := range m.variables {
		column, ok := f.columns[name]
		if !ok {
			column = scalar{f.at, name}
		}
		if v := r.fileColumn(f, column); v != nil {
			naming[k] = f.naming(name, v)
		}
	}
	if total == nil || slices.ContainsFunc(naming, func(n func(int) string) bool { return n == nil }) {
		return
	}
	if total.IsText() {
		r.fail(f.total.at, survey.Problem{Variable: total.Name, Message: "the column of totals is text", Remedy: "name a column of numbers"})
		return
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
		m.targets[k].total += r.fileTotal(total, row, f)
	}
	r.checkCollections(m, f)
}

// fileTotal is the total in a row of the file.
func (r *reader) fileTotal(v *survey.Variable, row int, f *populationFile) float64 {
	x := v.Numbers[row]
	if x >= 0 && !math.IsInf(x, 0) {
		return x
	}
	p := survey.Problem{Row: row + 1, Variable: v.Name, Message: "the row has no total of zero or more", Remedy: "fill it in"}
	if !math.IsNaN(x) {
		p.Value = survey.FormatNumber(x)
	}
	p.File = f.path()
	r.problems = append(r.problems, p)
	return 0
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

// checkCollections finds categories that no row of the file is in.
func (r *reader) checkCollections(m *marginSpec, f *populationFile) {
	for k, name := range m.variables {
		for _, c := range f.categories[name] {
			if !slices.ContainsFunc(m.targets, func(t target) bool { return t.names[k] == c.name }) {
				r.fail(c.at, survey.Problem{Variable: name, Value: c.name, Message: fmt.Sprintf("no row of %s is in this category, by %s", f.path(), strings.Join(c.values, ", ")), Remedy: "give the values that the file has"})
			}
		}
	}
	if len(m.targets) == 0 && len(r.problems) == 0 {
		r.fail(f.at, survey.Problem{Message: f.path() + " has no row for this margin", Remedy: "check columns and categories"})
	}
}
