package stats

import "math"

// aliasTolerance is the share of its squared length that a column must keep,
// once the columns before it are taken out, to count as one of its own. The
// squares of a Gram matrix hold about 1e-15; a column that moves by less than
// a millionth of its size around the others is not told from them.
const aliasTolerance = 1e-12

// Cholesky solves equations Gb = y of a Gram matrix G = X'WX whose columns may
// depend on each other: a column that the ones before it already span is
// aliased and its solution is 0, as if it were left out of X. XG⁻X' is the
// same as by the pseudo-inverse, so fitted values and residuals are too.
// Source: Golub & Van Loan 2013, section 4.2.
type Cholesky struct {
	size   int
	factor []float64 // lower triangle; the columns of aliased ones are 0, their rows not used
	// Aliased marks the columns left out.
	Aliased []bool
}

// NewCholesky factors a Gram matrix. Columns of zeros are aliased, and so are
// columns whose weights have driven their square below zero.
func NewCholesky(g *Symmetric) *Cholesky {
	squares := make([]float64, g.size)
	for i := range squares {
		squares[i] = g.At(i, i)
	}
	return newCholesky(g, squares)
}

// newCholesky has for each column the square that what is left of it is held against.
func newCholesky(g *Symmetric, squares []float64) *Cholesky {
	n := g.size
	c := &Cholesky{size: n, factor: make([]float64, n*n), Aliased: make([]bool, n)}
	for i := range n {
		row := c.factor[i*n : i*n+i+1]
		for j := range i {
			if !c.Aliased[j] {
				other := c.factor[j*n : j*n+j+1]
				row[j] = (g.element[i*n+j] - Dot(row[:j], other[:j])) / other[j]
			}
		}
		left := g.element[i*n+i] - Dot(row[:i], row[:i])
		if !(left > aliasTolerance*squares[i]) {
			c.Aliased[i] = true
			continue
		}
		row[i] = math.Sqrt(left)
	}
	return c
}

// Solve is the b of Gb = y, 0 for aliased columns.
func (c *Cholesky) Solve(y []float64) []float64 {
	return c.upper(c.lower(append([]float64(nil), y...)))
}

// lower turns y into the b of Lb = y, in place.
func (c *Cholesky) lower(y []float64) []float64 {
	n := c.size
	for i := range n {
		if c.Aliased[i] {
			y[i] = 0
			continue
		}
		y[i] = (y[i] - Dot(c.factor[i*n:i*n+i], y[:i])) / c.factor[i*n+i]
	}
	return y
}

// upper turns y into the b of L'b = y, in place.
func (c *Cholesky) upper(y []float64) []float64 {
	n := c.size
	for i := n - 1; i >= 0; i-- {
		if c.Aliased[i] {
			y[i] = 0
			continue
		}
		y[i] /= c.factor[i*n+i]
		AddScaled(y[:i], -y[i], c.factor[i*n:i*n+i])
	}
	return y
}

// Rank counts the columns that are not aliased.
func (c *Cholesky) Rank() int {
	rank := 0
	for _, aliased := range c.Aliased {
		if !aliased {
			rank++
		}
	}
	return rank
}

// Column is column k of the lower factor L, where G = LL': G is the covariance of
// the sum of its columns, each times a number of its own of variance 1.
func (c *Cholesky) Column(k int) []float64 {
	out := make([]float64, c.size)
	for i := k; i < c.size; i++ {
		out[i] = c.factor[i*c.size+k]
	}
	return out
}
