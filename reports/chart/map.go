package chart

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

// Places are points on a map whose two axes have one scale.
type Places struct {
	// Title states the finding, Subtitle and Facts what a reader needs to know.
	Title, Subtitle string
	Facts           []string
	// Across and Up name the axes.
	Across, Up string
	// Kinds of points, told apart by sign and colour, up to four; Points of each.
	Kinds  []string
	Points []Place
	// Notes are under the picture.
	Notes []string
}

// Place is a point with its label.
type Place struct {
	Kind   int
	Label  string
	Strong bool
	X, Y   float64
	// Major and Minor are half the axes of the ellipse around the point, Angle that
	// of the major one to the axis across, in radians; NaN or 0 where there is none.
	Major, Minor, Angle float64
}

const (
	mapHeight    = 640.0
	lowestMap    = 340.0
	mapSteps     = 8
	ellipseSides = 48
)

// veil lets labels be read over lines.
var veil = color.NRGBA{R: 255, G: 255, B: 255, A: 190}

// Map draws points at their places with direct labels, ellipses around them and
// lines through the origin; both axes have the same scale, so that distances may
// be read in any direction.
//
// The error is a survey.Problem where there are no points, or more kinds than signs.
func Map(p Places, o Options) (*draw.Picture, error) {
	if len(p.Points) == 0 || len(p.Kinds) > mostSeries {
		return nil, survey.Problem{Message: fmt.Sprintf("a map of %d points of %d kinds cannot be drawn", len(p.Points), len(p.Kinds)), Remedy: fmt.Sprintf("give a point at least, of %d kinds at most", mostSeries)}
	}
	l, faults := newLook(o.Theme)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	s := &sheet{options: o, look: l}
	s.head(p.Title, p.Subtitle, p.Facts)
	s.y += 20
	x := margin
	for k, name := range p.Kinds {
		s.Add(s.sign(k, draw.Pt(x+dotSize, s.y-5.5)))
		s.Write(draw.Pt(x+20, s.y), draw.Start, legendStyle, name)
		x += 20 + legendStyle.Width(name) + 28
	}
	s.y += 10
	s.axisTitle("↑ "+p.Up, margin, draw.Start, s.right()-margin)
	top, left := s.y+14, margin+50
	edge := s.right() - 12
	tags := make([]tag, len(p.Points))
	for i, x := range p.Points {
		tags[i] = tag{x: x.X, y: x.Y, label: newLabel(entry{label: x.Label, strong: x.Strong}, "", widestTag)}
	}
	r := p.area(left, edge, top)
	if !r.placeTags(tags) {
		column := edge - labelGap - widestOf(tags)
		r = p.area(left, column, top)
		r.placeTags(tags)
		r.list(tags)
	}
	s.drawMap(r, p, tags)
	s.y = r.up.left + 24
	s.axisTitle(p.Across+" →", r.across.right, draw.End, r.across.right-margin)
	s.foot(p.Notes)
	return &draw.Picture{Scene: s.Scene, ID: "map", Title: p.Title, Description: p.describe(), Font: o.Theme.Font}, nil
}

// describe says in words where every point lies.
func (p Places) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Map. %s across, %s up.", p.Across, p.Up)
	for _, x := range p.Points {
		fmt.Fprintf(&b, " %s (%s): %s, %s.", x.Label, p.Kinds[x.Kind], figure.Number(x.X, 2), figure.Number(x.Y, 2))
	}
	return b.String()
}

// sign is the marker of a kind; from the third on it is hollow.
func (s *sheet) sign(kind int, at draw.Point) draw.Shape {
	return draw.Marker(kind, at, dotSize, s.colour(kind), kind >= 2)
}

// area lays steps of one size over both directions, with the origin in sight, and
// fills the width that is left with more of them.
func (p Places) area(left, last, top float64) area {
	x, y := extentOf(p.Points, func(q Place) (float64, float64) { return q.X, q.width() }), extentOf(p.Points, func(q Place) (float64, float64) { return q.Y, q.height() })
	step := niceStep(max(x[1]-x[0], y[1]-y[0]) / mapSteps)
	across, up := steps(x, step), steps(y, step)
	cell := min((last-left)/(across[1]-across[0]), mapHeight/(up[1]-up[0]))
	across = widened(across, math.Floor((last-left)/cell+slack))
	up = widened(up, math.Ceil(lowestMap/cell))
	line := func(ends [2]float64, from, to float64) axis {
		return axis{unit: survey.RowMean, low: ends[0] * step, high: ends[1] * step, step: step, left: from, right: to, places: places(survey.RowMean, step)}
	}
	bottom := top + cell*(up[1]-up[0])
	return area{line(across, left, left+cell*(across[1]-across[0])), line(up, bottom, top)}
}

// extentOf is from where to where points with their ellipses go, and the origin.
func extentOf(points []Place, of func(Place) (at, around float64)) [2]float64 {
	low, high := 0.0, 0.0
	for _, q := range points {
		at, around := of(q)
		low, high = min(low, at-around), max(high, at+around)
	}
	if low == high {
		return [2]float64{-1, 1}
	}
	return [2]float64{low, high}
}

// width and height are half those of the box around the ellipse.
func (q Place) width() float64  { return q.box(math.Cos(q.Angle), math.Sin(q.Angle)) }
func (q Place) height() float64 { return q.box(math.Sin(q.Angle), math.Cos(q.Angle)) }

func (q Place) box(a, b float64) float64 {
	if !(q.Major > 0) {
		return 0
	}
	return math.Hypot(q.Major*a, q.Minor*b)
}

// steps are the first and the last step of a range.
func steps(extent [2]float64, step float64) [2]float64 {
	return [2]float64{math.Floor(extent[0]/step + slack), math.Ceil(extent[1]/step - slack)}
}

// widened adds steps on both sides until there are so many.
func widened(ends [2]float64, count float64) [2]float64 {
	for n := 0; ends[1]-ends[0] < count; n++ {
		if n%2 == 0 {
			ends[1]++
		} else {
			ends[0]--
		}
	}
	return ends
}

func (s *sheet) drawMap(r area, p Places, tags []tag) {
	for _, t := range r.across.ticks() {
		x := r.across.at(t)
		s.Line(draw.Pt(x, r.up.right), draw.Pt(x, r.up.left), gridGrey, 1)
		s.Write(draw.Pt(x, r.up.left+20), draw.Middle, tickStyle, r.across.label(t))
	}
	for _, t := range r.up.ticks() {
		y := r.up.at(t)
		s.Line(draw.Pt(r.across.left, y), draw.Pt(r.across.right, y), gridGrey, 1)
		s.Write(draw.Pt(r.across.left-10, y+5), draw.End, tickStyle, r.up.label(t))
	}
	origin := r.at(tag{})
	s.Line(draw.Pt(origin.X, r.up.right), draw.Pt(origin.X, r.up.left), midGrey, 1.5)
	s.Line(draw.Pt(r.across.left, origin.Y), draw.Pt(r.across.right, origin.Y), midGrey, 1.5)
	for i, q := range p.Points {
		if q.Major > 0 {
			s.Add(draw.Shape{Points: r.ellipse(q), Closed: true, Stroke: tint(s.colour(q.Kind), 0.4), Width: 1.2})
		}
		if t := tags[i]; t.listed {
			s.Line(r.at(t), draw.Pt(t.place.x0-4, (t.place.y0+t.place.y1)/2), midGrey, 1)
		}
	}
	for i, t := range tags {
		x := []float64{draw.Start: t.place.x0, draw.Middle: (t.place.x0 + t.place.x1) / 2, draw.End: t.place.x1}[t.anchor]
		s.Add(draw.Rectangle(t.place.x0-3, t.place.y0+1, t.place.x1+3, t.place.y1-1, veil))
		t.label.put(s, x, (t.place.y0+t.place.y1)/2, t.anchor)
		s.Add(s.sign(p.Points[i].Kind, r.at(t)))
	}
}

// ellipse is its outline on the sheet.
func (r area) ellipse(q Place) []draw.Point {
	outline := make([]draw.Point, ellipseSides)
	sin, cos := math.Sincos(q.Angle)
	for k := range outline {
		b, a := math.Sincos(2 * math.Pi * float64(k) / ellipseSides)
		a, b = a*q.Major, b*q.Minor
		outline[k] = r.at(tag{x: q.X + a*cos - b*sin, y: q.Y + a*sin + b*cos})
	}
	return outline
}
