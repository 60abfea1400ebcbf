package ooxml

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/reports/brand"
	"surveykit/survey"
)

// Small pieces of DrawingML. Lengths are points unless noted otherwise.

// EMU are the English Metric Units of one point.
const EMU = 12700

// The house's colours and font. Arial is on every system, or a font of its
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

// showValue makes a label show its value or text, and nothing besides.
func showValue() []Element {
	return []Element{Val("c:showLegendKey", 0), Val("c:showVal", 1), Val("c:showCatName", 0),
		Val("c:showSerName", 0), Val("c:showPercent", 0), Val("c:showBubbleSize", 0)}
}

// Element is an XML element that writes its attributes and children in the
// order given, since the order is part of what readers of the format check.
type Element struct {
	name  string
	attrs []string // name, value, name, value …
	kids  []Element
	text  string
}

// El is an element with children. Children without a name are left out, so
// that the zero Element is an optional one that is not there.
func El(name string, kids ...Element) Element { return Element{name: name, kids: kids} }

// Val is an element whose content is its val attribute, as most of a chart's are.
func Val(name string, v any) Element { return El(name).With("val", v) }

// Text is an element with text.
func Text(name, text string) Element { return Element{name: name, text: text} }

// With is the element with one attribute more.
func (e Element) With(name string, value any) Element {
	e.attrs = append(e.attrs[:len(e.attrs):len(e.attrs)], name, fmt.Sprint(value))
	return e
}

// Add is the element with more children behind those that it has.
func (e Element) Add(kids ...Element) Element {
	e.kids = append(e.kids[:len(e.kids):len(e.kids)], kids...)
	return e
}

// Bytes is the element as XML. Characters that XML cannot hold become U+FFFD.
func (e Element) Bytes() []byte {
	var b bytes.Buffer
	e.write(&b)
	return b.Bytes()
}

// Part is the element as a whole part of a package, after the XML declaration.
func (e Element) Part() []byte { return append([]byte(xml.Header), e.Bytes()...) }

func (e Element) write(b *bytes.Buffer) {
	if e.name == "" {
		return
	}
	b.WriteString("<" + e.name)
	for i := 0; i < len(e.attrs); i += 2 {
		b.WriteString(" " + e.attrs[i] + `="`)
		_ = xml.EscapeText(b, []byte(e.attrs[i+1])) // a buffer takes everything
		b.WriteString(`"`)
	}
	b.WriteString(">")
	_ = xml.EscapeText(b, []byte(e.text))
	for _, kid := range e.kids {
		kid.write(b)
	}
	b.WriteString("</" + e.name + ">")
}

// Theme is the part that programs take the colours and the font from for what is
// added to a document later: the client's, or the house's.
func Theme(theme survey.Theme) []byte {
	look := brand.Of(theme)
	colors := El("a:clrScheme").With("name", "surveykit")
	add := func(name, color string) { colors = colors.Add(El(name, Val("a:srgbClr", color))) }
	add("a:dk1", Ink)
	add("a:lt1", White)
	add("a:dk2", look.Strong)
	add("a:lt2", look.Pale)
	for i, color := range Palette(theme) {
		add(fmt.Sprintf("a:accent%d", i+1), color)
	}
	add("a:hlink", LinkColor)
	add("a:folHlink", LinkColor)
	typeface := func(name string) Element {
		return El(name, El("a:latin").With("typeface", look.Font), El("a:ea").With("typeface", ""), El("a:cs").With("typeface", ""))
	}
	// Three of each, as the schema asks: the shape's own colour and no effect.
	fills := slices.Repeat([]Element{El("a:solidFill", Val("a:schemeClr", "phClr"))}, 3)
	var lines []Element
	for _, width := range []int{9525, 12700, 19050} {
		lines = append(lines, El("a:ln", fills[0]).With("w", width))
	}
	effects := slices.Repeat([]Element{El("a:effectStyle", El("a:effectLst"))}, 3)
	return El("a:theme", El("a:themeElements", colors,
		El("a:fontScheme", typeface("a:majorFont"), typeface("a:minorFont")).With("name", "surveykit"),
		El("a:fmtScheme", El("a:fillStyleLst", fills...), El("a:lnStyleLst", lines...), El("a:effectStyleLst", effects...), El("a:bgFillStyleLst", fills...)).
			With("name", "surveykit"))).
		With("xmlns:a", DrawingML).With("name", "surveykit").Part()
}

// Palette are the colours of series in the order of the pictures' ones: the
// theme's, then the house's that are not among them.
func Palette(theme survey.Theme) []string {
	house := []string{Navy, Orange, "28A197", "801650", "3D3D3D", "A285D1"}
	var colors []string
	for _, c := range theme.Colours {
		colors = append(colors, strings.TrimPrefix(strings.ToUpper(c), "#"))
	}
	for _, c := range house {
		if !slices.Contains(colors, c) {
			colors = append(colors, c)
		}
	}
	return colors[:len(house)]
}

// color is the series' own.
func (c *Chart) color(k int) string { return c.colors[k%len(c.colors)] }

// contrast is White on dark colours and Ink on light ones (relative luminance
// of ITU-R BT.709, without its gamma).
func contrast(color string) string {
	rgb, _ := strconv.ParseUint(color, 16, 32)
	if 0.2126*float64(rgb>>16)+0.7152*float64(rgb>>8&0xFF)+0.0722*float64(rgb&0xFF) < 140 {
		return White
	}
	return Ink
}

// symbol is the series' shape: never colour alone.
func (c *Chart) symbol(k int) string {
	symbols := []string{"circle", "square", "diamond", "triangle", "x", "star"}
	return symbols[k%len(symbols)]
}
