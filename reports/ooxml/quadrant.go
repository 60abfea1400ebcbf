package ooxml

import (
	"math"
	"strings"

	"surveykit/survey"
)

// setMeasures says what the two axes of a quadrant measure.
func (c *Chart) setMeasures(of [2]survey.RowKind, r survey.Rounding) {
	c.measure, c.upMeasure = of[0], of[1]
	c.Format, c.upFormat = NumberFormat(of[0], r), NumberFormat(of[1], r)
}

// cross makes two measures the axes of a quadrant and leaves out the points
// that lack one of them.
func (c *Chart) cross() {
	across, up := &c.series[0], &c.series[1]
	points, x, y := c.points, across.marks, up.marks
	c.points, across.marks, up.marks = nil, nil, nil
	for i, point := range points {
		if x[i].drawn && y[i].drawn {
			c.points, across.marks, up.marks = append(c.points, point), append(across.marks, x[i]), append(up.marks, y[i])
		}
	}
	c.up = span(up.marks)
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
	s = s.Add(c.names(), c.errorBars(0, "x", Rule), c.errorBars(1, "y", Rule),
		El("c:xVal", c.values(0)), El("c:yVal", c.values(1)), Val("c:smooth", 0))
	chart := El("c:scatterChart", Val("c:scatterStyle", "lineMarker"), Val("c:varyColors", 0), s).Add(axisIDs(valueAxis, pointAxis)...)
	return []Element{El("c:layout"), chart,
		c.measureAxis(valueAxis, "b", c.scale, c.Format, mean(up.marks), strings.TrimPrefix(c.Subtitle+". ", ". ")+across.name),
		c.measureAxis(pointAxis, "l", c.up, c.upFormat, mean(across.marks), up.name)}
}

// names writes each point's name to its right.
func (c *Chart) names() Element {
	list := El("c:dLbls")
	for i, point := range c.points {
		rich := El("c:rich", El("a:bodyPr"), El("a:lstStyle"), Paragraph(point, c.pt(9), Ink, false, "l"))
		list = list.Add(El("c:dLbl", Val("c:idx", i), El("c:tx", rich), Val("c:dLblPos", "r")).Add(showValue()...))
	}
	return list.Add(textStyle(c.pt(9), Ink), Val("c:dLblPos", "r")).Add(showValue()...)
}

// measureAxis is an axis of a quadrant: its line crosses the other axis at the
// other measure's mean, its figures stand at the edge.
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
