package chart

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

const (
	// pixelRatio is how many PNG pixels stand for one CSS pixel, a side.
	pixelRatio = 2
	dash       = 5
)

// PNG writes the picture as an image of twice its size in pixels a side, with
// the same bytes at every time. Letters that no font has are empty boxes in it:
// see Lacking.
func (p *Picture) PNG() ([]byte, error) { return encodePNG(p.paint()) }

func (p *Picture) paint() *image.RGBA {
	c := &pngCanvas{
		Canvas: vgimg.NewWith(vgimg.UseWH(vg.Points(p.width), vg.Points(p.height)), vgimg.UseDPI(72*pixelRatio)),
		height: p.height,
	}
	for _, m := range p.marks {
		m.paint(c)
	}
	return c.Image().(*image.RGBA) // what vgimg draws on
}

// pngCanvas turns the scene upside down: vg counts from the lower left corner.
type pngCanvas struct {
	*vgimg.Canvas
	height float64
}

func (c *pngCanvas) point(p point) vg.Point {
	return vg.Point{X: vg.Points(p.x), Y: vg.Points(c.height - p.y)}
}

func (s shape) paint(c *pngCanvas) {
	path := s.path(c)
	if visible(s.fill) {
		c.SetColor(s.fill)
		c.Fill(path)
	}
	if visible(s.stroke) {
		c.SetColor(s.stroke)
		c.SetLineWidth(vg.Points(s.width))
		if s.dashed {
			c.SetLineDash([]vg.Length{vg.Points(dash), vg.Points(dash)}, 0)
		}
		c.Stroke(path)
		c.SetLineDash(nil, 0)
	}
}

func visible(c color.NRGBA) bool { return c.A > 0 }

func (s shape) path(c *pngCanvas) vg.Path {
	var path vg.Path
	if s.radius > 0 {
		centre := c.point(s.points[0])
		path.Move(vg.Point{X: centre.X + vg.Points(s.radius), Y: centre.Y})
		path.Arc(centre, vg.Points(s.radius), 0, 2*math.Pi)
		path.Close()
		return path
	}
	for i, p := range s.points {
		if i == 0 {
			path.Move(c.point(p))
		} else {
			path.Line(c.point(p))
		}
	}
	if s.closed {
		path.Close()
	}
	return path
}

func (t text) paint(c *pngCanvas) {
	x := t.left()
	if !t.plain() {
		t.paintOutlines(c, x)
		return
	}
	for _, r := range t.runs {
		c.SetColor(r.style.colour)
		c.FillString(r.style.face(), c.point(point{x, t.at.y}), r.words)
		x += r.style.width(r.words)
	}
}

// paintOutlines fills the outlines of a text that begins at x.
func (t text) paintOutlines(c *pngCanvas, x float64) {
	for _, g := range t.set().Glyphs {
		var path vg.Path
		for _, s := range g.Segments {
			ps := make([]vg.Point, len(s.Points))
			for i, p := range s.Points {
				ps[i] = c.point(point{x + p.X, t.at.y + p.Y})
			}
			switch {
			case s.Move:
				path.Move(ps[0])
			case len(ps) == 1:
				path.Line(ps[0])
			case len(ps) == 2:
				path.QuadTo(ps[0], ps[1])
			default:
				path.CubeTo(ps[0], ps[1], ps[2])
			}
		}
		path.Close()
		c.SetColor(t.runs[g.Span].style.colour)
		c.Fill(path)
	}
}
