package html

import (
	"bytes"
	"flag"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/reports/booktest"
	"surveykit/reports/brand"
	"surveykit/survey"
)

var update = flag.Bool("update", false, "write the golden file anew")

type failer interface {
	Helper()
	Fatal(...any)
}

func written(t failer, b *survey.Book) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// drawings, looks and scripts are files of their own; the golden page leaves them out.
var elsewhere = regexp.MustCompile(`(?s)<(svg|style|script)\b.*?</(svg|style|script)>`)

func TestGolden(t *testing.T) {
	const file = "testdata/book.html"
	got := elsewhere.ReplaceAllString(written(t, booktest.Book()), "<!-- $1 -->")
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

func TestSameBookSameBytes(t *testing.T) {
	first, second := written(t, booktest.Book()), written(t, booktest.Book())
	if first != second {
		t.Error("two pages of one book differ")
	}
}

func TestThePageLoadsNothing(t *testing.T) {
	page := written(t, booktest.Book())
	for _, call := range []string{"src=", "url(", "@import", "fetch(", "http://", "https://", "<link", "<iframe"} {
		rest := strings.ReplaceAll(page, `xmlns="http://www.w3.org/2000/svg"`, "")
		if strings.Contains(rest, call) {
			t.Errorf("the page holds %q", call)
		}
	}
	if !strings.Contains(page, `content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"`) {
		t.Error("the page's policy lets it load something")
	}
}

// A client's colour, font and logo stand in the page, and nothing is loaded for them.
func TestThePageFollowsTheTheme(t *testing.T) {
	b := booktest.Book()
	b.Theme = survey.Theme{Colours: []string{"#B85C00"}, Font: "Source Sans 3", LogoData: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1"/>`)}
	look := brand.Of(b.Theme)
	page := written(t, b)
	for _, want := range []string{
		"--accent: #" + look.Strong + ";", "--accent: #" + look.Dark + ";", `--font: "Source Sans 3";`,
		`<img class="logo" src="data:image/svg&#43;xml;base64,`,
	} {
		if n := strings.Count(page, want); n != 1 {
			t.Errorf("the page has %q %d times", want, n)
		}
	}
	head, _, _ := strings.Cut(page, "</head>")
	if own, client := strings.Index(head, "--accent: #12436d"), strings.Index(head, "--accent: #"+look.Strong); own > client {
		t.Error("the house's colour comes after the client's")
	}
	parse(t, page)
	b.Theme.Font = `x"; } body { background: url(//elsewhere) } a { b: "`
	if head, _, _ := strings.Cut(written(t, b), "</head>"); strings.Contains(head, "elsewhere") {
		t.Error("a font's name turns into style")
	}
}

func TestSuppressedFigureIsNowhere(t *testing.T) {
	page := written(t, booktest.Book())
	for _, secret := range []string{"78%", "77.8", "0.7777"} {
		if strings.Contains(parse(t, page).text(), secret) {
			t.Errorf("the page shows %s", secret)
		}
	}
	if strings.Contains(page, "0.7777") {
		t.Error("the page hides the figure in its mark-up")
	}
}

func TestAChartThatCannotBeDrawnIsNamed(t *testing.T) {
	b := booktest.Book()
	b.Tables[1].Chart.Rows = []string{"no such row"}
	err := Write(io.Discard, b)
	if err == nil || !strings.Contains(err.Error(), "chart of table trust") {
		t.Errorf("%v", err)
	}
}

func TestPartsOfAnEmptyBookAreLeftOut(t *testing.T) {
	page := written(t, &survey.Book{Title: "Empty"})
	for _, part := range []string{`role="note"`, "<h3", "<dl>", `<section class="table"`, `<p class="subtitle">`} {
		if strings.Contains(page, part) {
			t.Errorf("the page has an empty %s", part)
		}
	}
	parse(t, page)
}

// TestAnyTextStaysText puts texts full of mark-up wherever a book has one and
// reads the page back.
func TestAnyTextStaysText(t *testing.T) {
	text := rapid.StringOf(rapid.RuneFrom([]rune(`ab<>&"'{}/!-=;()` + "`é病 ")))
	rapid.Check(t, func(t *rapid.T) {
		b := booktest.Book()
		hostile := text.Draw(t, "text") + "<script>alert(1)</script><b onclick=x>"
		b.Title, b.Subtitle, b.Source, b.StudyFile.Path = hostile, hostile, hostile, "a"
		b.Design[0], b.Disclosure[0] = hostile, survey.Fact{Label: hostile, Text: hostile}
		table := b.Tables[3]
		table.Title, table.Question, table.Base, table.Filter = hostile, hostile, hostile, hostile
		table.Columns[0].Label, table.Columns[0].Letter, table.Columns[0].Group = hostile, hostile, hostile
		table.Rows[0].Label, table.Rows[0].Group, table.Cells[0][0].Letters = hostile, hostile, hostile
		table.Legend, table.Notes = []string{hostile}, []string{hostile}
		doc := parse(t, written(t, b))
		for _, name := range []string{"script", "b"} {
			if n, want := len(doc.all(name)), map[string]int{"script": 1}[name]; n != want {
				t.Fatalf("%d elements %s, want %d", n, name, want)
			}
		}
		if got := doc.all("h1")[0].text(); got != hostile {
			t.Fatalf("the title reads %q, want %q", got, hostile)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	book := booktest.Book()
	wide := book.Tables[1]
	wide.Chart = nil
	for len(wide.Columns) < 30 {
		wide.Columns = append(wide.Columns, wide.Columns[1])
		for r := range wide.Cells {
			wide.Cells[r] = append(wide.Cells[r], wide.Cells[r][1])
		}
	}
	book.Tables = nil
	for range 120 {
		book.Tables = append(book.Tables, wide)
	}
	for b.Loop() {
		if err := Write(io.Discard, book); err != nil {
			b.Fatal(err)
		}
	}
}
