package workbook

import (
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

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
		s.contentsRow(m.names[i], t)
	}
	s.skip(1)
	s.extraSheet(disclosureSheet, "How the sample was drawn, and what the codes of practice ask a survey to tell")
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

func (s *sheet) contentsRow(name string, t *survey.Tabulation) {
	text, number := look{wrap: true, under: true}, look{under: true, format: countFormat, align: "right"}
	link := linked
	link.under = true
	n := max(lines(name, contentsWidths[0]), lines(t.Title, contentsWidths[1]), lines(wording.Asked(t), contentsWidths[2]))
	s.put(rowHeight(n, fontSize), s.cell(name, link), s.cell(t.Title, text), s.cell(wording.Asked(t), text), s.cell(wholeBase(t), number))
	s.Link(1, name)
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
		return float64(r.Least)
	default:
		return r.String()
	}
}
