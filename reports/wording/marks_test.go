package wording_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/reports/wording"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate"
)

// TestCauses: each cause has its own mark, and only the causes that occur are
// explained.
func TestCauses(t *testing.T) {
	none := survey.Figure{}
	shown := survey.Estimate{Value: survey.FigureOf(0.5), SE: survey.FigureOf(0.1), Low: survey.FigureOf(0.3), High: survey.FigureOf(0.7), DF: survey.FigureOf(10), N: 40, NWeighted: survey.FigureOf(40), Quantile: none}
	for _, c := range []struct {
		name  string
		turn  func(*survey.Estimate)
		cell  wording.Cell
		cause string
	}{
		{"shown", func(*survey.Estimate) {}, wording.Cell{Figure: "50%", Limits: "30 to 70"}, ""},
		{"small base", func(e *survey.Estimate) { e.Flags = []string{survey.FlagLowBase} }, wording.Cell{Figure: "50%", Limits: "30 to 70", Mark: "†"}, "† small base: read with caution."},
		{"base", func(e *survey.Estimate) { e.Flags = []string{survey.FlagSuppressed} }, wording.Cell{Figure: "*"}, "* base under the minimum: no figure is shown."},
		{"confidential", func(e *survey.Estimate) {
			e.Value, e.N, e.Flags = none, 0, []string{survey.FlagSuppressed, survey.FlagConfidential}
		}, wording.Cell{Figure: "‡"}, "‡ hidden for confidentiality."},
		{"standard", func(e *survey.Estimate) { e.Flags = []string{survey.FlagSuppressed, survey.FlagUnreliable} }, wording.Cell{Figure: "§"}, "§ too uncertain to be shown under the presentation standard."},
		{"nobody", func(e *survey.Estimate) {
			e.Value, e.N, e.Flags = none, 0, []string{survey.FlagNoRows, survey.FlagSuppressed}
		}, wording.Cell{Figure: "–"}, "– nobody is in the base."},
		{"divisor", func(e *survey.Estimate) { e.Value, e.Flags = none, []string{survey.FlagZeroDivisor} }, wording.Cell{Figure: "÷"}, "÷ there is nothing to divide by."},
		{"inapplicable", func(e *survey.Estimate) { e.Value, e.Flags = none, []string{survey.FlagNotApplicable} }, wording.Cell{Figure: "n/a"}, "n/a not applicable."},
		{"unknown", func(e *survey.Estimate) { e.Value = none }, wording.Cell{Figure: "×"}, "× not available: the data do not determine it."},
		{"df", func(e *survey.Estimate) {
			e.Low, e.High, e.DF, e.Flags = none, none, survey.FigureOf(0), []string{survey.FlagNoDF, survey.FlagLowBase}
		}, wording.Cell{Figure: "50%", Mark: "†°"}, "† small base: read with caution. ° no limits: too few degrees of freedom for an interval."},
		{"spread", func(e *survey.Estimate) {
			e.Low, e.High, e.SE, e.Flags = none, none, survey.FigureOf(0), []string{survey.FlagNoVariance}
		}, wording.Cell{Figure: "50%", Mark: "≡"}, "≡ no limits: the sample shows no spread to estimate them from."},
		{"one limit", func(e *survey.Estimate) { e.High, e.SE, e.Quantile = none, none, survey.FigureOf(0.95) }, wording.Cell{Figure: "50%", Limits: "30 to …"}, "… a limit that lies outside the data."},
		{"no limit of a quantile", func(e *survey.Estimate) { e.Low, e.High, e.SE, e.Quantile = none, none, none, survey.FigureOf(0.95) }, wording.Cell{Figure: "50%", Limits: "… to …"}, "… a limit that lies outside the data."},
		{"no standard error", func(e *survey.Estimate) { e.Low, e.High, e.SE, e.DF = none, none, none, none }, wording.Cell{Figure: "50%"}, ""},
	} {
		e := shown
		c.turn(&e)
		tab := &survey.Tabulation{Columns: []survey.Column{{Label: "Total"}}, Rows: []survey.Row{{Label: "Yes", Kind: survey.RowShare}}, Cells: [][]survey.Cell{{{Estimate: e}}}}
		if d := cmp.Diff(c.cell, wording.Of(tab, 0, 0)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
		if got := strings.Join(wording.Explanations(tab), " "); got != c.cause {
			t.Errorf("%s is explained by %q", c.name, got)
		}
	}
}

// TestPercentileAtTheEdge: the 95th percentile of 21 people has one limit, with
// 20 degrees of freedom, which are not to blame.
func TestPercentileAtTheEdge(t *testing.T) {
	y := &survey.Variable{Name: "y", Numbers: &survey.NumberColumn{}}
	for i := range 21 {
		y.Numbers.Append(float64(i))
	}
	table := &survey.Table{Rows: 21, Variables: []*survey.Variable{y}}
	frame, err := engine.NewFrame(table, survey.Design{})
	if err != nil {
		t.Fatal(err)
	}
	least := 10
	m := tabulate.Maker{Table: table, Frame: frame, Study: &survey.Study{Quality: survey.QualitySpec{MinimumBase: &least}, Tables: []survey.TableSpec{{ID: "t",
		Rows: []survey.RowSpec{{Summary: "y", Statistics: []survey.Statistic{"p95"}}}}}}}
	out, err := m.All(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := wording.Of(out[0], 0, 0); !strings.HasSuffix(got.Limits, " to …") || got.Mark != "†" {
		t.Errorf("%+v", got)
	}
	said := wording.Explanations(out[0])
	if !slices.Contains(said, "… a limit that lies outside the data.") || strings.Contains(strings.Join(said, " "), "degrees of freedom") {
		t.Errorf("%q", said)
	}
}
