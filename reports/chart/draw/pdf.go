package draw

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

// pdfDate is in every file: the same picture gives the same bytes.
var pdfDate = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// PDF writes the picture as a page of its own size, with its letters embedded.
// Text can be searched and copied where the built-in letters make it up; lines
// of other scripts are drawn. Title and description are the document's title
// and subject. Letters that no font has are empty boxes: see Lacking.
func (p *Picture) PDF() ([]byte, error) {
	size := fpdf.SizeType{Wd: p.Width * pointsPerPixel, Ht: p.Height * pointsPerPixel}
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: size})
	f.SetCatalogSort(true)
	f.SetCreationDate(pdfDate)
	f.SetModificationDate(pdfDate)
	f.SetTitle(p.Title, true)
	f.SetSubject(p.Description, true)
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes(typeface, "", liberationsansregular.TTF)
	f.AddUTF8FontFromBytes(typeface, "B", liberationsansbold.TTF)
	f.AddPageFormat("P", size)
	w := &pdfWriter{f}
	for _, m := range p.Marks {
		m.writePDF(w)
	}
	var b bytes.Buffer
	err := f.Output(&b)
	return b.Bytes(), err
}

// pdfWriter counts in CSS pixels.
type pdfWriter struct{ *fpdf.Fpdf }

func (w *pdfWriter) point(p Point) (x, y float64) { return p.X * pointsPerPixel, p.Y * pointsPerPixel }

func (s Shape) writePDF(w *pdfWriter) {
	how := ""
	if visible(s.Fill) {
		w.SetFillColor(components(s.Fill))
		how += "F"
	}
	if visible(s.Stroke) {
		w.SetDrawColor(components(s.Stroke))
		w.SetLineWidth(s.Width * pointsPerPixel)
		how += "D"
	}
	if how == "" {
		return
	}
	if s.Dashed {
		w.SetDashPattern([]float64{dash * pointsPerPixel, dash * pointsPerPixel}, 0)
		defer w.SetDashPattern(nil, 0)
	}
	if s.Fill.A > 0 && s.Fill.A < 0xFF {
		w.SetAlpha(float64(s.Fill.A)/0xFF, "Normal")
		defer w.SetAlpha(1, "Normal")
	}
	x, y := w.point(s.Points[0])
	if s.Radius > 0 {
		w.Circle(x, y, s.Radius*pointsPerPixel, how)
		return
	}
	w.MoveTo(x, y)
	for _, p := range s.Points[1:] {
		w.LineTo(w.point(p))
	}
	if s.Closed {
		w.ClosePath()
	}
	w.DrawPath(how)
}

func components(c color.NRGBA) (r, g, b int) { return int(c.R), int(c.G), int(c.B) }

func (t Text) writePDF(w *pdfWriter) {
	x := t.Left()
	if !t.plain() {
		for _, g := range t.set().Glyphs {
			for _, s := range g.Segments {
				var ps [3]Point
				for i, p := range s.Points {
					ps[i].X, ps[i].Y = w.point(Point{x + p.X, t.At.Y + p.Y})
				}
				switch {
				case s.Move:
					w.MoveTo(ps[0].X, ps[0].Y)
				case len(s.Points) == 1:
					w.LineTo(ps[0].X, ps[0].Y)
				case len(s.Points) == 2:
					w.CurveTo(ps[0].X, ps[0].Y, ps[1].X, ps[1].Y)
				default:
					w.CurveBezierCubicTo(ps[0].X, ps[0].Y, ps[1].X, ps[1].Y, ps[2].X, ps[2].Y)
				}
			}
			w.SetFillColor(components(t.Runs[g.Span].Style.Colour))
			w.DrawPath("F")
		}
		return
	}
	for _, r := range t.Runs {
		weight := ""
		if r.Style.Bold {
			weight = "B"
		}
		w.SetFont(typeface, weight, r.Style.Size*pointsPerPixel)
		w.SetTextColor(components(r.Style.Colour))
		left, base := w.point(Point{x, t.At.Y})
		w.Text(left, base, r.Words)
		x += r.Style.Width(r.Words)
	}
}

// writePDF embeds the picture in the one kind of PNG that every reader knows.
func (l *Logo) writePDF(w *pdfWriter) {
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
	x, y := w.point(l.At)
	w.ImageOptions(logoName, x, y, l.Width*pointsPerPixel, l.Height*pointsPerPixel, false, options, 0, "")
}
