package turf

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const (
	// rounding is what sums of shares in different orders differ by.
	shareRounding = 1e-12
	// proved is the gap to the bound that is rounding.
	proved = 1e-9
)

// Five people of equal weight: A is wanted by 1 2 3, B by 1 2, C by 4, D by 5
// and 1. The best pair is A with C or with D: 4 of 5; A with D has the more
// choices (5 against 4), so it leads.
func TestByHand(t *testing.T) {
	wants := []set{0b1011, 0b0011, 0b0001, 0b0100, 0b1000}
	p := newPeople(wants, []float64{1, 1, 1, 1, 1}, 4, 1)
	f := p.Search(rules{Size: 2, Keep: 2})
	want := []portfolio{{Items: 0b1001, Reach: 0.8, Frequency: 1}, {Items: 0b0101, Reach: 0.8, Frequency: 0.8}}
	for i := range want {
		if f.Best[i].Items != want[i].Items || !near(f.Best[i].Reach, want[i].Reach) || !near(f.Best[i].Frequency, want[i].Frequency) {
			t.Errorf("place %d: %+v, want %+v", i+1, f.Best[i], want[i])
		}
	}
	if f := p.Search(rules{Size: 3, Keep: 1}); f.Best[0].Items != 0b1101 || !near(f.Best[0].Reach, 1) {
		t.Errorf("three items: %+v, want A, C and D, who reach all", f.Best[0])
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < shareRounding }

type market struct {
	people  *people
	wants   []set
	weights []float64
	items   int
	depth   int
	rules   rules
}

// drawn draws people, and rules that some portfolio meets.
func drawn(t *rapid.T, least, most int) market {
	m := market{items: rapid.IntRange(least, most).Draw(t, "items")}
	m.depth = rapid.IntRange(1, 3).Draw(t, "depth")
	n := rapid.IntRange(1, 40).Draw(t, "people")
	for range n {
		m.wants = append(m.wants, set(rapid.Uint64Range(0, 1<<m.items-1).Draw(t, "wants")))
		m.weights = append(m.weights, float64(rapid.IntRange(1, 9).Draw(t, "weight")))
	}
	for j := range m.items - 2 {
		switch rapid.IntRange(0, 9).Draw(t, "rule") {
		case 0:
			m.rules.Require |= 1 << j
		case 1:
			m.rules.Exclude |= 1 << j
		}
	}
	m.rules.Size = rapid.IntRange(max(1, m.rules.Require.Len()), m.items-m.rules.Exclude.Len()).Draw(t, "size")
	m.rules.Keep = rapid.IntRange(1, 4).Draw(t, "keep")
	m.people = newPeople(m.wants, m.weights, m.items, m.depth)
	return m
}

// reached is the definition: person by person.
func (m market) reached(s set) float64 {
	var sum, all float64
	for i, w := range m.weights {
		all += w
		wanted := 0
		for j := range m.items {
			if m.wants[i].Has(j) && s.Has(j) {
				wanted++
			}
		}
		if wanted >= m.depth {
			sum += w
		}
	}
	return sum / all
}

// allowed lists the reach of every portfolio under the rules, largest first.
func (m market) allowed() []float64 {
	var out []float64
	for s := set(0); s < 1<<m.items; s++ {
		if s.Len() == m.rules.Size && s&m.rules.Require == m.rules.Require && s&m.rules.Exclude == 0 {
			out = append(out, m.reached(s))
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

func TestExactIsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawn(t, 3, 9)
		f, all := m.people.Search(m.rules), m.allowed()
		if len(f.Best) != min(m.rules.Keep, len(all)) || !f.Exact {
			t.Fatalf("%d portfolios of %d, exact %v", len(f.Best), len(all), f.Exact)
		}
		for i, p := range f.Best {
			if !near(p.Reach, all[i]) || !near(p.Reach, m.reached(p.Items)) || p.Items.Len() != m.rules.Size {
				t.Fatalf("place %d: %+v, brute force %.12f", i+1, p, all[i])
			}
			if p.Items&m.rules.Require != m.rules.Require || p.Items&m.rules.Exclude != 0 {
				t.Fatalf("%+v breaks the rules %+v", p, m.rules)
			}
		}
	})
}

// Greedy search of more than 20 items, of which those after the ninth are wanted
// by nobody: brute force over the nine is the truth.
func TestBoundHolds(t *testing.T) {
	worst, exact, all := 0.0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m := drawn(t, 4, 9)
		truth := m.allowed()[0]
		f := newPeople(m.wants, m.weights, 25, m.depth).Search(m.rules)
		if f.Bound < truth-shareRounding {
			t.Fatalf("bound %.6f under the true %.6f", f.Bound, truth)
		}
		if f.Best[0].Reach > truth+shareRounding || f.Exact && f.Best[0].Reach < truth-shareRounding {
			t.Fatalf("reach %.6f (exact %v), true %.6f", f.Best[0].Reach, f.Exact, truth)
		}
		if f.Exact && f.Bound > f.Best[0].Reach+proved {
			t.Fatalf("said to be the best with a reach of %.6f under a bound of %.6f", f.Best[0].Reach, f.Bound)
		}
		if f.Best[0].Items.Len() != m.rules.Size || f.Best[0].Items&m.rules.Exclude != 0 || f.Best[0].Items&m.rules.Require != m.rules.Require {
			t.Fatalf("%+v breaks the rules %+v", f.Best[0], m.rules)
		}
		for i := 1; i < len(f.Best); i++ {
			if f.Best[i].Reach > f.Best[i-1].Reach+shareRounding || f.Best[i].Items == f.Best[i-1].Items {
				t.Fatalf("out of order: %+v", f.Best)
			}
		}
		worst = max(worst, truth-f.Best[0].Reach)
		all++
		if f.Exact {
			exact++
		}
	})
	t.Logf("proved best %d of %d times; worst loss %.3f", exact, all, worst)
}

// With depth 1 greedy search keeps at least 1 − 1/e of the largest reach.
func TestGreedyKeepsItsPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawn(t, 4, 9)
		m.depth, m.rules.Require = 1, 0
		f := newPeople(m.wants, m.weights, 25, 1).Search(m.rules)
		if truth := m.allowed()[0]; f.Best[0].Reach < (1-1/math.E)*truth-shareRounding {
			t.Fatalf("reach %.4f of %.4f", f.Best[0].Reach, truth)
		}
	})
}

func BenchmarkExactTwentyItems(b *testing.B) {
	wants, weights := make([]set, 37350), make([]float64, 37350)
	x := uint64(1)
	for i := range wants {
		x = x*6364136223846793005 + 1442695040888963407
		wants[i], weights[i] = set(x>>40&(x>>20)&(1<<20-1)), 1
	}
	p := newPeople(wants, weights, 20, 1)
	for b.Loop() {
		p.Search(rules{Size: 5, Keep: 10})
	}
}
