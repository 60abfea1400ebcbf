// Package book puts finished tabulations between their covers: the sentences
// on design, precision and methods, the disclosure, and titles whose figures
// are read from the tables.
package book

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/reports/disclosure"
	"surveykit/reports/portrait"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/quality"
)

// Assemble makes the book of a study from its tabulations; a table of portraits
// becomes a page a segment. The error is one of the data.
func Assemble(s *survey.Study, t *survey.Table, f *engine.Frame, tables []*survey.Tabulation) (*survey.Book, error) {
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
	warnings := append(slices.Concat(f.Warnings, t.Notices), undrawable(tables, s.Output.Theme)...)
	margins, err := precision(s, t, f, tables, o.Level)
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
		Sources:    t.Sources,
		Source:     SourceLine(s),
		Theme:      s.Output.Theme,
	}, nil
}

// SourceLine is what stands under every chart and table.
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
		out = append(out, fmt.Sprintf("Variances come from %d replicate weights (%s, scale %s).", len(f.Replicates.Weights), d.Replicates.Type, survey.FormatNumber(f.Replicates.Scale)))
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
