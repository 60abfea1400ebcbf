package survey

import (
	"strconv"
	"strings"
)

// FormatNumber writes x as the shortest decimal that reads back exactly,
// without an exponent for everyday magnitudes.
func FormatNumber(x float64) string {
	if a := abs(x); a != 0 && (a < 1e-6 || a >= 1e15) {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

// FormatCount writes a whole number, zero or more, with commas between
// thousands: "6,120".
func FormatCount(n int) string { return Thousands(strconv.Itoa(n)) }

// Thousands puts commas between groups of three digits.
func Thousands(digits string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}
