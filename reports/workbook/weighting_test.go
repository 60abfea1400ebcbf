package workbook

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"surveykit/reports/booktest"
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

var update = flag.Bool("update", false, "write the golden file anew")

// weightedBook is the sample book with weights that the run made.
func weightedBook() *survey.Book {
	b := sampleBook()
	b.Weighting = booktest.Weighting()
	return b
}

func TestWeightingGolden(t *testing.T) {
	const file = "testdata/weighting.txt"
	rows, err := opened(t, weightedBook()).GetRows(weightingSheet)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, row := range rows {
		out.WriteString(strings.TrimRight(strings.Join(row, " | "), " ") + "\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), out.String()); d != "" {
		t.Error(d)
	}
}

// Every number of the diagnostics stands on the sheet in full precision.
func TestWeightingReadsBack(t *testing.T) {
	b := weightedBook()
	f := opened(t, b)
	rows, err := f.GetRows(weightingSheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range wording.Weighting(b.Weighting) {
		top := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == g.Title })
		if top < 0 {
			t.Fatalf("there is no %q", g.Title)
		}
		for r, items := range g.Rows {
			for c, item := range items {
				want := item.Text
				if item.Value.Exists() {
					want = survey.FormatNumber(item.Value.Float())
				}
				if row := append(rows[top+3+r], make([]string, len(items))...); row[c] != want {
					t.Errorf("%s, row %d, column %d: %q, want %q", g.Title, r, c, row[c], want)
				}
			}
		}
	}
	for _, text := range wording.Weighted(b.Weighting) {
		find(t, f, weightingSheet, text)
	}
}

func TestWeightingIsLinkedAndDrawn(t *testing.T) {
	b := weightedBook()
	f := opened(t, b)
	column, row := find(t, f, contentsSheet, weightingSheet)
	if _, target, _ := f.GetCellHyperLink(contentsSheet, ooxml.CellName(column, row)); target != ooxml.Reference(weightingSheet, "A1") {
		t.Errorf("the contents lead to %q", target)
	}
	column, row = find(t, f, weightingSheet, "← Contents")
	if _, target, _ := f.GetCellHyperLink(weightingSheet, ooxml.CellName(column, row)); target != ooxml.Reference(contentsSheet, "A1") {
		t.Errorf("the sheet leads to %q", target)
	}
	if n, without := len(charts(t, b)), len(charts(t, sampleBook())); n != without+1 {
		t.Errorf("%d charts, want one of weights beside %d", n, without)
	}
	_, row = find(t, f, chartDataSheet, weightingSheet)
	for i, bin := range b.Weighting.Distribution.Bins {
		if got := raw(t, f, chartDataSheet, 4, row+2+i); got != survey.FormatNumber(float64(bin.N)) {
			t.Errorf("bin %d holds %s, want %d", i, got, bin.N)
		}
	}
}

// In an accessible workbook each diagnostic has a sheet and a table of its own.
func TestAccessibleWeighting(t *testing.T) {
	b := weightedBook()
	b.Tables[0].ID = "Weights by size" // a table's id never takes the name of such a sheet
	f, err := excelize.OpenReader(strings.NewReader(string(accessibleFile(t, b))))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, g := range wording.Weighting(b.Weighting) {
		tables, err := f.GetTables(g.Title)
		if err != nil || len(tables) != 1 {
			t.Fatalf("%s: %d tables, %v", g.Title, len(tables), err)
		}
		_, row := find(t, f, g.Title, g.Head[0])
		for c, item := range g.Rows[0] {
			if got, _ := f.GetCellValue(g.Title, ooxml.CellName(c+1, row+1)); item.Text != "" && got != item.Text {
				t.Errorf("%s: %q, want %q", g.Title, got, item.Text)
			}
		}
		column, row := find(t, f, contentsSheet, g.Title)
		if _, target, _ := f.GetCellHyperLink(contentsSheet, ooxml.CellName(column, row)); target != ooxml.Reference(g.Title, "A1") {
			t.Errorf("the contents lead to %q", target)
		}
	}
}

// Without weights made by the run there is no sheet about them.
func TestNoWeightingNoSheet(t *testing.T) {
	if slices.Contains(opened(t, sampleBook()).GetSheetList(), weightingSheet) {
		t.Error("a sheet about weighting that was not done")
	}
}
