package chart

import (
	"fmt"
	"math"
	"slices"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// slope makes the two columns the places and every row a line.
func (p *picker) slope(g *grid, rows, columns []int) {
	p.cross(g, rows, columns)
	g.turn()
	if len(columns) != 2 {
		p.fault(fmt.Sprintf("a slope needs two columns, and there are %d", len(columns)), "choose two with columns")
		return
	}
	for c, column := range p.table.Columns {
		if column.Change && p.compares(c, rows, columns) {
			for _, r := range rows {
				g.changes = append(g.changes, p.table.Cells[r][c])
			}
			return
		}
	}
}

// line makes the columns the places and every row a line.
func (p *picker) line(g *grid, rows, columns []int) {
	p.cross(g, rows, columns)
	g.turn()
	g.waves = true
	if len(columns) < 2 {
		p.fault("a line needs two columns at least, and there is one", "choose more with columns, or the kind dots")
	}
}

// multiples makes a panel of each series: of rows where the columns are
// waves, else of columns.
func (p *picker) multiples(g *grid, c survey.Chart, rows, columns []int) {
	p.cross(g, rows, columns)
	g.waves = p.waves(columns) && len(columns) > 1
	if g.waves || c.SeriesByRow {
		g.turn()
	}
}

// reach makes the rows the steps of one column.
func (p *picker) reach(g *grid, rows, columns []int) {
	p.cross(g, rows, columns)
	if len(columns) != 1 {
		p.fault(fmt.Sprintf("a reach curve needs one column, and there are %d", len(columns)), "choose one with columns")
		return
	}
	last := math.Inf(-1)
	for i, item := range g.items {
		c := g.cells[i][0]
		if shown(c) && float64(c.Value) < last {
			p.fault(fmt.Sprintf("reach falls at %q, and it is cumulative", item.full()), "order the rows by their reach, each with those before it, or choose the kind bars")
		}
		if shown(c) {
			last = float64(c.Value)
		}
	}
}

// quadrant makes the rows points; the measures are two columns, or two groups
// of the rows in one column.
func (p *picker) quadrant(g *grid, rows, columns []int) {
	t := p.table
	if groups := p.groups(rows); len(columns) == 1 && len(groups) == 2 {
		p.pair(g, groups, columns[0])
		return
	}
	if len(columns) != 2 {
		p.fault(fmt.Sprintf("a quadrant chart needs two measures: %d columns are none", len(columns)), "choose two columns, or one column and rows in two groups")
		return
	}
	p.cross(g, rows, columns)
	g.units = [2]survey.RowKind{g.unit, g.unit}
	if slices.ContainsFunc(rows, func(r int) bool { return !sameUnit(g.unit, t.Rows[r].Kind) }) {
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
	if g.chart != survey.ChartQuadrant {
		return g
	}
	m := &grid{chart: g.chart, unit: g.units[series], items: g.items, series: g.series[series : series+1]}
	for _, row := range g.cells {
		m.cells = append(m.cells, row[series:series+1])
	}
	m.places = m.valuePlaces()
	return m
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
		if math.Abs(float64(to-from-d)) > tolerance*max(1, math.Abs(float64(d))) {
			return false
		}
		found = true
	}
	return found
}

// battery reports whether the columns are the answers of a scale that the rows
// share, so that every row is a bar of its own.
func (p *picker) battery(columns []int) bool {
	return !slices.ContainsFunc(columns, func(c int) bool { return p.table.Columns[c].Kind == "" })
}

// answers parts the columns of a battery into answers and nets.
func (p *picker) answers(columns []int) (parts, nets []int) {
	for _, c := range columns {
		if p.table.Columns[c].Kind == survey.RowNet {
			nets = append(nets, c)
		} else {
			parts = append(parts, c)
		}
	}
	return parts, nets
}

// stackRows makes a bar of every row of a battery.
func (p *picker) stackRows(g *grid, rows, columns []int) {
	t := p.table
	parts, nets := p.answers(columns)
	if len(parts) > 0 {
		g.scale = p.turned(g.chart, t.Columns[parts[0]].Scale, parts)
	}
	for _, r := range rows {
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

func pickCells(row []survey.Cell, columns []int) []survey.Cell {
	out := make([]survey.Cell, len(columns))
	for i, c := range columns {
		out[i] = row[c]
	}
	return out
}

// stack makes a bar of every column in every group of rows, or of every row of a
// battery.
func (p *picker) stack(g *grid, rows, columns []int) {
	t := p.table
	if p.battery(columns) {
		p.stackRows(g, rows, columns)
		return
	}
	if !figure.IsShare(g.unit) {
		p.fault("only shares can be stacked", "choose rows of shares, or the kind bars")
		return
	}
	groups := p.groups(rows)
	g.scale = p.polarity(g.chart, groups)
	for _, group := range groups {
		if !slices.Equal(labels(t, group.parts), labels(t, groups[0].parts)) || !slices.Equal(labels(t, group.nets), labels(t, groups[0].nets)) {
			p.fault(fmt.Sprintf("the rows of %q are not those of %q", group.name, groups[0].name), "choose rows that every group has")
			return
		}
		for _, c := range columns {
			g.items = append(g.items, bar(group.name, t.Columns[c], len(groups), len(columns)))
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

// polarity is that of the parts. A diverging chart has its negative side on
// the left, so that a falling scale is turned around.
func (p *picker) polarity(chart survey.ChartKind, groups []rowGroup) survey.Polarity {
	scale := survey.Unordered
	if parts := groups[0].parts; len(parts) > 0 {
		scale = p.table.Rows[parts[0]].Scale
	}
	parts := make([][]int, len(groups))
	for i, g := range groups {
		parts[i] = g.parts
	}
	return p.turned(chart, scale, parts...)
}

// turned is the polarity with which parts of a scale are drawn, which it turns
// around where a diverging chart needs that.
func (p *picker) turned(chart survey.ChartKind, scale survey.Polarity, parts ...[]int) survey.Polarity {
	if chart != survey.ChartDiverging {
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

// rowGroup is one question of a table: its parts and its nets, as row indices.
type rowGroup struct {
	name        string
	parts, nets []int
}

// all are the group's rows in the table's order.
func (g rowGroup) all() []int {
	rows := slices.Concat(g.parts, g.nets)
	slices.Sort(rows)
	return rows
}

func (p *picker) groups(rows []int) []rowGroup {
	var groups []rowGroup
	for _, r := range rows {
		row := p.table.Rows[r]
		i := slices.IndexFunc(groups, func(g rowGroup) bool { return g.name == row.Group })
		if i < 0 {
			i, groups = len(groups), append(groups, rowGroup{name: row.Group})
		}
		if row.Kind == survey.RowNet {
			groups[i].nets = append(groups[i].nets, r)
		} else {
			groups[i].parts = append(groups[i].parts, r)
		}
	}
	return groups
}

func labels(t *survey.Tabulation, rows []int) []string {
	var names []string
	for _, r := range rows {
		names = append(names, t.Rows[r].Label)
	}
	return names
}

func column(t *survey.Tabulation, rows []int, c int) []survey.Cell {
	var cells []survey.Cell
	for _, r := range rows {
		cells = append(cells, t.Cells[r][c])
	}
	return cells
}
