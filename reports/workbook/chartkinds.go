package workbook

import (
	"fmt"
	"strconv"

	"surveykit/survey"
)

// The axes' ids: any two numbers.
const (
	pointAxis = 111
	valueAxis = 222
)

// axisIDs names the axes of a chart, the one across first in a scatter.
func axisIDs(first, second int) []node { return []node{val("c:axId", first), val("c:axId", second)} }

// bars are horizontal bars with whiskers, or one stacked bar a point.
func (d *drawing) bars() []node {
	grouping, overlap, gap := "clustered", 0, 60
	if d.kind == survey.ChartStacked {
		grouping, overlap, gap = "stacked", 100, 45
	}
	chart := el("c:barChart", val("c:barDir", "bar"), val("c:grouping", grouping), val("c:varyColors", 0))
	for k := range d.series {
		chart = chart.nodes(d.bar(k))
	}
	chart = chart.nodes(val("c:gapWidth", gap), val("c:overlap", overlap)).nodes(axisIDs(pointAxis, valueAxis)...)
	return []node{d.inner(), chart, d.pointAxis("l", "maxMin"), d.valueAxis("b", "max", "between")}
}

func (d *drawing) bar(k int) node {
	color := d.color(k)
	s := el("c:ser", d.start(k)...).nodes(shape(solid(color), line(color, 1)), val("c:invertIfNegative", 0))
	for i, m := range d.series[k].marks {
		if m.small && d.kind == survey.ChartBars { // hollow: a small base
			s = s.nodes(el("c:dPt", val("c:idx", i), val("c:invertIfNegative", 0), val("c:bubble3D", 0), shape(solid(white), line(color, 1))))
		}
	}
	if d.kind == survey.ChartStacked {
		s = s.nodes(labels("0%", "ctr", contrast(color)))
	}
	return s.nodes(d.errorBars(k, "", ink)).nodes(d.categoriesAndValues(k)...)
}

func (d *drawing) categoriesAndValues(k int) []node {
	return []node{el("c:cat", texts(d.cells(labelColumn), d.points...)), el("c:val", d.values(k))}
}

func (d *drawing) values(k int) node {
	return d.numbers(d.seriesCells(k, 0), k, func(_ int, m mark) float64 { return m.value })
}

// slopes are lines over the points, such as waves, with whiskers.
func (d *drawing) slopes() []node {
	chart := el("c:lineChart", val("c:grouping", "standard"), val("c:varyColors", 0))
	for k := range d.series {
		color := d.color(k)
		chart = chart.nodes(el("c:ser", d.start(k)...).nodes(
			shape(line(color, 2.25)), marker(d.symbol(k), 7, color, color)).
			nodes(d.hollow(k)...).nodes(d.errorBars(k, "y", color)).
			nodes(d.categoriesAndValues(k)...).nodes(val("c:smooth", 0)))
	}
	chart = chart.nodes(val("c:marker", 1)).nodes(axisIDs(pointAxis, valueAxis)...)
	return []node{el("c:layout"), chart, d.pointAxis("b", "minMax"), d.valueAxis("l", "autoZero", "between")}
}

// dots are a scatter of figures (across) over places (up) with whiskers. A
// last series without marks stands on the axis and carries the points' labels,
// since a scatter has no axis of texts.
func (d *drawing) dots() []node {
	chart := el("c:scatterChart", val("c:scatterStyle", "lineMarker"), val("c:varyColors", 0))
	for k := range d.series {
		color := d.color(k)
		chart = chart.nodes(el("c:ser", d.start(k)...).nodes(
			shape(el("a:ln", none("a:noFill")).with("w", 19050)), marker(d.symbol(k), 7, color, color)).
			nodes(d.hollow(k)...).nodes(d.errorBars(k, "x", color)).nodes(
			el("c:xVal", d.values(k)),
			el("c:yVal", d.numbers(d.seriesCells(k, offsetPlaces), k, func(i int, _ mark) float64 { return d.dodge(i, k) })),
			val("c:smooth", 0)))
	}
	chart = chart.nodes(d.pointLabels()).nodes(axisIDs(valueAxis, pointAxis)...)
	return []node{d.inner(), chart, d.dotAxis(valueAxis), d.dotAxis(pointAxis)}
}

// labelLine is how many characters of a point's label stand on one line.
const labelLine = 34

// pointLabels is the series that writes the points' labels left of the axis.
func (d *drawing) pointLabels() node {
	k := len(d.series)
	list := el("c:dLbls")
	for i, point := range d.points {
		rich := el("c:rich", el("a:bodyPr").with("wrap", "none"), el("a:lstStyle"))
		for _, text := range wrapLines(point, labelLine) {
			rich = rich.nodes(paragraph(text, 10, ink, false, "r"))
		}
		list = list.nodes(el("c:dLbl", val("c:idx", i), el("c:tx", rich), val("c:dLblPos", "l")).nodes(show(true)...))
	}
	list = list.nodes(textStyle(10, ink, false), val("c:dLblPos", "l")).nodes(show(true)...)
	name := el("c:tx", txt("c:v", "Labels"))
	return el("c:ser", val("c:idx", k), val("c:order", k), name,
		shape(el("a:ln", none("a:noFill"))), el("c:marker", val("c:symbol", "none")), list,
		el("c:xVal", d.numbers(d.cells(acrossColumn), -1, func(int, mark) float64 { return d.scale.low })),
		el("c:yVal", d.numbers(d.cells(upColumn), -1, func(i int, _ mark) float64 { return d.place(i) })),
		val("c:smooth", 0))
}

// inner leaves room for the labels on the left and for the title above.
func (d *drawing) inner() node {
	height := float64(d.height())
	top := 26 + 20*float64(len(wrapLines(d.title, titleLine)))
	if len(d.series) > 1 {
		top += 30 // the legend
	}
	foot := 36.0
	if d.subtitle != "" {
		foot += 24
	}
	n := layoutAt(0.29, top/height, 0.67, 1-(top+foot)/height)
	n.kids[0].kids = append([]node{val("c:layoutTarget", "inner")}, n.kids[0].kids...)
	return n
}

// hollow draws the figures of small bases as rings.
func (d *drawing) hollow(k int) []node {
	var out []node
	for i, m := range d.series[k].marks {
		if m.small {
			out = append(out, el("c:dPt", val("c:idx", i), marker(d.symbol(k), 7, white, d.color(k)), val("c:bubble3D", 0)))
		}
	}
	return out
}

func (d *drawing) pointAxis(position, orientation string) node {
	return el("c:catAx", val("c:axId", pointAxis), el("c:scaling", val("c:orientation", orientation)), val("c:delete", 0),
		val("c:axPos", position), d.unit(position == "b"), numberFormat("General"),
		val("c:majorTickMark", "none"), val("c:minorTickMark", "none"), val("c:tickLblPos", "low"),
		shape(line(grey, 0.75)), textStyle(10, ink, false),
		val("c:crossAx", valueAxis), val("c:crosses", "autoZero"), val("c:auto", 0), val("c:lblAlgn", "ctr"), val("c:lblOffset", 100), val("c:noMultiLvlLbl", 1))
}

// valueAxis has light grid lines and percentages without decimals.
func (d *drawing) valueAxis(position, crosses, between string) node {
	return el("c:valAx", val("c:axId", valueAxis), d.scaling(d.scale), val("c:delete", 0),
		val("c:axPos", position), el("c:majorGridlines", shape(line("E3E8ED", 0.75))), d.unit(position == "b"), numberFormat(d.axisFormat()),
		val("c:majorTickMark", "none"), val("c:minorTickMark", "none"), val("c:tickLblPos", "nextTo"),
		shape(el("a:ln", none("a:noFill"))), textStyle(9, grey, false),
		val("c:crossAx", pointAxis), val("c:crosses", crosses), val("c:crossBetween", between), val("c:majorUnit", number(d.scale.step)))
}

// dotAxis is the value axis of a scatter, or the one of places, which is not drawn.
func (d *drawing) dotAxis(id int) node {
	if id == valueAxis {
		return d.valueAxis("b", "min", "midCat")
	}
	return el("c:valAx", val("c:axId", pointAxis), d.scaling(scale{0, float64(len(d.points)), 1}), val("c:delete", 1),
		val("c:axPos", "l"), numberFormat("General"),
		val("c:majorTickMark", "none"), val("c:minorTickMark", "none"), val("c:tickLblPos", "none"),
		val("c:crossAx", valueAxis), val("c:crosses", "min"), val("c:crossBetween", "midCat"))
}

// unit is the chart's subtitle, which says what is measured and on whom, as the
// title of the axis at the bottom: each program sets that one as it is meant.
func (d *drawing) unit(bottom bool) node {
	if d.subtitle == "" || !bottom {
		return node{}
	}
	rich := el("c:rich", el("a:bodyPr"), el("a:lstStyle"), paragraph(d.subtitle, 10, grey, false, "ctr"))
	return el("c:title", el("c:tx", rich), val("c:overlay", 0))
}

func (d *drawing) scaling(s scale) node {
	return el("c:scaling", val("c:orientation", "minMax"), val("c:max", number(s.high)), val("c:min", number(s.low)))
}

// axisFormat drops the decimals that the axis does not need.
func (d *drawing) axisFormat() string {
	if d.format == digits[survey.RowShare] && d.scale.step >= 0.01 {
		return "0%"
	}
	if d.scale.step >= 1 {
		return countFormat
	}
	return d.format
}

// number writes a round number without the noise of binary fractions.
func number(x float64) string { return strconv.FormatFloat(x, 'g', 12, 64) }

// palette are the house's colours, in the order of the pictures' ones; a chart
// has no more series than these, stacks aside.
var palette = []string{navy, orange, "28A197", "801650"}

// color is the series' own; a stack takes a ramp, since its series are ordered.
func (d *drawing) color(k int) string {
	if d.kind == survey.ChartStacked && len(d.series) > 2 {
		return ramp(float64(k) / float64(len(d.series)-1))
	}
	return palette[k%len(palette)]
}

// ramp mixes the house's navy into a light blue, from 0 to 1.
func ramp(x float64) string {
	dark, light := [3]float64{0x12, 0x43, 0x6D}, [3]float64{0xD3, 0xE3, 0xF0}
	c := [3]int{}
	for i := range c {
		c[i] = int(dark[i] + x*(light[i]-dark[i]) + 0.5)
	}
	return fmt.Sprintf("%02X%02X%02X", c[0], c[1], c[2])
}

// contrast is white on dark colours and ink on light ones (relative luminance
// of ITU-R BT.709, without its gamma).
func contrast(color string) string {
	rgb, _ := strconv.ParseUint(color, 16, 32)
	if 0.2126*float64(rgb>>16)+0.7152*float64(rgb>>8&0xFF)+0.0722*float64(rgb&0xFF) < 140 {
		return white
	}
	return ink
}

// symbol is the series' shape: never colour alone.
func (d *drawing) symbol(k int) string {
	return []string{"circle", "square", "diamond", "triangle"}[k%4]
}
