package sas

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
)

func TestTransport(t *testing.T) {
	nan := math.NaN()
	want := &survey.Table{Rows: 3, Notices: survey.Notices{
		{Code: survey.NoticeRemark, Text: "file label: Small"},
		{Code: survey.NoticeMissing, Variables: []string{"day"}, Value: "._", Text: "._ is read as missing: 1 cell in day"},
		{Code: survey.NoticeMissing, Variables: []string{"small"}, Value: ".A", Text: ".A is read as missing: 1 cell in small"},
		{Code: survey.NoticeEncoding, Text: "1 texts can only be UTF-8 and were read as such"},
	}, Variables: []*survey.Variable{
		{Name: "day", Label: "A day", Kind: survey.Date, Format: "DATE9", Numbers: survey.NewNumbers([]float64{1 - 3653, nan, nan})},
		{Name: "small", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{-2.5, nan, 0})},
		{Name: "city", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, 2}), Values: []string{"Bonn", "Köln", ""}}},
	}}
	if diff := cmp.Diff(want, mustRead(t, smallTransport("").Bytes()), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	want.Variables[2].Label, want.Variables[2].Format = "Ort", "$LONGFMT"
	if diff := cmp.Diff(want, mustRead(t, smallTransport("V8").Bytes()), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// Blanks that fill the last record are no rows, and rows of blanks in front of it are.
func TestBlankRows(t *testing.T) {
	for rows, want := range map[string]int{"": 0, "ab": 1, "ab  ": 1, "ab  cd": 3, strings.Repeat(" ", 80) + "a": 41, "a" + strings.Repeat(" ", 159): 41} {
		m := newTransport("", 1).variable(2, 2, "s", "", "", 0).rows("", "").record(rows)
		if got := mustRead(t, m.Bytes()).Rows; got != want {
			t.Errorf("%q: %d rows, want %d", rows, got, want)
		}
	}
}

// A file that is cut within a row or a record is refused, also where it has no number of rows.
func TestTruncatedTransport(t *testing.T) {
	whole := smallTransport("").Bytes()
	for n := len(whole) - 1; n > len(whole)-2*recordSize; n-- {
		table, err := Read(bytes.NewReader(whole[:n]), int64(n), "x.xpt", nil)
		if err == nil && (n%recordSize != 0 || table.Rows == 3) {
			t.Errorf("%d of %d bytes: %d rows", n, len(whole), table.Rows)
		}
	}
}

func TestSecondDataSetIsTold(t *testing.T) {
	m := smallTransport("").member("", 1)
	table := mustRead(t, m.Bytes())
	if last := table.Notices[1].Text; table.Rows != 3 || last != "the file holds more than one data set: the first one was read" {
		t.Errorf("%d rows, notices %q", table.Rows, table.Notices)
	}
}

// Numbers of IBM mainframes: examples of IBM System/360 Principles of Operation,
// and the ends of the range.
func TestIBMNumbers(t *testing.T) {
	for bytes, want := range map[string]float64{
		"\x41\x10\x00\x00\x00\x00\x00\x00": 1,
		"\xc2\x76\xa0\x00\x00\x00\x00\x00": -118.625,
		"\x40\x80":                         0.5,
		"\x00\x00\x00\x00\x00\x00\x00\x00": 0,
		"\x46\x00\x00\x00\x00\x00\x00\x01": math.Ldexp(1, -32),
		"\x7f\xff\xff\xff\xff\xff\xff\xff": math.Ldexp(1, 252),
		"\x00\x10\x00\x00\x00\x00\x00\x00": math.Ldexp(1, -260),
	} {
		if x, tag := ibmNumber([]byte(bytes)); x != want || tag != "" {
			t.Errorf("%x: got %v %s, want %v", bytes, x, tag, want)
		}
	}
	for first, want := range map[byte]string{'.': "", '_': "._", 'A': ".A", 'Z': ".Z"} {
		if x, tag := ibmNumber([]byte{first, 0, 0}); !math.IsNaN(x) || tag != want {
			t.Errorf("%q: got %v %s", first, x, tag)
		}
	}
}
