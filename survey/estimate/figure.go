package estimate

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// figure is one statistic wanted in every domain.
type figure struct {
	Estimator
	variable, category string
	// terms are what is totalled, in the order of the estimator's arguments; the
	// first is 1 for every row behind the record.
	terms *engine.Terms
}

// figures estimates a figure in each domain from the totals of its terms.
func (s *Sample) figures(f figure) []survey.Estimate {
	totals := s.totalsOf(f)
	out := make([]survey.Estimate, len(s.cells.group))
	gradient := make([][]float64, len(out))
	for d := range out {
		ask, base := f.ask(totals, d)
		out[d] = s.record(f.Name, f.variable, d)
		out[d].Category = f.category
		ask.Fill(&out[d], totals, base)
		gradient[d] = ask.Function.Gradient(totals.Arguments(ask.Arguments))
	}
	s.setDeffs(out, f.terms, gradient)
	return out
}

func (s *Sample) totalsOf(f figure) *engine.Totals {
	return s.Frame.Totals(engine.Query{Cell: s.cells.cell, Cells: len(s.cells.group), Terms: f.terms})
}

// ask is the figure asked of its totals in a domain, with the rows behind it.
func (f figure) ask(totals *engine.Totals, domain int) (Ask, engine.Base) {
	arguments := make([][]int, f.terms.Count)
	for term := range arguments {
		arguments[term] = []int{totals.Index(domain, term)}
	}
	base := totals.Base(arguments[0])
	return Ask{Function: f.corrected(base.N), Arguments: arguments, Scale: f.Scale, Edge: f.Edge}, base
}

// corrected is the estimator's function for a domain of n rows.
func (e Estimator) corrected(n int) engine.Function {
	if e.Correction == nil {
		return e.Function
	}
	k := e.Correction(float64(n))
	return engine.Function{
		Value: func(t []float64) float64 { return k * e.Value(t) },
		Gradient: func(t []float64) []float64 {
			g := e.Gradient(t)
			for i := range g {
				g[i] *= k
			}
			return g
		},
	}
}

// setDeffs fills in the design effects of figures whose row influences are
// e = Σ gradient·term.
func (s *Sample) setDeffs(out []survey.Estimate, terms *engine.Terms, gradient [][]float64) {
	if s.Deff == "" {
		return
	}
	sum, square := make([]float64, len(out)), make([]float64, len(out))
	for i, d := range s.cells.cell {
		if d < 0 {
			continue
		}
		e := 0.0
		for k := terms.Start[i]; k < terms.Start[i+1]; k++ {
			e += gradient[d][terms.Index[k]] * terms.Value[k]
		}
		sum[d] += s.Frame.Weights[i] * e
		square[d] += s.Frame.Weights[i] * e * e
	}
	for d := range out {
		s.setDeff(&out[d], square[d]-sum[d]*sum[d]/float64(out[d].NWeighted), 1)
	}
}

// eachNumber collects the records of every variable of numbers, and every problem.
func (s *Sample) eachNumber(names []string, estimate func(v *survey.Variable) ([]survey.Estimate, survey.Problems)) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	for _, name := range names {
		v, err := s.numeric(name)
		if err == nil {
			var records []survey.Estimate
			records, err = estimate(v)
			out = append(out, records...)
		}
		problems = append(problems, err...)
	}
	return out, problems.Err()
}
