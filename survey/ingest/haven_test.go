package ingest

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"surveykit/survey"
)

// havenRecord is what testdata/haven/record.R wrote of a file.
type havenRecord struct {
	File, Catalog string
	Refused       bool
	Rows          int
	Variables     []havenVariable
}

type havenVariable struct {
	Dictionary        string
	Valid, Characters int
	Sum               *float64
}

// sumError is how far two sums of the same doubles may differ, relative to the sum
// of their sizes: they were added in another order, R's in 80 bits.
const sumError = 1e-12

const sharedData = "../../../shared/data"

// Every file that R haven reads has the same rows, and every variable the same
// name, label, codes, missing values, number of values and sum.
func TestSameAsHaven(t *testing.T) {
	if _, err := os.Stat(sharedData); err != nil {
		t.Skip("needs the data sets in shared/data beside the checkout")
	}
	text, err := os.ReadFile("testdata/haven/haven.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct{ Files []havenRecord }
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	for _, want := range recorded.Files {
		o := Options{}
		if want.Catalog != "" {
			o.Catalog = filepath.Join(sharedData, want.Catalog)
		}
		table, err := Open(filepath.Join(sharedData, want.File), o)
		var refused survey.Problems
		switch {
		case errors.As(err, &refused) && (want.Refused || otherwise[want.File] != ""):
		case err != nil:
			t.Errorf("%s: %v", want.File, err)
		case !want.Refused:
			want.compare(t, table)
		}
	}
}

func (r havenRecord) compare(t *testing.T, table *survey.Table) {
	if table.Rows != r.Rows || len(table.Variables) != len(r.Variables) {
		t.Errorf("%s: %d rows of %d variables, want %d of %d", r.File, table.Rows, len(table.Variables), r.Rows, len(r.Variables))
		return
	}
	for j, v := range table.Variables {
		differences := r.Variables[j].differences(v)
		if why := otherwise[r.File+" "+v.Name]; why != "" {
			if differences == nil {
				t.Errorf("%s, %s is as haven has it, though: %s", r.File, v.Name, why)
			}
			continue
		}
		for _, difference := range differences {
			t.Errorf("%s, %s: %s", r.File, v.Name, difference)
		}
	}
}

// differences says what haven has otherwise in a variable.
func (want havenVariable) differences(v *survey.Variable) (out []string) {
	valid, characters, sum, size := counted(v)
	if (want.Sum == nil) != v.IsText() || valid != want.Valid || characters != want.Characters {
		out = append(out, fmt.Sprintf("%s, %d values, %d characters, want %d and %d", v.Kind, valid, characters, want.Valid, want.Characters))
	}
	if want.Sum != nil && math.Abs(sum-*want.Sum) > sumError*size {
		out = append(out, fmt.Sprintf("sum %v, want %v", sum, *want.Sum))
	}
	text := dictionaryText(v)
	if hash := md5.Sum([]byte(text)); hex.EncodeToString(hash[:]) != want.Dictionary {
		out = append(out, fmt.Sprintf("another dictionary than\n%s", text))
	}
	return out
}

// counted counts a variable's values; blank texts are none, since haven keeps no
// missing ones apart.
func counted(v *survey.Variable) (valid, characters int, sum, size float64) {
	for i := range v.Len() {
		x, ok := v.At(i)
		if !ok {
			continue
		}
		if text := strings.TrimRight(x.Text, " "); text != "" || !x.IsText {
			valid, characters = valid+1, characters+utf8.RuneCountInString(text)
		}
		sum, size = sum+x.Number, size+math.Abs(x.Number)
	}
	return valid, characters, sum, size
}

// dictionaryText lays a dictionary out as record.R does.
func dictionaryText(v *survey.Variable) string {
	number := func(x float64) string {
		if math.IsInf(x, 0) {
			return map[bool]string{true: "Inf", false: "-Inf"}[x > 0]
		}
		return fmt.Sprintf("%.15g", x)
	}
	trimmed := func(s string) string { return strings.TrimRight(s, " ") }
	codes, missing := []string{}, []string{}
	for _, c := range v.Codes {
		value := trimmed(c.Value.Text)
		if !c.Value.IsText {
			value = number(c.Value.Number)
		}
		codes = append(codes, value+"="+trimmed(c.Label))
	}
	for _, m := range v.Missing {
		switch {
		case m.IsText:
			missing = append(missing, trimmed(m.Text))
		case m.Low == m.High:
			missing = append(missing, number(m.Low))
		default:
			missing = append(missing, number(m.Low)+".."+number(m.High))
		}
	}
	slices.Sort(codes)
	slices.Sort(missing)
	return strings.Join(slices.Concat([]string{v.Name, trimmed(v.Label)}, codes, []string{"missing"}, missing), "\n")
}

// otherwise lists what we read in another way than haven, by file, or by file and
// variable, each with the reason.
var otherwise = map[string]string{
	"formats/pspp/CVE-2017-10792.sav":                "a damaged file, made to break readers; haven passes over the record that is wrong",
	"formats/pyreadstat/date_test.sas7bdat dtc4":     "dates shown as MMYY: haven leaves days since 1960-01-01",
	"formats/pyreadstat/date_test.sas7bdat yr":       "dates shown as YEAR: haven leaves days since 1960-01-01",
	"formats/pyreadstat/simple_alltypes.sav quarter": "dates shown as QYR: haven leaves seconds since 1582-10-14",
}
