package engine

import (
	"math"
	"math/bits"
)

// membership marks the members of each total, PSUs or lots of rows, so that the
// members of several totals are counted by a union of bits.
type membership struct {
	in []bitset
	// stratum is the stratum of each member.
	stratum []int32
	// psus are the PSUs of a member; nil where each member is a PSU.
	psus []int
}

// DF are the degrees of freedom of the rows of the listed totals, which may
// overlap: PSUs minus strata that hold such a row with a nonzero weight, or
// with replicate weights what Frame.DF says. They are NaN where rows are groups and their
// sums do not give the rank of the replicate weights.
func (t *Totals) DF(js []int) float64 {
	if t.frame.Replicates != nil {
		return t.replicateDF(js)
	}
	m := t.members()
	psus, strata, seen := 0, 0, make([]bool, t.frame.Strata)
	union(m.in, js, func(k int) {
		if m.psus == nil {
			psus++
		} else {
			psus += m.psus[k]
		}
		if h := m.stratum[k]; !seen[h] {
			seen[h] = true
			strata++
		}
	})
	return float64(psus - strata)
}

// certain reports whether all rows of the listed totals are in strata that
// were taken whole.
func (t *Totals) certain(js []int) bool {
	m, all := t.members(), true
	union(m.in, js, func(k int) { all = all && t.frame.whole[m.stratum[k]] })
	return all
}

func (t *Totals) replicateDF(js []int) float64 {
	if t.parts != nil {
		return t.partsDF(js)
	}
	in := make([]bool, len(t.Sum))
	for _, j := range js {
		in[j] = true
	}
	row := make([]bool, len(t.frame.ByRow.Weights))
	t.eachEntry(func(i, j int, _ float64) { row[i] = row[i] || in[j] })
	return t.frame.DF(func(i int) bool { return row[i] })
}

// partsDF is replicateDF of joined totals, which is known where they are of one part.
func (t *Totals) partsDF(js []int) float64 {
	part, totals := -1, make([]int, len(js))
	for k, j := range js {
		if at := t.from[j]; part < 0 || part == at.part {
			part, totals[k] = at.part, at.total
		} else {
			return math.NaN()
		}
	}
	if part < 0 {
		return -1
	}
	return t.parts[part].DF(totals)
}

// bitset is a set of small whole numbers.
type bitset []uint64

func bitsets(n, size int) []bitset {
	words := (size + 63) / 64
	flat := make([]uint64, n*words)
	sets := make([]bitset, n)
	for j := range sets {
		sets[j] = flat[j*words : (j+1)*words]
	}
	return sets
}

func (b bitset) set(i int) { b[i/64] |= 1 << (i % 64) }

// union visits the members of any of the listed sets.
func union(sets []bitset, js []int, visit func(i int)) {
	if len(js) == 0 {
		return
	}
	for k := range sets[js[0]] {
		var word uint64
		for _, j := range js {
			word |= sets[j][k]
		}
		for ; word != 0; word &= word - 1 {
			visit(64*k + bits.TrailingZeros64(word))
		}
	}
}
