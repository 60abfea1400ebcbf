package por

import (
	"bytes"
	"encoding/csv"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// Lines may end in any way, or not at all, and may lack the blanks at their ends.
func TestSmall(t *testing.T) {
	for _, lineEnd := range []string{"\r\n", "\n"} {
		if diff := cmp.Diff(smallTable(), mustRead(t, small().file(lineEnd)), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%q: %s", lineEnd, diff)
		}
	}
	if diff := cmp.Diff(smallTable(), mustRead(t, []byte(small().String())), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// A file that came from an EBCDIC machine byte by byte: here every character is
// its ASCII code with the highest bit set.
func TestOtherCharacters(t *testing.T) {
	file := []byte(strings.Replace(small().String(), "K\xf6ln", "Koln", 1))
	for i := range file {
		file[i] |= 0x80
	}
	if got := mustRead(t, file).Lookup("CITY").Texts.Values[0]; got != "Koln" {
		t.Errorf("got %q", got)
	}
}

func scan(s string) (float64, error) {
	in := newScanner(strings.NewReader(s))
	x := in.number()
	return x, in.err
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]float64{
		"0/": 0, "1/": 1, "T/": 29, "10/": 30, "-A/": -10, "   5/": 5, ".F/": 0.5, "-.F/": -0.5,
		"1.F/": 1.5, "1+2/": 900, "IPJ2+3/": 13744944000, "1-1/": 1.0 / 30, "1.3/": 1.1, "*.": math.NaN(),
		"1+A/": 590490000000000, "123456789ABCDE/": 1.7061720570749108e+19,
	} {
		if x, err := scan(text); err != nil || x != want && !(math.IsNaN(x) && math.IsNaN(want)) {
			t.Errorf("%s: got %v, %v, want %v", text, x, err, want)
		}
	}
	for _, text := range []string{"/", "-/", "1", "1.2.3/", "U/", "a/", "1+E0/", "1+3T0/", "+/", "1/ "[:1]} {
		if x, err := scan(text); err == nil {
			t.Errorf("%q: got %v", text, x)
		}
	}
}

// Any digits and power of 30 give the float64 nearest to their exact value.
func TestNumberIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.ByteRange(0, 29), 1, 30).Draw(t, "digits")
		point := rapid.IntRange(0, len(all)).Draw(t, "point")
		exponent := rapid.IntRange(-150, 150).Draw(t, "exponent")
		mantissa := new(big.Int)
		var text strings.Builder
		for i, d := range all {
			if i == point {
				text.WriteByte('.')
			}
			text.WriteByte(digits[d])
			mantissa.Mul(mantissa, big.NewInt(base)).Add(mantissa, big.NewInt(int64(d)))
		}
		sign := map[bool]string{true: "-", false: "+"}[exponent < 0]
		text.WriteString(sign + strings.ToUpper(strconv.FormatInt(int64(max(exponent, -exponent)), base)) + "/")
		exact := new(big.Rat).SetInt(mantissa)
		power := exponent - (len(all) - point)
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(base), big.NewInt(int64(max(power, -power))), nil))
		if power < 0 {
			scale.Inv(scale)
		}
		want, _ := exact.Mul(exact, scale).Float64()
		if got, err := scan(text.String()); err != nil || got != want {
			t.Fatalf("%s: got %v, %v, want %v", text.String(), got, err, want)
		}
	})
}

// PSPP 1.6.2 wrote pspp.por from the values in make.sps.
func TestFileOfPSPP(t *testing.T) {
	file, err := os.ReadFile("testdata/pspp.por")
	if err != nil {
		t.Fatal(err)
	}
	table := mustRead(t, file)
	nan := math.NaN()
	const day = 86400
	for name, want := range map[string][]float64{
		"ID": {1, 2, 3, 4}, "AGREE": {1, 2, 9, nan}, "INCOME": {-1.5, 1e10, 0.1, -99}, "W": {0.5, 1, 1.333, 2},
		"DAY": {17657, -3654, 0, nan}, "AT": {17657*day + 36610, -3653 * day, -1, nan}, "CLOCK": {36610, 0, 83410, nan},
	} {
		if diff := cmp.Diff(want, table.Lookup(name).Numbers.Slice(), cmpopts.EquateNaNs()); diff != "" {
			t.Error(name, diff)
		}
	}
	city, agree, w := table.Lookup("CITY"), table.Lookup("AGREE"), table.Lookup("W")
	if got := strings.Join(city.Texts.Values, "|"); got != "Köln||Zürich|Bonn" || !city.IsMissing(survey.TextValue("Bonn")) {
		t.Errorf("cities %q, missing %v", got, city.Missing)
	}
	if agree.Label != "Do you agree?" || agree.LabelOf(survey.NumberValue(9)) != "Refused" || table.Weight != "W" {
		t.Errorf("label %q, codes %v, weight %q", agree.Label, agree.Codes, table.Weight)
	}
	if want := []survey.Missing{{Low: 98, High: 99}, {Low: 1000, High: 1000}}; !cmp.Equal(w.Missing, want) {
		t.Errorf("missing %v", w.Missing)
	}
	if m := table.Lookup("INCOME").Missing; len(m) != 1 || m[0].Low != math.Inf(-1) || m[0].High != -90 {
		t.Errorf("missing %v", m)
	}
}

// SPSS 25 wrote sample.por; sample.csv is what pyreadstat's authors expect in it.
func TestPyreadstatSample(t *testing.T) {
	const dir = "formats/pyreadstat/"
	table := mustRead(t, damagetest.SharedFile(t, dir+"sample.por"))
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(damagetest.SharedFile(t, dir+"sample.csv"), []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows[1:] {
		for j, v := range table.Variables {
			if x, ok := v.At(i); ok != (row[j] != "") || ok && x != parseCell(v.Kind, row[j]) {
				t.Errorf("row %d, %s: %v %v, want %q", i+1, v.Name, x, ok, row[j])
			}
		}
	}
}

// parseCell reads a cell as the variable's kind has it.
func parseCell(kind survey.Kind, cell string) survey.Value {
	layouts := map[survey.Kind]string{
		survey.Date: "2006-01-02", survey.DateTime: "2006-01-02T15:04:05.000000", survey.TimeOfDay: "15:04:05.000000",
	}
	at, _ := time.Parse(layouts[kind], cell)
	switch kind {
	case survey.Text:
		return survey.TextValue(cell)
	case survey.Date:
		return survey.NumberValue(float64(at.Unix()) / 86400)
	case survey.DateTime:
		return survey.NumberValue(float64(at.Unix()))
	case survey.TimeOfDay:
		return survey.NumberValue(float64(at.Hour()*3600 + at.Minute()*60 + at.Second()))
	}
	x, _ := strconv.ParseFloat(cell, 64)
	return survey.NumberValue(x)
}
