package wording_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/reports/wording"
	"surveykit/survey"
)

// bases is a table of rows with these unweighted bases, under a total and two
// groups; a row is a base a column.
func bases(rows ...[3]int) *survey.Tabulation {
	t := &survey.Tabulation{Base: "adults", Columns: []survey.Column{{Label: "Total", Everybody: true}, {Group: "Sex", Label: "Women"}, {Group: "Sex", Label: "Men"}}}
	for _, row := range rows {
		var cells []survey.Cell
		for _, n := range row {
			x := survey.FigureOf(float64(n))
			cells = append(cells, survey.Cell{Estimate: survey.Estimate{Value: survey.FigureOf(0.5), N: n, NWeighted: survey.FigureOf(1000 * x.Float()), NEffective: survey.FigureOf(x.Float() / 2)}})
		}
		t.Rows, t.Cells = append(t.Rows, survey.Row{Label: "Yes"}), append(t.Cells, cells)
	}
	return t
}

func written(t *survey.Tabulation) [][]string {
	var out [][]string
	for _, row := range wording.Bases(t) {
		texts := []string{row.Label}
		for _, r := range row.Columns {
			texts = append(texts, r.String())
		}
		out = append(out, texts)
	}
	return out
}

// TestRangesOfBases: no base is the smallest of several; one that all rows share
// stays one number.
func TestRangesOfBases(t *testing.T) {
	tab := bases([3]int{1200, 700, 500}, [3]int{1180, 680, 500})
	tab.Columns[2].N, tab.Columns[2].NWeighted, tab.Columns[2].NEffective = 500, 500000, 250
	want := [][]string{
		{"Unweighted base", "1,180–1,200", "680–700", "500"},
		{"Weighted base", "1,180,000–1,200,000", "680,000–700,000", "500,000"},
		{"Effective base", "590–600", "340–350", "250"},
	}
	if d := cmp.Diff(want, written(tab)); d != "" {
		t.Error(d)
	}
	if !wording.OwnBases(tab) {
		t.Error("rows that differ are said to have one base")
	}
	if got := wording.BaseAndN(tab); got != "Base: adults; n = 1,180–1,200" {
		t.Error(got)
	}
}

// TestBaseWithoutTotal: a group is never given out as the base of the table, and
// a base that is hidden does not count as 0.
func TestBaseWithoutTotal(t *testing.T) {
	tab := bases([3]int{1200, 700, 500})
	tab.Columns[0].Everybody = false
	for c := range tab.Columns {
		tab.Columns[c].N = tab.Cells[0][c].N
	}
	if got := wording.Respondents(tab).String(); got != "500–1,200" {
		t.Error(got)
	}
	tab = bases([3]int{1200, 700, 500}, [3]int{1100, 650, 450})
	hidden := &tab.Cells[1][1]
	hidden.N, hidden.NWeighted, hidden.NEffective = 0, survey.Figure{}, survey.Figure{}
	hidden.Flags = []string{survey.FlagSuppressed, survey.FlagConfidential}
	if got := written(tab)[0][2]; got != "700" {
		t.Error(got)
	}
}
