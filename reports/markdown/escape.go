package markdown

import (
	"regexp"
	"strings"
)

// inline are the signs that mean something inside a line or a table's cell.
var inline = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
	"<", `\<`, ">", `\>`, "|", `\|`, "~", `\~`, "&", `\&`, "#", `\#`, "$", `\$`,
)

// opening are the signs that make a list, a heading or a rule of a line: a
// number with its point or bracket, or one of + - =.
var opening = regexp.MustCompile(`^(\d{0,9})([+=.)-])`)

// escape makes a text stand for itself on one line, wherever it is put.
func escape(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return opening.ReplaceAllString(inline.Replace(s), `$1\$2`)
}
