package stats

import "math"

// determined is the share of the terms of a sum that it may differ from 0 by for
// rounding, where columns of a matrix cancel each other.
const determined = 1e-7

// RowSpace is what the rows of a matrix X span: the linear functions c'β that Xβ
// determines. A c lies in it where c'v = 0 for every v with Xv = 0.
// Source: Searle 1971, Linear Models, section 5.4 (estimable functions).
type RowSpace struct {
	// Aliased marks the columns that the ones before them span, zeros among them.
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

// Holds reports whether c lies in the space.
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

// HoldsColumn reports whether coefficient j alone lies in the space.
func (s *RowSpace) HoldsColumn(j int) bool {
	for _, v := range s.Null {
		if v[j] != 0 {
			return false
		}
	}
	return true
}

// HoldsRows reports whether all rows of another matrix with w ≠ 0 lie in the space.
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
