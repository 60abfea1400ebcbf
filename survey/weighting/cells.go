package weighting

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"surveykit/survey"
)

// poststratify binds the cells: one margin over the categories of several variables.
func (p *plan) poststratify() {
	s := p.spec
	cell := make([]int, p.table.Rows)   // of each row, -1 for none
	number := make([]int, len(s.cells)) // the same for each cell of the spec
	for k, name := range s.variables {
		v := p.variable(s.cells[0].at, name)
		if v == nil {
			continue
		}
		names, places := s.distinct(k)
		for i, c := range p.categories(v, names, places) {
			if cell[i] = cell[i]*len(names) + int(c); c < 0 {
				cell[i] = -1
			}
		}
		for j, c := range s.cells {
			number[j] = number[j]*len(names) + slices.Index(names, c.categories[k])
		}
	}
	if len(p.problems) == 0 {
		p.fitMargins([]*margin{p.joint(cell, number)})
	}
}

// distinct lists the categories that the cells name for a variable.
func (s *Spec) distinct(variable int) (names []string, places []place) {
	for _, c := range s.cells {
		if name := c.categories[variable]; !slices.Contains(names, name) {
			names, places = append(names, name), append(places, c.at)
		}
	}
	return names, places
}

// joint is the margin of the cells; a weighted row in none of them is a problem.
func (p *plan) joint(cell, number []int) *margin {
	s := p.spec
	m := &margin{at: s.cells[0].at, variable: strings.Join(s.variables, " × "), category: make([]int32, len(cell))}
	at := map[int]int32{}
	for k, c := range s.cells {
		if other, ok := at[number[k]]; ok {
			p.specProblem(c.at, survey.Problem{Value: c.name, Message: fmt.Sprintf("this cell stands already in line %d", s.cells[other].at.line), Remedy: "keep one of them"})
		}
		at[number[k]] = int32(k)
		m.targets = append(m.targets, c.target)
	}
	first, rows := map[int]int{}, map[int]int{}
	for i, c := range cell {
		k, ok := at[c]
		if m.category[i] = k; ok {
			continue
		}
		if m.category[i] = -1; p.base[i] > 0 {
			if rows[c]++; rows[c] == 1 {
				first[c] = i
			}
		}
	}
	for _, c := range slices.Sorted(maps.Keys(first)) {
		p.dataProblem(survey.Problem{Row: first[c] + 1, Value: p.answers(first[c]), Message: "the cell of " + m.variable + " has no target" + more(rows[c]), Remedy: "add the cell to the spec, or collect categories"})
	}
	return m
}

// answers are a row's categories of the cells' variables.
func (p *plan) answers(row int) string {
	var labels []string
	for _, name := range p.spec.variables {
		v := p.table.Lookup(name)
		x, _ := v.At(row)
		labels = append(labels, v.LabelOf(x))
	}
	return strings.Join(labels, " × ")
}
