package importance

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// exactShapley visits all subsets S of the k drivers:
//
//	φ_j = Σ_{S ∌ j} |S|!(k−|S|−1)!/k! · (R²(S ∪ j) − R²(S))
//
// the mean gain of j over all orders. Source: Lindeman, Merenda & Gold 1980,
// p. 119; Shapley 1953. Equals R relaimpo::calc.relimp(type = "lmg", groups = …).
func (m *Moments) exactShapley() []Figure {
	k := len(m.Drivers)
	v := visitor{moments: m, share: make([]float64, k), in: make([]bool, k)}
	for s := range v.share {
		v.share[s] = 1 / float64(k)
		for i := range s {
			v.share[s] *= float64(i+1) / float64(k-1-i)
		}
	}
	for range k {
		v.figures = append(v.figures, m.zero())
	}
	for range k {
		v.spare = append(v.spare, m.sweeper())
	}
	v.visit(0, 0, m.sweeper())
	return v.figures
}

// visitor visits all subsets, deciding on one driver after another.
type visitor struct {
	moments *Moments
	// share is s!(k−s−1)!/k! by the size s of the set that a driver joins.
	share   []float64
	in      []bool
	figures []Figure
	// spare has a sweeper for each depth.
	spare []*sweeper
}

func (v *visitor) visit(depth, size int, s *sweeper) {
	if depth == len(v.in) {
		for j := range v.in {
			if v.in[j] {
				v.moments.add(&v.figures[j], v.share[size-1], s)
			} else {
				v.moments.add(&v.figures[j], -v.share[size], s)
			}
		}
		return
	}
	v.in[depth] = false
	v.visit(depth+1, size, s)
	next := v.spare[depth]
	copy(next.element, s.element)
	copy(next.taken, s.taken)
	next.take(v.moments.Drivers[depth])
	v.in[depth] = true
	v.visit(depth+1, size+1, next)
}

// sampledShapley is the mean gain over orders drawn at random, each with its
// reverse, which removes most of the random error (Castro, Gómez & Tejada 2009;
// Mitchell et al. 2022, section 4.1). Every order adds to R², and so do the means.
// The error is the standard error over the pairs.
func (m *Moments) sampledShapley(o Orders) []Figure {
	k, pairs := len(m.Drivers), max(2, (o.Sampled+1)/2)
	random := rand.New(rand.NewPCG(o.Seed, uint64(k)))
	figures, gains := make([]Figure, k), make([][]float64, k)
	for j := range figures {
		figures[j] = m.zero()
		gains[j] = make([]float64, pairs)
	}
	for i := range pairs {
		order := random.Perm(k)
		for range 2 {
			c := 1 / float64(2*pairs)
			s := m.sweeper()
			for _, j := range order {
				before := figures[j].Value
				m.add(&figures[j], -c, s)
				s.take(m.Drivers[j])
				m.add(&figures[j], c, s)
				gains[j][i] += (figures[j].Value - before) / c / 2
			}
			slices.Reverse(order)
		}
	}
	for j := range figures {
		figures[j].Error = stat.StdDev(gains[j], nil) / math.Sqrt(float64(pairs))
	}
	return figures
}
