package quality_test

import (
	"testing"

	"surveykit/survey"
	"surveykit/survey/quality"
)

func TestSummary(t *testing.T) {
	cell := func(flags ...string) survey.Cell { return survey.Cell{Estimate: survey.Estimate{Flags: flags}} }
	table := &survey.Tabulation{Cells: [][]survey.Cell{{cell(), cell(survey.FlagEdge)}}}
	if got, want := quality.Summary([]*survey.Tabulation{table}), "The quality rules flagged none of the 2 figures."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	table.Cells = append(table.Cells, []survey.Cell{cell(survey.FlagSuppressed, survey.FlagConfidential), cell(survey.FlagSuppressed)})
	if got, want := quality.Summary([]*survey.Tabulation{table, table}), "Of 8 figures the quality rules flagged: 4 not shown, 2 of these for confidentiality."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
