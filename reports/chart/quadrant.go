package chart

import (
	"cmp"
	"fmt"
	"slices"

	"surveykit/reports/chart/draw"
	"surveykit/survey"
)

var quadrant = kind{name: survey.ChartQuadrant, words: "Points by two measures", native: survey.ChartQuadrant, arrange: (*picker).quadrant, draw: (*sheet).quadrant, twoMeasures: true,
	notes: func(*sheet) []string { return []string{"Dashed lines: means of the points."} }}

// quadrant makes the rows points; the measures are two columns, or two groups
// of the rows in one column.
func (p *picker) quadrant(g *grid, a asked) {
	t := p.table
	if groups := p.groups(a.rows); len(a.columns) == 1 && len(groups) == 2 {
		p.pair(g, groups, a.columns[0])
		return
	}
	if len(a.columns) != 2 {
		p.fault(fmt.Sprintf("a quadrant chart needs two measures: %d columns are none", len(a.columns)), "choose two columns, or one column and rows in two groups")
		return
	}
	p.cross(g, a)
	g.units = [2]survey.RowKind{g.unit, g.unit}
	if slices.ContainsFunc(a.rows, func(r int) bool { return !sameUnit(g.unit, t.Rows[r].Kind) }) {
		p.fault("the chosen rows have different units", "choose rows of one kind: shares, means, ratios or totals")
	}
}

// pair makes points of the rows that two groups have in common by label.
func (p *picker) pair(g *grid, groups []rowGroup, c int) {
	t := p.table
	first, second := groups[0].all(), groups[1].all()
	if !slices.Equal(labels(t, first), labels(t, second)) {
		p.fault(fmt.Sprintf("the rows of %q are not those of %q", groups[1].name, groups[0].name), "choose rows that both groups have")
		return
	}
	for i, r := range first {
		g.items = append(g.items, entry{label: t.Rows[r].Label})
		g.cells = append(g.cells, []survey.Cell{t.Cells[r][c], t.Cells[second[i]][c]})
	}
	g.series = []entry{{label: groups[0].name}, {label: groups[1].name}}
	g.units = [2]survey.RowKind{t.Rows[first[0]].Kind, t.Rows[second[0]].Kind}
	for k, side := range [][]int{first, second} {
		if slices.ContainsFunc(side, func(r int) bool { return !sameUnit(g.units[k], t.Rows[r].Kind) }) {
			p.fault(fmt.Sprintf("the rows of %q have different units", groups[k].name), "choose rows of one kind: shares, means, ratios or totals")
		}
	}
}

// measure is the grid of one series alone, where series have units of their own.
func (g *grid) measure(series int) *grid {
	if !g.twoMeasures {
		return g
	}
	m := &grid{kind: g.kind, unit: g.units[series], items: g.items, series: g.series[series : series+1]}
	for _, row := range g.cells {
		m.cells = append(m.cells, row[series:series+1])
	}
	m.places = m.valuePlaces()
	return m
}

const (
	quadrantHeight = 520.0
	quadrantSteps  = 6
	dotSize        = 6.0
	// widestTag is where the labels of points wrap.
	widestTag = 190.0
)

// area is the rectangle between the two axes of a quadrant.
type area struct{ across, up axis }

func (r area) at(t tag) draw.Point { return draw.Pt(r.across.at(t.x), r.up.at(t.y)) }

// tag is one point with its label, and where the label is: beside the
// point, or in the column on the right with a leader.
type tag struct {
	x, y   float64 // in figures
	hollow bool
	label  label
	place  rect
	anchor draw.Anchor
	listed bool
}

// rect is a rectangle on the sheet.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) overlaps(o rect) bool {
	return r.x0 < o.x1 && o.x0 < r.x1 && r.y0 < o.y1 && o.y0 < r.y1
}

func (r rect) holds(o rect) bool {
	return r.x0 <= o.x0 && r.y0 <= o.y0 && o.x1 <= r.x1 && o.y1 <= r.y1
}

// quadrant draws every item at its two figures, with lines at the means.
func (s *sheet) quadrant() {
	var tags []tag // the items that have both figures, from the top down
	base := s.grid.bases()
	for i, e := range s.grid.items {
		c := s.grid.cells[i]
		if !every(c, shown) {
			continue
		}
		tags = append(tags, tag{x: c[0].Value.Float(), y: c[1].Value.Float(), hollow: lowBase(c[0]) || lowBase(c[1]),
			label: newLabel(entry{label: e.full()}, at(base.items, i), widestTag)})
	}
	slices.SortStableFunc(tags, func(a, b tag) int { return cmp.Compare(b.y, a.y) })
	across, up := s.grid.measure(0), s.grid.measure(1)
	s.axisTitle("↑ "+named(s.grid.series[1].full(), at(base.series, 1)), margin, draw.Start, s.right()-margin)
	top, left := s.y+14, margin+up.widestTick(quadrantSteps, quadrantSteps)+12
	plan := func(last, height float64) area {
		return area{across.axisBetween(left, last, tickStyle), up.axisOf(quadrantSteps, top+height, top)}
	}
	edge := s.right() - across.widestTick(1, mostSteps)/2
	r := plan(edge, quadrantHeight)
	if !r.placeTags(tags) {
		column := edge - labelGap - widestOf(tags)
		r = plan(column, quadrantHeight)
		r.placeTags(tags)
		listed := slices.DeleteFunc(slices.Clone(tags), func(t tag) bool { return !t.listed })
		if tallness(labelsOf(listed)) > quadrantHeight {
			r = plan(column, tallness(labelsOf(tags)))
			r.placeTags(tags)
		}
		r.list(tags)
	}
	s.drawArea(r, tags)
	s.y = r.up.left + 24
	s.axisTitle(named(s.grid.series[0].full(), at(base.series, 0))+" →", r.across.right, draw.End, r.across.right-margin)
}

// axisTitle names an axis in lines of a width that begin or end at x.
func (s *sheet) axisTitle(words string, x float64, a draw.Anchor, width float64) {
	for _, line := range headStyle.Wrap(words, width) {
		s.y += 18
		s.Write(draw.Pt(x, s.y), a, headStyle, line)
	}
}

func widestOf(tags []tag) float64 {
	w := 0.0
	for _, t := range tags {
		w = max(w, t.label.width())
	}
	return w
}

func labelsOf(tags []tag) []label {
	labels := make([]label, len(tags))
	for i, t := range tags {
		labels[i] = t.label
	}
	return labels
}

// placeTags puts each label where it covers no point and no other label, and
// reports whether there was such a place for all; the others are listed.
func (r area) placeTags(tags []tag) bool {
	inside := rect{r.across.left + 2, r.up.right - 8, r.across.right + 2, r.up.left - 2}
	taken := make([]rect, len(tags))
	for i, t := range tags {
		p := r.at(t)
		taken[i] = rect{p.X - dotSize - 1, p.Y - dotSize - 1, p.X + dotSize + 1, p.Y + dotSize + 1}
	}
	all := true
	for i := range tags {
		t := &tags[i]
		t.listed = true
		for _, c := range r.candidates(*t) {
			if inside.holds(c.place) && !slices.ContainsFunc(taken, c.place.overlaps) {
				t.place, t.anchor, t.listed = c.place, c.anchor, false
				taken = append(taken, c.place)
				break
			}
		}
		all = all && !t.listed
	}
	return all
}

// candidates are the places around a point, the best first.
func (r area) candidates(t tag) []tag {
	const near, far = 12.0, 5.0
	p, w, h := r.at(t), t.label.width(), t.label.height()
	place := func(x, y float64, a draw.Anchor) tag {
		left := x - w*[]float64{draw.Start: 0, draw.Middle: 0.5, draw.End: 1}[a]
		return tag{place: rect{left, y - h/2, left + w, y + h/2}, anchor: a}
	}
	return []tag{
		place(p.X+near, p.Y, draw.Start), place(p.X-near, p.Y, draw.End),
		place(p.X, p.Y-h/2-near+far, draw.Middle), place(p.X, p.Y+h/2+near-far/2, draw.Middle),
		place(p.X+far, p.Y-h/2-far, draw.Start), place(p.X+far, p.Y+h/2+far+2, draw.Start),
		place(p.X-far, p.Y-h/2-far, draw.End), place(p.X-far, p.Y+h/2+far+2, draw.End),
	}
}

// list puts the labels that found no place into the column on the right.
func (r area) list(tags []tag) {
	var which []int
	var middles, heights []float64
	for i, t := range tags {
		if t.listed {
			which, middles, heights = append(which, i), append(middles, r.at(t).Y), append(heights, t.label.slot())
		}
	}
	x := r.across.right + labelGap
	for n, y := range within(middles, heights, r.up.right, r.up.left) {
		t := &tags[which[n]]
		t.place, t.anchor = rect{x, y - t.label.height()/2, x + t.label.width(), y + t.label.height()/2}, draw.Start
	}
}

// drawArea draws the grid, the means, the points and the labels.
func (s *sheet) drawArea(r area, tags []tag) {
	for _, t := range r.across.ticks() {
		x := r.across.at(t)
		s.Line(draw.Pt(x, r.up.right), draw.Pt(x, r.up.left), gridGrey, 1)
		s.Write(draw.Pt(x, r.up.left+20), draw.Middle, tickStyle, r.across.label(t))
	}
	f := frame{axis: r.up}
	s.rules(f, r.across.left, r.across.right)
	s.ruleNames(f, r.across.left-10)
	// Lines at the means part the quadrants.
	if len(tags) != 0 {
		var x, y float64
		for _, t := range tags {
			x, y = x+t.x/float64(len(tags)), y+t.y/float64(len(tags))
		}
		at := r.at(tag{x: x, y: y})
		for _, ends := range [][]draw.Point{{draw.Pt(at.X, r.up.right), draw.Pt(at.X, r.up.left)}, {draw.Pt(r.across.left, at.Y), draw.Pt(r.across.right, at.Y)}} {
			s.Add(draw.Shape{Points: ends, Stroke: midGrey, Width: 1.5, Dashed: true})
		}
	}
	var points []draw.Mark
	for _, t := range tags {
		if t.listed {
			p := r.at(t)
			s.Line(p, draw.Pt(t.place.x0-4, (t.place.y0+t.place.y1)/2), midGrey, 1)
		}
		points = append(points, draw.Marker(0, r.at(t), dotSize, s.colour(0), t.hollow))
	}
	for _, t := range tags {
		s.Add(draw.Rectangle(t.place.x0-3, t.place.y0+1, t.place.x1+3, t.place.y1-1, draw.White))
		x := []float64{draw.Start: t.place.x0, draw.Middle: (t.place.x0 + t.place.x1) / 2, draw.End: t.place.x1}[t.anchor]
		t.label.put(s, x, (t.place.y0+t.place.y1)/2, t.anchor)
	}
	s.Add(points...)
}
