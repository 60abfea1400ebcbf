package html

import (
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"surveykit/reports/booktest"
	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// element is a part of a page that was read back.
type element struct {
	name     string
	attr     map[string]string
	children []*element
	words    string // the text between its tags, its children's in their places
}

func (e *element) text() string { return e.words }

// all lists the elements of a name below e, in the order of the page.
func (e *element) all(name string) []*element {
	var out []*element
	for _, c := range e.children {
		if c.name == name {
			out = append(out, c)
		}
		out = append(out, c.all(name)...)
	}
	return out
}

func (e *element) class(name string) bool {
	return slices.Contains(strings.Fields(e.attr["class"]), name)
}

var raw = regexp.MustCompile(`(?s)(<(?:style|script)>).*?(</(?:style|script)>)`)

// parse reads a page. It is written to be XML too, so that a tag left open or
// a text that turned into mark-up is an error here.
func parse(t interface {
	Helper()
	Fatal(...any)
}, page string) *element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(raw.ReplaceAllString(page, "$1$2")))
	root := &element{}
	open := []*element{root}
	for {
		token, err := d.Token()
		if err == io.EOF {
			return root
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				if _, twice := e.attr[a.Name.Local]; twice {
					t.Fatal("two attributes ", a.Name.Local, " in ", e.name)
				}
				e.attr[a.Name.Local] = a.Value
			}
			last := open[len(open)-1]
			last.children = append(last.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, e := range open {
				e.words += string(token)
			}
		}
	}
}

// walk visits e and everything below it.
func (e *element) walk(visit func(*element)) {
	visit(e)
	for _, c := range e.children {
		c.walk(visit)
	}
}

func TestLinksAndLabelsLeadSomewhere(t *testing.T) {
	doc := parse(t, written(t, booktest.Book()))
	ids := map[string]bool{}
	doc.walk(func(e *element) {
		if id := e.attr["id"]; id != "" {
			if ids[id] {
				t.Errorf("two elements with the id %q", id)
			}
			ids[id] = true
		}
	})
	links := 0
	doc.walk(func(e *element) {
		if href, is := e.attr["href"]; is {
			links++
			if !ids[strings.TrimPrefix(href, "#")] {
				t.Errorf("a link to %q", href)
			}
		}
		for _, id := range strings.Fields(e.attr["aria-labelledby"]) {
			if !ids[id] {
				t.Errorf("a label %q", id)
			}
		}
	})
	if want := 3 + 3 + 2*len(booktest.Book().Tables); links != want {
		t.Errorf("%d links, want %d", links, want)
	}
}

func TestLandmarks(t *testing.T) {
	doc := parse(t, written(t, booktest.Book()))
	for _, name := range []string{"header", "nav", "main", "h1"} {
		if n := len(doc.all(name)); n != 1 {
			t.Errorf("%d elements %s", n, name)
		}
	}
	if lang := doc.all("html")[0].attr["lang"]; lang != "en" {
		t.Errorf("the language is %q", lang)
	}
	if skip := doc.all("a")[0]; skip.attr["href"] != "#main" || !skip.class("skip") {
		t.Error("the first link does not skip to the main part")
	}
	if n := len(doc.all("svg")); n != 2*3+1 {
		t.Errorf("%d charts, want 3 of tables, wide and narrow, and that of the weights", n)
	}
}

// tablesOf are the mark-ups of the book's tables, in its order.
func tablesOf(doc *element) []*element {
	var out []*element
	for _, section := range doc.all("section") {
		if section.class("table") {
			out = append(out, section.all("table")...)
		}
	}
	return out
}

// TestTheWeightingIsTold holds the section on weighting to its diagnostics.
func TestTheWeightingIsTold(t *testing.T) {
	b := booktest.Book()
	var section *element
	for _, s := range parse(t, written(t, b)).all("section") {
		if s.attr["id"] == "weighting" {
			section = s
		}
	}
	if section == nil {
		t.Fatal("the page says nothing of the weighting")
	}
	grids, tables := wording.Weighting(b.Weighting), section.all("table")
	if len(tables) != len(grids) {
		t.Fatalf("%d tables, want %d", len(tables), len(grids))
	}
	for i, g := range grids {
		lines := tables[i].all("tr")[1:]
		if len(lines) != len(g.Rows) {
			t.Fatalf("%s: %d rows, want %d", g.Title, len(lines), len(g.Rows))
		}
		for r, row := range g.Rows {
			for c, item := range row {
				if got := lines[r].children[c]; got.text() != item.Text || item.Value.Exists() && got.class("word") {
					t.Errorf("%s, row %d, column %d: %q, want %q", g.Title, r, c, got.text(), item.Text)
				}
			}
		}
	}
	b.Weighting = nil
	if page := written(t, b); strings.Contains(page, `href="#weighting"`) || strings.Contains(page, `id="weighting`) {
		t.Error("a section about weighting that was not done")
	}
}

// TestTablesAreTables holds every table to a caption, headed rows and columns
// and a grid without gaps.
func TestTablesAreTables(t *testing.T) {
	b := booktest.Book()
	for i, table := range tablesOf(parse(t, written(t, b))) {
		name, columns := b.Tables[i].ID, len(b.Tables[i].Columns)
		if captions := table.all("caption"); len(captions) != 1 || !strings.Contains(captions[0].text(), b.Tables[i].Title) {
			t.Errorf("%s: no caption with the title", name)
		}
		heads := 0
		for _, th := range table.all("thead")[0].all("th") {
			if scope := th.attr["scope"]; scope == "col" {
				heads++
			} else if scope != "colgroup" {
				t.Errorf("%s: a column head with scope %q", name, scope)
			}
		}
		if heads != columns {
			t.Errorf("%s: %d column heads, want %d", name, heads, columns)
		}
		for _, width := range gridWidths(table) {
			if width != columns+1 {
				t.Errorf("%s: a row over %d columns, want %d", name, width, columns+1)
			}
		}
		for _, body := range table.all("tbody") {
			for _, tr := range body.all("tr") {
				first := tr.children[0]
				if scope := first.attr["scope"]; first.name != "th" || scope != "row" && scope != "rowgroup" {
					t.Errorf("%s: a row begins with %s, scope %q", name, first.name, scope)
				}
			}
		}
	}
}

// gridWidths counts the columns that each row takes, with cells that reach
// down from the row above.
func gridWidths(table *element) []int {
	span := func(e *element, name string) int {
		n, err := strconv.Atoi(e.attr[name])
		if err != nil {
			return 1
		}
		return n
	}
	var widths []int
	from := 0
	for _, tr := range table.all("tr") {
		width := from
		from = 0
		for _, c := range tr.children {
			width += span(c, "colspan")
			if span(c, "rowspan") == 2 {
				from += span(c, "colspan")
			}
		}
		widths = append(widths, width)
	}
	return widths
}

var number = regexp.MustCompile(`[−+]?\d+(,\d{3})*(\.\d+)?`)

// TestEveryFigureIsOfTheBook reads the numbers of each table's cells and finds
// each among those of the very cell of the book, written by package figure.
func TestEveryFigureIsOfTheBook(t *testing.T) {
	b := booktest.Book()
	for i, table := range tablesOf(parse(t, written(t, b))) {
		tab := b.Tables[i]
		var lines []*element
		for _, tr := range table.all("tr") {
			if len(tr.children) > 0 && tr.children[0].attr["scope"] == "row" && !strings.HasSuffix(tr.children[0].text(), " base") {
				lines = append(lines, tr)
			}
		}
		if len(lines) != len(tab.Rows) {
			t.Fatalf("%s: %d rows, want %d", tab.ID, len(lines), len(tab.Rows))
		}
		for r, tr := range lines {
			for c, td := range tr.children[1:] {
				allowed := figures(tab.Cells[r][c])
				for _, n := range number.FindAllString(td.text(), -1) {
					if !slices.Contains(allowed, n) {
						t.Errorf("%s, row %d, column %d shows %s, the book has %v", tab.ID, r, c, n, allowed)
					}
				}
				if v := td.attr["data-value"]; v != "" && v != survey.FormatNumber(tab.Cells[r][c].Value.Float()) {
					t.Errorf("%s, row %d, column %d sorts by %s", tab.ID, r, c, v)
				}
			}
		}
	}
}

// figures are the ways to write a cell's numbers.
func figures(c survey.Cell) []string {
	out := []string{figure.Count(c.N), strings.TrimPrefix(figure.P(c.P.Float()), "p = "), strings.TrimPrefix(figure.P(c.P.Float()), "p < ")}
	for _, x := range []survey.Figure{c.Value, c.Low, c.High} {
		for decimals := range 3 {
			for _, s := range []string{
				figure.Percent(x.Float(), decimals), figure.Points(x.Float(), decimals),
				figure.Number(x.Float(), decimals), figure.SignedNumber(x.Float(), decimals),
			} {
				out = append(out, number.FindString(s))
			}
		}
	}
	return out
}

// TestEveryFigureOfAFindingIsOfTheBook holds findings to figures of their own table.
func TestEveryFigureOfAFindingIsOfTheBook(t *testing.T) {
	b := booktest.Book()
	known := map[string]bool{}
	for _, tab := range b.Tables {
		for r := range tab.Rows {
			for c, column := range tab.Columns {
				for _, s := range figures(tab.Cells[r][c]) {
					known[strings.TrimLeft(s, "+−")], known[s] = true, true
				}
				for _, s := range number.FindAllString(column.Label, -1) {
					known[s] = true
				}
			}
		}
	}
	claims := 0
	for _, p := range parse(t, written(t, b)).all("p") {
		if !p.class("claim") {
			continue
		}
		claims++
		for _, n := range number.FindAllString(p.text(), -1) {
			if !known[n] {
				t.Errorf("%q: %s is no figure of the book", p.text(), n)
			}
		}
	}
	if claims != 2 {
		t.Errorf("%d findings, want 2", claims)
	}
}
