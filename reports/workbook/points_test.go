package workbook

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// gapTable has a share, a gap and, where mixed, a mean, with a change of each,
// and a chart of the gap.
func gapTable(mixed bool) *survey.Tabulation {
	t := &survey.Tabulation{
		ID: "gaps", Title: "Confidence", Base: "all", Legend: legend, Rounding: survey.Rounding{Percent: &one},
		Columns: []survey.Column{{Label: "Total", N: 900}, {Group: "Wave", Label: "2009", N: 400, Letter: "A"}, {Group: "Wave", Label: "2011", N: 500, Letter: "B"}, {Group: "Wave", Label: "2011 − 2009", Change: true}},
		Rows:    []survey.Row{{Label: "Trust", Kind: survey.RowShare}, {Label: "Trust less distrust", Kind: survey.RowGap}},
		Cells: [][]survey.Cell{
			{share(0.5, 900), share(0.47, 400), share(0.527, 500), change(0.057, 0.01)},
			{change(0.123, 0), change(-0.158, 0), change(0.241, 0), change(0.399, 0)},
		},
		Chart: &survey.Chart{Kind: survey.ChartDots, Rows: []string{"Trust less distrust"}, Title: "The gap grew", Subtitle: "Points, all"},
	}
	t.Cells[1][2].Flags = []string{survey.FlagLowBase}
	if mixed {
		t.Rows = append(t.Rows, survey.Row{Label: "Hours", Kind: survey.RowMean})
		t.Cells = append(t.Cells, []survey.Cell{change(3, 0), change(2.5, 0), change(3.25, 0), change(0.75, 0)})
	}
	return t
}

// Changes and gaps of shares are live numbers in percentage points, and neither
// they nor their limits are shown or formatted with a "%".
func TestPointsAreNotPercentages(t *testing.T) {
	for _, mixed := range []bool{false, true} {
		tab := gapTable(mixed)
		f := opened(t, &survey.Book{Title: "Gaps", Tables: []*survey.Tabulation{tab}})
		sheet, l := f.GetSheetName(slices.Index(f.GetSheetList(), "gaps")), layOut(tab)
		for _, row := range tab.Rows {
			_, y := find(t, f, sheet, row.Label)
			for _, p := range l.spans {
				for _, x := range []int{p.first, p.details, p.details + 1} {
					if points := p.Change || row.Kind == survey.RowGap; points != !strings.Contains(formatAt(t, f, sheet, x, y), "%") && row.Kind != survey.RowMean {
						t.Errorf("%s, %s: format %q", row.Label, p.Label, formatAt(t, f, sheet, x, y))
					}
				}
			}
		}
		heading, changed, gap := "points", "+5.70", "+39.90"
		if mixed {
			heading, changed, gap = "change", "+5.70 pts", "+39.90 pts"
		}
		change := l.spans[3].first
		if x, _ := find(t, f, sheet, heading); x != change {
			t.Errorf("%q heads column %d, want %d", heading, x, change)
		}
		for _, c := range []struct {
			row    string
			column int
			want   string
		}{
			{"Trust", 2, "50.0%"}, {"Trust", change, changed}, {"Trust less distrust", change, gap},
			{"Trust less distrust", 2, "+12.3 pts"}, {"Trust less distrust", l.spans[1].first, "-15.8 pts"}, {"Trust less distrust", l.spans[2].first, "+24.1 pts†"},
		} {
			_, y := find(t, f, sheet, c.row)
			if got := strings.TrimSpace(shownAs(t, f, sheet, c.column, y)); got != c.want {
				t.Errorf("mixed %v: %s, column %d shows %q, want %q", mixed, c.row, c.column, got, c.want)
			}
			if got := len(strings.TrimSpace(shownAs(t, f, sheet, c.column, y))); float64(got) > l.widths[c.column-1] {
				t.Errorf("%s, column %d: %d characters in a width of %v", c.row, c.column, got, l.widths[c.column-1])
			}
		}
		_, y := find(t, f, sheet, "Trust")
		wantCell(t, f, sheet, change, y, ooxml.Held(survey.RowGap, 0.057))
	}
}

func formatAt(t *testing.T, f *excelize.File, sheet string, x, y int) string {
	t.Helper()
	id, err := f.GetCellStyle(sheet, ooxml.CellName(x, y))
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil || style.CustomNumFmt == nil {
		t.Fatalf("%s has no format: %v", ooxml.CellName(x, y), err)
	}
	return *style.CustomNumFmt
}

// The accessible workbook holds the same points under the same formats.
func TestAccessiblePointsAreNotPercentages(t *testing.T) {
	tab := gapTable(true)
	f, err := excelize.OpenReader(bytes.NewReader(accessibleFile(t, &survey.Book{Title: "Gaps", Tables: []*survey.Tabulation{tab}})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head := answerHeads(tab, tab.Rows[1], false, extrasOf(tab))
	gap, _ := find(t, f, "gaps", answerHeads(tab, tab.Rows[0], false, extrasOf(tab))[0])
	_, changed := find(t, f, "gaps", columnText(tab, tab.Columns[3]))
	if got := shownAs(t, f, "gaps", gap, changed); got != "+5.70 pts" {
		t.Errorf("the change of a share shows %q", got)
	}
	gap, _ = find(t, f, "gaps", head[0])
	_, total := find(t, f, "gaps", columnText(tab, tab.Columns[0]))
	for k, want := range []string{"+12.3 pts", "+10.8 pts", "+13.8 pts"} {
		if got := shownAs(t, f, "gaps", gap+k, total); got != want {
			t.Errorf("%s shows %q, want %q", head[k], got, want)
		}
	}
}

// The chart of a gap reads points, and nothing in it is written with a "%".
func TestChartsOfGapsAreInPoints(t *testing.T) {
	files := parts(t, written(t, &survey.Book{Title: "Gaps", Tables: []*survey.Tabulation{gapTable(false)}}))
	chart := files["xl/charts/chart1.xml"]
	if format := regexp.MustCompile(`(formatCode(=|>)"?)([^<]*%[^<]*)`).FindString(chart); format != "" || chart == "" {
		t.Errorf("the chart has the format %q", format)
	}
	for _, want := range []string{"<c:v>-15.8</c:v>", `formatCode="+0&#34; pts&#34;`} {
		if !strings.Contains(chart, want) {
			t.Errorf("the chart lacks %s", want)
		}
	}
}
