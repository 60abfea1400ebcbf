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
	// others is what a margin keeps beside its categories.
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

// isFile reports whether totals stand in a file; a category may be called file, too.
func isFile(entries []spec.Entry) bool {
	return slices.ContainsFunc(entries, func(e spec.Entry) bool { return e.Key.Text == "file" && !isNumber(e.Value.Text) })
}

// populationFile reads the file: key of some variables with what goes with it,
// and then the file; ok is false where it cannot be used.
func (r *reader) populationFile(at spec.Place, entries []spec.Entry, variables []string) (f *populationFile, ok bool) {
	f = &populationFile{at: at, columns: map[string]scalar{}, categories: map[string][]collection{}}
	known := r.Unsound()
	for _, e := range entries {
		r.populationKey(f, e, variables)
	}
	if f.total.text == "" {
		r.fail(at, survey.Problem{Message: "the column with the totals is not named", Remedy: "add total: with the name of the column"})
	} else if f.table != nil {
		r.fileColumns(f, variables)
	}
	return f, r.Unsound() == known
}

func (r *reader) populationKey(f *populationFile, e spec.Entry, variables []string) {
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

// fileColumns finds the columns of the totals and of the variables.
func (r *reader) fileColumns(f *populationFile, variables []string) {
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
	r.checkCollections(m, f)
}

// totalOf is the total in a row of the file.
func (f *populationFile) totalOf(row int) (float64, survey.Problems) {
	x := f.counts.Numbers[row]
	if x >= 0 && !math.IsInf(x, 0) {
		return x, nil
	}
	p := survey.Problem{File: f.path(), Row: row + 1, Variable: f.counts.Name, Message: "the row has no total of zero or more", Remedy: "fill it in"}
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

// checkCollections finds categories that no row of the file is in.
func (r *reader) checkCollections(m *marginSpec, f *populationFile) {
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
