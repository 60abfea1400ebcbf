package chart

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
)

func TestChoose(t *testing.T) {
	cell := func(x float64) survey.Cell { return survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(x)}} }
	tab := &survey.Tabulation{
		ID: "t", Title: "Trust", Chart: &survey.Chart{Kind: survey.ChartBars, Title: "Trust falls"},
		Columns: []survey.Column{{Label: "Total"}, {Group: "Sex", Label: "Female"}, {Group: "Sex", Label: "Male"}},
		Rows:    []survey.Row{{Group: "Banks", Label: "Yes", Kind: survey.RowShare}, {Group: "Shops", Label: "Yes", Kind: survey.RowShare}},
		Cells:   [][]survey.Cell{{cell(0.1), cell(0.2), cell(0.3)}, {cell(0.4), cell(0.5), cell(0.6)}},
	}
	got, err := Choose(tab)
	if err != nil {
		t.Fatal(err)
	}
	want := &Choice{Drawn: survey.ChartBars, Kind: survey.ChartBars, Unit: survey.RowShare, Title: "Trust falls",
		Points: []string{"Banks: Yes", "Shops: Yes"}, Series: []string{"Female", "Male"},
		Cells: [][]survey.Cell{{cell(0.2), cell(0.3)}, {cell(0.5), cell(0.6)}}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Choice{}), cmpopts.EquateComparable(survey.Figure{})); diff != "" {
		t.Error(diff)
	}
	tab.Chart.Rows = []string{"No"}
	if _, err := Choose(tab); err == nil {
		t.Error("a row that does not exist was chosen")
	}
}
