package segment

import (
	"math"

	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/estimate"
	formulas "surveykit/survey/formula"
)

// ClassLogit is how the odds of one segment against the first depend on
// covariates: ln P(segment)/P(first) = xβ.
type ClassLogit struct {
	Segment      string                 `json:"segment"`
	Against      string                 `json:"against"`
	Coefficients []estimate.Coefficient `json:"coefficients"`
}

// explain is the third step of Vermunt (Political Analysis 18, 2010): a
// multinomial logit of the class on covariates, corrected for the errors that
// assigning people to their most probable class makes. Standard errors are the
// sandwich over PSUs, which holds that the class model and those errors were
// estimated from the same people, or the spread of the fits under each
// replicate's weights. Rows that
// lack a covariate leave the logit, not the design.
func (r *classesFitted) explain(m *measured, names []string, text string) ([]ClassLogit, error) {
	f, err := formulas.Parse("~ " + text)
	if err != nil {
		return nil, err
	}
	if len(r.fits[r.best].Shares) < 2 {
		return nil, survey.Problems{{Value: text, Message: "with one segment there is nothing to explain", Remedy: "ask for two or more classes"}}
	}
	x, err := f.Model(m.sample.Table(), r.classed(), nil)
	if err != nil {
		return nil, err
	}
	assigned := mixture.Modal(m.model.Posterior(r.in))
	fitted := r.membership(m.model, assigned, x, m.sample.Frame().ByRow.Weights)
	var replicates []*mixture.Membership
	for k, replicate := range m.replicates {
		replicates = append(replicates, r.membership(&replicate.Model, assigned, x, m.sample.Frame().ByRow.Replicates[k]))
	}
	var out []ClassLogit
	for t := 1; t < len(names); t++ {
		out = append(out, ClassLogit{Segment: names[t], Against: names[0], Coefficients: r.coefficients(m, x, t, fitted, replicates)})
	}
	return out, nil
}

// classed marks the rows that have a class.
func (r *classesFitted) classed() []bool {
	in := make([]bool, len(r.weights))
	for i, w := range r.weights {
		in[i] = w != 0 && answersAny(r.in, i)
	}
	return in
}

// membership makes the second and the third step from a model of the first:
// errors of classification over everybody, the logit over the complete rows.
// The classes that people are assigned to stay under replicate weights: they
// change by jumps, which no jackknife measures.
func (r *classesFitted) membership(model *mixture.Model, assigned []int32, x *formulas.Model, weights []float64) *mixture.Membership {
	posterior := model.Posterior(r.in)
	in := make([]float64, len(weights))
	var sum, n float64
	for i, is := range r.classed() {
		if is {
			in[i] = weights[i]
			sum += weights[i]
			n++
		}
	}
	errors := mixture.ClassificationErrors(posterior, assigned, in)
	for i := range in {
		if in[i] *= n / sum; !x.Complete[i] {
			in[i] = 0
		}
	}
	return mixture.FitMembership(x.X, assigned, errors, in)
}

func (r *classesFitted) coefficients(m *measured, x *formulas.Model, t int, fitted *mixture.Membership, replicates []*mixture.Membership) []estimate.Coefficient {
	rows := 0
	for i, complete := range x.Complete {
		if complete && m.sample.Frame().ByRow.Weights[i] != 0 {
			rows++
		}
	}
	df := m.sample.Frame().DF(func(i int) bool { return x.Complete[i] }) + 1 - float64(fitted.Rank)
	var out []estimate.Coefficient
	for c, term := range x.Names {
		value := fitted.Beta[t-1][c]
		record := m.sample.InfluencedCoefficient(term, rows, df, value, r.influences(m, t, c, fitted, replicates))
		if !fitted.Converged {
			record = estimate.Coefficient{Term: term, N: rows, Flags: []string{survey.FlagConvergence}}
		}
		out = append(out, record)
	}
	return out
}

// influences are those of the rows on a coefficient, or its values under each
// replicate's weights; nil where it does not exist.
func (r *classesFitted) influences(m *measured, t, c int, fitted *mixture.Membership, replicates []*mixture.Membership) []float64 {
	if m.replicates == nil {
		out := fitted.Influence(t, c)
		if out == nil {
			return nil
		}
		for i, u := range fitted.InfluenceOfErrors(t, c, m.influences, m.model.Posterior(r.in), r.weights) {
			out[i] += u
		}
		return out
	}
	out := make([]float64, len(replicates))
	for k, replicate := range replicates {
		if out[k] = replicate.Beta[t-1][c]; !replicate.Converged {
			out[k] = math.NaN()
		}
	}
	return out
}
