// Package draw holds a finished picture, a Scene of shapes, lines of text and a logo
// at their places, and writes it as SVG, PNG and PDF. Package chart decides what is
// where.
//
// On one machine the same picture gives the same bytes; on any machine where the
// built-in letters are enough. Lines in other scripts are set by package typeset.
package draw

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart/typeset"
	"surveykit/survey/appearance"

	"gonum.org/v1/plot/vg"
)

// Scene is a finished drawing: marks from back to front on a white sheet,
// measured in CSS pixels from the upper left corner. All file formats are
// written from it, so they cannot differ.
type Scene struct {
	Width, Height float64
	Marks         []Mark
}

// Picture is a finished drawing with what it says to people who do not see it.
type Picture struct {
	Scene
	// ID begins the ids in the SVG, so that several pictures can be in one page.
	ID, Title, Description string
	// Narrow says that the picture is drawn for a phone.
	Narrow bool
	// Font is a theme's typeface, "" for the built-in one.
	Font string
}

// Lacking names the scripts of which the picture has letters that no font of
// this machine has, in alphabetical order: "Devanagari", "Han"; "other signs"
// for letters of no script. They are empty boxes in PNG and PDF. The SVG has
// them as text, for the reader's fonts.
func (p *Picture) Lacking() []string {
	scripts := map[string]bool{}
	for _, m := range p.Marks {
		t, ok := m.(Text)
		if !ok {
			continue
		}
		for _, run := range t.Runs {
			for _, r := range run.Words {
				if !Setter.Lacking(r, run.Style.Bold) {
					continue
				}
				script := strings.ReplaceAll(typeset.Script(r), "_", " ")
				if script == "" || script == "Common" || script == "Inherited" {
					script = "other signs"
				}
				scripts[script] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(scripts))
}

// LackingNotice says which scripts no font of this machine has, and what to do
// about it; it is empty where there are none.
func LackingNotice(scripts []string) string {
	if len(scripts) == 0 {
		return ""
	}
	return "no font on this machine has the letters of " + strings.Join(scripts, ", ") +
		": charts as PNG and PDF show empty boxes in their place; install a font that has them (Noto Sans, with Noto Sans CJK for Han, kana and hangul) and run again"
}

// Mark is one thing drawn: a Shape, a Text or a Logo.
type Mark interface {
	writeSVG(w *svgWriter)
	paint(c *pngCanvas)
	writePDF(w *pdfWriter)
}

// White is the colour of the sheet.
var White = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}

// Point is measured in CSS pixels; y grows downwards.
type Point struct{ X, Y float64 }

// Pt is the point at x and y.
func Pt(x, y float64) Point { return Point{x, y} }

// Shape is a polyline, a polygon where it is closed, or a circle around its
// only point where it has a radius. A colour with no opacity is not drawn; a
// fill may let through what is behind it.
type Shape struct {
	Points []Point
	Radius float64
	Closed bool
	Fill   color.NRGBA
	Stroke color.NRGBA
	Width  float64
	Dashed bool
}

// Text is one line of type that starts, centres or ends at a point of its
// baseline.
type Text struct {
	At     Point
	Anchor Anchor
	Runs   []Run
}

// Run is a stretch of text in one style.
type Run struct {
	Words string
	Style Style
}

// Anchor is where a text lies at its point.
type Anchor int

const (
	Start Anchor = iota
	Middle
	End
)

// Left is where the text's first letter begins.
func (t Text) Left() float64 {
	switch t.Anchor {
	case Middle:
		return t.At.X - t.Width()/2
	case End:
		return t.At.X - t.Width()
	}
	return t.At.X
}

// Width is how wide the text is, in pixels.
func (t Text) Width() float64 {
	if !t.plain() {
		return t.set().Width
	}
	w := 0.0
	for _, r := range t.Runs {
		w += r.Style.Width(r.Words)
	}
	return w
}

// plain reports whether the built-in letters beside each other are the text.
func (t Text) plain() bool {
	return !slices.ContainsFunc(t.Runs, func(r Run) bool { return !Setter.Plain(r.Words) })
}

// set is the text as outlines.
func (t Text) set() typeset.Line {
	spans := make([]typeset.Span, len(t.Runs))
	for i, r := range t.Runs {
		spans[i] = r.Style.span(r.Words)
	}
	return Setter.Line(spans...)
}

// Words are all runs in the order in which they are read.
func (t Text) Words() string {
	words := ""
	for _, r := range t.Runs {
		words += r.Words
	}
	return words
}

// Add puts marks in front of those that are there.
func (s *Scene) Add(m ...Mark) { s.Marks = append(s.Marks, m...) }

// Line adds a straight line.
func (s *Scene) Line(from, to Point, c color.NRGBA, width float64) {
	s.Add(Shape{Points: []Point{from, to}, Stroke: c, Width: width})
}

// Write adds a line of text, nothing where it has no words.
func (s *Scene) Write(at Point, a Anchor, st Style, words string) {
	if words != "" {
		s.Add(Text{At: at, Anchor: a, Runs: []Run{{words, st}}})
	}
}

// WriteClear writes over white, where grid lines would run through.
func (s *Scene) WriteClear(at Point, st Style, words string) {
	s.Add(Rectangle(at.X-2, at.Y-st.Size, at.X+st.Width(words)+2, at.Y+st.Size/3, White))
	s.Write(at, Start, st, words)
}

// Rectangle is the closed shape between two corners.
func Rectangle(x0, y0, x1, y1 float64, fill color.NRGBA) Shape {
	return Shape{Points: []Point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, Closed: true, Fill: fill}
}

// Marker is the i-th series' sign: circle, square, diamond, triangle, all of
// about the same area. A hollow one is an outline on white.
func Marker(i int, at Point, size float64, c color.NRGBA, hollow bool) Shape {
	s := Shape{Fill: c}
	if hollow {
		s.Fill, s.Stroke, s.Width = White, c, size*0.4
		size -= s.Width / 2
	}
	switch i % 4 {
	case 0:
		s.Points, s.Radius = []Point{at}, size
		return s
	case 1:
		s.Points = polygon(at, size*1.25, 4, math.Pi/4)
	case 2:
		s.Points = polygon(at, size*1.3, 4, 0)
	case 3:
		s.Points = polygon(Point{at.X, at.Y + size*0.2}, size*1.4, 3, -math.Pi/2)
	}
	s.Closed = true
	return s
}

func polygon(at Point, radius float64, corners int, turn float64) []Point {
	ps := make([]Point, corners)
	for i := range ps {
		sin, cos := math.Sincos(turn + 2*math.Pi*float64(i)/float64(corners))
		ps[i] = Point{at.X + radius*cos, at.Y + radius*sin}
	}
	return ps
}

// The room of a logo, in the upper right corner.
const logoWidth, logoHeight = 160.0, 48.0

// Logo is a client's mark, scaled to its room.
type Logo struct {
	data          []byte
	vector        bool
	picture       image.Image // nil where the logo is a vector drawing
	At            Point       // its upper left corner
	Width, Height float64
}

// NewLogo reads a mark, PNG or SVG; the error is that of appearance.ParseLogo.
func NewLogo(data []byte) (*Logo, error) {
	size, err := appearance.ParseLogo(data)
	if err != nil {
		return nil, err
	}
	l := &Logo{data: data, vector: size.Vector}
	if !l.vector {
		if l.picture, err = png.Decode(bytes.NewReader(data)); err != nil {
			return nil, err
		}
	}
	scale := min(logoWidth/size.Width, logoHeight/size.Height)
	l.Width, l.Height = scale*size.Width, scale*size.Height
	return l, nil
}

// writeSVG embeds the file. A vector drawing inside an image runs no scripts
// and loads nothing.
func (l *Logo) writeSVG(w *svgWriter) {
	kind := "png"
	if l.vector {
		kind = "svg+xml"
	}
	w.printf(`<image x="%s" y="%s" width="%s" height="%s" href="data:image/%s;base64,%s"/>`+"\n",
		decimal(l.At.X), decimal(l.At.Y), decimal(l.Width), decimal(l.Height), kind, base64.StdEncoding.EncodeToString(l.data))
}

func (l *Logo) paint(c *pngCanvas) {
	if l.vector {
		return
	}
	low, high := c.point(Point{l.At.X, l.At.Y + l.Height}), c.point(Point{l.At.X + l.Width, l.At.Y})
	c.DrawImage(vg.Rectangle{Min: low, Max: high}, l.picture)
}
