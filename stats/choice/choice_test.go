package choice_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"surveykit/stats"
	"surveykit/stats/choice"
)

const (
	// prior is what the ridge of one hundred-thousandth of a person moves.
	prior = 1e-4
	// curved is the part of leaving a person out that is not linear, and what the
	// order of sums moves.
	curved = 1e-4
)

func fit(t testing.TB, tasks []choice.Task, items int, w []float64, classes int, seed uint64) *choice.Fitted {
	t.Helper()
	f, err := choice.Fit(context.Background(), tasks, items, w, []int{classes}, choice.Options{Starts: 10, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return f[0]
}

func ones(n int) []float64 { return slices.Repeat([]float64{1}, n) }

// Of two items shown 40 times, A is the best 30 times: u_A − u_B = ln 3, and the
// standard error of a logit of 0.75 over 40 people is 1/√(40·0.75·0.25).
func TestTwoItemsByHand(t *testing.T) {
	var tasks []choice.Task
	for i := range 40 {
		best := 0
		if i >= 30 {
			best = 1
		}
		tasks = append(tasks, choice.Task{Person: i, Shown: []int{0, 1}, Best: best, Worst: 1 - best})
	}
	f := fit(t, tasks, 2, ones(40), 1, 1)
	if d := f.Utilities[0][0] - f.Utilities[0][1]; math.Abs(d-math.Log(3)) > prior {
		t.Errorf("difference of utilities %.6f, want ln 3", d)
	}
	if want := 30*math.Log(0.75) + 10*math.Log(0.25); math.Abs(f.LogLikelihood-want) > prior {
		t.Errorf("log-likelihood %.6f, want %.6f: of one item left there is no worst", f.LogLikelihood, want)
	}
	if p := f.Overall()[0]; math.Abs(p-0.75) > prior {
		t.Errorf("preference %.6f, want 0.75", p)
	}
	x := f.Influences(tasks, ones(40))
	u := x.Utility(0, 0)
	if se, want := 2*math.Sqrt(stats.Dot(u, u)), 1/math.Sqrt(40*0.75*0.25); math.Abs(se-want) > prior {
		t.Errorf("standard error %.6f, want %.6f", se, want)
	}
	if r := f.PseudoR2(choice.Chance(tasks, 2, ones(40))); math.Abs(r-(1-f.LogLikelihood/(40*math.Log(0.5)))) > 1e-12 {
		t.Errorf("pseudo R² %g", r)
	}
}

// population simulates people of known classes who answer tasks of four items.
func population(seed uint64, truth choice.Model, persons, questions int) ([]choice.Task, []int) {
	rng := rand.New(rand.NewPCG(seed, 7))
	var tasks []choice.Task
	var class []int
	items := len(truth.Utilities[0])
	for i := range persons {
		k := draw(rng, truth.Shares)
		class = append(class, k)
		for range questions {
			shown := rng.Perm(items)[:4]
			best := shown[pick(rng, truth.Utilities[k], shown, 1)]
			left := slices.DeleteFunc(slices.Clone(shown), func(j int) bool { return j == best })
			tasks = append(tasks, choice.Task{Person: i, Shown: shown, Best: best, Worst: left[pick(rng, truth.Utilities[k], left, -1)]})
		}
	}
	return tasks, class
}

func pick(rng *rand.Rand, u []float64, shown []int, sign float64) int {
	var p []float64
	var sum float64
	for _, j := range shown {
		p = append(p, math.Exp(sign*u[j]))
		sum += p[len(p)-1]
	}
	for k := range p {
		p[k] /= sum
	}
	return draw(rng, p)
}

func draw(rng *rand.Rand, p []float64) int {
	x := rng.Float64()
	for k, v := range p {
		if x -= v; x < 0 {
			return k
		}
	}
	return len(p) - 1
}

var truth = choice.Model{
	Shares: []float64{0.5, 0.3, 0.2},
	Utilities: [][]float64{
		{2, 1, 0.5, 0, -0.5, -1, -2},
		{-1.5, -1, 0, 0, 0, 1, 1.5},
		{0, 0, 2, -2, 1, -1, 0},
	},
}

// The simulated truth lies within four standard errors for every figure, and
// everybody's class is found for nearly all.
func TestTruthIsRecovered(t *testing.T) {
	tasks, class := population(3, truth, 1200, 12)
	fits, err := choice.Fit(context.Background(), tasks, 7, ones(1200), []int{1, 2, 3, 4}, choice.Options{Starts: 10, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	best := slices.MinFunc(fits, func(a, b *choice.Fitted) int { return int(math.Copysign(1, a.BIC()-b.BIC())) })
	if best.Classes() != 3 || !best.Converged {
		t.Fatalf("%d classes have the lowest BIC, want 3", best.Classes())
	}
	x := best.Influences(tasks, ones(1200))
	for k, share := range truth.Shares {
		within(t, "share", best.Shares[k], share, x.Share(k))
		for j, u := range truth.Utilities[k] {
			within(t, "utility", best.Utilities[k][j], u, x.Utility(k, j))
			within(t, "preference", best.Preferences()[k][j], truth.Preferences()[k][j], x.Preference(k, j))
		}
	}
	for j, p := range truth.Overall() {
		within(t, "overall", best.Overall()[j], p, x.Overall(j))
	}
	right := 0
	for i, z := range best.Posterior(tasks, 1200) {
		if z[class[i]] > 0.5 {
			right++
		}
	}
	if right < 1150 {
		t.Errorf("%d of 1200 people are in their class", right)
	}
}

func within(t *testing.T, what string, got, want float64, influence []float64) {
	t.Helper()
	se := math.Sqrt(stats.Dot(influence, influence))
	if se <= 0 || se > 0.3 || math.Abs(got-want) > 4*se {
		t.Errorf("%s %.4f, true %.4f, standard error %.4f", what, got, want, se)
	}
}

// At the top the log-likelihood, written out from its definition, is flat in
// every direction, so one class is the aggregate logit and several a maximum.
func TestTopIsFlat(t *testing.T) {
	tasks, _ := population(4, truth, 200, 8)
	weights := make([]float64, 200)
	for i := range weights {
		weights[i] = 1 + float64(i%5)
	}
	for _, classes := range []int{1, 2} {
		f := fit(t, tasks, 7, weights, classes, 2)
		if got := definition(f.Model, tasks, weights); math.Abs(got-f.LogLikelihood) > 1e-6 {
			t.Errorf("log-likelihood %.8f, by definition %.8f", f.LogLikelihood, got)
		}
		const step = 1e-3
		for k := range f.Utilities {
			for j := range 7 {
				up, down := moved(f.Model, k, j, step), moved(f.Model, k, j, -step)
				if slope := (definition(up, tasks, weights) - definition(down, tasks, weights)) / (2 * step); math.Abs(slope) > 0.01 {
					t.Errorf("%d classes: slope %.5f along utility %d of class %d", classes, slope, j, k)
				}
			}
			var sum float64
			for _, u := range f.Utilities[k] {
				sum += u
			}
			if math.Abs(sum) > 1e-6 {
				t.Errorf("utilities add to %g", sum)
			}
		}
	}
}

func moved(m choice.Model, k, j int, by float64) choice.Model {
	out := choice.Model{Shares: m.Shares}
	for _, u := range m.Utilities {
		out.Utilities = append(out.Utilities, slices.Clone(u))
	}
	out.Utilities[k][j] += by
	return out
}

// definition is Σ w ln Σ_k π_k Π P, weights at a mean of 1.
func definition(m choice.Model, tasks []choice.Task, weights []float64) float64 {
	like := make([][]float64, len(weights))
	for i := range like {
		like[i] = slices.Clone(m.Shares)
	}
	for _, t := range tasks {
		for k, u := range m.Utilities {
			var above, below float64
			for _, j := range t.Shown {
				above += math.Exp(u[j])
				if j != t.Best {
					below += math.Exp(-u[j])
				}
			}
			like[t.Person][k] *= math.Exp(u[t.Best]) / above * math.Exp(-u[t.Worst]) / below
		}
	}
	var sum, all float64
	for i, w := range weights {
		var l float64
		for _, x := range like[i] {
			l += x
		}
		sum += w * math.Log(l)
		all += w
	}
	return sum * float64(len(weights)) / all
}

// The influence of a person is what the figures change by without them.
func TestInfluenceIsLeavingOut(t *testing.T) {
	tasks, _ := population(6, truth, 400, 10)
	f := fit(t, tasks, 7, ones(400), 3, 1)
	x := f.Influences(tasks, ones(400))
	for i := range 5 {
		w := ones(400)
		w[i] = 0
		without, err := f.Refit(context.Background(), tasks, w)
		if err != nil {
			t.Fatal(err)
		}
		for j := range 7 {
			if change, want := f.Overall()[j]-without.Overall()[j], x.Overall(j)[i]; math.Abs(change-want) > curved {
				t.Errorf("person %d, item %d: %.6f, influence %.6f", i, j, change, want)
			}
		}
		if change, want := f.Utilities[2][1]-without.Utilities[2][1], x.Utility(2, 1)[i]; math.Abs(change-want) > 0.01*math.Abs(want)+1e-3 {
			t.Errorf("person %d: utility %.6f, influence %.6f", i, change, want)
		}
	}
}

// Weights stand for as many people, and the number of processors for nothing.
func TestWeightsAndCores(t *testing.T) {
	tasks, _ := population(8, truth, 150, 8)
	double := slices.Clone(tasks)
	weights := ones(150)
	for _, x := range tasks {
		if x.Person < 50 {
			x.Person += 150
			double = append(double, x)
		}
	}
	for i := range 50 {
		weights[i] = 2
	}
	a, b := fit(t, tasks, 7, weights, 2, 3), fit(t, double, 7, ones(200), 2, 3)
	for j, p := range a.Overall() {
		if math.Abs(p-b.Overall()[j]) > curved {
			t.Errorf("item %d: %.6f by weight, %.6f by people", j, p, b.Overall()[j])
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	c := fit(t, tasks, 7, weights, 2, 3)
	if c.LogLikelihood != a.LogLikelihood || !slices.Equal(c.Utilities[0], a.Utilities[0]) {
		t.Error("one processor finds another model")
	}
}

func TestNobodyChooses(t *testing.T) {
	_, err := choice.Fit(context.Background(), []choice.Task{{Shown: []int{0, 1}, Best: choice.None, Worst: choice.None}}, 2, ones(1), []int{1}, choice.Options{})
	if err != choice.ErrNoChoices {
		t.Errorf("%v, want ErrNoChoices", err)
	}
}

func BenchmarkFit(b *testing.B) {
	tasks, _ := population(3, truth, 3000, 12)
	w := ones(3000)
	for b.Loop() {
		if _, err := choice.Fit(context.Background(), tasks, 7, w, []int{2, 3, 4}, choice.Options{Starts: 20, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
