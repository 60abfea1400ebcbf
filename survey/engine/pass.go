package engine

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"surveykit/survey"
)

// Pass is a query as an engine with the rows in memory makes it: Σ w·x for each
// cell and each term. Cells are disjoint, terms may overlap. Others than such an
// engine ask by Query; only a tree, whose nodes are lists of rows, makes a pass of
// its own.
type Pass struct {
	// Kind is the kind of each row, where rows are alike: those of one kind have the same
	// cell and entries, and those of kind -1 are in no cell. It has no rows where each row is a kind of
	// its own.
	Kind survey.Places
	// Cell is the cell of each kind, -1 for none; Cells counts them.
	Cell  []int32
	Cells int
	// Terms are the values that are summed, kind by kind.
	Terms *Terms
}

// Terms holds a few values a kind of rows, sparsely: a banner's points that the rows
// belong to, or an answer and its square.
type Terms struct {
	Count int
	// Start[k] to Start[k+1] are the entries of kind k in Index and Value.
	Start []int32
	Index []int32
	// Value is nil where every entry is 1.
	Value []float64
	// Part is the part of the row that belongs to the point of each entry, of which Value
	// is a multiple; nil where every row belongs as a whole.
	Part []float64
	// Largest is the size that the finite values of each term have at most, in all rows of
	// the data; nil where that of the entries is meant.
	Largest []float64

	once sync.Once
	same alike
}

// Ones is the single term 1 for every row, with which totals are counts.
func Ones(rows int) *Terms {
	t := &Terms{Count: 1, Start: make([]int32, rows+1), Index: make([]int32, rows)}
	for i := range t.Start {
		t.Start[i] = int32(i)
	}
	return t
}

// Entries are the places of a kind's entries in Index and Value.
func (t *Terms) Entries(kind int) (from, to int32) { return t.Start[kind], t.Start[kind+1] }

// largest are the sizes that values of each term have at most; nil where all are 1.
func (t *Terms) largest() []float64 {
	if t.Largest != nil || t.Value == nil {
		return t.Largest
	}
	out := make([]float64, t.Count)
	for k, j := range t.Index {
		if x := math.Abs(t.Value[k]); !math.IsInf(x, 0) {
			out[j] = max(out[j], x)
		}
	}
	return out
}

// units are the exponents of the smallest bits of each term's sums.
func (t *Terms) units() []int {
	out := make([]int, max(1, t.Count))
	for j, x := range t.largest() {
		out[j] = unit(x)
	}
	return out
}

// kinds reports whether rows of one kind are known.
func (p *Pass) kinds() bool { return p.Kind.Len() > 0 }

// Of is the kind of a row.
func (p *Pass) Of(row int32) int {
	if p.kinds() {
		return int(p.Kind.At(int(row)))
	}
	return int(row)
}

// each visits the rows that are in a cell, with their kinds.
func (p *Pass) each(visit func(row int, kind int32)) {
	if !p.kinds() {
		for i, c := range p.Cell {
			if c >= 0 {
				visit(i, int32(i))
			}
		}
		return
	}
	var block [4096]int32
	for from := 0; from < p.Kind.Len(); from += len(block) {
		for i, k := range p.Kind.Rows(from, min(from+len(block), p.Kind.Len()), block[:]) {
			if k >= 0 {
				visit(from+i, k)
			}
		}
	}
}

// entries visits every entry of a kind of rows with its place among the totals.
func (p *Pass) entries(kind int32, visit func(j int, x float64)) {
	base := int(p.Cell[kind]) * p.Terms.Count
	from, to := p.Terms.Entries(int(kind))
	for k := from; k < to; k++ {
		x := 1.0
		if p.Terms.Value != nil {
			x = p.Terms.Value[k]
		}
		visit(base+int(p.Terms.Index[k]), x)
	}
}

// Count counts the rows of each kind, each of them as many times as count says, or once.
func (p *Pass) Count(count func(row int) int) []int {
	n := make([]int, len(p.Cell))
	if count != nil || !p.kinds() {
		p.each(func(row int, kind int32) {
			if count == nil {
				n[kind]++
			} else {
				n[kind] += count(row)
			}
		})
		return n
	}
	return p.Kind.Counts(len(n))
}

// CellOf gives each row its cell.
func (p *Pass) CellOf() []int32 {
	if !p.kinds() {
		return p.Cell
	}
	out := slices.Repeat([]int32{-1}, p.Kind.Len())
	p.each(func(row int, kind int32) { out[row] = p.Cell[kind] })
	return out
}

// Among is the pass of rows that are some of the rows of p, whose kinds are put together
// where they are alike.
func (p Pass) Among(rows survey.Places) Pass {
	same, _ := p.Terms.alike(len(p.Cell), true)
	out := p.of(same)
	out.Kind = rows.Map(out.Kind.Slice())
	return out
}

// shared is the pass with the rows that are alike put together, if many are.
func (p Pass) shared() Pass {
	if p.kinds() || len(p.Cell) == 0 {
		return p
	}
	p.Terms.once.Do(func() { p.Terms.same, _ = p.Terms.alike(len(p.Cell), false) })
	if p.Terms.same.of == nil {
		return p
	}
	return p.of(p.Terms.same)
}

// alike are rows with the same entries: the number of each row's, and the first row and a
// hash of those of each number, which depends on nothing but what the entries are.
type alike struct {
	of, first []int32
	content   []uint64
}

// alike puts rows with the same entries together. Unless all are wanted, it gives up where
// most rows have entries of their own, such as amounts of money.
func (t *Terms) alike(rows int, all bool) (a alike, ok bool) {
	a.of = make([]int32, rows)
	var seen numbering
	for i := range a.of {
		from, to := t.Entries(i)
		h := t.content(from, to)
		k, isNew := seen.number(h, func(k int32) bool { return t.equal(a.first[k], int32(i)) })
		if isNew {
			a.first, a.content = append(a.first, int32(i)), append(a.content, h)
		}
		const enoughToTell = 1000
		if a.of[i] = k; !all && len(a.first) > enoughToTell+i/2 {
			return alike{}, false
		}
	}
	return a, true
}

// of is the pass with a kind for each cell and list of entries that rows have, in the order
// of the cells and of what the entries are.
func (p Pass) of(same alike) Pass {
	kinds, of := newPairs(p.Cells, len(same.first)), make([]int32, len(p.Cell))
	for i, c := range p.Cell {
		if of[i] = -1; c >= 0 {
			of[i], _ = kinds.number(c, same.of[i])
		}
	}
	order := make([]int32, len(kinds.pair))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := kinds.pair[a], kinds.pair[b]
		return cmp.Or(cmp.Compare(x.first, y.first), cmp.Compare(same.content[x.second], same.content[y.second]))
	})
	place := make([]int32, len(order))
	first := make([]int32, len(order)) // row of each kind
	for i, k := range of {
		if k >= 0 {
			first[k] = int32(i)
		}
	}
	out := p.in(func(add func(row int32)) {
		for at, k := range order {
			place[k] = int32(at)
			add(first[k])
		}
	})
	for i, k := range of {
		if k >= 0 {
			of[i] = place[k]
		}
	}
	out.Kind = survey.NewPlaces(of)
	return out
}

// in is the pass of some rows in the order in which they are visited, without the kinds of
// others: what is read in that order many times should lie in it.
func (p *Pass) in(rows func(add func(row int32))) Pass {
	terms := &Terms{Count: p.Terms.Count, Start: []int32{0}, Largest: p.Terms.largest()}
	out := Pass{Cells: p.Cells, Terms: terms}
	rows(func(row int32) {
		from, to := p.Terms.Entries(int(row))
		terms.Index = append(terms.Index, p.Terms.Index[from:to]...)
		if p.Terms.Value != nil {
			terms.Value = append(terms.Value, p.Terms.Value[from:to]...)
		}
		if p.Terms.Part != nil {
			terms.Part = append(terms.Part, p.Terms.Part[from:to]...)
		}
		terms.Start, out.Cell = append(terms.Start, int32(len(terms.Index))), append(out.Cell, p.Cell[row])
	})
	return out
}

// equal reports whether two rows have the same entries.
func (t *Terms) equal(i, j int32) bool {
	a, b := t.Start[i], t.Start[j]
	if t.Start[i+1]-a != t.Start[j+1]-b {
		return false
	}
	for k := range t.Start[i+1] - a {
		if t.Index[a+k] != t.Index[b+k] || t.Value != nil && t.Value[a+k] != t.Value[b+k] || t.Part != nil && t.Part[a+k] != t.Part[b+k] {
			return false
		}
	}
	return true
}

// content is the hash of entries.
func (t *Terms) content(from, to int32) uint64 {
	h := uint64(to - from)
	for k := from; k < to; k++ {
		h = mixed(h, uint64(t.Index[k]))
		if t.Value != nil {
			h = mixed(h, math.Float64bits(t.Value[k]))
		}
		if t.Part != nil {
			h = mixed(h, math.Float64bits(t.Part[k]))
		}
	}
	return h
}
