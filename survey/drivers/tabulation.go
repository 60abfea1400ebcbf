package drivers

import "surveykit/survey"

// Tabulation is importance against performance as a table of quadrants: a block
// of rows for each, a row for each driver that has a performance. The error is
// survey.Problems where fewer than two have, or where their means are of
// different scales and do not compare.
func (a *Analysis) Tabulation() (*survey.Tabulation, error) {
	t := &survey.Tabulation{ID: "importance_performance", Title: "What moves " + a.Label + ", and how well each driver does",
		Columns: []survey.Column{{Label: "Total"}}, Notes: a.Notes, Chart: &survey.Chart{Kind: survey.ChartQuadrant}}
	var second []survey.Row
	var cells [][]survey.Cell
	for _, d := range a.Drivers {
		if d.Quadrant == "" {
			continue
		}
		group, kind := "Mean", survey.RowMean
		if d.Performance.Statistic == "top_box" {
			group, kind = "Share in the highest codes", survey.RowShare
		}
		t.Rows = append(t.Rows, survey.Row{Group: "Importance: share of the explained variance", Label: d.Label, Kind: survey.RowShare})
		t.Cells = append(t.Cells, []survey.Cell{{Estimate: d.ShapleyShare}})
		second = append(second, survey.Row{Group: group, Label: d.Label, Kind: kind})
		cells = append(cells, []survey.Cell{{Estimate: *d.Performance}})
	}
	if len(second) < 2 {
		return nil, survey.Problems{{Message: "fewer than two drivers have a performance that compares with the others'", Remedy: "name drivers of one scale, or compare the shares of their highest codes (--top)"}}
	}
	t.Rows, t.Cells = append(t.Rows, second...), append(t.Cells, cells...)
	return t, nil
}
