package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"surveykit/reports/chart/typeset"
)

// families are tried in this order, letter by letter, by whatever shows the
// SVG; the first three have the same widths.
const families = "Liberation Sans, Arial, Helvetica, sans-serif"

// SVG writes the picture as a scalable drawing: text stays text, title and
// description tell screen readers what is drawn. The ids in it begin with the
// tabulation's, so that several pictures can stand in one page.
func (p *Picture) SVG() ([]byte, error) {
	w := &svgWriter{}
	id := "chart-" + p.id
	w.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s" role="img" aria-labelledby="%s %s" font-family="%s">`+"\n",
		decimal(p.width), decimal(p.height), escape(id+"-title"), escape(id+"-desc"), escape(p.families()))
	w.printf(`<title id="%s">%s</title>`+"\n", escape(id+"-title"), escape(p.title))
	w.printf(`<desc id="%s">%s</desc>`+"\n", escape(id+"-desc"), escape(p.description))
	w.printf(`<rect width="%s" height="%s" fill="%s"/>`+"\n", decimal(p.width), decimal(p.height), hex(white))
	for _, m := range p.marks {
		m.writeSVG(w)
	}
	w.printf("</svg>\n")
	return w.Bytes(), nil
}

func (p *Picture) families() string {
	if p.font == "" {
		return families
	}
	return p.font + ", " + families
}

type svgWriter struct{ bytes.Buffer }

func (w *svgWriter) printf(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (s shape) writeSVG(w *svgWriter) {
	if s.radius > 0 {
		w.printf(`<circle cx="%s" cy="%s" r="%s"`, decimal(s.points[0].x), decimal(s.points[0].y), decimal(s.radius))
	} else {
		w.printf(`<path d="%s"`, s.outline())
	}
	w.printf(` fill="%s"`, hex(s.fill))
	if s.fill.A > 0 && s.fill.A < 0xFF {
		w.printf(` fill-opacity="%s"`, decimal(float64(s.fill.A)/0xFF))
	}
	if s.stroke.A > 0 {
		w.printf(` stroke="%s" stroke-width="%s"`, hex(s.stroke), decimal(s.width))
	}
	if s.dashed {
		w.printf(` stroke-dasharray="%s %s"`, decimal(dash), decimal(dash))
	}
	w.printf("/>\n")
}

func (s shape) outline() string {
	var b strings.Builder
	for i, p := range s.points {
		if i == 0 {
			b.WriteString("M")
		} else {
			b.WriteString("L")
		}
		b.WriteString(decimal(p.x) + " " + decimal(p.y))
	}
	if s.closed {
		b.WriteString("Z")
	}
	return b.String()
}

func (t text) writeSVG(w *svgWriter) {
	w.printf(`<text x="%s" y="%s"`, decimal(t.at.x), decimal(t.at.y))
	anchor := t.anchor
	if typeset.RightToLeft(t.words()) { // a text of this direction starts at its right end
		w.printf(` direction="rtl"`)
		anchor = end - anchor
	}
	switch anchor {
	case middle:
		w.printf(` text-anchor="middle"`)
	case end:
		w.printf(` text-anchor="end"`)
	}
	if len(t.runs) == 1 {
		w.printf(`%s>%s`, t.runs[0].style.attributes(), escape(t.runs[0].words))
	} else {
		w.printf(`>`)
		for _, r := range t.runs {
			w.printf(`<tspan%s>%s</tspan>`, r.style.attributes(), escape(r.words))
		}
	}
	w.printf("</text>\n")
}

func (s style) attributes() string {
	a := ` font-size="` + decimal(s.size) + `"`
	if s.bold {
		a += ` font-weight="bold"`
	}
	return a + ` fill="` + hex(s.colour) + `"`
}

// decimal writes a coordinate to a hundredth of a pixel, without a negative zero.
func decimal(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100+0, 'f', -1, 64)
}

// escape makes a text safe in XML; bytes that XML cannot hold become U+FFFD.
func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer never fails
	return b.String()
}

func hex(c color.NRGBA) string {
	if c.A == 0 {
		return "none"
	}
	return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B)
}
