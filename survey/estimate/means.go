package estimate

import (
	"math"

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
	return s.moments(names, Total, ShiftedTotal, s.Scale)
}

// moments estimates a function of the totals of 1 (term 0) and y - centre (term 1).
func (s *Sample) moments(names []string, e Estimator, function func(centre float64) engine.Function, scale Scale) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	for _, name := range names {
		v, err := s.numeric(name)
		if err != nil {
			problems = append(problems, err...)
			continue
		}
		y := Centre(v)
		totals := s.totals(y.Valid, ones(len(y.Value)), y.Value, products(y.Value, y.Value))
		var edge Edge
		if e.Name == Mean.Name {
			edge = y.Edge
		}
		for d := range s.cells.group {
			r := s.record(e.Name, name, d)
			Ask{Function: function(y.Centre), Arguments: at(totals, d, 1, 0), Scale: scale, Edge: edge}.Fill(&r, totals, totals.Base([]int{totals.Index(d, 0)}))
			sums := totals.Arguments(at(totals, d, 0, 1, 2))
			s.setDeff(&r, sums[2]-sums[1]*sums[1]/sums[0], perTotal(e, sums[0]))
			out = append(out, r)
		}
	}
	return out, problems.Err()
}

// Ratios estimates Σwx/Σwy in each domain, over rows where both are answered.
func (s *Sample) Ratios(numerator, denominator string) ([]survey.Estimate, error) {
	x, problems := s.numeric(numerator)
	y, more := s.numeric(denominator)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	valid := both(x.Valid(), y.Valid())
	a, b := x.Numbers, y.Numbers
	totals := s.totals(valid, ones(len(a)), a, b, products(a, a), products(a, b), products(b, b))
	var out []survey.Estimate
	for d := range s.cells.group {
		r := s.record(Ratio.Name, numerator, d)
		r.Denominator = denominator
		arguments := at(totals, d, 1, 2)
		Ask{Function: ratio, Arguments: arguments, Scale: s.Scale}.Fill(&r, totals, totals.Base([]int{totals.Index(d, 0)}))
		t := totals.Arguments(at(totals, d, 0, 1, 2, 3, 4, 5))
		R := totals.At(ratio, arguments)
		s.setDeff(&r, t[3]-2*R*t[4]+R*R*t[5], 1/t[2])
		out = append(out, r)
	}
	return out, nil
}

// perTotal is what a deviation of one answer moves the estimate by, for each
// unit of weight: 1 for a total, 1/Σw for a mean.
func perTotal(e Estimator, weights float64) float64 {
	if e.Name == Total.Name {
		return 1
	}
	return 1 / weights
}

// setDeff fills in the design effect where it was asked for: the variance over
// that of a simple random sample of the n rows, S²/n (replace) or S²(N-n)/(Nn)
// (wor) with S² = n/(n-1)·Σw e²/Σw, N = Σw. spread is Σw e² of the residuals e,
// each of which moves the estimate by per.
// Source: Kish 1965, section 8.2. Equals R survey's deff = "replace" and TRUE.
func (s *Sample) setDeff(r *survey.Estimate, spread, per float64) {
	if s.Deff == "" || r.N < 2 || !r.Value.Exists() {
		return
	}
	n, N := float64(r.N), float64(r.NWeighted)
	simple := n / (n - 1) * spread / N / n * (per * N) * (per * N)
	if s.Deff == "wor" {
		simple *= (N - n) / N
	}
	if simple > 0 {
		r.Deff = survey.Figure(float64(r.SE) * float64(r.SE) / simple)
	} else if len(r.Flags) == 0 {
		r.Flag(survey.FlagNotApplicable) // weights that do not add up to a population
	}
}

// totals sums terms over the valid rows of each domain.
func (s *Sample) totals(valid []bool, columns ...[]float64) *engine.Totals {
	return s.Frame.Totals(engine.Query{Cell: s.cells.cell, Cells: len(s.cells.group), Terms: engine.Columns(valid, columns...)})
}

// at lists single totals of one cell as arguments.
func at(t *engine.Totals, cell int, terms ...int) [][]int {
	out := make([][]int, len(terms))
	for k, term := range terms {
		out[k] = []int{t.Index(cell, term)}
	}
	return out
}

// Answers are a variable's valid values less a centre near their mean, which
// keeps the digits that values far from zero would lose. Value is 0 where not valid.
type Answers struct {
	Valid  []bool
	Value  []float64
	Centre float64
	// Edge is that of the mean where the answers are zeros and ones, which are not
	// centred: a share in disguise. It is nil for other answers.
	Edge Edge
}

// Centre reads the answers of a variable in its numeric form.
func Centre(v *survey.Variable) Answers {
	return Answers{Valid: v.Valid(), Value: v.Numbers}.centred()
}

// centred takes the plain mean of the valid values out of them, but for shares.
func (a Answers) centred() Answers {
	out := Answers{Valid: a.Valid, Value: make([]float64, len(a.Value))}
	if a.areShares() {
		out.Edge = shareEdge
	}
	n := 0
	for i, ok := range a.Valid {
		if ok && out.Edge == nil {
			n++
			out.Centre += (a.Value[i] - out.Centre) / float64(n)
		}
	}
	for i, ok := range a.Valid {
		if ok {
			out.Value[i] = a.Value[i] - out.Centre
		}
	}
	return out
}

// zeroOrOne is how far from 0 or 1 an answer, or the mean of such answers, may be
// for rounding.
const zeroOrOne = 1e-9

// areShares reports whether the answers, which are not yet centred, are zeros and
// ones, with both among them: a scale may show one end only.
func (a Answers) areShares() bool {
	var zeros, ones bool
	for i, ok := range a.Valid {
		if !ok {
			continue
		}
		zero, one := math.Abs(a.Value[i]) < zeroOrOne, math.Abs(a.Value[i]-1) < zeroOrOne
		if !zero && !one {
			return false
		}
		zeros, ones = zeros || zero, ones || one
	}
	return zeros && ones
}

// shareEdge is the Edge of a share, from the totals of its answers and of 1.
func shareEdge(t []float64, none float64) (low, high float64, ok bool) {
	switch p := t[0] / t[1]; {
	case p < zeroOrOne:
		return 0, none, true
	case p > 1-zeroOrOne:
		return 1 - none, 1, true
	}
	return 0, 0, false
}

func ones(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = 1
	}
	return x
}

func products(x, y []float64) []float64 {
	p := make([]float64, len(x))
	for i := range x {
		p[i] = x[i] * y[i]
	}
	return p
}

func both(a, b []bool) []bool {
	c := make([]bool, len(a))
	for i := range a {
		c[i] = a[i] && b[i]
	}
	return c
}
