package workbook

import (
	"fmt"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// The cover has a column for labels and one for texts.
const (
	coverLabel = 26.0
	coverText  = 104.0
)

// cover writes what a reader needs before the first figure.
func (m *maker) cover() {
	b := m.book
	s := m.open(coverSheet, ooxml.Layout{Widths: []float64{coverLabel, coverText}, Tab: navy})
	s.logo()
	s.paragraph(b.Title, headline, 2, coverLabel+coverText)
	if b.Subtitle != "" {
		s.paragraph(b.Subtitle, look{size: 12, color: grey}, 2, coverLabel+coverText)
	}
	s.syntheticBanner(2)
	s.skip(1)
	s.put(0, s.cell("Contents →", linked))
	s.Link(1, contentsSheet)
	s.statements("Design", b.Design)
	s.statements("Precision", b.Precision)
	s.facts("About the survey", b.Disclosure)
	s.statements("Methods", b.Methods)
	s.statements("Warnings", b.Warnings.Texts())
	s.facts("Sources", sourceFacts(b))
	s.Close()
}

// The room of the logo on the cover, in points.
const logoWidth, logoHeight = 160.0, 42.0

// logo puts the client's mark into the first row. Workbooks show pixels only.
func (s *sheet) logo() {
	b := s.brand
	if b.Logo == nil || b.Size.Vector {
		return
	}
	width, height := b.Fit(logoWidth, logoHeight)
	s.put(height + 6)
	s.Picture(b.Logo, "Logo", width/pixel, height/pixel)
}

// syntheticBanner says on each sheet that the data are simulated, where they are.
func (s *sheet) syntheticBanner(last int) {
	if !s.book.Synthetic {
		return
	}
	cells := make([]ooxml.Cell, last)
	for i := range cells {
		cells[i] = s.cell(nil, alarm)
	}
	cells[0] = s.cell(wording.Synthetic, alarm)
	s.put(21, cells...)
	s.Merge(1, last)
}

func (s *sheet) heading(text string) {
	s.skip(1)
	s.put(rowHeight(1, section.size), s.cell(text, section), s.cell(nil, section))
}

// statements writes a heading and a row for each sentence; nothing for none.
func (s *sheet) statements(heading string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	s.heading(heading)
	for _, sentence := range sentences {
		s.paragraph(sentence, wrapped, 2, coverLabel+coverText)
	}
}

// facts writes a heading and a row for each labelled fact; nothing for none.
func (s *sheet) facts(heading string, facts []survey.Fact) {
	if len(facts) == 0 {
		return
	}
	s.heading(heading)
	for _, f := range facts {
		n := max(lines(f.Label, coverLabel), lines(f.Text, coverText))
		s.put(rowHeight(n, fontSize), s.cell(f.Label, look{bold: true, wrap: true}), s.cell(f.Text, wrapped))
	}
}

// sourceFacts names the study file and the data files with their sums.
func sourceFacts(b *survey.Book) []survey.Fact {
	var facts []survey.Fact
	if b.StudyFile.Path != "" {
		facts = append(facts, survey.Fact{Label: "Study file", Text: sourceText(b.StudyFile)})
	}
	for i, source := range b.Sources {
		label := "Data"
		if len(b.Sources) > 1 {
			label = fmt.Sprintf("Data file %d", i+1)
		}
		facts = append(facts, survey.Fact{Label: label, Text: sourceText(source)})
	}
	return facts
}

func sourceText(source survey.Source) string {
	var parts []string
	if source.Format != "" {
		parts = append(parts, source.Format)
	}
	if source.Rows > 0 {
		parts = append(parts, figure.Count(source.Rows)+" rows")
	}
	text := source.Path
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	if source.SHA256 == "" { // a database
		return text
	}
	return text + "\nSHA-256 " + source.SHA256
}

// The columns of the contents: sheet, title, base, unweighted base.
var contentsWidths = []float64{28, 68, 44, 13}

// contents lists the tables, each with a link to its sheet, which has one back.
func (m *maker) contents() {
	s := m.open(contentsSheet, ooxml.Layout{Widths: contentsWidths, Tab: navy})
	s.put(rowHeight(1, title.size), s.cell("Contents", title))
	s.syntheticBanner(len(contentsWidths))
	s.put(0, s.cell("← Cover", linked))
	s.Link(1, coverSheet)
	s.skip(1)
	right := header
	right.align = "right"
	s.put(rowHeight(2, fontSize), s.cell("Sheet", header), s.cell("Table", header), s.cell("Base", header), s.cell("Unweighted base", right))
	for i, t := range m.book.Tables {
		name := m.names[i]
		text, number := look{wrap: true, under: true}, look{under: true, format: countFormat, align: "right"}
		link := linked
		link.under = true
		n := max(lines(name, contentsWidths[0]), lines(t.Title, contentsWidths[1]), lines(wording.Asked(t), contentsWidths[2]))
		s.put(rowHeight(n, fontSize), s.cell(name, link), s.cell(t.Title, text), s.cell(wording.Asked(t), text), s.cell(wholeBase(t), number))
		s.Link(1, name)
	}
	s.skip(1)
	s.extraSheet(disclosureSheet, "How the sample was drawn, and what the codes of practice ask a survey to disclose")
	if m.book.Weighting != nil {
		s.extraSheet(weightingSheet, "What weighting did and what it cost: margins, weights, design effect, answers that moved")
	}
	s.extraSheet(dataSheet, "Every figure of every table, one a row, in full precision, for pivot tables and filters")
	if m.hasCharts() {
		s.extraSheet(chartDataSheet, "The figures that the charts draw")
	}
	s.fitToPage(layout{widths: contentsWidths, closed: make([]bool, len(contentsWidths))}, 0, 0, 0)
	s.Close()
}

func (s *sheet) extraSheet(name, what string) {
	s.put(rowHeight(lines(what, contentsWidths[1]), fontSize), s.cell(name, linked), s.cell(what, wrapped))
	s.Link(1, name)
}

// wholeBase is the unweighted base of a table: a number, a range in words, or
// nil where there is none.
func wholeBase(t *survey.Tabulation) any {
	switch r := wording.Respondents(t); {
	case !r.Least.Exists():
		return nil
	case r.One():
		return r.Least.Float()
	default:
		return r.String()
	}
}
