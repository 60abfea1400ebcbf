package chart

import (
	"fmt"
	"math"
	"slices"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// grid is what is drawn of a tabulation: places on the axis, the series at
// each place, and a cell for each pair.
type grid struct {
	chart survey.ChartKind
	unit  survey.RowKind
	items []entry
	// series has one entry at least; a lone one may be nameless.
	series []entry
	cells  [][]survey.Cell // [item][series]
	// nets stand beside the bars of a stacked chart.
	nets     []entry
	netCells [][]survey.Cell // [item][net]
	// places are the decimals of the figures shown.
	places int
	// changes belong to the series of a slope; nil where no column holds them.
	changes []survey.Cell
}

// entry is a row or a column of the tabulation as the picture names it.
type entry struct {
	heading, label string
	strong         bool // a net, set in bold
}

// full names the entry where its heading does not stand above it.
func (e entry) full() string {
	if e.heading == "" || e.label == "" {
		return e.heading + e.label
	}
	return e.heading + ": " + e.label
}

// choose picks what is drawn; the problems say why it cannot be.
func choose(t *survey.Tabulation) (*grid, survey.Problems) {
	c := survey.Chart{}
	if t.Chart != nil {
		c = *t.Chart
	}
	if c.Kind == "" {
		c.Kind = survey.ChartDots
	}
	p := picker{table: t}
	p.check(c.Kind)
	rows, columns := p.rows(c.Rows), p.columns(c.Columns)
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	g := p.arrange(c, rows, columns)
	p.limits(g)
	return g, p.problems
}

// picker collects the problems of one tabulation's chart.
type picker struct {
	table    *survey.Tabulation
	problems survey.Problems
}

func (p *picker) fault(message, remedy string) {
	p.problems = append(p.problems, survey.Problem{
		Message: fmt.Sprintf("the chart of table %q: %s", p.table.ID, message), Remedy: remedy})
}

// check holds the tabulation to its shape, which everything after relies on.
func (p *picker) check(kind survey.ChartKind) {
	kinds := []survey.ChartKind{survey.ChartDots, survey.ChartBars, survey.ChartStacked, survey.ChartSlope}
	if !slices.Contains(kinds, kind) {
		p.fault(fmt.Sprintf("there is no kind of chart %q", kind), "choose dots, bars, stacked or slope")
	}
	t := p.table
	if len(t.Rows) == 0 || len(t.Columns) == 0 {
		p.fault("the table is empty", "ask for at least one row")
	}
	whole := len(t.Cells) == len(t.Rows)
	for _, row := range t.Cells {
		whole = whole && len(row) == len(t.Columns)
	}
	if !whole {
		p.fault("the table's cells do not fit its rows and columns", "report this as a fault of the program")
	}
}

// rows are the chosen rows, or all that share the first one's unit.
func (p *picker) rows(labels []string) []int {
	t := p.table
	chosen := p.pick("row", labels, len(t.Rows), func(i int) (string, string) { return t.Rows[i].Group, t.Rows[i].Label })
	if len(chosen) == 0 {
		return nil
	}
	unit := t.Rows[chosen[0]].Kind
	other := func(i int) bool { return !sameUnit(unit, t.Rows[i].Kind) }
	if len(labels) > 0 && slices.ContainsFunc(chosen, other) {
		p.fault("the chosen rows have different units", "choose rows of one kind: shares, means, ratios or totals")
	}
	return slices.DeleteFunc(chosen, other)
}

func sameUnit(a, b survey.RowKind) bool { return a == b || figure.IsShare(a) && figure.IsShare(b) }

// columns are the chosen columns, or all but the total; never a change.
func (p *picker) columns(labels []string) []int {
	t := p.table
	chosen := p.pick("column", labels, len(t.Columns), func(i int) (string, string) { return t.Columns[i].Group, t.Columns[i].Label })
	chosen = slices.DeleteFunc(chosen, func(i int) bool { return t.Columns[i].Change })
	if len(labels) == 0 && len(chosen) > 1 && chosen[0] == 0 && t.Columns[0].Group == "" {
		chosen = chosen[1:] // the total column stands first, outside all groups
	}
	if len(chosen) == 0 && len(t.Columns) > 0 && len(p.problems) == 0 {
		p.fault("only columns of changes are left, and these are not drawn", "choose the columns that they compare")
	}
	return chosen
}

// pick finds the labels' indices: groups in the table's order, labels in the
// asked order within each; all indices where no label is asked for.
func (p *picker) pick(what string, labels []string, n int, name func(int) (group, label string)) []int {
	var all, chosen []int
	var names, groups []string
	for i := range n {
		group, label := name(i)
		all, names = append(all, i), append(names, label)
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
	}
	if len(labels) == 0 {
		return all
	}
	for _, l := range labels {
		if !slices.Contains(names, l) {
			u := survey.UnknownName(what, l, names)
			p.fault(u.Message, u.Remedy)
		}
	}
	for _, i := range all {
		if slices.Contains(labels, names[i]) {
			chosen = append(chosen, i)
		}
	}
	slices.SortStableFunc(chosen, func(a, b int) int {
		ga, _ := name(a)
		gb, _ := name(b)
		if d := slices.Index(groups, ga) - slices.Index(groups, gb); d != 0 {
			return d
		}
		return slices.Index(labels, names[a]) - slices.Index(labels, names[b])
	})
	return chosen
}

// arrange makes the grid of a kind of chart.
func (p *picker) arrange(c survey.Chart, rows, columns []int) *grid {
	g := &grid{chart: c.Kind, unit: p.table.Rows[rows[0]].Kind}
	switch {
	case c.Kind == survey.ChartStacked:
		p.stack(g, rows, columns)
	case c.Kind == survey.ChartSlope:
		p.slope(g, rows, columns)
	default:
		p.cross(g, rows, columns)
		if c.SeriesByRow {
			g.turn()
		}
		g.simplify()
	}
	if g.chart != survey.ChartStacked {
		g.places = g.valuePlaces()
	}
	return g
}

// cross puts rows on the axis and makes columns the series.
func (p *picker) cross(g *grid, rows, columns []int) {
	t := p.table
	for _, r := range rows {
		g.items = append(g.items, entry{t.Rows[r].Group, t.Rows[r].Label, t.Rows[r].Kind == survey.RowNet})
		cells := make([]survey.Cell, len(columns))
		for k, c := range columns {
			cells[k] = t.Cells[r][c]
		}
		g.cells = append(g.cells, cells)
	}
	for _, c := range columns {
		g.series = append(g.series, entry{t.Columns[c].Group, t.Columns[c].Label, false})
	}
	if len(columns) == 1 && columns[0] == 0 && t.Columns[0].Group == "" {
		g.series[0] = entry{} // everybody: the base says so
	}
	g.items, g.series = plain(g.items), plain(g.series)
}

// plain drops what all entries share: a heading, or standing out in bold.
func plain(entries []entry) []entry {
	heading, strong := false, false
	for _, e := range entries {
		heading = heading || e.heading != entries[0].heading
		strong = strong || !e.strong
	}
	for i := range entries {
		if !heading {
			entries[i].heading = ""
		}
		entries[i].strong = entries[i].strong && strong
	}
	return entries
}

// turn swaps axis and series.
func (g *grid) turn() {
	cells := make([][]survey.Cell, len(g.series))
	for k := range g.series {
		for i := range g.items {
			cells[k] = append(cells[k], g.cells[i][k])
		}
	}
	g.items, g.series, g.cells = g.series, g.items, cells
}

// simplify spares the reader a legend: a lone place on the axis becomes the
// one series, and series too many for colours are listed under each place.
func (g *grid) simplify() {
	if len(g.items) == 1 && len(g.series) > 1 {
		g.turn()
	}
	if len(g.series) <= mostSeries {
		return
	}
	var items []entry
	var cells [][]survey.Cell
	for i, item := range g.items {
		for k, s := range g.series {
			items = append(items, entry{item.full(), s.full(), item.strong})
			cells = append(cells, g.cells[i][k:k+1])
		}
	}
	g.items, g.series, g.cells = items, []entry{{}}, cells
}

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

// stack makes a bar of every column in every group of rows.
func (p *picker) stack(g *grid, rows, columns []int) {
	t := p.table
	if !figure.IsShare(g.unit) {
		p.fault("only shares can be stacked", "choose rows of shares, or the kind bars")
		return
	}
	groups := p.groups(rows)
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
