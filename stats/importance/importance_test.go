package importance

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

const (
	// exact is what sums of a few hundred products keep.
	exact = 1e-9
	// differenced is what a central difference keeps.
	differenced = 1e-5
)

// draw makes rows of correlated columns and an outcome; the first driver is a
// factor of three levels.
func draw(t *rapid.T) (Data, [][]int) {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	n, k := rapid.IntRange(40, 80).Draw(t, "rows"), rapid.IntRange(2, 5).Draw(t, "drivers")
	return simulate(r, n, k)
}

func simulate(r *rand.Rand, n, k int) (Data, [][]int) {
	d := Data{Weights: make([]float64, n), Columns: make([][]float64, k+2)}
	for j := range d.Columns {
		d.Columns[j] = make([]float64, n)
	}
	for i := range n {
		d.Weights[i] = 0.5 + r.Float64()
		common, outcome := r.NormFloat64(), r.NormFloat64()
		if level := r.IntN(3); level > 0 {
			d.Columns[level-1][i] = 1
			outcome += float64(level)
		}
		for j := 2; j <= k; j++ {
			d.Columns[j][i] = common + r.NormFloat64()*float64(j)
			outcome += d.Columns[j][i] / float64(j)
		}
		d.Columns[k+1][i] = outcome
	}
	drivers := [][]int{{0, 1}}
	for j := 2; j <= k; j++ {
		drivers = append(drivers, []int{j})
	}
	return d, drivers
}

func near(t interface{ Errorf(string, ...any) }, what string, got, want, tolerance float64) {
	if !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestPartsAddToR2(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, drivers := draw(t)
		d = d.Centred()
		p := (&Moments{Covariance: d.Covariance(), Drivers: drivers}).Parts(Orders{})
		shapley, johnson := p.Shapley[0], p.Johnson[0]
		for j := 1; j < len(drivers); j++ {
			shapley, johnson = shapley.Plus(p.Shapley[j]), johnson.Plus(p.Johnson[j])
		}
		near(t, "Shapley's sum", shapley.Value, p.R2.Value, exact)
		near(t, "Johnson's sum", johnson.Value, p.R2.Value, exact)
		// Parts of R² add to it whatever the data, so their gradients do, too.
		n := p.R2.Gradient.SymmetricDim()
		for i := range n {
			for j := range n {
				near(t, "Shapley's gradient", shapley.Gradient.At(i, j), p.R2.Gradient.At(i, j), exact)
				near(t, "Johnson's gradient", johnson.Gradient.At(i, j), p.R2.Gradient.At(i, j), differenced)
			}
		}
	})
}

// TestShapleyIsTheMeanOverAllOrders goes through the 24 orders of four drivers.
func TestShapleyIsTheMeanOverAllOrders(t *testing.T) {
	d, drivers := simulate(rand.New(rand.NewPCG(4, 4)), 60, 4)
	m := &Moments{Covariance: d.Centred().Covariance(), Drivers: drivers}
	want := make([]float64, 4)
	var orders func(order []int)
	orders = func(order []int) {
		if len(order) == 4 {
			before := 0.0
			for k := range order {
				after := m.explained(order[:k+1]).Value
				want[order[k]] += (after - before) / 24
				before = after
			}
			return
		}
	next:
		for j := range 4 {
			for _, taken := range order {
				if taken == j {
					continue next
				}
			}
			orders(append(order[:len(order):len(order)], j))
		}
	}
	orders(nil)
	for j, f := range m.exactShapley() {
		near(t, "Shapley", f.Value, want[j], exact)
	}
}

// TestScale multiplies columns, which no importance may notice.
func TestScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, drivers := draw(t)
		before := (&Moments{Covariance: d.Centred().Covariance(), Drivers: drivers}).Parts(Orders{})
		for j := 2; j < len(d.Columns); j++ {
			factor := rapid.SampledFrom([]float64{-3, 0.01, 250}).Draw(t, "factor")
			for i := range d.Columns[j] {
				d.Columns[j][i] = 7 + factor*d.Columns[j][i]
			}
		}
		// The factor gets another level as its reference.
		for i, x := range d.Columns[0] {
			d.Columns[0][i] = 1 - x - d.Columns[1][i]
		}
		after := (&Moments{Covariance: d.Centred().Covariance(), Drivers: drivers}).Parts(Orders{})
		for j := range drivers {
			near(t, "Shapley", after.Shapley[j].Value, before.Shapley[j].Value, 1e-7)
			near(t, "Johnson", after.Johnson[j].Value, before.Johnson[j].Value, 1e-7)
			near(t, "unique", after.Unique[j].Value, before.Unique[j].Value, 1e-7)
		}
	})
}

// TestInfluence compares influences with what figures do when a weight changes.
func TestInfluence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, drivers := draw(t)
		row := rapid.IntRange(0, len(d.Weights)-1).Draw(t, "row")
		parts := func(change float64) *Parts {
			d.Weights[row] += change
			defer func() { d.Weights[row] -= change }()
			return (&Moments{Covariance: d.Centred().Covariance(), Drivers: drivers}).Parts(Orders{})
		}
		const step = 1e-4
		at, up, down := parts(0), parts(step), parts(-step)
		centred := d.Centred()
		check := func(what string, f, up, down Figure) {
			slope := (up.Value - down.Value) / (2 * step)
			near(t, what, centred.Influence(f.Gradient)[row]/d.Weights[row], slope, differenced)
		}
		check("R2", at.R2, up.R2, down.R2)
		for j := range drivers {
			check("alone", at.Alone[j], up.Alone[j], down.Alone[j])
			check("unique", at.Unique[j], up.Unique[j], down.Unique[j])
			check("Shapley", at.Shapley[j], up.Shapley[j], down.Shapley[j])
			check("Johnson", at.Johnson[j], up.Johnson[j], down.Johnson[j])
			check("share", at.Shapley[j].Over(at.R2), up.Shapley[j].Over(up.R2), down.Shapley[j].Over(down.R2))
		}
	})
}

// TestSampledOrders holds sampled orders to the exact mean, within their error.
func TestSampledOrders(t *testing.T) {
	d, drivers := simulate(rand.New(rand.NewPCG(9, 9)), 200, 8)
	m := &Moments{Covariance: d.Centred().Covariance(), Drivers: drivers}
	exactly := m.exactShapley()
	var sum float64
	for j, f := range m.sampledShapley(Orders{Sampled: 2000, Seed: 1}) {
		sum += f.Value
		if !(f.Error > 0 && f.Error < 0.01) || math.Abs(f.Value-exactly[j].Value) > 4*f.Error {
			t.Errorf("driver %d: %v ± %v, want %v", j, f.Value, f.Error, exactly[j].Value)
		}
		for a := range len(d.Columns) {
			near(t, "gradient", f.Gradient.At(a, a), exactly[j].Gradient.At(a, a), 0.05)
		}
	}
	near(t, "sum", sum, m.explained([]int{0, 1, 2, 3, 4, 5, 6, 7}).Value, exact)
}

// TestAlone: of drivers that do not overlap, every importance is the R² alone.
func TestAlone(t *testing.T) {
	m := &Moments{Covariance: mat.NewSymDense(3, []float64{4, 0, 2, 0, 1, 1, 2, 1, 5}), Drivers: [][]int{{0}, {1}}}
	p := m.Parts(Orders{})
	for j, want := range []float64{0.2, 0.2} {
		near(t, "alone", p.Alone[j].Value, want, exact)
		near(t, "unique", p.Unique[j].Value, want, exact)
		near(t, "Shapley", p.Shapley[j].Value, want, exact)
		near(t, "Johnson", p.Johnson[j].Value, want, exact)
	}
}

// TestLatent takes the gradient of the latent R² by differences in β and C.
func TestLatent(t *testing.T) {
	columns := mat.NewSymDense(2, []float64{2, 0.5, 0.5, 1})
	shapley := func(c *mat.SymDense, beta []float64) Figure {
		l := Latent{Columns: c, Beta: beta}
		return (&Moments{Covariance: l.Covariance(), Drivers: [][]int{{0}, {1}}}).exactShapley()[0]
	}
	l := Latent{Columns: columns, Beta: []float64{0.7, -1.2}}
	f := shapley(columns, l.Beta)
	g, beta := l.Chain(f.Gradient)
	const step = 1e-5
	for j := range 2 {
		up, down := []float64{0.7, -1.2}, []float64{0.7, -1.2}
		up[j] += step
		down[j] -= step
		near(t, "β", beta[j], (shapley(columns, up).Value-shapley(columns, down).Value)/(2*step), differenced)
	}
	for _, at := range [][2]int{{0, 0}, {0, 1}, {1, 1}} {
		up, down := mat.NewSymDense(2, nil), mat.NewSymDense(2, nil)
		up.CopySym(columns)
		down.CopySym(columns)
		up.SetSym(at[0], at[1], columns.At(at[0], at[1])+step)
		down.SetSym(at[0], at[1], columns.At(at[0], at[1])-step)
		slope := (shapley(up, l.Beta).Value - shapley(down, l.Beta).Value) / (2 * step)
		if at[0] != at[1] {
			slope /= 2
		}
		near(t, "C", g.At(at[0], at[1]), slope, differenced)
	}
	explained := 2*0.7*0.7 - 2*0.5*0.7*1.2 + 1.2*1.2
	all := (&Moments{Covariance: l.Covariance(), Drivers: [][]int{{0}, {1}}}).explained([]int{0, 1}).Value
	near(t, "McKelvey and Zavoina", all, explained/(explained+math.Pi*math.Pi/3), exact)
}
