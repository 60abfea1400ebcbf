package stats

import (
	"fmt"
	"math/rand/v2"
)

// Replication are replicate factors with the constants of their variance.
type Replication struct {
	// Factors[r][j] multiplies the weights of PSU j in replicate r.
	Factors [][]float64
	// Scale and RScales are the constants of ReplicateDeviations.
	Scale   float64
	RScales []float64
}

// Variance is scale Σ rscales_r (θ_r − c)², c the mean of the θ_r, or the
// estimate where mse. Equals R survey::svrVar.
func (r Replication) Variance(theta []float64, estimate float64, mse bool) float64 {
	d := ReplicateDeviations(theta, estimate, r.Scale, r.RScales, mse)
	return Dot(d, d)
}

// newReplication has factors of 1.
func newReplication(replicates, psus int, scale float64) Replication {
	r := Replication{Factors: make([][]float64, replicates), Scale: scale, RScales: make([]float64, replicates)}
	for k := range r.Factors {
		r.RScales[k] = 1
		r.Factors[k] = make([]float64, psus)
		for j := range r.Factors[k] {
			r.Factors[k][j] = 1
		}
	}
	return r
}

// Jackknife drops each PSU in turn from a sample without strata (JK1):
// factor 0, n/(n-1) elsewhere, scale (1-f)(n-1)/n. An error for more strata than
// one, or fewer PSUs than two. Source: Wolter 2007, section 4.2. Equals R
// survey::jk1weights.
func (s Stage) Jackknife() (Replication, error) {
	if s.Groups() != 1 {
		return Replication{}, fmt.Errorf("the sample has %d strata; use the stratified jackknife", s.Groups())
	}
	if err := s.severalUnits(); err != nil {
		return Replication{}, err
	}
	r, err := s.StratifiedJackknife()
	r.Scale = r.RScales[0]
	for k := range r.RScales {
		r.RScales[k] = 1
	}
	return r, err
}

// StratifiedJackknife drops each PSU in turn (JKn): factor 0, n_h/(n_h-1) for
// the others of its stratum, 1 elsewhere; scale 1, rscales (1-f_h)(n_h-1)/n_h.
// An error for a stratum with one PSU. Source: Wolter 2007, section 4.5. Equals
// R survey::jknweights.
func (s Stage) StratifiedJackknife() (Replication, error) {
	if err := s.severalUnits(); err != nil {
		return Replication{}, err
	}
	r := newReplication(len(s.Group), len(s.Group), 1)
	for out, h := range s.Group {
		n := float64(s.Sampled[h])
		r.RScales[out] = (1 - s.fraction(int(h))) * (n - 1) / n
		for j, g := range s.Group {
			if g == h {
				r.Factors[out][j] = n / (n - 1)
			}
		}
		r.Factors[out][out] = 0
	}
	return r, nil
}

// BalancedHalves takes one of the two PSUs of each stratum, in balance over the
// replicates by the columns of a Hadamard matrix: factors 2-rho for the one
// taken and rho for the other, scale 1/(R(1-rho)²). rho = 0 is balanced repeated
// replication, 0 < rho < 1 Fay's method; R is the order of the smallest Hadamard
// matrix with more columns than there are strata. Sampling fractions do not
// count. An error for a stratum that has not two PSUs.
// Source: McCarthy 1969; Judkins 1990. Equals R survey::brrweights.
func (s Stage) BalancedHalves(rho float64) (Replication, error) {
	if !(rho >= 0 && rho < 1) {
		return Replication{}, fmt.Errorf("rho is %g: it must be at least 0 and under 1", rho)
	}
	for h, n := range s.Sampled {
		if n != 2 {
			return Replication{}, fmt.Errorf("stratum %d has %d PSUs; balanced halves need two in each", h+1, n)
		}
	}
	half := Hadamard(s.Groups() + 1)
	r := newReplication(len(half), len(s.Group), 1/(float64(len(half))*(1-rho)*(1-rho)))
	for k, signs := range half {
		second := make([]bool, s.Groups())
		for j, h := range s.Group {
			taken := (signs[h+1] > 0) != second[h]
			second[h] = true
			r.Factors[k][j] = rho
			if taken {
				r.Factors[k][j] = 2 - rho
			}
		}
	}
	return r, nil
}

// Bootstrap draws as many PSUs of each stratum as it has, with replacement
// (Canty & Davison 1999): the factor counts the draws; scale m/((m-1)(R-1)), m
// the harmonic mean of the n_h. Sampling fractions do not count: the variance is
// that of drawing with replacement. One seed gives one set of factors. An error
// for a stratum with one PSU or fewer replicates than two. Equals R
// survey::bootweights, but for the random numbers.
func (s Stage) Bootstrap(replicates int, seed uint64) (Replication, error) {
	var inverse float64
	for _, n := range s.Sampled {
		inverse += 1 / float64(n)
	}
	m := float64(s.Groups()) / inverse
	return s.resample(replicates, seed, m/(m-1), func(n int) (draws int, factor float64) { return n, 1 })
}

// RaoWu draws one PSU fewer than each stratum has, with replacement: the factor
// is n_h/(n_h-1) times the count of the draws, scale 1/(R-1). Otherwise as
// Bootstrap. Source: Rao & Wu 1988. Equals R survey::subbootweights, but for the
// random numbers.
func (s Stage) RaoWu(replicates int, seed uint64) (Replication, error) {
	return s.resample(replicates, seed, 1, func(n int) (draws int, factor float64) {
		return n - 1, float64(n) / float64(n-1)
	})
}

// resample draws PSUs; spread is the scale but for 1/(R-1).
func (s Stage) resample(replicates int, seed uint64, spread float64, plan func(n int) (draws int, factor float64)) (Replication, error) {
	if err := s.severalUnits(); err != nil {
		return Replication{}, err
	}
	if replicates < 2 {
		return Replication{}, fmt.Errorf("%d replicates have no spread; ask for two or more", replicates)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	units := make([][]int, s.Groups())
	for j, h := range s.Group {
		units[h] = append(units[h], j)
	}
	r := newReplication(replicates, len(s.Group), spread/float64(replicates-1))
	for _, factors := range r.Factors {
		clear(factors)
		for _, psus := range units {
			draws, factor := plan(len(psus))
			for range draws {
				factors[psus[random.IntN(len(psus))]] += factor
			}
		}
	}
	return r, nil
}

// severalUnits refuses strata that have no spread of their own.
func (s Stage) severalUnits() error {
	for h, n := range s.Sampled {
		if n < 2 {
			return fmt.Errorf("stratum %d has %d PSUs; replicates need two or more in each", h+1, n)
		}
	}
	return nil
}
