package chart

import (
	"image/color"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

var (
	dots = kind{name: survey.ChartDots, words: "Dots with confidence intervals", narrow: true, native: survey.ChartDots, arrange: (*picker).list, draw: (*sheet).rows, whiskers: true}
	bars = kind{name: survey.ChartBars, words: "Bars with confidence intervals", narrow: true, native: survey.ChartBars, arrange: (*picker).list, draw: (*sheet).rows, whiskers: true, lengths: true}
)

// list puts rows on the axis, or columns.
func (p *picker) list(g *grid, a asked) {
	p.cross(g, a)
	if a.SeriesByRow {
		g.turn()
	}
	// The reader is spared a legend: a lone place on the axis becomes the one series,
	// and series too many for colours are listed under each place.
	if len(g.items) == 1 && len(g.series) > 1 {
		g.turn()
	}
	if len(g.series) > mostSeries {
		g.list()
	}
}

// rows draws dots or bars: an item a row, its series under each other.
func (s *sheet) rows() {
	g := s.grid
	bars := g.lengths
	if bars {
		s.legend(24, s.barSign)
	} else {
		s.legend(30, s.dotSign)
	}
	labels, widest := s.itemLabels()
	a := g.axisBetween(margin+max(widest, narrowestLabel)+22, s.right()-g.widestValue()-12, tickStyle)
	plan := s.underAxis(func() plan { return s.plan(labels, len(g.series)) })
	top := s.y + 4
	s.ticks(a, top, plan.bottom)
	for i, l := range labels {
		s.y = plan.tops[i]
		s.heading(i)
		l.put(s, margin, plan.centres[i], draw.Start)
		for k := range g.series {
			y := plan.centres[i] + (float64(k)-float64(len(g.series)-1)/2)*plan.slot
			if bars {
				s.bar(a, k, y, g.cells[i][k])
			} else {
				s.dot(a, k, y, g.cells[i][k])
			}
		}
	}
	s.y = plan.bottom + 24
}

func (s *sheet) dotSign(i int, at draw.Point) []draw.Mark {
	whisker := draw.Shape{Points: []draw.Point{at, draw.Pt(at.X+22, at.Y)}, Stroke: s.colour(i), Width: 2.5}
	return []draw.Mark{whisker, draw.Marker(i, draw.Pt(at.X+11, at.Y), 6, s.colour(i), false)}
}

func (s *sheet) barSign(i int, at draw.Point) []draw.Mark {
	return []draw.Mark{square(at, s.colour(i)), draw.Marker(i, draw.Pt(at.X+8, at.Y), 3.5, draw.White, false)}
}

// square is the sign of a filled series in a legend.
func square(at draw.Point, c color.NRGBA) draw.Shape {
	return draw.Rectangle(at.X, at.Y-8, at.X+16, at.Y+8, c)
}

// plan says where rows are: it is made before anything is drawn, since the
// grid lies behind the rows and is as long as they are.
type plan struct {
	tops, centres []float64
	bottom        float64
	slot          float64 // the distance of two series
}

// tall is from which height on rows have their axis above them, too.
const tall = 900.0

// underAxis makes a plan, and leaves a tall one room for an axis above it.
func (s *sheet) underAxis(make func() plan) plan {
	p := make()
	if p.bottom-s.y > tall {
		s.y += 22
		p = make()
	}
	return p
}

func (s *sheet) plan(labels []label, series int) plan {
	p := plan{slot: 23}
	pad := 13.0
	if len(labels) > 12 {
		pad = 9
	}
	ruler := &sheet{Scene: draw.Scene{Width: s.Width}, grid: s.grid, y: s.y + 4}
	for i, l := range labels {
		p.tops = append(p.tops, ruler.y)
		ruler.heading(i)
		height := max(p.slot*float64(series), l.height()) + pad
		p.centres = append(p.centres, ruler.y+height/2)
		ruler.y += height
	}
	p.bottom = ruler.y + 4
	return p
}

// widestValue is the room that figures need behind their marks.
func (g *grid) widestValue() float64 {
	w := 0.0
	for _, row := range g.cells {
		for _, c := range row {
			if shown(c) {
				w = max(w, valueStyle.Width(g.value(c)))
			}
		}
	}
	return w
}

// value is a cell's figure in words.
func (g *grid) value(c survey.Cell) string {
	return figure.Value(g.unit, c.Value.Float(), g.places)
}

// dot draws a marker on its interval, and the figure behind both.
func (s *sheet) dot(a axis, series int, y float64, c survey.Cell) {
	if !shown(c) {
		s.absent(a, series, y, c)
		return
	}
	x, colour := a.at(c.Value.Float()), s.colour(series)
	behind := x + 6
	if hasInterval(c) {
		low, high := a.at(c.Low.Float()), a.at(c.High.Float())
		s.Line(draw.Pt(low, y), draw.Pt(high, y), colour, 2.5)
		behind = max(behind, high)
	}
	s.Add(draw.Marker(series, draw.Pt(x, y), 6, colour, lowBase(c)))
	s.figure(behind, y, c)
}

// bar draws a bar from the baseline with its interval over it.
func (s *sheet) bar(a axis, series int, y float64, c survey.Cell) {
	if !shown(c) {
		s.absent(a, series, y, c)
		return
	}
	const half = 10.0
	base, _ := s.grid.baseline()
	from, to, colour := a.at(base), a.at(c.Value.Float()), s.colour(series)
	body := draw.Rectangle(min(from, to), y-half, max(from, to), y+half, colour)
	sign := draw.White
	if lowBase(c) {
		body = draw.Rectangle(min(from, to)+1, y-half+1, max(from, to)-1, y+half-1, draw.White)
		body.Stroke, body.Width, sign = colour, 2, colour
	}
	s.Add(body)
	if len(s.grid.series) > 1 && to-from > 24 {
		s.Add(draw.Marker(series, draw.Pt(from+11, y), 3.5, sign, false))
	}
	behind := max(from, to)
	if hasInterval(c) {
		low, high := a.at(c.Low.Float()), a.at(c.High.Float())
		s.Line(draw.Pt(low, y), draw.Pt(high, y), draw.White, 4)
		s.Line(draw.Pt(low, y), draw.Pt(high, y), ink, 2)
		behind = max(behind, high)
	}
	s.figure(behind, y, c)
}

// figure writes a cell's figure behind its mark.
func (s *sheet) figure(behind, y float64, c survey.Cell) {
	s.Write(draw.Pt(behind+8, y+5), draw.Start, valueStyle, s.grid.value(c))
}

// absent says in words why there is no mark; with several series, of which.
func (s *sheet) absent(a axis, series int, y float64, c survey.Cell) {
	if len(s.grid.series) == 1 {
		s.reason(a, y, "– "+whyNot(c))
		return
	}
	reason := ": " + whyNot(c)
	s.reason(a, y, baseStyle.Short(s.grid.series[series].full(), a.right-a.left-baseStyle.Width(reason))+reason)
}

func (s *sheet) reason(a axis, y float64, words string) {
	s.WriteClear(draw.Pt(a.left+6, y+5), baseStyle, words)
}
