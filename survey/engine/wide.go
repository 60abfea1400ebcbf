package engine

import (
	"math"
	"math/bits"
)

// Wide is a signed whole number of 192 bits, the most significant 64 first. Weights are
// added up as whole numbers, since such sums are the same in any order of the rows, over
// any number of goroutines and in any engine, which sums of fractions are not.
type Wide [3]uint64

// Bits is the size of weights as whole numbers: all digits of a weight over 1/512 of the
// largest one. Sums of 2³¹ squares of them are numbers of 155 bits.
const Bits = 62

// Exponent is the power of 2 that makes whole numbers of Bits bits of weights up to a
// size; 0 of 0.
func Exponent(largest float64) int {
	if largest == 0 {
		return 0
	}
	const most = 1000 // 2^most is still a number
	_, exponent := math.Frexp(largest)
	return min(max(Bits-exponent, -most), most)
}

// Whole is w·2^exponent as a whole number, W, without what is after the point.
func Whole(w float64, exponent int) int64 { return int64(w * math.Ldexp(1, exponent)) }

// WideOf is a whole number of 64 bits.
func WideOf(x int64) Wide { return Wide{uint64(x >> 63), uint64(x >> 63), uint64(x)} }

// Plus is a + b.
func (a Wide) Plus(b Wide) Wide {
	lo, carry := bits.Add64(a[2], b[2], 0)
	middle, carry := bits.Add64(a[1], b[1], carry)
	return Wide{a[0] + b[0] + carry, middle, lo}
}

// Minus is −a.
func (a Wide) Minus() Wide {
	lo, borrow := bits.Sub64(0, a[2], 0)
	middle, borrow := bits.Sub64(0, a[1], borrow)
	return Wide{0 - a[0] - borrow, middle, lo}
}

// Left is a·2^n.
func (a Wide) Left(n int) Wide {
	for ; n >= 64; n -= 64 {
		a = Wide{a[1], a[2], 0}
	}
	if n == 0 {
		return a
	}
	return Wide{a[0]<<n | a[1]>>(64-n), a[1]<<n | a[2]>>(64-n), a[2] << n}
}

// Times is a·x.
func (a Wide) Times(x uint64) Wide {
	negative := int64(a[0]) < 0
	if negative {
		a = a.Minus()
	}
	fromLow, lo := bits.Mul64(a[2], x)
	fromMiddle, middle := bits.Mul64(a[1], x)
	middle, carry := bits.Add64(middle, fromLow, 0)
	out := Wide{a[0]*x + fromMiddle + carry, middle, lo}
	if negative {
		return out.Minus()
	}
	return out
}

// Square is x².
func Square(x int64) Wide {
	size := uint64(max(x, -x))
	hi, lo := bits.Mul64(size, size)
	return Wide{0, hi, lo}
}

// Float is a·2^−exponent, rounded once.
func (a Wide) Float(exponent int) float64 {
	if int64(a[0]) < 0 {
		return -a.Minus().Float(exponent)
	}
	top, low, shift := a[1], a[2], 0
	switch {
	case a[0] != 0:
		top, low, shift = a[0], a[1]|sticky(a[2]), 64
	case top == 0:
		return math.Ldexp(float64(low), -exponent)
	}
	// The 64 leading bits, with one that says whether any below is set, are what rounding
	// depends on.
	n := bits.LeadingZeros64(top)
	lead := float64(top<<n | low>>(64-n) | sticky(low<<n))
	return math.Ldexp(lead, shift+64-n-exponent)
}

// sticky is 1 where any bit is set.
func sticky(x uint64) uint64 {
	if x != 0 {
		return 1
	}
	return 0
}

// span is how much smaller than the largest number, as a power of two, a number may be
// and keep all its digits in a sum of 2³¹ products with weights.
const span = 191 - Bits - 31 - 53

// unit is the exponent of the smallest bit that sums of numbers up to a size keep.
func unit(largest float64) int {
	if largest == 0 {
		return 0
	}
	_, exponent := math.Frexp(largest)
	return max(exponent-53-span, -1074)
}

// product is a·x·2^−unit, for a number x whose bits below the unit are rounded off.
func product(a Wide, x float64, unit int) Wide {
	word := math.Float64bits(x)
	mantissa, exponent := word&(1<<52-1), int(word>>52&0x7ff)
	if exponent == 0 {
		exponent = 1
	} else {
		mantissa |= 1 << 52
	}
	shift := exponent - 1075 - unit
	if shift < 0 {
		mantissa, shift = (mantissa>>min(-shift-1, 63)+1)>>1, 0
	}
	p := a.Times(mantissa).Left(shift)
	if word>>63 == 1 {
		return p.Minus()
	}
	return p
}

// scatter is √(Σ W² − (Σ W)²/n)·2^−exponent of n weights with the sums given: without
// rounding before the root, so that equal weights have none.
func scatter(n int, sum, square Wide, exponent int) float64 {
	if n < 2 {
		return 0
	}
	squared := sum.Times(sum[2]).Plus(sum.Times(sum[1]).Left(64))
	return math.Sqrt(square.Times(uint64(n)).Plus(squared.Minus()).Float(2*exponent) / float64(n))
}
