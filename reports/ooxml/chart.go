package ooxml

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

// titleLine is how many characters of a title are on one line of a chart of
// its natural width: at most as many as programs set by themselves.
const titleLine = 76

// pt is a size of text or of a symbol, zoomed.
func (c *Chart) pt(size float64) float64 { return size * c.Zoom }

// Part is the chart's part of the package, in the schema's order. Related are
// elements that refer to other parts, such as the workbook with its numbers.
func (c *Chart) Part(related ...Element) []byte {
	hidden := 0
	if c.Title == "" {
		hidden = 1
	}
	area := El("c:plotArea")
	switch c.Kind {
	case survey.ChartDots:
		area = area.Add(c.dots()...)
	case survey.ChartSlope:
		area = area.Add(c.slopes()...)
	case survey.ChartQuadrant:
		area = area.Add(c.quadrant()...)
	default:
		area = area.Add(c.bars()...)
	}
	root := El("c:chartSpace",
		Val("c:date1904", 0), Val("c:roundedCorners", 0),
		El("c:chart",
			c.heading(), Val("c:autoTitleDeleted", hidden),
			area.Add(shape(noFill())), c.legend(),
			Val("c:plotVisOnly", 0), Val("c:dispBlanksAs", "gap")),
		shape(Solid(White), c.frame()),
		textStyle(c.pt(9), Ink, El("a:latin").With("typeface", c.typeface), El("a:cs").With("typeface", c.typeface))).Add(related...)
	return root.With("xmlns:c", ChartML).With("xmlns:a", DrawingML).With("xmlns:r", RelationML).Part()
}

// frame is a thin line around a chart that has a title of its own.
func (c *Chart) frame() Element {
	if c.Title == "" {
		return noLine()
	}
	return line(Rule, 0.75)
}

// heading states the finding, left-aligned.
func (c *Chart) heading() Element {
	if c.Title == "" {
		return Element{}
	}
	rich := El("c:rich", El("a:bodyPr"), El("a:lstStyle"))
	for _, text := range WrapLines(c.Title, titleLine) {
		rich = rich.Add(Paragraph(text, c.pt(12), Ink, true, "l"))
	}
	return El("c:title", El("c:tx", rich), layoutAt(0.015, 0.02, 0, 0), Val("c:overlay", 0))
}

// legend is above the marks, for more than one series.
func (c *Chart) legend() Element {
	if len(c.series) < 2 || c.Kind == survey.ChartQuadrant {
		return Element{}
	}
	l := El("c:legend", Val("c:legendPos", "t"))
	if c.Kind == survey.ChartDots { // the series that carries the labels has no entry
		l = l.Add(El("c:legendEntry", Val("c:idx", len(c.series)), Val("c:delete", 1)))
	}
	return l.Add(Val("c:overlay", 0), textStyle(c.pt(10), Ink))
}

// inner leaves room for the labels on the left and for the title above.
func (c *Chart) inner() Element {
	top := 14.0
	if c.Title != "" {
		top = 26 + 20*c.Zoom*float64(len(WrapLines(c.Title, titleLine)))
	}
	top += c.legendHeight()
	foot := 36 * c.Zoom
	if c.Subtitle != "" {
		foot += 24 * c.Zoom
	}
	n := layoutAt(0.29, top/c.Height, 0.67, 1-(top+foot)/c.Height)
	n.kids[0].kids = append([]Element{Val("c:layoutTarget", "inner")}, n.kids[0].kids...)
	return n
}

// legendHeight is the room of the legend in pixels: one line, or one for each
// entry where they are not side by side.
func (c *Chart) legendHeight() float64 {
	if len(c.series) < 2 {
		return 0
	}
	const letter, entry = 7.0, 30.0 // widths at a zoom of 1
	width := 0.0
	for _, s := range c.series {
		width += letter*float64(utf8.RuneCountInString(s.name)) + entry
	}
	n := 1
	if width*c.Zoom > 0.8*c.Width {
		n = len(c.series)
	}
	return c.Zoom * float64(14+16*n)
}

// errorBars are whiskers whose lengths are in cells.
func (c *Chart) errorBars(k int, direction string, color string) Element {
	if c.Kind == survey.ChartStacked {
		return Element{}
	}
	bars := El("c:errBars")
	if direction != "" {
		bars = bars.Add(Val("c:errDir", direction))
	}
	return bars.Add(
		Val("c:errBarType", "both"), Val("c:errValType", "cust"), Val("c:noEndCap", 1),
		El("c:plus", c.numbers(c.seriesCells(k, offsetPlus), k, func(_ int, m mark) float64 { return m.high - m.value })),
		El("c:minus", c.numbers(c.seriesCells(k, offsetMinus), k, func(_ int, m mark) float64 { return m.value - m.low })),
		shape(line(color, c.pt(1.75))))
}

// start are the first children of every series.
func (c *Chart) start(k int) []Element {
	return []Element{Val("c:idx", k), Val("c:order", k), El("c:tx", texts(c.nameCell(k), c.series[k].name))}
}

// symbolSize is in points, a whole number.
func (c *Chart) symbolSize() int { return int(math.Round(c.pt(7))) }

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

// longestAltText is how many letters a screen reader says: some minutes. A
// workbook takes 65,535 bytes of UTF-16.
const longestAltText = 4000

// AltText is what a screen reader says of the chart: its kind, its title, what
// is measured, and for each series its lowest and its highest figure.
func (c *Chart) AltText() string {
	kinds := map[survey.ChartKind]string{
		survey.ChartDots: "Dot and whisker chart", survey.ChartBars: "Bar chart with intervals",
		survey.ChartStacked: "Stacked bar chart", survey.ChartSlope: "Line chart with intervals",
		survey.ChartQuadrant: "Scatter chart of two measures",
	}
	said := []string{kinds[c.Kind]}
	for _, text := range []string{c.Title, c.Subtitle} {
		if text != "" {
			said = append(said, strings.TrimSuffix(text, "."))
		}
	}
	for k, s := range c.series {
		if text := c.extremes(s, c.measureOf(k)); text != "" {
			said = append(said, text)
		}
	}
	return draw.Shortened(strings.Join(said, ". ")+".", longestAltText)
}

// extremes says where a series is lowest and highest, "" for one without marks.
func (c *Chart) extremes(s series, kind survey.RowKind) string {
	low, high := -1, -1
	for i, m := range s.marks {
		if !m.drawn {
			continue
		}
		if low < 0 || m.value < s.marks[low].value {
			low = i
		}
		if high < 0 || m.value > s.marks[high].value {
			high = i
		}
	}
	if low < 0 {
		return ""
	}
	return fmt.Sprintf("%s: from %s (%s) to %s (%s)", s.name,
		write(s.marks[low].value, kind), c.points[low], write(s.marks[high].value, kind), c.points[high])
}

// write writes the number that a cell holds for a figure of a kind of row.
func write(x float64, kind survey.RowKind) string {
	switch {
	case figure.IsShare(kind):
		return figure.Percent(x, 0)
	case kind == survey.RowGap:
		return figure.Points(x/100, 1)
	}
	return figure.Number(x, 2)
}

// WrapLines breaks text between words into lines of at most room characters;
// a longer word keeps a line to itself.
func WrapLines(text string, room int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > room {
			out = append(out, line)
			line = word
		} else if line != "" {
			line += " " + word
		} else {
			line = word
		}
	}
	return append(out, line)
}
