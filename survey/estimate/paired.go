package estimate

import (
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// PairedDifference is Σw(a−b)/Σw over the rows that answered both items: the
// design-based paired t test.
var PairedDifference = Estimator{
	Name: "paired", Formula: "Σw(a−b)/Σw",
	Source:    "Särndal, Swensson & Wretman 1992, section 5.7",
	Reference: "survey::svyttest(I(a - b) ~ 0), but for its df, which are one less",
	Function:  smooth(func(t []dual) dual { return t[1].minus(t[2]).over(t[0]) }),
}

// ParsePair reads A,B, two names of variables.
func ParsePair(s string) (a, b string, err error) {
	a, b, ok := strings.Cut(s, ",")
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if !ok || a == "" || b == "" || strings.Contains(b, ",") {
		return "", "", survey.Problems{{Value: s, Message: "the pair is not of the form A,B", Remedy: "name two variables"}}
	}
	return a, b, nil
}

// Paired estimates in each domain the mean of item a minus that of item b, over
// rows that answered both. df are the PSUs minus strata among them; p is two-sided.
func (s *Sample) Paired(a, b string) ([]DifferenceRecord, error) {
	_, problems := s.numeric(a)
	_, more := s.numeric(b)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	x, y := engine.Answer{Column: a}, engine.Answer{Column: b}
	p, err := s.centred(x, existing(x, y)...)
	if err != nil {
		return nil, err
	}
	q, err := s.centred(y, existing(x, y)...)
	if err != nil {
		return nil, err
	}
	totals, err := s.Sums(engine.Query{Numbers: []engine.Number{engine.One{}, p.Number, q.Number}, Where: existing(x, y)})
	if err != nil {
		return nil, err
	}
	out := make([]DifferenceRecord, len(s.cells.group))
	for d := range out {
		c := s.comparison(a+" - "+b, d, b, a)
		c.pair(totals, d, p.Centre, q.Centre)
		out[d] = c
	}
	return out, nil
}

// pair compares the items whose centred answers are terms 1 and 2.
func (c *DifferenceRecord) pair(totals *engine.Totals, domain int, centreA, centreB float64) {
	base := totals.Base([]int{totals.Index(domain, 0)})
	r := Blank(float64(c.Level))
	ask := Ask{Function: shifted(PairedDifference.Function, centreA-centreB), Arguments: at(totals, domain, 0, 1, 2), Test: true}
	ask.Fill(&r, totals, base)
	if c.NFrom, c.NTo = base.N, base.N; base.N > 0 {
		c.ToMean = survey.Figure(totals.At(Shifted(centreA), at(totals, domain, 1, 0)))
		c.FromMean = survey.Figure(totals.At(Shifted(centreB), at(totals, domain, 2, 0)))
	}
	c.set(r)
}

// shifted adds a constant to a function.
func shifted(f engine.Function, by float64) engine.Function {
	return engine.Function{Value: func(t []float64) float64 { return by + f.Value(t) }, Gradient: f.Gradient}
}
