package chart

import (
	"image/color"
	"math"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

const (
	barHeight = 32.0
	barPitch  = 46.0
	netWidth  = 96.0
)

// stacked draws every item as one bar of its parts, with its nets beside it.
func (s *sheet) stacked() {
	g := s.grid
	colours := s.look.ramp(len(g.series), g.scale)
	s.legend(24, func(i int, at point) []mark { return []mark{square(at, colours[i])} })
	labels, widest := s.itemLabels()
	a := g.partsAxis(margin+max(widest, narrowestLabel)+22, right-netWidth*float64(len(g.nets))-16)
	s.netNames(a)
	s.y += 4
	plan := s.underAxis(func() plan { return s.barPlan(labels) })
	s.ticks(a, s.y, plan.bottom)
	for i, l := range labels {
		s.y = plan.tops[i]
		s.heading(i)
		l.put(s, margin, plan.centres[i], start)
		s.parts(a, plan.centres[i], g.cells[i], colours)
		for k := range g.nets {
			s.write(point{netAt(a, k), plan.centres[i] + 5}, middle, strongStyle, s.net(i, k))
		}
	}
	s.y = plan.bottom + 24
}

// barPlan says where the bars stand.
func (s *sheet) barPlan(labels []label) plan {
	var p plan
	ruler := &sheet{grid: s.grid, y: s.y}
	for i, l := range labels {
		p.tops = append(p.tops, ruler.y)
		ruler.heading(i)
		height := max(barPitch, l.height()+14)
		p.centres = append(p.centres, ruler.y+height/2)
		ruler.y += height
	}
	p.bottom = ruler.y
	return p
}

// partsAxis spans 0 to 100%, or as much on both sides of the middle of the
// scale as the bars need.
func (g *grid) partsAxis(left, right float64) axis {
	a := axis{unit: survey.RowShare, low: 0, high: 1, step: 0.2, left: left, right: right}
	if g.chart != survey.ChartDiverging {
		return a
	}
	a.unsigned, a.high = true, 0
	for _, cells := range g.cells {
		before := g.before(cells)
		a.low, a.high = min(a.low, -before), max(a.high, sum(cells)-before)
	}
	if a.high-a.low < 0.6 {
		a.step = 0.1
	}
	a.low, a.high = math.Floor(a.low/a.step+slack)*a.step, math.Ceil(a.high/a.step-slack)*a.step
	if a.high <= a.low {
		a.high = a.step
	}
	return a
}

// before is how much of a bar stands left of zero: nothing, or all answers
// below the middle of a two-sided scale and half of one in the middle.
func (g *grid) before(cells []survey.Cell) float64 {
	if g.chart != survey.ChartDiverging {
		return 0
	}
	half := len(cells) / 2
	total := sum(cells[:half])
	if len(cells)%2 == 1 {
		total += sum(cells[half:half+1]) / 2
	}
	return total
}

// netAt is the middle of the k-th column of nets.
func netAt(a axis, k int) float64 { return a.right + 16 + netWidth*(float64(k)+0.5) }

func (s *sheet) net(item, net int) string {
	if c := s.grid.netCells[item][net]; shown(c) {
		return figure.Value(survey.RowNet, float64(c.Value), s.grid.places)
	}
	return figure.Missing
}

// netNames writes the names of the nets above their columns, all on one foot.
func (s *sheet) netNames(a axis) {
	st := style{14, true, ink}
	var names [][]string
	tallest := 0
	for _, n := range s.grid.nets {
		lines := st.wrap(n.label, netWidth-10)
		names, tallest = append(names, lines), max(tallest, len(lines))
	}
	s.y += 18 * float64(tallest)
	for k, lines := range names {
		for i, line := range lines {
			y := s.y - 18*float64(len(lines)-1-i)
			s.write(point{netAt(a, k), y}, middle, st, line)
		}
	}
}

// parts draws one bar.
func (s *sheet) parts(a axis, centre float64, cells []survey.Cell, colours []color.NRGBA) {
	total, drawn := -s.grid.before(cells), false
	for k, c := range cells {
		if !shown(c) {
			continue
		}
		drawn = true
		if c.Value > 0 {
			s.part(a.at(total), a.at(total+float64(c.Value)), centre, c, colours[k])
			total += float64(c.Value)
		}
	}
	if !drawn && len(cells) > 0 {
		s.writeClear(point{a.left + 6, centre + 5}, baseStyle, "– "+whyNot(cells[0]))
	}
}

// part draws one part of a bar, with its figure where there is room for it.
func (s *sheet) part(from, to, centre float64, c survey.Cell, colour color.NRGBA) {
	part := rectangle(from, centre-barHeight/2, to, centre+barHeight/2, colour)
	part.stroke, part.width = white, 1.5
	s.add(part)
	words := strings.TrimSuffix(figure.Percent(float64(c.Value), s.grid.places), "%")
	st := style{15, false, readable(colour)}
	if st.width(words)+5 > to-from {
		s.silent = true
		return
	}
	s.write(point{(from + to) / 2, centre + 5.5}, middle, st, words)
}
