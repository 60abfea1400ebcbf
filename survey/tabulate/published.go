package tabulate

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/tabulate/protect"
)

// publish remembers what a row counts until all tables are there, where the
// study hides small counts: a figure of one table can give away one of another.
func (t *tabling) publish(e entry, b banner, cells []*survey.Cell) {
	if t.Study.Quality.Confidential == 0 {
		return
	}
	row := protect.Row{Shows: e.shows, Division: protect.Division{Axes: e.x.block.axes, Count: e.count, Base: e.base}, MadeOf: e.madeOf,
		Frame: t.frame, Points: b.points, Where: b.where, Least: make([]int, len(b.points)), Cells: cells}
	for point := range row.Least {
		for _, answers := range [][]int{e.base, e.count, e.otherBase, e.otherCount} {
			if n := e.x.respondents(answers, point); n > 0 && (row.Least[point] == 0 || n < row.Least[point]) {
				row.Least[point] = n
			}
		}
	}
	for _, c := range b.columns[:len(cells)] {
		points := c.points(c.point)
		if e.shows == survey.AsRowPercent || e.shows == survey.AsIndex {
			points = append(points, everybody)
		}
		row.RestsOn = append(row.RestsOn, points)
	}
	t.rows = append(t.rows, row)
}

// places are the cells of a row.
func places(row []survey.Cell) []*survey.Cell {
	out := make([]*survey.Cell, len(row))
	for c := range row {
		out[c] = &row[c]
	}
	return out
}

// enter adds a finished table to those that are published.
func (t *tabling) enter(out *survey.Tabulation) {
	if len(t.rows) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.published = append(t.published, protect.Table{Tabulation: out, Rows: t.rows, Letters: t.lettered})
}

// protect hides the figures of all tables that would give somebody away.
func (m *making) protect(tables []*survey.Tabulation) error {
	slices.SortFunc(m.published, func(p, q protect.Table) int {
		return slices.Index(tables, p.Tabulation) - slices.Index(tables, q.Tabulation)
	})
	return protect.Hide(m.ctx, m.data(), m.Study.Quality.Confidential, m.published)
}
