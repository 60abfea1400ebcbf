package workbook

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// WriteAccessible writes the book as an .xlsx file to the UK Analysis
// Function's rules for accessible spreadsheets ("Releasing statistics in
// spreadsheets" and its checklist): one table a sheet, marked up as a table
// with one header row of unique texts; no merged, empty or hidden cell, nothing
// next to or below a table; no filters, frozen panes, fills, pictures, headers or
// footers; notes on a sheet of their own; shorthand such as [c], [u], [x] and [z]
// in place of symbols. Respondents are the rows, answers the columns, so that
// every column has one unit. It has the errors of Write.
func WriteAccessible(w io.Writer, b *survey.Book) error {
	a := &accessible{maker: newMaker(b, survey.Theme{}), noteOf: map[string]int{}} // no client's colours, font or logo
	for _, t := range a.book.Tables {
		for _, text := range remarks(t) {
			if _, known := a.noteOf[text]; !known {
				a.notes = append(a.notes, text)
				a.noteOf[text] = len(a.notes)
			}
		}
	}
	a.cover()
	a.contents()
	g := &grid{name: "Notes", header: []string{"Note number", "Note text"}, widths: []float64{34, 120}}
	for i, text := range a.notes {
		g.rows = append(g.rows, []entry{word(fmt.Sprintf("note %d", i+1)), word(text)})
	}
	a.sheet(notesSheet, []line{{text: "Notes"}, {text: "This worksheet contains one table."}, {"Back to the contents", contentsSheet}}, g)
	a.disclosure()
	for _, g := range a.grids {
		a.diagnostics(g)
	}
	for i, t := range b.Tables {
		g := a.respondents(t)
		g.name = "Table_" + a.ranges[i]
		a.sheet(a.names[i], a.above(i, t, g), g)
	}
	return a.file.Save(w)
}

// accessible makes the sheets of an accessible workbook.
type accessible struct {
	*maker
	// notes explain tables; noteOf is the number of each, from 1.
	notes  []string
	noteOf map[string]int
}

// The looks of an accessible workbook: 12 points at least, no colour except of
// links, no rules, no fills.
var (
	readable      = look{size: 12, color: black, wrap: true}
	readableTitle = look{size: 15, bold: true, color: black, wrap: true}
	readableHead  = look{size: 12, bold: true, color: black, wrap: true}
	readableLink  = look{size: 12, color: ooxml.LinkColor, link: true, wrap: true}
)

const black = "000000"

// inapplicable fills cells that cannot have a value.
var inapplicable = wording.Inapplicable.Code

const (
	reliableText  = "reliable"
	noLettersText = "none"
)

// shorthand explains the codes of the marks, in the order of the alphabet.
var shorthand = func() []survey.Fact {
	var out []survey.Fact
	for _, m := range wording.AllMarks {
		out = append(out, survey.Fact{Label: m.Code, Text: m.Meaning})
	}
	slices.SortFunc(out, func(a, b survey.Fact) int { return strings.Compare(a.Label, b.Label) })
	return out
}()

// remarks are the texts that explain a table.
func remarks(t *survey.Tabulation) []string { return slices.Concat(t.Legend, t.Notes) }

// grid is a table of an accessible sheet: its header and its rows, whose cells
// are texts or numbers and never empty.
type grid struct {
	// name is unique in the workbook, letters, digits and _.
	name   string
	header []string
	widths []float64
	rows   [][]entry
}

// entry is a text or a number and how it looks; one with a target is a link to
// that sheet.
type entry struct {
	value  any
	look   look
	target string
}

// word is an entry of text, quantity one of a number under a format, or of the
// marker in its place.
func word(text string) entry { return entry{value: text, look: readable} }

func quantity(x any, format string) entry {
	of := readable
	of.align, of.format, of.wrap = "right", format, false
	return entry{value: x, look: of}
}

// unique makes the header's texts differ without regard to case, as a table's
// must, and short enough for Excel.
func (g *grid) unique() {
	const longest = 240 // of 255 units, with room for a number
	taken := map[string]bool{}
	for i, text := range g.header {
		base := ooxml.Shorten(strings.Join(strings.Fields(text), " "), longest)
		name := base
		for k := 2; taken[strings.ToLower(name)]; k++ {
			name = fmt.Sprintf("%s (%d)", base, k)
		}
		taken[strings.ToLower(name)] = true
		g.header[i] = name
	}
}

// accessibleSheet writes texts, one a row, in column A, and the grid below
// them. A grid without rows is left out, and the sheet says so.
func (a *accessible) sheet(name string, texts []line, g *grid) {
	g.unique()
	s := a.bare(name, ooxml.Layout{Widths: g.widths})
	if len(g.rows) == 0 {
		texts = append(texts, line{text: "This worksheet has no figures."})
	}
	for i, l := range texts {
		of := readable
		switch {
		case i == 0:
			of = readableTitle
		case l.target != "":
			of = readableLink
		}
		s.put(rowHeight(lines(l.text, g.widths[0]*fontSize/of.size), of.size), s.cell(l.text, of))
		if l.target != "" {
			s.Link(1, l.target)
		}
	}
	if len(g.rows) > 0 {
		s.grid(g)
	}
	s.Close()
}

// line is a text in column A above a table; one with a target is a link.
type line struct{ text, target string }

func (s *sheet) grid(g *grid) {
	head, high := make([]ooxml.Cell, len(g.header)), 1
	for i, text := range g.header {
		head[i] = s.cell(text, readableHead)
		high = max(high, lines(text, g.widths[i]*fontSize/readableHead.size))
	}
	s.put(rowHeight(high, readableHead.size), head...)
	top := s.Row
	for _, cells := range g.rows {
		row, high := make([]ooxml.Cell, len(cells)), 1
		for i, c := range cells {
			row[i] = s.cell(c.value, c.look)
			if text, ok := c.value.(string); ok {
				high = max(high, lines(text, g.widths[i]*fontSize/readable.size))
			}
		}
		s.put(rowHeight(high, readable.size), row...)
		for i, c := range cells {
			if c.target != "" {
				s.Link(i+1, c.target)
			}
		}
	}
	s.Table(ooxml.Table{Name: g.name, Header: g.header, First: top, Last: s.Row})
}

// cover writes what a reader needs before the first figure, all of it in
// column A.
func (a *accessible) cover() {
	b := a.book
	s := a.bare(coverSheet, ooxml.Layout{Widths: []float64{100}})
	put := func(text string, of look) {
		if text != "" {
			s.put(rowHeight(lines(text, 100*fontSize/of.size), of.size), s.cell(text, of))
		}
	}
	put(orInapplicable(b.Title), readableTitle)
	put(b.Subtitle, readable)
	put(a.syntheticText(), readableHead)
	put("Contents of this workbook", readableLink)
	s.Link(1, contentsSheet)
	for _, part := range []struct {
		heading   string
		sentences []string
	}{
		{"Design", b.Design}, {"Weighting", weightingSentences(b)}, {"Precision", b.Precision}, {"About the survey", sentences(b.Disclosure)}, {"Methods", b.Methods},
		{"Shorthand", sentences(shorthand)}, {"Warnings", b.Warnings.Texts()}, {"Sources", sentences(sourceFacts(b))},
	} {
		if len(part.sentences) > 0 {
			put(part.heading, readableHead)
		}
		for _, text := range part.sentences {
			put(text, readable)
		}
	}
	s.Close()
}

// sentences writes labelled facts as one text each.
func sentences(facts []survey.Fact) []string {
	out := make([]string, len(facts))
	for i, f := range facts {
		out[i] = f.Label + ": " + f.Text
	}
	return out
}

// contents lists the tables with a link to each.
func (a *accessible) contents() {
	g := &grid{name: "Contents", header: []string{"Worksheet", "Title", "Base", "Unweighted base"}, widths: []float64{34, 80, 60, answerWidth}}
	for i, t := range a.book.Tables {
		link := word(a.names[i])
		link.look, link.target = readableLink, a.names[i]
		n := quantity(wholeBase(t), countFormat)
		if n.value == nil {
			n = word(inapplicable)
		}
		g.rows = append(g.rows, []entry{link, word(orInapplicable(t.Title)), word(orInapplicable(wording.Asked(t))), n})
	}
	texts := []line{{text: "Contents"}, {text: "This worksheet contains one table, with a link to each worksheet of figures."}, {"Notes", notesSheet}, {"Design and disclosure", disclosureSheet}}
	for _, d := range a.grids {
		texts = append(texts, line{d.Title, d.Title})
	}
	a.sheet(contentsSheet, texts, g)
}

// disclosure lists what the codes of practice ask a published survey to disclose.
func (a *accessible) disclosure() {
	items := disclosures(a.book)
	g := &grid{name: "Disclosure", header: []string{"Item", "What this survey says", "What is asked for"}, widths: []float64{60, 80, 60}}
	for _, code := range codes {
		g.header, g.widths = append(g.header, string(code)), append(g.widths, answerWidth)
	}
	for _, d := range items {
		text := d.text
		if !d.stated() {
			text = "not stated"
		}
		row := []entry{word(d.Label), word(text), word(d.Asks)}
		for _, code := range codes {
			row = append(row, word(d.under(code, inapplicable)))
		}
		g.rows = append(g.rows, row)
	}
	texts := []line{{text: "Design and disclosure"}, {text: "This worksheet contains one table."}}
	for _, text := range summary(items) {
		texts = append(texts, line{text: text})
	}
	a.sheet(disclosureSheet, append(texts, line{text: g.shorthand()}, line{"Back to the contents", contentsSheet}), g)
}
