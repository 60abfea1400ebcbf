package estimate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Linearised is a figure of one domain that can be combined with others of the
// same design, whatever query they come from; see Combine and Deviations.
type Linearised struct {
	survey.Estimate
	// deviations is nil, or gives nil, where there is no standard error to combine.
	deviations func() []float64
}

// StandardDeviation is the first domain's record of StandardDeviations.
func (s *Sample) StandardDeviation(name string) (Linearised, error) {
	if _, problems := s.numbers(name); len(problems) > 0 {
		return Linearised{}, problems
	}
	f, err := s.spread(name, StandardDeviation)
	if err != nil {
		return Linearised{}, err
	}
	return s.linearised(f)
}

// Correlation is the first domain's record of Correlations.
func (s *Sample) Correlation(a, b string) (Linearised, error) {
	_, problems := s.numbers(a)
	_, more := s.numbers(b)
	if problems = append(problems, more...); len(problems) > 0 {
		return Linearised{}, problems
	}
	f, err := s.correlation(a, b)
	if err != nil {
		return Linearised{}, err
	}
	return s.linearised(f)
}

func (s *Sample) linearised(f figure) (Linearised, error) {
	totals, err := s.Sums(engine.Query{Numbers: f.numbers, Where: f.where})
	if err != nil {
		return Linearised{}, err
	}
	ask, base := f.ask(totals, 0)
	out := Linearised{Estimate: s.record(f.Name, f.variable, 0)}
	ask.Fill(&out.Estimate, totals, base)
	if out.SE.Exists() {
		out.deviations = func() []float64 { return totals.Comparable(ask.Function, ask.Arguments) }
	}
	return out, nil
}

// Quantile is the first domain's record of Quantiles for a probability. Its
// deviations are those of F, the share up to the estimate, times −se/se(F): by
// Bahadur's representation the error of a quantile is (p − F)/f, and se/se(F) is the
// 1/f by which the interval turns shares into answers. So standard error and covariance agree, and no
// density has to be estimated. Where more answers tie at the estimate than the
// interval of F spans, as on a scale of five answers, there is no such 1/f and
// the quantile is combined without a standard error.
// Source: Woodruff 1952; Francisco & Fuller 1991, section 3.
func (s *Sample) Quantile(name string, p float64) (Linearised, error) {
	_, problems := s.numbers(name)
	if problems = append(problems, checkProbabilities([]float64{p})...); len(problems) > 0 {
		return Linearised{}, problems
	}
	records, err := s.quantiles(name, p)
	if err != nil {
		return Linearised{}, err
	}
	out := Linearised{Estimate: records[0]}
	if out.SE.Exists() {
		out.deviations = func() []float64 { return s.quantileDeviations(name, out.Estimate) }
	}
	return out, nil
}

func (s *Sample) quantileDeviations(name string, r survey.Estimate) []float64 {
	d := distribution{Sample: s, x: engine.Answer{Column: name}}
	q := make([]float64, len(s.cells.group))
	q[0] = r.Value.Float()
	totals, err := d.under(q)
	if err != nil {
		return nil
	}
	share, se, _ := below(totals, 0)
	q[0] = math.Nextafter(q[0], math.Inf(-1))
	less, err := d.under(q)
	if err != nil {
		return nil
	}
	lower, _, _ := below(less, 0)
	if t := stats.TQuantile((1+r.Level.Float())/2, r.DF.Float()); share-lower > 2*t*se {
		return nil
	}
	out := totals.Comparable(ratio, at(totals, 0, 1, 0))
	for i := range out {
		out[i] *= -r.SE.Float() / se
	}
	return out
}

// Combine fills in Σ weight·figure with its joint covariance, a t interval on
// the plain scale and a two-sided test against zero; base are the rows behind
// any of the figures. A difference has the weights 1 and −1. Where one of the
// figures does not exist neither does the sum; where one has no standard error
// the sum has none.
func Combine(r *survey.Estimate, base engine.Base, weights []float64, figures []Linearised) {
	if !setBase(r, base) {
		return
	}
	const ofErrors = 1e-12
	value, rounding := 0.0, 0.0
	for k, figure := range figures {
		value += weights[k] * figure.Value.Float()
		rounding += ofErrors * math.Abs(weights[k]*figure.SE.Float())
	}
	if math.IsNaN(value) {
		r.Flags = append(r.Flags, survey.FlagZeroDivisor)
		return
	}
	setLimits(r, value, known(combinedError(weights, figures), rounding, base.DF), Linear)
	setTest(r)
}

func combinedError(weights []float64, figures []Linearised) float64 {
	var sum []float64
	for k, figure := range figures {
		d := figure.Deviations()
		if d == nil || sum != nil && len(d) != len(sum) { // of other groups of rows
			return math.NaN()
		}
		if sum == nil {
			sum = make([]float64, len(d))
		}
		stats.AddScaled(sum, weights[k], d)
	}
	return standardError(sum)
}

// Deviations is the figure's vector under its design: the dot product of two
// figures' vectors is their covariance, of one with itself the square of its
// standard error. It is nil where there is no standard error to combine.
func (l Linearised) Deviations() []float64 {
	if l.deviations == nil {
		return nil
	}
	return l.deviations()
}
