package stats

import "math"

// Sparse is a matrix by rows, of which only entries other than zero are held:
// a row of indicators of a dozen factors takes a dozen entries, however many
// columns there are.
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
	g.mirror()
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

// mirror adds what stands on one side of the diagonal to the other.
func (g *Symmetric) mirror() {
	n := g.size
	for i := range n {
		for j := range i {
			sum := g.element[i*n+j] + g.element[j*n+i]
			g.element[i*n+j], g.element[j*n+i] = sum, sum
		}
	}
}

// addDiagonal adds a value to each element of the diagonal; nil adds nothing.
func (g *Symmetric) addDiagonal(d []float64) *Symmetric {
	for j, x := range d {
		g.element[j*g.size+j] += x
	}
	return g
}

// Set fills in two elements that mirror each other.
func (g *Symmetric) Set(i, j int, x float64) {
	g.element[i*g.size+j], g.element[j*g.size+i] = x, x
}

// At is an element.
func (g *Symmetric) At(i, j int) float64 { return g.element[i*g.size+j] }
