package survey

import (
	"strconv"
	"strings"

	"surveykit/survey/pattern"
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

var plainNumber = pattern.Lazy(`^[+-]?\d+(\.\d+)?(e[+-]\d+)?$`)

// Guarded puts an apostrophe before a text that starts with = + - @, a tab or a
// line break, plain or full-width, so that no spreadsheet runs it as a formula
// (OWASP, "CSV Injection"), and before one that looks as if it had one already.
// A text that is a number, such as the code -1, stays as it is.
func Guarded(text string) string {
	if runs(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// Unguarded takes the apostrophe of Guarded away: Unguarded(Guarded(x)) is x.
func Unguarded(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && runs(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return text
}

// runs reports whether a spreadsheet would take a text for a formula.
func runs(text string) bool {
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text[:min(len(text), 4)])[0]) && !plainNumber().MatchString(text)
}
