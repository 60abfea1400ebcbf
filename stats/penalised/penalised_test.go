package penalised

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

const (
	// conditions is how nearly an optimum's conditions hold.
	conditions = 2e-6
	// same is what two ways to one optimum have in common.
	same = 1e-5
)

// simulate draws people with a constant, three numbers of unequal spread and a
// factor of three levels in full, of which two numbers and the factor matter.
func simulate(r *rand.Rand, n int) Data {
	d := Data{X: &stats.Sparse{Columns: 7, Start: []int{0}}}
	for range n {
		a, b, c := r.NormFloat64(), 10*r.NormFloat64()+3, r.NormFloat64()
		level := r.IntN(3)
		d.X.Index = append(d.X.Index, 0, 1, 2, 3, int32(4+level))
		d.X.Value = append(d.X.Value, 1, a, b, c, 1)
		d.X.Start = append(d.X.Start, len(d.X.Index))
		y := 0.0
		if p, _ := stats.Binomial.Mean(-0.5 + 0.8*a - 0.06*b + 0.4*float64(level)); r.Float64() < p {
			y = 1
		}
		d.Y = append(d.Y, y)
		d.Weights = append(d.Weights, float64(r.IntN(5))/2)
	}
	return d
}

func draw(t *rapid.T) Data {
	return simulate(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2)), rapid.IntRange(80, 200).Draw(t, "rows"))
}

// objective is what Path minimises, written out.
func objective(d Data, mix, lambda float64, beta []float64) float64 {
	p := (&Model{Beta: beta}).Probabilities(d.X)
	var loss, total float64
	mean, square := make([]float64, d.X.Columns), make([]float64, d.X.Columns)
	for i, w := range d.Weights {
		total += w
		loss += w * LogLoss(p[i], d.Y[i])
		for k := d.X.Start[i]; k < d.X.Start[i+1]; k++ {
			mean[d.X.Index[k]] += w * d.X.Value[k]
			square[d.X.Index[k]] += w * d.X.Value[k] * d.X.Value[k]
		}
	}
	loss /= total
	for j := 1; j < len(beta); j++ {
		b := math.Sqrt(square[j]/total-mean[j]*mean[j]/total/total) * math.Abs(beta[j])
		loss += lambda * (mix*b + (1-mix)/2*b*b)
	}
	return loss
}

// TestOptimum moves each coefficient a little to either side of a fit, which
// must not lower the objective: the conditions of Karush, Kuhn and Tucker, taken
// by differences where the objective is smooth and by one-sided ones at zero.
func TestOptimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		mix := rapid.SampledFrom([]float64{0, 0.3, 0.5, 1}).Draw(t, "mix")
		lambdas := d.Lambdas(mix, 12)
		for _, m := range d.Path(mix, lambdas) {
			if !m.Converged {
				t.Fatalf("not converged at %v", m.Lambda)
			}
			const step = 1e-4
			at := objective(d, mix, m.Lambda, m.Beta)
			for j := range m.Beta {
				beta := append([]float64{}, m.Beta...)
				h := step
				if j == 2 {
					h /= 10
				}
				for _, by := range []float64{h, -h} {
					beta[j] = m.Beta[j] + by
					if down := (at - objective(d, mix, m.Lambda, beta)) / step; down > conditions {
						t.Fatalf("λ %v, mix %v: coefficient %d can go down by %v", m.Lambda, mix, j, down)
					}
				}
			}
		}
	})
}

// TestHighestPenalty: at the first penalty nothing is left but the mean, just
// under it something is.
func TestHighestPenalty(t *testing.T) {
	d := simulate(rand.New(rand.NewPCG(3, 3)), 300)
	first := d.Lambdas(1, 5)[0]
	path := d.Path(1, []float64{first * 1.0001, first * 0.98})
	left := [2]int{}
	for k, m := range path {
		for _, b := range m.Beta[1:] {
			if b != 0 {
				left[k]++
			}
		}
	}
	if left[0] != 0 || left[1] != 1 {
		t.Errorf("%d and %d coefficients, want none and one", left[0], left[1])
	}
}

// TestWithoutPenalty: λ = 0 is the ordinary model, whose factor has a reference.
func TestWithoutPenalty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		// The last level joins the constant.
		for k, j := range d.X.Index {
			if j == 6 {
				d.X.Value[k] = 0
			}
		}
		want := stats.Binomial.Fit(d.X, d.Y, d.Weights, nil)
		if !want.Converged || want.Separated != nil {
			return
		}
		got := d.Path(0.5, []float64{0})[0]
		for j, b := range want.Beta[:6] {
			if math.Abs(got.Beta[j]-b) > same*(1+math.Abs(b)) {
				t.Errorf("coefficient %d: %v, want %v", j, got.Beta[j], b)
			}
		}
	})
}

// TestScale: units of a column and of the weights do not matter.
func TestScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		lambdas := d.Lambdas(0.5, 8)
		before := d.Path(0.5, lambdas)
		for k, j := range d.X.Index {
			if j == 1 {
				d.X.Value[k] *= 1000
			}
		}
		for i := range d.Weights {
			d.Weights[i] *= 50
		}
		for k, m := range d.Path(0.5, lambdas) {
			for j, b := range before[k].Beta {
				if j == 1 {
					b /= 1000
				}
				if math.Abs(m.Beta[j]-b) > same*(math.Abs(b)+1e-3) {
					t.Errorf("coefficient %d: %v, want %v", j, m.Beta[j], b)
				}
			}
		}
	})
}

func folded(d Data, folds int) []int32 {
	fold := make([]int32, len(d.Y))
	for i := range fold {
		fold[i] = int32(i % folds)
	}
	fold[0] = -1
	return fold
}

// naive cross-validates within the rows that are kept: the loss of each penalty.
func naive(d Data, fold []int32, keep func(f int32) bool, folds int, mix float64, lambdas []float64) []float64 {
	loss := make([]float64, len(lambdas))
	for g := range int32(folds) {
		if !keep(g) {
			continue
		}
		w := make([]float64, len(fold))
		for i, f := range fold {
			if f >= 0 && f != g && keep(f) {
				w[i] = d.Weights[i]
			}
		}
		for l, m := range (Data{d.X, d.Y, w}).Path(mix, lambdas) {
			p := m.Probabilities(d.X)
			for i, f := range fold {
				if f == g {
					loss[l] += d.Weights[i] * LogLoss(p[i], d.Y[i])
				}
			}
		}
	}
	return loss
}

// TestValidationIsNested does everything once more, fold by fold.
func TestValidationIsNested(t *testing.T) {
	const folds = 4
	d := simulate(rand.New(rand.NewPCG(5, 5)), 240)
	fold := folded(d, folds)
	o := Options{Mix: 0.5, Lambdas: 10}
	v, err := d.Validate(context.Background(), fold, folds, o)
	if err != nil {
		t.Fatal(err)
	}
	for f := range int32(folds) {
		others := func(g int32) bool { return g != f }
		best := lowest(naive(d, fold, others, folds, o.Mix, v.Lambdas))
		w := make([]float64, len(fold))
		for i, g := range fold {
			if g >= 0 && g != f {
				w[i] = d.Weights[i]
			}
		}
		p := (Data{d.X, d.Y, w}).Path(o.Mix, v.Lambdas)[best].Probabilities(d.X)
		for i, g := range fold {
			if g == f && math.Abs(p[i]-v.Out[i]) > same {
				t.Fatalf("row %d: %v, want %v", i, v.Out[i], p[i])
			}
		}
	}
	if !math.IsNaN(v.Out[0]) {
		t.Error("a row without a fold is predicted")
	}
	everybody := naive(d, fold, func(int32) bool { return true }, folds, o.Mix, v.Lambdas)
	if v.Model.Lambda != v.Lambdas[lowest(everybody)] {
		t.Errorf("the penalty is %v", v.Model.Lambda)
	}
}

// TestNoiseIsNotPredicted: outcomes that nothing explains are predicted no
// better than by their share, which predictions of rows seen before would be.
func TestNoiseIsNotPredicted(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	d := simulate(r, 300)
	for i := range d.Y {
		d.Y[i], d.Weights[i] = float64(r.IntN(2)), 1
	}
	v, err := d.Validate(context.Background(), folded(d, 5), 5, Options{Mix: 0.5, Lambdas: 20})
	if err != nil {
		t.Fatal(err)
	}
	d.Weights[0] = 0
	// Of 300 rows the AUC of chance has a standard deviation of 0.034.
	if auc, _ := stats.AUC(v.Out, d.Y, d.Weights); auc > 0.5+3*0.034 {
		t.Errorf("AUC %v of noise", auc)
	}
}

func TestProcessors(t *testing.T) {
	d := simulate(rand.New(rand.NewPCG(7, 7)), 200)
	validated := func(processors int) *Validated {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		v, err := d.Validate(context.Background(), folded(d, 3), 3, Options{Mix: 0.5, Lambdas: 10})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	one, four := validated(1), validated(4)
	for i, p := range one.Out {
		if i > 0 && p != four.Out[i] {
			t.Fatalf("row %d: %v with one processor, %v with four", i, p, four.Out[i])
		}
	}
}

func TestNoContrast(t *testing.T) {
	d := simulate(rand.New(rand.NewPCG(8, 8)), 60)
	for i := range d.Y {
		d.Y[i] = 0
	}
	d.Y[1] = 1
	if _, err := d.Validate(context.Background(), folded(d, 3), 3, Options{Mix: 0.5, Lambdas: 5}); err != ErrNoContrast {
		t.Errorf("one person with the outcome: %v", err)
	}
}

// BenchmarkValidate is a file of 37,350 people with 30 columns of indicators.
func BenchmarkValidate(b *testing.B) {
	r := rand.New(rand.NewPCG(9, 9))
	d := Data{X: &stats.Sparse{Columns: 31, Start: []int{0}}}
	for range 37350 {
		d.X.Index = append(d.X.Index, 0)
		u := -1.0
		for q := range 10 {
			k := r.IntN(3)
			d.X.Index = append(d.X.Index, int32(1+3*q+k))
			u += 0.1 * float64(q*k) / 3
		}
		d.X.Start = append(d.X.Start, len(d.X.Index))
		p, _ := stats.Binomial.Mean(u)
		y := 0.0
		if r.Float64() < p {
			y = 1
		}
		d.Y, d.Weights = append(d.Y, y), append(d.Weights, 0.5+r.Float64())
	}
	fold := folded(d, 5)
	for b.Loop() {
		if _, err := d.Validate(context.Background(), fold, 5, Options{Mix: 0.5, Lambdas: 40}); err != nil {
			b.Fatal(err)
		}
	}
}
