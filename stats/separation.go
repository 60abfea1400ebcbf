package stats

import "math"

// Separated marks the rows whose outcomes are fitted better the further the
// coefficients go: those with x_i'd ≠ 0 for some direction d along which no row's
// likelihood ever falls,
//
//	binomial: x_i'd ≥ 0 where y = 1, ≤ 0 where y = 0, = 0 between them
//	poisson:  x_i'd ≤ 0 where y = 0, = 0 where y > 0
//
// It is nil without such rows: the coefficients that the rows determine are then
// finite; a Gaussian model never has one. Rows with w = 0 do not
// count. With separated rows the likelihood has no largest value; in the limit
// those rows are fitted exactly, and the others determine the rest.
//
// The directions are a cone. Let the rows that may move be scaled so that
// Σ q_i q_i' = I. The point of the cone nearest to Σ q_i is then at least 1 from the
// origin where the cone has a direction, and the origin where it has none: a linear
// program whose answer is safe from rounding. The rows that a direction moves
// are removed and the rest is searched again, at most once for each column.
// Source: Albert & Anderson 1984; Geyer 2009, section 3; Lawson & Hanson 1974,
// chapter 23.
func (f Family) Separated(x *Sparse, y, w []float64) []bool {
	if f.bound == nil {
		return nil
	}
	side, held := make([]float64, len(w)), make([]float64, len(w))
	for i, wi := range w {
		if wi == 0 {
			continue
		}
		side[i] = f.bound(y[i]) * math.Copysign(1, wi)
		if side[i] == 0 {
			held[i] = 1
		}
	}
	var out []bool
	still := x.RowSpace(held)
	for i, s := range side {
		if s != 0 && still.holdsRow(x, i) {
			side[i] = 0
		}
	}
	for {
		moved := newCone(x, side, still).direction()
		if moved == nil {
			return out
		}
		if out == nil {
			out = make([]bool, len(w))
		}
		for i, is := range moved {
			if is {
				out[i], side[i] = true, 0
			}
		}
	}
}

// cone are the directions d = Vz with q_i'z ≥ 0 for all rows that may move, V a
// basis of the directions that move no held row, and Σ q_i q_i' = I.
type cone struct {
	x     *Sparse
	side  []float64 // of each row: 1 or −1, 0 for rows that do not count
	basis [][]float64
	white *Cholesky

	// The point is Σ q_i plus a positive combination of the rows in active. Those
	// are held as an orthonormal basis with the triangle that makes them of it.
	sum, point []float64
	active     []int
	share      []float64
	rows       [][]float64
	unit       [][]float64
	triangle   [][]float64
}

func newCone(x *Sparse, side []float64, still *RowSpace) *cone {
	c := &cone{x: x, side: side, basis: still.Null}
	count := make([]float64, len(side))
	for i, s := range side {
		count[i] = s * s
	}
	g, k := x.Gram(count), len(c.basis)
	terms := x.absolute().Gram(count)
	within, squares := NewSymmetric(k), make([]float64, k)
	columns := make([][]int, k) // the columns in which each direction differs from 0
	for b, v := range c.basis {
		moved, size := make([]float64, g.size), make([]float64, g.size)
		for j, vj := range v {
			if vj != 0 {
				columns[b] = append(columns[b], j)
				AddScaled(moved, vj, g.element[j*g.size:(j+1)*g.size])
				AddScaled(size, math.Abs(vj), terms.element[j*g.size:(j+1)*g.size])
			}
		}
		for j, vj := range v {
			squares[b] += math.Abs(vj) * size[j]
		}
		for a := range b + 1 {
			sum := 0.0
			for _, j := range columns[a] {
				sum += c.basis[a][j] * moved[j]
			}
			within.Set(a, b, sum)
		}
	}
	// A direction that moves rows only by rounding does not count.
	c.white = newCholesky(within, squares)
	c.sum = c.whiten(x.Totals(side))
	return c
}

// whiten is q for a row, or a sum of rows, of x.
func (c *cone) whiten(row []float64) []float64 {
	q := make([]float64, len(c.basis))
	for b, v := range c.basis {
		q[b] = Dot(v, row)
	}
	return c.white.lower(q)
}

const (
	// nowhere is a length below that of the point of any cone with a direction, which is
	// 1 at least.
	nowhere = 0.9
	// insideCone is how far, as a share of the point's length, a row may be on the wrong side.
	insideCone = 1e-9
	// movesRow is the share of the largest move that counts as one.
	movesRow = 1e-7
)

// direction finds the point nearest to the sum of all rows and marks the rows that it
// moves; nil where the cone is only the origin.
func (c *cone) direction() []bool {
	c.point = c.sum
	blocked := map[int]bool{}
	for range 300 + 30*len(c.basis) {
		length := math.Sqrt(Dot(c.point, c.point))
		if length < nowhere {
			return nil
		}
		z := c.white.upper(append([]float64(nil), c.point...))
		d := make([]float64, c.x.Columns)
		for b, v := range c.basis {
			AddScaled(d, z[b], v)
		}
		u := c.x.Times(d) // q_i'z of every row
		for i, s := range c.side {
			u[i] *= s
		}
		worst, most := -1, 0.0
		for i, move := range u {
			most = math.Max(most, move)
			if c.side[i] != 0 && !blocked[i] && move < -insideCone*length && (worst < 0 || move < u[worst]) {
				worst = i
			}
		}
		if worst < 0 {
			moved := make([]bool, len(u))
			for i, move := range u {
				moved[i] = c.side[i] != 0 && move > movesRow*most
			}
			return moved
		}
		if c.add(worst) {
			clear(blocked)
		} else {
			blocked[worst] = true
		}
	}
	return nil
}

// add makes a row active and moves the point; it reports false where the row is in
// the span of active ones up to rounding.
func (c *cone) add(i int) bool {
	row := make([]float64, c.x.Columns)
	for k := c.x.Start[i]; k < c.x.Start[i+1]; k++ {
		row[c.x.Index[k]] += c.side[i] * c.x.value(k)
	}
	q := c.whiten(row)
	if !c.extend(q) {
		return false
	}
	c.rows, c.active, c.share = append(c.rows, q), append(c.active, i), append(c.share, 0)
	for {
		// The combination of the active rows that brings the sum nearest to the origin.
		next := make([]float64, len(c.unit))
		for k, u := range c.unit {
			next[k] = -Dot(u, c.sum)
		}
		for k := len(next) - 1; k >= 0; k-- {
			next[k] /= c.triangle[k][k]
			AddScaled(next[:k], -next[k], c.triangle[k][:k])
		}
		if next[len(next)-1] <= 0 && c.share[len(next)-1] == 0 {
			c.drop(func(k int) bool { return k == len(next)-1 })
			c.settle()
			return false
		}
		part, first := 1.0, -1
		for k, to := range next {
			if reach := c.share[k] / (c.share[k] - to); to <= 0 && reach < part {
				part, first = reach, k
			}
		}
		for k, to := range next {
			c.share[k] += part * (to - c.share[k])
		}
		if first < 0 {
			c.settle()
			return true
		}
		c.drop(func(k int) bool { return k == first || next[k] <= 0 && c.share[k] <= 0 })
	}
}

// extend adds a row to the orthonormal basis, false where it is in its span.
func (c *cone) extend(q []float64) bool {
	left, column := append([]float64(nil), q...), make([]float64, len(c.unit)+1)
	for range 2 {
		for k, u := range c.unit {
			part := Dot(u, left)
			column[k] += part
			AddScaled(left, -part, u)
		}
	}
	length := math.Sqrt(Dot(left, left))
	if !(length > 1e-12*math.Sqrt(Dot(q, q))) {
		return false
	}
	for k := range left {
		left[k] /= length
	}
	column[len(c.unit)] = length
	c.unit, c.triangle = append(c.unit, left), append(c.triangle, column)
	return true
}

// drop removes active rows.
func (c *cone) drop(leaves func(k int) bool) {
	rows, active, share := c.rows, c.active, c.share
	c.rows, c.active, c.share, c.unit, c.triangle = nil, nil, nil, nil, nil
	for k := range rows {
		if !leaves(k) && c.extend(rows[k]) {
			c.rows, c.active, c.share = append(c.rows, rows[k]), append(c.active, active[k]), append(c.share, share[k])
		}
	}
}

// settle moves the point to where the active rows determine it.
func (c *cone) settle() {
	c.point = append([]float64(nil), c.sum...)
	for range 2 {
		for _, u := range c.unit {
			AddScaled(c.point, -Dot(u, c.point), u)
		}
	}
}
