package ingest

import (
	"bytes"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/database"
)

// withCodebook writes data at a path in a format, and its codebook beside it.
func withCodebook(t *testing.T, table *survey.Table, name string) (data, book string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), name)
	save, err := Writer(data)
	if err != nil {
		t.Fatal(err)
	}
	var content, dictionary bytes.Buffer
	if _, err := save(&content, table); err != nil {
		t.Fatal(err)
	}
	if err := codebook.Write(&dictionary, table); err != nil {
		t.Fatal(err)
	}
	book = filepath.Join(filepath.Dir(data), "book.csv")
	for path, b := range map[string][]byte{data: content.Bytes(), book: dictionary.Bytes()} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return data, book
}

// yearsBeyond holds dates of the year 201416, for which ISO 8601 has no notation.
const yearsBeyond = "formats/haven/datetime.sav"

// Every labelled file that SPSS, Stata and SAS users left us, written as CSV with
// a codebook, or into a database, and read again, has the dictionary and the values that
// it had.
func TestCodebookRestoresTheDictionary(t *testing.T) {
	needShared(t)
	compared := 0
	err := fs.WalkDir(os.DirFS(sharedData), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !matchesAny(name, []string{"*.sav", "*.zsav", "*.por", "*.dta", "*.sas7bdat", "*.sss"}) {
			return err
		}
		before, err := Open(filepath.Join(sharedData, name), Options{})
		if err != nil || name == yearsBeyond {
			return nil // refused files are for another test
		}
		t.Run(name, func(t *testing.T) {
			data, book := withCodebook(t, before, "copy.csv")
			after, err := Open(data, Options{Codebook: book})
			if err != nil {
				t.Fatal(err)
			}
			compared++
			sameTable(t, before, after)
			sameTable(t, before, throughDatabase(t, before))
		})
		return nil
	})
	if err != nil || compared == 0 {
		t.Errorf("%d files, %v", compared, err)
	}
}

// throughDatabase is a table that was written to SQLite and read again.
func throughDatabase(t *testing.T, table *survey.Table) *survey.Table {
	t.Helper()
	p := database.Place{DSN: "sqlite:" + filepath.Join(t.TempDir(), "copy.db"), Table: "copy"}
	if err := database.Write(t.Context(), p, table, false); err != nil {
		t.Fatal(err)
	}
	after, err := Rows(t.Context(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if after.Weight != table.Weight {
		t.Errorf("weight %q, want %q", after.Weight, table.Weight)
	}
	return after
}

// The codebook sheet of a workbook is a codebook, too.
func TestCodebookSheetRestoresTheDictionary(t *testing.T) {
	before := labelled()
	data, _ := withCodebook(t, before, "copy.xlsx")
	after, err := Open(data, Options{Codebook: data})
	if err != nil {
		t.Fatal(err)
	}
	sameTable(t, before, after)
}

func labelled() *survey.Table {
	return &survey.Table{Rows: 3, Sets: []survey.MultipleResponse{{Name: "$s", Label: "Both", Variables: []string{"q", "never"}}}, Variables: []*survey.Variable{
		{Name: "q", Label: "Agree?", Kind: survey.Number, Measure: survey.Ordinal, Format: "F2.0", Numbers: survey.NewNumbers([]float64{1, 9, 2}),
			Codes:   []survey.Code{{Value: survey.NumberValue(2), Label: "No"}, {Value: survey.NumberValue(1), Label: "Yes"}},
			Missing: []survey.Missing{survey.MissingNumber(9, survey.Refused)}},
		{Name: "zip", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, -1}), Values: []string{"01234", "2024-02-29"}}},
		{Name: "never", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{math.NaN(), math.NaN(), math.NaN()})},
	}}
}

// sameTable compares dictionaries and values; an empty text counts as nothing, since files have none.
func sameTable(t *testing.T, want, got *survey.Table) {
	t.Helper()
	if !slices.Equal(want.Names(), got.Names()) {
		t.Fatalf("names %q, want %q", got.Names(), want.Names())
	}
	if diff := cmp.Diff(want.Sets, got.Sets); diff != "" {
		t.Error(diff)
	}
	for j, v := range want.Variables {
		w := got.Variables[j]
		if v.Kind != w.Kind || v.Measure != w.Measure || v.Format != w.Format || !slices.Equal(v.Codes, w.Codes) || dictionaryText(v) != dictionaryText(w) {
			t.Errorf("%s: %s %s %s, want %s %s %s:\n%s\nwant\n%s", v.Name, w.Kind, w.Measure, w.Format, v.Kind, v.Measure, v.Format, dictionaryText(w), dictionaryText(v))
		}
		for i := range want.Rows {
			x, ok := v.At(i)
			y, again := w.At(i)
			blank := func(x survey.Value) bool { return x.IsText && strings.TrimSpace(x.Text) == "" }
			if ok, again = ok && !blank(x), again && !blank(y); ok != again || ok && !sameValue(x, y) {
				t.Fatalf("row %d of %s: %v %v, want %v %v", i+1, v.Name, y, again, x, ok)
			}
		}
	}
}

// milliseconds is how exactly times are written, in seconds.
const milliseconds = 0.0005

func sameValue(x, y survey.Value) bool {
	return x == y || !x.IsText && math.Abs(x.Number-y.Number) <= milliseconds*1e-3
}
