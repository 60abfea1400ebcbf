package engine

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"surveykit/stats"
)

// lots is the spread where each row is a unit: rows of one stratum and cell
// with the same entries differ only in their weights, so a million rows are
// a few thousand lots. They are in an order of their own, whatever that of the rows.
type lots struct {
	totals *Totals
	alike  []stats.Alike
	// row is one of the rows of each lot.
	row []int32
}

// byLot makes the pass over the rows lot by lot.
func (t *Totals) byLot() lots {
	f, terms, weigh := t.frame, t.query.Terms, t.frame.weighing()
	of, content := terms.lists()
	type lot struct {
		weighed
		row, list, stratum, cell int32
	}
	var all []lot
	var seen numbering
	for i, c := range t.query.Cell {
		i := int32(i)
		w := weigh(i)
		if from, to := terms.Entries(int(i)); c < 0 || w.n == 0 || from == to {
			continue
		}
		l := lot{w, i, of[i], f.ByRow.Stratum[i], c}
		k, isNew := seen.number(mixed(mixed(content[l.list], uint64(l.stratum)), uint64(c)), func(k int32) bool {
			return all[k].list == l.list && all[k].stratum == l.stratum && all[k].cell == c
		})
		if isNew {
			all = append(all, l)
		} else {
			all[k].weighed = all[k].plus(w)
		}
	}
	slices.SortFunc(all, func(a, b lot) int {
		return cmp.Or(cmp.Compare(a.stratum, b.stratum), cmp.Compare(a.cell, b.cell), cmp.Compare(content[a.list], content[b.list]))
	})
	out := lots{t, make([]stats.Alike, len(all)), make([]int32, len(all))}
	a := t.adder()
	for k, l := range all {
		out.row[k] = l.row
		out.alike[k] = stats.Alike{Group: l.stratum, Units: l.n, Mean: l.sum.Float(f.Places) / float64(l.n), Scatter: scatter(l.n, l.sum, l.square, f.Places)}
		a.enter(l.row, l.weighed)
	}
	a.leave(func(int, Wide) {})
	t.take(a.totals)
	return out
}

func (l lots) deviations(gradient []float64, asked []bool) []float64 {
	e := make([]float64, len(l.row))
	f := l.totals.frame
	var touched []bool
	if f.alone {
		touched = make([]bool, f.Strata)
	}
	for k, i := range l.row {
		l.totals.entries(int(i), func(j int, x float64) {
			e[k] += gradient[j] * x
			if touched != nil && asked[j] {
				touched[l.alike[k].Group] = true
			}
		})
	}
	return f.Stages[0].AlikeDeviations(l.alike, e, f.Lonely, touched)
}

func (l lots) strata() []int32 { return l.totals.frame.Stages[0].AlikeGroups(l.alike) }

func (l lots) members() membership {
	m := membership{in: bitsets(len(l.totals.Sum), len(l.row)), stratum: make([]int32, len(l.row)), psus: make([]int, len(l.row))}
	for k, a := range l.alike {
		m.stratum[k], m.psus[k] = a.Group, a.Units
		l.totals.entries(int(l.row[k]), func(j int, _ float64) { m.in[j].set(k) })
	}
	return m
}

// lists numbers the distinct lists of entries: the number of each row's, and a hash of
// each, which depends on nothing but what the list holds.
func (t *Terms) lists() (of []int32, content []uint64) {
	if t.List != nil {
		content = make([]uint64, len(t.Start)-1)
		for l := range content {
			content[l] = t.content(t.Start[l], t.Start[l+1])
		}
		return t.List, content
	}
	of = make([]int32, len(t.Start)-1)
	var first []int32
	var seen numbering
	for i := range of {
		from, to := t.Entries(i)
		h := t.content(from, to)
		k, isNew := seen.number(h, func(k int32) bool { return t.same(first[k], int32(i)) })
		if isNew {
			first, content = append(first, int32(i)), append(content, h)
		}
		of[i] = k
	}
	return of, content
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

// same reports whether two rows have the same entries.
func (t *Terms) same(i, j int32) bool {
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

// mixed is a hash of a hash and one more word.
func mixed(h, x uint64) uint64 {
	hi, lo := bits.Mul64(h^0x9e3779b97f4a7c15, x^0xd1b54a32d192ed03)
	return bits.RotateLeft64(hi^lo, 23) + h
}

// numbering numbers things from 0 in the order in which they first come, by open
// addressing: of a million rows each is looked up, and a map would take most of the time.
type numbering struct {
	slot []int32 // the number plus 1, 0 where it is free
	hash []uint64
}

// number is the number of a thing, given its hash and what tells it from others of
// the same hash.
func (n *numbering) number(hash uint64, same func(k int32) bool) (k int32, isNew bool) {
	if 2*len(n.hash) >= len(n.slot) {
		n.slot = make([]int32, max(64, 4*len(n.hash)))
		for k, h := range n.hash {
			n.slot[n.free(h)] = int32(k) + 1
		}
	}
	mask := uint64(len(n.slot) - 1)
	at := hash & mask
	for ; n.slot[at] != 0; at = (at + 1) & mask {
		if k := n.slot[at] - 1; n.hash[k] == hash && same(k) {
			return k, false
		}
	}
	k = int32(len(n.hash))
	n.slot[at], n.hash = k+1, append(n.hash, hash)
	return k, true
}

// free is the first free slot of a hash.
func (n *numbering) free(hash uint64) uint64 {
	mask := uint64(len(n.slot) - 1)
	at := hash & mask
	for n.slot[at] != 0 {
		at = (at + 1) & mask
	}
	return at
}

// Sharing numbers lists of entries, the same ones alike.
type Sharing struct {
	seen map[string]int32
	rows int
	key  []byte
}

// Number is the number of the next row's list, whose entries are at places of terms.
// It is not ok where most rows have lists of their own, so that sharing does not help.
func (s *Sharing) Number(t *Terms, from, to int32) (n int32, isNew, ok bool) {
	const enoughToTell = 1000
	if s.seen == nil {
		s.seen = map[string]int32{}
	}
	s.key = s.key[:0]
	for k := from; k < to; k++ {
		s.key = binary.LittleEndian.AppendUint32(s.key, uint32(t.Index[k]))
		if t.Value != nil {
			s.key = binary.LittleEndian.AppendUint64(s.key, math.Float64bits(t.Value[k]))
		}
		if t.Part != nil {
			s.key = binary.LittleEndian.AppendUint64(s.key, math.Float64bits(t.Part[k]))
		}
	}
	n, known := s.seen[string(s.key)]
	if !known {
		n = int32(len(s.seen))
		s.seen[string(s.key)] = n
	}
	s.rows++
	return n, !known, len(s.seen) <= enoughToTell+(s.rows-1)/2
}
