package engine

import (
	"math"

	"surveykit/stats"
)

// spread is how the totals of a query lie over the sample.
type spread interface {
	// deviations is the vector of a function of the totals, given its gradient
	// and the totals that it asks for.
	deviations(gradient []float64, asked []bool) []float64
	// strata is the stratum of every entry of that vector.
	strata() []int32
	// members marks the members of each total.
	members() membership
}

// rowwise is the spread where the influence of every row is wanted by itself:
// the calibration of weights works on rows, and rows with values of their own
// cannot be put together.
type rowwise struct{ *Totals }

func (r rowwise) deviations(gradient []float64, asked []bool) []float64 {
	return r.frame.deviations(r.influences(gradient), r.frame.touched(func(mark func(row int)) {
		r.eachEntry(func(i, j int, _ float64) {
			if asked[j] {
				mark(i)
			}
		})
	}))
}

func (r rowwise) strata() []int32 {
	if f := r.frame; f.ByRow.PSU == nil {
		return f.Stages[0].AlikeGroups(f.alike())
	}
	return r.frame.entryStrata()
}

func (r rowwise) members() membership {
	f := r.frame
	if f.ByRow.PSU == nil { // groups of rows that are units
		m := membership{in: bitsets(len(r.Sum), len(f.ByRow.Weights)), stratum: f.ByRow.Stratum, psus: f.ByRow.Lots.N}
		r.eachEntry(func(i, j int, _ float64) {
			if f.ByRow.Weights[i] != 0 {
				m.in[j].set(i)
			}
		})
		return m
	}
	m := membership{in: bitsets(len(r.Sum), f.PSUs), stratum: f.Stages[0].Group}
	r.eachEntry(func(i, j int, _ float64) {
		if f.ByRow.Weights[i] != 0 {
			m.in[j].set(int(f.ByRow.PSU[i]))
		}
	})
	return m
}

// clustered is the spread over units of many rows: each total by unit.
type clustered struct {
	frame *Frame
	total [][]float64
	// unit marks the units of each total.
	unit []bitset
}

// byUnit makes the pass over the rows unit by unit, of kinds of rows where these are known.
func (t *Totals) byUnit() clustered {
	f, weigh := t.frame, t.frame.weighing()
	units := f.Units()
	c := clustered{f, matrix(len(t.Sum), units), bitsets(len(t.Sum), units)}
	a, page := t.adder(), newTile(len(t.Sum))
	leave := func(u int) {
		a.leave(func(j int, sum Wide) { page.set(j, u, t.float(j, sum)) })
		if u%tileUnits == tileUnits-1 || u == units-1 {
			page.moveTo(c, u/tileUnits)
		}
	}
	if !t.query.kinds() {
		for u := range units {
			for _, i := range f.ByRow.rows.of(u) {
				a.enterBoth(i, weigh(i))
			}
			leave(u)
		}
		t.take(a.totals)
		return c
	}
	kinds := len(t.query.Cell)
	squares := make([]Wide, kinds)
	if units*kinds <= denseLots {
		parts := make([]part, units*kinds)
		t.weighUnits(parts, squares)
		for u := range units {
			for k, p := range parts[u*kinds : (u+1)*kinds] {
				if p.n > 0 {
					a.enter(int32(k), p)
				}
			}
			leave(u)
		}
	} else {
		parts, touched := make([]part, kinds), []int32(nil)
		for u := range units {
			for _, i := range f.ByRow.rows.of(u) {
				k, w := t.query.Kind.At(int(i)), weigh(i)
				if k < 0 || w.n == 0 {
					continue
				}
				if parts[k].n == 0 {
					touched = append(touched, k)
				}
				parts[k], squares[k] = parts[k].plus(w.part), squares[k].Plus(w.square)
			}
			for _, k := range touched {
				a.enter(k, parts[k])
				parts[k] = part{}
			}
			touched = touched[:0]
			leave(u)
		}
	}
	for k, square := range squares {
		a.enterSquare(int32(k), square)
	}
	t.take(a.totals)
	return c
}

// weighUnits adds the weights of rows up by unit and kind, and their squares by kind.
func (t *Totals) weighUnits(parts []part, squares []Wide) {
	f, kinds := t.frame, len(squares)
	if l := f.ByRow.Lots; l != nil {
		t.query.each(func(i int, k int32) {
			p := &parts[int(f.ByRow.Unit[i])*kinds+int(k)]
			*p, squares[k] = p.plus(part{l.N[i], l.Sum[i]}), squares[k].Plus(l.Square[i])
		})
		return
	}
	var block [4096]int32
	scale := math.Ldexp(1, f.Exponent)
	for from := 0; from < len(f.ByRow.Weights); from += len(block) {
		to := min(from+len(block), len(f.ByRow.Weights))
		weights, rows := f.ByRow.Weights[from:to], t.query.Kind.Rows(from, to, block[:])
		for i, unit := range f.ByRow.Unit[from:to] {
			if k, w := rows[i], weights[i]; k >= 0 && w != 0 {
				whole := int64(w * scale)
				parts[int(unit)*kinds+int(k)].add(whole)
				squares[k].addSquare(whole)
			}
		}
	}
}

// tileUnits is the number of units of a tile, and of bits in a word of bitset.
const tileUnits = 64

// tile is what neighbouring units add to the totals. It is small enough to stay
// at hand, where the columns of all totals are not.
type tile struct {
	sum [][tileUnits]float64
	in  []uint64
}

func newTile(totals int) tile {
	return tile{make([][tileUnits]float64, totals), make([]uint64, totals)}
}

func (p tile) set(j, unit int, sum float64) {
	p.sum[j][unit%tileUnits] = sum
	p.in[j] |= 1 << (unit % tileUnits)
}

// moveTo hands the tile's sums over, as the nth of the columns, and empties it.
func (p tile) moveTo(c clustered, n int) {
	for j, in := range p.in {
		if in != 0 {
			copy(c.total[j][n*tileUnits:], p.sum[j][:])
			c.unit[j][n] = in
			p.sum[j], p.in[j] = [tileUnits]float64{}, 0
		}
	}
}

func (c clustered) deviations(gradient []float64, asked []bool) []float64 {
	z := make([]float64, c.frame.Units())
	var touched []bool
	if c.frame.alone {
		touched = make([]bool, len(z))
		var js []int
		for j, in := range asked {
			if in {
				js = append(js, j)
			}
		}
		union(c.unit, js, func(u int) { touched[u] = true })
	}
	for j, g := range gradient {
		if g != 0 {
			stats.AddScaled(z, g, c.total[j])
		}
	}
	return c.frame.unitDeviations(z, touched)
}

func (c clustered) strata() []int32 { return c.frame.entryStrata() }

func (c clustered) members() membership {
	f := c.frame
	m := membership{in: c.unit, stratum: f.Stages[0].Group}
	if len(f.Stages) > 1 {
		m.in = bitsets(len(c.total), f.PSUs)
		for j := range m.in {
			union(c.unit, []int{j}, func(u int) { m.in[j].set(int(f.ByRow.PSU[f.ByRow.rows.of(u)[0]])) })
		}
	}
	return m
}

// matrix is rows of zeros that lie next to each other.
func matrix(rows, columns int) [][]float64 {
	flat, out := make([]float64, rows*columns), make([][]float64, rows)
	for j := range out {
		out[j] = flat[j*columns : (j+1)*columns : (j+1)*columns]
	}
	return out
}
