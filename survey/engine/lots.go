package engine

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"sync"

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

// lot are rows of one group, a stratum or a unit, and one cell that have the same entries.
type lot struct {
	weighed
	// row is one of the rows, list the number of its entries.
	row, list, group, cell int32
}

// alike puts the rows of some groups that have the same entries together; of are the
// numbers of the rows' lists of entries, of which there are some.
func (t *Totals) alike(group []int32, groups int, of []int32, lists int) []lot {
	cells := t.query.Cells
	var all []lot
	var seen numbering
	var dense []int32 // the number of the lot plus 1
	const most = 1 << 21
	if size := float64(groups) * float64(cells) * float64(lists); size <= most {
		dense = make([]int32, int(size))
	}
	f, terms := t.frame, t.query.Terms
	weights, scale, lots := f.ByRow.Weights, math.Ldexp(1, f.Exponent), f.ByRow.Lots
	for i, c := range t.query.Cell {
		if from, to := terms.Entries(i); c < 0 || from == to || weights[i] == 0 {
			continue
		}
		l, g := of[i], group[i]
		var k int32
		if dense != nil {
			at := &dense[(int(g)*cells+int(c))*lists+int(l)]
			if *at == 0 {
				all = append(all, lot{row: int32(i), list: l, group: g, cell: c})
				*at = int32(len(all))
			}
			k = *at - 1
		} else {
			var isNew bool
			k, isNew = seen.number(mixed(mixed(uint64(g), uint64(c)), uint64(l)), func(k int32) bool {
				return all[k].group == g && all[k].list == l && all[k].cell == c
			})
			if isNew {
				all = append(all, lot{row: int32(i), list: l, group: g, cell: c})
			}
		}
		if lots == nil {
			all[k].add(int64(weights[i] * scale))
		} else {
			all[k].weighed = all[k].plus(weighed{lots.N[i], lots.Sum[i], lots.Square[i]})
		}
	}
	return all
}

// byLot makes the pass over the rows lot by lot.
func (t *Totals) byLot() lots {
	f := t.frame
	out := lots{totals: t}
	enter := func(stratum, row int32, w weighed) {
		out.row = append(out.row, row)
		out.alike = append(out.alike, w.alike(stratum, f.Exponent))
	}
	of, content := t.query.Terms.lists()
	if of == nil {
		out.row, out.alike = make([]int32, 0, len(t.query.Cell)), make([]stats.Alike, 0, len(t.query.Cell))
		t.eachAlike(enter)
		t.byRow()
		return out
	}
	all, a := t.alike(f.ByRow.Stratum, f.Strata, of, len(content)), t.adder()
	slices.SortFunc(all, func(a, b lot) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.cell, b.cell), cmp.Compare(content[a.list], content[b.list]))
	})
	for k := range all {
		l := &all[k]
		enter(l.group, l.row, l.weighed)
		a.enter(l.row, &l.weighed)
	}
	a.leave(func(int, Wide) {})
	t.take(a.totals)
	return out
}

// eachAlike visits lots where most rows have entries of their own, in the order of a hash
// of what the rows of a lot share.
func (t *Totals) eachAlike(visit func(stratum, row int32, w weighed)) {
	type hashed struct {
		hash         uint64
		weight       float64
		row, stratum int32
	}
	f, terms, cell := t.frame, t.query.Terms, t.query.Cell
	weights, stratum, scale, weigh := f.ByRow.Weights, f.ByRow.Stratum, math.Ldexp(1, f.Exponent), f.weighing()
	enter := func(w *weighed, r hashed) {
		if f.ByRow.Lots == nil {
			w.add(int64(r.weight * scale))
		} else {
			*w = w.plus(weigh(r.row))
		}
	}
	rows := make([]hashed, 0, len(cell))
	for i, c := range cell {
		if from, to := terms.Entries(i); c >= 0 && from < to && weights[i] != 0 {
			rows = append(rows, hashed{mixed(mixed(terms.content(from, to), uint64(stratum[i])), uint64(c)), weights[i], int32(i), stratum[i]})
		}
	}
	// Rows are sorted in two steps, first into buckets that fit the processor's cache.
	const aBucket = 512
	shift := 64 - bits.Len(uint(len(rows)/aBucket))
	start := make([]int, 2+1<<(64-shift))
	bucket := func(r hashed) int { return int(r.hash >> shift) }
	for _, r := range rows {
		start[bucket(r)+2]++
	}
	for k := 2; k < len(start); k++ {
		start[k] += start[k-1]
	}
	sorted := make([]hashed, len(rows))
	for _, r := range rows {
		at := &start[bucket(r)+1]
		sorted[*at] = r
		*at++
	}
	for k := range len(start) - 2 {
		in := sorted[start[k]:start[k+1]]
		slices.SortFunc(in, func(a, b hashed) int { return cmp.Compare(a.hash, b.hash) })
		for len(in) > 0 {
			first, n := in[0], 1
			var w weighed
			enter(&w, first)
			for ; n < len(in) && in[n].hash == first.hash && in[n].stratum == first.stratum && cell[in[n].row] == cell[first.row] && terms.same(first.row, in[n].row); n++ {
				enter(&w, in[n])
			}
			visit(first.stratum, first.row, w)
			in = in[n:]
		}
	}
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

// distinct numbers the distinct lists of entries, once.
type distinct struct {
	once    sync.Once
	of      []int32
	content []uint64
}

// lists numbers the distinct lists of entries: the number of each row's, and a hash of
// each, which depends on nothing but what the list holds. They are nil where most rows
// have entries of their own, such as amounts of money.
func (t *Terms) lists() (of []int32, content []uint64) {
	t.distinct.once.Do(func() {
		d := &t.distinct
		if t.List != nil {
			d.of, d.content = t.List, make([]uint64, len(t.Start)-1)
			for l := range d.content {
				d.content[l] = t.content(t.Start[l], t.Start[l+1])
			}
			return
		}
		d.of = make([]int32, len(t.Start)-1)
		var first []int32
		var seen numbering
		for i := range d.of {
			from, to := t.Entries(i)
			h := t.content(from, to)
			k, isNew := seen.number(h, func(k int32) bool { return t.same(first[k], int32(i)) })
			if isNew {
				first, d.content = append(first, int32(i)), append(d.content, h)
			}
			if d.of[i] = k; !worthSharing(len(first), i+1) {
				d.of, d.content = nil, nil
				return
			}
		}
	})
	return t.distinct.of, t.distinct.content
}

// worthSharing reports whether so many distinct lists of so many rows are worth to be
// kept once.
func worthSharing(lists, rows int) bool {
	const enoughToTell = 1000
	return lists <= enoughToTell+(rows-1)/2
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
	return n, !known, worthSharing(len(s.seen), s.rows)
}
