package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"surveykit/reports/brand"
	"surveykit/reports/ooxml"
	"surveykit/reports/tidy"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// written is the sample book as a file's bytes.
func written(t *testing.T, b *survey.Book) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// opened reads a workbook back.
func opened(t *testing.T, b *survey.Book) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(written(t, b)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// parts are the files inside a workbook, by name.
func parts(t *testing.T, file []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		rc.Close()
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}

// find is the cell that holds a text, as column and row.
func find(t *testing.T, f *excelize.File, sheet, text string) (column, row int) {
	t.Helper()
	cells, err := f.SearchSheet(sheet, text)
	if err != nil || len(cells) == 0 {
		t.Fatalf("sheet %s has no cell %q (%v)", sheet, text, err)
	}
	column, row, _ = excelize.CellNameToCoordinates(cells[0])
	return column, row
}

func raw(t *testing.T, f *excelize.File, sheet string, column, row int) string {
	t.Helper()
	s, err := f.GetCellValue(sheet, ooxml.CellName(column, row), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func shownAs(t *testing.T, f *excelize.File, sheet string, column, row int) string {
	t.Helper()
	s, err := f.GetCellValue(sheet, ooxml.CellName(column, row))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSameBookSameBytes(t *testing.T) {
	first := written(t, sampleBook())
	for range 5 {
		if !bytes.Equal(first, written(t, sampleBook())) {
			t.Fatal("the bytes differ from run to run")
		}
	}
	r, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	oldest := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, f := range r.File {
		if !f.Modified.Equal(oldest) {
			t.Errorf("%s carries the time %v", f.Name, f.Modified)
		}
	}
}

func TestSheets(t *testing.T) {
	f := opened(t, sampleBook())
	want := []string{"Cover", "Contents", "Design and disclosure", "q1_control", "q2_trust", "q3_items", "q4_segments", "q5_hours", "Data", "Chart data"}
	if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	props, err := f.GetDocProps()
	if err != nil || props.Title != sampleBook().Title || !strings.Contains(props.Subject, "Synthetic") || props.Created != "2000-01-01T00:00:00Z" {
		t.Errorf("properties %+v, %v", props, err)
	}
}

// Every figure stands in its cell in full precision, as a number under a
// format; limits, letters and p beside it.
func TestFiguresReadBack(t *testing.T) {
	b := sampleBook()
	f := opened(t, b)
	for i, tab := range b.Tables {
		sheet, l := f.GetSheetName(i+3), layOut(tab)
		for r, row := range tab.Rows {
			_, y := find(t, f, sheet, row.Label)
			for _, p := range l.spans {
				c := tab.Cells[r][p.index]
				of := measured(row.Kind, p.Change)
				wantCell(t, f, sheet, p.first, y, cellValue(of, c))
				wantCell(t, f, sheet, p.details, y, limit(of, c, c.Low))
				wantCell(t, f, sheet, p.details+1, y, limit(of, c, c.High))
				switch {
				case p.Change:
					wantCell(t, f, sheet, p.side, y, shown(c, c.P))
				case p.side > 0:
					if got := raw(t, f, sheet, p.side, y); got != letters(c) {
						t.Errorf("%s, %s: letters %q, want %q", sheet, row.Label, got, letters(c))
					}
				}
			}
		}
	}
}

func wantCell(t *testing.T, f *excelize.File, sheet string, column, row int, want any) {
	t.Helper()
	got := raw(t, f, sheet, column, row)
	if want == nil || want == "" {
		if got != "" {
			t.Errorf("%s!%s holds %q, want nothing", sheet, ooxml.CellName(column, row), got)
		}
		return
	}
	x, number := want.(float64)
	if !number {
		if got != want {
			t.Errorf("%s!%s holds %q, want %q", sheet, ooxml.CellName(column, row), got, want)
		}
		return
	}
	back, err := strconv.ParseFloat(got, 64)
	if err != nil || back != x {
		t.Errorf("%s!%s holds %q, want the number %v", sheet, ooxml.CellName(column, row), got, x)
	}
	if kind, _ := f.GetCellType(sheet, ooxml.CellName(column, row)); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("%s!%s is no number (type %v)", sheet, ooxml.CellName(column, row), kind)
	}
}

func TestFormats(t *testing.T) {
	f := opened(t, sampleBook())
	at := func(sheet, label string, column int) string {
		_, row := find(t, f, sheet, label)
		return strings.TrimSpace(shownAs(t, f, sheet, column, row))
	}
	l := layOut(agreeTable())
	column := func(label string) int {
		i := slices.IndexFunc(l.spans, func(p span) bool { return p.Label == label })
		return l.spans[i].first
	}
	if x, _ := find(t, f, "q1_control", "points"); x != column("2011 − 2009") {
		t.Errorf("column %d is in points", x)
	}
	for _, c := range []struct {
		sheet, row string
		column     int
		want       string
	}{
		{"q1_control", "NET agree", 2, "66%"},
		{"q1_control", "Strongly agree", column("Male"), "29%†"},
		{"q1_control", "Strongly agree", column("Prefer to self-describe"), "*"},
		{"q1_control", "NET agree", column("2011 − 2009"), "-3.4"},
		{"q1_control", "Somewhat agree", column("2011 − 2009"), "+3.4"},
		{"q1_control", "Unweighted base", 2, "37,350"},
		{"q1_control", "Weighted base", 2, "150,000"},
		{"q1_control", "Effective base", 2, "21,035"},
		{"q2_trust", "Trust a lot", 2, "12.0%"},
		{"q3_items", "Health record", layOut(itemTable()).spans[2].first, "–"},
		{"q5_hours", "Mean hours online a day", 2, "3.42"},
		{"q5_hours", "Households (total)", 2, "1,234,567"},
	} {
		if got := at(c.sheet, c.row, c.column); got != c.want {
			t.Errorf("%s, %s, column %d shows %q, want %q", c.sheet, c.row, c.column, got, c.want)
		}
	}
}

func TestNoSuppressedFigureAnywhere(t *testing.T) {
	b := sampleBook()
	secret := 0.123454321
	b.Tables[0].Cells[0][9].Value, b.Tables[0].Cells[0][9].Low = survey.FigureOf(secret), survey.FigureOf(secret)
	b.Tables[0].Chart.Columns = nil
	b.Tables[0].Chart.SeriesByRow = true
	for name, part := range parts(t, written(t, b)) {
		if strings.Contains(part, "0.123454321") {
			t.Errorf("%s holds a suppressed figure", name)
		}
	}
}

// Nothing that came in as text becomes a formula.
func TestTextStaysText(t *testing.T) {
	b := sampleBook()
	for i, bad := range []string{"=1+1", "+1", "-1", "@A1", "\t=1", "=HYPERLINK(\"x\")"} {
		b.Tables[0].Rows[i].Label = bad
	}
	b.Title, b.Tables[0].Title, b.Tables[0].Columns[1].Label = "=T()", "=T()", "=T()"
	b.Tables[0].Chart.Columns = []string{"=T()"}
	file := written(t, b)
	for name, part := range parts(t, file) {
		if strings.HasPrefix(name, "xl/worksheets/sheet") && strings.Contains(part, "<f>") {
			t.Errorf("%s has a formula", name)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, row := find(t, f, "q1_control", "=1+1"); row == 0 {
		t.Error("a label was lost")
	}
}

// A character that XML cannot hold leaves the file whole.
func TestTextsThatXMLCannotHold(t *testing.T) {
	b := sampleBook()
	b.Tables[0].Rows[0].Label, b.Tables[0].Rows[1].Label = "bell\x07", "not text \xff\xfe"
	f := opened(t, b)
	find(t, f, "q1_control", "bell\uFFFD")
	find(t, f, "q1_control", "not text \uFFFD\uFFFD")
}

func TestLongTextsAreCut(t *testing.T) {
	b := sampleBook()
	b.Tables[0].Notes = []string{strings.Repeat("é", 40000)}
	f := opened(t, b)
	_, row := find(t, f, "q1_control", strings.Repeat("é", ooxml.MaxText))
	if row == 0 {
		t.Error("the note is not there")
	}
}

func TestDataSheetHoldsEveryRecord(t *testing.T) {
	b := sampleBook()
	f := opened(t, b)
	rows, err := f.GetRows(dataSheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	records := tidy.Records(b)
	if len(rows) != len(records)+1 {
		t.Fatalf("%d rows for %d records", len(rows), len(records))
	}
	for i, name := range rows[0] {
		if name != tidy.Fields[i].Name {
			t.Errorf("column %d is %q, want %q", i+1, name, tidy.Fields[i].Name)
		}
	}
	estimate := slices.Index(rows[0], "estimate")
	for i, r := range records {
		if got := rows[i+1][estimate]; r.Value.Exists() && got != survey.FormatNumber(r.Value.Float()) {
			t.Errorf("row %d: %q, want %v", i+2, got, r.Value.Float())
		}
	}
	tables, err := f.GetTables(dataSheet)
	if err != nil || len(tables) != 1 || tables[0].Name != "Results" || tables[0].Range != fmt.Sprintf("A1:%s", ooxml.CellName(len(tidy.Fields), len(rows))) {
		t.Errorf("tables %+v, %v", tables, err)
	}
}

// Where rows differ in their bases, the lines on top show the range, the closed
// columns each row's own, and a line below says so.
func TestOwnBases(t *testing.T) {
	b := sampleBook()
	tab := tableOf(b, "q3_items")
	tab.Cells[1][1].N = 450
	f := opened(t, b)
	if cells, _ := f.SearchSheet("q3_items", "weighted n"); len(cells) != len(tab.Columns) {
		t.Errorf("%d headings for weighted bases, want one a column", len(cells))
	}
	_, top := find(t, f, "q3_items", "Unweighted base")
	for c, want := range []any{"100–900", "450–900", "0–900"} {
		wantCell(t, f, "q3_items", layOut(tab).spans[c].first, top, want)
	}
	find(t, f, "q3_items", "Rows differ in their bases: the lines on top show the smallest and the largest, the closed columns right of each figure its own (n unweighted, weighted and effective).")
	p := layOut(tab).spans[1]
	_, row := find(t, f, "q3_items", "Purchase history")
	wantCell(t, f, "q3_items", p.details+2, row, float64(tab.Cells[1][1].N))
	wantCell(t, f, "q3_items", p.last, row, tab.Cells[1][1].NEffective.Float())
}

func TestCover(t *testing.T) {
	b := sampleBook()
	f := opened(t, b)
	for _, text := range []string{b.Title, b.Subtitle, wording.Synthetic, b.Design[0], b.Precision[0], b.Disclosure[0].Text, b.Warnings[0].Text, sourceText(b.Sources[1])} {
		find(t, f, coverSheet, text)
	}
	for _, sheet := range f.GetSheetList()[2:8] {
		find(t, f, sheet, wording.Synthetic)
	}
}

// The smallest books are written too: nothing in them, a table without rows,
// one without columns.
func TestSmallBooks(t *testing.T) {
	for name, b := range map[string]*survey.Book{
		"empty":      {},
		"no rows":    {Tables: []*survey.Tabulation{{ID: "t", Columns: banner(), Chart: &survey.Chart{}}}},
		"no columns": {Tables: []*survey.Tabulation{{ID: "t", Rows: []survey.Row{{Label: "x"}}, Cells: [][]survey.Cell{{}}, Chart: &survey.Chart{}}}},
	} {
		f := opened(t, b)
		if f.SheetCount != 4+len(b.Tables) {
			t.Errorf("%s: sheets %v", name, f.GetSheetList())
		}
	}
}

func TestTooManyColumns(t *testing.T) {
	tab := &survey.Tabulation{ID: "wide", Columns: make([]survey.Column, 6000)}
	err := Write(io.Discard, &survey.Book{Tables: []*survey.Tabulation{tab}})
	if err == nil || !strings.Contains(err.Error(), `"wide"`) {
		t.Errorf("error %v does not name the sheet", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestErrorOfTheWriter(t *testing.T) {
	if err := Write(full{}, sampleBook()); err == nil {
		t.Error("an error of the writer was lost")
	}
}

// A client's colours, font and logo are those of the tab book. An accessible
// workbook has none of them.
func TestTheme(t *testing.T) {
	logo := picture(t)
	b := sampleBook()
	b.Theme = survey.Theme{Colours: []string{"#B85C00"}, Font: "Source Sans 3", LogoData: logo}
	all := parts(t, written(t, b))
	styles := all["xl/styles.xml"]
	if strings.Contains(styles, navy) || strings.Contains(styles, `val="Arial"`) {
		t.Error("the house's look shines through")
	}
	if !strings.Contains(styles, brand.Of(b.Theme).Strong) || !strings.Contains(styles, `val="Source Sans 3"`) {
		t.Error("the styles lack the client's colour or font")
	}
	for name, part := range all {
		if strings.HasPrefix(name, "xl/charts/") && (!strings.Contains(part, `typeface="Source Sans 3"`) || !strings.Contains(part, "B85C00")) {
			t.Errorf("%s is not in the client's look", name)
		}
	}
	f := opened(t, b)
	pictures, err := f.GetPictures(coverSheet, "A1")
	if err != nil || len(pictures) != 1 || !bytes.Equal(pictures[0].File, logo) || pictures[0].Format.AltText != "Logo" {
		t.Errorf("%d pictures on the cover, %v", len(pictures), err)
	}
	find(t, f, coverSheet, b.Title)
	if plain := unzipped(accessibleFile(t, b)); strings.Contains(plain["xl/styles.xml"], "Source Sans") || plain["xl/media/image1.png"] != "" {
		t.Error("an accessible workbook in the client's look")
	}
}
