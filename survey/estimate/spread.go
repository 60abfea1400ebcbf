package estimate

import (
	"math"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// The estimators of spread and of association. Their totals are those of
// answers centred in each domain, which changes nothing but rounding.
var (
	// Variance is n/(n−1)·Σw(y−ȳ)²/Σw over the n rows of the domain.
	Variance = Estimator{
		Name: "variance", Formula: "n/(n−1)·Σw(y−ȳ)²/Σw", Scale: Logarithmic,
		Source:    "Särndal, Swensson & Wretman 1992, section 5.9",
		Reference: "survey::svyvar",
		Function:  smooth(spread), Correction: besselCorrection,
	}
	// StandardDeviation is √(n/(n−1)·Σw(y−ȳ)²/Σw).
	StandardDeviation = Estimator{
		Name: "sd", Formula: "√(n/(n−1)·Σw(y−ȳ)²/Σw)", Scale: Logarithmic,
		Source:     "Särndal, Swensson & Wretman 1992, sections 5.5 and 5.9",
		Reference:  "survey::svycontrast(svyvar(~y), quote(sqrt(y)))",
		Function:   smooth(func(t []dual) dual { return spread(t).sqrt() }),
		Correction: func(n float64) float64 { return math.Sqrt(besselCorrection(n)) },
	}
	// Correlation is Pearson's r, Σw(x−x̄)(y−ȳ)/√(Σw(x−x̄)²·Σw(y−ȳ)²).
	Correlation = Estimator{
		Name: "correlation", Formula: "Σw(x−x̄)(y−ȳ)/√(Σw(x−x̄)²·Σw(y−ȳ)²)", Scale: Fisher,
		Source:    "Särndal, Swensson & Wretman 1992, section 5.9; Fisher 1921 for the interval",
		Reference: "survey::svycontrast(svyvar(~x + y), …)",
		Function:  smooth(pearson),
	}
	// GeometricMean is exp(Σw ln y/Σw) of positive answers.
	GeometricMean = Estimator{
		Name: "geometric_mean", Formula: "exp(Σw ln y/Σw)", Scale: Logarithmic,
		Source:    "Särndal, Swensson & Wretman 1992, section 5.5",
		Reference: "survey::svycontrast(svymean(~log(y)), quote(exp(y)))",
		Function:  smooth(func(t []dual) dual { return t[1].over(t[0]).exp() }),
	}
)

func besselCorrection(n float64) float64 { return n / (n - 1) }

// spread is Σwe²/Σw − (Σwe/Σw)² of the totals of 1, e and e².
func spread(t []dual) dual { return comoment(t[0], t[1], t[1], t[2]) }

// comoment is Σwxy/W − Σwx/W·Σwy/W.
func comoment(w, x, y, xy dual) dual {
	return xy.over(w).minus(x.over(w).times(y.over(w)))
}

// pearson is the correlation of the totals of 1, x, y, x², xy and y².
func pearson(t []dual) dual {
	xx, yy := comoment(t[0], t[1], t[1], t[3]), comoment(t[0], t[2], t[2], t[5])
	return comoment(t[0], t[1], t[2], t[4]).over(xx.times(yy).sqrt())
}

// Variances estimates the variance of each variable in each domain.
func (s *Sample) Variances(names []string) ([]survey.Estimate, error) {
	return s.spreads(names, Variance)
}

// StandardDeviations estimates the standard deviation of each variable in each
// domain. Where all answers are the same it is 0 and has no standard error.
func (s *Sample) StandardDeviations(names []string) ([]survey.Estimate, error) {
	return s.spreads(names, StandardDeviation)
}

func (s *Sample) spreads(names []string, e Estimator) ([]survey.Estimate, error) {
	return s.eachNumber(names, func(v *survey.Variable) ([]survey.Estimate, survey.Problems) {
		return s.figures(s.spread(v, e)), nil
	})
}

func (s *Sample) spread(v *survey.Variable, e Estimator) figure {
	valid := v.Valid()
	y := s.centred(v, valid)
	return figure{Estimator: e, variable: v.Name, terms: engine.Columns(valid, ones(len(y)), y, products(y, y))}
}

// Correlations estimates Pearson's correlation of two variables in each domain,
// over rows that answered both. Where either does not vary there is none.
func (s *Sample) Correlations(a, b string) ([]survey.Estimate, error) {
	x, problems := s.numeric(a)
	y, more := s.numeric(b)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	return s.figures(s.correlation(x, y)), nil
}

func (s *Sample) correlation(x, y *survey.Variable) figure {
	valid := both(x.Valid(), y.Valid())
	p, q := s.centred(x, valid), s.centred(y, valid)
	terms := engine.Columns(valid, ones(len(p)), p, q, products(p, p), products(p, q), products(q, q))
	return figure{Estimator: Correlation, variable: x.Name + "," + y.Name, terms: terms}
}

// GeometricMeans estimates the geometric mean of each variable in each domain.
// An answer of zero or less is a problem: it has no logarithm.
func (s *Sample) GeometricMeans(names []string) ([]survey.Estimate, error) {
	return s.eachNumber(names, func(v *survey.Variable) ([]survey.Estimate, survey.Problems) {
		valid := v.Valid()
		logs := make([]float64, len(valid))
		for i, ok := range valid {
			if !ok || s.cells.cell[i] < 0 {
				continue
			}
			if v.Numbers[i] <= 0 {
				return nil, survey.Problems{{Row: i + 1, Variable: v.Name, Value: survey.FormatNumber(v.Numbers[i]),
					Message: "a geometric mean needs answers above zero", Remedy: "use --mean, or leave such rows out by --where"}}
			}
			logs[i] = math.Log(v.Numbers[i])
		}
		terms := engine.Columns(valid, ones(len(logs)), logs)
		return s.figures(figure{Estimator: GeometricMean, variable: v.Name, terms: terms}), nil
	})
}

// centred takes out of valid answers the plain mean of their domain, so that
// sums of squares keep their digits and a domain without spread gives exactly 0.
func (s *Sample) centred(v *survey.Variable, valid []bool) []float64 {
	n, mean := make([]float64, len(s.cells.group)), make([]float64, len(s.cells.group))
	for i, d := range s.cells.cell {
		if d >= 0 && valid[i] && s.Frame.Weights[i] > 0 {
			n[d]++
			mean[d] += (v.Numbers[i] - mean[d]) / n[d]
		}
	}
	e := make([]float64, len(valid))
	for i, d := range s.cells.cell {
		if d >= 0 && valid[i] {
			e[i] = v.Numbers[i] - mean[d]
		}
	}
	return e
}
