package mixture_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/stats/mixture"
)

const (
	// climbed is how near two climbs to the same top end, relative to ln L: each
	// stops when a cycle gains less than 1e-10.
	climbed = 1e-7
	// sloped is what a central difference with steps of a hundredth leaves.
	sloped = 1e-3
)

func fit(t testing.TB, items []mixture.Item, w []float64, k, starts int, seed uint64) *mixture.Fitted {
	t.Helper()
	f, err := mixture.Fit(context.Background(), items, w, []int{k}, mixture.Options{Starts: starts, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return f[0]
}

// plain is expectation–maximisation as the textbooks write it, for nominal items
// without missing answers: every start to the end, no tables, no leaps.
func plain(items []mixture.Item, w []float64, classes, starts int, rng *rand.Rand) float64 {
	best := math.Inf(-1)
	for range starts {
		share, p := make([]float64, classes), make([][][]float64, len(items))
		for k := range share {
			share[k] = 1 / float64(classes)
		}
		for j, x := range items {
			for range classes {
				row, sum := make([]float64, x.Categories), 0.0
				for c := range row {
					row[c] = rng.Float64()
					sum += row[c]
				}
				for c := range row {
					row[c] /= sum
				}
				p[j] = append(p[j], row)
			}
		}
		value := math.Inf(-1)
		for {
			next := textbookStep(items, w, share, p)
			if next-value < 1e-8 {
				break
			}
			value = next
		}
		best = max(best, value)
	}
	return best
}

func textbookStep(items []mixture.Item, w, share []float64, p [][][]float64) float64 {
	var loglik, total float64
	counts, shares := make([][][]float64, len(items)), make([]float64, len(share))
	for j, x := range items {
		for range share {
			counts[j] = append(counts[j], make([]float64, x.Categories))
		}
	}
	for i, wi := range w {
		z, sum := make([]float64, len(share)), 0.0
		for k := range z {
			z[k] = share[k]
			for j, x := range items {
				z[k] *= p[j][k][x.Code[i]]
			}
			sum += z[k]
		}
		loglik += wi * math.Log(sum)
		total += wi
		for k := range z {
			shares[k] += wi * z[k] / sum
			for j, x := range items {
				counts[j][k][x.Code[i]] += wi * z[k] / sum
			}
		}
	}
	for k := range share {
		share[k] = shares[k] / total
		for j := range items {
			for c := range p[j][k] {
				p[j][k][c] = counts[j][k][c] / shares[k]
			}
		}
	}
	return loglik
}

func TestFitEqualsTextbook(t *testing.T) {
	for seed := range uint64(3) {
		items, w := simulate(120, 4, 3, 2, seed)
		items = answerAll(items)
		f := fit(t, items, w, 2, 20, 1)
		var sum float64
		for _, v := range w {
			sum += v
		}
		scaled := make([]float64, len(w))
		for i, v := range w {
			scaled[i] = v * float64(len(w)) / sum
		}
		want := plain(items, scaled, 2, 20, rand.New(rand.NewPCG(seed, 9)))
		if math.Abs(f.LogLikelihood-want) > climbed*math.Abs(want) {
			t.Errorf("seed %d: log-likelihood %.9g, textbook %.9g", seed, f.LogLikelihood, want)
		}
	}
}

func answerAll(items []mixture.Item) []mixture.Item {
	for _, x := range items {
		for i := range x.Code {
			x.Code[i] = max(x.Code[i], 0)
		}
	}
	return items
}

// One class is independence: the marginal shares, and the mean and the maximum
// likelihood deviation of numbers.
func TestOneClassByHand(t *testing.T) {
	items := []mixture.Item{
		{Categories: 2, Code: []int32{0, 0, 1, -1}},
		{Value: []float64{1, 2, 6, math.NaN()}},
	}
	f := fit(t, items, []float64{1, 1, 2, 1}, 1, 1, 1)
	// Shares 2/4 and 2/4; mean (1+2+12)/4 = 3.75; variance (1+4+72)/4 − 3.75² = 5.1875.
	want := []float64{0.5, 0.5, 3.75, math.Sqrt(5.1875)}
	got := []float64{f.Items[0].Probability[0][0], f.Items[0].Probability[0][1], f.Items[1].Mean[0], f.Items[1].SD[0]}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-9 {
			t.Errorf("figure %d is %g, want %g", i, got[i], want[i])
		}
	}
	if f.Rows != 3 || f.Parameters() != 3 {
		t.Errorf("%d rows and %d parameters, want 3 and 3", f.Rows, f.Parameters())
	}
	if want := -2*f.LogLikelihood + 3*math.Log(3); math.Abs(f.BIC()-want) > 1e-9 {
		t.Errorf("BIC %g, want %g", f.BIC(), want)
	}
}

func TestPosteriorAndEntropy(t *testing.T) {
	m := mixture.Model{Shares: []float64{0.75, 0.25}, Items: []mixture.ItemModel{{Probability: [][]float64{{0.8, 0.2}, {0.4, 0.6}}}}}
	post := m.Posterior([]mixture.Item{{Categories: 2, Code: []int32{0, 1, -1}}})
	// 0.6 to 0.1, 0.15 to 0.15, and the shares themselves.
	want := [][]float64{{6.0 / 7, 1.0 / 7}, {0.5, 0.5}, {0.75, 0.25}}
	for i := range want {
		for k := range want[i] {
			if math.Abs(post[i][k]-want[i][k]) > 1e-12 {
				t.Errorf("row %d class %d: %g, want %g", i, k, post[i][k], want[i][k])
			}
		}
	}
	if got := mixture.EntropyR2([][]float64{{0.5, 0.5}, {1, 0}}, []float64{1, 3}); math.Abs(got-0.75) > 1e-12 {
		t.Errorf("entropy R² %g, want 0.75", got)
	}
	if got := mixture.Modal(post); !slices.Equal(got, []int32{0, 0, 0}) {
		t.Errorf("modal classes %v", got)
	}
}

// A row twice is a row of twice the weight, the scale of weights does not
// matter, nor does the order of rows.
func TestWeightsAreRepetitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, w := mixed(60, rapid.Uint64().Draw(t, "seed"))
		var twice []mixture.Item
		for _, x := range items {
			x.Code, x.Value = append(slices.Clone(x.Code), x.Code...), append(slices.Clone(x.Value), x.Value...)
			twice = append(twice, x)
		}
		double := make([]float64, len(w))
		for i, v := range w {
			double[i] = 6 * v
		}
		a := fitIn(t, items, double)
		b := fitIn(t, twice, append(slices.Clone(w), w...))
		if math.Abs(2*a.LogLikelihood-b.LogLikelihood) > climbed*(1+math.Abs(b.LogLikelihood)) {
			t.Fatalf("log-likelihoods %.10g and %.10g", 2*a.LogLikelihood, b.LogLikelihood)
		}
	})
}

func fitIn(t *rapid.T, items []mixture.Item, w []float64) *mixture.Fitted {
	f, err := mixture.Fit(context.Background(), items, w, []int{2}, mixture.Options{Starts: 12, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return f[0]
}

// mixed has a nominal, an ordinal and a continuous item with missing answers,
// from two classes.
func mixed(rows int, seed uint64) ([]mixture.Item, []float64) {
	rng := rand.New(rand.NewPCG(seed, 5))
	items := []mixture.Item{
		{Categories: 3, Code: make([]int32, rows)}, {Categories: 2, Code: make([]int32, rows)},
		{Categories: 5, Ordinal: true, Code: make([]int32, rows)}, {Value: make([]float64, rows)},
	}
	w := make([]float64, rows)
	for i := range rows {
		w[i] = 0.2 + rng.Float64()
		k := rng.IntN(2)
		items[0].Code[i] = int32(min(2, rng.IntN(2)+2*k*rng.IntN(2)))
		items[1].Code[i] = int32((k + rng.IntN(5)/4) % 2)
		items[2].Code[i] = int32(2*k + rng.IntN(3))
		items[3].Value[i] = 4*float64(k) + rng.NormFloat64()
		switch rng.IntN(8) {
		case 0:
			items[0].Code[i] = -1
		case 1:
			items[2].Code[i] = -1
		case 2:
			items[3].Value[i] = math.NaN()
		}
	}
	return items, w
}

// With two categories an ordinal item is a nominal one, and with any number its
// likelihood is no higher, for it is the smaller model.
func TestOrdinalIsARestriction(t *testing.T) {
	items, w := simulate(1000, 6, 2, 2, 3)
	nominal := fit(t, items, w, 2, 12, 1)
	for j := range items {
		items[j].Ordinal = true
	}
	if ordinal := fit(t, items, w, 2, 12, 1); math.Abs(ordinal.LogLikelihood-nominal.LogLikelihood) > climbed*math.Abs(nominal.LogLikelihood) {
		t.Errorf("two categories: ordinal %.9g, nominal %.9g", ordinal.LogLikelihood, nominal.LogLikelihood)
	}
	items, w = simulate(600, 5, 4, 2, 3)
	nominal = fit(t, items, w, 2, 12, 1)
	for j := range items {
		items[j].Ordinal = true
	}
	ordinal := fit(t, items, w, 2, 12, 1)
	if ordinal.LogLikelihood >= nominal.LogLikelihood || ordinal.Parameters() >= nominal.Parameters() {
		t.Errorf("ordinal %.9g with %d parameters, nominal %.9g with %d", ordinal.LogLikelihood, ordinal.Parameters(), nominal.LogLikelihood, nominal.Parameters())
	}
	for _, x := range ordinal.Items {
		if !evenSteps(x) {
			t.Errorf("the steps of an ordinal item differ between classes by more than their slope: %v", x)
		}
	}
}

// The result is the same, to the last bit, on any number of processors.
func TestProcessorsDoNotMatter(t *testing.T) {
	items, w := simulate(6000, 6, 4, 3, 2)
	many := fit(t, items, w, 3, 8, 7)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if one := fit(t, items, w, 3, 8, 7); !cmp.Equal(one, many) {
		t.Error(cmp.Diff(one, many))
	}
}

func TestNobody(t *testing.T) {
	_, err := mixture.Fit(context.Background(), []mixture.Item{{Categories: 2, Code: []int32{-1, 1}}}, []float64{1, 0}, []int{2}, mixture.Options{})
	if err != mixture.ErrNoRows {
		t.Errorf("error %v", err)
	}
}

// An influence is how the estimate moves with a row's weight.
func TestInfluencesAreDerivatives(t *testing.T) {
	items, w := mixed(150, 11)
	f := fit(t, items, w, 2, 20, 1)
	exact, err := f.Refit(context.Background(), items, w)
	if err != nil {
		t.Fatal(err)
	}
	x := exact.Influences(items, w)
	figures := map[string]struct {
		influence []float64
		of        func(m *mixture.Fitted) float64
	}{
		"share":        {x.Share(1), func(m *mixture.Fitted) float64 { return m.Shares[1] }},
		"nominal":      {x.Probability(0, 1, 2), func(m *mixture.Fitted) float64 { return m.Items[0].Probability[1][2] }},
		"base of it":   {x.Probability(0, 0, 0), func(m *mixture.Fitted) float64 { return m.Items[0].Probability[0][0] }},
		"ordinal":      {x.Probability(2, 1, 3), func(m *mixture.Fitted) float64 { return m.Items[2].Probability[1][3] }},
		"ordinal base": {x.Probability(2, 0, 0), func(m *mixture.Fitted) float64 { return m.Items[2].Probability[0][0] }},
		"mean":         {x.Mean(3, 0), func(m *mixture.Fitted) float64 { return m.Items[3].Mean[0] }},
	}
	for _, i := range []int{0, 7, 42, 149} {
		const h = 1e-2
		up, down := slices.Clone(w), slices.Clone(w)
		up[i], down[i] = w[i]*(1+h), w[i]*(1-h)
		a, err := f.Refit(context.Background(), items, up)
		if err != nil {
			t.Fatal(err)
		}
		b, err := f.Refit(context.Background(), items, down)
		if err != nil {
			t.Fatal(err)
		}
		for name, g := range figures {
			slope := (g.of(a) - g.of(b)) / (2 * h)
			if math.Abs(slope-g.influence[i]) > sloped*(1e-2+math.Abs(slope)) {
				t.Errorf("%s, row %d: influence %.6g, slope %.6g", name, i, g.influence[i], slope)
			}
		}
	}
	for name, g := range figures {
		var sum float64
		for _, v := range g.influence {
			sum += v
		}
		if math.Abs(sum) > 1e-6 {
			t.Errorf("%s: influences sum to %g, not 0", name, sum)
		}
	}
}

// With one class the model is independence: Pearson's statistic of the 2×2
// table 10, 20, 30, 40 is 100·(10·40−20·30)²/(30·70·40·60) = 0.79365.
func TestResidualIsPearson(t *testing.T) {
	var a, b []int32
	for cell, n := range []int{10, 20, 30, 40} {
		for range n {
			a, b = append(a, int32(cell/2)), append(b, int32(cell%2))
		}
	}
	items := []mixture.Item{{Categories: 2, Code: a}, {Categories: 2, Code: b}}
	w := slices.Repeat([]float64{2.5}, 100)
	f := fit(t, items, w, 1, 1, 1)
	if got := f.Residuals(items, w)[0].Value; math.Abs(got-0.793650793650794) > 1e-9 {
		t.Errorf("residual %g, want 0.79365", got)
	}
}

// evenSteps reports whether the log-odds of neighbouring categories differ
// between two classes by the same step everywhere.
func evenSteps(x mixture.ItemModel) bool {
	for c := range x.Intercept[1:] {
		step := math.Log(x.Probability[1][c+1]/x.Probability[1][c]) - math.Log(x.Probability[0][c+1]/x.Probability[0][c])
		if math.Abs(step-x.Slope[1]) > 1e-6 {
			return false
		}
	}
	return true
}
