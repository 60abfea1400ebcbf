package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"surveykit/survey"
)

// book makes a workbook with one sheet a name, of the rows given.
func book(t testing.TB, sheets ...any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i := 0; i < len(sheets); i += 2 {
		name := sheets[i].(string)
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for row, cells := range sheets[i+1].([][]any) {
			at, _ := excelize.CoordinatesToCellName(1, row+1)
			if err := f.SetSheetRow(name, at, &cells); err != nil {
				t.Fatal(err)
			}
		}
	}
	return saved(t, f)
}

func saved(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(file []byte, sheet string) (*survey.Table, error) {
	return Read(bytes.NewReader(file), int64(len(file)), "made.xlsx", sheet)
}

func mustRead(t *testing.T, file []byte, sheet string) *survey.Table {
	t.Helper()
	table, err := read(file, sheet)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestRead(t *testing.T) {
	table := mustRead(t, book(t, "Answers", [][]any{
		{"id", "share", "code", "says"},
		{1, 0.1 + 0.2, "007", " two\nlines, \"quoted\""},
		{},
		{2, 2.5e-7, "12", "#N/A"},
		{3},
	}), "")
	if table.Rows != 3 || strings.Join(table.Names(), " ") != "id share code says" {
		t.Fatalf("%d rows of %v", table.Rows, table.Names())
	}
	if diff := cmp.Diff([]float64{0.1 + 0.2, 2.5e-7}, table.Lookup("share").Numbers.Slice()[:2]); diff != "" {
		t.Error(diff)
	}
	want := &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, -1}), Values: []string{"007", "12"}}
	if diff := cmp.Diff(want, table.Lookup("code").Texts); diff != "" {
		t.Error(diff)
	}
	want = &survey.TextColumn{Index: survey.NewPlaces([]int32{0, -1, -1}), Values: []string{" two\nlines, \"quoted\""}}
	if diff := cmp.Diff(want, table.Lookup("says").Texts); diff != "" {
		t.Error(diff)
	}
	told := strings.Join(table.Notices.Texts(), "\n")
	for _, words := range []string{`the sheet "Answers" was read`, "1 blank rows", "1 cells with errors"} {
		if !strings.Contains(told, words) {
			t.Errorf("%q is not told: %s", words, told)
		}
	}
}

// Cells shown as dates are dates, whatever the format; numbers in other formats
// keep the digits that the sheet does not show.
func TestFormats(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	const serial = 43619.423744212961 // 2019-06-03 10:10:11.5
	codes := []string{"dd/mm/yyyy", `[$-409]d\-mmm\-yy;@`, "m/d/yyyy h:mm", "h:mm AM/PM", "[h]:mm:ss", "0%", `#,##0.0" days"`, "[Red]0.00", "mmm yy"}
	for j, code := range codes {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		name, _ := excelize.CoordinatesToCellName(j+1, 1)
		at, _ := excelize.CoordinatesToCellName(j+1, 2)
		f.SetCellValue("Sheet1", name, string(rune('a'+j)))
		f.SetCellValue("Sheet1", at, serial)
		f.SetCellStyle("Sheet1", at, at, style)
	}
	table := mustRead(t, saved(t, f), "")
	const day = 18050.0 // 2019-06-03
	seconds := (10*60+10)*60 + 11.5
	for j, want := range []struct {
		kind survey.Kind
		x    float64
	}{
		{survey.Date, day}, {survey.Date, day}, {survey.DateTime, day*86400 + seconds}, {survey.TimeOfDay, serial},
		{survey.TimeOfDay, serial}, {survey.Number, serial}, {survey.Number, serial}, {survey.Number, serial}, {survey.Date, day},
	} {
		v := table.Variables[j]
		if want.kind == survey.TimeOfDay {
			want.x = 43619*86400 + seconds
		}
		if v.Kind != want.kind || v.Numbers.At(0) != want.x {
			t.Errorf("%s: %s %v, want %s %v", codes[j], v.Kind, v.Numbers.Slice(), want.kind, want.x)
		}
	}
}

// A day that Go's calendar makes is the same day when read, in workbooks of
// both date systems.
func TestGoTimes(t *testing.T) {
	for _, mac := range []bool{false, true} {
		f := excelize.NewFile()
		f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &mac})
		f.SetCellValue("Sheet1", "A1", "when")
		f.SetCellValue("Sheet1", "A2", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC))
		v := mustRead(t, saved(t, f), "").Variables[0]
		if want := float64(time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC).Unix() / 86400); v.Kind != survey.Date || v.Numbers.At(0) != want {
			t.Errorf("1904 %v: %s %v, want %v", mac, v.Kind, v.Numbers.Slice(), want)
		}
		f.Close()
	}
}

func TestSheets(t *testing.T) {
	file := book(t, "Notes", [][]any{{"made for a test"}, {}, {"one", "two", "three"}, {1, 2, 3}}, "Data", [][]any{{"x"}, {7}, {8}})
	for sheet, want := range map[string]string{"Data": "x", "3": "x", "": "one two three", "2": "one two three"} {
		if got := strings.Join(mustRead(t, file, sheet).Names(), " "); got != want {
			t.Errorf("%q: got %q, want %q", sheet, got, want)
		}
	}
	if told := strings.Join(mustRead(t, file, "2").Notices.Texts(), ""); !strings.Contains(told, `row 1 of the sheet, "made for a test", was read as a title`) {
		t.Error(told)
	}
}

// The headings of Qualtrics are recognised as in delimited text.
func TestQualtrics(t *testing.T) {
	table := mustRead(t, book(t, "Q", [][]any{{"Q1", "Q2"}, {"How old?", "Why?"}, {`{"ImportId":"QID1"}`, `{"ImportId":"QID2"}`}, {31, "so"}}), "")
	if table.Rows != 1 || table.Variables[0].Label != "How old?" {
		t.Errorf("%d rows, %+v", table.Rows, table.Variables[0])
	}
}

func TestRefused(t *testing.T) {
	good := book(t, "Answers", [][]any{{"a", "b"}, {1, 2}})
	for what, c := range map[string]struct {
		file         []byte
		sheet, words string
	}{
		"no zip":   {[]byte("PK\x03\x04 and no more"), "", "cannot be opened"},
		"cut":      {good[:len(good)/2], "", "cannot be opened"},
		"no sheet": {good, "Anwsers", "did you mean Answers?"},
		"none":     {good, "9", "the sheets are Sheet1, Answers"},
		"empty":    {good, "Sheet1", `the sheet "Sheet1" is empty`},
		"nothing":  {book(t), "", "no visible sheet"},
		"numbers":  {book(t, "N", [][]any{{1, 2}, {3, 4}}), "", `sheet "N", row 1: the first line holds numbers`},
		"twice":    {book(t, "N", [][]any{{"Title"}, {"a", "a", "b", "c"}, {3, 4}}), "", `sheet "N", row 2: the columns 1, 2 have the same name`},
		"wide":     {book(t, "N", [][]any{{"a", "b"}, {3, 4}, {1, 2, 3}}), "", `row 3: the cell in column 3 has no name above it`},
	} {
		table, err := read(c.file, c.sheet)
		var found survey.Problems
		if !errors.As(err, &found) || table != nil || !strings.Contains(err.Error(), c.words) || found[0].Remedy == "" || found[0].File != "made.xlsx" {
			t.Errorf("%s: got %v, want %q", what, err, c.words)
		}
	}
}

// A row that no workbook has is refused before the blank ones above it are counted.
func TestRowsBeyondTheLast(t *testing.T) {
	rows := `<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="%d"><c r="A%[1]d"><v>1</v></c></row>`
	if table, err := read(bare(t, fmt.Sprintf(rows, mostRows), "", ""), ""); err != nil || table.Rows != 1 {
		t.Errorf("the last row: %v", err)
	}
	if _, err := read(bare(t, fmt.Sprintf(rows, 1<<62), "", ""), ""); err == nil || !strings.Contains(err.Error(), "has more than 1048576 rows") {
		t.Errorf("got %v", err)
	}
}

// A workbook whose sheet unpacks to a thousand times its size is refused.
func TestBombIsRefused(t *testing.T) {
	good := book(t, "Answers", [][]any{{"a"}, {1}})
	in, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, part := range in.File {
		if err := out.Copy(part); err != nil {
			t.Fatal(err)
		}
	}
	w, _ := out.Create("xl/media/image1.png")
	zeros := make([]byte, 1<<20)
	for range 2 * alwaysAllowed >> 20 {
		w.Write(zeros)
	}
	out.Close()
	if _, err := read(b.Bytes(), ""); err == nil || !strings.Contains(err.Error(), "limit") {
		t.Errorf("got %v", err)
	}
}

// Excel's own days: 1 is 1900-01-01, and its 29th of February 1900 is 60.
func TestDaysOfExcel(t *testing.T) {
	for _, c := range []struct {
		serial string
		mac    bool
		want   string
	}{{"1", false, "1900-01-01"}, {"59", false, "1900-02-28"}, {"61", false, "1900-03-01"}, {"0", true, "1904-01-01"}, {"2958465", false, "9999-12-31"}} {
		if got, ok := iso(c.serial, marks[date], c.mac); !ok || got != c.want {
			t.Errorf("%s, 1904 %v: got %s, want %s", c.serial, c.mac, got, c.want)
		}
	}
	for _, serial := range []string{"x", "2958466", "1e300", "NaN"} {
		if got, ok := iso(serial, marks[date], false); ok {
			t.Errorf("%s: got %s", serial, got)
		}
	}
	if got, ok := iso("-0.5", marks[clock], false); ok {
		t.Errorf("a negative time is %s", got)
	}
}
