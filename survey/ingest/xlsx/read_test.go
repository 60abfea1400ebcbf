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
	"golang.org/x/text/encoding/unicode"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
	"surveykit/survey/ingest/office"
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
	b, err := Open(bytes.NewReader(file), int64(len(file)), "made.xlsx")
	if err != nil {
		return nil, err
	}
	return b.Read(sheet, nil)
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
		"nameless": {book(t, "N", [][]any{{"Title"}, {"a", nil, nil, "c"}, {1, 3, 4, 5}}), "", `sheet "N", row 2: the first line does not name every column`},
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

// A workbook with a part that unpacks to a thousand times its size is refused; a part that
// is not read is not unpacked.
func TestBombIsRefused(t *testing.T) {
	good := book(t, "Answers", [][]any{{"a"}, {1}})
	in, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	for name, words := range map[string]string{"xl/worksheets/sheet2.xml": "limit", "xl/media/image1.png": ""} {
		var b bytes.Buffer
		out := zip.NewWriter(&b)
		for _, part := range in.File {
			if part.Name == name {
				continue
			}
			if err := out.Copy(part); err != nil {
				t.Fatal(err)
			}
		}
		w, _ := out.Create(name)
		blanks := bytes.Repeat([]byte(" "), 1<<20)
		for range 3 * office.AlwaysAllowed >> 21 {
			w.Write(blanks)
		}
		out.Close()
		if _, err := read(b.Bytes(), ""); words == "" && err != nil || words != "" && (err == nil || !strings.Contains(err.Error(), words)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A sheet that is damaged in any place is refused with its row, never read in part.
func TestDamagedSheets(t *testing.T) {
	const head, foot = `<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>`, `<row r="4"><c r="A4"><v>1</v></c></row>`
	for rows, words := range map[string]string{
		`<row r="3"><c r="A3" <<< ><v>5</v></c></row>`:                                 "row 3",
		`<row r="3"><c r="A3" t="inlineStr"><is><t>a` + "\x01" + `</t></is></c></row>`: "row 3",
		`<row r="3"><c r="A3"><v>5</v></row>`:                                          "row 3",
		`<row r="3"><c r="A3" t="s"><v>9</v></c></row>`:                                "row 3: the cell in column 1: it has a text that the workbook does not have",
		`<row r="3"><c r="A3" t="s"><v>-1</v></c></row>`:                               "row 3: the cell in column 1",
		`<row r="3"><c r="A3" s="7"><v>1</v></c></row>`:                                "row 3: the cell in column 1 has a style",
		`<row r="3"><c r="A3"><v>one</v></c></row>`:                                    "row 3: the cell in column 1: it is to be a number",
		`<row r="3"><c r="A5"><v>1</v></c></row>`:                                      `row 3: it has the cell "A5"`,
		`<row r="3"><c r="ZZZZ3"><v>1</v></c></row>`:                                   "row 3: it has more than 16384 columns",
		`<row r="3"><c r="ZZZ3"><v>1</v></c></row>`:                                    "row 3: it has more than 16384 columns",
		`<row r="3"><c r="B3"/><c r="A3"><v>1</v></c></row>`:                           "row 3: the cell A3 is there twice",
		`<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>1</v></c></row>`:                "row 3: the cell A3 is there twice",
		`<row r="2"><c r="A2"><v>1</v></c></row>`:                                      "row 3: its number is 2, after row 2",
		`<row r="3">` + strings.Repeat("<a>", 200):                                     "too deep",
		`</sheetData></worksheet>`:                                                     "ends what has not begun",
	} {
		table, err := read(bare(t, head+rows+foot, someTexts, someStyles), "")
		if err == nil || table != nil || !strings.Contains(err.Error(), `the sheet "S" cannot be read`) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: got %v, want %q", rows, err, words)
		}
	}
	whole := bare(t, head+foot, someTexts, someStyles)
	for at := bytes.Index(whole, []byte("<sheetData>")); at < bytes.Index(whole, []byte("</worksheet>")); at++ {
		cut := bytes.Replace(whole, whole[at:bytes.Index(whole, []byte("</worksheet>"))+len("</worksheet>")], bytes.Repeat([]byte(" "), bytes.Index(whole, []byte("</worksheet>"))+len("</worksheet>")-at), 1)
		if table, err := read(cut, ""); err == nil {
			t.Fatalf("cut at %d: %d rows were read", at, table.Rows)
		}
	}
}

// Texts are read as the sheet shows them: escaped characters, line ends, rich text
// without the readings of its characters, and text that needs none of these.
func TestTexts(t *testing.T) {
	rows := `<row><c t="inlineStr"><is><t>q</t></is></c></row>`
	for _, text := range []string{
		`<c t="inlineStr"><is><t>two_x000D_&#10;lines_x000d_end</t></is></c>`,
		`<c t="inlineStr"><is><t>_x005F_x000D_ _x00 _xZZZZ_ _x</t></is></c>`,
		`<c t="inlineStr"><is><r><t xml:space="preserve">東 </t></r><r><t>京</t></r><rPh sb="0" eb="1"><t>トウ</t></rPh></is></c>`,
		`<c t="str"><f>A1&amp;B1</f><v>made</v></c>`,
		`<c t="d"><v>2024-02-29</v></c>`,
		`<c t="b"><v>1</v></c>`,
	} {
		rows += "<row>" + text + "</row>"
	}
	want := "q\ntwo\nlines\nend\n_x000D_ _x00 _xZZZZ_ _x\n東 京\nmade\n2024-02-29\n1\n"
	if got := damagetest.Shown(mustRead(t, bare(t, rows, "", ""), "")); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Programs choose the names of parts and prefixes, and leave out what they do not need.
func TestOtherPrograms(t *testing.T) {
	const office = "http://purl.oclc.org/ooxml/officeDocument/relationships"
	const sheet1 = `<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row><x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>`
	const main = `<x:workbook xmlns:x="m" xmlns:rel="r"><x:sheets><x:sheet name="S" sheetId="1" rel:id="r0"/></x:sheets></x:workbook>`
	wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(`<?xml version="1.0" encoding="UTF-16"?>` + sheet1)
	for what, parts := range map[string][][2]string{
		"elsewhere, absolute": {{"_rels/.rels", links(office, "officeDocument", "/content/book.xml")}, {"content/_rels/book.xml.rels", links(office, "worksheet", "/content/one.xml")}, {"content/book.xml", main}, {"content/one.xml", sheet1}},
		"relative":            {{"_rels/.rels", links(office, "officeDocument", "content/book.xml")}, {"content/_rels/book.xml.rels", links(office, "worksheet", "../one.xml")}, {"content/book.xml", main}, {"one.xml", sheet1}},
		"of Windows":          {{"xl\\_rels\\workbook.xml.rels", links(office, "worksheet", "worksheets\\Sheet1.xml")}, {"xl\\workbook.xml", main}, {"xl\\worksheets\\sheet1.xml", sheet1}},
		"UTF-16":              {{"xl/_rels/workbook.xml.rels", links(office, "worksheet", "worksheets/sheet1.xml")}, {"xl/workbook.xml", main}, {"xl/worksheets/sheet1.xml", wide}},
		"windows-1252":        {{"xl/_rels/workbook.xml.rels", links(office, "worksheet", "worksheets/sheet1.xml")}, {"xl/workbook.xml", main}, {"xl/worksheets/sheet1.xml", `<?xml version="1.0" encoding="windows-1252"?>` + sheet1}},
	} {
		if got := damagetest.Shown(mustRead(t, packed(t, parts), "")); got != "a\n7\n" {
			t.Errorf("%s: got %q", what, got)
		}
	}
}

// The sheet with the table is read, not a cover, nor a codebook before it.
func TestSheetWithTheTable(t *testing.T) {
	data := [][]any{{"id", "q1", "q2"}}
	for i := range 30 {
		data = append(data, []any{i, 1, 2})
	}
	file := book(t, "Cover", [][]any{{"Prepared by agency"}, {}, {"Client", "X"}, {"n", 30}}, "Codes", [][]any{{"name", "label"}, {"q1", "One"}, {"q2", "Two"}}, "Data", data, "Later", data)
	table := mustRead(t, file, "")
	if table.Rows != 30 || strings.Join(table.Names(), " ") != "id q1 q2" {
		t.Errorf("%d rows of %v", table.Rows, table.Names())
	}
	if told := strings.Join(table.Notices.Texts(), ""); !strings.Contains(told, `the sheet "Data" was read; the workbook's sheets are Sheet1, Cover, Codes, Data, Later`) {
		t.Error(told)
	}
}

// Excel's own days: 1 is 1900-01-01, and its 29th of February 1900 is 60.
func TestDaysOfExcel(t *testing.T) {
	for _, c := range []struct {
		serial string
		mac    bool
		want   string
	}{{"1", false, "1900-01-01"}, {"59", false, "1900-02-28"}, {"61", false, "1900-03-01"}, {"0", true, "1904-01-01"}, {"2958465", false, "9999-12-31"}} {
		if got, ok := ISO(c.serial, date, c.mac); !ok || got != c.want {
			t.Errorf("%s, 1904 %v: got %s, want %s", c.serial, c.mac, got, c.want)
		}
	}
	for _, serial := range []string{"x", "2958466", "1e300", "NaN"} {
		if got, ok := ISO(serial, date, false); ok {
			t.Errorf("%s: got %s", serial, got)
		}
	}
	if got, ok := ISO("-0.5", clock, false); ok {
		t.Errorf("a negative time is %s", got)
	}
}
