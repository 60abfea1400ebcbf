package workbook

import (
	"slices"
	"strings"

	"surveykit/reports/chart"
	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// chartDataTop is the row of the first block's headings.
const chartDataTop = 6

// placeCharts decides what each table's chart draws and where its numbers go.
// A chart that cannot be drawn leaves its reason, which is written under the table.
func (m *maker) placeCharts() {
	n := len(m.book.Tables)
	m.charts, m.undrawn, m.shaded = make([][]*ooxml.Chart, n), make([]error, n), make([]bool, n)
	top := chartDataTop
	for i, t := range m.book.Tables {
		if t.Chart == nil {
			continue
		}
		choice, err := chart.Choose(t)
		if err != nil {
			m.undrawn[i] = err
			continue
		}
		if choice.Drawn == survey.ChartHeat {
			m.shaded[i] = true
			continue
		}
		m.charts[i], m.undrawn[i] = ooxml.NewCharts(choice, t.Rounding, m.book.Theme)
		if m.undrawn[i] != nil {
			m.charts[i] = nil
		}
		for _, c := range m.charts[i] {
			c.Subtitle, c.Sheet, c.Top = m.subtitle(t.Chart.Subtitle), chartDataSheet, top
			top += len(choice.Points) + 4
		}
	}
	m.placeWeights(top)
}

// subtitle is a chart's subtitle, which says of simulated data that they are.
func (m *maker) subtitle(text string) string {
	if !m.book.Synthetic {
		return text
	}
	return strings.TrimSuffix("Synthetic data. "+text, ". ")
}

func (m *maker) hasCharts() bool {
	return m.weights != nil || slices.ContainsFunc(m.charts, func(of []*ooxml.Chart) bool { return len(of) > 0 })
}

// charts puts charts under each other, each on a page of its own where they do
// not fit on the table's.
func (s *sheet) charts(of []*ooxml.Chart, l layout) {
	var wide, high, all float64
	for _, c := range of {
		wide, high, all = max(wide, c.Width*pixel), max(high, c.Height*pixel), all+c.Height*pixel
	}
	for i, c := range of {
		s.skip(1)
		s.Chart(c)
		if i == 0 {
			s.fitToPage(l, wide, all, high)
		} else if s.Layout.Print.Percent > 0 {
			s.Break()
		}
		s.skip(int(c.Height*pixel/defaultHeight) + 1)
	}
}

// chartData writes the numbers of the charts, a block for each: figures,
// the lengths of the error bars to both sides, and the heights of the dots.
func (m *maker) chartData() {
	var charts []*ooxml.Chart
	var homes []string // the sheets of the charts
	for i, of := range m.charts {
		charts, homes = append(charts, of...), append(homes, slices.Repeat([]string{m.names[i]}, len(of))...)
	}
	if m.weights != nil {
		charts, homes = append(charts, m.weights), append(homes, weightingSheet)
	}
	widths := []float64{60, 10, 10}
	blocks := make([][][]any, len(charts))
	for i, c := range charts {
		blocks[i] = c.Block()
		for len(widths) < len(blocks[i][0]) {
			widths = append(widths, 13)
		}
	}
	s := m.open(chartDataSheet, ooxml.Layout{Widths: widths, Tab: rule})
	s.put(rowHeight(1, title.size), s.cell("Chart data", title))
	s.put(0, s.cell("← Contents", linked))
	s.Link(1, contentsSheet)
	s.put(0, s.cell("The charts read these cells. Less and more are the lengths of the error bars; place is the height of a dot, label x and y are where its label ends.", plain))
	for i, c := range charts {
		s.Row = c.Top - 2
		s.put(0, s.cell(homes[i], linked), ooxml.Cell{}, ooxml.Cell{}, s.cell(c.Title, bold))
		s.Link(1, homes[i])
		block := blocks[i]
		head := look{bold: true, under: true, align: "right", wrap: true}
		high := 1
		row := make([]ooxml.Cell, len(block[0]))
		for k, name := range block[0] {
			high = max(high, lines(name.(string), 12))
			row[k] = s.cell(name, head)
		}
		s.put(rowHeight(high, fontSize), row...)
		for _, values := range block[1:] {
			row := make([]ooxml.Cell, len(values))
			row[0] = s.cell(values[0], plain)
			for k := 1; k < len(values); k++ {
				if values[k] != nil {
					row[k] = s.cell(values[k], look{format: c.BlockFormat(k)})
				}
			}
			s.put(0, row...)
		}
	}
	s.Close()
}
