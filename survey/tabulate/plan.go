package tabulate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/near"
	"surveykit/survey/tabulate/letters"
)

// Plan is a table without its figures: its rows and columns are laid out, and
// everything that its request names is found. What a plan has no fault for, its
// figures cannot fail on.
type Plan struct {
	// Outline is the table with blank cells; nil where rows or columns have a fault.
	Outline *survey.Tabulation
	// Faults are at paths in the study.
	Faults []survey.Fault
	// Exclusive is true where nobody counts in two parts of one bar, so that the
	// parts of a stacked chart cannot add up to more than 100%.
	Exclusive bool

	// Figures makes the table.
	Figures func() *survey.Tabulation
}

// Check plans every table of the study. faulty reports whether a value of the
// study is known to have a fault, at a path or below it: nothing that would only
// follow from it is a fault of the plan. A nil faulty knows of none.
func (m *Maker) Check(ctx context.Context, faulty func(path string) bool) ([]*Plan, error) {
	plans, all := make([]*Plan, len(m.Study.Tables)), &making{Maker: m, ctx: ctx}
	err := parallel.Each(ctx, len(plans), func(k int) {
		plans[k] = all.plan(k, faulty).Plan
		plans[k].Faults = append(plans[k].Faults, m.unmade(m.Study.Tables[k].Weight, faulty)...)
	})
	return plans, cmp.Or(err, all.failure)
}

// unmade are faults of weights and models that the study asks for and that a
// table of this weight would be made without.
func (m *Maker) unmade(weight string, faulty func(path string) bool) (faults []survey.Fault) {
	missing := func(path, name, what string) {
		if faulty == nil || !faulty(path) {
			faults = append(faults, survey.Fault{Path: path, Problem: survey.NotMade(name, what)})
		}
	}
	if weight == "" && m.Study.Weighting != nil && !m.Frame.Made {
		missing("$.weighting", m.Study.Design.Weight, "the weights of the study's weighting spec")
	}
	if k := slices.IndexFunc(m.Study.Weights, func(w survey.FurtherWeight) bool { return w.Name == weight }); weight != "" && k >= 0 {
		if f := m.Frames[weight]; f == nil || m.Study.Weights[k].Weighting != "" && !f.Made {
			missing(fmt.Sprintf("$.weights[%d]", k), weight, "the study's further weights")
		}
	}
	for k, model := range m.Study.Models {
		if v := m.Table.Lookup(model.Makes()); v == nil || v.Unmade {
			missing(m.Study.ModelPath(k), model.Makes(), "these "+model.Key())
		}
	}
	return faults
}

// plan is a table that is laid out.
type plan struct {
	*tabling
	*Plan
	// k is the table's place in the study, at its path.
	k      int
	at     string
	faulty func(path string) bool
}

func (m *making) plan(k int, faulty func(path string) bool) *plan {
	if faulty == nil {
		faulty = func(string) bool { return false }
	}
	p := &plan{tabling: &tabling{making: m}, Plan: &Plan{}, k: k, at: fmt.Sprintf("$.tables[%d]", k), faulty: faulty}
	expanded := m.Study.Tables[k]
	if kind := expanded.Kind; kind != nil {
		var problem *survey.Problem
		if expanded, problem = kind.Expand(expanded, m.Table); problem != nil {
			if problem.Value = kind.Name; !faulty(p.at+".rows") && !faulty(p.at+".columns") {
				p.fail(p.at+".kind", *problem)
			}
			return p
		}
	}
	p.options, _ = estimate.Designed(m.Study.Design) // prepare.CheckTables and All find names that there are not
	p.options.Engine, p.options.Context = m.Answering(), m.ctx
	p.spec, p.tested = expanded, letters.Asked(expanded.Tests, m.Study.Tests)
	var problems survey.Problems
	if p.frame, problems = m.frame(expanded.Weight); len(problems) > 0 {
		p.fail(p.at+".weight", problems...)
		p.frame = m.Frame
	}
	p.where, problems = p.filter(expanded.Filter)
	p.fail(p.at+".filter", problems...)
	switch {
	case expanded.Grid != nil:
		p.grid(*expanded.Grid)
	case expanded.Cohorts != nil:
		p.cohorts(*expanded.Cohorts)
	case expanded.Analysis != nil:
		p.analysis(expanded.Analysis)
	default:
		p.crossed()
	}
	return p
}

// fail notes the problems of a value of the study.
func (p *plan) fail(path string, problems ...survey.Problem) {
	if p.faulty(path) {
		return // it may only follow from what is known
	}
	p.Faults = append(p.Faults, faultsAt(path, problems)...)
}

func faultsAt(path string, problems survey.Problems) []survey.Fault {
	var out []survey.Fault
	for _, problem := range problems {
		out = append(out, survey.Fault{Path: path, Problem: problem})
	}
	return out
}

// sound reports whether values of the table have no fault so far.
func (p *plan) sound(keys ...string) bool {
	for _, key := range keys {
		path := p.at + key
		within := func(f survey.Fault) bool { return len(f.Path) >= len(path) && f.Path[:len(path)] == path }
		if p.faulty(path) || slices.ContainsFunc(p.Faults, within) {
			return false
		}
	}
	return true
}

// own is the path of a value that the table gives itself, or else the study.
func (p *plan) own(key string, given bool) string {
	if given {
		return p.at + key
	}
	return "$" + key
}

// outline lays out the rows and columns of the table and finds what its chart
// names; rows or columns with a fault are unknown. figures makes the table.
func (p *plan) outline(title string, rows []survey.Row, columns []survey.Column, own *survey.Chart, figures func() *survey.Tabulation) {
	out := p.blank(title)
	out.Rows, out.Columns, out.Chart = rows, columns, own
	p.checkTexts(rows, columns)
	if !p.sound("") {
		return
	}
	for range rows {
		cells := make([]survey.Cell, len(columns))
		for c := range cells {
			cells[c].Estimate = estimate.Blank(p.options.Level)
		}
		out.Cells = append(out.Cells, cells)
	}
	out.Chart = chart(p.spec.Chart, out)
	p.Outline, p.Figures = out, figures
}

// checkTexts finds the rows and columns that the chart names, and the
// placeholders of texts that meet none.
func (p *plan) checkTexts(rows []survey.Row, columns []survey.Column) {
	for i, note := range p.spec.Notes {
		p.checkPlaceholders(fmt.Sprintf("%s.notes[%d]", p.at, i), note, rows, columns)
	}
	c := p.spec.Chart
	if c == nil {
		return
	}
	for i, name := range c.Rows {
		_, problems := p.row("chart row", name, rows)
		p.fail(fmt.Sprintf("%s.chart.rows[%d]", p.at, i), problems...)
	}
	for i, name := range c.Columns {
		_, problems := p.column("chart column", name, columns)
		p.fail(fmt.Sprintf("%s.chart.columns[%d]", p.at, i), problems...)
	}
	p.checkPlaceholders(p.at+".chart.title", c.Title, rows, columns)
	p.checkPlaceholders(p.at+".chart.subtitle", c.Subtitle, rows, columns)
}

// checkPlaceholders finds placeholders that meet no row or no column, and names
// of either that are in braces alone.
func (p *plan) checkPlaceholders(path, text string, rows []survey.Row, columns []survey.Column) {
	for _, x := range survey.Placeholders(text) {
		var problems survey.Problems
		if x.Column == "" {
			problems = alone(x, rows, columns)
		} else {
			_, noRow := p.row("row", x.Row, rows)
			_, noColumn := p.column("column", x.Column, columns)
			problems = append(noRow, noColumn...)
		}
		for _, problem := range problems {
			problem.Value = x.Text
			p.Faults = append(p.Faults, survey.Fault{Path: path, Problem: problem, Within: x.Text})
		}
	}
}

// alone is the problem of a row's or a column's name in braces without the other.
func alone(x survey.Placeholder, rows []survey.Row, columns []survey.Column) survey.Problems {
	row, column := near.Names(x.Row, labelsOf(rows), 1), near.Names(x.Row, headsOf(columns), 1)
	switch {
	case len(row) > 0:
		example := "column"
		if len(columns) > 0 {
			example = columns[0].Label
		}
		return survey.Problems{{Message: "a figure needs a row and a column, and this has no column", Remedy: fmt.Sprintf("write {%s|%s}", row[0], example)}}
	case len(column) > 0 && len(rows) > 0:
		return survey.Problems{{Message: "a figure needs a row and a column, and this has no row", Remedy: fmt.Sprintf("write {%s|%s}", rows[0].Label, column[0])}}
	}
	return nil
}

// column finds the column that a name means, -1 where there is none; what says
// what it is for, others are words that can take its place. That there is
// none is no problem where columns are unknown.
func (p *plan) column(what, name string, columns []survey.Column, others ...string) (int, survey.Problems) {
	k := slices.IndexFunc(columns, func(c survey.Column) bool { return c.Named(name) })
	if k >= 0 || !p.sound(".columns", ".changes", ".trends", ".total", ".grid", ".cohorts", ".kind") {
		return k, nil
	}
	return k, survey.Problems{unknownOf(what, name, append(others, headsOf(columns)...))}
}

// row finds the row that a name means, as column does.
func (p *plan) row(what, name string, rows []survey.Row) (int, survey.Problems) {
	k := slices.IndexFunc(rows, func(r survey.Row) bool { return r.Named(name) })
	if k >= 0 || !p.sound(".rows", ".grid", ".cohorts", ".kind") {
		return k, nil
	}
	return k, survey.Problems{unknownOf(what, name, labelsOf(rows))}
}

// unknownOf is the problem of a name that a table's rows or columns do not have:
// where none is near it shows what they are.
func unknownOf(what, name string, labels []string) survey.Problem {
	const shown = 8
	p := survey.UnknownName(what, name, labels)
	if p.Remedy == "" && len(labels) > shown {
		p.Remedy = fmt.Sprintf("the table has %s and %d more", strings.Join(labels[:shown], ", "), len(labels)-shown)
	} else if p.Remedy == "" && len(labels) > 0 {
		p.Remedy = "the table has " + strings.Join(labels, ", ")
	}
	return p
}

func labelsOf(rows []survey.Row) []string {
	labels := make([]string, len(rows))
	for i, r := range rows {
		labels[i] = r.Label
	}
	return labels
}

func headsOf(columns []survey.Column) []string {
	labels := make([]string, len(columns))
	for i, c := range columns {
		labels[i] = c.Label
	}
	return labels
}

// inCell narrows a point to one cell of an axis.
func inCell(p engine.Point, a engine.Axis, cell int) engine.Point {
	return p.And(engine.Condition{Axis: a, Cell: cell})
}

// domain is the axis of the rows of a point that the filter keeps and, where less is
// given, that are not in that point.
func (b banner) domain(point int, less engine.Point) engine.Axis {
	return engine.Listed{Axes: []engine.Axis{engine.Inside{Point: b.points[point], Not: less, Among: b.points}}, Of: [][]int32{{0}}, Where: b.where}
}

// filter is the domain of a whole table; nil means everybody.
func (m *making) filter(source string) ([]engine.Condition, survey.Problems) {
	if source == "" {
		return nil, nil
	}
	if _, problems := m.compile(source); len(problems) > 0 {
		return nil, problems
	}
	return []engine.Condition{{Axis: engine.Truth{Source: source}, Cell: 1}}, nil
}
