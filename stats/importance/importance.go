// Package importance divides what a linear model explains among its drivers: alone and
// beyond the others, by Shapley's mean over all orders (LMG) and by Johnson's relative
// weights. Every figure is a function of the covariances of the drivers' columns and
// the outcome, and has its gradient with respect to them, from which its sampling error
// under any design follows.
package importance

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Moments are what importances are computed from.
type Moments struct {
	// Covariance of the drivers' columns and, last, the outcome.
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
	// Error is the standard deviation because of sampled orders; 0 where all were used.
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
	// Seed of the drawing.
	Seed uint64
}

// MostExact is the largest number of drivers of which all subsets are visited.
const MostExact = 15

// Parts computes all importances. A column in the span of earlier ones adds nothing;
// an outcome without variance gives NaN throughout.
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
// e = a'z, R² = 1 − a'Ca/C_yy, and R² has no slope in a at the least squares solution:
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

// sweeper regresses the outcome on more and more columns by Beaton's sweep
// operator (Goodnight 1979, A tutorial on the SWEEP operator): after the
// columns of S are swept, its last column has their coefficients and, last, the
// residual sum of squares.
type sweeper struct {
	size    int
	element []float64
	// square are the columns' variances before any sweep; taken marks those swept.
	square []float64
	taken  []bool
}

// aliasTolerance is the share of its variance that a column must keep to add
// anything; covariances are accurate to about 1e-15.
const aliasTolerance = 1e-10

func (m *Moments) sweeper() *sweeper {
	n := m.Covariance.SymmetricDim()
	s := &sweeper{size: n, element: make([]float64, n*n), square: make([]float64, n), taken: make([]bool, n)}
	for i := range n {
		s.square[i] = m.Covariance.At(i, i)
		for j := range n {
			s.element[i*n+j] = m.Covariance.At(i, j)
		}
	}
	return s
}

func (s *sweeper) at(i, j int) float64 { return s.element[i*s.size+j] }

// take sweeps columns; those in the span of earlier ones are left out.
func (s *sweeper) take(columns []int) {
	for _, k := range columns {
		if s.at(k, k) > aliasTolerance*s.square[k] {
			s.sweep(k)
			s.taken[k] = true
		}
	}
}

func (s *sweeper) sweep(k int) {
	n := s.size
	pivot := s.element[k*n : (k+1)*n]
	d := pivot[k]
	for j := range pivot {
		pivot[j] /= d
	}
	pivot[k] = 1 / d
	for i := range n {
		if i == k {
			continue
		}
		row := s.element[i*n : (i+1)*n]
		b := row[k]
		row[k] = 0
		for j, p := range pivot {
			row[j] -= b * p
		}
	}
}

// residual is entry i of a in the residual e = a'z: −b of the columns taken,
// 1 for the outcome.
func (s *sweeper) residual(i int) float64 {
	switch {
	case i == s.size-1:
		return 1
	case s.taken[i]:
		return -s.at(i, s.size-1)
	}
	return 0
}
