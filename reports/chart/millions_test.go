package chart

import (
	"strings"
	"testing"

	"surveykit/reports/chart/draw"
	"surveykit/survey"
)

// Long totals are drawn in millions, short ones as they are; the tabulation
// and what other renderers draw keep theirs.
func TestMillions(t *testing.T) {
	total := func(values ...float64) *survey.Tabulation {
		table := &survey.Tabulation{ID: "x", Columns: []survey.Column{{Label: "Total"}}}
		for _, x := range values {
			c := survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(x), Low: survey.FigureOf(x * 0.9), High: survey.FigureOf(x * 1.1), Level: survey.FigureOf(0.95)}}
			table.Rows = append(table.Rows, survey.Row{Label: "Visits", Kind: survey.RowTotal})
			table.Cells = append(table.Cells, []survey.Cell{c})
		}
		return table
	}
	for want, table := range map[string]*survey.Tabulation{
		"Dots with confidence intervals, in millions. Visits: 12.5 (11.3 to 13.8). Visits: 2.0 (1.8 to 2.2).": total(12.5e6, 2e6),
		"Dots with confidence intervals. Visits: 9,900,000 (8,910,000 to 10,890,000).":                        total(9.9e6),
	} {
		p, err := Draw(table, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Description != want {
			t.Errorf("drawn: %s", p.Description)
		}
		facts := ""
		for _, m := range p.Marks {
			if x, ok := m.(draw.Text); ok && x.Runs[0].Style == factStyle {
				facts = x.Words()
			}
		}
		if strings.Contains(facts, "in millions") != strings.Contains(want, "in millions") {
			t.Errorf("the facts are %q", facts)
		}
	}
	table := total(12.5e6)
	if _, err := Draw(table, Options{}); err != nil {
		t.Fatal(err)
	}
	choice, err := Choose(table)
	if err != nil || choice.Cells[0][0].Value.Float() != 12.5e6 || table.Cells[0][0].Value.Float() != 12.5e6 {
		t.Errorf("%+v, %v: the tabulation has changed", choice, err)
	}
}

// One figure without an interval stands between figures that differ from it.
func TestAxisAroundOneFigure(t *testing.T) {
	g := &grid{kind: &dots, unit: survey.RowShare, cells: [][]survey.Cell{{share(0.05)}}, series: []entry{{}}}
	g.cells[0][0].Low, g.cells[0][0].High = survey.Figure{}, survey.Figure{}
	if a := g.axisOf(6, 0, 100); a.low > 0.03 || a.high < 0.07 || a.places != 0 {
		t.Errorf("the axis runs from %v to %v with %d decimals", a.low, a.high, a.places)
	}
}
