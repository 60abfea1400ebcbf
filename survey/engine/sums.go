package engine

// running is a sum of many numbers with what rounding has lost of it: a million
// equal weights of 0.1 would otherwise be 1e-11 off (Knuth 1997, section 4.2.2).
type running struct{ sum, lost float64 }

func (r running) plus(x float64) running {
	next := r.sum + x
	kept := next - r.sum
	return running{next, r.lost + ((r.sum - (next - kept)) + (x - kept))}
}

// and adds another sum.
func (r running) and(s running) running {
	r = r.plus(s.sum)
	r.lost += s.lost
	return r
}

func (r running) value() float64 { return r.sum + r.lost }

func values(sums []running) []float64 {
	out := make([]float64, len(sums))
	for j, s := range sums {
		out[j] = s.value()
	}
	return out
}

// sums are what rows add to one total: Σ w·x, Σ w²·x and their number.
type sums struct {
	all, square running
	n           int
}

// part is what the unit at hand adds to one total.
type part struct {
	running
	n int
}

// adder adds rows up to totals, unit by unit.
type adder struct {
	totals []added
	// touched are the totals that the unit at hand adds to.
	touched []int
}

// added is a total with its part: one line of the processor's cache.
type added struct {
	sums
	part
}

func newAdder(totals int) *adder { return &adder{totals: make([]added, totals)} }

// enter adds the rows of a unit.
func (a *adder) enter(rows []int32, weights []float64, q Pass) {
	terms := q.Terms
	for _, i := range rows {
		c, w := q.Cell[i], weights[i]
		if c < 0 || w == 0 {
			continue
		}
		base := int(c) * terms.Count
		from, to := terms.Entries(int(i))
		for k, index := range terms.Index[from:to] {
			j, x := base+int(index), 1.0
			if terms.Value != nil {
				x = terms.Value[int(from)+k]
			}
			t := &a.totals[j]
			if t.part.n == 0 {
				a.touched = append(a.touched, j)
			}
			t.part.n++
			t.part.running = t.part.plus(w * x)
			t.square = t.square.plus(w * w * x)
		}
	}
}

// leave ends a unit, whose part of each total that it adds to is passed on.
func (a *adder) leave(pass func(j int, sum float64)) {
	for _, j := range a.touched {
		t := &a.totals[j]
		pass(j, t.part.value())
		t.all, t.sums.n = t.all.and(t.part.running), t.sums.n+t.part.n
		t.part = part{}
	}
	a.touched = a.touched[:0]
}

// take fills in the sums.
func (t *Totals) take(all []added) {
	for j, a := range all {
		t.Sum[j], t.Square[j], t.N[j] = a.all.value(), a.square.value(), a.sums.n
	}
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
