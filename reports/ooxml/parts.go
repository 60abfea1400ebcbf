package ooxml

import "math"

// Small pieces of DrawingML. Lengths are points unless noted otherwise.

// EMU are the English Metric Units of one point.
const EMU = 12700

// The house's colours and font. Arial stands on every system, or a font of its
// widths.
const (
	FontName = "Arial"

	Navy   = "12436D"
	Orange = "F46A25"
	Ink    = "1F1F1F"
	Grey   = "595959"
	Rule   = "BFC9D4"
	White  = "FFFFFF"

	// LinkColor is that of links.
	LinkColor = "0B5CAD"
)

// Solid fills with a colour.
func Solid(color string) Element { return El("a:solidFill", Val("a:srgbClr", color)) }

func shape(kids ...Element) Element { return El("c:spPr", kids...) }

func line(color string, points float64) Element {
	return El("a:ln", Solid(color)).With("w", int(math.Round(points*EMU)))
}

func noFill() Element { return El("a:noFill") }

func noLine() Element { return El("a:ln", noFill()) }

// marker is a series' symbol.
func marker(symbol string, size int, fill, edge string) Element {
	return El("c:marker", Val("c:symbol", symbol), Val("c:size", size), shape(Solid(fill), line(edge, 1.5)))
}

// font are the properties of text under the given element name; the typeface is
// that of the chart.
func font(name string, size float64, color string, bold bool) Element {
	b := 0
	if bold {
		b = 1
	}
	return El(name, Solid(color)).With("sz", int(math.Round(size*100))).With("b", b)
}

// typeface names the typeface of all text in an element that names none.
func typeface(name string) []Element {
	return []Element{El("a:latin").With("typeface", name), El("a:cs").With("typeface", name)}
}

// Paragraph is one line of rich text, aligned l, ctr or r.
func Paragraph(text string, size float64, color string, bold bool, align string) Element {
	return El("a:p",
		El("a:pPr", font("a:defRPr", size, color, bold)).With("algn", align),
		El("a:r", font("a:rPr", size, color, bold), Text("a:t", text)))
}

// textStyle is the style of an element's own text, with the properties in more.
func textStyle(size float64, color string, more ...Element) Element {
	return El("c:txPr", El("a:bodyPr"), El("a:lstStyle"),
		El("a:p", El("a:pPr", font("a:defRPr", size, color, false).Add(more...)), El("a:endParaRPr").With("lang", "en-US")))
}

func numberFormat(code string) Element {
	return El("c:numFmt").With("formatCode", code).With("sourceLinked", 0)
}

// layoutAt places an element by its corner and, where they are not 0, its
// width and height, all as shares of the chart.
func layoutAt(x, y, w, h float64) Element {
	at := El("c:manualLayout", Val("c:xMode", "edge"), Val("c:yMode", "edge"), Val("c:x", number(x)), Val("c:y", number(y)))
	if w > 0 {
		at = at.Add(Val("c:w", number(w)), Val("c:h", number(h)))
	}
	return El("c:layout", at)
}

// innerLayout places the plot area without its labels.
func innerLayout(x, y, w, h float64) Element {
	n := layoutAt(x, y, w, h)
	n.kids[0].kids = append([]Element{Val("c:layoutTarget", "inner")}, n.kids[0].kids...)
	return n
}

// showValue makes a label show its value or text, and nothing besides.
func showValue() []Element {
	return []Element{Val("c:showLegendKey", 0), Val("c:showVal", 1), Val("c:showCatName", 0),
		Val("c:showSerName", 0), Val("c:showPercent", 0), Val("c:showBubbleSize", 0)}
}
