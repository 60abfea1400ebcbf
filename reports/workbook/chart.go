package workbook

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"surveykit/survey"
)

// chart puts the drawing under the last row. The library makes the frame and
// its relations; the chart itself is ours, because the library knows no error
// bars, no points of their own in a bar series and no labels of single points.
func (s *sheet) chart(d *drawing) {
	s.skip(1)
	s.charts++
	part := fmt.Sprintf("xl/charts/chart%d.xml", s.charts)
	s.do(func() error {
		return s.file.AddChart(s.name, cellName(1, s.row+1), &excelize.Chart{
			Type:      excelize.Bar,
			Series:    []excelize.ChartSeries{{Name: d.nameCell(0), Categories: d.cells(labelColumn), Values: d.seriesCells(0, 0)}},
			Dimension: excelize.ChartDimension{Width: chartWidth, Height: d.height()},
			Format:    excelize.GraphicOptions{Positioning: "oneCell", Name: "Chart " + s.name, AltText: d.altText()},
		})
	})
	s.file.Pkg.Store(part, d.part())
}

// chartWidth is in pixels, titleLine in characters: at most as many as programs
// set on one line of a title by themselves.
const (
	chartWidth = 860
	titleLine  = 76
)

// height in pixels grows with the marks.
func (d *drawing) height() uint {
	if d.kind == survey.ChartSlope {
		return 460
	}
	perPoint := 32
	if d.kind != survey.ChartStacked {
		perPoint = max(perPoint, 12+14*len(d.series))
	}
	return uint(170 + perPoint*len(d.points))
}

// altText is what a screen reader says.
func (d *drawing) altText() string {
	kinds := map[survey.ChartKind]string{
		survey.ChartDots: "Dot and whisker chart", survey.ChartBars: "Bar chart with intervals",
		survey.ChartStacked: "Stacked bar chart", survey.ChartSlope: "Line chart with intervals",
	}
	return fmt.Sprintf("%s. %s. %s", kinds[d.kind], d.title, strings.Join(d.points, ", "))
}

func (d *drawing) part() []byte {
	b := bytes.NewBufferString(xml.Header)
	d.space().write(b)
	return b.Bytes()
}

// space is the whole chart part, in the schema's order.
func (d *drawing) space() node {
	const (
		chartSpace = "http://schemas.openxmlformats.org/drawingml/2006/chart"
		drawingML  = "http://schemas.openxmlformats.org/drawingml/2006/main"
	)
	root := el("c:chartSpace",
		val("c:date1904", 0), val("c:roundedCorners", 0),
		el("c:chart",
			d.heading(), val("c:autoTitleDeleted", 0),
			d.plotArea(), d.legend(),
			val("c:plotVisOnly", 0), val("c:dispBlanksAs", "gap")),
		shape(solid(white), line(rule, 0.75)),
		textStyle(9, ink, false))
	return root.with("xmlns:c", chartSpace).with("xmlns:a", drawingML)
}

// heading states the finding, left-aligned.
func (d *drawing) heading() node {
	rich := el("c:rich", el("a:bodyPr"), el("a:lstStyle"))
	for _, text := range wrapLines(d.title, titleLine) {
		rich = rich.nodes(paragraph(text, 12, ink, true, "l"))
	}
	return el("c:title", el("c:tx", rich), layoutAt(0.015, 0.02, 0, 0), val("c:overlay", 0))
}

func (d *drawing) plotArea() node {
	area := el("c:plotArea")
	switch d.kind {
	case survey.ChartDots:
		return area.nodes(d.dots()...).nodes(shape(none("a:noFill")))
	case survey.ChartSlope:
		return area.nodes(d.slopes()...).nodes(shape(none("a:noFill")))
	default:
		return area.nodes(d.bars()...).nodes(shape(none("a:noFill")))
	}
}

// legend stands above the marks, for more than one series.
func (d *drawing) legend() node {
	if len(d.series) < 2 {
		return node{}
	}
	l := el("c:legend", val("c:legendPos", "t"))
	if d.kind == survey.ChartDots { // the series that carries the labels has no entry
		l = l.nodes(el("c:legendEntry", val("c:idx", len(d.series)), val("c:delete", 1)))
	}
	return l.nodes(val("c:overlay", 0), textStyle(10, ink, false))
}

// errorBars are whiskers whose lengths stand in cells.
func (d *drawing) errorBars(k int, direction string, color string) node {
	if d.kind == survey.ChartStacked {
		return node{}
	}
	bars := el("c:errBars")
	if direction != "" {
		bars = bars.nodes(val("c:errDir", direction))
	}
	return bars.nodes(
		val("c:errBarType", "both"), val("c:errValType", "cust"), val("c:noEndCap", 1),
		el("c:plus", d.numbers(d.seriesCells(k, offsetPlus), k, func(_ int, m mark) float64 { return m.high - m.value })),
		el("c:minus", d.numbers(d.seriesCells(k, offsetMinus), k, func(_ int, m mark) float64 { return m.value - m.low })),
		shape(line(color, 1.75)))
}

// numbers refer to cells and repeat what they hold, for programs that do not
// read the cells. A negative k takes every point.
func (d *drawing) numbers(cells string, k int, of func(i int, m mark) float64) node {
	cache := el("c:numCache", txt("c:formatCode", d.format), val("c:ptCount", len(d.points)))
	for i := range d.points {
		m := mark{drawn: true}
		if k >= 0 {
			m = d.series[k].marks[i]
		}
		if m.drawn {
			cache = cache.nodes(el("c:pt", txt("c:v", survey.FormatNumber(of(i, m)))).with("idx", i))
		}
	}
	return el("c:numRef", txt("c:f", cells), cache)
}

func texts(cells string, of ...string) node {
	cache := el("c:strCache", val("c:ptCount", len(of)))
	for i, text := range of {
		cache = cache.nodes(el("c:pt", txt("c:v", text)).with("idx", i))
	}
	return el("c:strRef", txt("c:f", cells), cache)
}

// start are the first children of every series.
func (d *drawing) start(k int) []node {
	return []node{val("c:idx", k), val("c:order", k), el("c:tx", texts(d.nameCell(k), d.series[k].name))}
}
