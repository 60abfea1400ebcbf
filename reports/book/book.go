// Package book puts finished tabulations between their covers: the sentences
// on design, precision and methods, the disclosure, and titles whose figures
// are read from the tables.
package book

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart"
	"surveykit/reports/disclosure"
	"surveykit/reports/figure"
	"surveykit/reports/portrait"
	"surveykit/reports/tidy"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/analysis/turf"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/quality"
	"surveykit/survey/tabulate"
)

// Assemble makes the book of a study from the tabulations of its maker; a table of
// portraits becomes a page a segment. The error is one of the data.
func Assemble(ctx context.Context, m *tabulate.Maker, tables []*survey.Tabulation) (*survey.Book, error) {
	s, f := m.Study, m.Frame
	o, problems := estimate.Designed(s.Design)
	if len(problems) > 0 {
		return nil, problems
	}
	for _, table := range tables {
		for i, note := range table.Notes {
			table.Notes[i] = Fill(note, table)
		}
		if table.Chart != nil {
			table.Chart.Title = Fill(table.Chart.Title, table)
			table.Chart.Subtitle = Fill(table.Chart.Subtitle, table)
		}
	}
	tables = portrait.Pages(tables)
	warnings := append(slices.Concat(f.Warnings, m.Table.Notices), undrawable(tables, s.Output.Theme)...)
	margins, err := precision(ctx, m, tables, o.Level)
	if err != nil {
		return nil, err
	}
	return &survey.Book{
		Title: s.Title, Subtitle: s.Subtitle, Synthetic: s.Synthetic,
		Design:     designSentences(s, f),
		Precision:  margins,
		Methods:    append(methods(s, f, tables, o), quality.Summary(tables)),
		Disclosure: disclosure.Facts(s.Disclosure),
		Tables:     tables,
		Warnings:   warnings,
		Sources:    m.Table.Sources,
		Source:     SourceLine(s),
		Theme:      s.Output.Theme,
	}, nil
}

// SourceLine is the line under every chart and table.
func SourceLine(s *survey.Study) string {
	parts := []string{s.Title}
	if s.Disclosure.Conductor != "" {
		parts = append(parts, s.Disclosure.Conductor)
	}
	if s.Disclosure.Dates != "" {
		parts = append(parts, s.Disclosure.Dates)
	}
	return "Source: " + strings.Join(parts, "; ") + "."
}

func designSentences(s *survey.Study, f *engine.Frame) []string {
	d := s.Design
	var out []string
	if f.Replicates != nil {
		out = append(out, fmt.Sprintf("Variances come from %d replicate weights (%s, scale %s).", len(f.Replicates.Names), d.Replicates.Type, survey.FormatNumber(f.Replicates.Scale)))
	} else {
		out = append(out, frameSentence(d, f))
	}
	switch {
	case s.Weighting != nil && d.Weight != "":
		out = append(out, fmt.Sprintf("Figures are weighted: the weights were made in this run, starting from %s.", d.Weight))
	case s.Weighting != nil:
		out = append(out, "Figures are weighted: the weights were made in this run, starting from one for every respondent.")
	case d.Weight != "":
		out = append(out, fmt.Sprintf("Figures are weighted by %s.", d.Weight))
	default:
		out = append(out, "Figures are unweighted: every respondent counts the same.")
	}
	switch {
	case d.WaveVariable == "":
	case d.Waves == "panel":
		out = append(out, fmt.Sprintf("Waves (%s) are a panel: what %s says is the same in several waves counts as one.", d.WaveVariable, d.PSU[0]))
	default:
		out = append(out, fmt.Sprintf("Waves (%s) are independent samples: strata and clusters are counted within each.", d.WaveVariable))
	}
	if len(f.LonelyStrata) > 0 {
		out = append(out, fmt.Sprintf("Strata with a single cluster (%s) are treated as %s.", strings.Join(f.LonelyStrata, ", "), f.Lonely))
	}
	return out
}

func frameSentence(d survey.Design, f *engine.Frame) string {
	if len(d.PSU) == 0 {
		if f.Strata == 1 {
			return "Respondents were drawn one by one, without strata."
		}
		return fmt.Sprintf("Respondents were drawn one by one within %s strata.", survey.FormatCount(f.Strata))
	}
	if f.Strata == 1 {
		return fmt.Sprintf("Respondents were drawn in %s clusters (%s).", survey.FormatCount(f.PSUs), d.PSU[0])
	}
	return fmt.Sprintf("Respondents were drawn in %s clusters (%s) within %s strata.", survey.FormatCount(f.PSUs), d.PSU[0], survey.FormatCount(f.Strata))
}

func methods(s *survey.Study, f *engine.Frame, tables []*survey.Tabulation, o estimate.Options) []string {
	variance := "Standard errors are linearised over the totals of the primary sampling units"
	if f.Replicates != nil {
		variance = "Standard errors come from the spread of the replicate estimates"
	}
	rules := s.Quality.Limits()
	out := []string{
		variance + "; a subgroup is a domain of the whole sample, never a sample of its own.",
		fmt.Sprintf("Limits are %s%% confidence intervals from Student's t with the degrees of freedom of each figure's own base: clusters less strata.", survey.FormatNumber(100*o.Level)),
		fmt.Sprintf("Shares use the %s interval, and Korn and Graubard's at 0%% and 100%%.", o.Interval.Words),
		fmt.Sprintf("No figure is shown on fewer than %s interviews; figures on fewer than %s are marked.", survey.FormatCount(rules.Minimum), survey.FormatCount(rules.Caution)),
	}
	if slices.ContainsFunc(tables, hasQuantile) {
		out = append(out, fmt.Sprintf("Medians and percentiles are by the rule %s: %s. Their limits are %s. F is the weighted share at or under an answer, Q the quantile of a share.", o.Rule, o.Rule.Formula, o.QuantileInterval.Formula))
	}
	return out
}

func hasQuantile(t *survey.Tabulation) bool {
	return slices.ContainsFunc(t.Cells, func(row []survey.Cell) bool {
		return slices.ContainsFunc(row, func(c survey.Cell) bool { return c.Quantile.Exists() })
	})
}

// precision states the margin of the whole sample, and of each wave where
// there are several: for a simple random sample, 1.96·√(¼/n) at 95%, and with
// the design effect of the study's own shares.
func precision(ctx context.Context, m *tabulate.Maker, tables []*survey.Tabulation, level float64) ([]string, error) {
	s, deff := m.Study, medianDeff(tables)
	groups, err := samples(ctx, m)
	var out []string
	for _, g := range groups {
		what := "margin of sampling error"
		if s.Design.Sample == optIn {
			what = "modelled precision"
		}
		simple := math.Sqrt(0.25/float64(g.n)) * stats.NormalQuantile((1+level)/2)
		text := fmt.Sprintf("%s: n = %s; %s ±%s points at %s%% for a simple random sample of this size",
			g.name, figure.Count(g.n), what, figure.Number(100*simple, 2), survey.FormatNumber(100*level))
		if deff > 0 {
			text += fmt.Sprintf(", ±%s with the design effect of %s (median over the report's shares)", figure.Number(100*simple*math.Sqrt(deff), 2), figure.Number(deff, 2))
		}
		out = append(out, text+fmt.Sprintf("; the weights alone cost a factor of %s (Kish), which leaves an effective %s.", figure.Number(g.kish, 2), figure.Count(int(math.Round(float64(g.n)/g.kish)))))
	}
	if s.Design.Sample == optIn {
		out = append(out, "The sample is an opt-in panel, not a probability sample: these margins hold only as far as the weighting makes respondents represent the universe.")
	}
	return out, err
}

const optIn = "opt-in panel"

// group is the whole sample or one wave of it. kish is the design effect of its
// unequal weights, nΣw²/(Σw)² (Kish 1965, section 11.7).
type group struct {
	name string
	n    int
	kish float64
}

func samples(ctx context.Context, m *tabulate.Maker) ([]group, error) {
	e := m.Answering()
	names, q := []string{"All respondents"}, engine.Query{}
	if wave := m.Study.Design.WaveVariable; m.Table.Lookup(wave) != nil {
		c, err := e.Categories(ctx, wave)
		if err != nil {
			return nil, err
		}
		names, q.Cells = c.Labels, []engine.Axis{engine.Categories(wave, c)}
	}
	totals, err := e.Totals(ctx, m.Frame, []engine.Query{q})
	if err != nil {
		return nil, err
	}
	var out []group
	for k, name := range names {
		b := totals[0].Base([]int{totals[0].Index(k, 0)})
		out = append(out, group{name, b.N, float64(b.N) / b.NEffective})
	}
	return out, nil
}

// medianDeff is the median of V/(p(1-p)/n) over the shares between 5% and 95%
// of the columns for everybody; 0 where there are none.
func medianDeff(tables []*survey.Tabulation) float64 {
	var all []float64
	for _, t := range tables {
		for r := range t.Rows {
			for c, col := range t.Columns {
				e := t.Cells[r][c].Estimate
				p := e.Value.Float()
				if col.Group == "" && figure.IsShare(t.Rows[r].Kind) && e.CountsPeople() && !col.Change && p > 0.05 && p < 0.95 {
					all = append(all, e.SE.Float()*e.SE.Float()*float64(e.N)/(p*(1-p)))
				}
			}
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// Check finds the charts that cannot be drawn as a study asks for them, given the
// plans of its tables. Figures are made of those tables alone whose chart depends
// on them: the parts of a bar may add up to more than 100%, or reach may fall. Charts
// that are too large are no fault: the book has the table without one, and the warnings say so.
func Check(plans []*tabulate.Plan, theme survey.Theme) (faults []survey.Fault, warnings survey.Notices) {
	for k, p := range plans {
		t := p.Outline
		if t == nil || t.Chart == nil || t.Kind == segment.Portraits.Name {
			continue
		}
		_, err := chart.Draw(t, chart.Options{Theme: theme})
		if err == nil && dependsOnFigures(p) {
			_, err = chart.Draw(p.Figures(), chart.Options{Theme: theme})
		}
		if large := new(chart.TooLarge); errors.As(err, &large) {
			warnings = append(warnings, leftOut(t, large.Problem))
			continue
		}
		for _, problem := range problemsOf(err) {
			faults = append(faults, survey.Fault{Path: fmt.Sprintf("$.tables[%d].chart.kind", k), Problem: problem})
		}
	}
	return faults, warnings
}

// leftOut is the warning of a table without its chart.
func leftOut(t *survey.Tabulation, problem survey.Problem) survey.Notice {
	return survey.Notice{Code: survey.NoticeUndrawable, Value: t.ID, Text: problem.Error()}
}

func dependsOnFigures(p *tabulate.Plan) bool {
	switch p.Outline.Chart.Kind {
	case survey.ChartStacked, survey.ChartDiverging:
		return !p.Exclusive
	case survey.ChartReach:
		return p.Outline.Kind != turf.Reach.Name
	}
	return false
}

func problemsOf(err error) survey.Problems {
	var many survey.Problems
	var one survey.Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		return many
	case errors.As(err, &one):
		return survey.Problems{one}
	}
	return survey.Problems{{Message: err.Error()}}
}

// undrawable takes the charts out that cannot be drawn of the figures as they
// came out, such as of two columns of which one is left out for its small base,
// and returns a warning for each.
func undrawable(tables []*survey.Tabulation, theme survey.Theme) survey.Notices {
	var warnings survey.Notices
	for _, t := range tables {
		if t.Chart == nil {
			continue
		}
		if _, err := chart.Draw(t, chart.Options{Theme: theme}); err != nil {
			t.Chart = nil
			t.Notes = append(t.Notes, "There is no chart of this table: it cannot be drawn from these figures.")
			for _, problem := range problemsOf(err) {
				warnings = append(warnings, leftOut(t, problem))
			}
		}
	}
	return warnings
}

// Fill replaces each {row|column} of a text by that cell's figure, so that no
// figure is ever typed. Of several rows or columns of a name the first is
// taken. A column that the table leaves out for its small base has no figure.
func Fill(text string, t *survey.Tabulation) string {
	return survey.Fill(text, func(p survey.Placeholder) string {
		r := slices.IndexFunc(t.Rows, func(r survey.Row) bool { return r.Named(p.Row) })
		c := slices.IndexFunc(t.Columns, func(c survey.Column) bool { return c.Named(p.Column) })
		if r < 0 || c < 0 {
			return figure.Missing
		}
		kind, value := t.Rows[r].Kind, tidy.Withhold(t.Cells[r][c].Estimate).Value.Float()
		decimals := t.Rounding.Decimals(kind)
		if t.Columns[c].Change {
			return figure.Change(kind, value, decimals)
		}
		return figure.Value(kind, value, decimals)
	})
}
