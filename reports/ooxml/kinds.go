package ooxml

import (
	"math"
	"strconv"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// The axes' ids: any two numbers.
const (
	pointAxis = 111
	valueAxis = 222
)

// axisIDs names the axes of a chart, the one across first in a scatter.
func axisIDs(first, second int) []Element {
	return []Element{Val("c:axId", first), Val("c:axId", second)}
}

// bars are horizontal bars with whiskers, or one stacked bar a point.
func (c *Chart) bars() []Element {
	grouping, overlap, gap := "clustered", 0, 60
	if c.Kind == survey.ChartStacked {
		grouping, overlap, gap = "stacked", 100, 45
	}
	chart := El("c:barChart", Val("c:barDir", "bar"), Val("c:grouping", grouping), Val("c:varyColors", 0))
	for k := range c.series {
		chart = chart.Add(c.bar(k))
	}
	chart = chart.Add(Val("c:gapWidth", gap), Val("c:overlap", overlap)).Add(axisIDs(pointAxis, valueAxis)...)
	return []Element{c.inner(), chart, c.pointAxis("l", "maxMin"), c.valueAxis("b", "max", "between")}
}

func (c *Chart) bar(k int) Element {
	color := c.color(k)
	s := El("c:ser", c.start(k)...).Add(shape(Solid(color), line(color, 1)), Val("c:invertIfNegative", 0))
	for i, m := range c.series[k].marks {
		if m.small && c.Kind == survey.ChartBars { // hollow: a small base
			s = s.Add(El("c:dPt", Val("c:idx", i), Val("c:invertIfNegative", 0), Val("c:bubble3D", 0), shape(Solid(White), line(color, 1))))
		}
	}
	if c.Kind == survey.ChartStacked {
		s = s.Add(c.labels(k, "0%", "ctr", contrast(color)))
	} else {
		s = s.Add(c.labels(k, c.Format, "inBase", contrast(color)))
	}
	return s.Add(c.errorBars(k, "", Ink)).Add(c.categoriesAndValues(k)...)
}

func (c *Chart) categoriesAndValues(k int) []Element {
	return []Element{El("c:cat", texts(c.cells(labelColumn), c.points...)), El("c:val", c.values(k))}
}

func (c *Chart) values(k int) Element {
	return c.numbers(c.seriesCells(k, 0), k, func(_ int, m mark) float64 { return m.value })
}

// slopes are lines over the points, such as waves, with whiskers.
func (c *Chart) slopes() []Element {
	chart := El("c:lineChart", Val("c:grouping", "standard"), Val("c:varyColors", 0))
	for k := range c.series {
		color := c.color(k)
		chart = chart.Add(El("c:ser", c.start(k)...).Add(
			shape(line(color, c.pt(2.25))), marker(c.symbol(k), c.symbolSize(), color, color)).
			Add(c.hollow(k)...).Add(c.errorBars(k, "y", color)).
			Add(c.categoriesAndValues(k)...).Add(Val("c:smooth", 0)))
	}
	chart = chart.Add(Val("c:marker", 1)).Add(axisIDs(pointAxis, valueAxis)...)
	return []Element{El("c:layout"), chart, c.pointAxis("b", "minMax"), c.valueAxis("l", "autoZero", "between")}
}

// dots are a scatter of figures (across) over places (up) with whiskers. A
// last series without marks is on the axis and carries the points' labels,
// since a scatter has no axis of texts. LibreOffice (7.4) draws the whiskers in a
// workbook but not in slides: its charts with data of their own have no error
// bars across.
func (c *Chart) dots() []Element {
	chart := El("c:scatterChart", Val("c:scatterStyle", "lineMarker"), Val("c:varyColors", 0))
	for k := range c.series {
		color := c.color(k)
		chart = chart.Add(El("c:ser", c.start(k)...).Add(
			shape(noLine().With("w", 19050)), marker(c.symbol(k), c.symbolSize(), color, color)).
			Add(c.hollow(k)...).Add(c.errorBars(k, "x", color)).Add(
			El("c:xVal", c.values(k)),
			El("c:yVal", c.numbers(c.seriesCells(k, offsetPlaces), k, func(i int, _ mark) float64 { return c.dodge(i, k) })),
			Val("c:smooth", 0)))
	}
	chart = chart.Add(c.pointLabels()).Add(axisIDs(valueAxis, pointAxis)...)
	return []Element{c.inner(), chart, c.dotAxis(valueAxis), c.dotAxis(pointAxis)}
}

// pointLabels is the series that writes the points' labels left of the axis.
func (c *Chart) pointLabels() Element {
	k := len(c.series)
	list := El("c:dLbls")
	const letter = 6.95                              // pixels at a zoom of 1
	line := int(0.275 * c.Width / (letter * c.Zoom)) // characters, left of the plot area
	for i, point := range c.points {
		rich := El("c:rich", El("a:bodyPr").With("wrap", "none"), El("a:lstStyle"))
		for _, text := range WrapLines(point, line) {
			rich = rich.Add(Paragraph(text+"\u00a0\u00a0", c.pt(10), Ink, false, "r")) // apart from a dot on the axis
		}
		list = list.Add(El("c:dLbl", Val("c:idx", i), El("c:tx", rich), Val("c:dLblPos", "l")).Add(showValue()...))
	}
	list = list.Add(textStyle(c.pt(10), Ink), Val("c:dLblPos", "l")).Add(showValue()...)
	name := El("c:tx", Text("c:v", "Labels"))
	return El("c:ser", Val("c:idx", k), Val("c:order", k), name,
		shape(noLine()), El("c:marker", Val("c:symbol", "none")), list,
		El("c:xVal", c.numbers(c.cells(acrossColumn), -1, func(int, mark) float64 { return c.scale.low })),
		El("c:yVal", c.numbers(c.cells(upColumn), -1, func(i int, _ mark) float64 { return c.place(i) })),
		Val("c:smooth", 0))
}

// hollow draws the figures of small bases as rings.
func (c *Chart) hollow(k int) []Element {
	var out []Element
	for i, m := range c.series[k].marks {
		if m.small {
			out = append(out, El("c:dPt", Val("c:idx", i), marker(c.symbol(k), c.symbolSize(), White, c.color(k)), Val("c:bubble3D", 0)))
		}
	}
	return out
}

func (c *Chart) pointAxis(position, orientation string) Element {
	return El("c:catAx", Val("c:axId", pointAxis), El("c:scaling", Val("c:orientation", orientation)), Val("c:delete", 0),
		Val("c:axPos", position), c.unit(position == "b"), numberFormat("General"),
		Val("c:majorTickMark", "none"), Val("c:minorTickMark", "none"), Val("c:tickLblPos", "low"),
		shape(line(Grey, 0.75)), textStyle(c.pt(10), Ink),
		Val("c:crossAx", valueAxis), Val("c:crosses", "autoZero"), Val("c:auto", 0), Val("c:lblAlgn", "ctr"), Val("c:lblOffset", 100), Val("c:noMultiLvlLbl", 1))
}

// valueAxis has light grid lines and percentages without decimals.
func (c *Chart) valueAxis(position, crosses, between string) Element {
	return El("c:valAx", Val("c:axId", valueAxis), c.scaling(c.scale), Val("c:delete", 0),
		Val("c:axPos", position), El("c:majorGridlines", shape(line("E3E8ED", 0.75))), c.unit(position == "b"), numberFormat(c.axisFormat()),
		Val("c:majorTickMark", "none"), Val("c:minorTickMark", "none"), Val("c:tickLblPos", "nextTo"),
		shape(noLine()), textStyle(c.pt(9), Grey),
		Val("c:crossAx", pointAxis), Val("c:crosses", crosses), Val("c:crossBetween", between), Val("c:majorUnit", number(c.scale.step)))
}

// dotAxis is the value axis of a scatter, or the one of places, which is not drawn.
func (c *Chart) dotAxis(id int) Element {
	if id == valueAxis {
		return c.valueAxis("b", "min", "midCat")
	}
	return El("c:valAx", Val("c:axId", pointAxis), c.scaling(scale{0, float64(len(c.points)), 1}), Val("c:delete", 1),
		Val("c:axPos", "l"), numberFormat("General"),
		Val("c:majorTickMark", "none"), Val("c:minorTickMark", "none"), Val("c:tickLblPos", "none"),
		Val("c:crossAx", valueAxis), Val("c:crosses", "min"), Val("c:crossBetween", "midCat"))
}

// unit is the chart's subtitle, which says what is measured and on whom, as the
// title of the axis at the bottom: each program sets that one as it is meant.
func (c *Chart) unit(bottom bool) Element {
	if c.Subtitle == "" || !bottom {
		return Element{}
	}
	rich := El("c:rich", El("a:bodyPr"), El("a:lstStyle"), Paragraph(c.Subtitle, c.pt(10), Grey, false, "ctr"))
	return El("c:title", El("c:tx", rich), Val("c:overlay", 0))
}

func (c *Chart) scaling(s scale) Element {
	return El("c:scaling", Val("c:orientation", "minMax"), Val("c:max", number(s.high)), Val("c:min", number(s.low)))
}

// axisFormat drops the decimals that the axis does not need.
func (c *Chart) axisFormat() string {
	switch {
	case figure.IsShare(c.measure) && c.scale.step >= 0.01:
		return "0%"
	case c.measure == survey.RowGap && c.scale.step >= 1:
		return signed("0" + Points)
	case c.scale.step >= 1 && !figure.IsShare(c.measure):
		return "#,##0"
	}
	return c.Format
}

// number writes a round number without the noise of binary fractions.
func number(x float64) string { return strconv.FormatFloat(x, 'g', 12, 64) }

// labels write each value of series k into its bar, under a number format, but for
// bars too short for it and hollow ones.
func (c *Chart) labels(k int, format, position, color string) Element {
	shortest := 0.06 * (c.scale.high - c.scale.low)
	list := El("c:dLbls")
	for i, m := range c.series[k].marks {
		if m.value < shortest || m.small {
			list = list.Add(El("c:dLbl", Val("c:idx", i), Val("c:delete", 1)))
		}
	}
	return list.Add(numberFormat(format), shape(noFill(), noLine()), textStyle(c.pt(9), color),
		Val("c:dLblPos", position)).Add(showValue()...)
}

// span fits an axis to figures and their limits.
func span(marks []mark) scale {
	low, high := math.Inf(1), math.Inf(-1)
	for _, m := range marks {
		low, high = min(low, m.low), max(high, m.high)
	}
	if low > high {
		low, high = 0, 1
	}
	return roundScale(low, high)
}

func mean(marks []mark) float64 {
	sum := 0.0
	for _, m := range marks {
		sum += m.value / float64(len(marks))
	}
	return sum
}

// quadrant is a scatter of two measures, the first across and the second up,
// with the points' names beside them and limits both ways. The axes cross at the
// means of the points and so part the quadrants.
func (c *Chart) quadrant() []Element {
	color := c.color(0)
	across, up := c.series[0], c.series[1]
	s := El("c:ser", Val("c:idx", 0), Val("c:order", 0), El("c:tx", texts(c.nameCell(1), up.name)),
		shape(noLine().With("w", 19050)), marker(c.symbol(0), c.symbolSize(), color, color))
	for i := range c.points {
		if across.marks[i].small || up.marks[i].small {
			s = s.Add(El("c:dPt", Val("c:idx", i), marker(c.symbol(0), c.symbolSize(), White, color), Val("c:bubble3D", 0)))
		}
	}
	list := El("c:dLbls")
	for i, point := range c.points {
		rich := El("c:rich", El("a:bodyPr"), El("a:lstStyle"), Paragraph(point, c.pt(9), Ink, false, "l"))
		list = list.Add(El("c:dLbl", Val("c:idx", i), El("c:tx", rich), Val("c:dLblPos", "r")).Add(showValue()...))
	}
	s = s.Add(list.Add(textStyle(c.pt(9), Ink), Val("c:dLblPos", "r")).Add(showValue()...), c.errorBars(0, "x", Rule), c.errorBars(1, "y", Rule),
		El("c:xVal", c.values(0)), El("c:yVal", c.values(1)), Val("c:smooth", 0))
	chart := El("c:scatterChart", Val("c:scatterStyle", "lineMarker"), Val("c:varyColors", 0), s).Add(axisIDs(valueAxis, pointAxis)...)
	return []Element{El("c:layout"), chart,
		c.measureAxis(valueAxis, "b", c.scale, c.Format, mean(up.marks), strings.TrimPrefix(c.Subtitle+". ", ". ")+across.name),
		c.measureAxis(pointAxis, "l", c.up, c.upFormat, mean(across.marks), up.name)}
}

// measureAxis is an axis of a quadrant: its line crosses the other axis at the
// other measure's mean, its figures are at the edge.
func (c *Chart) measureAxis(id int, position string, s scale, format string, at float64, title string) Element {
	other := valueAxis + pointAxis - id
	rich := El("c:rich", El("a:bodyPr"), El("a:lstStyle"), Paragraph(title, c.pt(10), Grey, false, "ctr"))
	if position == "l" {
		rich = El("c:rich", El("a:bodyPr").With("rot", -5400000).With("vert", "horz"), El("a:lstStyle"), Paragraph(title, c.pt(10), Grey, false, "ctr"))
	}
	return El("c:valAx", Val("c:axId", id), c.scaling(s), Val("c:delete", 0), Val("c:axPos", position),
		El("c:title", El("c:tx", rich), Val("c:overlay", 0)), numberFormat(format),
		Val("c:majorTickMark", "none"), Val("c:minorTickMark", "none"), Val("c:tickLblPos", "low"),
		shape(line(Grey, 1)), textStyle(c.pt(9), Grey),
		Val("c:crossAx", other), Val("c:crossesAt", number(at)), Val("c:crossBetween", "midCat"), Val("c:majorUnit", number(s.step)))
}
