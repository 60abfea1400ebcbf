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
