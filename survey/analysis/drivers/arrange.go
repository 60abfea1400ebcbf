package drivers

import (
	"cmp"
	"math"
	"slices"
)

// arrange puts the rows of the model and the PSUs into an order that depends on
// what they hold alone, so that neither what is drawn for PSUs nor the rounding of
// sums depends on the order of the table's rows or on how PSUs and strata are
// called. What holds the same changes nothing when it changes places.
func (m *model) arrange() {
	frame := m.sample.Frame()
	held := make([]uint64, m.sample.Table().Rows)
	for i, complete := range m.matrix.Complete {
		if !complete {
			continue
		}
		m.rows = append(m.rows, i)
		h := scramble(math.Float64bits(frame.ByRow.Weights[i]) ^ scramble(math.Float64bits(m.matrix.Y[i])))
		x := m.matrix.X
		for k := x.Start[i]; k < x.Start[i+1]; k++ {
			h = scramble(h ^ uint64(x.Index[k]))
			if x.Value != nil {
				h = scramble(h ^ math.Float64bits(x.Value[k]))
			}
		}
		held[i] = h
	}
	place := m.arrangePSUs(held)
	slices.SortFunc(m.rows, func(a, b int) int {
		if c := cmp.Compare(held[a], held[b]); c != 0 || place == nil {
			return c
		}
		return cmp.Compare(place[frame.ByRow.PSU[a]], place[frame.ByRow.PSU[b]])
	})
}

// arrangePSUs puts the PSUs in order, those of a stratum after each other, and
// returns the place of each; nil with replicate weights, which have none.
func (m *model) arrangePSUs(held []uint64) (place []int) {
	frame := m.sample.Frame()
	if frame.Replicates != nil {
		return nil
	}
	psu, strata := make([]uint64, frame.PSUs), make([]uint64, frame.Strata)
	stratum := make([]int32, frame.PSUs)
	for i, p := range frame.ByRow.PSU {
		stratum[p] = frame.ByRow.Stratum[i]
		psu[p] += held[i]
	}
	for p, h := range stratum {
		strata[h] += scramble(psu[p])
		m.psus = append(m.psus, int32(p))
	}
	slices.SortFunc(m.psus, func(a, b int32) int {
		g, h := stratum[a], stratum[b]
		return cmp.Or(cmp.Compare(strata[g], strata[h]), cmp.Compare(g, h), cmp.Compare(psu[a], psu[b]))
	})
	place = make([]int, len(m.psus))
	for k, p := range m.psus {
		place[p] = k
	}
	return place
}

// scramble spreads a number over all bits: the finish of SplitMix64 (Steele, Lea &
// Flood 2014).
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
