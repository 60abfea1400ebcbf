package chart

import (
	"image/color"
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
	colours := ramp(len(g.series))
	s.legend(24, func(i int, at point) []mark { return []mark{square(at, colours[i])} })
	labels, widest := s.itemLabels()
	a := axis{unit: survey.RowShare, low: 0, high: 1, step: 0.2,
		left: margin + max(widest, narrowestLabel) + 22, right: right - netWidth*float64(len(g.nets)) - 16}
	s.netNames(a)
	top := s.y + 4
	s.y = top
	for i, l := range labels {
		s.heading(i)
		height := max(barPitch, l.height()+14)
		centre := s.y + height/2
		l.put(s, margin, centre, start)
		s.parts(a, centre, g.cells[i], colours)
		for k := range g.nets {
			s.write(point{netAt(a, k), centre + 5}, middle, strongStyle, s.net(i, k))
		}
		s.y += height
	}
	for _, t := range a.ticks() {
		s.line(point{a.at(t), s.y}, point{a.at(t), s.y + 5}, midGrey, 1)
		s.write(point{a.at(t), s.y + 22}, middle, tickStyle, a.label(t))
	}
	s.y += 26
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
	total, drawn := 0.0, false
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
		s.write(point{a.left + 6, centre + 5}, start, baseStyle, "– "+whyNot(cells[0]))
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
