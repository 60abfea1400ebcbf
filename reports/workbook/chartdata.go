package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// chartDataTop is the row of the first block's headings.
const chartDataTop = 6

// The columns of a block: the points' labels, where a chart of dots writes
// them (across and up), then four for each series.
const (
	labelColumn  = 1
	acrossColumn = 2
	upColumn     = 3
	firstSeries  = 4
	seriesWidth  = 4
	offsetMinus  = 1
	offsetPlus   = 2
	offsetPlaces = 3
)

// chartData writes the numbers behind the charts, a block for each: figures,
// the lengths of the error bars to both sides, and the heights of the dots.
func (m *maker) chartData() error {
	widths := []float64{60, 10, 10}
	for range m.widestDrawing() * seriesWidth {
		widths = append(widths, 13)
	}
	s := m.open(chartDataSheet, page{widths: widths, tab: rule})
	s.put(rowHeight(1, title.size), s.cell("Chart data", title))
	s.put(0, s.cell("← Contents", linked))
	s.link(1, contentsSheet)
	s.put(0, s.cell("The charts read these cells. Less and more are the lengths of the error bars; place is the height of a dot, label x and y are where its label ends.", plain))
	for i, d := range m.drawings {
		if d == nil {
			continue
		}
		s.row = d.top - 2
		s.put(0, s.cell(m.names[i], linked), nil, nil, s.cell(d.title, bold))
		s.link(1, m.names[i])
		s.block(d)
	}
	return s.close()
}

func (m *maker) widestDrawing() int {
	n := 0
	for _, d := range m.drawings {
		if d != nil {
			n = max(n, len(d.series))
		}
	}
	return n
}

func (s *sheet) block(d *drawing) {
	head := look{bold: true, under: true, align: "right", wrap: true}
	row := []any{s.cell("", head), s.cell("label x", head), s.cell("label y", head)}
	high := 1
	for _, series := range d.series {
		high = max(high, lines(series.name, 12))
		row = append(row, s.cell(series.name, head), s.cell("less", head), s.cell("more", head), s.cell("place", head))
	}
	s.put(rowHeight(high, fontSize), row...)
	number, height := look{format: d.format}, look{format: "0.00"}
	for i, point := range d.points {
		row := []any{s.cell(point, plain), s.cell(d.scale.low, number), s.cell(d.place(i), height)}
		for k, series := range d.series {
			if m := series.marks[i]; m.drawn {
				row = append(row, s.cell(m.value, number), s.cell(m.value-m.low, number), s.cell(m.high-m.value, number), s.cell(d.dodge(i, k), height))
			} else {
				row = append(row, nil, nil, nil, nil)
			}
		}
		s.put(0, row...)
	}
}

// place is the height of the i-th point, counted from the top: n-½ … ½.
func (d *drawing) place(i int) float64 { return float64(len(d.points)-i) - 0.5 }

// dodge is the height of series k at point i: side by side around its place.
func (d *drawing) dodge(i, k int) float64 {
	n := float64(len(d.series))
	return d.place(i) + ((n-1)/2-float64(k))*min(0.3, 0.8/n)
}

// cells are the points of one column of the block.
func (d *drawing) cells(column int) string {
	name, _ := excelize.ColumnNumberToName(column)
	return reference(chartDataSheet, fmt.Sprintf("$%s$%d:$%s$%d", name, d.top+1, name, d.top+len(d.points)))
}

func (d *drawing) seriesColumn(k, offset int) int { return firstSeries + k*seriesWidth + offset }

func (d *drawing) seriesCells(k, offset int) string { return d.cells(d.seriesColumn(k, offset)) }

// nameCell is the cell that holds the name of series k.
func (d *drawing) nameCell(k int) string {
	name, _ := excelize.ColumnNumberToName(d.seriesColumn(k, 0))
	return reference(chartDataSheet, fmt.Sprintf("$%s$%d", name, d.top))
}
