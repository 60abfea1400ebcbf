package draw

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
// description say to screen readers what is drawn. The ids in it begin with the
// tabulation's, so that one page can hold several pictures.
func (p *Picture) SVG() ([]byte, error) {
	w := &svgWriter{}
	id := "chart-" + p.ID
	w.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s" role="img" aria-labelledby="%s %s" font-family="%s">`+"\n",
		decimal(p.Width), decimal(p.Height), escape(id+"-title"), escape(id+"-desc"), escape(p.families()))
	w.printf(`<title id="%s">%s</title>`+"\n", escape(id+"-title"), escape(p.Title))
	w.printf(`<desc id="%s">%s</desc>`+"\n", escape(id+"-desc"), escape(p.Description))
	w.printf(`<rect width="%s" height="%s" fill="%s"/>`+"\n", decimal(p.Width), decimal(p.Height), hex(White))
	for _, m := range p.Marks {
		m.writeSVG(w)
	}
	w.printf("</svg>\n")
	return w.Bytes(), nil
}

func (p *Picture) families() string {
	if p.Font == "" {
		return families
	}
	return p.Font + ", " + families
}

type svgWriter struct{ bytes.Buffer }

func (w *svgWriter) printf(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (s Shape) writeSVG(w *svgWriter) {
	if s.Radius > 0 {
		w.printf(`<circle cx="%s" cy="%s" r="%s"`, decimal(s.Points[0].X), decimal(s.Points[0].Y), decimal(s.Radius))
	} else {
		var b strings.Builder
		for i, p := range s.Points {
			if i == 0 {
				b.WriteString("M")
			} else {
				b.WriteString("L")
			}
			b.WriteString(decimal(p.X) + " " + decimal(p.Y))
		}
		if s.Closed {
			b.WriteString("Z")
		}
		w.printf(`<path d="%s"`, b.String())
	}
	w.printf(` fill="%s"`, hex(s.Fill))
	if s.Fill.A > 0 && s.Fill.A < 0xFF {
		w.printf(` fill-opacity="%s"`, decimal(float64(s.Fill.A)/0xFF))
	}
	if s.Stroke.A > 0 {
		w.printf(` stroke="%s" stroke-width="%s"`, hex(s.Stroke), decimal(s.Width))
	}
	if s.Dashed {
		w.printf(` stroke-dasharray="%s %s"`, decimal(dash), decimal(dash))
	}
	w.printf("/>\n")
}

func (t Text) writeSVG(w *svgWriter) {
	w.printf(`<text x="%s" y="%s"`, decimal(t.At.X), decimal(t.At.Y))
	anchor := t.Anchor
	if typeset.RightToLeft(t.Words()) { // a text of this direction starts at its right end
		w.printf(` direction="rtl"`)
		anchor = End - anchor
	}
	switch anchor {
	case Middle:
		w.printf(` text-anchor="middle"`)
	case End:
		w.printf(` text-anchor="end"`)
	}
	if len(t.Runs) == 1 {
		w.printf(`%s>%s`, t.Runs[0].Style.attributes(), escape(t.Runs[0].Words))
	} else {
		w.printf(`>`)
		for _, r := range t.Runs {
			w.printf(`<tspan%s>%s</tspan>`, r.Style.attributes(), escape(r.Words))
		}
	}
	w.printf("</text>\n")
}

func (s Style) attributes() string {
	a := ` font-size="` + decimal(s.Size) + `"`
	if s.Bold {
		a += ` font-weight="bold"`
	}
	return a + ` fill="` + hex(s.Colour) + `"`
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
