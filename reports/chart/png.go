package chart

import (
	"bytes"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

const (
	// pixelRatio is how many PNG pixels stand for one CSS pixel, a side.
	pixelRatio = 2
	dash       = 5
)

// PNG writes the picture as an image of twice its size in pixels a side, with
// the same bytes on every machine. Letters that cannot be painted are empty
// boxes in it: see Unprintable.
func (p *Picture) PNG() ([]byte, error) {
	c := &pngCanvas{
		Canvas: vgimg.NewWith(vgimg.UseWH(vg.Points(p.width), vg.Points(p.height)), vgimg.UseDPI(72*pixelRatio)),
		height: p.height,
	}
	for _, m := range p.marks {
		m.paint(c)
	}
	var b bytes.Buffer
	_, err := vgimg.PngCanvas{Canvas: c.Canvas}.WriteTo(&b)
	return b.Bytes(), err
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

// boxed is an empty box for a letter that cannot be painted.
func boxed(r rune) rune {
	if unprintable(r) {
		return '□'
	}
	return r
}

func (t text) paint(c *pngCanvas) {
	x := t.left()
	for _, r := range t.runs {
		c.SetColor(r.style.colour)
		c.FillString(r.style.face(), c.point(point{x, t.at.y}), strings.Map(boxed, r.words))
		x += r.style.width(r.words)
	}
}
