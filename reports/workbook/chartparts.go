package workbook

import "math"

// Small parts that all charts are made of. Lengths are points or, where noted,
// shares of the chart's size.

// emu are the English Metric Units of one point.
const emu = 12700

func none(name string) node { return el(name) }

func solid(color string) node { return el("a:solidFill", val("a:srgbClr", color)) }

func shape(kids ...node) node { return el("c:spPr", kids...) }

func line(color string, points float64) node {
	return el("a:ln", solid(color)).with("w", int(math.Round(points*emu)))
}

// marker is a series' symbol.
func marker(symbol string, size int, fill, edge string) node {
	return el("c:marker", val("c:symbol", symbol), val("c:size", size), shape(solid(fill), line(edge, 1.5)))
}

// run are the properties of text under the given element name.
func run(name string, size float64, color string, bold bool) node {
	n := el(name, solid(color), el("a:latin").with("typeface", fontName), el("a:cs").with("typeface", fontName))
	b := 0
	if bold {
		b = 1
	}
	return n.with("sz", int(size*100)).with("b", b)
}

// paragraph is one line of rich text, aligned l, ctr or r.
func paragraph(text string, size float64, color string, bold bool, align string) node {
	return el("a:p",
		el("a:pPr", run("a:defRPr", size, color, bold)).with("algn", align),
		el("a:r", run("a:rPr", size, color, bold), txt("a:t", text)))
}

// textStyle is the style of an element's own text.
func textStyle(size float64, color string, bold bool) node {
	return el("c:txPr", el("a:bodyPr"), el("a:lstStyle"),
		el("a:p", el("a:pPr", run("a:defRPr", size, color, bold)), el("a:endParaRPr").with("lang", "en-US")))
}

func numberFormat(code string) node {
	return el("c:numFmt").with("formatCode", code).with("sourceLinked", 0)
}

// layoutAt places an element by its corner and, where they are not 0, its
// width and height, all as shares of the chart.
func layoutAt(x, y, w, h float64) node {
	at := el("c:manualLayout", val("c:xMode", "edge"), val("c:yMode", "edge"), val("c:x", number(x)), val("c:y", number(y)))
	if w > 0 {
		at = at.nodes(val("c:w", number(w)), val("c:h", number(h)))
	}
	return el("c:layout", at)
}

// labels write each value of a series at a position, under a number format.
func labels(format, position, color string) node {
	return el("c:dLbls", numberFormat(format), shape(none("a:noFill"), el("a:ln", none("a:noFill"))), textStyle(9, color, false),
		val("c:dLblPos", position)).nodes(show(true)...)
}

// show says what a label shows: its value or text, and nothing besides.
func show(value bool) []node {
	v := 0
	if value {
		v = 1
	}
	return []node{val("c:showLegendKey", 0), val("c:showVal", v), val("c:showCatName", 0),
		val("c:showSerName", 0), val("c:showPercent", 0), val("c:showBubbleSize", 0)}
}
