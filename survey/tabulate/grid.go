package tabulate

import (
	"fmt"
	"slices"

	"surveykit/survey"
)

// grid makes one table of a group: a row for each item, a column for each
// category of their scale, for everybody whom the filter keeps.
func (t *tabling) grid(spec survey.GridSpec) (*survey.Tabulation, survey.Problems) {
	g := t.itemGroup(spec.Group)
	if g == nil {
		return nil, survey.Problems{survey.UnknownName("group", spec.Group, t.groupNames())}
	}
	total, problems := t.bannerOf(survey.TableSpec{Filter: t.spec.Filter}, nil)
	title := or(g.Label, g.Name)
	out := t.start(title)
	for _, item := range g.Items {
		made, ps := t.variable(survey.RowSpec{Variable: item, Nets: spec.Nets, Top: spec.Top, Bottom: spec.Bottom})
		if problems = append(problems, ps...); len(problems) > 0 {
			continue
		}
		columns := answerColumns(g.Name, title, made[0])
		if out.Columns == nil {
			out.Columns = columns
		}
		if !slices.Equal(columns, out.Columns) {
			problems = append(problems, survey.Problem{Variable: item, Message: fmt.Sprintf("has another scale than %s, and a grid has one", g.Items[0]), Remedy: "give its codes the same labels, or leave it out of the group"})
			continue
		}
		out.Rows = append(out.Rows, survey.Row{Battery: g.Name, Group: title, Label: made[0].title, Kind: survey.RowShare})
		entries := t.stub(made, total)
		cells := make([]survey.Cell, len(entries))
		for k, e := range entries {
			cells[k] = e.cells[0]
			t.publish(e, total, []*survey.Cell{&cells[k]})
		}
		out.Cells = append(out.Cells, cells)
	}
	return out, problems
}

func answerColumns(battery, group string, b block) []survey.Column {
	var out []survey.Column
	for _, l := range b.lines {
		out = append(out, survey.Column{Battery: battery, Group: group, Label: l.Label})
	}
	return out
}
