package tabulate

import (
	"fmt"
	"slices"

	"surveykit/survey"
)

// grid plans one table of a group: a row for each item, a column for each
// category of their scale, for everybody whom the filter keeps.
func (p *plan) grid(spec survey.GridSpec) {
	g := p.itemGroup(spec.Group)
	if g == nil {
		p.fail(p.at+".grid.group", survey.UnknownName("group", spec.Group, p.groupNames()))
		return
	}
	total, faults := p.bannerOf(survey.TableSpec{Filter: p.spec.Filter}, nil)
	p.within(faults)
	title := or(g.Label, g.Name)
	var rows []survey.Row
	var columns []survey.Column
	var items [][]block
	for _, item := range g.Items {
		made, problems := p.variable(survey.RowSpec{Variable: item, Nets: spec.Nets, Top: spec.Top, Bottom: spec.Bottom})
		if p.fail(p.at+".grid", problems...); len(problems) > 0 {
			continue
		}
		here := answerColumns(g.Name, title, made[0])
		if columns == nil {
			columns = here
		}
		if !slices.EqualFunc(here, columns, func(a, b survey.Column) bool { return a.Label == b.Label }) {
			p.fail(p.at+".grid.group", survey.Problem{Variable: item, Message: fmt.Sprintf("has a different scale from %s, and a grid has one scale", g.Items[0]), Remedy: "give its codes the same labels, or leave it out of the group"})
			continue
		}
		rows = append(rows, survey.Row{Battery: g.Name, Group: title, Label: made[0].title, Kind: survey.RowShare})
		items = append(items, made)
	}
	p.Exclusive = true
	p.outline(title, rows, columns, nil, func() *survey.Tabulation { return p.gridFigures(title, rows, columns, items, total) })
}

// gridFigures makes a grid of the items' blocks.
func (t *tabling) gridFigures(title string, rows []survey.Row, columns []survey.Column, items [][]block, total banner) *survey.Tabulation {
	out := t.start(title)
	out.Rows, out.Columns = rows, columns
	for _, made := range items {
		entries := t.stub(made, total)
		cells := make([]survey.Cell, len(entries))
		for k, e := range entries {
			cells[k] = e.cells[0]
			t.publish(e, total, []*survey.Cell{&cells[k]})
		}
		out.Cells = append(out.Cells, cells)
	}
	return t.finished(out)
}

func answerColumns(battery, group string, b block) []survey.Column {
	var out []survey.Column
	for _, l := range b.lines {
		out = append(out, survey.Column{Battery: battery, Group: group, Label: l.Label, Short: l.Short, Kind: l.Kind, Scale: l.Scale})
	}
	return out
}
