package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// grid is what is drawn of a tabulation: places on the axis, the series at
// each place, and a cell for each pair.
type grid struct {
	*kind
	unit  survey.RowKind
	items []entry
	// series has one entry at least; a lone one may be nameless.
	series []entry
	cells  [][]survey.Cell // [item][series]
	// nets are beside the bars of a stacked chart.
	nets     []entry
	netCells [][]survey.Cell // [item][net]
	// places are the decimals of the figures shown.
	places int
	// millions is true where figures are in millions.
	millions bool
	// scale is the polarity of the answers that a stacked chart puts together.
	scale survey.Polarity
	// waves is true where the items are points in time.
	waves bool
	// units are those of a quadrant's two series.
	units [2]survey.RowKind
	// changes belong to the series of a slope; nil where no column holds them.
	changes []survey.Cell
}

// entry is a row or a column of the tabulation as the picture names it.
type entry struct {
	heading, label string
	strong         bool // a net, set in bold
}

// full names the entry where its heading is not above it.
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
	p := &picker{table: t}
	p.check(c.Kind)
	rows, columns := p.rows(c), p.columns(c.Columns)
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	name := c.Kind
	if name == "" {
		name = p.kindOf(c, rows, columns)
	}
	g := &grid{kind: kindNamed(name), unit: t.Rows[rows[0]].Kind}
	if g.shares && !figure.IsShare(g.unit) {
		p.fault(fmt.Sprintf("only shares can be drawn as a chart of the kind %s", name), "choose rows of shares, or the kind bars")
		return nil, p.problems
	}
	g.arrange(p, g, asked{c, rows, columns})
	if !g.parts {
		g.places = g.valuePlaces()
	}
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
	if kindNamed(kind) == nil && kind != "" {
		var names []string
		for _, k := range kinds {
			names = append(names, string(k.name))
		}
		p.fault(fmt.Sprintf("there is no kind of chart %q", kind), "choose "+strings.Join(names, ", "))
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

// rows are the chosen rows, or all that share the first one's unit; the two
// measures of a quadrant may have two units.
func (p *picker) rows(c survey.Chart) []int {
	t, labels := p.table, c.Rows
	chosen := p.pick("row", labels, candidates(t.Rows, func(r survey.Row) candidate { return candidate{r.Group, r.Label, r.Named} }))
	chosen = slices.DeleteFunc(chosen, func(i int) bool { return len(c.Groups) > 0 && !slices.Contains(c.Groups, t.Rows[i].Group) })
	if k := kindNamed(c.Kind); len(chosen) == 0 || k != nil && k.twoMeasures {
		return chosen
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
	chosen := p.pick("column", labels, candidates(t.Columns, func(c survey.Column) candidate { return candidate{c.Group, c.Label, c.Named} }))
	chosen = slices.DeleteFunc(chosen, func(i int) bool { return t.Columns[i].Change })
	if len(labels) == 0 && len(chosen) > 1 && chosen[0] == 0 && t.Columns[0].Group == "" {
		chosen = chosen[1:] // the total column stands first, outside all groups
	}
	if len(chosen) == 0 && len(t.Columns) > 0 && len(p.problems) == 0 {
		p.fault("only columns of changes are left, and these are not drawn", "choose the columns that they compare")
	}
	return chosen
}

// candidate is a row or a column of the table that can be picked.
type candidate struct {
	group, label string
	named        func(string) bool
}

func candidates[T any](all []T, of func(T) candidate) []candidate {
	out := make([]candidate, len(all))
	for i, x := range all {
		out[i] = of(x)
	}
	return out
}

// pick finds the indices of the candidates that are named: groups in the table's
// order, names in the asked order within each; all indices where nothing is asked
// for.
func (p *picker) pick(what string, names []string, from []candidate) []int {
	var chosen []int
	var labels, groups []string
	asked := make([]int, len(from)) // the first name that means the candidate
	for i, x := range from {
		labels = append(labels, x.label)
		if !slices.Contains(groups, x.group) {
			groups = append(groups, x.group)
		}
		if asked[i] = slices.IndexFunc(names, x.named); asked[i] >= 0 || len(names) == 0 {
			chosen = append(chosen, i)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(from, func(x candidate) bool { return x.named(name) }) {
			u := survey.UnknownName(what, name, labels)
			p.fault(u.Message, u.Remedy)
		}
	}
	if len(names) == 0 {
		return chosen
	}
	slices.SortStableFunc(chosen, func(a, b int) int {
		return cmp.Or(cmp.Compare(slices.Index(groups, from[a].group), slices.Index(groups, from[b].group)), cmp.Compare(asked[a], asked[b]))
	})
	return chosen
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

const (
	// mostMarks is how many figures one picture holds.
	mostMarks = 400
	// mostNets is how many nets go beside stacked bars.
	mostNets = 3
	// largest is the magnitude up to which figures have an axis.
	largest = 1e15
	// overfull is by how much the parts of a bar may exceed one: rounding of
	// figures that were read from elsewhere.
	overfull = 0.005
)

// limits finds what cannot be drawn as asked.
func (p *picker) limits(g *grid) {
	if len(g.nets) > mostNets {
		p.fault(fmt.Sprintf("it has %d nets, and there is room for %d beside the bars", len(g.nets), mostNets), "choose some of them with rows")
	}
	if g.check != nil {
		g.check(p, g)
	}
	for i, item := range g.items {
		for _, c := range g.cells[i] {
			if shown(c) && math.Abs(c.Value.Float()) > largest {
				p.fault(fmt.Sprintf("the figure %g of %q is too large to draw", c.Value.Float(), item.full()), "look at the data behind it")
			}
		}
		if g.parts {
			if total := sum(g.cells[i]); total > 1+overfull {
				p.fault(fmt.Sprintf("the parts of %q add up to %s", item.full(), figure.Percent(total, 0)),
					"choose rows that exclude each other, or the kind bars")
			}
		}
	}
}

// sum adds up the figures that are shown.
func sum(cells []survey.Cell) float64 {
	total := 0.0
	for _, c := range cells {
		if shown(c) {
			total += c.Value.Float()
		}
	}
	return total
}

// shown reports whether the cell has a figure that may be shown.
func shown(c survey.Cell) bool {
	return c.Value.Exists() && !c.Hidden()
}

// hasInterval reports whether both limits exist.
func hasInterval(c survey.Cell) bool { return c.Low.Exists() && c.High.Exists() }

func lowBase(c survey.Cell) bool { return slices.Contains(c.Flags, survey.FlagLowBase) }

// whyNot says in words why a cell has no figure.
func whyNot(c survey.Cell) string {
	switch m, _ := wording.InPlace(c); m {
	case wording.Confidential:
		return "hidden for confidentiality"
	case wording.Unreliable:
		return "too uncertain"
	case wording.Suppressed:
		return "base too small"
	case wording.Nobody:
		return "no answers"
	}
	return "no figure"
}

// anyCell reports whether any cell of the picture is so.
func (g *grid) anyCell(is func(survey.Cell) bool) bool {
	return slices.ContainsFunc(g.cells, func(row []survey.Cell) bool { return slices.ContainsFunc(row, is) })
}
