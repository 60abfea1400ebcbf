package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

// exact is the relative error that a sum of a few hundred products of doubles
// may show: rounding alone, with room for cancellation in the means.
const exact = 1e-9

func near(t interface{ Fatalf(string, ...any) }, what string, got, want float64) {
	if !(math.Abs(got-want) <= exact*(1+math.Abs(want))) { // NaN is not near
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func variance(d []float64) float64 { return stats.Dot(d, d) }

// Two strata of two PSUs with totals 1, 3 and 2, 6: V = 2/1·(1+1) + 2/1·(4+4) = 20.
func TestDeviationsByHand(t *testing.T) {
	s := stats.Stage{Group: []int32{0, 0, 1, 1}, Sampled: []int{2, 2}}
	near(t, "variance", variance(s.Deviations([]float64{1, 3, 2, 6}, nil, stats.LonelyFail, nil)), 20)
	s.Fraction = []float64{0.5, 1}
	near(t, "with fractions", variance(s.Deviations([]float64{1, 3, 2, 6}, nil, stats.LonelyFail, nil)), 2)
}

// Two PSUs, f = 1/2, with SSU totals 1, 3 and 2, 6, all SSU fractions 1/4:
// V1 = (1/2)·2·((4-6)²+(8-6)²) = 8, V2 = (1/2)·(3/4)·2·(1+1+4+4) = 7.5.
func TestTwoStagesByHand(t *testing.T) {
	ss := stats.Stages{
		{Group: []int32{0, 0}, Sampled: []int{2}, Fraction: []float64{0.5}},
		{Group: []int32{0, 0, 1, 1}, Sampled: []int{2, 2}, Fraction: []float64{0.25, 0.25}},
	}
	near(t, "variance", variance(ss.Deviations([]float64{1, 3, 2, 6}, stats.LonelyFail, nil)), 15.5)
}

// Strata {1, 3}, {5}: 4 for the first; the lone PSU adds 0, (5-3)² = 4, or as
// much as the first stratum.
func TestLonelyByHand(t *testing.T) {
	s := stats.Stage{Group: []int32{0, 0, 1}, Sampled: []int{2, 1}}
	for policy, want := range map[stats.LonelyPSU]float64{
		stats.LonelyCertainty: 4, stats.LonelyRemove: 4, stats.LonelyAdjust: 8, stats.LonelyAverage: 8,
	} {
		near(t, string(policy), variance(s.Deviations([]float64{1, 3, 5}, nil, policy, nil)), want)
	}
	if got := s.Lonely(); !slices.Equal(got, []int{1}) {
		t.Errorf("lonely strata %v, want [1]", got)
	}
	s.Fraction = []float64{0, 1}
	if got := s.Lonely(); len(got) != 0 {
		t.Errorf("a stratum taken whole is lonely: %v", got)
	}
}

func TestReplicateDeviationsByHand(t *testing.T) {
	one := []float64{1, 1, 1}
	near(t, "around the mean", variance(stats.ReplicateDeviations([]float64{1, 2, 6}, 2, 0.5, one, false)), 0.5*(4+1+9))
	near(t, "around the estimate", variance(stats.ReplicateDeviations([]float64{1, 2, 6}, 2, 0.5, one, true)), 0.5*(1+0+16))
	near(t, "a replicate without a factor", variance(stats.ReplicateDeviations([]float64{1, 3, 99}, 2, 1, []float64{1, 1, 0}, false)), 2)
}

// design draws strata of two or more units with totals.
func design(t *rapid.T) (stats.Stage, []float64) {
	var s stats.Stage
	var z []float64
	for h := range rapid.IntRange(1, 6).Draw(t, "strata") {
		n := rapid.IntRange(2, 7).Draw(t, "units")
		s.Sampled = append(s.Sampled, n)
		s.Fraction = append(s.Fraction, rapid.Float64Range(0, 1).Draw(t, "fraction"))
		for range n {
			s.Group = append(s.Group, int32(h))
			z = append(z, rapid.Float64Range(-1e3, 1e3).Draw(t, "z"))
		}
	}
	return s, z
}

// The variance of a stratified sample in its textbook form, Σ(1-f)n s² with
// s² the variance inside the stratum.
func TestDeviationsAreTheTextbook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, z := design(t)
		want := 0.0
		for h, n := range s.Sampled {
			var sum, square float64
			for j, g := range s.Group {
				if int(g) == h {
					sum += z[j]
				}
			}
			for j, g := range s.Group {
				if int(g) == h {
					square += (z[j] - sum/float64(n)) * (z[j] - sum/float64(n))
				}
			}
			want += (1 - s.Fraction[h]) * float64(n) * square / float64(n-1)
		}
		near(t, "variance", variance(s.Deviations(slices.Clone(z), nil, stats.LonelyFail, nil)), want)
	})
}

// cov(a, b) from dot products is bilinear: V(a+b) = V(a) + V(b) + 2cov(a, b).
func TestDotIsACovariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, a := design(t)
		b, sum := make([]float64, len(a)), make([]float64, len(a))
		for j := range a {
			b[j] = rapid.Float64Range(-1e3, 1e3).Draw(t, "b")
			sum[j] = a[j] + b[j]
		}
		da, db := s.Deviations(a, nil, stats.LonelyFail, nil), s.Deviations(b, nil, stats.LonelyFail, nil)
		both := s.Deviations(sum, nil, stats.LonelyFail, nil)
		near(t, "V(a+b)", variance(both), variance(da)+variance(db)+2*stats.Dot(da, db))
	})
}

// A lower stage that was taken whole, or whose upper stage was drawn with
// replacement, adds nothing.
func TestLowerStageAddsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, z := design(t)
		for h := range s.Fraction {
			s.Fraction[h] = 0
		}
		upper := stats.Stage{Group: make([]int32, len(s.Sampled)), Sampled: []int{len(s.Sampled)}, Fraction: []float64{0}}
		if len(s.Sampled) < 2 {
			t.Skip("one unit has no spread")
		}
		want := variance(upper.Deviations(s.Up(z), nil, stats.LonelyFail, nil))
		near(t, "variance", variance(stats.Stages{upper, s}.Deviations(slices.Clone(z), stats.LonelyFail, nil)), want)
	})
}

func TestRank(t *testing.T) {
	columns := func() [][]float64 { return [][]float64{{1, 0, 1}, {0, 2, 0}, {1, 2, 1}, {0, 0, 0}} }
	if got := stats.Rank(columns(), 1e-5); got != 2 {
		t.Errorf("rank %d, want 2", got)
	}
	c := columns()
	c[2][0] += 1e-3
	if got := stats.Rank(c, 1e-5); got != 3 {
		t.Errorf("rank %d, want 3: the third column is its own by more than the tolerance", got)
	}
	c = columns()
	c[2][0] += 1e-7
	if got := stats.Rank(c, 1e-5); got != 2 {
		t.Errorf("rank %d, want 2: the third column is its own by less than the tolerance", got)
	}
}
