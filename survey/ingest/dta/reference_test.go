package dta

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// The values that testdata/make.R gave to R haven 2.5.1, which wrote the files.
func TestFilesOfHaven(t *testing.T) {
	nan := math.NaN()
	const day = 86400
	for _, version := range []string{"8", "10", "12", "13", "14", "15"} {
		file, err := os.ReadFile("testdata/haven-" + version + ".dta")
		if err != nil {
			t.Fatal(err)
		}
		table, err := Read(bytes.NewReader(file), int64(len(file)), "haven", nil)
		if err != nil {
			t.Fatal(version, err)
		}
		for name, want := range map[string][]float64{
			"id": {1, 2, 3, 4}, "agree": {1, 2, nan, nan}, "income": {-1.5, 1e10, nan, 0.1},
			"day": {17657, -3654, nan, 0},
			"at":  {17657*day + 36610, -3653 * day, nan, -1},
		} {
			for i, x := range table.Lookup(name).Numbers.All() {
				if x != want[i] && !(math.IsNaN(x) && math.IsNaN(want[i])) {
					t.Errorf("version %s, %s, row %d: %v, want %v", version, name, i+1, x, want[i])
				}
			}
		}
		want := []string{"Köln", "", "Zürich", "Köln"}
		if v, err := strconv.Atoi(version); err == nil && v >= 13 {
			story := table.Lookup("story")
			if x, _ := story.At(3); x.Text != strings.TrimSpace(strings.Repeat("long ", 600))+" " {
				t.Errorf("version %s: a long text of %d bytes", version, len(x.Text))
			}
		}
		for i := range want {
			if x, ok := table.Lookup("city").At(i); !ok || x.Text != want[i] {
				t.Errorf("version %s, row %d: %q, want %q", version, i+1, x.Text, want[i])
			}
		}
		if v := table.Lookup("agree"); v.Label != "Do you agree?" || v.LabelOf(survey.NumberValue(2)) != "No" {
			t.Errorf("version %s: %q, %v", version, v.Label, v.Codes)
		}
		if v := table.Lookup("id"); v.Label != "Nummer für alle" {
			t.Errorf("version %s: label %q", version, v.Label)
		}
		if notes := strings.Join(table.Notices.Texts(), "\n"); !strings.Contains(notes, `.a ("Refused") is read as missing: 1 cell in agree`) {
			t.Errorf("version %s: %s", version, notes)
		}
	}
}

// Stata wrote sample.dta; sample.csv is what pyreadstat's authors expect in it.
func TestPyreadstatSample(t *testing.T) {
	const dir = "formats/pyreadstat/"
	file := damagetest.SharedFile(t, dir+"sample.dta")
	table, err := Read(bytes.NewReader(file), int64(len(file)), "sample.dta", nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(damagetest.SharedFile(t, dir+"sample.csv"), []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows[1:] {
		for j, v := range table.Variables {
			x, ok := v.At(i)
			want, present := parseCell(v, row[j])
			if ok != present || ok && x != want {
				t.Errorf("row %d, %s: %v %v, want %q", i+1, v.Name, x, ok, row[j])
			}
		}
	}
}

// parseCell reads a cell as the variable's kind has it. Stata has no time of
// day: mytime is a date-time of 1960-01-01.
func parseCell(v *survey.Variable, cell string) (x survey.Value, present bool) {
	if v.IsText() {
		return survey.TextValue(cell), true
	}
	if cell == "" {
		return survey.Value{}, false
	}
	for layout, kind := range map[string]survey.Kind{
		"2006-01-02": survey.Date, "2006-01-02T15:04:05.000000": survey.DateTime, "15:04:05.000000": survey.DateTime,
	} {
		at, err := time.Parse(layout, cell)
		switch {
		case err != nil || kind != v.Kind:
		case kind == survey.Date:
			return survey.NumberValue(float64(at.Unix() / 86400)), true
		case at.Year() == 0:
			return survey.NumberValue(float64(at.Unix() - time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - 3653*86400)), true
		default:
			return survey.NumberValue(float64(at.Unix())), true
		}
	}
	n, err := strconv.ParseFloat(cell, 64)
	return survey.NumberValue(n), err == nil
}
