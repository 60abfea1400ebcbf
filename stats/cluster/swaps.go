package cluster

import (
	"math"
	"math/rand/v2"
)

// swaps are rows with all their distances and the medoids among them.
type swaps struct {
	n      int
	d      []float32
	weight []float64
	medoid []int
	// near and next are each row's nearest and second nearest medoid, dNear and
	// dNext their distances.
	near         []int
	dNear, dNext []float64
	// loss of each medoid: what the sum grows by without it.
	loss []float64
}

// distances are those between some of the different rows, all pairs both ways.
func (d distinct) distances(p *points, some []int) []float32 {
	n := len(some)
	out := make([]float32, n*n)
	for a, i := range some {
		row := p.row(int(d.row[i]))
		for b, j := range some[:a] {
			x := float32(p.gower(row, p.row(int(d.row[j]))))
			out[a*n+b], out[b*n+a] = x, x
		}
	}
	return out
}

func newSwaps(d distinct, some []int, distances []float32) *swaps {
	n := len(some)
	s := &swaps{n: n, d: distances, near: make([]int, n), dNear: make([]float64, n), dNext: make([]float64, n)}
	for _, i := range some {
		s.weight = append(s.weight, d.weight[i])
	}
	return s
}

func (s *swaps) to(i int) []float32 { return s.d[i*s.n:][:s.n] }

// seed draws k different medoids, each with a chance of its weight times its
// distance to the nearest one drawn before.
func (s *swaps) seed(random *rand.Rand, k int) {
	chance := append([]float64(nil), s.weight...)
	for i := range s.dNear {
		s.dNear[i] = math.Inf(1)
	}
	for range k {
		m := draw(random, chance)
		s.medoid = append(s.medoid, m)
		for i, x := range s.to(m) {
			s.dNear[i] = min(s.dNear[i], float64(x))
			chance[i] = s.weight[i] * s.dNear[i]
		}
	}
	s.update()
}

// update finds every row's two nearest medoids and what each medoid is worth.
func (s *swaps) update() {
	s.loss = make([]float64, len(s.medoid))
	for i := range s.n {
		s.dNear[i], s.dNext[i] = math.Inf(1), math.Inf(1)
		for k, m := range s.medoid {
			switch x := float64(s.d[m*s.n+i]); {
			case x < s.dNear[i]:
				s.near[i], s.dNear[i], s.dNext[i] = k, x, s.dNear[i]
			case x < s.dNext[i]:
				s.dNext[i] = x
			}
		}
		if len(s.medoid) > 1 {
			s.loss[s.near[i]] += s.weight[i] * (s.dNext[i] - s.dNear[i])
		}
	}
}

// leastGain is the share of the sum that a swap must save: under it lies what
// rounding makes of equal sums.
const leastGain = 1e-10

// improve takes swaps until a whole round over the rows finds none.
func (s *swaps) improve() {
	var sum float64
	for i, w := range s.weight {
		sum += w * s.dNear[i]
	}
	change := make([]float64, len(s.medoid))
	for since, x := 0, 0; since < s.n; since, x = since+1, (x+1)%s.n {
		k, gain := s.best(x, change)
		if gain > leastGain*sum {
			s.medoid[k] = x
			s.update()
			since = 0
		}
	}
}

// best is the medoid that row x would replace best, and what that saves.
func (s *swaps) best(x int, change []float64) (medoid int, gain float64) {
	copy(change, s.loss)
	var shared float64
	single := len(s.medoid) == 1
	for i, far := range s.to(x) {
		d := float64(far)
		switch {
		case single:
			shared += s.weight[i] * (d - s.dNear[i])
		case d < s.dNear[i]:
			shared += s.weight[i] * (d - s.dNear[i])
			change[s.near[i]] += s.weight[i] * (s.dNear[i] - s.dNext[i])
		case d < s.dNext[i]:
			change[s.near[i]] += s.weight[i] * (d - s.dNext[i])
		}
	}
	for k, c := range change {
		if c < change[medoid] {
			medoid = k
		}
	}
	return medoid, -(change[medoid] + shared)
}
