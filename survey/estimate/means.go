package estimate

import (
	"context"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Means estimates the mean of each variable in each domain, over its valid answers.
func (s *Sample) Means(names []string) ([]survey.Estimate, error) {
	return s.moments(names, Mean, Shifted, Linear)
}

// Totals estimates the population total of each variable in each domain, over
// its valid answers.
func (s *Sample) Totals(names []string) ([]survey.Estimate, error) {
	return s.moments(names, Total, ShiftedTotal, s.scale)
}

// moments estimates a function of the totals of 1 (term 0) and y - centre (term 1).
func (s *Sample) moments(names []string, e Estimator, function func(centre float64) engine.Function, scale Scale) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	for _, name := range names {
		if _, err := s.numeric(name); err != nil {
			problems = append(problems, err...)
			continue
		}
		y, err := s.centred(engine.Answer{Column: name})
		if err != nil {
			return nil, err
		}
		totals, err := s.Sums(engine.Query{Numbers: append(y.Mean(), engine.Product{A: y.Number, B: y.Number})})
		if err != nil {
			return nil, err
		}
		var edge Edge
		if e.Name == Mean.Name {
			edge = y.Edge
		}
		for d := range s.cells.group {
			r := s.record(e.Name, name, d)
			Ask{Function: function(y.Centre), Arguments: at(totals, d, 1, 0), Scale: scale, Edge: edge}.Fill(&r, totals, totals.Base([]int{totals.Index(d, 0)}))
			sums := totals.Arguments(at(totals, d, 0, 1, 2))
			per := 1.0 // what a deviation of one answer moves the estimate by, for each unit of weight
			if e.Name == Mean.Name {
				per = 1 / sums[0]
			}
			s.setDeff(&r, sums[2]-sums[1]*sums[1]/sums[0], per)
			out = append(out, r)
		}
	}
	return out, problems.Err()
}

// Ratios estimates Σwx/Σwy in each domain, over rows where both are answered.
func (s *Sample) Ratios(numerator, denominator string) ([]survey.Estimate, error) {
	_, problems := s.numeric(numerator)
	_, more := s.numeric(denominator)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	a, b := engine.Answer{Column: numerator}, engine.Answer{Column: denominator}
	totals, err := s.Sums(engine.Query{
		Numbers: []engine.Number{engine.One{}, a, b, engine.Product{A: a, B: a}, engine.Product{A: a, B: b}, engine.Product{A: b, B: b}},
		Where:   existing(a, b),
	})
	if err != nil {
		return nil, err
	}
	var out []survey.Estimate
	for d := range s.cells.group {
		r := s.record(Ratio.Name, numerator, d)
		r.Denominator = denominator
		arguments := at(totals, d, 1, 2)
		Ask{Function: ratio, Arguments: arguments, Scale: s.scale}.Fill(&r, totals, totals.Base([]int{totals.Index(d, 0)}))
		t := totals.Arguments(at(totals, d, 0, 1, 2, 3, 4, 5))
		R := totals.At(ratio, arguments)
		s.setDeff(&r, t[3]-2*R*t[4]+R*R*t[5], 1/t[2])
		out = append(out, r)
	}
	return out, nil
}

// existing keeps the rows in which all of some numbers exist.
func existing(numbers ...engine.Number) []engine.Condition {
	return []engine.Condition{{Axis: engine.Existing(numbers)}}
}

// setDeff fills in the design effect where it was asked for: the variance over
// that of a simple random sample of the n rows, S²/n (replace) or S²(N-n)/(Nn)
// (wor) with S² = n/(n-1)·Σw e²/Σw, N = Σw. spread is Σw e² of the residuals e,
// each of which moves the estimate by per.
// Source: Kish 1965, section 8.2. Equals R survey's deff = "replace" and TRUE.
func (s *Sample) setDeff(r *survey.Estimate, spread, per float64) {
	if s.deff == "" || r.N < 2 || !r.Value.Exists() {
		return
	}
	n, N := float64(r.N), r.NWeighted.Float()
	simple := n / (n - 1) * spread / N / n * (per * N) * (per * N)
	if s.deff == "wor" {
		simple *= (N - n) / N
	}
	if simple > 0 {
		r.Deff = survey.FigureOf(r.SE.Float() * r.SE.Float() / simple)
	} else if len(r.Flags) == 0 {
		r.Flag(survey.FlagNotApplicable) // weights that do not add up to a population
	}
}

// at lists single totals of one cell as arguments.
func at(t *engine.Totals, cell int, terms ...int) [][]int {
	out := make([][]int, len(terms))
	for k, term := range terms {
		out[k] = []int{t.Index(cell, term)}
	}
	return out
}

// Answers are a number less a centre near its mean, which keeps the digits that
// values far from zero would lose.
type Answers struct {
	Number engine.Number
	Centre float64
	// Edge is that of the mean where the answers are zeros and ones, which are not
	// centred: a share in disguise. It is nil for other answers.
	Edge Edge
}

// Centred takes the plain mean of a number out of it, over all rows that a
// condition keeps, but for zeros and ones.
func Centred(ctx context.Context, e engine.Engine, x engine.Number, where ...engine.Condition) (Answers, error) {
	centres, err := e.Centres(ctx, nil, x, engine.Query{Where: where})
	switch {
	case err != nil:
		return Answers{}, err
	case centres[0].ZeroOne:
		return Answers{Number: x, Edge: shareEdge}, nil
	}
	return Answers{Number: engine.Less{Of: x, Centre: []float64{centres[0].Mean}}, Centre: centres[0].Mean}, nil
}

func (s *Sample) centred(x engine.Number, where ...engine.Condition) (Answers, error) {
	return Centred(s.ctx, s.engine, x, where...)
}

// Mean is what the mean of the answers needs: the numbers 1 and the answer.
func (y Answers) Mean() []engine.Number { return []engine.Number{engine.Given{y.Number}, y.Number} }

// shareEdge is the Edge of a share, from the totals of its answers and of 1.
func shareEdge(t []float64, none float64) (low, high float64, ok bool) {
	switch p := t[0] / t[1]; {
	case p < engine.ZeroOrOne:
		return 0, none, true
	case p > 1-engine.ZeroOrOne:
		return 1 - none, 1, true
	}
	return 0, 0, false
}
