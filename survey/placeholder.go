package survey

import (
	"regexp"
	"strings"
)

// Placeholder is a figure that a text names in place of writing it: {row|column}.
type Placeholder struct {
	// Text is the placeholder as it is written, with its braces.
	Text string
	// Row and Column are names as Row.Named and Column.Named take them; Column is
	// "" where the braces hold no |.
	Row, Column string
}

var braces = regexp.MustCompile(`\{([^{}|]+)(?:\|([^{}|]+))?\}`)

// Placeholders are those of a text, and what stands in braces without a column.
func Placeholders(text string) []Placeholder {
	var out []Placeholder
	for _, m := range braces.FindAllStringSubmatch(text, -1) {
		out = append(out, Placeholder{m[0], strings.TrimSpace(m[1]), strings.TrimSpace(m[2])})
	}
	return out
}

// Fill replaces each placeholder with a column by what a function makes of it.
func Fill(text string, figure func(Placeholder) string) string {
	return braces.ReplaceAllStringFunc(text, func(found string) string {
		p := Placeholders(found)[0]
		if p.Column == "" {
			return found
		}
		return figure(p)
	})
}
