package chart

import (
	"slices"

	"surveykit/survey"
)

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

func pickCells(row []survey.Cell, columns []int) []survey.Cell {
	out := make([]survey.Cell, len(columns))
	for i, c := range columns {
		out[i] = row[c]
	}
	return out
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

// cross puts rows on the axis and makes columns the series.
func (p *picker) cross(g *grid, a asked) {
	t, columns := p.table, a.columns
	for _, r := range a.rows {
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
	if len(g.series) > mostSeries {
		g.list()
	}
}

// list puts the series of each place under each other.
func (g *grid) list() {
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
