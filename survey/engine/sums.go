package engine

// sums are what some rows add to one total.
type sums struct {
	sum, lost          float64
	square, lostSquare float64
	n                  int
}

// enter adds rows up, and lists the totals that they add to.
func (t *Totals) enter(rows []int32, into []sums, touched []int) []int {
	terms := t.query.Terms
	for _, i := range rows {
		c, w := t.query.Cell[i], t.frame.Weights[i]
		if c < 0 || w == 0 {
			continue
		}
		base, from := int(c)*terms.Count, terms.Start[i]
		for k, index := range terms.Index[from:terms.Start[i+1]] {
			j, x := base+int(index), 1.0
			if terms.Value != nil {
				x = terms.Value[int(from)+k]
			}
			a := &into[j]
			if a.n == 0 {
				touched = append(touched, j)
			}
			a.n++
			a.sum, a.lost = compensated(a.sum, a.lost, w*x)
			a.square, a.lostSquare = compensated(a.square, a.lostSquare, w*w*x)
		}
	}
	return touched
}

// merge adds other rows.
func (a *sums) merge(b sums) {
	a.n += b.n
	a.sum, a.lost = compensated(a.sum, a.lost+b.lost, b.sum)
	a.square, a.lostSquare = compensated(a.square, a.lostSquare+b.lostSquare, b.square)
}

// take fills in the sums.
func (t *Totals) take(all []sums) {
	for j, a := range all {
		t.Sum[j], t.Square[j], t.N[j] = a.sum+a.lost, a.square+a.lostSquare, a.n
	}
}

// compensated adds x to a sum and what rounding loses of it to lost: a million
// equal weights of 0.1 would otherwise be 1e-11 off (Knuth 1997, section 4.2.2).
func compensated(sum, lost, x float64) (float64, float64) {
	next := sum + x
	kept := next - sum
	return next, lost + ((sum - (next - kept)) + (x - kept))
}

// sorted lists rows by the unit that they lie in, in the order of the file.
type sorted struct{ row, start []int32 }

func sortedBy(unit []int32, units int) sorted {
	s := sorted{make([]int32, len(unit)), make([]int32, units+1)}
	for _, u := range unit {
		s.start[u+1]++
	}
	for u := range units {
		s.start[u+1] += s.start[u]
	}
	next := make([]int32, units)
	copy(next, s.start)
	for i, u := range unit {
		s.row[next[u]] = int32(i)
		next[u]++
	}
	return s
}

func (s sorted) of(unit int) []int32 { return s.row[s.start[unit]:s.start[unit+1]] }
