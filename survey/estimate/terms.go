package estimate

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"surveykit/stats"
	"surveykit/survey"
)

// TermTest is the joint test that all coefficients of a term are zero.
type TermTest struct {
	Term      string        `json:"term"`
	Group     survey.Group  `json:"group"`
	Codes     survey.Group  `json:"group_codes"`
	Statistic survey.Figure `json:"statistic"`
	NDF       survey.Figure `json:"ndf"`
	DDF       survey.Figure `json:"ddf"`
	P         survey.Figure `json:"p"`
	N         int           `json:"n"`
	Flags     []string      `json:"flags"`
}

// TermTests fits a regression in each domain and tests each of its terms by
// Wald's F = β'V⁻¹β/k against F(k, df), with k the coefficients of the term, V
// their design-based covariance and df the residual degrees of freedom. A term
// with a coefficient that the data do not determine has no test. Errors are those
// of Regress.
// Source: Korn & Graubard 1990. Equals R survey::regTermTest(method = "Wald").
func (s *Sample) TermTests(text, family string) ([]TermTest, error) {
	var out []TermTest
	err := s.eachModel(text, family, func(r *regression, d int) {
		for _, term := range r.Terms {
			t := r.testTerm(term.First, term.Columns)
			t.Term, t.Group, t.Codes = term.Name, s.cells.group[d], s.cells.codes[d]
			out = append(out, t)
		}
	})
	return out, err
}

func (r *regression) testTerm(first, columns int) TermTest {
	t := TermTest{N: r.fittedRows, Flags: []string{}}
	beta := r.fitted.Beta[first : first+columns]
	switch {
	case r.rows == 0:
		t.Flags = append(t.Flags, survey.FlagNoRows)
		return t
	case !r.fitted.Converged:
		t.Flags = append(t.Flags, survey.FlagConvergence)
		return t
	case slices.ContainsFunc(beta, math.IsNaN):
		t.Flags = append(t.Flags, survey.FlagNotEstimable)
		return t
	}
	deviations := make([][]float64, columns)
	for k := range deviations {
		deviations[k] = r.deviations(first + k)
	}
	k := float64(columns)
	wald, ok := quadraticForm(beta, deviations)
	switch {
	case r.df <= 0:
		t.Flags = append(t.Flags, survey.FlagNoDF)
	case !ok || r.fitted.Exact():
		t.Flags = append(t.Flags, survey.FlagNoVariance)
	default:
		f := wald / k
		t.Statistic, t.NDF, t.DDF = survey.FigureOf(f), survey.FigureOf(k), survey.FigureOf(r.df)
		t.P = survey.FigureOf(stats.FUpper(f, k, r.df))
	}
	return t
}

// quadraticForm is β'V⁻¹β with V the dot products of the deviations; ok is
// false where V cannot be inverted.
func quadraticForm(beta []float64, deviations [][]float64) (q float64, ok bool) {
	if len(beta) == 0 {
		return 0, false
	}
	v := mat.NewSymDense(len(beta), nil)
	for i := range beta {
		for j := i; j < len(beta); j++ {
			v.SetSym(i, j, stats.Dot(deviations[i], deviations[j]))
		}
	}
	var c mat.Cholesky
	if !c.Factorize(v) {
		return 0, false
	}
	var x mat.VecDense
	b := mat.NewVecDense(len(beta), beta)
	if err := c.SolveVecTo(&x, b); err != nil {
		return 0, false
	}
	return mat.Dot(b, &x), true
}

// PredictedMargins fits a regression in each domain and gives, for each level
// of a factor, the mean that the model predicts if everybody had that level and
// were otherwise as they are: Σ w μ(x_i) / Σ w. The standard error knows that
// both the coefficients and the respondents are a sample.
// Errors are those of Regress, and a variable that is not a factor of the formula.
// Source: Graubard & Korn 1999. The figure equals R survey::svypredmeans; its
// standard error, unlike that call's, agrees with the jackknife.
func (s *Sample) PredictedMargins(text, family, variable string) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	err := s.eachModel(text, family, func(r *regression, d int) {
		levels := r.Levels(variable)
		if levels == nil && len(problems) == 0 {
			problems = append(problems, survey.Problem{Variable: variable, Message: "is not a factor of the formula", Remedy: "name a factor of the formula, or write factor(" + variable + ") in it"})
		}
		for k, level := range levels {
			e := s.record("predicted_margin", variable, d)
			e.Category = level
			r.margin(&e, variable, k)
			out = append(out, e)
		}
	})
	if err == nil {
		err = problems.Err()
	}
	return out, err
}

// margin fills in the predicted margin of one level.
func (r *regression) margin(e *survey.Estimate, variable string, level int) {
	e.N, e.DF = r.rows, survey.FigureOf(r.df)
	switch {
	case r.rows == 0:
		e.Flags = append(e.Flags, survey.FlagNoRows)
		return
	case !r.fitted.Converged:
		e.Flags = append(e.Flags, survey.FlagConvergence)
		return
	}
	x := r.At(variable, level)
	weights := r.sample.frame.ByRow.Weights
	if !r.determines(r.fitted, x, weights) {
		e.Flags = append(e.Flags, survey.FlagNotEstimable)
		return
	}
	if r.df <= 0 {
		e.Flags = append(e.Flags, survey.FlagNoDF)
	}
	value, sum, square, influence := r.predict(x, weights, r.fitted)
	e.NWeighted, e.NEffective = survey.FigureOf(sum), survey.FigureOf(sum*sum/square)
	var deviations []float64
	if r.sample.frame.Replicates == nil {
		deviations = r.sample.frame.Deviations(influence)
	} else {
		theta := make([]float64, len(r.replicates))
		all := r.sample.frame.ReplicateWeights()
		for k, fit := range r.replicates {
			w := all[k]
			if theta[k], _, _, _ = r.predict(x, w, fit); !fit.Converged || !r.determines(fit, x, w) {
				theta[k] = math.NaN()
			}
		}
		deviations = r.replicated(theta, value)
	}
	const rounding = 1e-12 // of the margin, where everybody is predicted the same
	se := standardError(deviations)
	if se <= rounding*math.Abs(value) {
		se = 0
	}
	switch {
	case math.IsNaN(se):
		e.Value = survey.FigureOf(value)
		e.Flags = append(e.Flags, survey.FlagConvergence)
	case r.fitted.Exact():
		setLimits(e, value, math.NaN(), Linear)
	case r.family.Name == stats.Binomial.Name:
		setProportion(e, value, se, math.NaN(), r.sample.interval)
	default:
		setLimits(e, value, se, Linear)
	}
}

// determines reports whether a fit determines the mean that it predicts for the
// complete rows of x: of a linear model their mean row, of others every one.
func (r *regression) determines(fit *stats.Fit, x *stats.Sparse, weights []float64) bool {
	w := make([]float64, len(weights))
	for i, complete := range r.Complete {
		if complete {
			w[i] = weights[i]
		}
	}
	if r.family.Name == stats.Gaussian.Name {
		return fit.Space.Holds(x.Totals(w))
	}
	return fit.Space.HoldsRows(x, w)
}

// predict is the weighted mean of the predictions over the complete rows, with
// Σw, Σw² and each row's influence on it, through its own prediction and
// through the coefficients.
func (r *regression) predict(x *stats.Sparse, weights []float64, fit *stats.Fit) (value, sum, square float64, influence []float64) {
	u := x.Times(fit.Solution)
	influence = make([]float64, len(weights))
	slopes := make([]float64, len(weights))
	var total float64
	for i, complete := range r.Complete {
		if !complete {
			continue
		}
		mean, slope := r.family.Mean(u[i])
		influence[i], slopes[i] = mean, weights[i]*slope
		sum += weights[i]
		square += r.sample.frame.Square(i)
		total += weights[i] * mean
	}
	value = total / sum
	for i, complete := range r.Complete {
		if complete {
			influence[i] = weights[i] * (influence[i] - value) / sum
		}
	}
	if fit != r.fitted {
		return value, sum, square, nil // a replicate needs no influence
	}
	gradient := x.Totals(slopes)
	stats.AddScaled(influence, 1/sum, fit.InfluenceOn(gradient))
	return value, sum, square, influence
}
