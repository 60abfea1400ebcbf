package turf

import (
	"math"
	"slices"
)

// exact compares all portfolios of a size.
func (p *people) exact(r rules) found {
	missed := p.missed()
	var best []portfolio
	least := 0.0
	for s := set(1<<r.Size - 1); s < 1<<p.items; s = next(s) {
		if s&r.Require != r.Require || s&r.Exclude != 0 {
			continue
		}
		if len(best) == r.Keep && 1-missed[s] < least-fine {
			continue
		}
		best = append(best, p.portfolio(s))
		slices.SortFunc(best, better)
		best = best[:min(len(best), r.Keep)]
		least = best[len(best)-1].Reach
	}
	return found{Best: best, Exact: true, Bound: best[0].Reach}
}

// missed is the share of people whom each portfolio does not reach, for all
// 2^items portfolios in items·2^items·depth additions: the sets of wants become
// portfolios item by item, while the wanted items among them are counted.
// Source: the fast zeta transform (Yates 1937), with counts below depth.
func (p *people) missed() []float64 {
	size, depth := 1<<p.items, p.depth
	share := make([]float64, size*depth)
	for i, s := range p.wants {
		share[int(s)*depth] = p.weight[i]
	}
	for item := range p.items {
		bit := 1 << item
		for s := range size {
			if s&bit == 0 {
				// The people without and with the item, by the wanted items counted so
				// far, move to the portfolios without and with it.
				without, with := share[s*depth:][:depth], share[(s|bit)*depth:][:depth]
				for k := depth - 1; k >= 0; k-- {
					a, b := without[k], with[k]
					without[k], with[k] = a+b, a
					if k > 0 {
						with[k] += with[k-1]
					}
				}
			}
		}
	}
	out := make([]float64, size)
	for s := range out {
		for _, x := range share[s*depth:][:depth] {
			out[s] += x
		}
	}
	return out
}

// next is the set of the same size that follows s: Gosper's hack (HAKMEM, item 175).
func next(s set) set {
	low := s & -s
	up := s + low
	return (s^up)/low>>2 | up
}

// greedy adds the item that reaches most people until the size is met, then swaps
// items while that helps. The portfolios one swap away from the best follow it.
func (p *people) greedy(r rules) found {
	at := r.Require
	f := found{Bound: p.above(at, r)}
	for at.Len() < r.Size {
		at = p.best(p.adding(at, r)).Items
		f.Bound = min(f.Bound, p.above(at, r))
	}
	best := p.portfolio(at)
	for {
		near := p.swapping(best.Items, r)
		if len(near) == 0 || better(best, p.best(near)) < 0 {
			f.Best = near
			break
		}
		best = p.best(near)
	}
	slices.SortFunc(f.Best, better)
	f.Best = append([]portfolio{best}, f.Best[:min(len(f.Best), r.Keep-1)]...)
	f.Bound = max(best.Reach, min(f.Bound, p.above(best.Items, r)))
	f.Exact = f.Bound-best.Reach <= fine
	return f
}

// best is the best of some portfolios.
func (p *people) best(some []portfolio) portfolio { return slices.MinFunc(some, better) }

// adding are the portfolios with one item more.
func (p *people) adding(at set, r rules) []portfolio {
	var out []portfolio
	for j := range p.items {
		if s := at | 1<<j; s != at && !r.Exclude.Has(j) {
			out = append(out, p.portfolio(s))
		}
	}
	return out
}

// swapping are the portfolios with one item exchanged.
func (p *people) swapping(at set, r rules) []portfolio {
	var out []portfolio
	for _, j := range (at &^ r.Require).Items() {
		without := at &^ (1 << j)
		for _, x := range p.adding(without, r) {
			if x.Items != at {
				out = append(out, x)
			}
		}
	}
	return out
}

// above is a share that no portfolio T under the rules exceeds, from a set S of at
// most that size: g(S) + the largest gains g(S∪t) − g(S), as many as T may
// have items outside S. With g = Σ w min(1, wanted items in S / depth), which is
// submodular and never below the reach, this holds for any S.
func (p *people) above(s set, r rules) float64 {
	base := p.partial(s)
	var gains []float64
	for j := range p.items {
		if !s.Has(j) && !r.Exclude.Has(j) {
			gains = append(gains, p.partial(s|1<<j)-base)
		}
	}
	slices.Sort(gains)
	slices.Reverse(gains)
	for _, g := range gains[:min(len(gains), r.Size-r.Require.Len())] {
		base += g
	}
	return math.Min(1, base)
}

func (p *people) partial(s set) float64 {
	var sum float64
	for i, w := range p.wants {
		sum += p.weight[i] * min(1, float64((w&s).Len())/float64(p.depth))
	}
	return sum
}
