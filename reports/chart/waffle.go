package chart

import (
	"fmt"
	"math"

	"surveykit/reports/chart/draw"
	"surveykit/survey"
)

var waffle = kind{name: "waffle", words: "Fields of a hundred squares", narrow: true, native: survey.ChartBars, arrange: (*picker).waffle, check: (*picker).tooManyFields, draw: (*sheet).waffle,
	notes: func(*sheet) []string { return []string{"A square is one in a hundred."} }, shares: true, whiskers: true}

// waffle makes a field of each figure, in one line of items.
func (p *picker) waffle(g *grid, a asked) {
	p.cross(g, a)
	if a.SeriesByRow {
		g.turn()
	}
	g.list()
	g.turn()
}

const mostFields = 48 // twelve lines of four

func (p *picker) tooManyFields(g *grid) {
	if n := len(g.series); n > mostFields {
		p.fault(fmt.Sprintf("it would have %d fields of squares, and %d are the most that can be compared", n, mostFields), "choose some of its rows or columns, or the kind bars")
	}
}

// waffle draws a field of ten times ten squares for each figure, filled from the
// foot up to the nearest square, with the figure and its interval under it.
func (s *sheet) waffle() {
	const across, gap, most = 10, 3.0, 18.0
	g := s.grid
	p := s.strip(margin, 44, 150)
	p.width = min(p.width, across*(most+gap)-gap)
	side := (p.width+gap)/across - gap
	for first := 0; first < len(g.series); first += p.n {
		s.panelNames(p, first)
		top := s.y + 6
		foot := top + across*(side+gap)
		for k := first; k < min(first+p.n, len(g.series)); k++ {
			c, left := g.cells[0][k], p.at(k-first)
			filled := 0
			if shown(c) {
				filled = int(math.Round(100 * c.Value.Float()))
			}
			for i := range across * across {
				x, y := left+float64(i%across)*(side+gap), foot-float64(i/across+1)*(side+gap)
				square := draw.Rectangle(x, y, x+side, y+side, gridGrey)
				switch {
				case i < filled && lowBase(c):
					square = draw.Rectangle(x+1, y+1, x+side-1, y+side-1, draw.White)
					square.Stroke, square.Width = s.colour(0), 2
				case i < filled:
					square.Fill = s.colour(0)
				}
				s.Add(square)
			}
			s.WriteClear(draw.Pt(left, foot+19), strongStyle, g.inWords(k, c))
		}
		s.y = foot + 34
	}
}
