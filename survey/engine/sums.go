package engine

import (
	"math"
	"math/bits"
	"slices"

	"surveykit/stats"
)

// running is a sum of many numbers with what rounding has lost of it: a million
// equal influences of 0.1 would otherwise be 1e-11 off (Knuth 1997, section 4.2.2).
type running struct{ sum, lost float64 }

func (r running) plus(x float64) running {
	next := r.sum + x
	kept := next - r.sum
	return running{next, r.lost + ((r.sum - (next - kept)) + (x - kept))}
}

func (r running) value() float64 { return r.sum + r.lost }

func values(sums []running) []float64 {
	out := make([]float64, len(sums))
	for j, s := range sums {
		out[j] = s.value()
	}
	return out
}

// part is what some rows add to a total: the number of them and their sum, as a whole
// number.
type part struct {
	n   int
	sum Wide
}

func (p part) plus(q part) part { return part{p.n + q.n, p.sum.Plus(q.sum)} }

// add enters a row with the whole weight w, from 0 up.
func (p *part) add(w int64) {
	p.n++
	var carry uint64
	p.sum[2], carry = bits.Add64(p.sum[2], uint64(w), 0)
	p.sum[1] += carry
}

// addSquare adds the square of a whole weight.
func (a *Wide) addSquare(w int64) {
	hi, lo := bits.Mul64(uint64(w), uint64(w))
	var carry uint64
	a[2], carry = bits.Add64(a[2], lo, 0)
	a[1], carry = bits.Add64(a[1], hi, carry)
	a[0] += carry
}

// weighed is the weight of a row, or of the rows of the data that it is: their
// number, Σ W and Σ W² as whole numbers.
type weighed struct {
	part
	square Wide
}

// plus is the weight of the rows of both.
func (a weighed) plus(b weighed) weighed {
	return weighed{a.part.plus(b.part), a.square.Plus(b.square)}
}

// add enters a row with the whole weight w, from 0 up.
func (a *weighed) add(w int64) {
	a.part.add(w)
	a.square.addSquare(w)
}

// alike are rows of one stratum that differ in these weights only.
func (a weighed) alike(stratum int32, exponent int) stats.Alike {
	return stats.Alike{Group: stratum, Units: a.n, Mean: a.sum.Float(exponent) / float64(a.n), Scatter: scatter(a.n, a.sum, a.square, exponent)}
}

// weighing gives the weights of rows as whole numbers.
func (f *Frame) weighing() func(row int32) weighed {
	if l := f.ByRow.Lots; l != nil {
		return func(i int32) weighed { return weighed{part{l.N[i], l.Sum[i]}, l.Square[i]} }
	}
	weights, scale := f.ByRow.Weights, math.Ldexp(1, f.Exponent)
	return func(i int32) weighed {
		if weights[i] == 0 {
			return weighed{}
		}
		w := int64(weights[i] * scale)
		return weighed{part{1, WideOf(w)}, Square(w)}
	}
}

// added is a total with what the unit at hand adds to it.
type added struct {
	part
	square Wide
	unit   part
}

// adder adds rows up to totals, unit by unit.
type adder struct {
	*Totals
	totals []added
	// touched are the totals that the unit at hand adds to.
	touched []int
}

func (t *Totals) adder() *adder { return &adder{Totals: t, totals: make([]added, len(t.Sum))} }

// enterBoth adds rows of a kind that are in a cell or not.
func (a *adder) enterBoth(kind int32, w weighed) {
	if a.query.Cell[kind] >= 0 && w.n > 0 {
		a.enter(kind, w.part)
		a.enterSquare(kind, w.square)
	}
}

// enter adds rows of a kind to the unit at hand.
func (a *adder) enter(kind int32, p part) {
	terms := a.query.Terms
	base := int(a.query.Cell[kind]) * terms.Count
	from, to := terms.Entries(int(kind))
	for k := from; k < to; k++ {
		j, sum := base+int(terms.Index[k]), p.sum
		if terms.Value != nil {
			sum = product(sum, terms.Value[k], a.unit[terms.Index[k]])
		}
		unit := &a.totals[j].unit
		if unit.n == 0 {
			a.touched = append(a.touched, j)
		}
		*unit = unit.plus(part{p.n, sum})
	}
}

// enterSquare adds the squares of the weights of rows of a kind.
func (a *adder) enterSquare(kind int32, square Wide) {
	terms := a.query.Terms
	base := int(a.query.Cell[kind]) * terms.Count
	from, to := terms.Entries(int(kind))
	for k := from; k < to; k++ {
		of := square
		if terms.Part != nil {
			of = square.Times(uint64(terms.Part[k] * (1 << partExponent)))
		}
		t := &a.totals[base+int(terms.Index[k])]
		t.square = t.square.Plus(of)
	}
}

// partExponent makes whole numbers of the parts of rows by which squares of weights are
// multiplied.
const partExponent = 191 - 2*Bits - 31 - 1

// leave ends a unit, whose part of each total that it adds to is passed on.
func (a *adder) leave(pass func(j int, sum Wide)) {
	for _, j := range a.touched {
		t := &a.totals[j]
		pass(j, t.unit.sum)
		t.part, t.unit = t.part.plus(t.unit), part{}
	}
	a.touched = a.touched[:0]
}

// take fills in the sums.
func (t *Totals) take(all []added) {
	part := 0
	if t.query.Terms.Part != nil {
		part = partExponent
	}
	for j, a := range all {
		t.Sum[j], t.Square[j], t.N[j] = t.float(j, a.sum), a.square.Float(2*t.frame.Exponent+part), a.n
	}
	if slices.ContainsFunc(t.query.Terms.Value, func(x float64) bool { return math.IsInf(x, 0) }) {
		t.eachEntry(func(i, j int, x float64) {
			if math.IsInf(x, 0) && t.frame.ByRow.Weights[i] != 0 {
				t.Sum[j] += x
			}
		})
	}
}

// float is the sum of total j.
func (t *Totals) float(j int, sum Wide) float64 {
	return sum.Float(t.frame.Exponent - t.unit[j%len(t.unit)])
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

// Means are plain means of numbers, one for each cell, from exact sums.
type Means struct {
	unit int
	sum  []Wide
	n    []int
	// infinite is the sum of the values that no whole number is.
	infinite []float64
}

// NewMeans makes room for cells of numbers up to a size.
func NewMeans(cells int, largest float64) *Means {
	return &Means{unit(largest), make([]Wide, cells), make([]int, cells), make([]float64, cells)}
}

// Add enters a number that n rows have.
func (m *Means) Add(cell, n int, x float64) {
	m.n[cell] += n
	if math.IsInf(x, 0) {
		m.infinite[cell] += x
		return
	}
	m.sum[cell] = m.sum[cell].Plus(product(WideOf(int64(n)), x, m.unit))
}

// Of is the mean of a cell, 0 where nothing is: of equal numbers it is this number, so that
// what is left of them around it is 0.
func (m *Means) Of(cell int) float64 {
	n, sum := max(1, m.n[cell]), m.sum[cell]
	mean := sum.Float(-m.unit) / float64(n)
	left := sum.Plus(product(WideOf(int64(n)), mean, m.unit).Minus()).Float(-m.unit)
	return mean + left/float64(n) + m.infinite[cell]/float64(n)
}

// Ties add up the rows of equal values for distributions.
type Ties struct {
	weigh    func(row int32) weighed
	exponent int
	lots     bool
}

// Tied are the rows of one value so far.
type Tied struct {
	Value       float64
	n           int
	sum, square Wide
	first, last float64
}

// NewTies adds up weights under a frame; where it is nil each row counts as many as it
// is rows of the data.
func NewTies(f *Frame, count func(row int) int) Ties {
	if f != nil {
		return Ties{f.weighing(), f.Exponent, f.ByRow.Lots != nil}
	}
	return Ties{lots: true, weigh: func(i int32) weighed {
		n := count(int(i))
		return weighed{part{n, WideOf(int64(n))}, WideOf(int64(n))}
	}}
}

// Add enters a row, which belongs to the sample in part (0–1).
func (t Ties) Add(to *Tied, row int32, part float64) {
	w := t.weigh(row)
	if w.n == 0 {
		return
	}
	of := uint64(part * (1 << partExponent))
	to.last = w.sum.Times(of).Float(t.exponent+partExponent) / float64(w.n)
	if to.n == 0 {
		to.first = to.last
	}
	if differ := scatter(w.n, w.sum, w.square, t.exponent) > 0; differ || t.lots && to.last != to.first {
		to.first = math.NaN() // in a lot nobody knows which row comes first
	}
	to.n, to.sum, to.square = to.n+w.n, to.sum.Plus(w.sum.Times(of)), to.square.Plus(w.square.Times(of))
}

// Tie is the sum of a value's rows.
func (t Ties) Tie(of Tied) stats.Tie {
	if math.IsNaN(of.first) {
		of.last = of.first
	}
	return stats.Tie{Value: of.Value, N: of.n, Weight: of.sum.Float(t.exponent + partExponent), Square: of.square.Float(2*t.exponent + partExponent), First: of.first, Last: of.last}
}
