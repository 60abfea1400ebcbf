package delimited

import (
	"math"
	"strconv"
	"strings"
)

// verdict says whether a cell is a number that a float64 stands for truly.
type verdict uint8

const (
	notNumber   verdict = iota
	plainNumber         // digits, at most one decimal mark, an exponent
	codeNumber          // leading zeros: a code, not a quantity
	longNumber          // an integer that a float64 cannot hold
)

// maxExact is 2^53: float64 holds every integer up to it.
const maxExact = 1 << 53

// tens are powers of ten, all exact, as far as the digits of a uint64 reach.
var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// parseNumber reads [+-]digits[mark digits][e[+-]digits], correctly rounded.
// An exact integer over an exact power of ten is rounded once, so the quotient
// of both is the nearest float64 (Clinger 1990); longer numbers go to strconv.
func parseNumber[T string | []byte](s T, mark byte) (float64, verdict) {
	i, negative := 0, false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		i, negative = 1, s[0] == '-'
	}
	start := i
	mantissa, i := digits(s, i, 0)
	whole, fraction := i-start, 0
	if i < len(s) && s[i] == mark {
		point := i
		mantissa, i = digits(s, i+1, mantissa)
		fraction = i - point - 1
	}
	switch {
	case whole+fraction == 0:
		return 0, notNumber
	case i < len(s) && s[i] != 'e' && s[i] != 'E':
		return 0, notNumber
	case whole > 1 && s[start] == '0':
		return 0, codeNumber
	case whole == len(s)-start && (whole > 19 || mantissa > maxExact):
		return 0, longNumber
	case i < len(s) || whole+fraction > 19 || mantissa > maxExact:
		return parseSlowly(string(s), mark)
	}
	x := float64(mantissa) / tens[fraction]
	if negative {
		x = -x
	}
	return x, plainNumber
}

// digits adds the digits from i on to n, which wraps beyond 19 of them.
func digits[T string | []byte](s T, i int, n uint64) (uint64, int) {
	for i < len(s) {
		d := s[i] - '0'
		if d > 9 {
			break
		}
		n = n*10 + uint64(d)
		i++
	}
	return n, i
}

// parseSlowly leaves exponents and many digits to strconv; a number beyond
// float64 is none.
func parseSlowly(s string, mark byte) (float64, verdict) {
	if mark != '.' {
		s = strings.Replace(s, string(mark), ".", 1)
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, notNumber
	}
	return x, plainNumber
}

// integer reads a cell that is a short integer without sign or leading zero, or
// empty, and steps behind it. These are most cells of a survey; all others are
// left to next and parseNumber.
func (s *scanner) integer() (x float64, ok bool) {
	text, i, n := s.text, s.pos, int64(0)
	for i < len(text) {
		d := text[i] - '0'
		if d > 9 {
			break
		}
		n = n*10 + int64(d)
		i++
	}
	size := i - s.pos
	if i == len(text) || text[i] != s.delim || size > 15 || size > 1 && text[s.pos] == '0' {
		return 0, false
	}
	s.pos = i + 1
	if size == 0 {
		return math.NaN(), true
	}
	return float64(n), true
}
