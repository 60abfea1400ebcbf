package sav

import (
	"bytes"
	"encoding/csv"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// exports are files whose data and dictionary SPSS 27 itself wrote out as CSV
// and as a codebook.
var exports = []string{
	"37110-0002-Data", "DarkTriadDate_person", "mchr_dual_tasks", "sleep", "spss27", "spss_variable_types", "survey",
}

func openShared(t *testing.T, name string) *survey.Table {
	t.Helper()
	file := damagetest.SharedFile(t, name)
	table, err := Read(bytes.NewReader(file), int64(len(file)), name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// cells reads a CSV file, the byte order mark left out.
func cells(t *testing.T, name string) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(damagetest.SharedFile(t, name), []byte("\uFEFF"))))
	r.LazyQuotes = true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSPSSExports(t *testing.T) {
	for _, name := range exports {
		t.Run(name, func(t *testing.T) {
			table := openShared(t, "formats/spss/"+name+".sav")
			rows := cells(t, "formats/spss/spss_export/"+name+".csv")
			if got, want := strings.Join(table.Names(), ","), strings.Join(rows[0], ","); got != want {
				t.Fatalf("names %s\nwant %s", got, want)
			}
			if table.Rows != len(rows)-1 {
				t.Fatalf("%d rows, want %d", table.Rows, len(rows)-1)
			}
			for i, row := range rows[1:] {
				for j, v := range table.Variables {
					if !sameCell(v, i, row[j]) {
						x, ok := v.At(i)
						t.Errorf("row %d, %s: %v %v, want %q", i+1, v.Name, x, ok, row[j])
					}
				}
			}
		})
	}
}

// printed is the relative error of a number that was printed with 15 digits.
const printed = 1e-14

// sameCell compares row i with a cell of an export: blank, a date, a number, a text.
func sameCell(v *survey.Variable, i int, cell string) bool {
	x, ok := v.At(i)
	switch {
	case v.IsText():
		return ok && x.Text == strings.TrimRight(cell, " ")
	case cell == "" || cell == " " || cell == "#NULL!":
		return !ok
	}
	want, known := parseCell(v.Kind, cell)
	return ok && known && math.Abs(x.Number-want) <= printed*math.Abs(want)
}

func parseCell(kind survey.Kind, cell string) (float64, bool) {
	switch kind {
	case survey.Date:
		for _, layout := range []string{"1/2/2006", "02-Jan-2006", "2006-01-02"} {
			if day, err := time.Parse(layout, cell); err == nil {
				return float64(day.Unix()) / 86400, true
			}
		}
		return 0, false
	case survey.DateTime:
		at, err := time.Parse("2006-01-02T15:04:05.000000", cell)
		return float64(at.Unix()), err == nil
	case survey.TimeOfDay:
		part := strings.Split(cell, ":")
		if len(part) != 3 {
			return 0, false
		}
		d, err := time.ParseDuration(part[0] + "h" + part[1] + "m" + part[2] + "s")
		return d.Seconds(), err == nil
	}
	x, err := strconv.ParseFloat(cell, 64)
	return x, err == nil
}

var rule = regexp.MustCompile(`^\|-+`)

// codebook reads the codebook's first table: what SPSS says of each variable.
func codebook(t *testing.T, name string) []map[string]string {
	t.Helper()
	text := string(bytes.TrimPrefix(damagetest.SharedFile(t, name), []byte("\uFEFF")))
	var head []string
	var out []map[string]string
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")[1:] {
		if strings.HasPrefix(line, "Variables in the working file") {
			break
		}
		if rule.MatchString(line) || !strings.HasPrefix(line, "|") {
			continue
		}
		fields := strings.Split(strings.Trim(line, "|"), "|")
		if head == nil {
			head = fields
			for i := range head {
				head[i] = strings.TrimSpace(head[i])
			}
			continue
		}
		row := map[string]string{}
		for i, field := range fields {
			row[head[i]] = strings.TrimSpace(field)
		}
		out = append(out, row)
	}
	return out
}

// The dictionary as SPSS shows it: label, level of measurement, format, missing values.
func TestSPSSCodebooks(t *testing.T) {
	for _, name := range exports {
		t.Run(name, func(t *testing.T) {
			table := openShared(t, "formats/spss/"+name+".sav")
			book := codebook(t, "formats/spss/spss_export/"+name+"-codebook.txt")
			if len(book) != len(table.Variables) {
				t.Fatalf("%d variables, want %d", len(table.Variables), len(book))
			}
			for i, want := range book {
				v := table.Variables[i]
				label := strings.TrimSuffix(strings.TrimSpace(strings.ReplaceAll(want["Label"], "<none>", "")), " ")
				got := []string{v.Name, strings.TrimSpace(v.Label), v.Format, missingText(v)}
				expected := []string{want["Variable"], label, want["Print Format"], want["Missing Values"]}
				if strings.Join(got, "|") != strings.Join(expected, "|") {
					t.Errorf("got %q, want %q", got, expected)
				}
				if m := strings.ToLower(want["Measurement Level"]); string(v.Measure) != m && !(v.Measure == "" && m == "unknown") {
					t.Errorf("%s: level %q, want %q", v.Name, v.Measure, m)
				}
			}
		})
	}
}

// missingText lays missing values out as SPSS's codebook does.
func missingText(v *survey.Variable) string {
	var parts []string
	for _, m := range v.Missing {
		switch {
		case m.IsText:
			parts = append(parts, `"`+m.Text+`"`)
		case m.Low == m.High:
			parts = append(parts, survey.FormatNumber(m.Low))
		default:
			parts = append(parts, survey.FormatNumber(m.Low)+" thru "+survey.FormatNumber(m.High))
		}
	}
	return strings.Join(parts, ", ")
}

// The same data as .sav and .zsav, and with missing values declared, against the
// CSV files that come with pyreadstat.
func TestPyreadstatFiles(t *testing.T) {
	const dir = "formats/pyreadstat/"
	for _, c := range []struct{ file, csv string }{
		{"sample.sav", "sample.csv"},
		{"sample.zsav", "sample.csv"},
		{"sample_missing.sav", "sample_missing_user.csv"},
	} {
		table := openShared(t, dir+c.file)
		for i, row := range cells(t, dir+c.csv)[1:] {
			for j, v := range table.Variables {
				if !sameCell(v, i, row[j]) {
					x, ok := v.At(i)
					t.Errorf("%s, row %d, %s: %v %v, want %q", c.file, i+1, v.Name, x, ok, row[j])
				}
			}
		}
	}
}

// Declared missing values are no valid answers: sample_missing.csv has blanks there.
func TestPyreadstatMissing(t *testing.T) {
	table := openShared(t, "formats/pyreadstat/sample_missing.sav")
	rows := cells(t, "formats/pyreadstat/sample_missing.csv")[1:]
	for j, v := range table.Variables {
		if v.IsText() {
			continue
		}
		for i, valid := range v.Valid() {
			if valid == (rows[i][j] == "#NULL!") {
				t.Errorf("row %d, %s: valid %v, want %q", i+1, v.Name, valid, rows[i][j])
			}
		}
	}
}

// A brand tracker as .sav and .zsav has the same numbers; R haven 2.5.1 gives the
// same cells, 3,742 rows of 84 variables, one of them a text of 500 bytes.
func TestTrackerInBothCompressions(t *testing.T) {
	plain, packed := openShared(t, "formats/gospss/data7.sav"), openShared(t, "formats/gospss/data7.zsav")
	if packed.Rows != 3742 || len(packed.Variables) != 84 {
		t.Fatalf("%d rows of %d variables", packed.Rows, len(packed.Variables))
	}
	for j, v := range packed.Variables {
		other := plain.Variables[j]
		for i, x := range v.Numbers.All() {
			if y := other.Numbers.At(i); x != y && !(math.IsNaN(x) && math.IsNaN(y)) {
				t.Fatalf("row %d, %s: %v and %v", i+1, v.Name, x, y)
			}
		}
	}
	v := packed.Lookup("OpenEnd1")
	if v == nil || v.Format != "A500" || v.Texts.Values[v.Texts.Index.At(0)] != "This is a comment given from the respondent" {
		t.Errorf("OpenEnd1 is %+v", v)
	}
}

// Published by Pew Research Center: 81% say that the risks of companies'
// collecting data outweigh the benefits, weighted, refusals in the base.
func TestPewPublishedFigure(t *testing.T) {
	table := openShared(t, "pew_w49/atp_w49.sav")
	weight, answer := table.Lookup(table.Weight), table.Lookup("POSNEGCO_W49")
	if weight == nil || answer == nil || table.Rows != 4272 {
		t.Fatalf("weight %q, %d rows", table.Weight, table.Rows)
	}
	var risks, all float64
	for i, x := range answer.Numbers.All() {
		if math.IsNaN(x) {
			continue
		}
		all += weight.Numbers.At(i)
		if x == 2 {
			risks += weight.Numbers.At(i)
		}
	}
	if percent := math.Round(100 * risks / all); percent != 81 {
		t.Errorf("%v%%, published 81%%", percent)
	}
}
