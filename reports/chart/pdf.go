package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"time"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
)

const (
	// pointsPerPixel makes a CSS pixel 1/96 of an inch.
	pointsPerPixel = 0.75
	typeface       = "Liberation Sans"
	logoName       = "logo"
)

// pdfDate stands in every file: the same picture gives the same bytes.
var pdfDate = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// PDF writes the picture as a page of its own size, with its letters embedded.
// Text can be searched and copied where the built-in letters make it up; lines
// of other scripts are drawn. Title and description are the document's title
// and subject. Letters that no font has are empty boxes: see Lacking.
func (p *Picture) PDF() ([]byte, error) {
	size := fpdf.SizeType{Wd: p.width * pointsPerPixel, Ht: p.height * pointsPerPixel}
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: size})
	f.SetCatalogSort(true)
	f.SetCreationDate(pdfDate)
	f.SetModificationDate(pdfDate)
	f.SetTitle(p.title, true)
	f.SetSubject(p.description, true)
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes(typeface, "", liberationsansregular.TTF)
	f.AddUTF8FontFromBytes(typeface, "B", liberationsansbold.TTF)
	f.AddPageFormat("P", size)
	w := &pdfWriter{f}
	for _, m := range p.marks {
		m.writePDF(w)
	}
	var b bytes.Buffer
	err := f.Output(&b)
	return b.Bytes(), err
}

// pdfWriter counts in CSS pixels.
type pdfWriter struct{ *fpdf.Fpdf }

func (w *pdfWriter) point(p point) (x, y float64) { return p.x * pointsPerPixel, p.y * pointsPerPixel }

func (s shape) writePDF(w *pdfWriter) {
	how := ""
	if visible(s.fill) {
		w.SetFillColor(components(s.fill))
		how += "F"
	}
	if visible(s.stroke) {
		w.SetDrawColor(components(s.stroke))
		w.SetLineWidth(s.width * pointsPerPixel)
		how += "D"
	}
	if how == "" {
		return
	}
	if s.dashed {
		w.SetDashPattern([]float64{dash * pointsPerPixel, dash * pointsPerPixel}, 0)
		defer w.SetDashPattern(nil, 0)
	}
	if s.fill.A > 0 && s.fill.A < 0xFF {
		w.SetAlpha(float64(s.fill.A)/0xFF, "Normal")
		defer w.SetAlpha(1, "Normal")
	}
	s.trace(w, how)
}

func components(c color.NRGBA) (r, g, b int) { return int(c.R), int(c.G), int(c.B) }

func (s shape) trace(w *pdfWriter, how string) {
	x, y := w.point(s.points[0])
	if s.radius > 0 {
		w.Circle(x, y, s.radius*pointsPerPixel, how)
		return
	}
	w.MoveTo(x, y)
	for _, p := range s.points[1:] {
		w.LineTo(w.point(p))
	}
	if s.closed {
		w.ClosePath()
	}
	w.DrawPath(how)
}

func (t text) writePDF(w *pdfWriter) {
	x := t.left()
	if !t.plain() {
		t.writeOutlines(w, x)
		return
	}
	for _, r := range t.runs {
		weight := ""
		if r.style.bold {
			weight = "B"
		}
		w.SetFont(typeface, weight, r.style.size*pointsPerPixel)
		w.SetTextColor(components(r.style.colour))
		left, base := w.point(point{x, t.at.y})
		w.Text(left, base, r.words)
		x += r.style.width(r.words)
	}
}

// writeOutlines fills the outlines of a text that begins at x.
func (t text) writeOutlines(w *pdfWriter, x float64) {
	for _, g := range t.set().Glyphs {
		for _, s := range g.Segments {
			var ps [3]point
			for i, p := range s.Points {
				ps[i].x, ps[i].y = w.point(point{x + p.X, t.at.y + p.Y})
			}
			switch {
			case s.Move:
				w.MoveTo(ps[0].x, ps[0].y)
			case len(s.Points) == 1:
				w.LineTo(ps[0].x, ps[0].y)
			case len(s.Points) == 2:
				w.CurveTo(ps[0].x, ps[0].y, ps[1].x, ps[1].y)
			default:
				w.CurveBezierCubicTo(ps[0].x, ps[0].y, ps[1].x, ps[1].y, ps[2].x, ps[2].y)
			}
		}
		w.SetFillColor(components(t.runs[g.Span].style.colour))
		w.DrawPath("F")
	}
}

// writePDF embeds the picture in the one kind of PNG that every reader knows.
func (l *logo) writePDF(w *pdfWriter) {
	if l.vector {
		return
	}
	plain := image.NewNRGBA(l.picture.Bounds())
	draw.Draw(plain, plain.Bounds(), l.picture, l.picture.Bounds().Min, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, plain); err != nil {
		w.SetError(err)
		return
	}
	options := fpdf.ImageOptions{ImageType: "PNG"}
	w.RegisterImageOptionsReader(logoName, options, &b)
	x, y := w.point(l.at)
	w.ImageOptions(logoName, x, y, l.width*pointsPerPixel, l.height*pointsPerPixel, false, options, 0, "")
}
