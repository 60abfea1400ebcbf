package reach

import "slices"

// exact compares all portfolios of a size.
func (p *People) exact(r Rules) Found {
	missed := p.missed()
	var best []Portfolio
	least := 0.0
	for s := first(r.Size); s < 1<<p.items; s = next(s) {
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
	return Found{Best: best, Exact: true, Bound: best[0].Reach}
}

// missed is the share of people whom each portfolio does not reach, for all
// 2^items portfolios in items·2^items·depth additions: the sets of wants turn into
// portfolios item by item, while the wanted items among them are counted.
// Source: the fast zeta transform (Yates 1937), with counts below depth.
func (p *People) missed() []float64 {
	size, depth := 1<<p.items, p.depth
	share := make([]float64, size*depth)
	for i, s := range p.wants {
		share[int(s)*depth] = p.weight[i]
	}
	for item := range p.items {
		bit := 1 << item
		for s := range size {
			if s&bit == 0 {
				turn(share[s*depth:][:depth], share[(s|bit)*depth:][:depth])
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

// turn takes the people without and with an item, by the wanted items counted
// so far, to portfolios without and with it.
func turn(without, with []float64) {
	for k := len(with) - 1; k >= 0; k-- {
		a, b := without[k], with[k]
		without[k], with[k] = a+b, a
		if k > 0 {
			with[k] += with[k-1]
		}
	}
}

// first is the smallest set of a size, next the following one of the same size:
// Gosper's hack (HAKMEM, item 175).
func first(size int) Set { return 1<<size - 1 }

func next(s Set) Set {
	low := s & -s
	up := s + low
	return (s^up)/low>>2 | up
}
