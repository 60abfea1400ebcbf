package workbook

import (
	"fmt"

	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

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

// notesTable lists the texts that explain tables.
func (a *accessible) notesTable() {
	g := &grid{name: "Notes", header: []string{"Note number", "Note text"}, widths: []float64{34, 120}}
	for i, text := range a.notes {
		g.rows = append(g.rows, []entry{word(fmt.Sprintf("note %d", i+1)), word(text)})
	}
	a.sheet(notesSheet, []line{{text: "Notes"}, {text: "This worksheet contains one table."}, {"Back to the contents", contentsSheet}}, g)
}

// disclosure lists what the codes of practice ask a published survey to tell.
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
