package chart

import (
	"image/color"
	"math"
	"slices"

	"surveykit/reports/chart/typeset"
)

// scene is a finished drawing: marks from back to front on a white sheet,
// measured in CSS pixels from the upper left corner. All file formats are
// written from it, so they cannot differ.
type scene struct {
	width, height float64
	marks         []mark
}

// mark is one thing drawn: a shape or a line of text.
type mark interface {
	writeSVG(w *svgWriter)
	paint(c *pngCanvas)
	writePDF(w *pdfWriter)
}

type point struct{ x, y float64 }

// shape is a polyline, a polygon where it is closed, or a circle around its
// only point where it has a radius. A colour with no opacity is not drawn; a
// fill may let through what is behind it.
type shape struct {
	points []point
	radius float64
	closed bool
	fill   color.NRGBA
	stroke color.NRGBA
	width  float64
	dashed bool
}

// text is one line of type that starts, centres or ends at a point of its
// baseline.
type text struct {
	at     point
	anchor anchor
	runs   []run
}

// run is a stretch of text in one style.
type run struct {
	words string
	style style
}

type anchor int

const (
	start anchor = iota
	middle
	end
)

// left is where the text's first letter begins.
func (t text) left() float64 {
	switch t.anchor {
	case middle:
		return t.at.x - t.width()/2
	case end:
		return t.at.x - t.width()
	}
	return t.at.x
}

func (t text) width() float64 {
	if !t.plain() {
		return t.set().Width
	}
	w := 0.0
	for _, r := range t.runs {
		w += r.style.width(r.words)
	}
	return w
}

// plain reports whether the built-in letters beside each other are the text.
func (t text) plain() bool {
	return !slices.ContainsFunc(t.runs, func(r run) bool { return !setter.Plain(r.words) })
}

// set is the text as outlines.
func (t text) set() typeset.Line {
	spans := make([]typeset.Span, len(t.runs))
	for i, r := range t.runs {
		spans[i] = r.style.span(r.words)
	}
	return setter.Line(spans...)
}

// words are all runs in the order in which they are read.
func (t text) words() string {
	words := ""
	for _, r := range t.runs {
		words += r.words
	}
	return words
}

func (s *scene) add(m ...mark) { s.marks = append(s.marks, m...) }

func (s *scene) line(from, to point, c color.NRGBA, width float64) {
	s.add(shape{points: []point{from, to}, stroke: c, width: width})
}

func (s *scene) write(at point, a anchor, st style, words string) {
	if words != "" {
		s.add(text{at: at, anchor: a, runs: []run{{words, st}}})
	}
}

// writeClear writes with white behind, where grid lines would run through.
func (s *scene) writeClear(at point, st style, words string) {
	s.add(rectangle(at.x-2, at.y-st.size, at.x+st.width(words)+2, at.y+st.size/3, white))
	s.write(at, start, st, words)
}

// rectangle is the closed shape between two corners.
func rectangle(x0, y0, x1, y1 float64, fill color.NRGBA) shape {
	return shape{points: []point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, closed: true, fill: fill}
}

// marker is the i-th series' sign: circle, square, diamond, triangle, all of
// about the same area. A hollow one is an outline on white.
func marker(i int, at point, size float64, c color.NRGBA, hollow bool) shape {
	s := shape{fill: c}
	if hollow {
		s.fill, s.stroke, s.width = white, c, size*0.4
		size -= s.width / 2
	}
	switch i % 4 {
	case 0:
		s.points, s.radius = []point{at}, size
		return s
	case 1:
		s.points = polygon(at, size*1.25, 4, math.Pi/4)
	case 2:
		s.points = polygon(at, size*1.3, 4, 0)
	case 3:
		s.points = polygon(point{at.x, at.y + size*0.2}, size*1.4, 3, -math.Pi/2)
	}
	s.closed = true
	return s
}

func polygon(at point, radius float64, corners int, turn float64) []point {
	ps := make([]point, corners)
	for i := range ps {
		sin, cos := math.Sincos(turn + 2*math.Pi*float64(i)/float64(corners))
		ps[i] = point{at.x + radius*cos, at.y + radius*sin}
	}
	return ps
}
