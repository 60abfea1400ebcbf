// Package importance shares out what a linear model explains among its
// drivers: alone and beyond the others, by Shapley's mean over all orders (LMG)
// and by Johnson's relative weights. Everything is a function of the
// covariances of the drivers' columns and the outcome, and comes with its
// gradient in them, from which its sampling error under any design follows.
package importance

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Moments are what importances are made of.
type Moments struct {
	// Covariance is that of the drivers' columns and, last, of the outcome.
	Covariance *mat.SymDense
	// Drivers[j] are the columns of driver j: one for a number, several for a
	// factor. Each column belongs to one driver.
	Drivers [][]int
	// ValuesOnly leaves out the gradients, which take most of the time.
	ValuesOnly bool
}

// Figure is a function of the covariances C.
type Figure struct {
	Value float64
	// Gradient is G with dθ = Σ_ab G_ab dC_ab; nil with ValuesOnly.
	Gradient *mat.SymDense
	// Error is the standard deviation that comes of sampling orders; 0 where all were taken.
	Error float64
}

// Parts are the importances of a model, each in parts of the outcome's variance.
type Parts struct {
	// R2 is what all drivers explain together, 0–1.
	R2 Figure
	// Alone is the R² of a model of one driver; Unique what R² loses without it.
	Alone, Unique []Figure
	// Shapley and Johnson add to R2.
	Shapley, Johnson []Figure
}

// Orders say how Shapley's mean over orders is taken.
type Orders struct {
	// Sampled is the number of orders drawn where there are more than
	// MostExact drivers; an odd number becomes the next even one.
	Sampled int
	// Seed decides which ones.
	Seed uint64
}

// MostExact is the largest number of drivers of which all subsets are visited.
const MostExact = 15

// Parts computes all importances. A column that those before it span adds
// nothing; an outcome without variance gives NaN throughout.
func (m *Moments) Parts(o Orders) *Parts {
	all := make([]int, len(m.Drivers))
	for j := range all {
		all[j] = j
	}
	p := &Parts{R2: m.explained(all)}
	for j := range m.Drivers {
		p.Alone = append(p.Alone, m.explained([]int{j}))
		others := append(append([]int{}, all[:j]...), all[j+1:]...)
		p.Unique = append(p.Unique, p.R2.Minus(m.explained(others)))
	}
	if len(m.Drivers) <= MostExact {
		p.Shapley = m.exactShapley()
	} else {
		p.Shapley = m.sampledShapley(o)
	}
	p.Johnson = m.Johnson()
	return p
}

// explained is the R² of a model of some drivers.
func (m *Moments) explained(drivers []int) Figure {
	s := m.sweeper()
	for _, j := range drivers {
		s.take(m.Drivers[j])
	}
	f := m.zero()
	m.add(&f, 1, s)
	return f
}

func (m *Moments) zero() Figure {
	if m.ValuesOnly {
		return Figure{}
	}
	return Figure{Gradient: mat.NewSymDense(m.Covariance.SymmetricDim(), nil)}
}

// add adds c·R² of the columns that a sweeper has taken. With the residual
// e = a'z, R² = 1 − a'Ca/C_yy, and a does not move it where least squares put it:
//
//	dR² = −a' dC a / C_yy + RSS dC_yy / C_yy²
func (m *Moments) add(f *Figure, c float64, s *sweeper) {
	last := s.size - 1
	total := m.Covariance.At(last, last)
	rss := s.at(last, last)
	f.Value += c * (1 - rss/total)
	if f.Gradient == nil {
		return
	}
	g := f.Gradient.RawSymmetric()
	for i := range s.size {
		ai := s.residual(i)
		if ai == 0 {
			continue
		}
		row := g.Data[i*g.Stride : i*g.Stride+s.size]
		for j := i; j < s.size; j++ {
			row[j] -= c / total * ai * s.residual(j)
		}
	}
	g.Data[last*g.Stride+last] += c * rss / (total * total)
}

// Minus is f − g.
func (f Figure) Minus(g Figure) Figure {
	return f.combine(f.Value-g.Value, 1, g, -1, math.Hypot(f.Error, g.Error))
}

// Plus is f + g.
func (f Figure) Plus(g Figure) Figure {
	return f.combine(f.Value+g.Value, 1, g, 1, math.Hypot(f.Error, g.Error))
}

// Over is f/g, of which g has no error of sampled orders.
func (f Figure) Over(g Figure) Figure {
	return f.combine(f.Value/g.Value, 1/g.Value, g, -f.Value/(g.Value*g.Value), f.Error/math.Abs(g.Value))
}

// combine makes a figure whose gradient is a·∇f + b·∇g.
func (f Figure) combine(value, a float64, g Figure, b, sampling float64) Figure {
	out := Figure{Value: value, Error: sampling}
	if f.Gradient != nil {
		n := f.Gradient.SymmetricDim()
		out.Gradient = mat.NewSymDense(n, nil)
		for i := range n {
			for j := i; j < n; j++ {
				out.Gradient.SetSym(i, j, a*f.Gradient.At(i, j)+b*g.Gradient.At(i, j))
			}
		}
	}
	return out
}
