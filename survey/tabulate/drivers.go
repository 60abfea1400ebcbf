package tabulate

import (
	"cmp"
	"context"
	"strings"

	"surveykit/survey"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"
	"surveykit/survey/quality"
)

// defaultOrders are drawn where there are too many drivers for all orders.
const defaultOrders = 2000

// drivers plans a table of what moves an outcome among the rows that the filter
// keeps: the analysis of package drivers, under the study's rules of what may be
// shown. Only the analysis itself shows whether there can be one.
func (p *plan) drivers(ctx context.Context, spec survey.DriversSpec) {
	if !p.sound(".drivers", ".filter", ".weight") {
		return
	}
	p.read(spec.Outcome)
	if e, err := expression.CompileValue(spec.Outcome, p.Table); err == nil {
		p.read(e.Variables()...)
	}
	for _, item := range segment.Expand(spec.Items, p.Study.Groups, p.Table) {
		name, _, _ := strings.Cut(item, ":")
		p.read(name)
	}
	a, err := p.analysis(p.spec.ID, func() (*drivers.Analysis, error) { return p.analyse(ctx, spec) })
	if err != nil {
		p.fail(p.at+".drivers", asProblems(err)...)
		return
	}
	made := a.Tabulation()
	guarded, problems := p.performances(made, spec.Top)
	p.fail(p.at+".drivers.top", problems...)
	own, err := drawn(p.spec.Chart, a)
	if err != nil {
		p.fail(p.at+".chart.kind", asProblems(err)...)
	}
	everybody, faults := p.bannerOf(survey.TableSpec{Filter: p.spec.Filter}, nil)
	p.within(faults)
	p.Exclusive = true
	p.outline(made.Title, made.Rows, made.Columns, own, func() *survey.Tabulation { return p.driverFigures(a, own, guarded, everybody) })
}

func (t *tabling) analyse(ctx context.Context, spec survey.DriversSpec) (*drivers.Analysis, error) {
	s, err := estimate.New(t.Table, t.frame, estimate.Options{Where: t.spec.Filter, Level: t.Level})
	if err != nil {
		return nil, err
	}
	o := drivers.Options{
		Outcome: spec.Outcome, Drivers: segment.Expand(spec.Items, t.Study.Groups, t.Table), Family: spec.Family,
		Rank: drivers.Importance(spec.Importance), Top: spec.Top, Orders: cmp.Or(spec.Orders, defaultOrders), Seed: 1,
	}
	if spec.Seed != nil {
		o.Seed = uint64(*spec.Seed)
	}
	a, err := drivers.Analyse(ctx, s, o)
	if err == nil && t.Study.Quality.Confidential > 0 {
		a.Reasons = nil // they count the people of a category
	}
	return a, err
}

// driverFigures makes a table of an analysis.
func (t *tabling) driverFigures(a *drivers.Analysis, own *survey.Chart, guarded map[int][]block, everybody banner) *survey.Tabulation {
	made := a.Tabulation()
	out := t.start(made.Title)
	out.Columns, out.Rows, out.Cells, out.Notes, out.Chart = made.Columns, made.Rows, made.Cells, append(made.Notes, out.Notes...), own
	for r, row := range out.Rows {
		t.judge(&out.Cells[r][0].Estimate, row.Kind)
		if entries := t.stub(guarded[r], everybody); len(entries) > 0 {
			t.publish(entries[len(entries)-1], everybody, places(out.Cells[r]))
		}
	}
	return t.finished(out)
}

// judge flags a figure by the study's standard. Parts of R² are no proportions
// of people, so that the house rules hold for them.
func (t *tabling) judge(e *survey.Estimate, kind survey.RowKind) {
	if e.Statistic == estimate.TopBox.Name && t.Study.Quality.Standard == standardNCHS {
		e.Flags = append(e.Flags, nchsShare(*e, t.Level)...)
		return
	}
	e.Flags = append(e.Flags, quality.House(e.N, t.Study.Quality.Limits())...)
}

// performances are the blocks of answers that the drivers' performance rests on,
// by row: it is hidden with all other tables' figures of the same answers, where
// the study hides small counts.
func (t *tabling) performances(made *survey.Tabulation, top int) (map[int][]block, survey.Problems) {
	out := map[int][]block{}
	var problems survey.Problems
	if t.Study.Quality.Confidential == 0 {
		return out, nil
	}
	for r, cell := range made.Cells {
		asked := survey.RowSpec{Mean: cell[0].Variable}
		switch cell[0].Statistic {
		case estimate.Mean.Name:
		case estimate.TopBox.Name:
			asked = survey.RowSpec{Variable: cell[0].Variable, Top: top}
		default:
			continue
		}
		blocks, ps := t.blocks(asked)
		out[r], problems = blocks, append(problems, ps...)
	}
	return out, problems
}

// drawn is how the table is drawn where its chart does not say otherwise:
// importance against performance where performances compare, or importance alone;
// nil where it is not estimable.
func drawn(wish *survey.Chart, a *drivers.Analysis) (*survey.Chart, error) {
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
