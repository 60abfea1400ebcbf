package markdown

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/reports/booktest"
	"surveykit/reports/wording"
)

var update = flag.Bool("update", false, "write the golden file anew")

func written(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, booktest.Book()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGolden(t *testing.T) {
	const file = "testdata/book.md"
	got := written(t)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestTablesAreRegular(t *testing.T) {
	bars, tables := 0, 0
	for line := range strings.Lines(written(t)) {
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		switch {
		case !strings.HasPrefix(line, "|"):
			bars = 0
		case bars == 0:
			tables++
			bars = n
		case n != bars:
			t.Errorf("%d bars under a head of %d: %s", n, bars, line)
		}
	}
	b := booktest.Book()
	if want := len(b.Tables) + len(wording.Weighting(b.Weighting)); tables != want {
		t.Errorf("%d tables, want %d", tables, want)
	}
}

func TestSuppressedFigureIsNowhere(t *testing.T) {
	got := written(t)
	for _, secret := range []string{"78%", "77.8", "0.7777"} {
		if strings.Contains(got, secret) {
			t.Errorf("the page shows %s", secret)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain text, with (brackets)!": "plain text, with (brackets)!",
		"1. one":                       `1\. one`,
		"- item":                       `\- item`,
		"=====":                        `\=====`,
		"# head":                       `\# head`,
		"a|b*c_d`e[f](g)<h>":           "a\\|b\\*c\\_d\\`e\\[f\\](g)\\<h\\>",
		"&lt;":                         `\&lt;`,
		"two\n\nlines":                 "two lines",
		`C:\dir`:                       `C:\\dir`,
	} {
		if got := escape(in); got != want {
			t.Errorf("escape(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestEscapeIsUndone reads an escaped text as Markdown does: a backslash
// before punctuation stands for what follows it, and nothing else is special.
func TestEscapeIsUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab1. -+=)(*_`[]<>|~&#$\\\n"))).Draw(t, "text")
		var read strings.Builder
		escaped := []rune(escape(text))
		for i := 0; i < len(escaped); i++ {
			if escaped[i] == '\\' {
				i++
			} else if strings.ContainsRune("*_`[]<>|~&#$\n", escaped[i]) {
				t.Fatalf("%q leaves %q as mark-up", string(escaped), escaped[i])
			}
			read.WriteRune(escaped[i])
		}
		if want := strings.Join(strings.Fields(text), " "); read.String() != want {
			t.Fatalf("%q reads as %q", text, read.String())
		}
	})
}
