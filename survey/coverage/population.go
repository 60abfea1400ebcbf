package coverage

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// PopulationOptions say what a population is like. Zero values take the defaults.
type PopulationOptions struct {
	Seed uint64
	// Strata of the population. Default 10.
	Strata int
	// PSUsPerStratum in the population. Default 100.
	PSUsPerStratum int
	// MeanPSUSize in persons; sizes vary about it. Default 40.
	MeanPSUSize float64
	// Common and Rare are the expected proportions of the two outcomes. Defaults 0.4 and 0.01.
	Common, Rare float64
	// Small is the expected proportion of the small domain. Default 0.03.
	Small float64
	// Correlation between the persons of a PSU, of the normal behind each outcome. Default 0.05.
	Correlation float64
	// Chances is the standard deviation of the logs of the persons' chances to be
	// drawn from their PSU. People who say yes are harder to reach: the log has a
	// correlation of −0.3 with the normal behind each outcome. Default 0, all alike.
	Chances float64
}

// Rows are persons in columns, ordered by stratum and PSU: a whole population,
// where every weight is 1, or a sample of it.
type Rows struct {
	Stratum, PSU []int
	// Weight is the inverse of the person's chance of selection.
	Weight []float64
	// PSUsInStratum is the population's number of PSUs in the stratum, for a
	// finite population correction.
	PSUsInStratum []float64
	// Common and Rare are outcomes, 1 or 0; Amount is skewed and positive.
	Common, Rare, Amount []float64
	// Small marks the persons of a small domain, which many PSUs have nobody of.
	Small []bool
}

// Population is a small finite population whose truth is known.
type Population struct {
	Rows
	// psus[h] are the ranges of rows of the PSUs of stratum h.
	psus [][]span
	// chance is in proportion to each person's chance within the PSU, nil where all
	// are alike.
	chance []float64
}

type span struct{ first, end int }

const (
	sizeSpread = 0.3 // sd of the log of the PSU sizes
	harder     = 0.3 // correlation of hard to reach with the normal behind an outcome
)

// NewPopulation makes a population. Strata differ in the level of every outcome. Options
// that make no population (fewer than two PSUs in a stratum, a proportion
// outside 0–1, a correlation outside [0, 1)) are refused.
func NewPopulation(o PopulationOptions) (*Population, error) {
	o = o.withDefaults()
	switch {
	case o.Strata < 1 || o.PSUsPerStratum < 2 || !(o.MeanPSUSize >= 1):
		return nil, fmt.Errorf("a population needs a stratum, two PSUs in each and a person in each PSU; got %d, %d and %g",
			o.Strata, o.PSUsPerStratum, o.MeanPSUSize)
	case !(o.Correlation >= 0 && o.Correlation < 1):
		return nil, fmt.Errorf("a correlation of %g within PSUs is not in [0, 1)", o.Correlation)
	case !(o.Chances >= 0):
		return nil, fmt.Errorf("a spread of chances of %g is negative", o.Chances)
	}
	for _, p := range []float64{o.Common, o.Rare, o.Small} {
		if !(p > 0 && p < 1) {
			return nil, fmt.Errorf("a proportion of %g is not between 0 and 1", p)
		}
	}
	rng, reach := rand.New(rand.NewPCG(o.Seed, 1)), rand.New(rand.NewPCG(o.Seed, 3))
	p := &Population{}
	for h := range o.Strata {
		level := 0.4 * (float64(h)/float64(max(1, o.Strata-1)) - 0.5)
		var spans []span
		for k := range o.PSUsPerStratum {
			first := len(p.PSU)
			size := max(1, int(o.MeanPSUSize*math.Exp(sizeSpread*rng.NormFloat64()-sizeSpread*sizeSpread/2)))
			p.addPSU(rng, reach, o, h+1, h*o.PSUsPerStratum+k+1, size, level)
			spans = append(spans, span{first, len(p.PSU)})
		}
		p.psus = append(p.psus, spans)
	}
	return p, nil
}

func (o PopulationOptions) withDefaults() PopulationOptions {
	setInt := func(x *int, to int) {
		if *x == 0 {
			*x = to
		}
	}
	set := func(x *float64, to float64) {
		if *x == 0 {
			*x = to
		}
	}
	setInt(&o.Strata, 10)
	setInt(&o.PSUsPerStratum, 100)
	set(&o.MeanPSUSize, 40)
	set(&o.Common, 0.4)
	set(&o.Rare, 0.01)
	set(&o.Small, 0.03)
	set(&o.Correlation, 0.05)
	return o
}

// addPSU adds one PSU's persons. level moves the normal behind every outcome.
// Chances are drawn by reach, so that they change no outcome.
func (p *Population) addPSU(rng, reach *rand.Rand, o PopulationOptions, stratum, psu, size int, level float64) {
	between, within := math.Sqrt(o.Correlation), math.Sqrt(1-o.Correlation)
	common, rare, amount, small := rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
	normal := func(effect float64) float64 { return level + between*effect + within*rng.NormFloat64() }
	for range size {
		p.Stratum = append(p.Stratum, stratum)
		p.PSU = append(p.PSU, psu)
		p.Weight = append(p.Weight, 1)
		p.PSUsInStratum = append(p.PSUsInStratum, float64(o.PSUsPerStratum))
		yes, rarely := normal(common), normal(rare)
		p.Common = append(p.Common, outcome(yes, o.Common))
		p.Rare = append(p.Rare, outcome(rarely, o.Rare))
		p.Amount = append(p.Amount, math.Exp(normal(amount)))
		p.Small = append(p.Small, outcome(normal(small), o.Small) == 1)
		if o.Chances > 0 {
			z := math.Sqrt(1-2*harder*harder)*reach.NormFloat64() - harder*(yes+rarely)
			p.chance = append(p.chance, math.Exp(o.Chances*z))
		}
	}
}

// outcome is 1 where the normal is among the highest p.
func outcome(z, p float64) float64 {
	if z > math.Sqrt2*math.Erfinv(1-2*p) {
		return 1
	}
	return 0
}

// Draw takes a simple random sample of psus PSUs in every stratum, without
// replacement, and of persons persons in each of them (all where it has
// fewer), by their chances where these differ. It is refused where a stratum has
// fewer PSUs than wanted or either number is under one.
func (p *Population) Draw(seed uint64, psus, persons int) (*Rows, error) {
	if psus < 1 || persons < 1 || psus > len(p.psus[0]) {
		return nil, fmt.Errorf("cannot draw %d PSUs of %d persons from strata of %d PSUs", psus, persons, len(p.psus[0]))
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	sample := &Rows{}
	for _, spans := range p.psus {
		for _, k := range choose(rng, len(spans), psus) {
			s := spans[k]
			psuWeight := float64(len(spans)) / float64(psus)
			size := s.end - s.first
			taken := min(persons, size)
			if p.chance == nil {
				for _, i := range choose(rng, size, taken) {
					sample.add(&p.Rows, s.first+i, psuWeight*float64(size)/float64(taken))
				}
				continue
			}
			// A systematic sample in random order: the chances are laid end to end, and every step
			// of 1 from a random start takes the one that it falls on. Source: Särndal, Swensson &
			// Wretman 1992, section 3.6.2.
			chance := inclusion(p.chance[s.first:s.end], taken)
			var chosen []int
			at, next := 0.0, rng.Float64()
			for _, i := range rng.Perm(len(chance)) {
				if at += chance[i]; at > next {
					chosen = append(chosen, i)
					next++
				}
			}
			slices.Sort(chosen)
			for _, i := range chosen {
				sample.add(&p.Rows, s.first+i, psuWeight/chance[i])
			}
		}
	}
	return sample, nil
}

// inclusion are chances that add to n, in proportion to x but none above 1.
func inclusion(x []float64, n int) []float64 {
	chance := make([]float64, len(x))
	for {
		left, sum := float64(n), 0.0
		for i, v := range x {
			if chance[i] == 1 {
				left--
			} else {
				sum += v
			}
		}
		over := false
		for i, v := range x {
			if chance[i] != 1 {
				chance[i] = min(1, left*v/sum)
				over = over || chance[i] == 1
			}
		}
		if !over {
			return chance
		}
	}
}

// choose takes k of n places, in increasing order (Knuth's selection sampling).
func choose(rng *rand.Rand, n, k int) []int {
	chosen := make([]int, 0, k)
	for i := 0; len(chosen) < k; i++ {
		if rng.IntN(n-i) < k-len(chosen) {
			chosen = append(chosen, i)
		}
	}
	return chosen
}

func (r *Rows) add(from *Rows, i int, weight float64) {
	r.Stratum = append(r.Stratum, from.Stratum[i])
	r.PSU = append(r.PSU, from.PSU[i])
	r.Weight = append(r.Weight, weight)
	r.PSUsInStratum = append(r.PSUsInStratum, from.PSUsInStratum[i])
	r.Common = append(r.Common, from.Common[i])
	r.Rare = append(r.Rare, from.Rare[i])
	r.Amount = append(r.Amount, from.Amount[i])
	r.Small = append(r.Small, from.Small[i])
}

// Mean is Σwy/Σw over the rows in the domain, all rows where it is nil: on a
// population the truth, on a sample the estimate. NaN where the domain is empty.
func (r *Rows) Mean(y []float64, domain []bool) float64 {
	sum, weights := 0.0, 0.0
	for i, w := range r.Weight {
		if domain == nil || domain[i] {
			sum += w * y[i]
			weights += w
		}
	}
	return sum / weights
}
