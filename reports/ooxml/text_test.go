package ooxml

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWrapLines(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[a-z]{1,9}( [a-z]{1,9}){0,12}`).Draw(rt, "text")
		got := WrapLines(text, 20)
		if strings.Join(got, " ") != text {
			rt.Errorf("%q became %q", text, got)
		}
		for i, line := range got {
			if len(line) > 20 || i > 0 && len(got[i-1])+1+len(strings.Fields(line)[0]) <= 20 {
				rt.Errorf("line %d of %q is too long or broken too early", i, got)
			}
		}
	})
	if got := WrapLines("", 10); len(got) != 1 || got[0] != "" {
		t.Errorf("no text gives %q", got)
	}
}
