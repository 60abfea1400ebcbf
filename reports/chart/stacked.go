package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

const (
	barHeight = 32.0
	barPitch  = 46.0
	netWidth  = 96.0
)

var (
	stacked   = kind{name: survey.ChartStacked, words: "Stacked bars", narrow: true, native: survey.ChartStacked, arrange: (*picker).stack, draw: (*sheet).stacked, shares: true, parts: true}
	diverging = kind{name: survey.ChartDiverging, words: "Stacked bars around the middle of the scale", narrow: true, native: survey.ChartStacked,
		arrange: (*picker).stack, draw: (*sheet).stacked, notes: (*sheet).middleNote, shares: true, parts: true, sides: true}
)

// middleNote says what becomes of answers that are on neither side.
func (s *sheet) middleNote() []string {
	if len(s.grid.series)%2 == 0 {
		return nil
	}
	return []string{"Answers in the middle of the scale are split around zero."}
}

// stack makes a bar of every column in every group of rows, or of every row of a
// battery.
func (p *picker) stack(g *grid, a asked) {
	t := p.table
	if p.battery(a.columns) {
		p.stackRows(g, a)
		return
	}
	groups := p.groups(a.rows)
	// A diverging chart has its negative side on the left, so that a falling scale is turned around.
	scale := survey.Unordered
	if first := groups[0].parts; len(first) > 0 {
		scale = t.Rows[first[0]].Scale
	}
	parts := make([][]int, len(groups))
	for i, group := range groups {
		parts[i] = group.parts
	}
	g.scale = g.turned(scale, parts...)
	for _, group := range groups {
		if !slices.Equal(labels(t, group.parts), labels(t, groups[0].parts)) || !slices.Equal(labels(t, group.nets), labels(t, groups[0].nets)) {
			p.fault(fmt.Sprintf("the rows of %q are not those of %q", group.name, groups[0].name), "choose rows that every group has")
			return
		}
		for _, c := range a.columns {
			g.items = append(g.items, bar(group.name, t.Columns[c], len(groups), len(a.columns)))
			g.cells = append(g.cells, column(t, group.parts, c))
			g.netCells = append(g.netCells, column(t, group.nets, c))
		}
	}
	g.items = plain(g.items)
	for _, l := range labels(t, groups[0].parts) {
		g.series = append(g.series, entry{label: l})
	}
	for _, l := range labels(t, groups[0].nets) {
		g.nets = append(g.nets, entry{label: l, strong: true})
	}
}

// stackRows makes a bar of every row of a battery.
func (p *picker) stackRows(g *grid, a asked) {
	t := p.table
	parts, nets := p.answers(a.columns)
	if len(parts) > 0 {
		g.scale = g.turned(t.Columns[parts[0]].Scale, parts)
	}
	for _, r := range a.rows {
		g.items = append(g.items, entry{heading: t.Rows[r].Group, label: t.Rows[r].Label})
		g.cells = append(g.cells, pickCells(t.Cells[r], parts))
		g.netCells = append(g.netCells, pickCells(t.Cells[r], nets))
	}
	g.items = plain(g.items)
	for _, c := range parts {
		g.series = append(g.series, entry{label: t.Columns[c].Label})
	}
	for _, c := range nets {
		g.nets = append(g.nets, entry{label: t.Columns[c].Label, strong: true})
	}
}

// turned is the polarity with which parts of a scale are drawn, which it turns
// around where a diverging chart needs that.
func (g *grid) turned(scale survey.Polarity, parts ...[]int) survey.Polarity {
	if !g.sides {
		return scale
	}
	if scale == survey.Falling {
		for _, part := range parts {
			slices.Reverse(part)
		}
	}
	return survey.Rising
}

// bar names one bar after what tells it apart: its group of rows, its column or both.
func bar(group string, c survey.Column, groups, columns int) entry {
	switch {
	case groups == 1:
		return entry{heading: c.Group, label: c.Label}
	case columns == 1:
		return entry{label: group}
	}
	return entry{heading: group, label: entry{heading: c.Group, label: c.Label}.full()}
}

// stacked draws every item as one bar of its parts, with its nets beside it.
func (s *sheet) stacked() {
	g := s.grid
	colours := g.colours(s.look)
	s.legend(24, func(i int, at draw.Point) []draw.Mark { return []draw.Mark{square(at, colours[i])} })
	labels, widest := s.itemLabels()
	a := g.partsAxis(margin+max(widest, narrowestLabel)+22, s.right()-netWidth*float64(len(g.nets))-16)
	// The names of the nets are above their columns, all on one foot.
	st := draw.Style{Size: 14, Bold: true, Colour: ink}
	var names [][]string
	tallest := 0
	for _, n := range s.grid.nets {
		lines := st.Wrap(n.label, netWidth-10)
		names, tallest = append(names, lines), max(tallest, len(lines))
	}
	s.y += 18 * float64(tallest)
	for k, lines := range names {
		for i, line := range lines {
			y := s.y - 18*float64(len(lines)-1-i)
			s.Write(draw.Pt(netAt(a, k), y), draw.Middle, st, line)
		}
	}
	s.y += 4
	plan := s.underAxis(func() plan { return s.barPlan(labels) })
	s.ticks(a, s.y, plan.bottom)
	for i, l := range labels {
		s.y = plan.tops[i]
		s.heading(i)
		l.put(s, margin, plan.centres[i], draw.Start)
		s.parts(a, plan.centres[i], g.cells[i], colours)
		for k := range g.nets {
			s.Write(draw.Pt(netAt(a, k), plan.centres[i]+5), draw.Middle, strongStyle, s.net(i, k))
		}
	}
	s.y = plan.bottom + 24
}

// colours are those of the parts. Tones of one colour are darkest at the end of the
// scale that the first net sums up, which is what a title speaks of.
func (g *grid) colours(l look) []color.NRGBA {
	colours := l.ramp(len(g.series), g.scale)
	if !slices.Equal(colours, l.tones(len(g.series))) || len(g.netCells[0]) == 0 {
		return colours
	}
	const tolerance = 1e-6 // of sums of shares
	for i, cells := range g.cells {
		if !every(cells, shown) || !shown(g.netCells[i][0]) {
			continue
		}
		for n := 1; n < len(cells); n++ {
			if math.Abs(sum(cells[:n])-g.netCells[i][0].Value.Float()) < tolerance {
				slices.Reverse(colours)
				break
			}
		}
		break
	}
	return colours
}

// barPlan says where the bars are.
func (s *sheet) barPlan(labels []label) plan {
	var p plan
	ruler := &sheet{Scene: draw.Scene{Width: s.Width}, grid: s.grid, y: s.y}
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
	if !g.sides {
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

// before is how much of a bar is left of zero: nothing, or all answers
// below the middle of a two-sided scale and half of one in the middle.
func (g *grid) before(cells []survey.Cell) float64 {
	if !g.sides {
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
		return figure.Value(survey.RowNet, c.Value.Float(), s.grid.places)
	}
	return figure.Missing
}

// parts draws one bar.
func (s *sheet) parts(a axis, centre float64, cells []survey.Cell, colours []color.NRGBA) {
	total, drawn := -s.grid.before(cells), false
	for k, c := range cells {
		if !shown(c) {
			continue
		}
		drawn = true
		if c.Value.Float() > 0 {
			s.part(a.at(total), a.at(total+c.Value.Float()), centre, c, colours[k])
			total += c.Value.Float()
		}
	}
	if !drawn && len(cells) > 0 {
		s.WriteClear(draw.Pt(a.left+6, centre+5), baseStyle, "– "+whyNot(cells[0]))
	}
}

// part draws one part of a bar, with its figure where there is room for it.
func (s *sheet) part(from, to, centre float64, c survey.Cell, colour color.NRGBA) {
	part := draw.Rectangle(from, centre-barHeight/2, to, centre+barHeight/2, colour)
	part.Stroke, part.Width = draw.White, 1.5
	s.Add(part)
	words := strings.TrimSuffix(figure.Percent(c.Value.Float(), s.grid.places), "%")
	st := draw.Style{Size: 15, Colour: readable(colour)}
	if st.Width(words)+5 > to-from {
		s.silent = true
		return
	}
	s.Write(draw.Pt((from+to)/2, centre+5.5), draw.Middle, st, words)
}
