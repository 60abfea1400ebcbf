package importance

// sweeper regresses the outcome on more and more columns by Beaton's sweep
// operator (Goodnight 1979, A tutorial on the SWEEP operator): after the
// columns of S are swept, its last column holds their coefficients and, at the
// foot, the residual sum of squares.
type sweeper struct {
	size    int
	element []float64
	// square are the columns' variances before any sweep; taken marks those swept.
	square []float64
	taken  []bool
}

// aliasTolerance is the share of its variance that a column must keep to add
// anything; covariances hold about 1e-15.
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

// from takes over another sweeper's state.
func (s *sweeper) from(other *sweeper) {
	copy(s.element, other.element)
	copy(s.taken, other.taken)
}

// take sweeps columns; those that the ones before span are left out.
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
