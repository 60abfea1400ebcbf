package prepare

import (
	"fmt"
	"slices"

	"surveykit/survey"
)

// sets declares the study's multiple-response sets; one with the name of a set
// of the file takes its place.
func (p *preparer) sets() {
	declared := slices.Clone(p.table.Sets)
	seen := map[string]bool{}
	for i, spec := range p.study.Sets {
		path := fmt.Sprintf("$.sets[%d]", i)
		p.uniqueName(path, "set", spec.Name, seen)
		set := survey.MultipleResponse{Name: spec.Name, Label: spec.Label, Variables: spec.Variables}
		if vars := p.members(path+".variables", spec.Variables); len(vars) > 0 && spec.Counted != nil {
			set.Counted = p.counted(path+".counted", vars, *spec.Counted)
		}
		declared = slices.DeleteFunc(declared, func(s survey.MultipleResponse) bool { return s.Name == spec.Name || s.Name == "$"+spec.Name })
		declared = append(declared, set)
	}
	out := *p.table
	out.Sets = declared
	p.table = &out
}

// uniqueName reports a name that is taken by a variable or used twice.
func (p *preparer) uniqueName(path, what, name string, seen map[string]bool) {
	if seen[name] {
		p.fault(path+".name", survey.Problem{Message: fmt.Sprintf("there are two %ss %q", what, name), Remedy: "give each a different name"})
	}
	if p.table.Lookup(name) != nil {
		p.fault(path+".name", survey.Problem{Message: fmt.Sprintf("the %s has the name of a variable, %q", what, name), Remedy: "choose another name"})
	}
	seen[name] = true
}

// members finds a set's variables, which must be of one kind.
func (p *preparer) members(path string, names []string) []*survey.Variable {
	var vars []*survey.Variable
	for j, name := range names {
		at := fmt.Sprintf("%s[%d]", path, j)
		v := p.variable(at, name)
		if v == nil {
			continue
		}
		if slices.Contains(names[:j], name) {
			p.fault(at, survey.Problem{Variable: name, Message: "the variable is in the set twice", Remedy: "name it once"})
			continue
		}
		if len(vars) > 0 && !isEmpty(v) && v.IsText() != vars[0].IsText() {
			p.fault(at, survey.Problem{Variable: name, Message: fmt.Sprintf("the variable has %s values, and %s has %s values", v.Kind, vars[0].Name, vars[0].Kind),
				Remedy: "use variables of one kind in a set"})
		}
		vars = append(vars, v)
	}
	return vars
}

// counted finds the one value that means "chosen" in all variables of a set.
func (p *preparer) counted(path string, vars []*survey.Variable, x survey.Value) *survey.Value {
	var values []survey.Value
	var without []string
	var unknown survey.Problem
	for _, v := range vars {
		found, problem := v.Match(x)
		if problem != nil {
			unknown = *problem
			without = append(without, v.Name)
			continue
		}
		for _, value := range p.answers(path, v, x, found) {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	switch {
	case len(without) == len(vars) && !slices.ContainsFunc(vars, isBlank):
		p.fault(path, unknown)
	case len(values) > 1:
		p.fault(path, survey.Problem{Value: x.String(), Message: "the label has different values in the set's variables",
			Remedy: "give the variables the same codes"})
	case len(without) > 0:
		p.notice(survey.NoticeUnseen, without, "%s: no row has the counted value %s", list(without), x)
	}
	if len(values) != 1 {
		return &x
	}
	return &values[0]
}

// groups checks the named lists of items.
func (p *preparer) groups() {
	seen := map[string]bool{}
	for i, g := range p.study.Groups {
		path := fmt.Sprintf("$.groups[%d]", i)
		p.uniqueName(path, "group", g.Name, seen)
		for j, item := range g.Items {
			p.variable(fmt.Sprintf("%s.items[%d]", path, j), item)
		}
	}
}
