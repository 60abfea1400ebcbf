package estimate

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// calls writes the figure of one domain as scripts for other programs.
type calls struct {
	*subject
	design survey.Design
	where  string
	domain int
}

// base writes who is behind the figure: in the domain, with an answer.
func (c calls) base(d expression.Dialect) string {
	var conditions []string
	if c.where != "" {
		condition, given, _ := expression.Translate(c.where, c.table, d)
		conditions = append(given, condition)
	}
	for _, g := range c.cells.codes[c.domain] {
		conditions = append(conditions, d.Given(g.Variable), d.Equals(g.Variable, g.Value))
	}
	_, given := c.condition(d)
	return d.And(append(conditions, given...)...)
}

// itemChosen writes that an item of a multiple-response set was chosen, and that
// any of the set was answered.
func itemChosen(set survey.MultipleResponse, item survey.Item, d expression.Dialect) (condition string, given []string) {
	is := func(name string, value survey.Value) string {
		return "(" + d.And(d.Given(name), d.Equals(name, value)) + ")"
	}
	var answered, counted []string
	for _, name := range set.Variables {
		answered = append(answered, d.Given(name))
		counted = append(counted, is(name, item.Value))
	}
	if set.Counted != nil {
		counted = []string{is(item.Value.Text, *set.Counted)}
	}
	return d.Or(counted...), []string{"(" + d.Or(answered...) + ")"}
}

// fileNames are the names of the data files, without their folders.
func (c calls) fileNames() []string {
	var names []string
	for _, s := range c.table.Sources {
		names = append(names, filepath.Base(s.Path))
	}
	return names
}

// involved are the variables whose declared missing values matter.
func (c calls) involved() []*survey.Variable {
	names := slices.Clone(c.names)
	if c.where != "" {
		if e, err := expression.Compile(c.where, c.table); err == nil {
			names = append(names, e.Variables()...)
		}
	}
	for _, g := range c.cells.codes[c.domain] {
		names = append(names, g.Variable)
	}
	var out []*survey.Variable
	for _, name := range names {
		if v := c.table.Lookup(name); v != nil && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// valued writes a column beside each variable of the figure whose answers count
// as other numbers than their codes: first the codes, then each answer's number
// under a condition.
func (c calls) valued(d expression.Dialect, begin func(of *survey.Variable, name string) string, set func(name, number, condition string) string) []string {
	var lines []string
	for _, name := range c.names {
		v := c.table.Lookup(name)
		if v == nil || len(v.Scores) == 0 {
			continue
		}
		lines = append(lines, begin(v, c.number(name)))
		answers := slices.SortedFunc(maps.Keys(v.Scores), func(a, b survey.Value) int {
			return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Text, b.Text))
		})
		for _, x := range answers {
			lines = append(lines, set(c.number(name), survey.FormatNumber(v.Scores[x]), d.Equals(name, x)))
		}
	}
	return lines
}

// number names the column that holds what a variable's answers count as.
func (c calls) number(name string) string {
	if v := c.table.Lookup(name); v != nil && len(v.Scores) > 0 {
		return name + "_value"
	}
	return name
}

// declared writes the condition of every declared missing value of the
// variables involved, with its variable.
func (c calls) declared(write func(name, condition string) string) []string {
	var lines []string
	for _, v := range c.involved() {
		for _, m := range v.Missing {
			condition := "%[1]s >= " + survey.FormatNumber(m.Low) + " & %[1]s <= " + survey.FormatNumber(m.High)
			switch {
			case m.IsText:
				condition = "%[1]s == " + fmt.Sprintf("%q", m.Text)
			case m.Low == m.High:
				condition = "%[1]s == " + survey.FormatNumber(m.Low)
			}
			lines = append(lines, write(v.Name, condition))
		}
	}
	return lines
}
