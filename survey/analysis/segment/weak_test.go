package segment_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// TestIntervalsOfWeakClasses prints the table of METHODS: what intervals of shares and
// answers cover where items hardly tell the classes apart, by the sandwich and by 40
// bootstrap weights. It takes minutes, and runs with -samples 100 or more.
func TestIntervalsOfWeakClasses(t *testing.T) {
	if *samples < 100 {
		t.Skip("run with -samples 100")
	}
	for _, by := range []float64{1, 0.85, 0.7, 0.55} {
		for _, clusters := range []int{10, 40} {
			t.Run(fmt.Sprintf("%g of the contrast, %d clusters", by, 2*clusters), func(t *testing.T) { weak(t, nearer(by), clusters) })
		}
	}
}

// kinds are the intervals' kinds: of shares and of answers.
type kinds struct{ held, of [2]float64 }

func (k *kinds) add(kind int, e survey.Estimate, truth float64) {
	k.of[kind]++
	if e.Low.Float() <= truth && truth <= e.High.Float() {
		k.held[kind]++
	}
}

func weak(t *testing.T, p population, clusters int) {
	var sandwich, bootstrap kinds
	var entropy, people float64
	var lock sync.Mutex
	parallel.Each(t.Context(), *samples, func(i int) {
		table, _ := p.drawn(i, clusters)
		o := segment.LatentClassOptions{Items: questions, Classes: []int{3}, Starts: 4, Seed: 1}
		linear, _ := classes(t, table, clustered, o)
		table, design := bootstrapped(table, clusters, uint64(i))
		replicated, _ := classes(t, table, design, o)
		lock.Lock()
		defer lock.Unlock()
		entropy, people = entropy+linear[0].EntropyR2.Float(), people+float64(table.Rows)
		p.count(&sandwich, linear[0])
		p.count(&bootstrap, replicated[0])
	})
	n := float64(*samples)
	t.Logf("%.0f people, entropy R² %.2f: sandwich holds %.3f of shares and %.3f of answers, bootstrap %.3f and %.3f", people/n, entropy/n,
		sandwich.held[0]/sandwich.of[0], sandwich.held[1]/sandwich.of[1], bootstrap.held[0]/bootstrap.of[0], bootstrap.held[1]/bootstrap.of[1])
}

func (p population) count(k *kinds, c segment.LatentClass) {
	for class, at := range p.matched(c) {
		g := c.Segments[at]
		k.add(0, g.Size, p.share(class))
		for j, yes := range p.yes[class] {
			k.add(1, g.Answers[2*j+1], yes)
		}
	}
}

// matched are the fitted classes in the order of the true ones that they are
// nearest to together.
func (p population) matched(c segment.LatentClass) (best [3]int) {
	far := func(class, at int) (sum float64) {
		for j, yes := range p.yes[class] {
			sum += math.Pow(c.Segments[at].Answers[2*j+1].Value.Float()-yes, 2)
		}
		return sum
	}
	least := math.Inf(1)
	for _, order := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		if sum := far(0, order[0]) + far(1, order[1]) + far(2, order[2]); sum < least {
			least, best = sum, order
		}
	}
	return best
}

// bootstrapped adds 40 of Rao and Wu's bootstrap weights and gives their design.
func bootstrapped(t *survey.Table, clusters int, seed uint64) (*survey.Table, survey.Design) {
	psu, weight := t.Lookup("psu").Numbers.Slice(), t.Lookup("weight").Numbers.Slice()
	rng := rand.New(rand.NewPCG(seed, 77))
	for r := range 40 {
		times := make([]float64, 2*clusters+1)
		for h := range 2 {
			for range clusters - 1 {
				times[1+h*clusters+rng.IntN(clusters)]++
			}
		}
		w := make([]float64, len(weight))
		for i := range w {
			w[i] = weight[i] * times[int(psu[i])] * float64(clusters) / float64(clusters-1)
		}
		t = t.With(&survey.Variable{Name: fmt.Sprintf("bs%02d", r+1), Kind: survey.Number, Numbers: survey.NewNumbers(w)})
	}
	return t, survey.Design{Weight: "weight", Replicates: &survey.ReplicateSpec{Columns: "bs*", Type: "bootstrap"}}
}
