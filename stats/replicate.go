package stats

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
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
	if err := s.severalUnits(LonelyFail); err != nil {
		return Replication{}, err
	}
	r, err := s.StratifiedJackknife(LonelyFail)
	r.Scale = r.RScales[0]
	for k := range r.RScales {
		r.RScales[k] = 1
	}
	return r, err
}

// StratifiedJackknife drops each PSU in turn (JKn): factor 0, n_h/(n_h-1) for
// the others of its stratum, 1 elsewhere; scale 1, rscales (1-f_h)(n_h-1)/n_h.
// The PSU of a lonely stratum is never dropped. LonelyAverage multiplies the
// rscales by strata over strata with several PSUs. LonelyAdjust moves the lonely
// PSU to the mean of all m PSUs and away from it by the same, factors 1 ∓ (1-1/m)
// for it and 1 ± 1/m elsewhere, rscales (1-f_h)/2. The variance of a total is
// that of Deviations. An error for lonely strata under LonelyFail.
// Source: Wolter 2007, section 4.5. Equals R survey::jknweights.
func (s Stage) StratifiedJackknife(lonely LonelyPSU) (Replication, error) {
	if err := s.severalUnits(lonely); err != nil {
		return Replication{}, err
	}
	m := len(s.Group)
	r := Replication{Scale: 1}
	add := func(rscale float64) []float64 {
		factors := make([]float64, m)
		for j := range factors {
			factors[j] = 1
		}
		r.Factors, r.RScales = append(r.Factors, factors), append(r.RScales, rscale)
		return factors
	}
	average := s.averaged(lonely)
	for out, h := range s.Group {
		n, rest := float64(s.Sampled[h]), 1-s.fraction(int(h))
		switch {
		case n > 1:
			factors := add(average * rest * (n - 1) / n)
			for j, g := range s.Group {
				if g == h {
					factors[j] = n / (n - 1)
				}
			}
			factors[out] = 0
		case rest > 0 && lonely == LonelyAdjust:
			for _, sign := range []float64{1, -1} {
				factors := add(rest / 2)
				for j := range factors {
					factors[j] += sign / float64(m)
				}
				factors[out] -= sign
			}
		}
	}
	return r, nil
}

// averaged is the factor of LonelyAverage for the variance of the other strata.
func (s Stage) averaged(lonely LonelyPSU) float64 {
	alone := len(s.Lonely())
	if lonely != LonelyAverage || alone == s.Groups() {
		return 1
	}
	return float64(s.Groups()) / float64(s.Groups()-alone)
}

// BalancedHalves takes one of the two PSUs of each stratum, in balance over the
// replicates by the columns of a Hadamard matrix: factors 2-rho for the one
// taken and rho for the other, scale 1/(R(1-rho)²). rho = 0 is balanced repeated
// replication, 0 < rho < 1 Fay's method; R is the order of the smallest Hadamard
// matrix with more columns than there are strata. Sampling fractions do not
// count. The PSU of a lonely stratum has the factor 1 throughout, and
// LonelyAverage multiplies the scale as for the jackknife. An error for any other
// stratum without exactly two PSUs.
// Source: McCarthy 1969; Judkins 1990. Equals R survey::brrweights.
func (s Stage) BalancedHalves(rho float64, lonely LonelyPSU) (Replication, error) {
	if !(rho >= 0 && rho < 1) {
		return Replication{}, fmt.Errorf("rho is %g: it must be at least 0 and under 1", rho)
	}
	if err := s.notAdjusted(lonely); err != nil {
		return Replication{}, err
	}
	for h, n := range s.Sampled {
		if n != 2 && (n != 1 || s.severalUnits(lonely) != nil) {
			return Replication{}, fmt.Errorf("stratum %d has %d PSUs; balanced halves need two in each", h+1, n)
		}
	}
	half := Hadamard(s.Groups() + 1)
	r := newReplication(len(half), len(s.Group), s.averaged(lonely)/(float64(len(half))*(1-rho)*(1-rho)))
	for k, signs := range half {
		second := make([]bool, s.Groups())
		for j, h := range s.Group {
			if s.Sampled[h] == 1 {
				continue
			}
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
// that of drawing with replacement. One seed gives one set of factors. The PSU
// of a lonely stratum has the factor 1, and LonelyAverage multiplies the scale as
// for the jackknife. An error for lonely strata under LonelyFail and LonelyAdjust,
// and for fewer replicates than two. Equals R survey::bootweights, except for
// the random numbers.
func (s Stage) Bootstrap(replicates int, seed uint64, lonely LonelyPSU) (Replication, error) {
	var inverse, strata float64
	for _, n := range s.Sampled {
		if n > 1 {
			inverse += 1 / float64(n)
			strata++
		}
	}
	m := strata / inverse
	return s.resample(replicates, seed, m/(m-1), lonely, func(n int) (draws int, factor float64) { return n, 1 })
}

// RaoWu draws one PSU fewer than each stratum has, with replacement: the factor
// is n_h/(n_h-1) times the count of the draws, scale 1/(R-1). Otherwise as
// Bootstrap. Source: Rao & Wu 1988. Equals R survey::subbootweights, but for the
// random numbers.
func (s Stage) RaoWu(replicates int, seed uint64, lonely LonelyPSU) (Replication, error) {
	return s.resample(replicates, seed, 1, lonely, func(n int) (draws int, factor float64) {
		return n - 1, float64(n) / float64(n-1)
	})
}

// resample draws PSUs; spread is the scale without 1/(R-1).
func (s Stage) resample(replicates int, seed uint64, spread float64, lonely LonelyPSU, plan func(n int) (draws int, factor float64)) (Replication, error) {
	if err := s.notAdjusted(lonely); err != nil {
		return Replication{}, err
	}
	if err := s.severalUnits(lonely); err != nil {
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
	r := newReplication(replicates, len(s.Group), s.averaged(lonely)*spread/float64(replicates-1))
	for _, factors := range r.Factors {
		clear(factors)
		for _, psus := range units {
			if len(psus) == 1 {
				factors[psus[0]] = 1
				continue
			}
			draws, factor := plan(len(psus))
			for range draws {
				factors[psus[random.IntN(len(psus))]] += factor
			}
		}
	}
	return r, nil
}

// severalUnits refuses strata with a single PSU and no policy, and samples without
// any other stratum.
func (s Stage) severalUnits(lonely LonelyPSU) error {
	several := slices.ContainsFunc(s.Sampled, func(n int) bool { return n > 1 })
	for h, n := range s.Sampled {
		policy := s.fraction(h) >= 1 || lonely != LonelyFail && lonely != ""
		if n < 2 && (!policy || !several) {
			return fmt.Errorf("stratum %d has %d PSUs; replicates need two or more in each", h+1, n)
		}
	}
	return nil
}

// notAdjusted refuses a policy that only the jackknife has.
func (s Stage) notAdjusted(lonely LonelyPSU) error {
	if lonely == LonelyAdjust && len(s.Lonely()) > 0 {
		return errors.New("these replicates cannot treat lonely PSUs by adjust; use jkn, or treat lonely PSUs as certainty or average")
	}
	return nil
}

// Hadamard is a matrix of +1 and -1 whose rows are orthogonal, of the smallest
// order from n on that can be built; its first row and column are +1, so that
// every other column adds to 0. It is built by doubling (Sylvester 1867) from
// the two constructions of Paley (1933) over prime fields; the first orders
// that are replaced by a larger multiple of 4 are 52, 92, 100 and 116.
func Hadamard(n int) [][]int8 {
	order := max(n, 1)
	for {
		if h := hadamardOf(order); h != nil {
			// The signs of columns and rows are turned so that the first of each is +1.
			for j, s := range append([]int8(nil), h[0]...) {
				for i := range h {
					h[i][j] *= s
				}
			}
			for _, row := range h {
				s := row[0]
				for j := range row {
					row[j] *= s
				}
			}
			return h
		}
		order++
	}
}

func hadamardOf(order int) [][]int8 {
	switch {
	case order == 1:
		return [][]int8{{1}}
	case order == 2:
		return [][]int8{{1, 1}, {1, -1}}
	case order%4 != 0:
		return nil
	case isPrime(order - 1):
		// Paley's first construction for a prime q = 3 mod 4: I + S, S the bordered matrix of
		// quadratic characters, which is skew.
		h := bordered(order-1, -1)
		for i := range h {
			h[i][i] = 1
		}
		return h
	case order/2%4 == 2 && isPrime(order/2-1):
		return paley2(order/2 - 1)
	}
	half := hadamardOf(order / 2)
	if half == nil {
		return nil
	}
	a := hadamardOf(2)
	n := len(half)
	h := square(len(a) * n)
	for i := range h {
		for j := range h[i] {
			h[i][j] = a[i/n][j/n] * half[i%n][j%n]
		}
	}
	return h
}

// paley2 has order 2(q+1) for a prime q = 1 mod 4: each entry of the symmetric
// bordered matrix becomes a block of four.
func paley2(q int) [][]int8 {
	c := bordered(q, 1)
	h := square(2 * len(c))
	for i := range c {
		for j, s := range c[i] {
			block := [4]int8{s, s, s, -s}
			if i == j {
				block = [4]int8{1, -1, -1, -1}
			}
			h[2*i][2*j], h[2*i][2*j+1], h[2*i+1][2*j], h[2*i+1][2*j+1] = block[0], block[1], block[2], block[3]
		}
	}
	return h
}

// bordered is the matrix χ(i - j) over the prime field of q with a row of 1
// above and a column of side at the left; its corner and diagonal are 0.
func bordered(q int, side int8) [][]int8 {
	character := make([]int8, q)
	for k := 1; k < q; k++ {
		character[k] = -1
	}
	for k := 1; k < q; k++ {
		character[k*k%q] = 1
	}
	c := square(q + 1)
	for i := range q {
		c[0][i+1], c[i+1][0] = 1, side
		for j := range q {
			c[i+1][j+1] = character[(i-j+q)%q]
		}
	}
	return c
}

func square(n int) [][]int8 {
	m := make([][]int8, n)
	for i := range m {
		m[i] = make([]int8, n)
	}
	return m
}

func isPrime(n int) bool {
	for k := 2; k*k <= n; k++ {
		if n%k == 0 {
			return false
		}
	}
	return n > 1
}
