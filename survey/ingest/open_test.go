package ingest

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"surveykit/survey"
	"surveykit/survey/ingest/sav"
)

// folder makes files in a temporary folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOpen(t *testing.T) {
	path := filepath.Join(folder(t, map[string]string{"survey.CSV": "a,b\n1,x\n2,y\n"}), "survey.CSV")
	table, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The hash was computed with sha256sum.
	want := []survey.Source{{Path: path, Format: "delimited", Bytes: 12, Rows: 2,
		SHA256: "15920f3fb7c051cc15fceee84432e8803a139a9b53a4ea832c37bf1109e200cf"}}
	if diff := cmp.Diff(want, table.Sources); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(table.Names(), " "); got != "a b" {
		t.Errorf("names %q", got)
	}
}

func TestOpenHandsOptionsOn(t *testing.T) {
	path := filepath.Join(folder(t, map[string]string{"s.txt": "a:b\n1:2\n"}), "s.txt")
	table, err := Open(path, Options{Delimited: &survey.DelimitedOptions{Delimiter: ":"}})
	if err != nil || len(table.Variables) != 2 {
		t.Errorf("got %v, %v", table, err)
	}
}

func TestOpenJSONLines(t *testing.T) {
	dir := folder(t, map[string]string{"s.jsonl": "{\"a\":1}\n", "s.ndjson.gz": gzipped("{\"a\":1}\n"), "s.json": "[{\"a\":1}]"})
	for _, name := range []string{"s.jsonl", "s.ndjson.gz", "s.json"} {
		table, err := Open(filepath.Join(dir, name), Options{})
		if err != nil || table.Rows != 1 || table.Lookup("a") == nil || table.Sources[0].Format != "jsonl" {
			t.Errorf("%s: got %v, %v", name, table, err)
		}
	}
}

func TestOpenTripleS(t *testing.T) {
	const definition = `<sss version="2.0"><survey><record ident="V"><variable ident="1" type="quantity"><name>a</name><position start="1"/></variable></record></survey></sss>`
	dir := folder(t, map[string]string{"s.sss": definition, "s.asc": "7\n8\n"})
	table, err := Open(filepath.Join(dir, "s.sss"), Options{})
	if err != nil || table.Rows != 2 || len(table.Sources) != 2 || table.Sources[0].Path != filepath.Join(dir, "s.sss") ||
		table.Sources[1].Path != filepath.Join(dir, "s.asc") || table.Sources[1].Bytes != 4 {
		t.Errorf("got %+v, %v", table, err)
	}
}

func TestOpenParquet(t *testing.T) {
	var b bytes.Buffer
	if err := parquet.Write(&b, []struct{ A int32 }{{7}}); err != nil {
		t.Fatal(err)
	}
	table, err := Open(filepath.Join(folder(t, map[string]string{"s.dat": b.String()}), "s.dat"), Options{})
	if err != nil || table.Rows != 1 || table.Sources[0].Format != "parquet" {
		t.Errorf("got %+v, %v", table, err)
	}
}

// Formats that know no sets have them in cells of several codes.
func TestOpenSplitsCells(t *testing.T) {
	dir := folder(t, map[string]string{"s.csv": "id,q\n1,1;3\n2,3;\n", "s.jsonl": `{"id":1,"q":[1,3]}{"id":2,"q":[3]}`})
	for _, name := range []string{"s.csv", "s.jsonl"} {
		table, err := Open(filepath.Join(dir, name), Options{})
		if err != nil || table.Set("q") == nil || table.Lookup("q_3").Numbers.At(1) != 1 || table.Lookup("q_1").Numbers.At(1) != 0 || len(table.Sources) != 1 {
			t.Errorf("%s: got %+v, %v", name, table, err)
		}
	}
}

// An SPSS file is known by its content, whatever its name.
func TestOpenKnowsContent(t *testing.T) {
	table := &survey.Table{Rows: 1, Variables: []*survey.Variable{{Name: "a", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{7})}}}
	for _, options := range []sav.Options{{}, {Zlib: true}} {
		var b bytes.Buffer
		if _, err := sav.Write(&b, table, options); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder(t, map[string]string{"a.csv": b.String()}), "a.csv")
		back, err := Open(path, Options{})
		if err != nil || back.Sources[0].Format != "sav" || back.Lookup("a").Numbers.At(0) != 7 {
			t.Errorf("got %v, %v", back, err)
		}
	}
}

func gzipped(content string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(content))
	w.Close()
	return b.String()
}

// A packed file is read as what it holds; its source is the packed file.
func TestOpenUnpacks(t *testing.T) {
	var spss bytes.Buffer
	table := &survey.Table{Rows: 1, Variables: []*survey.Variable{{Name: "a", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{7})}}}
	if _, err := sav.Write(&spss, table, sav.Options{}); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"s.csv.gz": "a\n7\n", "s.csv": "a\n7\n", "s.gz": spss.String()} {
		file := gzipped(content)
		got, err := Open(filepath.Join(folder(t, map[string]string{name: file}), name), Options{})
		if err != nil || got.Lookup("a").Numbers.At(0) != 7 || got.Sources[0].Bytes != int64(len(file)) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestOpenWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	f.SetCellValue("Sheet1", "A1", "a")
	f.NewSheet("More")
	f.SetCellValue("More", "A1", "b")
	path := filepath.Join(t.TempDir(), "s.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	for sheet, want := range map[string]string{"": "a", "More": "b"} {
		table, err := Open(path, Options{Sheet: sheet})
		if err != nil || table.Lookup(want) == nil || table.Sources[0].Format != "xlsx" {
			t.Errorf("%q: got %v, %v", sheet, table, err)
		}
	}
}

func TestOpenProblems(t *testing.T) {
	dir := folder(t, map[string]string{
		"survey.csv": "a\n1\n", "empty.csv": "", "ragged.csv": "a,b\n1\n", "survey.xyz": "a\n1\n",
		"book.csv": "PK\x03\x04rest", "packed.csv": "\x1f\x8brest", "packed.csv.gz": gzipped(gzipped("a\n1\n")), "empty.sav": "", "other.sav": "not SPSS at all",
	})
	for name, want := range map[string]string{
		"survy.csv":          "there is no such file; did you mean survey.csv",
		"nowhere/survey.csv": "there is no such file, and its folder does not exist",
		"":                   "this is a folder",
		"empty.csv":          "the file is empty",
		"ragged.csv":         "the row has 1 cell",
		"survey.xyz":         "the format of this file is not known; give delimited text",
		"book.csv":           "the workbook cannot be opened",
		"packed.csv":         "the packed file is damaged",
		"packed.csv.gz":      "packed twice",
		"empty.sav":          "the file is empty",
		"other.sav":          "other.sav: ",
	} {
		_, err := Open(filepath.Join(dir, name), Options{})
		if problems, ok := err.(survey.Problems); !ok || !strings.Contains(problems.Error(), want) {
			t.Errorf("%q: got %v, want %q", name, err, want)
		}
	}
}

// An encoding that is given is used, or refused where it cannot be.
func TestEncodingGiven(t *testing.T) {
	dir := folder(t, map[string]string{"s.csv": "a\n\xcc\n", "s.jsonl": `{"a":1}`})
	given := func(name string) Options { return Options{Delimited: &survey.DelimitedOptions{Encoding: name}} }
	if table, err := Open(filepath.Join(dir, "s.csv"), given("windows-1251")); err != nil || table.Variables[0].Texts.Values[0] != "М" {
		t.Errorf("got %v, %v", table, err)
	}
	for _, c := range []struct{ path, name, words string }{
		{filepath.Join(dir, "s.jsonl"), "windows-1251", "the text of JSON lines files has one encoding"},
		{"dta/testdata/haven-15.dta", "klingon", `value "klingon": the encoding is not known`},
		{"sas/testdata/haven.sas7bdat", "utf-16", `value "utf-16": the encoding is not known`},
		{"dta/testdata/haven-15.dta", "windows-1251", ""},
		{"sas/testdata/haven8.xpt", "cp1251", ""},
	} {
		_, err := Open(c.path, given(c.name))
		if c.words == "" && err != nil || c.words != "" && (err == nil || !strings.Contains(err.Error(), c.words)) {
			t.Errorf("%s as %s: got %v", c.path, c.name, err)
		}
	}
}

// An option of delimited text holds for another format, or is refused by its name.
func TestOptionsOfText(t *testing.T) {
	dir := folder(t, map[string]string{"s.jsonl": `{"a":1}`})
	yes := true
	all := survey.DelimitedOptions{Delimiter: ";", Quote: "'", Escape: "\\", Skip: 1, HeaderRow: 2, HeaderRows: 1, Encoding: "windows-1251", DecimalComma: &yes, DateOrder: "dmy", Missing: []string{"x"}}
	names := []string{"delimiter", "quote", "escape", "skip", "header_row", "header_rows", "decimal_comma", "date_order", "missing"}
	for path, takes := range map[string][]string{
		filepath.Join(dir, "s.jsonl"): nil, "dta/testdata/haven-15.dta": nil, "xls/testdata/calc.xls": ofSheets, "ods/testdata/calc.ods": ofSheets,
	} {
		_, err := Open(path, Options{Delimited: &all})
		for _, name := range names {
			refused := err != nil && strings.Contains(err.Error(), "do not take the option "+name+",")
			if refused == slices.Contains(takes, name) {
				t.Errorf("%s: option %s is refused: %t\n%v", path, name, refused, err)
			}
		}
	}
	csv := filepath.Join(folder(t, map[string]string{"s.csv": "a\n1\n"}), "s.csv")
	if _, err := Open(csv, Options{Sheet: "2", Catalog: "c"}); err == nil || !strings.Contains(err.Error(), "have no sheets") || !strings.Contains(err.Error(), "have no catalog") {
		t.Errorf("a sheet and a catalog of text: %v", err)
	}
	if table, err := Open("xls/testdata/calc.xls", Options{Delimited: &survey.DelimitedOptions{Missing: []string{"1"}}}); err != nil || table.Lookup("id").Numbers.Contains(1) {
		t.Errorf("1 means no value, and is one: %v", err)
	}
}

func TestReadersPanicIsAProblem(t *testing.T) {
	f := format{name: "x", read: func(io.ReaderAt, int64, string, Options) (*survey.Table, error) { panic("index out of range") }}
	table, err := f.table(nil, 0, "s.x", Options{})
	if problems, ok := err.(survey.Problems); !ok || table != nil || !strings.Contains(problems.Error(), "s.x: the x reader failed: index out of range") {
		t.Errorf("got %v, %v", table, err)
	}
}

// SPSS wrote these .sav files and, from them, the CSV files: both must give
// the same numbers. SPSS writes up to 15 significant digits.
func TestSPSSAndItsOwnExportAgree(t *testing.T) {
	const spssDigits = 1e-14 // relative
	root := "../../../shared/data/formats/spss"
	if _, err := os.Stat(root); err != nil {
		t.Skipf("shared survey data not there: %v", err)
	}
	exports, _ := filepath.Glob(filepath.Join(root, "spss_export", "*.csv"))
	compared := 0
	for _, export := range exports {
		name := strings.TrimSuffix(filepath.Base(export), ".csv") + ".sav"
		text, err := Open(export, Options{})
		if err != nil {
			t.Fatal(err)
		}
		spss, err := Open(filepath.Join(root, name), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if text.Rows != spss.Rows || len(text.Variables) != len(spss.Variables) {
			t.Fatalf("%s: %d × %d and %d × %d", name, text.Rows, len(text.Variables), spss.Rows, len(spss.Variables))
		}
		for j, a := range text.Variables {
			b := spss.Variables[j]
			if a.Kind != survey.Number || b.Kind != survey.Number {
				continue
			}
			compared++
			for i, x := range a.Numbers.All() {
				y := b.Numbers.At(i)
				if math.IsNaN(x) != math.IsNaN(y) || math.Abs(x-y) > spssDigits*math.Abs(y) {
					t.Errorf("%s, %s, row %d: %v in the text, %v in the file", name, a.Name, i+1, x, y)
					break
				}
			}
		}
	}
	if compared < 300 {
		t.Errorf("only %d variables were compared", compared)
	}
}
