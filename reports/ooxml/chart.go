package ooxml

import (
	"math"
	"unicode/utf8"

	"surveykit/survey"
)

// titleLine is how many characters of a title stand on one line of a chart of
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
	root := El("c:chartSpace",
		Val("c:date1904", 0), Val("c:roundedCorners", 0),
		El("c:chart",
			c.heading(), Val("c:autoTitleDeleted", hidden),
			c.plotArea(), c.legend(),
			Val("c:plotVisOnly", 0), Val("c:dispBlanksAs", "gap")),
		shape(Solid(White), c.frame()),
		textStyle(c.pt(9), Ink, typeface(c.typeface)...)).Add(related...)
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

func (c *Chart) plotArea() Element {
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
	return area.Add(shape(noFill()))
}

// legend stands above the marks, for more than one series.
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
	return innerLayout(0.29, top/c.Height, 0.67, 1-(top+foot)/c.Height)
}

// legendHeight is the room of the legend in pixels: one line, or one for each
// entry where they do not stand side by side.
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

// errorBars are whiskers whose lengths stand in cells.
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
