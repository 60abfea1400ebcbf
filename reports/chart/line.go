package chart

import (
	"math"
	"strconv"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

var line = kind{name: survey.ChartLine, words: "Lines with confidence ribbons", narrow: true, native: survey.ChartSlope, arrange: (*picker).line, draw: (*sheet).lines, whiskers: true, crowded: true}

// line makes the columns the places and every row a line.
func (p *picker) line(g *grid, a asked) {
	p.cross(g, a)
	g.turn()
	g.waves = true
	if len(a.columns) < 2 {
		p.fault("a line needs two columns at least, and there is one", "choose more with columns, or the kind dots")
	}
}

const (
	// ribbonAlpha lets lines and grid through a ribbon.
	ribbonAlpha = 0x2E
	// labelGap is the room between a line's end and its label, for a leader.
	labelGap = 26.0
	// lineSteps is about how many rules lie behind lines.
	lineSteps = 5
	// widestWave is where the names of waves wrap.
	widestWave = 128.0
)

// frame is the rectangle that lines are drawn in: places across, figures up.
type frame struct {
	x    []float64 // of the waves
	axis axis      // from the lower edge to the upper one
	edge float64   // how far the first wave is from another frame's last one
}

// lines draws a line for every series, or a panel for each where there are
// more than a reader can tell apart.
func (s *sheet) lines() {
	g := s.grid
	if len(g.series) > mostSeries {
		s.panels()
		return
	}
	values := g.widestValue()
	var names []label
	var width float64
	base := s.grid.bases().series
	for k, e := range s.grid.series {
		names = append(names, newLabel(entry{label: e.full(), strong: e.strong}, at(base, k), s.labelled(widestName)))
		width = max(width, names[k].width())
	}
	tickWidth := g.widestTick(lineSteps, lineSteps)
	left := margin + tickWidth + 12 + values + labelGap + 8
	last := s.right() - labelGap - values - 14 - width
	s.y += 12
	height := max(300, tallness(names)+20)
	f := frame{x: s.places(left, last), axis: g.axisOf(lineSteps, s.y+height, s.y), edge: widestWave}
	s.rules(f, margin+tickWidth+10, last+10)
	s.ruleNames(f, margin+tickWidth)
	for k := range g.series {
		s.ribbon(f, k, k)
	}
	for k := range g.series {
		s.track(f, k, k)
	}
	s.lineEnds(f, 0, nil, 0)
	s.lineEnds(f, len(g.items)-1, names, values)
	s.y += height + 8
	s.waveNames(f)
}

// widestTick is the room of the labels of an axis that has from so many to so
// many steps.
func (g *grid) widestTick(least, most int) float64 {
	w := 0.0
	for n := least; n <= most; n++ {
		a := g.axisOf(n, 0, 1)
		for _, t := range a.ticks() {
			w = max(w, tickStyle.Width(a.label(t)))
		}
	}
	return w
}

// places sets waves apart as their years are, where their labels are numbers
// that rise, and evenly otherwise or where two would nearly touch.
func (s *sheet) places(left, right float64) []float64 {
	n := len(s.grid.items)
	even, years := make([]float64, n), make([]float64, n)
	for i, e := range s.grid.items {
		even[i] = left + (right-left)*float64(i)/float64(n-1)
		years[i] = math.NaN()
		if year, err := strconv.ParseFloat(e.label, 64); err == nil {
			years[i] = year
		}
	}
	scaled := make([]float64, n)
	for i := range years {
		scaled[i] = left + (right-left)*(years[i]-years[0])/(years[n-1]-years[0])
		if i > 0 && !(scaled[i]-scaled[i-1] >= (right-left)/float64(4*(n-1))) {
			return even
		}
	}
	return scaled
}

// rules draws the grid behind lines.
func (s *sheet) rules(f frame, from, to float64) {
	base, _ := s.grid.baseline()
	for _, t := range f.axis.ticks() {
		c := gridGrey
		if t == base && (base != 0 || f.axis.low < 0) {
			c = midGrey
		}
		s.Line(draw.Pt(from, f.axis.at(t)), draw.Pt(to, f.axis.at(t)), c, 1)
	}
}

// ruleNames writes the labels of the grid, which end at x.
func (s *sheet) ruleNames(f frame, x float64) {
	for _, t := range f.axis.ticks() {
		s.Write(draw.Pt(x, f.axis.at(t)+5), draw.End, tickStyle, f.axis.label(t))
	}
}

// ribbon draws a series' intervals, each stretch of neighbouring waves as one.
func (s *sheet) ribbon(f frame, series, sign int) {
	fill := s.colour(sign)
	fill.A = ribbonAlpha
	var upper, lower []draw.Point
	flush := func() {
		if len(upper) > 1 {
			s.Add(draw.Shape{Points: append(upper, reversed(lower)...), Closed: true, Fill: fill})
		} else if len(upper) == 1 {
			s.Line(upper[0], lower[0], s.colour(sign), 2)
		}
		upper, lower = nil, nil
	}
	for i := range s.grid.items {
		c := s.grid.cells[i][series]
		if !shown(c) || !hasInterval(c) {
			flush()
			continue
		}
		upper = append(upper, draw.Pt(f.x[i], f.axis.at(c.High.Float())))
		lower = append(lower, draw.Pt(f.x[i], f.axis.at(c.Low.Float())))
	}
	flush()
}

func reversed(points []draw.Point) []draw.Point {
	back := make([]draw.Point, len(points))
	for i, p := range points {
		back[len(points)-1-i] = p
	}
	return back
}

// track draws a series' line, broken where a figure is missing, and its points.
func (s *sheet) track(f frame, series, sign int) {
	var stretch []draw.Point
	flush := func() {
		if len(stretch) > 1 {
			s.Add(draw.Shape{Points: stretch, Stroke: s.colour(sign), Width: 2.5})
		}
		stretch = nil
	}
	var points []draw.Mark
	for i := range s.grid.items {
		c := s.grid.cells[i][series]
		if !shown(c) {
			flush()
			continue
		}
		p := draw.Pt(f.x[i], f.axis.at(c.Value.Float()))
		stretch = append(stretch, p)
		points = append(points, draw.Marker(sign, p, 5.5, s.colour(sign), lowBase(c)))
	}
	flush()
	s.Add(points...)
}

// lineEnds writes the figures of one wave beside their points, without names
// on the left and with them on the right. A line that has no figure there is
// named all the same, at its last figure.
func (s *sheet) lineEnds(f frame, wave int, names []label, values float64) {
	var series []int
	var middles, heights []float64
	for k := range s.grid.series {
		c, ok := s.grid.nearest(k, wave)
		if !ok || names == nil && !shown(s.grid.cells[wave][k]) {
			continue
		}
		height := lineHeight
		if names != nil {
			height = names[k].slot()
		}
		series, middles, heights = append(series, k), append(middles, f.axis.at(c.Value.Float())), append(heights, height)
	}
	for n, y := range within(middles, heights, f.axis.right, f.axis.left) {
		k := series[n]
		bold := draw.Style{Size: valueStyle.Size, Bold: true, Colour: ink}
		x, away, a := f.x[wave], -1.0, draw.End
		if names != nil {
			away, a = 1, draw.Start
		}
		if math.Abs(y-middles[n]) > 2 {
			s.Line(draw.Pt(x+away*9, middles[n]), draw.Pt(x+away*(labelGap-4), y), midGrey, 1)
		}
		words := figure.Missing
		if c := s.grid.cells[wave][k]; shown(c) {
			words = s.grid.value(c)
		}
		s.Write(draw.Pt(x+away*labelGap, y+5.5), a, bold, words)
		if names != nil {
			names[k].put(s, x+labelGap+values+14, y, draw.Start)
		}
	}
}

// nearest is a series' figure in a wave, or the last one before it.
func (g *grid) nearest(series, wave int) (survey.Cell, bool) {
	for i := wave; i >= 0; i-- {
		if c := g.cells[i][series]; shown(c) {
			return c, true
		}
	}
	return survey.Cell{}, false
}

// tallness is how high labels are that are on top of each other.
func tallness(labels []label) float64 {
	h := 0.0
	for _, l := range labels {
		h += l.slot()
	}
	return h
}

// waveNames writes the waves below the lines, each with its base where the
// lines share it; of many waves only as many as have room.
func (s *sheet) waveNames(f frame) {
	const least = 84.0
	slot := widestWave // the room of every wave
	for i := 1; i < len(f.x); i++ {
		slot = min(slot, f.x[i]-f.x[i-1])
	}
	room := max(least, min(slot, f.edge)) - 8
	names := make([]waveName, len(f.x))
	for i, e := range s.grid.items {
		w := &names[i]
		w.name = strongStyle.Wrap(e.label, room)
		if base := at(s.grid.bases().items, i); base != "" {
			w.base = baseStyle.Wrap(base, room)
		}
		w.width = max(strongStyle.Widest(w.name), baseStyle.Widest(w.base))
	}
	lowest := s.y
	for _, i := range f.chosen(names) {
		at := draw.Pt(f.x[i], s.y)
		for _, line := range names[i].name {
			at.Y += lineHeight
			s.Write(at, draw.Middle, strongStyle, line)
		}
		for _, line := range names[i].base {
			at.Y += 18
			s.Write(at, draw.Middle, baseStyle, line)
		}
		lowest = max(lowest, at.Y)
	}
	s.y = lowest
}

// chosen are the waves whose names have room: the last and the first, then
// those between them from the left.
func (f frame) chosen(names []waveName) []int {
	const apart = 6
	left := func(i int) float64 { return f.x[i] - names[i].width/2 - apart }
	right := func(i int) float64 { return f.x[i] + names[i].width/2 }
	last := len(names) - 1
	chosen := []int{last}
	end := math.Inf(-1)
	for i := range last {
		if left(i) >= end && right(i) <= left(last) {
			chosen, end = append(chosen, i), right(i)
		}
	}
	return chosen
}

// waveName is a wave's wrapped name and base.
type waveName struct {
	name, base []string
	width      float64
}
