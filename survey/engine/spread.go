package engine

import (
	"surveykit/stats"
)

// spread is how the totals of a query lie over the sample.
type spread interface {
	// deviations is the vector of a function of the totals, given its gradient.
	deviations(gradient []float64) []float64
	// strata is the stratum of every entry of that vector.
	strata() []int32
	// members marks who is behind each total.
	members() membership
}

// rowwise is the spread where the influence of every row is wanted by itself:
// the calibration of weights works on rows, and rows of which each has values of
// its own cannot be put together.
type rowwise struct{ *Totals }

func (r rowwise) deviations(gradient []float64) []float64 {
	u, w := make([]float64, r.frame.Rows), r.frame.Weights
	r.eachEntry(func(i, j int, x float64) { u[i] += w[i] * gradient[j] * x })
	return r.frame.Deviations(u)
}

func (r rowwise) strata() []int32 { return r.frame.entryStrata() }

func (r rowwise) members() membership {
	f := r.frame
	m := membership{in: bitsets(len(r.Sum), f.PSUs), stratum: f.Stages[0].Group}
	r.eachEntry(func(i, j int, _ float64) {
		if f.Weights[i] != 0 {
			m.in[j].set(int(f.PSU[i]))
		}
	})
	return m
}

// clustered is the spread over units of many rows: each total by unit.
type clustered struct {
	frame *Frame
	total [][]float64
	psu   []bitset
}

// byUnit makes the pass over the rows unit by unit, so that what one unit adds
// stays at hand, and sums inside a unit are compensated as those over units are.
func (t *Totals) byUnit() clustered {
	f := t.frame
	c := clustered{f, matrix(len(t.Sum), f.Units()), bitsets(len(t.Sum), f.PSUs)}
	a := newAdder(len(t.Sum))
	for u := range f.Units() {
		rows := f.rows.of(u)
		psu := int(f.PSU[rows[0]])
		a.enter(rows, f.Weights, t.query)
		a.leave(func(j int, sum float64) {
			c.total[j][u] = sum
			c.psu[j].set(psu)
		})
	}
	t.take(a.totals)
	return c
}

func (c clustered) deviations(gradient []float64) []float64 {
	z := make([]float64, c.frame.Units())
	for j, g := range gradient {
		if g != 0 {
			stats.AddScaled(z, g, c.total[j])
		}
	}
	return c.frame.unitDeviations(z)
}

func (c clustered) strata() []int32 { return c.frame.entryStrata() }

func (c clustered) members() membership {
	return membership{in: c.psu, stratum: c.frame.Stages[0].Group}
}

// matrix is rows of zeros that lie next to each other.
func matrix(rows, columns int) [][]float64 {
	flat, out := make([]float64, rows*columns), make([][]float64, rows)
	for j := range out {
		out[j] = flat[j*columns : (j+1)*columns : (j+1)*columns]
	}
	return out
}
