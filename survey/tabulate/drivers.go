package tabulate

import (
	"cmp"
	"context"
	"strings"

	"surveykit/survey"
	"surveykit/survey/drivers"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"
	"surveykit/survey/quality"
	"surveykit/survey/segment"
)

// defaultOrders are drawn where there are too many drivers for all orders.
const defaultOrders = 2000

// drivers makes a table of what moves an outcome among the rows that the filter
// keeps: the analysis of package drivers, under the study's rules of what may be
// shown.
func (t *tabling) drivers(ctx context.Context, spec survey.DriversSpec) (*survey.Tabulation, survey.Problems) {
	s, err := estimate.New(t.Table, t.frame, estimate.Domain{Where: t.spec.Filter})
	if err != nil {
		return nil, asProblems(err)
	}
	s.Level = t.Level
	o := drivers.Options{
		Outcome: spec.Outcome, Drivers: segment.Expand(spec.Items, t.Study.Groups, t.Table), Family: spec.Family,
		Rank: drivers.Importance(spec.Importance), Top: spec.Top, Orders: cmp.Or(spec.Orders, defaultOrders), Seed: 1,
	}
	if spec.Seed != nil {
		o.Seed = uint64(*spec.Seed)
	}
	t.read(spec.Outcome)
	if e, err := expression.CompileValue(spec.Outcome, t.Table); err == nil {
		t.read(e.Variables()...)
	}
	for _, item := range o.Drivers {
		name, _, _ := strings.Cut(item, ":")
		t.read(name)
	}
	a, err := drivers.Analyse(ctx, s, o)
	if err != nil {
		return nil, asProblems(err)
	}
	if t.Study.Quality.Confidential > 0 {
		a.Reasons = nil // they count the people of a category
	}
	made := a.Tabulation()
	out := t.start(made.Title)
	out.Columns, out.Rows, out.Cells, out.Notes = made.Columns, made.Rows, made.Cells, append(made.Notes, out.Notes...)
	for r, row := range out.Rows {
		t.judge(&out.Cells[r][0].Estimate, row.Kind)
	}
	if problems := t.guard(out, spec.Top); len(problems) > 0 {
		return nil, problems
	}
	if out.Chart, err = drawn(t.spec.Chart, a); err != nil {
		return nil, asProblems(err)
	}
	return out, nil
}

// judge flags a figure by the study's standard. Parts of R² are no proportions
// of people, so that the house rules hold for them.
func (t *tabling) judge(e *survey.Estimate, kind survey.RowKind) {
	if e.Statistic == estimate.TopBox.Name && t.Study.Quality.Standard == standardNCHS {
		e.Flags = append(e.Flags, nchsShare(*e, t.Level)...)
		return
	}
	e.Flags = append(e.Flags, quality.House(e.N, t.Study.Quality.Rules())...)
}

// guard lets the drivers' performance be hidden with all other tables' figures
// of the same answers, where the study hides small counts.
func (t *tabling) guard(out *survey.Tabulation, top int) (problems survey.Problems) {
	if t.Study.Quality.Confidential == 0 {
		return nil
	}
	everybody, problems := t.bannerOf(survey.TableSpec{Filter: t.spec.Filter}, nil)
	for _, cell := range out.Cells {
		asked := survey.RowSpec{Mean: cell[0].Variable}
		switch cell[0].Statistic {
		case estimate.Mean.Name:
		case estimate.TopBox.Name:
			asked = survey.RowSpec{Variable: cell[0].Variable, Top: top}
		default:
			continue
		}
		blocks, ps := t.blocks(asked)
		problems = append(problems, ps...)
		if entries := t.stub(blocks, everybody); len(entries) > 0 {
			t.publish(entries[len(entries)-1], everybody, places(cell))
		}
	}
	return problems
}

// drawn is how the table is drawn where its chart does not say otherwise:
// importance against performance where performances compare, or importance alone;
// nil where it is not estimable.
func drawn(wish *survey.ChartSpec, a *drivers.Analysis) (*survey.Chart, error) {
	if a.Best == "" {
		return nil, nil
	}
	if wish == nil || wish.Kind != "" && wish.Kind != survey.ChartQuadrant {
		return a.Bars(), nil
	}
	plane, err := a.Plane()
	if err != nil && wish.Kind == "" {
		return a.Bars(), nil
	}
	return plane, err
}
