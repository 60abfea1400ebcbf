package ingest

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"surveykit/survey"
)

// needShared skips a test where the shared survey files are absent.
func needShared(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(sharedData); err != nil {
		t.Skip("needs the data sets in shared/data beside the checkout")
	}
}

// A view is what an expected CSV file shows of a value; ok is false for a blank.
type view func(v *survey.Variable, x survey.Value) (shown string, ok bool)

// answers shows values that are no declared missing ones.
func answers(v *survey.Variable, x survey.Value) (string, bool) { return x.String(), !v.IsMissing(x) }

// given shows all values, declared missing or not.
func given(_ *survey.Variable, x survey.Value) (string, bool) { return x.String(), true }

func labels(v *survey.Variable, x survey.Value) (string, bool) { return v.LabelOf(x), true }

// stored shows dates as the file counts them: seconds since 1582-10-14, or days
// and seconds since 1960-01-01.
func stored(day, origin float64) view {
	return func(v *survey.Variable, x survey.Value) (string, bool) {
		switch v.Kind {
		case survey.Date:
			return survey.FormatNumber((x.Number + origin) * day), true
		case survey.DateTime:
			return survey.FormatNumber(x.Number + origin*86400), true
		}
		return x.String(), true
	}
}

// What the authors of pyreadstat expect in files that SPSS, Stata and SAS wrote,
// cell by cell; the packages of the formats test the others of their files.
func TestExpectedCells(t *testing.T) {
	needShared(t)
	const spssOrigin, sasOrigin, day = 141428, 3653, 86400
	for _, c := range []struct {
		file, catalog, cells string
		view                 view
	}{
		{"sample.sav", "", "sample_nodate_spss.csv", stored(day, spssOrigin)},
		{"sample.sas7bdat", "", "sample_nodate_sas_stata.csv", stored(1, sasOrigin)},
		{"missing_test.sav", "", "missing_sav_unformatted.csv", answers},
		{"missing_test.sav", "", "missing_sav_formatted.csv", given},
		{"missing_test.sav", "", "missing_sav_labeled.csv", labels},
		{"missing_char.sav", "", "missing_char_unformatted.csv", answers},
		{"missing_char.sav", "", "missing_char_formatted.csv", given},
		{"missing_test.dta", "", "missing_unformatted.csv", answers},
		{"missing_test.sas7bdat", "", "missing_unformatted.csv", answers},
		{"test_data_win.sas7bdat", "test_formats_win.sas7bcat", "sas_formatted.csv", labels},
	} {
		dir := filepath.Join(sharedData, "formats/pyreadstat")
		o := Options{}
		if c.catalog != "" {
			o.Catalog = filepath.Join(dir, c.catalog)
		}
		table, err := Open(filepath.Join(dir, c.file), o)
		if err != nil {
			t.Error(err)
			continue
		}
		rows := readCells(t, filepath.Join(dir, c.cells))
		if len(rows)-1 != table.Rows || len(rows[0]) != len(table.Variables) {
			t.Errorf("%s: %d rows of %d variables", c.file, table.Rows, len(table.Variables))
			continue
		}
		for i, row := range rows[1:] {
			for j, v := range table.Variables {
				shown := ""
				if x, ok := v.At(i); ok {
					if s, ok := c.view(v, x); ok {
						shown = s
					}
				}
				if !sameShown(shown, row[j]) {
					t.Errorf("%s against %s, row %d, %s: %q, want %q", c.file, c.cells, i+1, v.Name, shown, row[j])
				}
			}
		}
	}
}

// sameShown compares cells, numbers as numbers; NaN stands for a blank.
func sameShown(got, want string) bool {
	if want == "NaN" {
		want = ""
	}
	x, err1 := strconv.ParseFloat(got, 64)
	y, err2 := strconv.ParseFloat(want, 64)
	return got == want || err1 == nil && err2 == nil && x == y
}

func readCells(t *testing.T, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Special missing values of Stata and SAS are missing; which they were, under
// which label, is told. The CSV files show their letters, or their labels.
func TestSpecialMissingValuesAreTold(t *testing.T) {
	needShared(t)
	dir := filepath.Join(sharedData, "formats/pyreadstat")
	for _, c := range []struct{ file, catalog, letters, labels string }{
		{"missing_test.dta", "", "missing_dta_formatted.csv", "missing_dta_labeled.csv"},
		{"missing_test.sas7bdat", "missing_formats.sas7bcat", "missing_sas_formatted.csv", "missing_sas_labeled.csv"},
	} {
		o := Options{}
		if c.catalog != "" {
			o.Catalog = filepath.Join(dir, c.catalog)
		}
		table, err := Open(filepath.Join(dir, c.file), o)
		if err != nil {
			t.Fatal(err)
		}
		told := strings.Join(table.Notices.Texts(), "\n")
		letters, labels := readCells(t, filepath.Join(dir, c.letters)), readCells(t, filepath.Join(dir, c.labels))
		for j, letter := range letters[1] {
			if letter == "NaN" || letter == "1.0" {
				continue
			}
			want := "." + letter
			if !strings.Contains(told, want) {
				t.Errorf("%s: %s is not told: %s", c.file, want, told)
			}
			if label := labels[1][j]; label != letter && !strings.Contains(told, strconv.Quote(label)) {
				t.Errorf("%s: the label %q of %s is not told: %s", c.file, label, want, told)
			}
		}
	}
}

// mixed_types.csv of pyreadstat: times, and columns that are numbers but for a few
// cells. Those stay text, every cell as it stands.
func TestMixedTypes(t *testing.T) {
	needShared(t)
	file := filepath.Join(sharedData, "formats/pyreadstat/mixed_types.csv")
	table, err := Open(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := table.Lookup("datestamp")
	for i, row := range readCells(t, file)[1:] {
		if stamp, _ := time.Parse(time.DateTime, row[0]); at.Kind != survey.DateTime || at.Numbers.At(i) != float64(stamp.Unix()) {
			t.Errorf("row %d: %s", i+1, row[0])
		}
		for j, name := range []string{"col_other", "total_time"} {
			if x, _ := table.Lookup(name).At(i); x != survey.TextValue(row[1+j]) {
				t.Errorf("row %d, %s: %v, want %s", i+1, name, x, row[1+j])
			}
		}
	}
	if told := strings.Join(table.Notices.Texts(), "\n"); !strings.Contains(told, `total_time is text: 1 of its 14 values are not plain numbers, first in row 14`) {
		t.Errorf("told %s", told)
	}
}

// notData are the shared files that hold no respondents: documents, schemas,
// codebooks, expected answers, and data that another file describes.
var notData = []string{"*.md", "*.xsd", "*.dtd", "*-codebook.txt", "*.json", "*.asc", "*.sas7bcat"}

// refusedFiles are damaged or encrypted, or a definition without its data, each
// with what is said.
var refusedFiles = map[string]string{
	"formats/pspp/CVE-2017-10791.sav":  "long text values",
	"formats/pspp/CVE-2017-10792.sav":  "extension record 18",
	"formats/pspp/hotel-encrypted.sav": "password",
	"formats/triples/example3.sss":     "there is no file example3.asc",
}

// Every shared data file opens, whatever its format, or is refused with a reason
// that is known. Which test holds its values: TestSameAsHaven those of .sav,
// .zsav, .por, .dta, .sas7bdat and .xpt; TestExpectedCells and those of the
// formats' packages the expected CSV files; the packages of Triple-S, Parquet and
// delimited text theirs; the published figures those of the surveys.
func TestEverySharedFileOpens(t *testing.T) {
	needShared(t)
	opened := 0
	err := fs.WalkDir(os.DirFS(sharedData), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || matchesAny(name, notData) {
			return err
		}
		table, err := Open(filepath.Join(sharedData, name), Options{})
		want, refused := refusedFiles[name]
		switch {
		case refused:
			if _, ok := err.(survey.Problems); !ok || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		case err != nil:
			t.Error(err)
		case len(table.Variables) == 0 || table.Sources[0].Rows != table.Rows:
			t.Errorf("%s: %d variables, source %+v", name, len(table.Variables), table.Sources[0])
		default:
			opened++
		}
		return nil
	})
	if err != nil || opened == 0 {
		t.Errorf("%d files, %v", opened, err)
	}
	t.Logf("%d files were opened", opened)
}

func matchesAny(name string, patterns []string) bool {
	for _, p := range patterns {
		if ok, _ := path.Match(p, path.Base(name)); ok {
			return true
		}
	}
	return false
}
