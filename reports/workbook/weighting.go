package workbook

import (
	"slices"

	"surveykit/reports/chart"
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// The columns of the weighting sheet: two of words, then numbers.
var weightingWidths = []float64{38, 38, 13, 13, 13, 13, 13, 13, 13}

func weightingSentences(b *survey.Book) []string {
	if b.Weighting == nil {
		return nil
	}
	return wording.Weighted(b.Weighting)
}

// weighting writes what weighting did and what it cost, and draws the weights.
func (m *maker) weighting() {
	s := m.open(weightingSheet, ooxml.Layout{Widths: weightingWidths, Tab: navy})
	s.put(rowHeight(1, title.size), s.cell("Weighting", title))
	s.syntheticBanner(len(weightingWidths))
	s.put(0, s.cell("← Contents", linked))
	s.Link(1, contentsSheet)
	s.skip(1)
	const room = 38 + 38 + 3*13
	for _, text := range weightingSentences(m.book) {
		s.paragraph(text, wrapped, 5, room)
	}
	for _, g := range m.grids {
		s.diagnostics(g)
	}
	if c := m.weights; c != nil {
		s.charts([]*ooxml.Chart{c}, layout{widths: weightingWidths, closed: make([]bool, len(weightingWidths))})
	}
	s.Close()
}

// diagnostics writes a grid: heading, note, heads, rows.
func (s *sheet) diagnostics(g wording.Grid) {
	s.heading(g.Title)
	s.paragraph(g.Note, quiet, 5, 38+38+3*13)
	head, high := make([]ooxml.Cell, len(g.Head)), 1
	for i, text := range g.Head {
		of := header
		if g.Numeric(i) {
			of.align = "right"
		}
		head[i] = s.cell(text, of)
		high = max(high, lines(text, weightingWidths[i]))
	}
	s.put(rowHeight(high, fontSize), head...)
	for _, items := range g.Rows {
		row, high := make([]ooxml.Cell, len(items)), 1
		for i, item := range items {
			of := look{under: true, wrap: true}
			if g.Numeric(i) {
				of.align = "right"
			}
			row[i] = s.item(item, of)
			high = max(high, lines(item.Text, weightingWidths[i]))
		}
		s.put(rowHeight(high, fontSize), row...)
	}
}

// item is a word, or a number under its format.
func (s *sheet) item(i wording.Item, of look) ooxml.Cell {
	if !i.Value.Exists() {
		return s.cell(i.Text, of)
	}
	of.format = i.Format
	return s.cell(i.Value.Float(), of)
}

// placeWeights makes the chart of the weights by size, its numbers from row top on.
func (m *maker) placeWeights(top int) {
	if m.book.Weighting == nil || len(m.book.Weighting.Distribution.Bins) == 0 {
		return
	}
	choice := &chart.Choice{Kind: survey.ChartBars, Unit: survey.RowCount, Title: "Weights by size", Series: []string{"Weights"}}
	for _, b := range m.book.Weighting.Distribution.Bins {
		choice.Points = append(choice.Points, wording.Bin(b))
		choice.Cells = append(choice.Cells, []survey.Cell{{Estimate: survey.Estimate{Value: survey.FigureOf(float64(b.N))}}})
	}
	c, err := ooxml.NewChart(choice, survey.Rounding{}, m.book.Theme)
	if err != nil {
		panic(err) // bars have a native form
	}
	c.Subtitle, c.Sheet, c.Top = m.subtitle("How many weights, by multiples of their mean"), chartDataSheet, top
	m.weights = c
}

// diagnostics writes a grid of the weighting on a sheet of its own.
func (a *accessible) diagnostics(g wording.Grid) {
	out := &grid{name: rangeName(g.Title), header: slices.Clone(g.Head)}
	for i := range g.Head {
		width := 34.0
		if g.Numeric(i) {
			width = answerWidth
		}
		out.widths = append(out.widths, width)
	}
	for _, items := range g.Rows {
		row := make([]entry, len(items))
		for i, item := range items {
			row[i] = word(orInapplicable(item.Text))
			if item.Value.Exists() {
				row[i] = quantity(item.Value.Float(), item.Format)
			}
		}
		out.rows = append(out.rows, row)
	}
	texts := []line{{text: g.Title}, {text: "This worksheet contains one table. " + g.Note}}
	for _, text := range []string{a.syntheticText(), out.shorthand()} {
		if text != "" {
			texts = append(texts, line{text: text})
		}
	}
	a.sheet(g.Title, append(texts, line{"Back to the contents", contentsSheet}), out)
}
