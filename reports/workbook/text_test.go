package workbook

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"surveykit/survey"
)

func TestSheetNames(t *testing.T) {
	var tables []*survey.Tabulation
	long := strings.Repeat("x", 40)
	for _, id := range []string{"q1", "Q1", "data", "History", "", "a/b:c", "'quoted'", long, long + "y", strings.Repeat("😀", 20)} {
		tables = append(tables, &survey.Tabulation{ID: id})
	}
	want := []string{
		"q1", "Q1 (2)", "data (2)", "History (2)", "Table 5", "a_b_c", "_quoted_", strings.Repeat("x", 31), strings.Repeat("x", 27) + " (2)", strings.Repeat("😀", 15),
	}
	if got := sheetNames(tables); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestSheetNamesAreValid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var tables []*survey.Tabulation
		for _, id := range rapid.SliceOfN(rapid.StringN(0, 45, -1), 1, 12).Draw(rt, "ids") {
			tables = append(tables, &survey.Tabulation{ID: id})
		}
		seen := map[string]bool{"cover": true, "contents": true, "data": true, "chart data": true, "history": true}
		for _, name := range sheetNames(tables) {
			n := len(utf16.Encode([]rune(name)))
			if n == 0 || n > 31 || strings.ContainsAny(name, `:\/?*[]'`) || seen[strings.ToLower(name)] {
				rt.Errorf("bad sheet name %q", name)
			}
			seen[strings.ToLower(name)] = true
		}
	})
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		text string
		room float64
		want int
	}{
		{"", 10, 1}, {"abc", 10, 1}, {"abcde abcde", 10, 2}, {"abcde abcd", 10, 1}, {"a\nb", 10, 2}, {"abcdeabcdeabcde", 10, 2}, {"病歴病歴病歴", 10, 2}, {"abc", 0, 2},
	} {
		if got := lines(c.text, c.room); got != c.want {
			t.Errorf("lines(%q, %v) = %d, want %d", c.text, c.room, got, c.want)
		}
	}
}

func TestWrapLines(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[a-z]{1,9}( [a-z]{1,9}){0,12}`).Draw(rt, "text")
		got := wrapLines(text, 20)
		if strings.Join(got, " ") != text {
			rt.Errorf("%q became %q", text, got)
		}
		for i, line := range got {
			if len(line) > 20 || i > 0 && len(got[i-1])+1+len(strings.Fields(line)[0]) <= 20 {
				rt.Errorf("line %d of %q is too long or broken too early", i, got)
			}
		}
	})
	if got := wrapLines("", 10); len(got) != 1 || got[0] != "" {
		t.Errorf("no text gives %q", got)
	}
}
