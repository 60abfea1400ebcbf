// Package penalised fits logistic models whose coefficients are shrunk by an elastic
// net, and measures how well they predict people outside their data.
package penalised

import (
	"math"

	"surveykit/stats"
)

// Data are the rows that a model is fitted to.
type Data struct {
	// X has its constant as column 0, which is not penalised.
	X *stats.Sparse
	// Y are the outcomes, 0 or 1; Weights are the rows' weights. Rows of
	// weight 0 do not count, whatever they hold.
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

// Lambdas are n penalties, equally spaced on the logarithmic scale, from
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
// fall, because each fit starts from the one before; λ = 0 is the ordinary model.
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

// fitter is a model while the path is fitted.
type fitter struct {
	Data
	mix, total float64
	// scale are the columns' standard deviations, 0 for those left out.
	scale []float64
	beta  []float64
	// predictor and mean belong to beta, loss is the first term of the objective.
	predictor, mean []float64
	loss            float64
	// curvature of the loss where it was last computed.
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

// varies is the smallest ratio of a column's variance to its mean square.
const varies = 1e-12

// evaluate sets the coefficients and what depends on them.
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

// gradient of the loss at beta.
func (f *fitter) gradient() []float64 {
	score := make([]float64, len(f.Weights))
	for i, w := range f.Weights {
		if w != 0 {
			score[i] = w * (f.mean[i] - f.Y[i]) / f.total
		}
	}
	return f.X.Totals(score)
}

const (
	// optimal is the allowed distance of the slope of the objective from the condition of
	// an optimum, for a column of variance 1; slopes are at most 1.
	optimal = 1e-10
	// nearly is enough where the objective cannot fall by more than rounding.
	nearly = 1e-6
	// mostSteps is the most Newton steps for a penalty; few need ten.
	mostSteps = 200
	// mostSweeps is the most rounds of coordinate descent in one of them.
	mostSweeps = 1000
)

// fit moves from the current coefficients to the optimum under a penalty. The
// curvature is kept from step to step, and from one penalty to the next, while every
// step halves the distance: it costs far more than a slope.
func (f *fitter) fit(lambda float64) bool {
	f.evaluate(f.beta)
	distance, fresh := math.Inf(1), false
	for range mostSteps {
		g := f.gradient()
		// The largest distance from the conditions of an optimum (Karush, Kuhn and Tucker), in
		// units of standardised columns.
		now := math.Abs(g[0])
		for j := 1; j < len(g); j++ {
			if s := f.scale[j]; s > 0 {
				now = math.Max(now, f.apart(g[j]/s, s*f.beta[j], lambda))
			}
		}
		if now <= optimal {
			return true
		}
		if fresh = f.curvature == nil || now > distance/2; fresh {
			v := make([]float64, len(f.Weights))
			for i, w := range f.Weights {
				v[i] = w * f.mean[i] * (1 - f.mean[i]) / f.total
			}
			f.curvature = f.X.Gram(v)
		}
		distance = now
		if !f.advance(f.descend(g, lambda), g, lambda) {
			if fresh {
				return now <= nearly
			}
			distance = 0
		}
	}
	return false
}

// apart is the distance for one standardised coefficient b with slope g.
func (f *fitter) apart(g, b, lambda float64) float64 {
	if b == 0 {
		return math.Max(0, math.Abs(g)-lambda*f.mix)
	}
	return math.Abs(g + lambda*(math.Copysign(f.mix, b)+(1-f.mix)*b))
}

// descend minimises the quadratic model of the objective, without the constant, by
// coordinate descent; it returns the coefficients.
func (f *fitter) descend(g []float64, lambda float64) []float64 {
	p := len(g)
	h := f.curvature
	level := h.At(0, 0)
	beta := append([]float64{}, f.beta...)
	// slope is the slope of the model at beta.
	slope := make([]float64, p)
	for j := 1; j < p; j++ {
		slope[j] = g[j] - h.At(0, j)*g[0]/level
	}
	for range mostSweeps {
		var moved float64
		for j := 1; j < p; j++ {
			own := h.At(j, j) - h.At(0, j)*h.At(0, j)/level
			s := f.scale[j]
			if s == 0 || own <= varies*h.At(j, j) {
				continue
			}
			b := soft(own*beta[j]-slope[j], lambda*f.mix*s) / (own + lambda*(1-f.mix)*s*s)
			change := b - beta[j]
			if change == 0 {
				continue
			}
			beta[j] = b
			for k := 1; k < p; k++ {
				slope[k] += change * (h.At(j, k) - h.At(0, j)*h.At(0, k)/level)
			}
			moved = math.Max(moved, own*math.Abs(change)/s)
		}
		if moved <= optimal/10 {
			break
		}
	}
	change := g[0]
	for j := 1; j < p; j++ {
		change += h.At(0, j) * (beta[j] - f.beta[j])
	}
	beta[0] -= change / level
	return beta
}

// soft moves x towards zero by at most by.
func soft(x, by float64) float64 {
	return math.Copysign(math.Max(0, math.Abs(x)-by), x)
}

// advance moves to new coefficients, or the part of the way that lowers the objective
// by a share of what its slope predicts; it reports whether it moved.
func (f *fitter) advance(to, g []float64, lambda float64) bool {
	from := append([]float64{}, f.beta...)
	before := f.loss + f.penalty(from, lambda)
	promised := f.penalty(to, lambda) - f.penalty(from, lambda)
	for j := range g {
		promised += g[j] * (to[j] - from[j])
	}
	const part, least, rounding = 1e-4, 1e-6, 1e-15
	next := make([]float64, len(from))
	for t := 1.0; t > least; t /= 2 {
		for j := range next {
			next[j] = from[j] + t*(to[j]-from[j])
		}
		f.evaluate(next)
		if f.loss+f.penalty(next, lambda) <= before+part*t*promised+rounding*math.Abs(before) {
			return true
		}
	}
	f.evaluate(from)
	return false
}
