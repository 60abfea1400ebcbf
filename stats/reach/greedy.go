package reach

import (
	"math"
	"slices"
)

// greedy adds the item that reaches most until the size is met, then swaps items
// while that helps. The portfolios one swap away from the best follow it.
func (p *People) greedy(r Rules) Found {
	at := r.Require
	f := Found{Bound: p.above(at, r)}
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
	f.Best = append([]Portfolio{best}, f.Best[:min(len(f.Best), r.Keep-1)]...)
	f.Bound = max(best.Reach, min(f.Bound, p.above(best.Items, r)))
	f.Exact = f.Bound-best.Reach <= fine
	return f
}

// best is the portfolio to prefer among some.
func (p *People) best(some []Portfolio) Portfolio { return slices.MinFunc(some, better) }

// adding are the portfolios with one item more.
func (p *People) adding(at Set, r Rules) []Portfolio {
	var out []Portfolio
	for j := range p.items {
		if s := at | 1<<j; s != at && !r.Exclude.Has(j) {
			out = append(out, p.portfolio(s))
		}
	}
	return out
}

// swapping are the portfolios with one item exchanged.
func (p *People) swapping(at Set, r Rules) []Portfolio {
	var out []Portfolio
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

// above is a share that no portfolio T under the rules exceeds, seen from a set S
// of at most that size: g(S) + the largest gains g(S∪t) − g(S), as many as T may
// have items outside S. With g = Σ w min(1, wanted items in S / depth), which is
// submodular and never below the reach, this holds for any S.
func (p *People) above(s Set, r Rules) float64 {
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

func (p *People) partial(s Set) float64 {
	var sum float64
	for i, w := range p.wants {
		sum += p.weight[i] * min(1, float64((w&s).Len())/float64(p.depth))
	}
	return sum
}
