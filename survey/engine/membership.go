package engine

import "math/bits"

// membership marks for each total the PSUs and the strata that hold rows
// behind it, so that the rows of several totals are counted by a union of bits.
type membership struct{ psu, stratum []bitset }

// membership reads the PSUs off the unit totals where units are PSUs, for a
// unit with members has a positive sum of weights, and else off the rows.
func (t *Totals) membership() membership {
	f := t.frame
	m := membership{bitsets(len(t.Sum), f.PSUs), bitsets(len(t.Sum), f.Strata)}
	if t.unit == nil || len(f.Stages) > 1 {
		t.eachEntry(func(i, j int, _ float64) {
			if f.Weights[i] != 0 {
				m.psu[j].set(int(f.PSU[i]))
				m.stratum[j].set(int(f.Stratum[i]))
			}
		})
		return m
	}
	for j, total := range t.unit {
		for u, x := range total {
			if x != 0 {
				m.psu[j].set(u)
				m.stratum[j].set(int(f.Stages[0].Group[u]))
			}
		}
	}
	return m
}

// DF are the degrees of freedom of the rows behind the listed totals, which may
// overlap: PSUs minus strata that hold such a row with a nonzero weight, or
// with replicate weights what Frame.DF says.
func (t *Totals) DF(js []int) float64 {
	if t.frame.Replicates != nil {
		return t.replicateDF(js)
	}
	m := t.members()
	return float64(union(m.psu, js) - union(m.stratum, js))
}

func (t *Totals) replicateDF(js []int) float64 {
	in := make([]bool, len(t.Sum))
	for _, j := range js {
		in[j] = true
	}
	row := make([]bool, t.frame.Rows)
	t.eachEntry(func(i, j int, _ float64) { row[i] = row[i] || in[j] })
	return t.frame.DF(func(i int) bool { return row[i] })
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

// union counts the members of any of the listed sets.
func union(sets []bitset, js []int) int {
	if len(js) == 0 {
		return 0
	}
	n := 0
	for k := range sets[js[0]] {
		var word uint64
		for _, j := range js {
			word |= sets[j][k]
		}
		n += bits.OnesCount64(word)
	}
	return n
}
