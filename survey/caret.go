package survey

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Caret is a line that puts ^ under the character at an offset of a line, both
// printed in letters of one width. East Asian characters take two places, marks
// that combine with the letter before them none; tabs are kept. An offset past
// the end of the line counts on in single places.
func Caret(line string, offset int) string {
	var b strings.Builder
	at := 0
	for _, r := range line {
		if at == offset {
			break
		}
		at++
		switch k := width.LookupRune(r).Kind(); {
		case r == '\t':
			b.WriteByte('\t')
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			b.WriteString("  ")
		case !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
			b.WriteByte(' ')
		}
	}
	return b.String() + strings.Repeat(" ", max(0, offset-at)) + "^"
}
