package ooxml

import (
	"fmt"
	"strconv"

	"surveykit/survey"
)

// The columns of a chart's numbers: the points' labels, where a chart of dots
// writes them (across and up), then four for each series: the figure, the
// lengths of its error bar to both sides and the height of its dot.
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

// placeFormat is the number format of heights.
const placeFormat = "0.00"

// Block are the cells that the chart reads, from column A of row Top on:
// headings, then a row for each point. Texts, numbers, and nil for none.
func (c *Chart) Block() [][]any {
	head := []any{"", "label x", "label y"}
	for _, s := range c.series {
		head = append(head, s.name, "less", "more", "place")
	}
	block := [][]any{head}
	for i, point := range c.points {
		row := []any{point, c.scale.low, c.place(i)}
		for k, s := range c.series {
			if m := s.marks[i]; m.drawn {
				row = append(row, m.value, m.value-m.low, m.high-m.value, c.dodge(i, k))
			} else {
				row = append(row, nil, nil, nil, nil)
			}
		}
		block = append(block, row)
	}
	return block
}

// BlockFormat is the number format of a column of Block, counted from 0.
func (c *Chart) BlockFormat(column int) string {
	if column == upColumn-1 || column >= firstSeries-1 && (column-firstSeries+1)%seriesWidth == offsetPlaces {
		return placeFormat
	}
	if column < firstSeries-1 {
		return c.Format
	}
	return c.formatOf((column - firstSeries + 1) / seriesWidth)
}

// formatOf is the number format of series k, of every point for a negative one.
func (c *Chart) formatOf(k int) string {
	if c.Kind == survey.ChartQuadrant && k == 1 {
		return c.upFormat
	}
	return c.Format
}

// measureOf is what the figures of series k are.
func (c *Chart) measureOf(k int) survey.RowKind {
	if c.Kind == survey.ChartQuadrant && k == 1 {
		return c.upMeasure
	}
	return c.measure
}

// place is the height of the i-th point, counted from the top: n-½ … ½.
func (c *Chart) place(i int) float64 { return float64(len(c.points)-i) - 0.5 }

// dodge is the height of series k at point i: side by side around its place.
func (c *Chart) dodge(i, k int) float64 {
	n := float64(len(c.series))
	return c.place(i) + ((n-1)/2-float64(k))*min(0.3, 0.8/n)
}

// cells are the points of one column of the block.
func (c *Chart) cells(column int) string {
	name := columnName(column)
	return c.reference(fmt.Sprintf("$%s$%d:$%s$%d", name, c.Top+1, name, c.Top+len(c.points)))
}

func (c *Chart) seriesCells(k, offset int) string {
	return c.cells(firstSeries + k*seriesWidth + offset)
}

// nameCell is the cell that holds the name of series k.
func (c *Chart) nameCell(k int) string {
	return c.reference(fmt.Sprintf("$%s$%d", columnName(firstSeries+k*seriesWidth), c.Top))
}

func (c *Chart) reference(cells string) string { return "'" + c.Sheet + "'!" + cells }

// CellName is A1 for column 1 and row 1, FixedCell is $A$1.
func CellName(column, row int) string { return columnName(column) + strconv.Itoa(row) }

func FixedCell(column, row int) string { return "$" + columnName(column) + "$" + strconv.Itoa(row) }

// columnName is A for column 1, AA for column 27.
func columnName(n int) string { return string(appendColumn(nil, n)) }

func appendColumn(b []byte, n int) []byte {
	if n > 26 {
		b = appendColumn(b, (n-1)/26)
	}
	return append(b, byte('A'+(n-1)%26))
}

// numbers refer to cells and repeat what they hold, for programs that do not
// read the cells. A negative k takes every point.
func (c *Chart) numbers(cells string, k int, of func(i int, m mark) float64) Element {
	cache := El("c:numCache", Text("c:formatCode", c.formatOf(k)), Val("c:ptCount", len(c.points)))
	for i := range c.points {
		m := mark{drawn: true}
		if k >= 0 {
			m = c.series[k].marks[i]
		}
		if m.drawn {
			cache = cache.Add(El("c:pt", Text("c:v", survey.FormatNumber(of(i, m)))).With("idx", i))
		}
	}
	return El("c:numRef", Text("c:f", cells), cache)
}

func texts(cells string, of ...string) Element {
	cache := El("c:strCache", Val("c:ptCount", len(of)))
	for i, text := range of {
		cache = cache.Add(El("c:pt", Text("c:v", text)).With("idx", i))
	}
	return El("c:strRef", Text("c:f", cells), cache)
}
