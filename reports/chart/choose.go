package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"surveykit/reports/figure"
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
	// nets stand beside the bars of a stacked chart.
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
