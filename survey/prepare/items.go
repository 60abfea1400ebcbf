package prepare

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
)

// items finds variables by their names or their groups' names, each once. An
// unknown one is a fault, and so are none.
func (p *preparer) items(path string, names []string) (items []*survey.Variable, ok bool) {
	before := len(p.faults)
	for i, name := range names {
		at := fmt.Sprintf("%s[%d]", path, i)
		for _, item := range p.expand(name) {
			v := p.table.Lookup(item)
			if v == nil {
				p.fault(at, p.unknown("variable or group", item, append(p.table.Known(), p.groupNames()...)))
			} else if !slices.Contains(items, v) {
				items = append(items, v)
			}
		}
	}
	return items, len(items) > 0 && len(p.faults) == before
}

// expand gives the items of a group, or the name itself.
func (p *preparer) expand(name string) []string {
	if p.table.Lookup(name) == nil {
		if g := p.group(name); g != nil {
			return g.Items
		}
	}
	return []string{name}
}

func (p *preparer) group(name string) *survey.ItemGroup {
	k := slices.IndexFunc(p.study.Groups, func(g survey.ItemGroup) bool { return g.Name == name })
	if k < 0 {
		return nil
	}
	return &p.study.Groups[k]
}

func (p *preparer) groupNames() []string {
	names := make([]string, len(p.study.Groups))
	for i, g := range p.study.Groups {
		names[i] = g.Name
	}
	return names
}

// count counts the items whose answer is among the values, over rows with an
// answer to any item.
func (p *preparer) count(path string, r survey.Recode) *survey.Variable {
	items, ok := p.items(path+".count.items", r.Count.Items)
	if !ok {
		return nil
	}
	wanted, ok := p.countedValues(path+".count.values", items, r.Count.Values)
	if !ok {
		return nil
	}
	v := &survey.Variable{Measure: survey.Scale, Numbers: p.empty()}
	for k, item := range items {
		for i, answered := range item.Valid() {
			if !answered {
				continue
			}
			n := 0.0
			if x, _ := item.At(i); slices.Contains(wanted[k], x) {
				n = 1
			}
			addTo(v.Numbers, i, n)
		}
	}
	return v
}

// countedValues finds for each item the values that count. Any one item has
// to know a value: nobody need have chosen it in each of them.
func (p *preparer) countedValues(path string, items []*survey.Variable, values []survey.Value) (wanted [][]survey.Value, ok bool) {
	before := len(p.faults)
	wanted = make([][]survey.Value, len(items))
	for j, value := range values {
		at := fmt.Sprintf("%s[%d]", path, j)
		var unknown *survey.Problem
		known := false
		for k, item := range items {
			found, problem := item.Match(value)
			if problem != nil {
				unknown, known = problem, known || isBlank(item)
				continue
			}
			known = true
			wanted[k] = append(wanted[k], p.answers(at, item, value, found)...)
		}
		if !known && unknown != nil {
			p.fault(at, *unknown)
		}
	}
	return wanted, len(p.faults) == before
}

// mean averages the items that a row answers.
func (p *preparer) mean(path string, r survey.Recode) *survey.Variable {
	items, ok := p.items(path+".mean", r.Mean)
	for _, item := range items {
		if !item.IsNumeric() {
			p.fault(path+".mean", survey.Problem{Variable: item.Name, Message: "the item is text, and a mean needs numbers", Remedy: "leave it out, or give its answers numbers in variables." + item.Name + ".values"})
			ok = false
		}
	}
	if !ok {
		return nil
	}
	v := &survey.Variable{Measure: survey.Scale, Numbers: p.empty()}
	answers := make([]float64, p.table.Rows)
	for _, item := range items {
		p.doubt(item)
		item = item.Numeric()
		for i, answered := range item.Valid() {
			if answered {
				addTo(v.Numbers, i, item.Numbers.At(i))
				answers[i]++
			}
		}
	}
	for i, n := range answers {
		v.Numbers.Set(i, v.Numbers.At(i)/n)
	}
	return v
}

// addTo adds to a sum that starts out as NaN.
func addTo(sums *survey.NumberColumn, row int, x float64) {
	if sum := sums.At(row); !math.IsNaN(sum) {
		x += sum
	}
	sums.Set(row, x)
}

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

// itemGroups checks the named lists of items.
func (p *preparer) itemGroups() {
	seen := map[string]bool{}
	for i, g := range p.study.Groups {
		path := fmt.Sprintf("$.groups[%d]", i)
		p.uniqueName(path, "group", g.Name, seen)
		for j, item := range g.Items {
			p.variable(fmt.Sprintf("%s.items[%d]", path, j), item)
		}
	}
}
