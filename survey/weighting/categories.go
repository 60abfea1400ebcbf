package weighting

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// single finds the target of each row for a margin of one variable; nil where
// the variable is unknown. Rows without a target are problems, or the last
// category where the others keep their share.
func (p *plan) single(spec marginSpec) []int32 {
	v := p.variable(spec.at, spec.variables[0])
	if v == nil {
		return nil
	}
	classes, named, names := p.named(v, spec, 0)
	if !spec.others {
		return p.index(v, classes, named)
	}
	index := make([]int32, classes.Index.Len())
	for i, class := range classes.Index.All() {
		index[i] = int32(len(names))
		if class >= 0 && named[class] >= 0 {
			index[i] = named[class]
		}
	}
	return index
}

// named finds for each category of a variable its place among the names that the
// k-th level of the targets has; -1 for categories without one. A name is a label
// or else a value. One that no category has is a problem, unless its targets are 0.
func (p *plan) named(v *survey.Variable, m marginSpec, level int) (survey.Classes, []int32, []string) {
	var names []string
	var places []spec.Place
	wanted := map[string]bool{}
	for _, t := range m.targets {
		name := t.names[level]
		if len(m.variables) == 1 || !slices.Contains(names, name) {
			names, places = append(names, name), append(places, t.at)
		}
		wanted[name] = wanted[name] || t.keep || t.total != 0
	}
	classes := survey.Classify(v)
	named := make([]int32, len(classes.Values))
	for class := range named {
		named[class] = -1
	}
	for k, name := range names {
		found := classesOf(classes, name)
		if len(found) == 0 && wanted[name] {
			f := survey.UnknownName("category", name, classes.Labels)
			f.Variable = v.Name
			p.specProblem(places[k], f)
		}
		for _, class := range found {
			if other := named[class]; other >= 0 {
				f := survey.Problem{Variable: v.Name, Value: name, Message: "this is the same category as " + names[other], Remedy: "keep one of them"}
				if name == names[other] {
					f.Message = fmt.Sprintf("this category is already in line %d", places[other].Line)
				}
				p.specProblem(places[k], f)
			}
			named[class] = int32(k)
		}
	}
	return classes, named, names
}

// classesOf lists the categories with a label, or else the one with a value.
func classesOf(c survey.Classes, name string) []int {
	var found []int
	for class, label := range c.Labels {
		if label == name {
			found = append(found, class)
		}
	}
	if len(found) > 0 {
		return found
	}
	for class, value := range c.Values {
		if value.String() == name {
			return []int{class}
		}
	}
	return nil
}

// index maps rows to names, -1 for none, and reports the weighted rows that have
// none: rows without an answer, and rows of each category without a target.
func (p *plan) index(v *survey.Variable, c survey.Classes, named []int32) []int32 {
	index := make([]int32, c.Index.Len())
	rows := make([]int, len(c.Values)+1)
	first := make([]int, len(c.Values)+1)
	for i, class := range c.Index.All() {
		index[i] = -1
		if class >= 0 {
			index[i] = named[class]
		}
		if index[i] >= 0 || p.base[i] == 0 {
			continue
		}
		if rows[class+1] == 0 {
			first[class+1] = i + 1
		}
		rows[class+1] += p.rows(i)
	}
	for k, n := range rows {
		switch {
		case n == 0:
		case k == 0:
			p.dataProblem(survey.Problem{Row: first[k], Variable: v.Name, Message: "the row has no category" + more(n), Remedy: "fill it in, give these rows a weight of zero, or write others: keep"})
		default:
			p.dataProblem(survey.Problem{Row: first[k], Variable: v.Name, Value: c.Labels[k-1], Message: "the category has no target" + more(n), Remedy: "add it to the spec, with a total or with keep, or combine it with another category"})
		}
	}
	return index
}

// crossing numbers the cells of several variables.
type crossing struct {
	// cell of each row, -1 for none; number is the cell of each target.
	cell, number []int
}

// joint finds the target of each row for a margin of several variables.
func (p *plan) joint(spec marginSpec) []int32 {
	c := crossing{make([]int, p.table.Rows), make([]int, len(spec.targets))}
	known := len(p.problems)
	for k, name := range spec.variables {
		if v := p.variable(spec.at, name); v != nil {
			classes, named, names := p.named(v, spec, k)
			index := make([]int32, classes.Index.Len())
			if spec.others {
				for i, class := range classes.Index.All() {
					if index[i] = -1; class >= 0 {
						index[i] = named[class]
					}
				}
			} else {
				index = p.index(v, classes, named)
			}
			for i, name := range index {
				if c.cell[i] = c.cell[i]*len(names) + int(name); name < 0 {
					c.cell[i] = -1
				}
			}
			for j, t := range spec.targets {
				c.number[j] = c.number[j]*len(names) + slices.Index(names, t.names[k])
			}
		}
	}
	if len(p.problems) > known {
		return nil
	}
	at := map[int]int32{}
	for k, t := range spec.targets {
		if other, ok := at[c.number[k]]; ok {
			p.specProblem(t.at, survey.Problem{Value: t.name(), Message: fmt.Sprintf("this cell is already in line %d", spec.targets[other].at.Line), Remedy: "keep one of them"})
		}
		at[c.number[k]] = int32(k)
	}
	category := make([]int32, len(c.cell))
	first, rows := map[int]int{}, map[int]int{}
	for i, cell := range c.cell {
		k, ok := at[cell]
		switch {
		case ok:
		case spec.others:
			k = int32(len(spec.targets))
		default:
			if k = -1; p.base[i] == 0 {
				break
			}
			if rows[cell] == 0 {
				first[cell] = i
			}
			rows[cell] += p.rows(i)
		}
		category[i] = k
	}
	for _, cell := range slices.Sorted(maps.Keys(first)) {
		row := first[cell]
		var labels []string
		for _, name := range spec.variables {
			v := p.table.Lookup(name)
			x, _ := v.At(row)
			labels = append(labels, v.LabelOf(x))
		}
		p.dataProblem(survey.Problem{Row: first[cell] + 1, Value: strings.Join(labels, cross), Message: "the cell of " + spec.label() + " has no target" + more(rows[cell]), Remedy: "add the cell to the spec, or combine categories"})
	}
	return category
}
