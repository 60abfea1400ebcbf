package chart

import (
	"fmt"
	"math"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

var reach = kind{name: survey.ChartReach, words: "Cumulative steps", narrow: true, native: survey.ChartBars, arrange: (*picker).reach, draw: (*sheet).reach, whiskers: true, lengths: true}

// reach makes the rows the steps of one column.
func (p *picker) reach(g *grid, a asked) {
	p.cross(g, a)
	if len(a.columns) != 1 {
		p.fault(fmt.Sprintf("a reach curve needs one column, and there are %d", len(a.columns)), "choose one with columns")
		return
	}
	last := math.Inf(-1)
	for i, item := range g.items {
		c := g.cells[i][0]
		if shown(c) && c.Value.Float() < last {
			p.fault(fmt.Sprintf("reach falls at %q, and it is cumulative", item.full()), "order the rows by their reach, each with those before it, or choose the kind bars")
		}
		if shown(c) {
			last = c.Value.Float()
		}
	}
}

// reach draws cumulative steps down the sheet: each row's bar is as long as the
// reach with all rows before it, in full colour where the row adds to it.
func (s *sheet) reach() {
	g := s.grid
	labels, widest := s.itemLabels()
	widestFigure := g.widestValue() + 12 + valueStyle.Width("("+figure.Change(g.unit, 1, g.places)+")")
	a := g.axisBetween(margin+max(widest, narrowestLabel)+22, s.right()-widestFigure-12, tickStyle)
	plan := s.underAxis(func() plan { return s.plan(labels, 1) })
	top := s.y + 4
	s.ticks(a, top, plan.bottom)
	last := stepEnd{x: a.left}
	for i, l := range labels {
		s.y = plan.tops[i]
		s.heading(i)
		l.put(s, margin, plan.centres[i], draw.Start)
		last = s.step(a, plan.centres[i], last, g.cells[i][0])
	}
	s.y = plan.bottom + 24
}

// stepEnd is where a step ends, and at which figure; none before the first.
type stepEnd struct {
	x, y  float64
	value survey.Figure
	drawn bool
	// cut is true where a step without a figure follows.
	cut bool
}

func (s *sheet) step(a axis, y float64, last stepEnd, c survey.Cell) stepEnd {
	const half = 11.0
	if !shown(c) {
		s.reason(a, y, "– "+whyNot(c))
		last.cut = true
		return last
	}
	x, colour := a.at(c.Value.Float()), s.colour(0)
	words := ""
	if last.drawn {
		s.Add(draw.Rectangle(a.left, y-half, last.x, y+half, tint(colour, 0.8)))
		if !last.cut {
			s.Line(draw.Pt(last.x, last.y+half), draw.Pt(last.x, y-half), colour, 1.5)
		}
		words = "(" + figure.Change(s.grid.unit, c.Value.Float()-last.value.Float(), s.grid.places) + ")"
	}
	body := draw.Rectangle(last.x, y-half, x, y+half, colour)
	if lowBase(c) {
		body.Fill, body.Stroke, body.Width = draw.White, colour, 2
	}
	s.Add(body)
	behind := x
	if hasInterval(c) {
		low, high := a.at(c.Low.Float()), a.at(c.High.Float())
		s.Line(draw.Pt(low, y), draw.Pt(high, y), draw.White, 4)
		s.Line(draw.Pt(low, y), draw.Pt(high, y), ink, 2)
		behind = max(behind, high)
	}
	s.figure(behind, y, c)
	s.Write(draw.Pt(behind+14+valueStyle.Width(s.grid.value(c)), y+5), draw.Start, baseStyle, words)
	return stepEnd{x: x, y: y, value: c.Value, drawn: true}
}
