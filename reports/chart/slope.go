package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

var slope = kind{name: survey.ChartSlope, words: "Slopes between two columns", narrow: true, native: survey.ChartSlope, arrange: (*picker).slope, draw: (*sheet).slope, notes: (*sheet).changeNote,
	whiskers: true, crowded: true, afloat: true}

// changeNote explains dashed lines where the table has the changes.
func (s *sheet) changeNote() []string {
	if !slices.ContainsFunc(s.grid.changes, shown) {
		return nil
	}
	return []string{"Dashed grey lines: the interval of the change includes zero. Changes are computed before rounding."}
}

// slope makes the two columns the places and every row a line.
func (p *picker) slope(g *grid, a asked) {
	p.cross(g, a)
	g.turn()
	if len(a.columns) != 2 {
		p.fault(fmt.Sprintf("a slope needs two columns, and there are %d", len(a.columns)), "choose two with columns")
		return
	}
	for c, column := range p.table.Columns {
		if column.Change && p.compares(c, a.rows, a.columns) {
			for _, r := range a.rows {
				g.changes = append(g.changes, p.table.Cells[r][c])
			}
			return
		}
	}
}

// compares reports whether a change column holds, in every row, the second of
// two columns minus the first.
func (p *picker) compares(change int, rows, columns []int) bool {
	const tolerance = 1e-9 // both sides are sums of the same few terms
	found := false
	for _, r := range rows {
		row := p.table.Cells[r]
		d, from, to := row[change].Value, row[columns[0]].Value, row[columns[1]].Value
		if !d.Exists() || !from.Exists() || !to.Exists() {
			continue
		}
		if math.Abs(to.Float()-from.Float()-d.Float()) > tolerance*max(1, math.Abs(d.Float())) {
			return false
		}
		found = true
	}
	return found
}

const (
	// slopeGap is the room between a label and its point, for a leader.
	slopeGap = 34.0
	// slopeRoom is the least room between the columns for names on both sides.
	slopeRoom = 90.0
	// widestName is where the lines' names wrap, which may be on both sides.
	widestName = 240.0
	// fanWidth is over how many pixels the points of one column spread where
	// their whiskers would cover each other, fanStep at most from one to the next.
	fanWidth, fanStep = 16.0, 7.0
)

// slopeLine is one series of a slope, from its first cell to its second.
type slopeLine struct {
	series int // decides the shape of the points
	name   label
	ends   [2]survey.Cell
	change string
	colour color.NRGBA
	dashed bool
	// at are the heights of both points, labels those of the labels' middles,
	// below the upper end of the drawing.
	at, labels [2]float64
	// scale is how many pixels a figure of one is high.
	scale float64
	// fan moves a point aside from its neighbours.
	fan    [2]float64
	points [2]draw.Point
}

// slope draws a line from the first column's figure to the second's for each
// series, with its name and figures at its ends.
func (s *sheet) slope() {
	lines := s.slopeLines()
	c := slopeColumns{values: s.grid.widestValue(), both: len(lines) > mostSeries}
	for _, l := range lines {
		c.names, c.changes = max(c.names, l.name.width()), max(c.changes, 10+valueStyle.Width(l.change))
	}
	from, to := margin+c.names+14+c.values+slopeGap, s.right()-slopeGap-c.values-c.changes
	if c.both = c.both && to-c.names-14-from >= slopeRoom; c.both {
		to -= c.names + 14
	}
	x := [2]float64{from, min(to, from+640)}
	above, height := s.setHeights(lines)
	s.columnNames(x)
	top := s.y + 22 + above
	for _, x := range x {
		s.Line(draw.Pt(x, s.y+10), draw.Pt(x, top+height), gridGrey, 1.5)
	}
	fan(lines)
	for i := range lines {
		for side := range 2 {
			lines[i].points[side] = draw.Pt(x[side]+lines[i].fan[side], top+lines[i].at[side])
		}
	}
	s.slopeMarks(lines)
	for _, l := range lines {
		s.slopeLabels(l, x, top, c)
	}
	s.y = top + height + 4
}

// slopeColumns are how wide the columns of text beside a slope are.
type slopeColumns struct {
	names, values, changes float64
	// both has names on both sides: many lines of one colour are hard to follow.
	both bool
}

// without names what has no place in the picture: lines that have no figure at
// all, points that lack one of their two.
func (g *grid) without() []string {
	var left []string
	switch {
	case g.twoMeasures:
		for i, e := range g.items {
			if !every(g.cells[i], shown) {
				left = append(left, e.full())
			}
		}
	case g.afloat || g.waves:
		for k, e := range g.series {
			if !slices.ContainsFunc(g.cells, func(row []survey.Cell) bool { return shown(row[k]) }) {
				left = append(left, e.full())
			}
		}
	}
	return left
}

// slopeLines are the series that have a figure.
func (s *sheet) slopeLines() (lines []slopeLine) {
	g := s.grid
	base := g.bases().series
	for k, e := range g.series {
		l := slopeLine{ends: [2]survey.Cell{g.cells[0][k], g.cells[1][k]}, colour: s.colour(0)}
		if !shown(l.ends[0]) && !shown(l.ends[1]) {
			continue
		}
		l.name = newLabel(entry{label: e.full(), strong: e.strong}, at(base, k), s.labelled(widestName))
		if len(g.series) <= mostSeries {
			l.series, l.colour = k, s.colour(k)
		}
		if g.changes != nil {
			l.colour, l.dashed, l.change = s.verdict(g.changes[k])
		}
		lines = append(lines, l)
	}
	return lines
}

// verdict is how a line shows its change: grey and dashed where the change's
// interval includes zero.
func (s *sheet) verdict(change survey.Cell) (c color.NRGBA, dashed bool, words string) {
	if !shown(change) {
		return midGrey, true, ""
	}
	words = figure.Change(s.grid.unit, change.Value.Float(), s.grid.places)
	if change.Low.Float() > 0 || change.High.Float() < 0 {
		return s.colour(0), false, words
	}
	return midGrey, true, words
}

// setHeights places the points and spreads their labels. Above is how far
// labels reach over the highest figure, height how far the drawing goes down.
func (s *sheet) setHeights(lines []slopeLine) (above, height float64) {
	low, high := s.grid.extent()
	height = max(260, 34*float64(len(lines)))
	scale := height / (high - low)
	for side := range 2 {
		middles, heights := make([]float64, len(lines)), make([]float64, len(lines))
		for i := range lines {
			l := &lines[i]
			c := l.ends[side]
			if !shown(c) {
				c = l.ends[1-side]
			}
			l.at[side], l.scale = scale*(high-c.Value.Float()), scale
			middles[i], heights[i] = l.at[side], l.name.slot()
		}
		for i, y := range spread(middles, heights) {
			lines[i].labels[side] = y
			above, height = max(above, heights[i]/2-y), max(height, y+heights[i]/2)
		}
	}
	return above, height
}

// fan moves points aside where their whiskers or marks would cover each other.
func fan(lines []slopeLine) {
	for side := range 2 {
		order := make([]*slopeLine, 0, len(lines))
		for i := range lines {
			if shown(lines[i].ends[side]) {
				order = append(order, &lines[i])
			}
		}
		slices.SortStableFunc(order, func(a, b *slopeLine) int { return cmp.Compare(a.upper(side), b.upper(side)) })
		for first := 0; first < len(order); {
			next, lowest := first, math.Inf(-1)
			for ; next < len(order) && (next == first || order[next].upper(side) < lowest); next++ {
				lowest = max(lowest, order[next].lower(side))
			}
			n := float64(next - first)
			step := min(fanStep, fanWidth/max(1, n-1))
			for k, l := range order[first:next] {
				l.fan[side] = (float64(k) - (n-1)/2) * step
			}
			first = next
		}
	}
}

// upper and lower are where a point with its whisker ends.
func (l *slopeLine) upper(side int) float64 {
	return l.at[side] - max(7, l.reach(survey.FigureOf(l.ends[side].High.Float()-l.ends[side].Value.Float()), side))
}

func (l *slopeLine) lower(side int) float64 {
	return l.at[side] + max(7, l.reach(survey.FigureOf(l.ends[side].Value.Float()-l.ends[side].Low.Float()), side))
}

func (l *slopeLine) reach(length survey.Figure, side int) float64 {
	if !hasInterval(l.ends[side]) {
		return 0
	}
	return l.scale * length.Float()
}

// columnNames writes the two columns' names, and their bases, above the lines.
func (s *sheet) columnNames(x [2]float64) {
	base := s.grid.bases().items
	side := [2]float64{x[0] - margin, s.right() - x[1]}
	lowest := s.y
	for i, e := range s.grid.items {
		y := s.y
		for _, line := range strongStyle.Wrap(e.full(), 2*min(side[i], (x[1]-x[0])/2-15)) {
			y += lineHeight
			s.Write(draw.Pt(x[i], y), draw.Middle, strongStyle, line)
		}
		if b := at(base, i); b != "" {
			y += 18
			s.Write(draw.Pt(x[i], y), draw.Middle, baseStyle, b)
		}
		lowest = max(lowest, y)
	}
	s.y = lowest
}

// slopeMarks draws all whiskers, over them all lines, over these all points.
func (s *sheet) slopeMarks(lines []slopeLine) {
	var whiskers, slopes, points []draw.Mark
	for _, l := range lines {
		for i, c := range l.ends {
			if !shown(c) {
				continue
			}
			p := l.points[i]
			up, down := draw.Pt(p.X, p.Y-l.reach(survey.FigureOf(c.High.Float()-c.Value.Float()), i)), draw.Pt(p.X, p.Y+l.reach(survey.FigureOf(c.Value.Float()-c.Low.Float()), i))
			whiskers = append(whiskers, draw.Shape{Points: []draw.Point{up, down}, Stroke: blend(l.colour, draw.White, 1, 3), Width: 2})
			points = append(points, draw.Marker(l.series, p, 6, l.colour, lowBase(c)))
		}
		if shown(l.ends[0]) && shown(l.ends[1]) {
			slopes = append(slopes, draw.Shape{Points: l.points[:], Stroke: l.colour, Width: 2.5, Dashed: l.dashed})
		}
	}
	s.Add(whiskers...)
	s.Add(slopes...)
	s.Add(points...)
}

// slopeLabels writes name and figure on the left, figure and change on the
// right, with a leader where a label had to move away from its point.
func (s *sheet) slopeLabels(l slopeLine, x [2]float64, top float64, c slopeColumns) {
	const near, far = 14.0, slopeGap - 4
	bold := draw.Style{Size: valueStyle.Size, Bold: true, Colour: ink}
	for side, away := range [2]float64{-1, 1} {
		y := top + l.labels[side]
		if p := top + l.at[side]; math.Abs(p-y) > 2 {
			s.Line(draw.Pt(x[side]+away*near, p), draw.Pt(x[side]+away*far, y), midGrey, 1)
		}
		words := figure.Missing
		if shown(l.ends[side]) {
			words = s.grid.value(l.ends[side])
		}
		s.Write(draw.Pt(x[side]+away*slopeGap, y+5.5), [2]draw.Anchor{draw.End, draw.Start}[side], bold, words)
	}
	l.name.put(s, x[0]-slopeGap-c.values-14, top+l.labels[0], draw.End)
	behind := x[1] + slopeGap + c.values
	s.Write(draw.Pt(behind+10, top+l.labels[1]+5.5), draw.Start, valueStyle, l.change)
	if c.both {
		l.name.put(s, behind+c.changes+14, top+l.labels[1], draw.Start)
	}
}

// spread moves labels of the given heights apart, as little as can be and
// without changing their order: a least-squares isotonic fit by pooling
// neighbours that overlap.
func spread(middles, heights []float64) []float64 {
	type pool struct{ sum, n float64 }
	order := make([]int, len(middles))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(middles[a], middles[b]) })
	offsets, pools := make([]float64, len(order)), []pool{}
	for k, i := range order {
		if k > 0 {
			offsets[k] = offsets[k-1] + (heights[order[k-1]]+heights[i])/2
		}
		pools = append(pools, pool{middles[i] - offsets[k], 1})
		for n := len(pools); n > 1 && pools[n-2].sum/pools[n-2].n >= pools[n-1].sum/pools[n-1].n; n-- {
			pools[n-2].sum, pools[n-2].n = pools[n-2].sum+pools[n-1].sum, pools[n-2].n+pools[n-1].n
			pools = pools[:n-1]
		}
	}
	placed, k := make([]float64, len(order)), 0
	for _, p := range pools {
		for range int(p.n) {
			placed[order[k]] = p.sum/p.n + offsets[k]
			k++
		}
	}
	return placed
}

// within spreads labels as spread does and keeps them between two heights, as
// long as all of them fit there.
func within(middles, heights []float64, low, high float64) []float64 {
	placed := spread(middles, heights)
	order := make([]int, len(placed))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(placed[a], placed[b]) })
	for _, i := range order {
		placed[i] = max(placed[i], low+heights[i]/2)
		low = placed[i] + heights[i]/2
	}
	for _, i := range slices.Backward(order) {
		placed[i] = min(placed[i], high-heights[i]/2)
		high = placed[i] - heights[i]/2
	}
	return placed
}
