package importance

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Johnson gives the relative weights
//
//	R_xx = Q L Q',  M = Q L^½ Q',  b = M⁻¹ r_xy,  ε_j = Σ_k M_jk² b_k²
//
// that is, R² divided among the orthogonal variables nearest to the drivers, and then
// among the drivers by their loadings on these. A factor is the single variable of its
// levels' coefficients in the full model (Heise 1972), so that its weight does not
// depend on the reference level. Gradients are central
// differences. Source: Johnson 2000, Multivariate Behavioral Research 35.
// Equals R rwa::rwa for drivers that are numbers.
func (m *Moments) Johnson() []Figure {
	n := m.Covariance.SymmetricDim()
	scale, c := make([]float64, n), mat.NewSymDense(n, nil)
	for i := range n {
		if scale[i] = math.Sqrt(m.Covariance.At(i, i)); scale[i] == 0 {
			scale[i] = 1
		}
	}
	for i := range n {
		for j := i; j < n; j++ {
			c.SetSym(i, j, m.Covariance.At(i, j)/scale[i]/scale[j])
		}
	}
	out := make([]Figure, len(m.Drivers))
	for j, e := range m.relativeWeights(c) {
		out[j] = m.zero()
		out[j].Value = e
	}
	if m.ValuesOnly {
		return out
	}
	for i := range n {
		for j := i; j < n; j++ {
			for d, slope := range m.slope(c, i, j) {
				out[d].Gradient.SetSym(i, j, slope/scale[i]/scale[j])
			}
		}
	}
	return out
}

// slope is the change of the weights with an element on the diagonal, and half the
// change with one off it, which is in a gradient twice.
func (m *Moments) slope(c *mat.SymDense, i, j int) []float64 {
	const step = 1e-5
	at := c.At(i, j)
	c.SetSym(i, j, at+step)
	slope := m.relativeWeights(c)
	c.SetSym(i, j, at-step)
	for d, e := range m.relativeWeights(c) {
		slope[d] = (slope[d] - e) / (2 * step)
		if i != j {
			slope[d] /= 2
		}
	}
	c.SetSym(i, j, at)
	return slope
}

// relativeWeights are the ε of a covariance.
func (m *Moments) relativeWeights(c *mat.SymDense) []float64 {
	r, correlation := m.composites(c)
	k := len(m.Drivers)
	var eigen mat.EigenSym
	eigen.Factorize(r, true)
	var q mat.Dense
	eigen.VectorsTo(&q)
	loading, b := mat.NewDense(k, k, nil), make([]float64, k)
	for l, value := range eigen.Values(nil) {
		if !(value > aliasTolerance) {
			continue
		}
		along := 0.0
		for j := range k {
			along += q.At(j, l) * correlation[j]
		}
		root := math.Sqrt(value)
		for j := range k {
			b[j] += q.At(j, l) * along / root
			for i := range k {
				loading.Set(j, i, loading.At(j, i)+q.At(j, l)*root*q.At(i, l))
			}
		}
	}
	out := make([]float64, k)
	for j := range k {
		for i := range k {
			out[j] += loading.At(j, i) * loading.At(j, i) * b[i] * b[i]
		}
	}
	return out
}

// composites are the correlations of the drivers' variables with each other
// and with the outcome; a variable without variance has none.
func (m *Moments) composites(c *mat.SymDense) (*mat.SymDense, []float64) {
	full := (&Moments{Covariance: c}).sweeper()
	last, k := full.size-1, len(m.Drivers)
	makeup := mat.NewDense(k+1, full.size, nil)
	makeup.Set(k, last, 1)
	for _, columns := range m.Drivers {
		full.take(columns)
	}
	for j, columns := range m.Drivers {
		for _, i := range columns {
			makeup.Set(j, i, -full.residual(i))
			if len(columns) == 1 {
				makeup.Set(j, i, 1)
			}
		}
	}
	var z, left mat.Dense
	left.Mul(makeup, c)
	z.Mul(&left, makeup.T())
	r, correlation := mat.NewSymDense(k, nil), make([]float64, k)
	for i := range k {
		for j := range k + 1 {
			size := math.Sqrt(z.At(i, i) * z.At(j, j))
			switch {
			case !(size > 0):
			case j < k:
				r.SetSym(i, j, z.At(i, j)/size)
			default:
				correlation[i] = z.At(i, j) / size
			}
		}
	}
	return r, correlation
}
