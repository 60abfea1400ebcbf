package engine

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"surveykit/stats"
)

// lots is the spread where each row is a unit: rows of one stratum and kind differ only in
// their weights, so a million rows are a few thousand lots. They are in an order of their
// own, whatever that of the rows.
type lots struct {
	totals *Totals
	alike  []stats.Alike
	// kind is the kind of the rows of each lot in of.
	kind []int32
	of   Pass
}

// lot are rows of one kind and one group, a stratum or a unit.
type lot struct {
	weighed
	group, kind int32
}

// lotsOf puts the rows of some groups together that are of one kind, by group and kind.
func (t *Totals) lotsOf(group []int32, groups int) []lot {
	kinds := len(t.query.Cell)
	var all []lot
	if float64(groups)*float64(kinds) <= denseLots {
		sums := make([]weighed, groups*kinds)
		t.weigh(sums, group)
		for at, w := range sums {
			if w.n > 0 {
				all = append(all, lot{w, int32(at / kinds), int32(at % kinds)})
			}
		}
		return all
	}
	seen, weigh := newPairs(groups, kinds), t.frame.weighing()
	t.query.each(func(i int, kind int32) {
		w := weigh(int32(i))
		if w.n == 0 {
			return
		}
		k, isNew := seen.number(group[i], kind)
		if isNew {
			all = append(all, lot{group: group[i], kind: kind})
		}
		all[k].weighed = all[k].plus(w)
	})
	slices.SortFunc(all, func(a, b lot) int { return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.kind, b.kind)) })
	return all
}

// denseLots are how many lots are added up in an array, whether or not there are any rows
// of each: as many as stay near to the processor.
const denseLots = 1 << 18

// weigh adds the weights of rows up by kind, group by group; without groups, all together.
func (t *Totals) weigh(sums []weighed, group []int32) {
	f, kinds := t.frame, len(t.query.Cell)
	weigh := f.weighing()
	if f.ByRow.Lots != nil {
		t.query.each(func(i int, k int32) {
			at := int(k)
			if group != nil {
				at += int(group[i]) * kinds
			}
			sums[at] = sums[at].plus(weigh(int32(i)))
		})
		return
	}
	var block [4096]int32
	scale := math.Ldexp(1, f.Exponent)
	for from := 0; from < len(f.ByRow.Weights); from += len(block) {
		to := min(from+len(block), len(f.ByRow.Weights))
		weights, rows := f.ByRow.Weights[from:to], t.query.Kind.Rows(from, to, block[:])
		if group == nil {
			for i, k := range rows {
				if w := weights[i]; k >= 0 && w != 0 {
					sums[k].add(int64(w * scale))
				}
			}
			continue
		}
		for i, g := range group[from:to] {
			if k, w := rows[i], weights[i]; k >= 0 && w != 0 {
				sums[int(g)*kinds+int(k)].add(int64(w * scale))
			}
		}
	}
}

// byLot makes the pass over the rows lot by lot.
func (t *Totals) byLot() lots {
	f := t.frame
	out := lots{totals: t, of: t.query}
	enter := func(stratum, kind int32, w weighed) {
		out.kind = append(out.kind, kind)
		out.alike = append(out.alike, w.alike(stratum, f.Exponent))
	}
	if !t.query.kinds() {
		out.kind, out.alike = make([]int32, 0, len(t.query.Cell)), make([]stats.Alike, 0, len(t.query.Cell))
		out.of = t.query.in(func(add func(row int32)) {
			t.eachAlike(func(stratum, row int32, w weighed) {
				enter(stratum, int32(len(out.kind)), w)
				add(row)
			})
		})
		t.byRow()
		return out
	}
	a := t.adder()
	for _, l := range t.lotsOf(f.ByRow.Stratum, f.Strata) {
		if from, to := t.query.Terms.Entries(int(l.kind)); from == to {
			continue
		}
		enter(l.group, l.kind, l.weighed)
		a.enterBoth(l.kind, l.weighed)
	}
	a.leave(func(int, Wide) {})
	t.take(a.totals)
	return out
}

// eachAlike visits lots where most rows are kinds of their own, in the order of a hash of
// what the rows of a lot share.
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
			for ; n < len(in) && in[n].hash == first.hash && in[n].stratum == first.stratum && cell[in[n].row] == cell[first.row] && terms.equal(first.row, in[n].row); n++ {
				enter(&w, in[n])
			}
			visit(first.stratum, first.row, w)
			in = in[n:]
		}
	}
}

func (l lots) deviations(gradient []float64, asked []bool) []float64 {
	e := make([]float64, len(l.kind))
	f := l.totals.frame
	var touched []bool
	if f.alone {
		touched = make([]bool, f.Strata)
	}
	cells := make([]bool, l.of.Cells) // that count
	for j, g := range gradient {
		cells[j/l.of.Terms.Count] = cells[j/l.of.Terms.Count] || g != 0 || touched != nil && asked[j]
	}
	for k, i := range l.kind {
		if !cells[l.of.Cell[i]] {
			continue
		}
		l.of.entries(i, func(j int, x float64) {
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
	m := membership{in: bitsets(len(l.totals.Sum), len(l.kind)), stratum: make([]int32, len(l.kind)), psus: make([]int, len(l.kind))}
	for k, a := range l.alike {
		m.stratum[k], m.psus[k] = a.Group, a.Units
		l.of.entries(l.kind[k], func(j int, _ float64) { m.in[j].set(k) })
	}
	return m
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

// number is the number of a thing, given its hash and what sets it apart from others of
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

// pairs numbers pairs of small whole numbers from 0 in the order in which they first come.
type pairs struct {
	pair    []pair
	seconds int
	dense   []int32 // the number of each pair plus 1; nil where there may be too many
	seen    numbering
}

type pair struct{ first, second int32 }

func newPairs(firsts, seconds int) *pairs {
	const most = 1 << 21
	p := &pairs{seconds: seconds}
	if float64(firsts)*float64(seconds) <= most {
		p.dense = make([]int32, firsts*seconds)
	}
	return p
}

func (p *pairs) number(first, second int32) (n int32, isNew bool) {
	if p.dense != nil {
		at := &p.dense[int(first)*p.seconds+int(second)]
		if isNew = *at == 0; isNew {
			p.pair = append(p.pair, pair{first, second})
			*at = int32(len(p.pair))
		}
		return *at - 1, isNew
	}
	n, isNew = p.seen.number(mixed(mixed(1, uint64(first)), uint64(second)), func(k int32) bool { return p.pair[k] == pair{first, second} })
	if isNew {
		p.pair = append(p.pair, pair{first, second})
	}
	return n, isNew
}
