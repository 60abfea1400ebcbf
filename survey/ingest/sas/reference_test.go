package sas

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// The values that testdata/make.R gave to R haven 2.5.1, which wrote the files.
// near is the rounding of a decimal to the 56 bits of an IBM number, which are 53
// or more.
func TestFilesOfHaven(t *testing.T) {
	nan := math.NaN()
	const day, near = 86400, 1e-15
	for _, name := range []string{"haven5.xpt", "haven8.xpt", "haven.sas7bdat"} {
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		table := mustRead(t, file)
		for column, want := range map[string][]float64{
			"id": {1, 2, -3.5, nan}, "day": {17657, nan, -3654, 0}, "at": {17657*day + 36610, nan, -3654 * day, -1},
			"averylongvariablename": {1e-70, 1e70, 0.1, -math.Pi}, "tag": {nan, nan, 0, nan},
		} {
			v := table.Lookup(column)
			if v == nil && name == "haven5.xpt" {
				continue
			}
			if diff := cmp.Diff(want, v.Numbers.Slice(), cmpopts.EquateNaNs(), cmpopts.EquateApprox(near, 0)); diff != "" {
				t.Error(name, column, diff)
			}
		}
		city := table.Lookup("city").Texts
		if want := (survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, 2, 0}), Values: []string{"Köln", "", "a"}}); !cmp.Equal(want, *city) {
			t.Errorf("%s: %v", name, city)
		}
		label := strings.Repeat("A long label ", 10)
		if name == "haven5.xpt" {
			label = label[:40]
		}
		if got := table.Lookup("id").Label; got != strings.TrimSpace(label) {
			t.Errorf("%s: label %q", name, got)
		}
	}
}

// SAS 9.4 wrote the data sets; the CSV files are what pyreadstat's authors expect
// in them.
func TestPyreadstatFiles(t *testing.T) {
	const dir = "formats/pyreadstat/"
	for _, c := range []struct{ file, csv string }{
		{"sample.sas7bdat", "sample.csv"}, {"sample_bincompressed.sas7bdat", "sample.csv"}, {"sample.xpt", "sample.csv"},
		{"dates.sas7bdat", "dates.csv"},
	} {
		table := mustRead(t, damagetest.SharedFile(t, dir+c.file))
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(damagetest.SharedFile(t, dir+c.csv), []byte("\uFEFF")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if table.Rows != len(rows)-1 {
			t.Errorf("%s: %d rows, want %d", c.file, table.Rows, len(rows)-1)
		}
		for i, row := range rows[1:] {
			for j, v := range table.Variables {
				if x, ok := v.At(i); ok != (row[j] != "") || ok && !sameCell(v.Kind, x, row[j]) {
					t.Errorf("%s, row %d, %s: %v %v, want %q", c.file, i+1, v.Name, x, ok, row[j])
				}
			}
		}
	}
}

// sameCell compares a value with a cell; the milliseconds of dates.csv were rounded.
func sameCell(kind survey.Kind, x survey.Value, cell string) bool {
	if kind == survey.Text {
		return x.Text == cell
	}
	const halfMillisecond = 0.0005
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04:05", "15:04:05"} {
		at, err := time.Parse(layout, cell)
		switch {
		case err != nil:
		case kind == survey.Date:
			return x.Number == float64(at.Unix())/86400
		case kind == survey.DateTime:
			return math.Abs(x.Number-float64(at.UnixMilli())/1000) <= halfMillisecond
		case kind == survey.TimeOfDay:
			return math.Abs(x.Number-float64(at.Sub(at.Truncate(24*time.Hour)).Milliseconds())/1000) <= halfMillisecond
		}
	}
	want, err := strconv.ParseFloat(cell, 64)
	return err == nil && x.Number == want
}

// Data sets with their catalogs, of Windows (32 bits) and Linux (64 bits): the
// labels that R haven 2.5.1 gives, and sas_formatted.csv of pyreadstat.
func TestCatalogs(t *testing.T) {
	labelled := func(data, catalog string) *survey.Table {
		c, err := readCatalog(damagetest.SharedFile(t, "formats/"+catalog))
		if err != nil {
			t.Fatal(err)
		}
		return c.Label(mustRead(t, damagetest.SharedFile(t, "formats/"+data)))
	}
	rows, err := csv.NewReader(bytes.NewReader(damagetest.SharedFile(t, "formats/pyreadstat/sas_formatted.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, system := range []string{"win", "linux"} {
		table := labelled("pyreadstat/test_data_"+system+".sas7bdat", "pyreadstat/test_formats_"+system+".sas7bcat")
		for i, row := range rows[1:] {
			for j, v := range table.Variables {
				if x, _ := v.At(i); v.LabelOf(x) != row[j] {
					t.Errorf("%s, row %d, %s: %q, want %q", system, i+1, v.Name, v.LabelOf(x), row[j])
				}
			}
		}
	}
	hadley := labelled("haven/hadley.sas7bdat", "haven/formats.sas7bcat")
	if v := hadley.Lookup("workshop"); v.LabelOf(survey.NumberValue(1)) != "R" || v.LabelOf(survey.NumberValue(2)) != "SAS" {
		t.Errorf("codes %v", v.Codes)
	}
	for _, c := range []struct{ data, catalog, notice string }{
		{"haven/tagged-na.sas7bdat", "haven/tagged-na.sas7bcat", `x: the label of the missing value .Z is "Zebra"`},
		{"pyreadstat/missing_test.sas7bdat", "pyreadstat/missing_formats.sas7bcat", `var1: the label of the missing value .A is "missing"`},
	} {
		if notices := strings.Join(labelled(c.data, c.catalog).Notices.Texts(), "\n"); !strings.Contains(notices, c.notice) {
			t.Errorf("%s: %s", c.data, notices)
		}
	}
}
