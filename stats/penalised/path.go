// Package penalised fits logistic models whose coefficients are held down by
// an elastic net, and says how well they predict people that they have not seen.
package penalised

import (
	"math"

	"surveykit/stats"
)

// Data are the rows that a model is fitted to.
type Data struct {
	// X has its constant as column 0, which is not penalised.
	X *stats.Sparse
	// Y are the outcomes, 0 or 1; Weights decide how much a row counts. Rows of
	// weight 0 do not, whatever they hold.
	Y, Weights []float64
}

// Model is a fitted logistic model.
type Model struct {
	// Lambda is the penalty.
	Lambda float64 `json:"lambda"`
	// Beta are the coefficients on the scale of the logit, the constant first.
	Beta []float64 `json:"coefficients"`
	// Converged is false where the steps ended before the optimum's conditions held.
	Converged bool `json:"converged"`
}

// Probabilities are 1/(1 + exp(−xβ)), one a row.
func (m *Model) Probabilities(x *stats.Sparse) []float64 {
	u := x.Times(m.Beta)
	for i := range u {
		u[i], _ = stats.Binomial.Mean(u[i])
	}
	return u
}

// Lambdas are n penalties, equally far apart on the logarithmic scale, from
// the lowest one under which all coefficients are zero to a ten-thousandth of it.
// mix is as in Path; below 0.001 it counts as that. Nil where no column varies.
func (d Data) Lambdas(mix float64, n int) []float64 {
	f := newFitter(d, mix)
	f.evaluate(f.beta)
	g := f.gradient()
	var highest float64
	for j, s := range f.scale {
		if j > 0 && s > 0 {
			highest = math.Max(highest, math.Abs(g[j])/s/math.Max(mix, 0.001))
		}
	}
	if highest == 0 {
		return nil
	}
	const depth = 1e-4
	out := make([]float64, n)
	for k := range out {
		out[k] = highest * math.Pow(depth, float64(k)/float64(max(1, n-1)))
	}
	return out
}

// Path minimises for each penalty λ
//
//	−Σ w (y η − ln(1 + e^η))/Σw + λ Σ_j (α s_j|β_j| + (1−α)/2 (s_j β_j)²)
//
// with η = xβ, s_j the weighted standard deviation of column j and α = mix: 1 for
// the lasso, 0 for ridge. Columns that do not vary get 0; both outcomes must occur. Penalties should
// fall, since each fit begins from the one before; λ = 0 is the ordinary model.
// By Newton steps, each solved by coordinate descent with the constant eliminated.
// Source: Friedman, Hastie & Tibshirani 2010, J. Stat. Softw. 33(1). Equals R
// glmnet(family = "binomial", weights, alpha = mix, standardize = TRUE).
func (d Data) Path(mix float64, lambdas []float64) []*Model {
	f := newFitter(d, mix)
	out := make([]*Model, len(lambdas))
	for k, lambda := range lambdas {
		converged := f.fit(lambda)
		out[k] = &Model{Lambda: lambda, Beta: append([]float64{}, f.beta...), Converged: converged}
	}
	return out
}

// fitter holds a model on its way along the path.
type fitter struct {
	Data
	mix, total float64
	// scale are the columns' standard deviations, 0 for those left out.
	scale []float64
	beta  []float64
	// predictor and mean belong to beta, loss is the first term of the objective.
	predictor, mean []float64
	loss            float64
	// curvature is that of the loss where it was last asked for.
	curvature *stats.Symmetric
}

func newFitter(d Data, mix float64) *fitter {
	n, p := len(d.Weights), d.X.Columns
	f := &fitter{Data: d, mix: mix, scale: make([]float64, p), beta: make([]float64, p), predictor: make([]float64, n), mean: make([]float64, n)}
	var ones float64
	for i, w := range d.Weights {
		f.total += w
		if w != 0 {
			ones += w * d.Y[i]
		}
	}
	gram := d.X.Gram(d.Weights)
	for j := 1; j < p; j++ {
		mean, square := gram.At(0, j)/f.total, gram.At(j, j)/f.total
		if variance := square - mean*mean; variance > varies*square {
			f.scale[j] = math.Sqrt(variance)
		}
	}
	f.beta[0] = math.Log(ones / (f.total - ones))
	return f
}

// varies is the share of a column's mean square that its variance must be.
const varies = 1e-12

// evaluate fills in what belongs to coefficients.
func (f *fitter) evaluate(beta []float64) {
	copy(f.beta, beta)
	f.predictor = f.X.Times(f.beta)
	f.loss = 0
	for i, w := range f.Weights {
		if w != 0 {
			u := f.predictor[i]
			e := math.Exp(-math.Abs(u))
			if f.mean[i] = 1 / (1 + e); u < 0 {
				f.mean[i] = e / (1 + e)
			}
			f.loss += w * (math.Max(u, 0) + math.Log1p(e) - f.Y[i]*u)
		}
	}
	f.loss /= f.total
}

// penalty is the second term of the objective at coefficients.
func (f *fitter) penalty(beta []float64, lambda float64) float64 {
	var sum float64
	for j := 1; j < len(beta); j++ {
		b := math.Abs(f.scale[j] * beta[j])
		sum += f.mix*b + (1-f.mix)/2*b*b
	}
	return lambda * sum
}

// gradient is that of the loss at beta.
func (f *fitter) gradient() []float64 {
	score := make([]float64, len(f.Weights))
	for i, w := range f.Weights {
		if w != 0 {
			score[i] = w * (f.mean[i] - f.Y[i]) / f.total
		}
	}
	return f.X.Totals(score)
}

// bend computes the curvature at beta.
func (f *fitter) bend() {
	v := make([]float64, len(f.Weights))
	for i, w := range f.Weights {
		v[i] = w * f.mean[i] * (1 - f.mean[i]) / f.total
	}
	f.curvature = f.X.Gram(v)
}
