package prepare

import (
	"fmt"
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
			addTo(&v.Numbers[i], n)
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
				addTo(&v.Numbers[i], item.Numbers[i])
				answers[i]++
			}
		}
	}
	for i, n := range answers {
		v.Numbers[i] /= n
	}
	return v
}

// addTo adds to a sum that starts out as NaN.
func addTo(sum *float64, x float64) {
	if *sum != *sum {
		*sum = 0
	}
	*sum += x
}
