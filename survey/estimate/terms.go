package estimate

import (
	"math"

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
// Wald's F = β'V⁻¹β/k against F(k, df), with k the coefficients of the term
// that are not aliased, V their design-based covariance and df the residual
// degrees of freedom. Errors are those of Regress.
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
	none := survey.NoFigure()
	t := TermTest{Statistic: none, NDF: none, DDF: none, P: none, N: r.rows, Flags: []string{}}
	if !r.fitted.Converged {
		t.Flags = append(t.Flags, survey.FlagConvergence)
		return t
	}
	var beta []float64
	var deviations [][]float64
	for j := first; j < first+columns; j++ {
		if b := r.fitted.Beta[j]; !math.IsNaN(b) {
			beta = append(beta, b)
			deviations = append(deviations, r.deviations(j))
		}
	}
	k := float64(len(beta))
	wald, ok := quadraticForm(beta, deviations)
	switch {
	case k == 0:
		t.Flags = append(t.Flags, FlagAliased)
	case r.df <= 0:
		t.Flags = append(t.Flags, survey.FlagNoDF)
	case !ok:
		t.Flags = append(t.Flags, survey.FlagNoVariance)
	default:
		f := wald / k
		t.Statistic, t.NDF, t.DDF = survey.Figure(f), survey.Figure(k), survey.Figure(r.df)
		t.P = survey.Figure(stats.FUpper(f, k, r.df))
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
// Errors are those of Regress, and a variable that is no factor of the formula.
// Source: Graubard & Korn 1999. The figure equals R survey::svypredmeans; its
// standard error, unlike that call's, agrees with the jackknife.
func (s *Sample) PredictedMargins(text, family, variable string) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	err := s.eachModel(text, family, func(r *regression, d int) {
		levels := r.Levels(variable)
		if levels == nil && len(problems) == 0 {
			problems = append(problems, survey.Problem{Variable: variable, Message: "is no factor of the formula", Remedy: "name a factor of the formula, or write factor(" + variable + ") in it"})
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
	e.N, e.DF = r.rows, survey.Figure(r.df)
	switch {
	case r.rows == 0:
		e.Flags = append(e.Flags, survey.FlagNoRows)
		return
	case !r.fitted.Converged:
		e.Flags = append(e.Flags, survey.FlagConvergence)
		return
	case r.df <= 0:
		e.Flags = append(e.Flags, survey.FlagNoDF)
	}
	x := r.At(variable, level)
	weights := r.sample.Frame.Weights
	value, sum, square, influence := r.predict(x, weights, r.fitted)
	e.NWeighted, e.NEffective = survey.Figure(sum), survey.Figure(sum*sum/square)
	var deviations []float64
	if r.sample.Frame.Replicates == nil {
		deviations = r.sample.Frame.Deviations(influence)
	} else {
		theta := make([]float64, len(r.replicates))
		for k, fit := range r.replicates {
			theta[k], _, _, _ = r.predict(x, r.sample.Frame.Replicates.Weights[k], fit)
		}
		deviations = r.sample.Frame.Replicates.Deviations(theta, value)
	}
	se := standardError(deviations)
	if r.family.Name == stats.Binomial.Name {
		setProportion(e, value, se, math.NaN(), stats.Logit)
		return
	}
	setLimits(e, value, se, Linear)
}

// predict is the weighted mean of the predictions over the complete rows, with
// Σw, Σw² and each row's influence on it, through its own prediction and
// through the coefficients.
func (r *regression) predict(x *stats.Sparse, weights []float64, fit *stats.Fit) (value, sum, square float64, influence []float64) {
	u := x.Times(zeroAliased(fit.Beta))
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
		square += weights[i] * weights[i]
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
	for j, gradient := range x.Totals(slopes) {
		if !math.IsNaN(fit.Beta[j]) && gradient != 0 {
			stats.AddScaled(influence, gradient/sum, fit.Influence(j))
		}
	}
	return value, sum, square, influence
}

// zeroAliased takes coefficients that the model does not have as zero.
func zeroAliased(beta []float64) []float64 {
	out := make([]float64, len(beta))
	for j, b := range beta {
		if !math.IsNaN(b) {
			out[j] = b
		}
	}
	return out
}
