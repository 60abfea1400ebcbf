package expression

import (
	"math"

	"surveykit/survey"
)

// blockRows keeps the columns of a block in the processor's nearest cache.
const blockRows = 1024

// truth is Kleene's third value between false and true: and is the least of
// two, or the greatest, not the mirror image.
type truth int8

const (
	no truth = iota
	unknown
	yes
)

// A number or a condition is a compiled node: it gives the values of a block's
// rows, in a slice that the caller must not change.
type (
	number    func(*block) []float64
	condition func(*block) []truth
)

// block is a run of rows with the scratch columns of one evaluation.
type block struct {
	from, to int
	numbers  scratch[float64]
	truths   scratch[truth]
}

func (b *block) rows() int { return b.to - b.from }

// scratch lends columns that are free again at the next block.
type scratch[T any] struct {
	columns [][]T
	used    int
}

func (s *scratch[T]) borrow(rows int) []T {
	if s.used == len(s.columns) {
		s.columns = append(s.columns, make([]T, blockRows))
	}
	s.used++
	return s.columns[s.used-1][:rows]
}

func constant(x float64) number {
	return func(b *block) []float64 {
		out := b.numbers.borrow(b.rows())
		for i := range out {
			out[i] = x
		}
		return out
	}
}

func column(numbers *survey.NumberColumn) number {
	return func(b *block) []float64 { return numbers.Rows(b.from, b.to, b.numbers.borrow(b.rows())) }
}

// apply makes a number of one number.
func apply(f func(float64) float64, x number) number {
	return func(b *block) []float64 {
		in, out := x(b), b.numbers.borrow(b.rows())
		for i, v := range in {
			out[i] = f(v)
		}
		return out
	}
}

// combine makes a number of two. An infinite result, as of x / 0, does not
// exist; it must not go on to 1 / (x / 0) = 0.
func combine(f func(x, y float64) float64, left, right number) number {
	return func(b *block) []float64 {
		l, r, out := left(b), right(b), b.numbers.borrow(b.rows())
		for i, x := range l {
			z := f(x, r[i])
			if math.IsInf(z, 0) {
				z = math.NaN()
			}
			out[i] = z
		}
		return out
	}
}

// compare makes a condition of two numbers, unknown where one does not exist.
func compare(holds func(x, y float64) bool, left, right number) condition {
	return func(b *block) []truth {
		l, r, out := left(b), right(b), b.truths.borrow(b.rows())
		for i, x := range l {
			out[i] = known(holds(x, r[i]), exists(x) && exists(r[i]))
		}
		return out
	}
}

// among is x in [values].
func among(x number, values []float64) condition {
	return func(b *block) []truth {
		in, out := x(b), b.truths.borrow(b.rows())
		for i, v := range in {
			out[i] = known(contains(values, v), exists(v))
		}
		return out
	}
}

// isOne says for each row whether its place is 1; a row at -1 has no value.
func isOne(places survey.Places) condition {
	return func(b *block) []truth {
		out := b.truths.borrow(b.rows())
		for i := range out {
			k := places.At(b.from + i)
			out[i] = known(k == 1, k >= 0)
		}
		return out
	}
}

// sameTexts compares two text columns; to[k] is entry k of the left dictionary
// in the right one, -1 where it has none.
func sameTexts(left, right *survey.Places, to []int32) condition {
	return func(b *block) []truth {
		out := b.truths.borrow(b.rows())
		for i := range out {
			k, other := left.At(b.from+i), right.At(b.from+i)
			out[i] = known(k >= 0 && to[k] == other, k >= 0 && other >= 0)
		}
		return out
	}
}

// given reports whether the row's flag is want.
func given(flags func() []bool, want bool) condition {
	return func(b *block) []truth {
		out := b.truths.borrow(b.rows())
		for i, flag := range flags()[b.from:b.to] {
			out[i] = known(flag == want, true)
		}
		return out
	}
}

func both(left, right condition) condition {
	return func(b *block) []truth {
		l, r, out := left(b), right(b), b.truths.borrow(b.rows())
		for i, x := range l {
			out[i] = min(x, r[i])
		}
		return out
	}
}

func either(left, right condition) condition {
	return func(b *block) []truth {
		l, r, out := left(b), right(b), b.truths.borrow(b.rows())
		for i, x := range l {
			out[i] = max(x, r[i])
		}
		return out
	}
}

func not(x condition) condition {
	return func(b *block) []truth {
		in, out := x(b), b.truths.borrow(b.rows())
		for i, v := range in {
			out[i] = yes - v
		}
		return out
	}
}

func known(holds, isKnown bool) truth {
	switch {
	case !isKnown:
		return unknown
	case holds:
		return yes
	}
	return no
}

// exists is false for NaN and the infinities: their difference is never 0.
func exists(x float64) bool { return x-x == 0 }

func contains(values []float64, x float64) bool {
	for _, v := range values {
		if v == x {
			return true
		}
	}
	return false
}
