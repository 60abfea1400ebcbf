package wording_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"surveykit/reports/booktest"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// Each grid is regular, can name a sheet, and writes every number that it holds.
func TestWeightingGrids(t *testing.T) {
	for _, g := range wording.Weighting(booktest.Weighting()) {
		if n := utf8.RuneCountInString(g.Title); n > 31 || strings.ContainsAny(g.Title, `:\/?*[]'`) {
			t.Errorf("%q cannot name a sheet", g.Title)
		}
		for r, row := range g.Rows {
			if len(row) != len(g.Head) {
				t.Errorf("%s, row %d: %d items under %d heads", g.Title, r, len(row), len(g.Head))
			}
			for _, item := range row {
				if item.Value.Exists() != (item.Format != "") || item.Value.Exists() && item.Text == "" {
					t.Errorf("%s, row %d: %+v", g.Title, r, item)
				}
			}
		}
	}
}

// Shares are those of a variable within the part that was weighted on its own.
func TestSharesOfMargins(t *testing.T) {
	g := wording.Weighting(&survey.WeightingReport{Margins: []survey.WeightMargin{
		{Variable: "age", Category: "young", Group: "2008", Before: 1, Target: 3, After: 3}, {Variable: "age", Category: "old", Group: "2008", Before: 3, Target: 1, After: 1},
		{Variable: "age", Category: "young", Group: "2011", Before: 5, After: 5, Kept: true}, {Variable: "hours", Before: 7, Target: 8, After: 8},
	}})[0]
	for r, want := range [][]string{{"25.0%", "75.0%", "75.0%"}, {"75.0%", "25.0%", "25.0%"}, {"100.0%", "kept", "100.0%"}, {"", "", ""}} {
		for c, text := range want {
			if got := g.Rows[r][5+c].Text; got != text {
				t.Errorf("row %d, column %d: %q, want %q", r, c, got, text)
			}
		}
	}
}

// TestMisfitOfMargins: a misfit that is not 0 is never written as 0.
func TestMisfitOfMargins(t *testing.T) {
	g := wording.Weighting(&survey.WeightingReport{Margins: []survey.WeightMargin{
		{Variable: "age", Category: "young", Before: 1, Target: 300, After: 300}, {Variable: "age", Category: "middle", Before: 1, Target: 300, After: 300.00003},
		{Variable: "age", Category: "old", Before: 1, Target: 300, After: 296.25}, {Variable: "sex", Category: "m", Before: 3, After: 4, Kept: true},
	}})[0]
	for r, want := range []string{"0.00%", "under 0.01%", "1.25%", ""} {
		if got := g.Rows[r][8].Text; got != want {
			t.Errorf("row %d: %q, want %q", r, got, want)
		}
	}
}

// Weights that do not exist leave blanks, not figures.
func TestWeightingOfNobody(t *testing.T) {
	none := survey.Figure{}
	w := &survey.WeightingReport{KishDeff: none.Float(), NEffective: none.Float(), KishDeffSample: none}
	if grids := wording.Weighting(w); len(grids) != 0 {
		t.Errorf("%v", grids)
	}
	if said := strings.Join(wording.Weighted(w), " "); strings.Contains(said, "NaN") || strings.Contains(said, "as some panels") {
		t.Error(said)
	}
}
