package delimited

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"surveykit/survey"
)

// verdict says whether a cell is a number that a float64 can hold.
type verdict uint8

const (
	notNumber   verdict = iota
	plainNumber         // digits, at most one decimal mark, an exponent
	codeNumber          // leading zeros: a code, not a quantity
	longNumber          // an integer that a float64 cannot hold
)

// maxExact is 2^53: float64 holds every integer up to it.
const maxExact = 1 << 53

// tens are the powers of ten up to the digits of a uint64, all exact.
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

// parseSlowly leaves exponents and many digits to strconv; a number beyond the range
// of float64 is not a number.
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

// small reads a cell that is a whole number below 1000 without leading zeros, or is
// empty, n = -1, and steps over it. These are most cells of a survey; all others are
// left to next and parseNumber.
func (s *scanner) small() (n int, ok bool) {
	text, i := s.text, s.pos
	for i < len(text) && text[i]-'0' <= 9 && i < s.pos+4 {
		n = n*10 + int(text[i]-'0')
		i++
	}
	size := i - s.pos
	if i == len(text) || text[i] != s.delim || size > 3 || size > 1 && text[s.pos] == '0' {
		return 0, false
	}
	s.pos = i + 1
	if size == 0 {
		return -1, true
	}
	return n, true
}

const daySeconds = 86400

// ParseDate reads 2019-06-03 (days since 1970-01-01), 2019-06-03T10:11[:12.5][Z]
// with T or a blank (seconds since 1970-01-01 00:00) or [-]10:11:12.5 (seconds;
// hours may exceed 24). Dates that are not in the calendar are refused.
func ParseDate(s string) (x float64, kind survey.Kind, ok bool) {
	if len(s) < 10 || s[4] != '-' {
		positive, negative := strings.CutPrefix(s, "-")
		whole, fraction, ok := parseClock(positive)
		if x = addSeconds(whole, fraction); negative {
			x = -x
		}
		return x, survey.TimeOfDay, ok
	}
	day, err := time.Parse(time.DateOnly, s[:10])
	if err != nil || day.Year() < 1 {
		return 0, "", false
	}
	if len(s) == 10 {
		return float64(day.Unix() / daySeconds), survey.Date, true
	}
	clock := strings.TrimSuffix(s[11:], "Z")
	if len(clock) == len("10:11") {
		clock += ":00"
	}
	whole, fraction, ok := parseClock(clock)
	if s[10] != 'T' && s[10] != ' ' || !ok || whole >= daySeconds || clock[2] != ':' {
		return 0, "", false
	}
	return addSeconds(day.Unix()+whole, fraction), survey.DateTime, true
}

// longestFraction bounds the digits of a fraction; no float64 of these sizes needs more.
const longestFraction = 400

// parseClock reads h:mm:ss[.fraction] as whole seconds and what follows, "" or
// a point and digits, the last of which is not zero.
func parseClock(s string) (whole int64, fraction string, ok bool) {
	hours, rest, _ := strings.Cut(s, ":")
	if len(hours) == 0 || len(hours) > 7 || len(rest) < 5 || rest[2] != ':' {
		return 0, "", false
	}
	h, err := strconv.ParseUint(hours, 10, 32)
	minutes, ok1 := toSixty(rest[:2])
	seconds, ok2 := toSixty(rest[3:5])
	if fraction = rest[5:]; fraction != "" {
		_, end := digits(fraction, 1, 0)
		if fraction[0] != '.' || end == 1 || end < len(fraction) || end > longestFraction {
			return 0, "", false
		}
		fraction = strings.TrimRight(strings.TrimRight(fraction, "0"), ".")
	}
	return int64(h)*3600 + minutes*60 + seconds, fraction, err == nil && ok1 && ok2
}

// toSixty reads 00 to 59.
func toSixty(s string) (n int64, ok bool) {
	if s[0] < '0' || s[0] > '5' || s[1] < '0' || s[1] > '9' {
		return 0, false
	}
	return int64(s[0]-'0')*10 + int64(s[1]-'0'), true
}

// addSeconds is the float64 nearest to whole seconds and a decimal fraction.
func addSeconds(whole int64, fraction string) float64 {
	if fraction == "" {
		return float64(whole)
	}
	sum, _ := new(big.Rat).SetString("0" + fraction)
	x, _ := sum.Add(sum, big.NewRat(whole, 1)).Float64()
	return x
}

// splitSeconds is the inverse of addSeconds for the shortest decimal that rounds
// to x.
func splitSeconds(x float64) (whole int64, fraction string) {
	whole = int64(math.Floor(x))
	text := strconv.FormatFloat(x, 'f', -1, 64)
	_, decimals, _ := strings.Cut(text, ".")
	if decimals == "" {
		return whole, ""
	}
	rest, _ := new(big.Rat).SetString(text)
	rest.Sub(rest, big.NewRat(whole, 1))
	return whole, rest.FloatString(len(decimals))[1:]
}

// The range of four-digit years in seconds from 1970, and the longest time that
// parseClock reads.
const (
	firstSecond = -62135596800
	lastSecond  = 253402300799
	longestTime = 3600e6
)

// FormatDate writes what ParseDate reads back as the same number. It fails for
// years of more than four digits, and for a date that is not a whole day.
func FormatDate(x float64, kind survey.Kind) (string, error) {
	if kind == survey.TimeOfDay {
		if math.Abs(x) >= longestTime {
			return "", fmt.Errorf("%v seconds are too long for a time", x)
		}
		sign := ""
		if math.Signbit(x) {
			sign = "-"
		}
		whole, fraction := splitSeconds(math.Abs(x))
		return fmt.Sprintf("%s%02d:%02d:%02d%s", sign, whole/3600, whole/60%60, whole%60, fraction), nil
	}
	if kind == survey.Date {
		if x != math.Floor(x) {
			return "", fmt.Errorf("%v is not a whole day", x)
		}
		x *= daySeconds
	}
	if x < firstSecond || x >= lastSecond+1 {
		return "", fmt.Errorf("its year does not have four digits")
	}
	whole, fraction := splitSeconds(x)
	moment := time.Unix(whole, 0).UTC()
	if kind == survey.Date {
		return moment.Format(time.DateOnly), nil
	}
	return moment.Format("2006-01-02T15:04:05") + fraction, nil
}
