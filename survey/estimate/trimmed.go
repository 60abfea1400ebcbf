package estimate

import (
	"math"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// TrimmedMean is the mean of the middle of the answers, without a share α of the
// weight at each end: ∫Q(u)du/(1 − 2α) from α to 1 − α, Q the weighted quantile
// function. With l and h the ends of the middle and c(y) = min(max(y, l), h) it is
// the mean of the pseudovalues (c(y) − α(l + h))/(1 − 2α), and its influence function
// is theirs less the estimate: at first order l and h do not matter. So its variance
// is that of the mean of the pseudovalues, with replicate weights too.
// Source: Hampel et al. 1986, section 2.3; Shao 1994 for complex designs. Equals
// R's mean(y, trim = α) of equal weights where α·n is whole.
var TrimmedMean = Estimator{
	Name: "trimmed_mean", Formula: "Σw(min(max(y, l), h) − α(l + h)) / ((1 − 2α)Σw)",
	Source:    "Hampel et al. 1986, section 2.3; Shao 1994",
	Reference: "survey::svymean(~I((pmin(pmax(y, l), h) - a * (l + h)) / (1 - 2 * a)))",
	Function:  smooth(func(t []dual) dual { return t[1].over(t[0]) }),
}

// Trim names a variable and the percentage (over 0, under 50) of the people that is
// cut off at each end.
type Trim struct {
	Variable string
	Percent  float64
}

// ParseTrim reads VARIABLE:PERCENT.
func ParseTrim(text string) (Trim, error) {
	if at := strings.LastIndex(text, ":"); at > 0 {
		if p, err := strconv.ParseFloat(text[at+1:], 64); err == nil && p > 0 && p < 50 {
			return Trim{text[:at], p}, nil
		}
	}
	return Trim{}, survey.Problems{{Value: text, Message: "the trimmed mean is not of the form VARIABLE:PERCENT", Remedy: "for example spend:10 for the mean without the 10% at each end"}}
}

// TrimmedMeans estimates the trimmed mean of a variable in each domain.
func (s *Sample) TrimmedMeans(t Trim) ([]survey.Estimate, error) {
	if _, problems := s.numeric(t.Variable); len(problems) > 0 {
		return nil, problems
	}
	f, err := s.trimmed(t)
	if err != nil || len(s.cells.group) == 0 {
		return nil, err // without a domain there is nothing to cut
	}
	return s.figures(f)
}

// TrimmedMean is the first domain's record of TrimmedMeans.
func (s *Sample) TrimmedMean(t Trim) (Linearised, error) {
	if _, problems := s.numbers(t.Variable); len(problems) > 0 {
		return Linearised{}, problems
	}
	f, err := s.trimmed(t)
	if err != nil {
		return Linearised{}, err
	}
	return s.linearised(f)
}

// trimmed is the mean of the pseudovalues, less a centre that keeps digits.
func (s *Sample) trimmed(t Trim) (figure, error) {
	if !(t.Percent > 0 && t.Percent < 50) {
		return figure{}, survey.Problems{{Value: survey.FormatNumber(t.Percent), Message: "the percentage of a trimmed mean is not between 0 and 50", Remedy: "give 10 for the mean without the 10% at each end"}}
	}
	d, err := s.distribution(t.Variable)
	if err != nil {
		return figure{}, err
	}
	centres, err := s.engine.Centres(s.ctx, nil, d.x, engine.Query{})
	if err != nil {
		return figure{}, err
	}
	alpha, centre := t.Percent/100, centres[0].Mean
	low, high, factors := make([]float64, len(d.sorted)), make([]float64, len(d.sorted)), make([][]float64, len(d.sorted))
	for k, sorted := range d.sorted {
		low[k], high[k] = sorted.Middle(alpha)
		l, h := low[k]-centre, high[k]-centre
		factors[k] = []float64{h - alpha*(l+h), -h, 1, l, -1}
		for i := range factors[k] {
			if factors[k][i] /= 1 - 2*alpha; math.IsNaN(factors[k][i]) {
				factors[k][i] = 0 // nobody is in the domain
			}
		}
	}
	y := engine.Less{Of: d.x, Centre: []float64{centre}}
	atMost := func(limits []float64) engine.Number { return engine.AtMost{Of: d.x, Limits: limits} }
	pseudovalue := engine.Sum{Factors: factors, Of: []engine.Number{
		engine.Given{d.x}, atMost(high), engine.Product{A: y, B: atMost(high)}, atMost(low), engine.Product{A: y, B: atMost(low)},
	}}
	e := TrimmedMean
	e.Function = smooth(func(t []dual) dual { return constant(centre).plus(t[1].over(t[0])) })
	return figure{Estimator: e, variable: t.Variable, category: survey.FormatNumber(t.Percent) + "% at each end", numbers: []engine.Number{engine.Given{d.x}, pseudovalue}}, nil
}
