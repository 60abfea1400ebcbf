package tabulate_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
)

// A gap or a ratio would give away a share that is hidden, less or over the one
// that is shown: its row is hidden where a figure of either share is, in whichever
// table and by whichever rows the share is shown, and only there.
func TestGapsAndRatiosOfHiddenSharesAreHidden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := map[string][]float64{}
		for i := range rapid.IntRange(120, 200).Draw(t, "people") {
			columns["g"] = append(columns["g"], float64(1+i%3))
			columns["sex"] = append(columns["sex"], float64(1+i%2))
			columns["a"] = append(columns["a"], rapid.SampledFrom([]float64{1, 1, 1, 1, 2, 3, 3, 3, 3}).Draw(t, "a"))
			columns["b"] = append(columns["b"], rapid.SampledFrom([]float64{0, 0, 1}).Draw(t, "b"))
		}
		columns["a"][0], columns["b"][0] = 2, 1 // conditions name codes that occur
		a, b := "a == 2", "b == 1"
		if rapid.Bool().Draw(t, "complement") {
			a = "a != 2"
		}
		by := rapid.SampledFrom([]string{"", "sex"}).Draw(t, "by")
		shares := []survey.RowSpec{{Share: a, By: by}, {Share: b, By: by}}
		if by == "" && rapid.Bool().Draw(t, "as a variable") {
			shares[0] = survey.RowSpec{Variable: "a"}
		}
		out, err := tables(t, people(columns), &survey.Study{Quality: survey.QualitySpec{Confidential: 5}, Tables: []survey.TableSpec{
			{ID: "shares", Columns: names("g"), Rows: shares},
			{ID: "made", Columns: names("g"), Rows: []survey.RowSpec{{Gap: &survey.GapSpec{Share: a, Minus: b}, By: by}, {Ratio: &survey.RatioSpec{Share: b, Over: a}, By: by}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		want := false
		for _, cell := range hiddenCells(out[0]) {
			row, _, _ := strings.Cut(cell, "|")
			want = want || shares[0].Variable == "" || row == "2"
		}
		few := 0 // so few answered that the figure itself is hidden
		for _, row := range out[1].Cells {
			for _, cell := range row {
				if isHidden := strings.Contains(strings.Join(cell.Flags, " "), survey.FlagConfidential); want && !isHidden {
					t.Fatalf("%s, %v is shown, hidden are %v", cell.Statistic, cell.Value.Float(), hiddenCells(out[0]))
				} else if isHidden {
					few++
				}
			}
		}
		if !want && few == len(out[1].Cells)*len(out[1].Columns) {
			t.Fatal("all gaps and ratios are hidden where no share is")
		}
	})
}

// What is hidden counts in no family of tests: p-values are corrected over the
// comparisons that the table shows, and the legend gives their number.
func TestHiddenComparisonsAreNotCorrectedFor(t *testing.T) {
	for _, a := range []struct {
		counts [][]int
		says   string
	}{
		{[][]int{{60, 60, 70}, {80, 50, 40}, {90, 85, 95}}, "for the 9 tests"},
		{[][]int{{2, 60, 70}, {80, 50, 40}, {90, 85, 95}}, "for the 3 tests"},
		{[][]int{{2, 60}, {80, 50}, {90, 85}, {60, 90}}, "for the 2 tests"},
		{[][]int{{2, 60}, {80, 50}}, "No comparison of columns is shown"},
	} {
		out := made(t, answersOf(a.counts), &survey.Study{Quality: survey.QualitySpec{Confidential: 5}, Tables: []survey.TableSpec{
			{ID: "t", Rows: []survey.RowSpec{{Variable: "q"}}, Columns: names("group")},
		}})
		p := make([]float64, len(out.Comparisons))
		for k, c := range out.Comparisons {
			p[k] = c.P.Float()
		}
		for k, want := range stats.BenjaminiHochberg(p) {
			if got := out.Comparisons[k].PAdjusted.Float(); got != want {
				t.Errorf("%v: test %d has the adjusted p-value %v, want %v", a.counts, k, got, want)
			}
		}
		legend := strings.Join(out.Legend, " ")
		if !strings.Contains(legend, a.says) || strings.Count(legend, "P-values are")+strings.Count(legend, "No comparison") != 1 {
			t.Errorf("%v: %d comparisons, legend %q, want %q", a.counts, len(p), legend, a.says)
		}
	}
}

// TestOneTestIsOne: a legend counts one test as one.
func TestOneTestIsOne(t *testing.T) {
	out := made(t, answersOf([][]int{{50, 60}, {80, 50}}), &survey.Study{Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Share: "q == 1"}}, Columns: names("group")}}})
	if legend := strings.Join(out.Legend, " "); !strings.Contains(legend, "for the 1 test of this table") {
		t.Errorf("legend %q", legend)
	}
}
