package stats

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Rank counts the linearly independent columns by modified Gram–Schmidt with
// one reorthogonalisation: a column counts while at least tol of its length
// is left after the columns before it are taken out. Columns of zeros never
// count. The columns are overwritten.
func Rank(columns [][]float64, tol float64) int {
	var basis [][]float64
	for _, c := range columns {
		length := math.Sqrt(Dot(c, c))
		if length == 0 {
			continue
		}
		for range 2 {
			for _, b := range basis {
				AddScaled(c, -Dot(b, c), b)
			}
		}
		left := math.Sqrt(Dot(c, c))
		if left < tol*length {
			continue
		}
		for i := range c {
			c[i] /= left
		}
		basis = append(basis, c)
		if len(basis) == len(c) {
			break
		}
	}
	return len(basis)
}

// RankOfProducts is Rank of columns of which only the products are known: row r has
// those of column r with columns 0 to r. It is found by a Cholesky factorisation, which
// leaves out the columns that do not count.
func RankOfProducts(products [][]float64, tol float64) int {
	var basis []int
	factor := make([][]float64, len(products))
	for r, row := range products {
		f, left := make([]float64, 0, len(basis)), row[r]
		for k, b := range basis {
			x := (row[b] - Dot(f, factor[b][:k])) / factor[b][k]
			f, left = append(f, x), left-x*x
		}
		if row[r] == 0 || left < tol*tol*row[r] {
			continue
		}
		factor[r] = append(f, math.Sqrt(left))
		basis = append(basis, r)
	}
	return len(basis)
}

// AddScaled adds a·x to y.
func AddScaled(y []float64, a float64, x []float64) {
	floats.AddScaled(y, a, x)
}

// Sparse is a matrix by rows with only its entries other than zero: a row of
// indicators of a dozen factors has a dozen entries, however many columns there are.
type Sparse struct {
	// Columns is the number of columns.
	Columns int
	// Start[i] to Start[i+1] are row i's entries in Index and Value.
	Start []int
	// Index is the column of each entry.
	Index []int32
	// Value is nil where every entry is 1.
	Value []float64
}

// Rows is the number of rows.
func (x *Sparse) Rows() int { return len(x.Start) - 1 }

// Pick is the matrix of some rows, in their order.
func (x *Sparse) Pick(rows []int) *Sparse {
	out := &Sparse{Columns: x.Columns, Start: make([]int, 1, len(rows)+1)}
	for _, i := range rows {
		first, last := x.Start[i], x.Start[i+1]
		out.Index = append(out.Index, x.Index[first:last]...)
		if x.Value != nil {
			out.Value = append(out.Value, x.Value[first:last]...)
		}
		out.Start = append(out.Start, len(out.Index))
	}
	return out
}

// value is entry k.
func (x *Sparse) value(k int) float64 {
	if x.Value == nil {
		return 1
	}
	return x.Value[k]
}

// Times is Xb, one value a row.
func (x *Sparse) Times(b []float64) []float64 {
	y := make([]float64, x.Rows())
	for i := range y {
		var sum float64
		for k := x.Start[i]; k < x.Start[i+1]; k++ {
			sum += x.value(k) * b[x.Index[k]]
		}
		y[i] = sum
	}
	return y
}

// Totals is X'w, the weighted total of each column. Rows of weight 0 do not
// count, whatever they hold.
func (x *Sparse) Totals(w []float64) []float64 {
	total := make([]float64, x.Columns)
	for i, wi := range w {
		if wi == 0 {
			continue
		}
		for k := x.Start[i]; k < x.Start[i+1]; k++ {
			total[x.Index[k]] += wi * x.value(k)
		}
	}
	return total
}

// absolute has the absolute values of the entries.
func (x *Sparse) absolute() *Sparse {
	out := *x
	if x.Value != nil {
		out.Value = make([]float64, len(x.Value))
		for k, v := range x.Value {
			out.Value[k] = math.Abs(v)
		}
	}
	return &out
}

// Gram is X' diag(w) X.
func (x *Sparse) Gram(w []float64) *Symmetric {
	g := NewSymmetric(x.Columns)
	for i, wi := range w {
		if wi == 0 {
			continue
		}
		first, last := x.Start[i], x.Start[i+1]
		for k := first; k < last; k++ {
			row := g.element[int(x.Index[k])*g.size:]
			wx := wi * x.value(k)
			for l := first; l <= k; l++ {
				row[x.Index[l]] += wx * x.value(l)
			}
		}
	}
	n := g.size // the lower and the upper triangle have parts of each sum
	for i := range n {
		for j := range i {
			sum := g.element[i*n+j] + g.element[j*n+i]
			g.element[i*n+j], g.element[j*n+i] = sum, sum
		}
	}
	return g
}

// Symmetric is a square symmetric matrix that is positive semidefinite.
type Symmetric struct {
	size    int
	element []float64
}

// NewSymmetric is a matrix of zeros.
func NewSymmetric(size int) *Symmetric {
	return &Symmetric{size: size, element: make([]float64, size*size)}
}

// addDiagonal adds a value to each element of the diagonal; nil adds nothing.
func (g *Symmetric) addDiagonal(d []float64) *Symmetric {
	for j, x := range d {
		g.element[j*g.size+j] += x
	}
	return g
}

// Set sets an element and its mirror image.
func (g *Symmetric) Set(i, j int, x float64) {
	g.element[i*g.size+j], g.element[j*g.size+i] = x, x
}

// At is an element.
func (g *Symmetric) At(i, j int) float64 { return g.element[i*g.size+j] }

// aliasTolerance is the share of its squared length that a column must keep, without
// its projection on the columns before it, to count as independent. The squares of a
// Gram matrix are accurate to about 1e-15; a column that differs from the others by
// less than a millionth of its size is not distinguished from them.
const aliasTolerance = 1e-12

// Cholesky solves equations Gb = y of a Gram matrix G = X'WX whose columns may
// depend on each other: a column in the span of earlier ones is aliased
// and its solution is 0, as if it were left out of X. XG⁻X' is the
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

// newCholesky takes for each column the square to which its remainder is compared.
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
// the sum of its columns, each times an independent number of variance 1.
func (c *Cholesky) Column(k int) []float64 {
	out := make([]float64, c.size)
	for i := k; i < c.size; i++ {
		out[i] = c.factor[i*c.size+k]
	}
	return out
}

// determined is the relative rounding error of a sum of cancelling columns, below
// which it counts as 0.
const determined = 1e-7

// RowSpace is what the rows of a matrix X span: the linear functions c'β that Xβ
// determines. A c is in it where c'v = 0 for every v with Xv = 0.
// Source: Searle 1971, Linear Models, section 5.4 (estimable functions).
type RowSpace struct {
	// Aliased marks the columns in the span of earlier ones, also columns of zeros.
	Aliased []bool
	// Null has for each aliased column, in order, a v with Xv = 0: −1 in that
	// column, the others only in columns that are not aliased.
	Null [][]float64

	solver *Cholesky
}

// RowSpace is that of the rows with w ≠ 0.
func (x *Sparse) RowSpace(w []float64) *RowSpace {
	in := make([]float64, len(w))
	for i, wi := range w {
		if wi != 0 {
			in[i] = 1
		}
	}
	g := x.Gram(in)
	s := &RowSpace{solver: NewCholesky(g)}
	s.Aliased = s.solver.Aliased
	for a, is := range s.Aliased {
		if !is {
			continue
		}
		y := make([]float64, g.size)
		for j := range y {
			y[j] = g.At(a, j)
		}
		v := s.solver.Solve(y)
		v[a] = -1
		size := func(j int) float64 { return math.Abs(v[j]) * math.Sqrt(g.At(j, j)) }
		for j := range v {
			if j != a && !(size(j) > determined*size(a)) {
				v[j] = 0
			}
		}
		s.Null = append(s.Null, v)
	}
	return s
}

// Rank is the dimension of the space.
func (s *RowSpace) Rank() int { return s.solver.Rank() }

// Holds reports whether c is in the space.
func (s *RowSpace) Holds(c []float64) bool {
	for _, v := range s.Null {
		var sum, size float64
		for j, vj := range v {
			sum += vj * c[j]
			size += math.Abs(vj * c[j])
		}
		if math.Abs(sum) > determined*size {
			return false
		}
	}
	return true
}

// HoldsColumn reports whether coefficient j alone is in the space.
func (s *RowSpace) HoldsColumn(j int) bool {
	for _, v := range s.Null {
		if v[j] != 0 {
			return false
		}
	}
	return true
}

// HoldsRows reports whether all rows of another matrix with w ≠ 0 are in the space.
func (s *RowSpace) HoldsRows(x *Sparse, w []float64) bool {
	for i, wi := range w {
		if wi != 0 && !s.holdsRow(x, i) {
			return false
		}
	}
	return true
}

func (s *RowSpace) holdsRow(x *Sparse, i int) bool {
	for _, v := range s.Null {
		var sum, size float64
		for k := x.Start[i]; k < x.Start[i+1]; k++ {
			term := x.value(k) * v[x.Index[k]]
			sum += term
			size += math.Abs(term)
		}
		if math.Abs(sum) > determined*size {
			return false
		}
	}
	return true
}
