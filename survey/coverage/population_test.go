package coverage

import (
	"fmt"
	"math"
	"reflect"
	"testing"
)

func build(t *testing.T) *Population {
	t.Helper()
	p, err := NewPopulation(PopulationOptions{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPopulationHasWhatWasAskedFor(t *testing.T) {
	p := build(t)
	// The strata move the level, so the truth is near the expected proportion
	// and not equal to it: a fifth either way.
	const near = 0.2
	for name, c := range map[string]struct{ got, want float64 }{
		"common": {p.Mean(p.Common, nil), 0.4},
		"rare":   {p.Mean(p.Rare, nil), 0.01},
	} {
		if math.Abs(c.got/c.want-1) > near {
			t.Errorf("%s: the truth is %.4f, expected about %.4f", name, c.got, c.want)
		}
	}
	if n := len(p.Weight); n < 38000 || n > 42000 {
		t.Errorf("%d persons, expected about 10·100·40", n)
	}
}

// Averaged over draws the weighted mean comes to the truth, and the weights to
// the number of persons: the sample is drawn with the chances that the weights say.
func TestDrawIsUnbiased(t *testing.T) {
	for _, chances := range []float64{0, 0.8} {
		t.Run(fmt.Sprint(chances), func(t *testing.T) { unbiased(t, chances) })
	}
}

func unbiased(t *testing.T, chances float64) {
	p, err := NewPopulation(PopulationOptions{Seed: 7, Chances: chances})
	if err != nil {
		t.Fatal(err)
	}
	const draws = 400
	truth := p.Mean(p.Common, nil)
	var means, weights []float64
	for seed := range uint64(draws) {
		s, err := p.Draw(seed, 6, 12)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, w := range s.Weight {
			sum += w
		}
		means, weights = append(means, s.Mean(s.Common, nil)), append(weights, sum)
	}
	// Four standard errors of the average: false alarm 1 in 16,000 for a fixed set of seeds.
	withinErrors(t, "mean", means, truth, 4)
	withinErrors(t, "weights", weights, float64(len(p.Weight)), 4)
}

// People who are hard to reach differ: with chances that vary, the outcomes are
// those of the population without, and the unweighted mean is too low.
func TestChancesAreInformative(t *testing.T) {
	p, err := NewPopulation(PopulationOptions{Seed: 7, Chances: 0.8})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p.Rows, build(t).Rows) {
		t.Error("chances change the outcomes")
	}
	s, err := p.Draw(1, 100, 10)
	if err != nil {
		t.Fatal(err)
	}
	var sum, square, yes float64
	for i, w := range s.Weight {
		sum, square, yes = sum+w, square+w*w, yes+s.Common[i]
	}
	n := float64(len(s.Weight))
	if n != 10*100*10 || yes/n > 0.9*p.Mean(p.Common, nil) {
		t.Errorf("%g persons, %.3f say yes, %.3f of the population", n, yes/n, p.Mean(p.Common, nil))
	}
	// 1 + cv² of a lognormal, e^0.64, is less where the chances of some are 1 and
	// more for the sizes of PSUs.
	if effect := n * square / (sum * sum); effect < 1.6 || effect > 2.3 {
		t.Errorf("Kish's design effect of the weights is %.2f", effect)
	}
}

func TestInclusionByHand(t *testing.T) {
	// 3 of 10, 1, 1 and 1: the first for certain, then two of three alike.
	if got, want := inclusion([]float64{10, 1, 1, 1}, 3), []float64{1, 2. / 3, 2. / 3, 2. / 3}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := inclusion([]float64{5, 1}, 2); !reflect.DeepEqual(got, []float64{1, 1}) {
		t.Errorf("all are taken with chances %v", got)
	}
}

func withinErrors(t *testing.T, name string, x []float64, want, errors float64) {
	t.Helper()
	n := float64(len(x))
	sum, squares := 0.0, 0.0
	for _, v := range x {
		sum += v
		squares += v * v
	}
	mean := sum / n
	se := math.Sqrt((squares/n - mean*mean) / (n - 1))
	if !(math.Abs(mean-want) <= errors*se) {
		t.Errorf("%s: average %g over the draws, want %g, standard error %g", name, mean, want, se)
	}
}

func TestDrawDesign(t *testing.T) {
	p := build(t)
	s, err := p.Draw(3, 5, 8)
	if err != nil {
		t.Fatal(err)
	}
	psus, persons := map[int]map[int]bool{}, map[int]int{}
	for i, h := range s.Stratum {
		if psus[h] == nil {
			psus[h] = map[int]bool{}
		}
		psus[h][s.PSU[i]] = true
		persons[s.PSU[i]]++
	}
	if len(psus) != 10 {
		t.Errorf("%d strata, want 10", len(psus))
	}
	for h, in := range psus {
		if len(in) != 5 {
			t.Errorf("stratum %d has %d PSUs, want 5", h, len(in))
		}
	}
	for psu, n := range persons {
		if n > 8 {
			t.Errorf("PSU %d has %d persons, want at most 8", psu, n)
		}
	}
	again, err := p.Draw(3, 5, 8)
	if err != nil || !reflect.DeepEqual(s, again) {
		t.Error("the same seed draws another sample")
	}
	if other, _ := p.Draw(4, 5, 8); reflect.DeepEqual(s.PSU, other.PSU) {
		t.Error("another seed draws the same PSUs")
	}
}

func TestTakingEverythingGivesTheTruth(t *testing.T) {
	p := build(t)
	s, err := p.Draw(1, 100, 1e6)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*s, p.Rows) {
		t.Error("a census is not the population")
	}
}

func TestRefusals(t *testing.T) {
	p := build(t)
	for _, c := range [][2]int{{0, 5}, {101, 5}, {5, 0}} {
		if _, err := p.Draw(1, c[0], c[1]); err == nil {
			t.Errorf("drawing %d PSUs of %d persons was not refused", c[0], c[1])
		}
	}
	for _, o := range []PopulationOptions{{PSUsPerStratum: 1}, {Strata: -1}, {Common: 1.5}, {Correlation: 1}, {Chances: -1}, {MeanPSUSize: math.NaN()}} {
		if _, err := NewPopulation(o); err == nil {
			t.Errorf("%+v was not refused", o)
		}
	}
}
