package survey

import "testing"

func TestCaret(t *testing.T) {
	for _, c := range []struct {
		line   string
		offset int
		want   string
	}{
		{"abc", 1, " ^"},
		{"a\tb", 2, " \t^"},
		{"größe: x", 7, "       ^"},
		{"性別: x", 4, "      ^"},
		{"ｶﾅ: x", 4, "    ^"},    // halfwidth kana
		{"e\u0301a: x", 2, " ^"}, // a combining accent
		{"ab", 4, "    ^"},
	} {
		if got := Caret(c.line, c.offset); got != c.want {
			t.Errorf("%q at %d: %q, want %q", c.line, c.offset, got, c.want)
		}
	}
}
