package estimate

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// figure is one statistic wanted in every domain.
type figure struct {
	Estimator
	variable, category string
	// numbers are what is totalled, in the order of the estimator's arguments; the
	// first is 1 for every row behind the record. where keeps rows.
	numbers []engine.Number
	where   []engine.Condition
}

// figures estimates a figure in each domain from the totals of its numbers.
func (s *Sample) figures(f figure) ([]survey.Estimate, error) {
	totals, err := s.Sums(engine.Query{Numbers: f.numbers, Where: f.where})
	if err != nil {
		return nil, err
	}
	out := make([]survey.Estimate, len(s.cells.group))
	gradient := make([][]float64, len(out))
	for d := range out {
		ask, base := f.ask(totals, d)
		out[d] = s.record(f.Name, f.variable, d)
		out[d].Category = f.category
		ask.Fill(&out[d], totals, base)
		gradient[d] = ask.Function.Gradient(totals.Arguments(ask.Arguments))
	}
	return out, s.setDeffs(out, f, gradient)
}

// ask is the figure asked of its totals in a domain, with its rows.
func (f figure) ask(totals *engine.Totals, domain int) (Ask, engine.Base) {
	arguments := make([][]int, len(f.numbers))
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
// e = Σ gradient·number.
func (s *Sample) setDeffs(out []survey.Estimate, f figure, gradient [][]float64) error {
	if s.deff == "" || len(out) == 0 {
		return nil
	}
	e := engine.Sum{Of: f.numbers, Factors: gradient}
	totals, err := s.Sums(engine.Query{Numbers: []engine.Number{e, engine.Product{A: e, B: e}}, Where: f.where})
	if err != nil {
		return err
	}
	for d := range out {
		sum, square := totals.Sum[totals.Index(d, 0)], totals.Sum[totals.Index(d, 1)]
		s.setDeff(&out[d], square-sum*sum/out[d].NWeighted.Float(), 1)
	}
	return nil
}

// eachNumber collects the figures of every variable of numbers, and every problem.
func (s *Sample) eachNumber(names []string, of func(name string) (figure, error)) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	for _, name := range names {
		if _, ps := s.numeric(name); len(ps) > 0 {
			problems = append(problems, ps...)
			continue
		}
		f, err := of(name)
		if ps, ok := err.(survey.Problems); ok {
			problems = append(problems, ps...)
			continue
		} else if err != nil {
			return nil, err
		}
		records, err := s.figures(f)
		if err != nil {
			return nil, err
		}
		out = append(out, records...)
	}
	return out, problems.Err()
}
