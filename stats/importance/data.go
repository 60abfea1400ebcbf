package importance

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"surveykit/stats"
)

// Data are rows with weights.
type Data struct {
	// Columns have a value for each row.
	Columns [][]float64
	// Weights of the rows; rows of weight 0 do not count, whatever they hold.
	Weights []float64
}

// Centred are the columns minus their weighted means, 0 in rows of weight 0.
func (d Data) Centred() Data {
	out := Data{Weights: d.Weights}
	total := d.total()
	for _, c := range d.Columns {
		var sum float64
		for i, w := range d.Weights {
			if w != 0 {
				sum += w * c[i]
			}
		}
		x := make([]float64, len(c))
		for i, w := range d.Weights {
			if w != 0 {
				x[i] = c[i] - sum/total
			}
		}
		out.Columns = append(out.Columns, x)
	}
	return out
}

func (d Data) total() float64 {
	var total float64
	for _, w := range d.Weights {
		total += w
	}
	return total
}

// Covariance is Σ w z z'/Σw of centred columns.
func (d Data) Covariance() *mat.SymDense {
	n, total := len(d.Columns), d.total()
	c := mat.NewSymDense(n, nil)
	weighted := make([]float64, len(d.Weights))
	for i, x := range d.Columns {
		for r, w := range d.Weights {
			weighted[r] = w * x[r]
		}
		for j := i; j < n; j++ {
			c.SetSym(i, j, stats.Dot(weighted, d.Columns[j])/total)
		}
	}
	return c
}

// Influence is each row's influence on a figure of the covariance of centred
// columns, weights included:
//
//	u_i = w_i (z_i'Gz_i − Σ_ab G_ab C_ab)/Σw
func (d Data) Influence(gradient *mat.SymDense) []float64 {
	n, total := len(d.Columns), d.total()
	u, z := make([]float64, len(d.Weights)), make([]float64, n)
	var mean float64
	for r, w := range d.Weights {
		if w == 0 {
			continue
		}
		for j, c := range d.Columns {
			z[j] = c[r]
		}
		// sum is z'Gz.
		raw := gradient.RawSymmetric()
		var sum float64
		for i, x := range z {
			row := raw.Data[i*raw.Stride : i*raw.Stride+len(z)]
			half := row[i] * x / 2
			for j := i + 1; j < len(z); j++ {
				half += row[j] * z[j]
			}
			sum += 2 * x * half
		}
		u[r] = w / total * sum
		mean += u[r]
	}
	for r, w := range d.Weights {
		u[r] -= w / total * mean
	}
	return u
}

// Latent are the moments of the latent outcome of a logistic model, its predictor with
// an error of the logistic distribution: y* = xβ + e, Var e = π²/3. Its R² is the one
// of McKelvey & Zavoina (1975).
type Latent struct {
	// Columns is the covariance of the drivers' columns, Beta their coefficients.
	Columns *mat.SymDense
	Beta    []float64
}

// Covariance is the covariance of the columns and the latent outcome.
func (l Latent) Covariance() *mat.SymDense {
	p := len(l.Beta)
	c := mat.NewSymDense(p+1, nil)
	explained := 0.0
	for i, with := range l.times(l.Beta) {
		c.SetSym(i, p, with)
		explained += l.Beta[i] * with
		for j := i; j < p; j++ {
			c.SetSym(i, j, l.Columns.At(i, j))
		}
	}
	c.SetSym(p, p, explained+math.Pi*math.Pi/3)
	return c
}

// times is the columns' covariance times v.
func (l Latent) times(v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range out {
		for j, x := range v {
			out[i] += l.Columns.At(i, j) * x
		}
	}
	return out
}

// Chain turns a gradient with respect to the latent covariance into one with respect
// to the covariance of the columns and one with respect to β.
func (l Latent) Chain(g *mat.SymDense) (columns *mat.SymDense, beta []float64) {
	p := len(l.Beta)
	with, own := make([]float64, p), g.At(p, p)
	columns = mat.NewSymDense(p, nil)
	for i, b := range l.Beta {
		with[i] = g.At(i, p)
		for j := i; j < p; j++ {
			columns.SetSym(i, j, g.At(i, j)+g.At(i, p)*l.Beta[j]+b*g.At(j, p)+own*b*l.Beta[j])
		}
		with[i] += own * b
	}
	beta = l.times(with)
	for i := range beta {
		beta[i] *= 2
	}
	return columns, beta
}
