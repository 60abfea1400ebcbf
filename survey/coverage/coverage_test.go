package coverage

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/stats"
	"surveykit/survey"
)

// persons is a study of simple random samples of 100 persons, 30% of whom say yes.
func persons(samples int) Study {
	return Study{
		Samples: samples,
		Draw: func(k int) (*survey.Table, error) {
			r := rand.New(rand.NewPCG(uint64(k), 9))
			y := make([]float64, 100)
			for i := range y {
				if r.Float64() < 0.3 {
					y[i] = 1
				}
			}
			return &survey.Table{Rows: len(y), Variables: []*survey.Variable{{Name: "y", Kind: survey.Number, Numbers: survey.NewNumbers(y)}}}, nil
		},
		Targets: []Target{{Name: "yes", Share: "y == 1", Truth: 0.3}, {Name: "nobody", Share: "y == 1", Where: "y > 5", Truth: 0.3}},
		Methods: []*stats.IntervalMethod{stats.Logit, stats.Wilson},
		Level:   0.95,
	}
}

// An interval that held the truth 94% of the time would be caught wrongly for
// 1 set of 400 samples in 1,500.
func TestNominalCoverage(t *testing.T) {
	results, err := persons(400).Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results[:2] {
		if r.Answered != 400 || !(r.Coverage() >= 0.90 && r.Coverage() <= 0.99) {
			t.Errorf("%s: %d intervals hold the truth %.3f of the time", r.Method, r.Answered, r.Coverage())
		}
		// 2 · 1.98 · √(0.3 · 0.7 / 99)
		if math.Abs(r.Width-0.18) > 0.01 {
			t.Errorf("%s: mean width %.3f", r.Method, r.Width)
		}
	}
	for _, r := range results[2:] {
		if r.Answered != 0 || !math.IsNaN(r.Coverage()) || !math.IsNaN(r.Width) {
			t.Errorf("nobody: %+v", r)
		}
	}
}

func TestSidesByHand(t *testing.T) {
	s := Study{Samples: 4, Targets: []Target{{Truth: 0.5}}, Methods: []*stats.IntervalMethod{stats.Logit}}
	got := s.count([][]limits{{{0.1, 0.4, 1, true}}, {{0.6, 0.8, 2, true}}, {{0.5, 0.6, 1.5, true}}, {{}}})[0]
	want := Result{Target: Target{Truth: 0.5}, Method: stats.Logit, Samples: 4, Answered: 3, Left: 1, Right: 1, Width: 0.2, Weighting: 1.5}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-15), cmp.Comparer(func(a, b *stats.IntervalMethod) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestCoresCountAlike(t *testing.T) {
	on := func(cores int) []Result {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		results, err := persons(50).Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return results
	}
	if diff := cmp.Diff(on(1), on(4), cmpopts.EquateNaNs(), cmp.Comparer(func(a, b *stats.IntervalMethod) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestProgressHearsEverySample(t *testing.T) {
	var heard []int
	if _, err := persons(20).Run(t.Context(), func(done int) { heard = append(heard, done) }); err != nil {
		t.Fatal(err)
	}
	for k, done := range heard {
		if done != k+1 {
			t.Fatalf("heard %v", heard)
		}
	}
	if len(heard) != 20 {
		t.Errorf("heard %d of 20", len(heard))
	}
}

func TestFaultsEndTheStudy(t *testing.T) {
	s := persons(1000)
	draw := s.Draw
	s.Draw = func(k int) (*survey.Table, error) {
		if k == 3 {
			return nil, errors.New("the urn is empty")
		}
		return draw(k)
	}
	if _, err := s.Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "sample 3: the urn is empty") {
		t.Errorf("got %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := persons(1000).Run(stopped, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a study that was stopped ends with %v", err)
	}
}
