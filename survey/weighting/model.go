package weighting

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
)

// calibrate binds the columns of the model.
func (p *plan) calibrate() {
	s := p.spec
	weighted := make([]bool, len(p.base))
	for i, w := range p.base {
		weighted[i] = w > 0
	}
	for _, name := range s.formula.Variables() {
		if v := p.table.Lookup(name); v != nil {
			p.checkComplete(v, weighted)
		}
	}
	m, err := s.formula.Model(p.table, weighted)
	if problems, ok := err.(survey.Problems); ok {
		for _, f := range problems {
			p.specProblem(s.formulaAt, f)
		}
	}
	if len(p.problems) > 0 {
		return
	}
	p.x = m.X
	p.populationTotals(m.Names)
}

// checkComplete reports the weighted rows without a value.
func (p *plan) checkComplete(v *survey.Variable, weighted []bool) {
	rows, first := 0, 0
	for i, valid := range v.Valid() {
		if weighted[i] && !valid {
			if rows++; rows == 1 {
				first = i + 1
			}
		}
	}
	if rows > 0 {
		p.dataProblem(survey.Problem{Row: first, Variable: v.Name, Message: "the row has no value" + more(rows), Remedy: "fill it in, or give such rows a weight of zero"})
	}
}

// populationTotals finds the target of each column of the model.
func (p *plan) populationTotals(names []string) {
	p.targets = make([]fitted, len(names))
	found := make([]bool, len(names))
	for _, t := range p.spec.population {
		k := slices.Index(names, t.name)
		if k < 0 {
			f := survey.UnknownName("column", t.name, names)
			f.Message += " in the model matrix of the formula; a category without rows has none"
			p.specProblem(t.at, f)
			continue
		}
		found[k] = true
		p.targets[k] = fitted{t, t.name}
		p.targets[k].name = ""
	}
	for k, name := range names {
		if !found[k] {
			p.specProblem(p.spec.formulaAt, survey.Problem{Value: name, Message: "the population has no total for this column of the model", Remedy: fmt.Sprintf("add %q: TOTAL to population; the columns are %q", name, names)})
		}
	}
}

// checkNegative reports weights that came out negative, which DistanceLinear
// without bounds allows.
func (p *plan) checkNegative(w []float64) error {
	rows, first, lowest := 0, 0, 0.0
	for i, x := range w {
		if x < 0 {
			if rows++; rows == 1 {
				first = i + 1
			}
			lowest = math.Min(lowest, x)
		}
	}
	if rows == 0 {
		return nil
	}
	p.dataProblem(survey.Problem{Row: first, Message: fmt.Sprintf("the calibrated weight is negative%s; the lowest is %.6g", more(rows), lowest), Remedy: "use distance: raking, or give bounds such as [0.3, 3]"})
	return p.problems.Err()
}
