package survey

import (
	"regexp"
	"strings"
)

var plainNumber = regexp.MustCompile(`^[+-]?\d+(\.\d+)?(e[+-]\d+)?$`)

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
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text[:min(len(text), 4)])[0]) && !plainNumber.MatchString(text)
}
