// Package screen looks at data as they came from the field, before anything is
// estimated: weights, routed questions, straight lines in grids, identical
// answers and hasty interviews. It counts; what a count means is for a person
// to judge. Row numbers are 1-based.
package screen

import (
	"math/bits"

	"surveykit/survey"
)

// bitset holds one bit a row.
type bitset []uint64

func newBitset(rows int) bitset { return make(bitset, (rows+63)/64) }

func (b bitset) set(i int) { b[i/64] |= 1 << (i % 64) }

func (b bitset) count() int {
	n := 0
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// common counts the rows of both.
func (b bitset) common(other bitset) int {
	n := 0
	for k, word := range b {
		n += bits.OnesCount64(word & other[k])
	}
	return n
}

// asked marks the rows whose respondents were asked.
func asked(v *survey.Variable) bitset {
	out := newBitset(v.Len())
	for i, was := range v.Asked() {
		if was {
			out.set(i)
		}
	}
	return out
}
