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
	return s.eachNumber(names, func(name string) (figure, error) { return s.spread(name, e) })
}

func (s *Sample) spread(name string, e Estimator) (figure, error) {
	x := engine.Answer{Column: name}
	y, err := s.centredByDomain(x)
	return figure{Estimator: e, variable: name, numbers: []engine.Number{engine.Given{x}, y, engine.Product{A: y, B: y}}}, err
}

// Correlations estimates Pearson's correlation of two variables in each domain,
// over rows that answered both. Where either does not vary there is none.
func (s *Sample) Correlations(a, b string) ([]survey.Estimate, error) {
	_, problems := s.numeric(a)
	_, more := s.numeric(b)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	f, err := s.correlation(a, b)
	if err != nil {
		return nil, err
	}
	return s.figures(f)
}

func (s *Sample) correlation(a, b string) (figure, error) {
	x, y := engine.Answer{Column: a}, engine.Answer{Column: b}
	f := figure{Estimator: Correlation, variable: a + "," + b, where: existing(x, y)}
	p, err := s.centredByDomain(x, f.where...)
	if err != nil {
		return f, err
	}
	q, err := s.centredByDomain(y, f.where...)
	f.numbers = []engine.Number{engine.One{}, p, q, engine.Product{A: p, B: p}, engine.Product{A: p, B: q}, engine.Product{A: q, B: q}}
	return f, err
}

// GeometricMeans estimates the geometric mean of each variable in each domain.
// An answer of zero or less is a problem: it has no logarithm.
func (s *Sample) GeometricMeans(names []string) ([]survey.Estimate, error) {
	return s.eachNumber(names, func(name string) (figure, error) {
		x := engine.Answer{Column: name}
		problem, err := s.outside(x, math.SmallestNonzeroFloat64, math.Inf(1))
		if problem != nil {
			problem.Message, problem.Remedy = "a geometric mean needs positive answers", "use --mean, or leave these rows out with --where"
			return figure{}, survey.Problems{*problem}
		}
		y := engine.Log{Of: x}
		return figure{Estimator: GeometricMean, variable: name, numbers: []engine.Number{engine.Given{y}, y}}, err
	})
}

// outside is the problem of the first answer in the domains that is not in a
// range, nil where all are.
func (s *Sample) outside(x engine.Answer, low, high float64) (*survey.Problem, error) {
	inside := engine.Within{Of: x, Low: low, High: high}
	counts, err := s.engine.Counts(s.ctx, nil, []engine.Query{s.within(engine.Query{Numbers: []engine.Number{x, engine.AtLeast{Of: inside, Least: 1}}})})
	if err != nil {
		return nil, err
	}
	all := true
	for d := range s.cells.group {
		all = all && counts[0][2*d] == counts[0][2*d+1]
	}
	if all {
		return nil, nil
	}
	problem := &survey.Problem{Variable: x.Column}
	rows, ok := s.engine.(engine.Rows)
	if !ok {
		return problem, nil
	}
	cell := s.domain()
	values, err := rows.Values(x)
	if err != nil {
		return nil, err
	}
	for i, y := range values {
		if cell[i] >= 0 && (y < low || y > high) {
			problem.Row, problem.Value = i+1, survey.FormatNumber(y)
			break
		}
	}
	return problem, nil
}

// centredByDomain takes out of a number its plain mean in each domain, so that sums
// of squares keep their digits and a domain without spread gives exactly 0.
func (s *Sample) centredByDomain(x engine.Number, where ...engine.Condition) (engine.Number, error) {
	centres, err := s.engine.Centres(s.ctx, s.frame, x, s.within(engine.Query{Where: where}))
	if err != nil {
		return nil, err
	}
	means := make([]float64, len(centres))
	for d, c := range centres {
		means[d] = c.Mean
	}
	return engine.Less{Of: x, Centre: means}, nil
}
