package chart

import (
	"math"

	"surveykit/reports/chart/draw"
	"surveykit/survey"
)

const (
	panelGap = 30.0
	// leastPanel is how wide a panel is at least.
	leastPanel = 190.0
	mostAcross = 4
	panelSteps = 4 // about how many rules lie behind a panel
)

var multiples = kind{name: survey.ChartMultiples, words: "Panels on one scale", narrow: true, native: survey.ChartDots, arrange: (*picker).multiples, draw: (*sheet).panels, whiskers: true}

// multiples makes a panel of each series: of rows where the columns are
// waves, else of columns.
func (p *picker) multiples(g *grid, a asked) {
	p.cross(g, a)
	g.waves = p.waves(a.columns) && len(a.columns) > 1
	if g.waves || a.SeriesByRow {
		g.turn()
	}
}

// panels draws a panel for every series, all on one scale.
func (s *sheet) panels() {
	if s.grid.waves {
		s.linePanels()
		return
	}
	s.dotPanels()
}

// strip is a line of panels beside each other.
type strip struct {
	n                int
	left, width, gap float64
}

// at is where the i-th panel of the strip begins.
func (p strip) at(i int) float64 { return p.left + float64(i)*(p.width+p.gap) }

// strip makes room for as many panels as can be read, from left to the margin,
// each of at least some width.
func (s *sheet) strip(left, gap, least float64) strip {
	room, all := s.right()-left, len(s.grid.series)
	n := int(max(1, min(mostAcross, math.Floor((room+gap)/(least+gap)))))
	lines := (all + n - 1) / n
	n = (all + lines - 1) / lines // 6 panels are 3 and 3, not 4 and 2
	return strip{n: n, left: left, width: (room - gap*float64(n-1)) / float64(n), gap: gap}
}

// panelNames writes the names of a strip's panels, all on one foot.
func (s *sheet) panelNames(p strip, first int) {
	base := s.grid.bases().series
	var names []label
	tallest := 0.0
	for k := first; k < min(first+p.n, len(s.grid.series)); k++ {
		e := s.grid.series[k]
		names = append(names, newLabel(entry{label: e.full(), strong: true}, at(base, k), p.width))
		tallest = max(tallest, names[k-first].height())
	}
	s.y += 10 + tallest
	for i, l := range names {
		l.put(s, p.at(i), s.y-l.height()/2, draw.Start)
	}
	s.y += 4
}

// dotPanels repeats the list of items with the dots of one series in each panel.
func (s *sheet) dotPanels() {
	g := s.grid
	labels, widest := s.itemLabels()
	values, tick := g.widestValue()+14, g.widestTick(1, mostSteps)
	least := values + 2*(tick+16) // three labels of the axis
	p := s.strip(margin+max(widest, narrowestLabel)+22, max(panelGap, tick+12-values), max(leastPanel, least))
	for first := 0; first < len(g.series); first += p.n {
		s.panelNames(p, first)
		plan := s.underAxis(func() plan { return s.plan(labels, 1) })
		for k := first; k < min(first+p.n, len(g.series)); k++ {
			a := g.axisBetween(p.at(k-first), p.at(k-first)+p.width-values, tickStyle)
			s.ticks(a, s.y+4, plan.bottom)
			for i, y := range plan.centres {
				if c := s.grid.cells[i][k]; shown(c) {
					s.dot(a, 0, y, c)
				} else {
					s.reason(a, y, "– "+whyNot(c))
				}
			}
		}
		for i, l := range labels {
			s.y = plan.tops[i]
			s.heading(i)
			l.put(s, margin, plan.centres[i], draw.Start)
		}
		s.y = plan.bottom + 24
	}
}

// linePanels draws a small line with its ribbon in each panel.
func (s *sheet) linePanels() {
	const height = 150.0
	g := s.grid
	ticks, values := g.widestTick(panelSteps, panelSteps), max(g.widestValue(), 14)+16
	p := s.strip(margin+ticks+12, panelGap, max(leastPanel, 2*values+80))
	for first := 0; first < len(g.series); first += p.n {
		s.panelNames(p, first)
		top, lowest := s.y+8, 0.0
		for k := first; k < min(first+p.n, len(g.series)); k++ {
			from := p.at(k - first)
			f := frame{x: s.places(from+values, from+p.width-values), axis: g.axisOf(panelSteps, top+height, top), edge: p.gap + 2*values}
			if k == first {
				s.ruleNames(f, margin+ticks)
			}
			s.rules(f, from, from+p.width)
			s.ribbon(f, k, 0)
			s.track(f, k, 0)
			// The first and the last figure are outside the points.
			bold := draw.Style{Size: valueStyle.Size, Bold: true, Colour: ink}
			last := len(f.x) - 1
			for _, e := range []struct {
				wave   int
				away   float64
				anchor draw.Anchor
			}{{0, -12, draw.End}, {last, 12, draw.Start}} {
				c := s.grid.cells[e.wave][k]
				if shown(c) {
					s.Write(draw.Pt(f.x[e.wave]+e.away, f.axis.at(c.Value.Float())+5), e.anchor, bold, s.grid.value(c))
				}
			}
			s.y = top + height + 8
			s.waveNames(f)
			lowest = max(lowest, s.y)
		}
		s.y = lowest + 8
	}
}
