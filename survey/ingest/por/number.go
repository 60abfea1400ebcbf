package por

import (
	"math"
	"math/big"
	"strings"
)

const (
	base   = 30
	digits = "0123456789ABCDEFGHIJKLMNOPQRST"
	// maxDigits and maxExponent bound the work for one number; no float64 needs more.
	maxDigits   = 400
	maxExponent = 400
	// exactDigits is how many digits, and powers of 30, a float64 holds exactly.
	exactDigits = 10
)

// number reads a number up to its stroke: blanks, a minus, base-30 digits with a
// point among them, and an exponent of 30. An asterisk and one more character are
// the missing value, NaN.
func (s *scanner) number() float64 {
	for s.peek() == ' ' {
		s.next()
	}
	if s.peek() == '*' {
		s.take(2)
		return math.NaN()
	}
	negative := s.accept('-')
	whole := s.digits(nil)
	all, exponent := whole, 0
	if s.accept('.') {
		all = s.digits(whole)
		exponent = len(whole) - len(all)
	}
	switch {
	case s.accept('+'):
		exponent += s.exponent()
	case s.accept('-'):
		exponent -= s.exponent()
	}
	if c := s.next(); s.err == nil && (c != '/' || len(all) == 0) {
		s.damage("here should be a number in base 30 and a stroke, and it goes on with %q", rune(c))
	}
	x := scaled(all, exponent)
	if math.IsInf(x, 0) {
		s.damage("a number is too large")
	}
	if negative {
		return -x
	}
	return x
}

// accept reads the character c if it is the next one.
func (s *scanner) accept(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.next()
	return true
}

// digits appends the values of the base-30 digits that follow.
func (s *scanner) digits(all []byte) []byte {
	for s.err == nil {
		d := strings.IndexByte(digits, s.peek())
		if d < 0 {
			break
		}
		if len(all) == maxDigits {
			s.damage("a number has more than %d digits", maxDigits)
			break
		}
		all = append(all, byte(d))
		s.next()
	}
	return all
}

// exponent reads an exponent without its sign.
func (s *scanner) exponent() (e int) {
	for _, d := range s.digits(nil) {
		e = min(base*e+int(d), maxExponent+1)
	}
	if e > maxExponent {
		s.damage("a number has an exponent beyond %d", maxExponent)
	}
	return e
}

// scaled is the number with these digits times 30 to the exponent, rounded to the nearest float64.
func scaled(digits []byte, exponent int) float64 {
	if len(digits) <= exactDigits && -exactDigits <= exponent && exponent <= 0 {
		return float64(value(digits)) / math.Pow(base, float64(-exponent))
	}
	// 64 bits more than a float64 has keep the roundings on the way out of the result.
	const precision = 53 + 64
	x := new(big.Float).SetPrec(precision)
	for _, d := range digits {
		x.Mul(x, big.NewFloat(base)).Add(x, big.NewFloat(float64(d)))
	}
	power := new(big.Float).SetPrec(precision).SetInt(new(big.Int).Exp(big.NewInt(base), big.NewInt(int64(max(exponent, -exponent))), nil))
	if exponent < 0 {
		x.Quo(x, power)
	} else {
		x.Mul(x, power)
	}
	f, _ := x.Float64()
	return f
}

// value is the whole number with these digits.
func value(digits []byte) (u uint64) {
	for _, d := range digits {
		u = base*u + uint64(d)
	}
	return u
}
