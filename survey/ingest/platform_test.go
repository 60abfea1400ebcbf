package ingest

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"surveykit/survey"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shape lays out a table for people: its variables with label and values, and its sets.
func shape(t *survey.Table) string {
	var b strings.Builder
	for _, v := range t.Variables {
		fmt.Fprintf(&b, "%s | %s |", v.Name, v.Label)
		for i := range t.Rows {
			cell := "."
			if x, ok := v.At(i); ok {
				cell = x.String()
			}
			b.WriteString(" " + cell)
		}
		b.WriteString("\n")
	}
	for _, s := range t.Sets {
		fmt.Fprintf(&b, "set %s | %s | %s = %s\n", s.Name, s.Label, strings.Join(s.Variables, " "), s.Counted)
	}
	for _, n := range t.Notices {
		b.WriteString("notice: " + n.Text + "\n")
	}
	return b.String()
}

// The exports of all platforms, made by hand after their makers' descriptions,
// read as CSV and as a workbook of the same cells.
func TestExportsOfPlatforms(t *testing.T) {
	files, _ := filepath.Glob("testdata/platform/*.csv")
	if len(files) == 0 {
		t.Fatal("no exports")
	}
	for _, file := range files {
		golden := strings.TrimSuffix(file, ".csv") + ".golden"
		table, err := Open(file, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := shape(table)
		want, _ := os.ReadFile(golden)
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
		book, err := Open(asWorkbook(t, file), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, shape(book)); diff != "" {
			t.Errorf("%s as a workbook: %s", file, diff)
		}
	}
}

// asWorkbook makes a workbook of a CSV file's cells, as text.
func asWorkbook(t *testing.T, file string) string {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		for j, cell := range row {
			if cell == "" {
				continue
			}
			at, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if err := f.SetCellStr("Sheet1", at, cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "export.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// A tracker whose cells hold several codes, as 1;2;3; — each option is chosen as
// often as its code stands in the file's cells.
func TestTrackerWithSeveralCodesInACell(t *testing.T) {
	needShared(t)
	file := filepath.Join(sharedData, "delimited_multiresponse/example_a.csv")
	table, err := Open(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := table.Set("q2")
	if set == nil {
		t.Fatal("q2 is no set")
	}
	rows := readCells(t, file)
	at := slices.Index(rows[0], "q2")
	chosen := map[string]float64{}
	for _, row := range rows[1:] {
		for _, code := range strings.FieldsFunc(row[at], func(r rune) bool { return r == ';' }) {
			chosen["q2_"+code]++
		}
	}
	if len(chosen) != len(set.Variables) || len(chosen) < 2 {
		t.Errorf("%d options, want %d", len(set.Variables), len(chosen))
	}
	for _, name := range set.Variables {
		if _, _, sum, _ := counted(table.Lookup(name)); sum != chosen[name] {
			t.Errorf("%s was chosen %v times, want %v", name, sum, chosen[name])
		}
	}
}
