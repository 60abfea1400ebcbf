package stats_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

// calibrated is the error that a calibrated total may show; see
// calibrationTolerance and rakeTolerance.
const calibrated = 1e-9

// weights multiplies g into d.
func weights(d []float64, c stats.Calibration) []float64 {
	w := make([]float64, len(d))
	for i := range d {
		w[i] = d[i] * c.G[i]
	}
	return w
}

// One factor is post-stratification by any distance: g = T/N in each cell.
func TestOneFactorByHand(t *testing.T) {
	x := sparse([]float64{1, 0}, []float64{1, 0}, []float64{0, 1})
	d := []float64{1, 3, 2}
	for _, distance := range []stats.Distance{{Kind: stats.DistanceLinear}, {Kind: stats.DistanceRaking}, {Kind: stats.DistanceLogit, Lower: 0.2, Upper: 4}} {
		c, err := stats.Calibrate(d, x, []float64{6, 1}, distance)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []float64{1.5, 1.5, 0.5} {
			near(t, string(distance.Kind), c.G[i], want)
		}
		if c.Iterations > 8 {
			t.Errorf("%s takes %d steps", distance.Kind, c.Iterations)
		}
	}
	c, err := stats.Rake(d, []stats.Margin{{Category: []int32{0, 0, 1}, Totals: []float64{6, 1}}})
	if err != nil || c.Iterations != 1 {
		t.Fatalf("%v after %d sweeps", err, c.Iterations)
	}
	near(t, "rake", c.G[0], 1.5)
}

// The linear distance in closed form with a constant and x = 0, 1 of weight 1
// each, totals 4 and 3: weights 1 and 3.
func TestLinearByHand(t *testing.T) {
	c, err := stats.Calibrate([]float64{1, 1, 0}, sparse([]float64{1, 0}, []float64{1, 1}, []float64{1, 7}), []float64{4, 3}, stats.Distance{Kind: stats.DistanceLinear})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1, 3, 1} {
		near(t, "g", c.G[i], want)
	}
}

// feasible draws totals that some weights with g in [0.6, 1.7] have.
func feasible(t *rapid.T, x *stats.Sparse, d []float64) []float64 {
	w := make([]float64, len(d))
	for i := range w {
		w[i] = d[i] * rapid.Float64Range(0.6, 1.7).Draw(t, "g")
	}
	return x.Totals(w)
}

// Every distance meets the totals inside its bounds, and its weights follow its
// law: linear g is linear in x, raking log g is.
func TestCalibrationMeetsTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 40).Draw(t, "n")
		x, d := sparse(regressors(t, n)...), positive(t, "d", n)
		totals := feasible(t, x, d)
		distance := rapid.SampledFrom([]stats.Distance{
			{Kind: stats.DistanceLinear}, {Kind: stats.DistanceRaking},
			{Kind: stats.DistanceLinear, Lower: 0.5, Upper: 1.8}, {Kind: stats.DistanceRaking, Lower: 0.5, Upper: 1.8}, {Kind: stats.DistanceLogit, Lower: 0.5, Upper: 1.8},
		}).Draw(t, "distance")
		c, err := stats.Calibrate(d, x, totals, distance)
		if err != nil {
			t.Fatalf("%+v: %v", distance, err)
		}
		for j, got := range x.Totals(weights(d, c)) {
			if math.Abs(got-totals[j]) > calibrated*(math.Abs(totals[j])+total(d)*2) {
				t.Fatalf("%+v: total %d is %v, want %v", distance, j, got, totals[j])
			}
		}
		for i, g := range c.G {
			if distance.Upper > 0 && (g < distance.Lower-calibrated || g > distance.Upper+calibrated) {
				t.Fatalf("%+v: g of row %d is %v", distance, i, g)
			}
		}
		if distance.Upper == 0 {
			followsLaw(t, x, d, c, distance.Kind)
		}
	})
}

func followsLaw(t *rapid.T, x *stats.Sparse, d []float64, c stats.Calibration, kind stats.DistanceKind) {
	u := make([]float64, len(d))
	for i, g := range c.G {
		u[i] = g - 1
		if kind == stats.DistanceRaking {
			u[i] = math.Log(g)
		}
	}
	fit := stats.Gaussian.Fit(x, u, d, nil)
	for i, left := range x.Times([]float64{fit.Beta[0], fit.Beta[1], fit.Beta[2], 0, fit.Beta[4]}) {
		if math.Abs(left-u[i]) > 1e-7*(1+math.Abs(u[i])) { // noise of the two fits
			t.Fatalf("%s: row %d is %v off the line", kind, i, left-u[i])
		}
	}
}

// margins draws two margins with totals that agree.
func margins(t *rapid.T, n int) []stats.Margin {
	out := []stats.Margin{{Totals: make([]float64, 3)}, {Totals: make([]float64, 2)}}
	for i := range n {
		w := rapid.Float64Range(0.5, 5).Draw(t, "target")
		for m := range out {
			k := int32(i % len(out[m].Totals)) // the first rows fill every cell
			if i >= 6 {
				k = int32(rapid.IntRange(0, len(out[m].Totals)-1).Draw(t, "category"))
			}
			out[m].Category = append(out[m].Category, k)
			out[m].Totals[k] += w
		}
	}
	return out
}

// indicators are the margins' categories as columns.
func indicators(margins []stats.Margin) (x *stats.Sparse, totals []float64) {
	x = &stats.Sparse{Start: []int{0}}
	for i := range margins[0].Category {
		first := int32(0)
		for _, m := range margins {
			x.Index = append(x.Index, first+m.Category[i])
			first += int32(len(m.Totals))
		}
		x.Start = append(x.Start, len(x.Index))
	}
	for _, m := range margins {
		totals = append(totals, m.Totals...)
	}
	x.Columns = len(totals)
	return x, totals
}

// Raking margin by margin and calibration with exp lead to the same weights.
func TestRakingByTwoRoutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 40).Draw(t, "n")
		m, d := margins(t, n), positive(t, "d", n)
		a, err := stats.Rake(d, m)
		if err != nil {
			t.Fatal(err)
		}
		x, totals := indicators(m)
		b, err := stats.Calibrate(d, x, totals, stats.Distance{Kind: stats.DistanceRaking})
		if err != nil {
			t.Fatal(err)
		}
		for i := range d {
			if math.Abs(a.G[i]-b.G[i]) > 1e-7*b.G[i] { // sweeps end at 1e-10 of the totals, a row may be further off
				t.Fatalf("row %d: g %v by sweeps, %v by steps", i, a.G[i], b.G[i])
			}
		}
	})
}

func TestTotalOfZero(t *testing.T) {
	m := []stats.Margin{{Category: []int32{0, 1, 1, -1}, Totals: []float64{0, 6}}, {Category: []int32{0, 0, 1, -1}, Totals: []float64{2, 4}}}
	c, err := stats.Rake([]float64{1, 1, 1, 0}, m)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 2, 4, 1} {
		near(t, "g", c.G[i], want)
	}
}

// Where there are no such weights the worst total is named, and nothing else comes back.
func TestNoSuchWeights(t *testing.T) {
	x := sparse([]float64{1, 0}, []float64{1, 0}, []float64{1, 1})
	d := []float64{1, 1, 1}
	for name, c := range map[string]struct {
		totals   []float64
		distance stats.Distance
	}{
		"a negative share by raking": {[]float64{3, -1}, stats.Distance{Kind: stats.DistanceRaking}},
		"beyond the bounds":          {[]float64{3, 2}, stats.Distance{Kind: stats.DistanceLinear, Lower: 0.5, Upper: 1.5}},
		"beyond the logit's bounds":  {[]float64{3, 2}, stats.Distance{Kind: stats.DistanceLogit, Lower: 0.5, Upper: 1.5}},
	} {
		_, err := stats.Calibrate(d, x, c.totals, c.distance)
		var misfit *stats.MisfitError
		if !errors.As(err, &misfit) || misfit.Target != c.totals[misfit.Column] {
			t.Errorf("%s: %v", name, err)
		}
	}
	both := []stats.Margin{{Category: []int32{0, 0, 1}, Totals: []float64{3, 3}}, {Category: []int32{0, 0, 1}, Totals: []float64{4, 2}}}
	empty := []stats.Margin{{Category: []int32{0, 0, 0}, Totals: []float64{3, 3}}}
	for name, m := range map[string][]stats.Margin{"contradiction": both, "a category without rows": empty} {
		_, err := stats.Rake(d, m)
		var misfit *stats.MisfitError
		if !errors.As(err, &misfit) || misfit.Target == misfit.Reached || misfit.Iterations > 200 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBoundsThatAreNone(t *testing.T) {
	x := sparse([]float64{1})
	for _, c := range []struct {
		distance stats.Distance
		total    float64 // between the bounds
	}{
		{stats.Distance{Kind: "linear", Lower: 1.2, Upper: 2}, 1.5}, {stats.Distance{Kind: "raking", Lower: 0.2, Upper: 0.9}, 0.5},
		{stats.Distance{Kind: "linear", Lower: math.NaN(), Upper: 2}, 1.5}, {stats.Distance{Kind: "logit"}, 1.5},
		{stats.Distance{Kind: "logit", Lower: 0.5, Upper: math.Inf(1)}, 1.5}, {stats.Distance{Kind: "nearest"}, 1.5},
	} {
		if _, err := stats.Calibrate([]float64{1}, x, []float64{c.total}, c.distance); err == nil {
			t.Errorf("%+v is accepted", c.distance)
		}
	}
}

// All rows of the third level run into their bounds at the first step, some too far.
func TestRowsComeBackFromTheirBounds(t *testing.T) {
	number := []float64{1, -1, -1, 1, 1, -1, 0.5, 1}
	rows, d := make([][]float64, 8), []float64{1, 1, 1, 1, 0.5, 1, 1, 1}
	for i := range rows {
		rows[i] = []float64{1, 0, 0, 0, number[i]}
		rows[i][1+[]int{0, 1, 2, 0, 1, 2, 0, 0}[i]] = 1
	}
	x, w := sparse(rows...), []float64{1.7, 0.6, 1.7, 1.7, 0.85, 1.7, 0.6, 1.7}
	if _, err := stats.Calibrate(d, x, x.Totals(w), stats.Distance{Kind: stats.DistanceLinear, Lower: 0.5, Upper: 1.8}); err != nil {
		t.Error(err)
	}
}

// What calibration fixes has no variance; what is left stays as it is; and the
// calibrated total's influence is the derivative by the old weight.
func TestResiduals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 40).Draw(t, "n")
		rows, d := regressors(t, n), positive(t, "d", n)
		x := sparse(rows...)
		c, err := stats.Calibrate(d, x, feasible(t, x, d), stats.Distance{Kind: stats.DistanceRaking})
		if err != nil {
			t.Fatal(err)
		}
		w := weights(d, c)
		r := stats.NewResidualizer(x, d, w, nil)
		j := rapid.IntRange(0, 4).Draw(t, "column")
		u, y := make([]float64, n), positive(t, "y", n)
		for i := range u {
			u[i] = w[i] * rows[i][j]
			y[i] *= w[i]
		}
		r.Apply(u)
		for i := range u {
			near(t, "residual of a column", u[i], 0)
		}
		r.Apply(y)
		again := append([]float64(nil), y...)
		r.Apply(again)
		for i := range y {
			near(t, "residual of a residual", again[i], y[i])
		}
	})
}

// In a post-stratum u/w is centred at its mean by d: u = 1·6, 3·2, w = 2, 6 from
// d = 1, 3 gives u/w = 3, 1, mean 1.5, residuals 2·1.5 and 6·(-0.5). The third
// row has no weight.
func TestResidualsByHand(t *testing.T) {
	u := []float64{6, 6, 0}
	stats.NewResidualizer(sparse([]float64{1}, []float64{1}, []float64{1}), []float64{1, 3, 5}, []float64{2, 6, 0}, nil).Apply(u)
	for i, want := range []float64{3, -3, 0} {
		near(t, "residual", u[i], want)
	}
}

func TestTrimByHand(t *testing.T) {
	// 10 → 6 gives 4 over 4 rows: 5.5 moves to 6.5, is trimmed itself, and its
	// half is shared by the three others.
	got, rounds, err := stats.Trim([]float64{10, 5.5, 1, 1, 1, 0}, nil, 0.5, 6)
	if err != nil || rounds != 2 {
		t.Fatalf("%d rounds, %v", rounds, err)
	}
	for i, want := range []float64{6, 6, 2 + 0.5/3, 2 + 0.5/3, 2 + 0.5/3, 0} {
		near(t, "trimmed", got[i], want)
	}
	if _, _, err := stats.Trim([]float64{10, 10}, nil, 1, 6); err == nil {
		t.Error("bounds under the mean are accepted")
	}
}

func TestTrimKeepsTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := positive(t, "w", rapid.IntRange(1, 30).Draw(t, "n"))
		mean := total(w) / float64(len(w))
		lower, upper := mean*rapid.Float64Range(0, 0.9).Draw(t, "lower"), mean*rapid.Float64Range(1.1, 3).Draw(t, "upper")
		got, _, err := stats.Trim(w, nil, lower, upper)
		if err != nil {
			return // the rows left free can be too few for the excess
		}
		near(t, "sum", total(got), total(w))
		for _, x := range got {
			if x < lower || x > upper {
				t.Fatalf("%v is outside [%v, %v]", x, lower, upper)
			}
		}
	})
}

func TestDescribeWeightsByHand(t *testing.T) {
	s := stats.DescribeWeights([]float64{1, 0, 3, 2, 2}, nil)
	if s.N != 4 || s.Zero != 1 {
		t.Errorf("n %d, %d of zero", s.N, s.Zero)
	}
	// Σw = 8, Σw² = 18; variance by n 0.5, by n-1 2/3, mean 2.
	for what, c := range map[string][2]float64{
		"sum": {s.Sum, 8}, "deff": {s.Deff, 1.125}, "deff by n-1": {s.DeffSample, 1 + 1./6}, "cv": {s.CV, math.Sqrt(0.125)}, "cv by n-1": {s.CVSample, math.Sqrt(1. / 6)},
		"effective n": {s.NEffective, 64. / 18}, "efficiency": {s.Efficiency, 16. / 18}, "median": {s.Median, 2}, "min": {s.Min, 1}, "max": {s.Max, 3},
		"5th percentile": {s.P5, 1.15}, "95th": {s.P95, 2.85}, "1st": {s.P1, 1.03}, "99th": {s.P99, 2.97},
	} {
		near(t, what, c[0], c[1])
	}
	if s := stats.DescribeWeights([]float64{0}, nil); !math.IsNaN(s.Deff) || !math.IsNaN(s.Median) || s.Zero != 1 {
		t.Errorf("no weights are described as %+v", s)
	}
}

// benchmarkMargins are a million rows in twelve margins of five categories.
func benchmarkMargins() ([]float64, []stats.Margin) {
	const rows, count, categories = 1_000_000, 12, 5
	random := rand.New(rand.NewPCG(1, 2))
	d := make([]float64, rows)
	margins := make([]stats.Margin, count)
	for i := range d {
		d[i] = 0.5 + random.Float64()
	}
	for m := range margins {
		margins[m] = stats.Margin{Category: make([]int32, rows), Totals: make([]float64, categories)}
		for i := range d {
			k := int32(random.IntN(categories))
			margins[m].Category[i] = k
			margins[m].Totals[k] += d[i] * float64(10+k) / 12
		}
		sum := total(margins[m].Totals)
		for k := range margins[m].Totals {
			margins[m].Totals[k] *= rows / sum
		}
	}
	return d, margins
}

func BenchmarkRakeMillionRows(b *testing.B) {
	d, m := benchmarkMargins()
	for b.Loop() {
		if _, err := stats.Rake(d, m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCalibrateMillionRows(b *testing.B) {
	d, m := benchmarkMargins()
	x, totals := indicators(m)
	for b.Loop() {
		if _, err := stats.Calibrate(d, x, totals, stats.Distance{Kind: stats.DistanceRaking}); err != nil {
			b.Fatal(err)
		}
	}
}

// A ridge leaves each total between the sample's and the population's: T − λη
// for the linear distance, worked by hand. Two rows of weight 1 and one column
// of ones: 2 + 2η = 4 − 2η gives η = 1/2 and weights of 1.5.
func TestRidgeByHand(t *testing.T) {
	x := sparse([]float64{1}, []float64{1})
	c, err := stats.Calibrate([]float64{1, 1}, x, []float64{4}, stats.Distance{Kind: stats.DistanceLinear, Ridge: []float64{2}})
	if err != nil || math.Abs(c.G[0]-1.5) > 1e-12 || math.Abs(c.G[1]-1.5) > 1e-12 {
		t.Errorf("%v, %v", c.G, err)
	}
}

// A stiffer ridge leaves the totals farther from their targets, whatever the distance.
func TestRidgeGivesWay(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	rows, d := make([][]float64, 50), make([]float64, 50)
	for i := range rows {
		rows[i], d[i] = []float64{1, random.Float64()}, 1+random.Float64()
	}
	x := sparse(rows...)
	target := x.Totals(d)
	target[1] *= 1.3
	for _, distance := range []stats.Distance{{Kind: stats.DistanceLinear}, {Kind: stats.DistanceRaking}, {Kind: stats.DistanceLogit, Lower: 0.3, Upper: 3}} {
		before := 0.0
		for _, ridge := range []float64{0, 1, 10, 100} {
			distance.Ridge = []float64{0, ridge}
			c, err := stats.Calibrate(d, x, target, distance)
			if err != nil {
				t.Fatal(err)
			}
			totals := x.Totals(weights(d, c))
			if math.Abs(totals[0]-target[0]) > 1e-8*target[0] {
				t.Errorf("%s, ridge %v: the total without a penalty comes to %v, not %v", distance.Kind, ridge, totals[0], target[0])
			}
			off := target[1] - totals[1]
			if ridge == 0 && math.Abs(off) > 1e-8 || ridge > 0 && off <= before {
				t.Errorf("%s, ridge %v: %v off, after %v", distance.Kind, ridge, off, before)
			}
			before = off
		}
	}
}

// Under a ridge the residuals are the derivatives of a linearly calibrated total.
func TestRidgeResidualsAreDerivatives(t *testing.T) {
	x := sparse([]float64{1, 2}, []float64{1, 3}, []float64{1, 5}, []float64{1, 4})
	d, y := []float64{1, 2, 1.5, 1}, []float64{3, 1, 4, 2}
	distance := stats.Distance{Kind: stats.DistanceLinear, Ridge: []float64{0, 4}}
	total := func(d []float64) (sum float64, w []float64) {
		c, err := stats.Calibrate(d, x, []float64{6, 22}, distance)
		if err != nil {
			t.Fatal(err)
		}
		w = weights(d, c)
		return stats.Dot(w, y), w
	}
	_, w := total(d)
	u := make([]float64, len(d))
	for i := range u {
		u[i] = w[i] * y[i]
	}
	stats.NewResidualizer(x, d, w, distance.Ridge).Apply(u)
	for i, old := range d {
		d[i] = old * (1 + 1e-5)
		up, _ := total(d)
		d[i] = old * (1 - 1e-5)
		down, _ := total(d)
		d[i] = old
		if slope := (up - down) / 2e-5; math.Abs(slope-u[i]) > 1e-6 {
			t.Errorf("row %d: %v, the derivative is %v", i, u[i], slope)
		}
	}
}
