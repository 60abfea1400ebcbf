package tree

import (
	"math"
	"slices"
)

// merging are the groups that a predictor's categories were merged into.
type merging struct {
	item   int
	kind   Kind
	groups [][]int
	// group of each category, no answer last.
	group []int
	// rows of each category, in the node.
	rows          []int
	p, multiplier float64
}

func (s *Sample) merge(j int, inside At, o Options) *merging {
	x := s.Items[j]
	m := &merging{item: j, kind: x.Kind, rows: make([]int, x.Categories+1), p: 1}
	for i := range s.Weight {
		if inside(i) {
			m.rows[category(x, i)]++
		}
	}
	for c, n := range m.rows {
		if n > 0 {
			m.groups = append(m.groups, []int{c})
		}
	}
	if m.rows[x.Categories] > 0 && x.Kind == Ordinal {
		m.kind = Floating
	}
	if len(m.groups) < 2 {
		return m
	}
	categories, table := len(m.groups), s.Table(inside, j)
	m.joinAlike(table, o.Merge)
	m.joinSmall(table, o.Child)
	if len(m.groups) > 1 {
		m.multiplier = m.kind.Multiplier(categories, len(m.groups))
		m.p = math.Min(table.Test(m.groups)*m.multiplier, 1)
	}
	m.allot()
	return m
}

// joinAlike joins the two groups that differ least until all differ.
func (m *merging) joinAlike(table Table, level float64) {
	known := map[[2]int]float64{}
	for len(m.groups) > 1 {
		a, b, p := m.alike(table, known, -1)
		if p <= level {
			return
		}
		m.join(a, b, known)
	}
}

// joinSmall joins every group that is too small with the one that it differs
// from least.
func (m *merging) joinSmall(table Table, fewest int) {
	known := map[[2]int]float64{}
	for len(m.groups) > 1 {
		small := slices.IndexFunc(m.groups, func(g []int) bool { return m.count(g) < fewest })
		if small < 0 {
			return
		}
		a, b, _ := m.alike(table, known, small)
		m.join(a, b, known)
	}
}

func (m *merging) count(group []int) (n int) {
	for _, c := range group {
		n += m.rows[c]
	}
	return n
}

// alike are the two groups that may be joined and differ least, one of them the
// given one unless that is -1. known holds what was tested before, by the
// groups' first categories.
func (m *merging) alike(table Table, known map[[2]int]float64, with int) (a, b int, p float64) {
	p = -1
	for i := range m.groups {
		for j := i + 1; j < len(m.groups); j++ {
			if with >= 0 && i != with && j != with || !(m.kind == Nominal || j == i+1 || m.groups[j][0] == len(m.rows)-1) {
				continue
			}
			key := [2]int{m.groups[i][0], m.groups[j][0]}
			q, tested := known[key]
			if !tested {
				q = table.Test([][]int{m.groups[i], m.groups[j]})
				known[key] = q
			}
			if q > p {
				a, b, p = i, j, q
			}
		}
	}
	return a, b, p
}

// join puts group b into a, in order, and forgets what was tested with them.
func (m *merging) join(a, b int, known map[[2]int]float64) {
	for key := range known {
		for _, first := range []int{m.groups[a][0], m.groups[b][0]} {
			if key[0] == first || key[1] == first {
				delete(known, key)
			}
		}
	}
	m.groups[a] = append(m.groups[a], m.groups[b]...)
	slices.Sort(m.groups[a])
	m.groups = slices.Delete(m.groups, b, b+1)
}

// allot gives every category a group, also those that nobody is in.
func (m *merging) allot() {
	m.group = slices.Repeat([]int{-1}, len(m.rows))
	largest := 0
	for g, categories := range m.groups {
		if m.count(categories) > m.count(m.groups[largest]) {
			largest = g
		}
		for _, c := range categories {
			m.group[c] = g
		}
	}
	none := len(m.rows) - 1
	for c := range m.rows {
		if m.rows[c] > 0 {
			continue
		}
		m.group[c] = largest
		if m.kind != Nominal && c < none {
			// The group of the nearest category that somebody is in, the lower one of two.
			far, group := math.MaxInt, 0
			for _, g := range m.groups {
				for _, b := range g {
					if d := max(b-c, c-b); d < far && b < len(m.rows)-1 {
						far, group = d, m.group[b]
					}
				}
			}
			m.group[c] = group
		}
	}
}

// Kind says which categories of a predictor may be merged.
type Kind string

// The kinds of predictors (Kass 1980).
const (
	// Nominal: any.
	Nominal Kind = "nominal"
	// Ordinal: neighbours.
	Ordinal Kind = "ordinal"
	// Floating: neighbours, but for the last category (no answer), which may join any.
	Floating Kind = "floating"
)

// Multiplier is Bonferroni's: the number of ways to merge c categories into r
// groups,
//
//	ordinal   C(c−1, r−1)
//	nominal   Σ_i (−1)^i (r−i)^c / (i! (r−i)!)
//	floating  C(c−2, r−2) + r C(c−2, r−1)
//
// and 0 unless 1 ≤ r ≤ c. Source: Kass, Applied Statistics 29 (1980).
func (k Kind) Multiplier(c, r int) float64 {
	switch {
	case r < 1 || r > c:
		return 0
	case k == Ordinal:
		return choose(c-1, r-1)
	case k == Floating:
		return choose(c-2, r-2) + float64(r)*choose(c-2, r-1)
	}
	// Stirling's number of the second kind, by its recurrence: the alternating sum loses all
	// its digits for many categories.
	row := make([]float64, r+1)
	row[0] = 1
	for range c {
		for k := r; k > 0; k-- {
			row[k] = float64(k)*row[k] + row[k-1]
		}
		row[0] = 0
	}
	return row[r]
}

// choose is the binomial coefficient, 0 outside its triangle.
func choose(n, k int) float64 {
	if k < 0 || k > n {
		return 0
	}
	x := 1.0
	for i := 1; i <= k; i++ {
		x = x * float64(n-k+i) / float64(i)
	}
	return math.Round(x)
}
