package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

func TestHadamardIsOrthogonal(t *testing.T) {
	standIn := map[int]bool{52: true, 92: true, 100: true, 116: true}
	for n := 1; n <= 120; n++ {
		h := stats.Hadamard(n)
		order := n
		if n > 2 {
			order = (n + 3) / 4 * 4
		}
		if len(h) != order && !standIn[order] {
			t.Fatalf("order %d for %d, want %d", len(h), n, order)
		}
		for i, row := range h {
			if row[0] != 1 || h[0][i] != 1 {
				t.Fatalf("order %d: the first row or column is not 1", len(h))
			}
			for k := range i {
				dot := 0
				for j := range row {
					dot += int(row[j]) * int(h[k][j])
				}
				if dot != 0 {
					t.Fatalf("order %d: rows %d and %d are not orthogonal", len(h), i, k)
				}
			}
		}
	}
}

// replicated is the replicate variance of the total of PSU totals.
func replicated(r stats.Replication, z []float64, mse bool) float64 {
	theta := make([]float64, len(r.Factors))
	for k, f := range r.Factors {
		theta[k] = stats.Dot(f, z)
	}
	return r.Variance(theta, total(z), mse)
}

// For a total the jackknives equal the linearised variance, with sampling
// fractions too.
func TestJackknifeOfATotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, z := design(t)
		s.Fraction = rapid.SliceOfN(rapid.Float64Range(0, 0.9), s.Groups(), s.Groups()).Draw(t, "fraction")
		r, err := s.StratifiedJackknife(stats.LonelyFail)
		if err != nil {
			t.Fatal(err)
		}
		want := variance(s.Deviations(slices.Clone(z), nil, stats.LonelyFail, nil))
		near(t, "stratified", replicated(r, z, true), want)
		one := stats.Stage{Group: make([]int32, len(z)), Sampled: []int{len(z)}, Fraction: s.Fraction[:1]}
		r, err = one.Jackknife()
		if err != nil {
			t.Fatal(err)
		}
		near(t, "without strata", replicated(r, z, false), variance(one.Deviations(slices.Clone(z), nil, stats.LonelyFail, nil)))
	})
}

// In full balance half samples give a total its linearised variance exactly.
func TestBalancedHalvesOfATotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strata := rapid.IntRange(1, 40).Draw(t, "strata")
		s := stats.Stage{Sampled: make([]int, strata)}
		for h := range strata {
			s.Sampled[h] = 2
			s.Group = append(s.Group, int32(h), int32(h))
		}
		z := rapid.SliceOfN(rapid.Float64Range(-9, 9), 2*strata, 2*strata).Draw(t, "z")
		rho := rapid.SampledFrom([]float64{0, 0.3, 0.5}).Draw(t, "rho")
		r, err := s.BalancedHalves(rho, stats.LonelyFail)
		if err != nil {
			t.Fatal(err)
		}
		want := variance(s.Deviations(slices.Clone(z), nil, stats.LonelyFail, nil))
		near(t, "around the estimate", replicated(r, z, true), want)
		near(t, "around the mean", replicated(r, z, false), want)
	})
}

// Resampling 20,000 times gives the variance of a total to 1/100 of itself (its
// relative standard error); five of those are allowed, and the seed is fixed.
func TestBootstrapsOfATotal(t *testing.T) {
	s := stats.Stage{Group: []int32{0, 0, 0, 1, 1, 1}, Sampled: []int{3, 3}}
	z := []float64{1, 4, 9, 2, 3, 8}
	want := variance(s.Deviations(slices.Clone(z), nil, stats.LonelyFail, nil))
	for name, draw := range map[string]func(int, uint64, stats.LonelyPSU) (stats.Replication, error){"Canty and Davison": s.Bootstrap, "Rao and Wu": s.RaoWu} {
		r, err := draw(20000, 7, stats.LonelyFail)
		if err != nil {
			t.Fatal(err)
		}
		if got := replicated(r, z, false); math.Abs(got-want) > 0.05*want {
			t.Errorf("%s: variance %v, want about %v", name, got, want)
		}
		for _, f := range r.Factors {
			near(t, name, f[0]+f[1]+f[2], 3)
		}
		again, _ := draw(2, 7, stats.LonelyFail)
		other, _ := draw(2, 8, stats.LonelyFail)
		if !slices.Equal(again.Factors[0], r.Factors[0]) || slices.Equal(other.Factors[0], r.Factors[0]) && slices.Equal(other.Factors[1], r.Factors[1]) {
			t.Errorf("%s: the seed does not decide the factors", name)
		}
	}
}

func TestDesignsThatCannotBeReplicated(t *testing.T) {
	lonely := stats.Stage{Group: []int32{0, 0, 1}, Sampled: []int{2, 1}}
	three := stats.Stage{Group: []int32{0, 0, 0}, Sampled: []int{3}}
	pair := stats.Stage{Group: []int32{0, 0}, Sampled: []int{2}}
	alone := stats.Stage{Group: []int32{0}, Sampled: []int{1}}
	for name, make := range map[string]func() (stats.Replication, error){
		"lonely JKn": func() (stats.Replication, error) { return lonely.StratifiedJackknife(stats.LonelyFail) }, "two strata JK1": lonely.Jackknife, "one PSU JK1": alone.Jackknife,
		"lonely bootstrap":     func() (stats.Replication, error) { return lonely.Bootstrap(10, 1, stats.LonelyFail) },
		"lonely Rao-Wu":        func() (stats.Replication, error) { return lonely.RaoWu(10, 1, stats.LonelyFail) },
		"one replicate":        func() (stats.Replication, error) { return pair.Bootstrap(1, 1, stats.LonelyFail) },
		"three PSUs in halves": func() (stats.Replication, error) { return three.BalancedHalves(0, stats.LonelyFail) },
		"rho of 1":             func() (stats.Replication, error) { return pair.BalancedHalves(1, stats.LonelyFail) },
	} {
		if _, err := make(); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// TestLonelyReplicates holds the variance of a total by replicates against the
// linearised one under each policy for a lonely stratum.
func TestLonelyReplicates(t *testing.T) {
	s := stats.Stage{Group: []int32{0, 1, 1, 2, 2}, Sampled: []int{1, 2, 2}}
	z := []float64{48, 45, 46, 132, 58}
	for _, lonely := range []stats.LonelyPSU{stats.LonelyCertainty, stats.LonelyRemove, stats.LonelyAdjust, stats.LonelyAverage} {
		want := variance(s.Deviations(slices.Clone(z), nil, lonely, nil))
		r, err := s.StratifiedJackknife(lonely)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "jackknife, "+string(lonely), replicated(r, z, false), want)
		halves, err := s.BalancedHalves(0, lonely)
		if lonely == stats.LonelyAdjust {
			if err == nil {
				t.Error("halves cannot carry adjust")
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		near(t, "balanced halves, "+string(lonely), replicated(halves, z, true), want)
		boot, err := s.Bootstrap(200, 1, lonely)
		if err != nil {
			t.Fatal(err)
		}
		for _, factors := range boot.Factors {
			if factors[0] != 1 {
				t.Fatal("the lonely PSU is in every replicate once")
			}
		}
	}
	if _, err := s.StratifiedJackknife(stats.LonelyFail); err == nil {
		t.Error("a lonely stratum without a policy is refused")
	}
}
