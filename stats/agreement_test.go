package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

// A = {1,2,3}{4,5,6}, B = {1,2}{3,4}{5,6}: cells 2,1,0/0,1,2 make 2 common
// pairs, 6 pairs of A, 3 of B, 15 in all: (2 − 18/15)/(4.5 − 18/15) = 0.2424….
func TestAdjustedRandByHand(t *testing.T) {
	a, b := []int32{0, 0, 0, 1, 1, 1}, []int32{0, 0, 1, 1, 2, 2}
	one := slices.Repeat([]float64{1}, 6)
	if got := stats.AdjustedRand(a, b, one); math.Abs(got-0.8/3.3) > 1e-12 {
		t.Errorf("adjusted Rand %g, want %g", got, 0.8/3.3)
	}
	// Group 0 is b's 0 (2 rows), group 1 b's 2 (2 rows): 4 of 6 agree.
	share, match := stats.Agreement(a, b, one)
	if math.Abs(share-4.0/6) > 1e-12 || !slices.Equal(match, []int32{0, 2}) {
		t.Errorf("agreement %g by %v", share, match)
	}
	if !math.IsNaN(stats.AdjustedRand(a, b, make([]float64, 6))) || stats.AdjustedRand(make([]int32, 6), make([]int32, 6), one) != 1 {
		t.Error("no rows have no index, and one group agrees with itself")
	}
}

// Names of groups do not matter; a row of weight 2 is no pair with itself, but
// scaling all weights changes nothing.
func TestAgreementOfPartitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "rows")
		draw := func(name string) (out []int32) {
			return rapid.SliceOfN(rapid.Int32Range(-1, 4), n, n).Draw(t, name)
		}
		a, b := draw("a"), draw("b")
		w := rapid.SliceOfN(rapid.Float64Range(0.1, 3), n, n).Draw(t, "weights")
		order := rapid.Permutation([]int32{0, 1, 2, 3, 4}).Draw(t, "names")
		renamed, triple := slices.Clone(a), make([]float64, n)
		for i, k := range a {
			if triple[i] = 3 * w[i]; k >= 0 {
				renamed[i] = order[k]
			}
		}
		near := func(what string, x, y float64) {
			if math.Abs(x-y) > 1e-9 && !(math.IsNaN(x) && math.IsNaN(y)) {
				t.Fatalf("%s: %g and %g", what, x, y)
			}
		}
		near("adjusted Rand of other names", stats.AdjustedRand(a, b, w), stats.AdjustedRand(renamed, b, triple))
		near("adjusted Rand the other way round", stats.AdjustedRand(a, b, w), stats.AdjustedRand(b, a, w))
		share, _ := stats.Agreement(a, b, w)
		other, _ := stats.Agreement(renamed, b, triple)
		near("agreement of other names", share, other)
		near("agreement by all matchings", share, agreedByForce(a, b, w))
	})
}

// agreedByForce tries every way to match five groups.
func agreedByForce(a, b []int32, w []float64) float64 {
	best, total := 0.0, 0.0
	for i := range w {
		if a[i] >= 0 && b[i] >= 0 {
			total += w[i]
		}
	}
	var try func(match []int32)
	try = func(match []int32) {
		if len(match) == 5 {
			var sum float64
			for i := range w {
				if a[i] >= 0 && b[i] >= 0 && match[a[i]] == b[i] {
					sum += w[i]
				}
			}
			best = max(best, sum)
			return
		}
		for k := range int32(5) {
			if !slices.Contains(match, k) {
				try(append(slices.Clone(match), k))
			}
		}
	}
	try(nil)
	return best / total
}
