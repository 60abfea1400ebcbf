package draw

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"iter"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

const (
	// pixelRatio is how many PNG pixels make one CSS pixel, a side.
	pixelRatio = 2
	dash       = 5
)

// PNG writes the picture as an image of twice its size in pixels a side, with
// the same bytes at every time. Letters that no font has are empty boxes in it:
// see Lacking.
func (p *Picture) PNG() ([]byte, error) { return encodePNG(p.paint()) }

func (p *Picture) paint() *image.RGBA {
	c := &pngCanvas{
		Canvas: vgimg.NewWith(vgimg.UseWH(vg.Points(p.Width), vg.Points(p.Height)), vgimg.UseDPI(72*pixelRatio)),
		height: p.Height,
	}
	for _, m := range p.Marks {
		m.paint(c)
	}
	return c.Image().(*image.RGBA) // what vgimg draws on
}

// pngCanvas turns the scene upside down: vg counts from the lower left corner.
type pngCanvas struct {
	*vgimg.Canvas
	height float64
}

func (c *pngCanvas) point(p Point) vg.Point {
	return vg.Point{X: vg.Points(p.X), Y: vg.Points(c.height - p.Y)}
}

func (s Shape) paint(c *pngCanvas) {
	path := s.path(c)
	if visible(s.Fill) {
		c.SetColor(s.Fill)
		c.Fill(path)
	}
	if visible(s.Stroke) {
		c.SetColor(s.Stroke)
		c.SetLineWidth(vg.Points(s.Width))
		if s.Dashed {
			c.SetLineDash([]vg.Length{vg.Points(dash), vg.Points(dash)}, 0)
		}
		c.Stroke(path)
		c.SetLineDash(nil, 0)
	}
}

func visible(c color.NRGBA) bool { return c.A > 0 }

func (s Shape) path(c *pngCanvas) vg.Path {
	var path vg.Path
	if s.Radius > 0 {
		centre := c.point(s.Points[0])
		path.Move(vg.Point{X: centre.X + vg.Points(s.Radius), Y: centre.Y})
		path.Arc(centre, vg.Points(s.Radius), 0, 2*math.Pi)
		path.Close()
		return path
	}
	for i, p := range s.Points {
		if i == 0 {
			path.Move(c.point(p))
		} else {
			path.Line(c.point(p))
		}
	}
	if s.Closed {
		path.Close()
	}
	return path
}

func (t Text) paint(c *pngCanvas) {
	x := t.Left()
	if !t.plain() {
		for _, g := range t.set().Glyphs {
			var path vg.Path
			for _, s := range g.Segments {
				ps := make([]vg.Point, len(s.Points))
				for i, p := range s.Points {
					ps[i] = c.point(Point{x + p.X, t.At.Y + p.Y})
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
			c.SetColor(t.Runs[g.Span].Style.Colour)
			c.Fill(path)
		}
		return
	}
	for _, r := range t.Runs {
		c.SetColor(r.Style.Colour)
		c.FillString(r.Style.face(), c.point(Point{x, t.At.Y}), r.Words)
		x += r.Style.Width(r.Words)
	}
}

const (
	// mostIndexed is how many colours a PNG of a byte a pixel can have.
	mostIndexed = 256
	// areaShare is the share of the picture (one in so many pixels) from which on
	// a colour is kept as it is: areas and lines have it, edges of letters do not.
	areaShare = 8000
	// unseen is by how much a channel (0–255) of another colour may change:
	// less than an eye sees on the edge of a letter.
	unseen = 8
	// mostShades is from how many colours on a picture is no drawing.
	mostShades = 1 << 14
)

// encodePNG writes a drawing with a byte a pixel, at a third of the size, where
// that changes nothing that is seen; with a photograph in it, as it is.
func encodePNG(picture *image.RGBA) ([]byte, error) {
	var out image.Image = picture
	if p := indexed(picture); p != nil {
		out = p
	}
	var b bytes.Buffer
	err := png.Encode(&b, out)
	return b.Bytes(), err
}

// shade is a colour of a drawing and how many pixels have it.
type shade struct {
	color.RGBA
	pixels int
}

// indexed is the picture in few colours, nil where 256 are too few.
func indexed(picture *image.RGBA) *image.Paletted {
	shades := shadesOf(picture)
	if len(shades) > mostShades {
		return nil
	}
	palette, nearest := reduce(shades)
	if palette == nil {
		return nil
	}
	p := image.NewPaletted(picture.Bounds(), palette)
	for c, stretch := range stretches(picture) {
		index := nearest[c]
		for i := range stretch.length {
			p.Pix[stretch.from+i] = index
		}
	}
	return p
}

// shadesOf are the colours of a picture, the most frequent first.
func shadesOf(picture *image.RGBA) []shade {
	pixels := map[color.RGBA]int{}
	for c, stretch := range stretches(picture) {
		pixels[c] += stretch.length
	}
	shades := make([]shade, 0, len(pixels))
	for c, n := range pixels {
		shades = append(shades, shade{c, n})
	}
	number := func(c color.RGBA) uint32 { return binary.BigEndian.Uint32([]byte{c.R, c.G, c.B, c.A}) }
	slices.SortFunc(shades, func(a, b shade) int {
		return cmp.Or(cmp.Compare(b.pixels, a.pixels), cmp.Compare(number(a.RGBA), number(b.RGBA)))
	})
	return shades
}

// stretch is a number of neighbouring pixels of one colour.
type stretch struct{ from, length int }

// stretches are those of a picture from the first pixel to the last.
func stretches(picture *image.RGBA) iter.Seq2[color.RGBA, stretch] {
	return func(yield func(color.RGBA, stretch) bool) {
		pix := picture.Pix
		for from := 0; from < len(pix); {
			c, to := [4]byte(pix[from:]), from+4
			for to < len(pix) && [4]byte(pix[to:]) == c {
				to += 4
			}
			if !yield(color.RGBA{c[0], c[1], c[2], c[3]}, stretch{from / 4, (to - from) / 4}) {
				return
			}
			from = to
		}
	}
}

// reduce chooses the colours of areas, then again and again the shade that is
// farthest from those chosen, until all are near one. Both results are nil
// where that takes too many.
func reduce(shades []shade) (palette color.Palette, nearest map[color.RGBA]uint8) {
	nearest = make(map[color.RGBA]uint8, len(shades))
	distances := make([]int, len(shades))
	for i := range distances {
		distances[i] = mostIndexed
	}
	areas := countAreas(shades)
	for next := 0; len(palette) < areas || distances[next] > unseen; {
		if len(palette) == mostIndexed {
			return nil, nil
		}
		chosen := shades[next].RGBA
		for i, s := range shades {
			if d := distance(s.RGBA, chosen); d < distances[i] {
				distances[i], nearest[s.RGBA] = d, uint8(len(palette))
			}
		}
		palette = append(palette, chosen)
		if next = len(palette); next >= areas {
			next = slices.Index(distances, slices.Max(distances))
		}
	}
	return palette, nearest
}

// countAreas is how many of the shades, the most frequent first, are of areas.
func countAreas(shades []shade) int {
	all, n := 0, 0
	for _, s := range shades {
		all += s.pixels
	}
	for n < len(shades) && shades[n].pixels*areaShare >= all {
		n++
	}
	return n
}

// distance is the largest difference of a channel.
func distance(a, b color.RGBA) int {
	d := func(x, y uint8) int { return max(int(x)-int(y), int(y)-int(x)) }
	return max(d(a.R, b.R), d(a.G, b.G), d(a.B, b.B), d(a.A, b.A))
}
