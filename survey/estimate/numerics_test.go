package estimate

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"surveykit/survey"
)

// exact is the mean, the total and their standard errors of a sample of rows
// without strata, in 300 bits.
func exact(w, y []float64) (mean, meanSE, total, totalSE float64) {
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }
	sumW, sumWY := number(0), number(0)
	for i := range w {
		sumW.Add(sumW, number(w[i]))
		sumWY.Add(sumWY, new(big.Float).Mul(number(w[i]), number(y[i])))
	}
	m := new(big.Float).Quo(sumWY, sumW)
	spread := func(u func(i int) *big.Float) float64 {
		n := number(float64(len(w)))
		sum, squares := number(0), number(0)
		for i := range w {
			x := u(i)
			sum.Add(sum, x)
			squares.Add(squares, new(big.Float).Mul(x, x))
		}
		squares.Sub(squares, new(big.Float).Quo(new(big.Float).Mul(sum, sum), n))
		squares.Mul(squares, new(big.Float).Quo(n, number(float64(len(w)-1))))
		v, _ := squares.Sqrt(squares).Float64()
		return v
	}
	meanSE = spread(func(i int) *big.Float {
		u := new(big.Float).Sub(number(y[i]), m)
		return u.Quo(u.Mul(u, number(w[i])), sumW)
	})
	totalSE = spread(func(i int) *big.Float { return new(big.Float).Mul(number(w[i]), number(y[i])) })
	mean, _ = m.Float64()
	total, _ = sumWY.Float64()
	return mean, meanSE, total, totalSE
}

// held compares the engine's figures with those of 300 bits.
func held(t *testing.T, w, y []float64, tolerance float64) {
	t.Helper()
	s := sampleOf(t, tableOf("w", w, "y", y), survey.Design{Weight: "w"}, Options{})
	means, err := s.Means([]string{"y"})
	if err != nil {
		t.Fatal(err)
	}
	totals, err := s.Totals([]string{"y"})
	if err != nil {
		t.Fatal(err)
	}
	mean, meanSE, total, totalSE := exact(w, y)
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"mean", means[0].Value.Float(), mean}, {"its error", means[0].SE.Float(), meanSE},
		{"total", totals[0].Value.Float(), total}, {"its error", totals[0].SE.Float(), totalSE},
	} {
		if relative := math.Abs(c.got/c.want - 1); !(relative <= tolerance) {
			t.Errorf("%s: %v, in 300 bits %v: off by %.1e", c.what, c.got, c.want, relative)
		}
	}
}

func TestWeightsOverTwentyOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	w, y := make([]float64, 5000), make([]float64, 5000)
	for i := range w {
		w[i] = math.Pow(10, -8+20*r.Float64())
		y[i] = r.NormFloat64()
	}
	held(t, w, y, 1e-12)
}

// Weights that weighting programs leave a hair off 1 are as good as none.
func TestMillionWeightsNearOne(t *testing.T) {
	const n = 1_000_000
	r := rand.New(rand.NewPCG(2, 0))
	w, y, share := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range w {
		w[i] = 1 + 1e-12*(2*r.Float64()-1)
		y[i] = 3 + r.NormFloat64()
		if y[i] > 4 {
			share[i] = 1
		}
	}
	held(t, w, y, 1e-12)
	s := sampleOf(t, tableOf("w", w, "y", y), survey.Design{Weight: "w"}, Options{})
	got, err := s.Share("y > 4")
	if err != nil {
		t.Fatal(err)
	}
	p, se, _, _ := exact(repeated(n, 1), share)
	nearly(t, "share", got[0].Value, survey.FigureOf(p), 1, 1e-12)
	nearly(t, "its error", got[0].SE, survey.FigureOf(se), 1, 1e-12)
	nearly(t, "effective size", got[0].NEffective, survey.FigureOf(n), 1, 1e-12)
}

// A million times the same weight, which no float64 holds exactly, adds up
// without drift.
func TestMillionEqualWeights(t *testing.T) {
	const n = 1_000_000
	r := rand.New(rand.NewPCG(5, 0))
	w, y := repeated(n, 0.1), make([]float64, n)
	for i := range y {
		y[i] = 7 + r.NormFloat64()
	}
	held(t, w, y, 1e-12)
	s := sampleOf(t, tableOf("w", w, "y", y), survey.Design{Weight: "w"}, Options{})
	got, err := s.Means([]string{"y"})
	if err != nil {
		t.Fatal(err)
	}
	nearly(t, "weighted base", got[0].NWeighted, survey.FigureOf(n/10), 1, 1e-15)
	nearly(t, "effective base", got[0].NEffective, survey.FigureOf(n), 1, 1e-15)
}

// Answers such as times in seconds lie far from zero.
func TestMeansFarFromZero(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	w, y := make([]float64, 20_000), make([]float64, 20_000)
	for i := range w {
		w[i] = math.Exp(r.NormFloat64())
		y[i] = 1e9 + r.NormFloat64()
	}
	held(t, w, y, 1e-12)
}

// Clusters of a hundred thousand rows in another order.
func TestOrderOfManyRows(t *testing.T) {
	const n = 100_000
	r := rand.New(rand.NewPCG(4, 0))
	h, j, w, y, q := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range w {
		h[i], j[i] = float64(r.IntN(20)), float64(r.IntN(10))
		w[i], y[i], q[i] = math.Exp(2*r.NormFloat64()), 1000+r.NormFloat64(), float64(r.IntN(4))
	}
	table := tableOf("h", h, "j", j, "w", w, "y", y, "x", w, "q", q)
	moved := pick(table, r.Perm(n))
	same(t, everything(t, sampleOf(t, moved, clusters, Options{})), everything(t, sampleOf(t, table, clusters, Options{})), 1, rounding)
}
