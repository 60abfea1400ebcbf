package turf

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

const (
	// MostItems is the number of bits of a set.
	MostItems = 64
	// mostExact is the most items that are searched in full: all 2^20 portfolios.
	mostExact = 20
)

// set is a set of items: bit j is item j.
type set uint64

// Has reports whether item j is in the set.
func (s set) Has(j int) bool { return s>>j&1 == 1 }

// Len counts the items of the set.
func (s set) Len() int { return bits.OnesCount64(uint64(s)) }

// Items lists the items of the set in order.
func (s set) Items() []int {
	var out []int
	for j := range MostItems {
		if s.Has(j) {
			out = append(out, j)
		}
	}
	return out
}

// people are the people to reach. People with the same wants are counted together.
type people struct {
	items int
	depth int
	// wants are the different sets of wanted items, weight the share of people with each.
	wants  []set
	weight []float64
}

// newPeople counts the people by what they want: wants and weights have an
// entry for each person, weights are not negative and some are above 0. items is their
// number, up to MostItems; depth is the least number of wanted items that
// reaches a person, 1 or more.
func newPeople(wants []set, weights []float64, items, depth int) *people {
	at := map[set]float64{}
	var all float64
	for i, w := range weights {
		if w > 0 {
			at[wants[i]] += w
			all += w
		}
	}
	p := &people{items: items, depth: depth}
	for s := range at {
		p.wants = append(p.wants, s)
	}
	slices.Sort(p.wants)
	for _, s := range p.wants {
		p.weight = append(p.weight, at[s]/all)
	}
	return p
}

// Reach is the share of people (0–1) whom a portfolio reaches.
func (p *people) Reach(portfolio set) float64 {
	var sum float64
	for i, s := range p.wants {
		if (s & portfolio).Len() >= p.depth {
			sum += p.weight[i]
		}
	}
	return sum
}

// portfolio is a set of items with the share of people whom it reaches (0–1).
type portfolio struct {
	Items set
	Reach float64
	// Frequency is the mean number of its items that a person wants.
	Frequency float64
}

// rules say which portfolios are searched.
type rules struct {
	// Size is the number of items. Required; from 1 to the items that are not excluded.
	Size int
	// Require are in every portfolio, Exclude in none; they share no item.
	Require, Exclude set
	// Keep is how many portfolios are returned, best first. Required.
	Keep int
}

// found are the best portfolios of a size.
type found struct {
	// Best come by reach, then by frequency, then by the order of items.
	Best []portfolio
	// Exact is true where no other portfolio of the size reaches more.
	Exact bool
	// Bound is a reach that no portfolio of the size exceeds: the reach of the best where
	// the search was exact or the two are equal.
	Bound float64
}

// Search finds the best portfolios under rules: all of them are compared for up
// to MostExact items, else items are added greedily and swapped while that helps, and
// the bound says how far the best may be from the largest possible reach. Greedy
// search finds few portfolios; Best may be shorter than Keep.
func (p *people) Search(r rules) found {
	if p.items <= mostExact {
		return p.exact(r)
	}
	return p.greedy(r)
}

// portfolio measures a set.
func (p *people) portfolio(s set) portfolio {
	out := portfolio{Items: s, Reach: p.Reach(s)}
	for i, w := range p.wants {
		out.Frequency += p.weight[i] * float64((w & s).Len())
	}
	return out
}

// fine is the difference below which two shares are equal up to rounding.
const fine = 1e-12

// better orders portfolios, the better one first.
func better(a, b portfolio) int {
	return cmp.Or(
		cmp.Compare(math.Round(b.Reach/fine), math.Round(a.Reach/fine)),
		cmp.Compare(math.Round(b.Frequency/fine), math.Round(a.Frequency/fine)),
		slices.Compare(a.Items.Items(), b.Items.Items()),
	)
}
