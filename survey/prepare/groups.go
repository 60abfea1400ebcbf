package prepare

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// Variables makes the variables of a study of data that are not in memory, from groups of
// their rows, as Apply makes them of rows.
type Variables struct {
	data, made *survey.Table
	study      *survey.Study
}

// NewVariables are those that Apply made of a codebook.
func NewVariables(data, made *survey.Table, study *survey.Study) *Variables {
	return &Variables{data, made, study}
}

// Codebook is what Apply made.
func (v *Variables) Codebook() *survey.Table { return v.made }

// Columns are the columns of the data that variables are made of, each once.
func (v *Variables) Columns(names []string) []string {
	var out []string
	v.visit(names, func(name string, recode int) {
		if recode < 0 && v.data.Lookup(name) != nil {
			out = append(out, name)
		}
	})
	return out
}

// visit visits variables with all that they are made of, each once: recode is the place of
// what makes one, -1 for those of the data.
func (v *Variables) visit(names []string, visit func(name string, recode int)) {
	p := &preparer{study: v.study, table: v.made, again: true}
	seen := map[string]bool{}
	var walk func(names []string)
	walk = func(names []string) {
		for _, name := range names {
			if seen[name] {
				continue
			}
			seen[name] = true
			k := slices.IndexFunc(v.study.Recodes, func(r survey.Recode) bool { return r.Name == name })
			if v.data.Lookup(name) != nil {
				k = -1
			}
			visit(name, k)
			if k >= 0 {
				walk(p.reads(v.study.Recodes[k]))
			}
		}
	}
	walk(names)
}

// Of makes variables of a table of their columns.
func (v *Variables) Of(columns *survey.Table, names []string) *survey.Table {
	p := &preparer{study: v.study, again: true}
	p.stack([]*survey.Table{columns})
	p.overrides()
	needed := make([]bool, len(v.study.Recodes))
	v.visit(names, func(_ string, recode int) {
		if recode >= 0 {
			needed[recode] = true
		}
	})
	for k, r := range v.study.Recodes {
		if needed[k] {
			_ = p.recode("", r) // without groups it asks no source
		}
	}
	return p.table
}

// groupsFor is the table that a recode is made of: the groups of what it reads.
func (p *preparer) groupsFor(r survey.Recode) (*survey.Table, error) {
	names := p.reads(r)
	p.groups.made = p.table
	columns, err := p.table.Groups(p.groups.Columns(names))
	if err != nil {
		return nil, err
	}
	t := *p.groups.Of(columns, names)
	t.Columns, t.Notices = p.table.Known(), p.table.Notices
	return &t, nil
}

// reads are the variables that a recode reads.
func (p *preparer) reads(r survey.Recode) []string {
	out := p.named(r)
	for _, condition := range conditions(r) {
		names, _ := expression.Mentioned(condition, p.table) // what is wrong is told as it is compiled
		out = append(out, names...)
	}
	return out
}
