package sas

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// madeTable is what a made file holds.
func madeTable() *survey.Table {
	nan := math.NaN()
	return &survey.Table{Rows: 4, Notices: survey.Notices{
		{Code: survey.NoticeRemark, Text: "file label: DATASTEP"},
		{Code: survey.NoticeMissing, Variables: []string{"day", "small"}, Value: ".A", Text: ".A is read as missing: 2 cells in day, small"},
		{Code: survey.NoticeMissing, Variables: []string{"at"}, Value: ".B", Text: ".B is read as missing: 1 cell in at"},
		{Code: survey.NoticeMissing, Variables: []string{"small"}, Value: "._", Text: "._ is read as missing: 1 cell in small"},
	}, Variables: []*survey.Variable{
		{Name: "id", Label: "An id", Kind: survey.Number, Format: "BEST5", Numbers: survey.NewNumbers([]float64{1, -2.5, 1e300, 0})},
		{Name: "city", Label: "Ort", Kind: survey.Text, Format: "1", Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, 2, 0}), Values: []string{"Köln", "", "Bonn"}}},
		{Name: "day", Kind: survey.Date, Format: "DATE5", Numbers: survey.NewNumbers([]float64{-3653, nan, -3654, nan})},
		{Name: "at", Kind: survey.DateTime, Format: "DATETIME9.1", Numbers: survey.NewNumbers([]float64{1 - 3653*86400, nan, 0, nan})},
		{Name: "small", Kind: survey.Number, Format: "1", Numbers: survey.NewNumbers([]float64{2, nan, nan, nan})},
	}}
}

func TestEveryMachine(t *testing.T) {
	for _, m := range machines() {
		t.Run(fmt.Sprint(m.order, m.wide, m.packing), func(t *testing.T) {
			if diff := cmp.Diff(madeTable(), mustRead(t, m.file()), cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDeletedRowsAreLeftOut(t *testing.T) {
	for _, m := range machines() {
		if m.packing != "" {
			continue
		}
		m.deleted = true
		table := mustRead(t, m.file())
		if got := table.Lookup("id").Numbers.Slice(); !cmp.Equal(got, []float64{1, 1e300}) || table.Rows != 2 {
			t.Errorf("%v, wide %v: %v", m.order, m.wide, got)
		}
		if last := table.Notices[1].Text; last != "2 rows that are marked as deleted were left out" {
			t.Errorf("notices %q", table.Notices)
		}
	}
}

// What is packed comes out again, for rows with runs and with repetitions.
func TestUnpacking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOfN(rapid.SampledFrom([]byte{0, ' ', ' ', ' ', 'a', 'b'}), 1, 200).Draw(t, "row")
		if got, err := unpackRuns(nil, packRuns(row), len(row)); err != nil || !bytes.Equal(got, row) {
			t.Fatalf("runs: %q, %v", got, err)
		}
		if got, err := unpackPatterns(nil, packPatterns(row), len(row)); err != nil || !bytes.Equal(got, row) {
			t.Fatalf("patterns: %q, %v", got, err)
		}
	})
}

// Each command with its length, by the tables in "SAS7BDAT Database Binary Format"
// (Shotwell and Cummins 2013) and, for patterns, Ross (1992).
func TestCommands(t *testing.T) {
	letters := bytes.Repeat([]byte("abcdefgh"), 1024)
	for _, c := range []struct {
		packed []byte
		want   []byte
	}{
		{append([]byte{0x01, 0x02}, letters[:322]...), letters[:256+2+64]},
		{append([]byte{0x11, 0x02}, letters[:4418]...), letters[:256+2+64+4096]},
		{append([]byte{0x23}, letters[:99]...), letters[:3+96]},
		{[]byte{0x41, 0x02, 'x'}, bytes.Repeat([]byte("x"), 256+2+18)},
		{[]byte{0x51, 0x02}, bytes.Repeat([]byte("@"), 256+2+17)},
		{[]byte{0x61, 0x02}, bytes.Repeat([]byte(" "), 256+2+17)},
		{[]byte{0x70, 0x02}, make([]byte, 2+17)},
		{append([]byte{0x83}, letters[:4]...), letters[:4]},
		{append([]byte{0x93}, letters[:20]...), letters[:20]},
		{append([]byte{0xa3}, letters[:36]...), letters[:36]},
		{append([]byte{0xb3}, letters[:52]...), letters[:52]},
		{[]byte{0xc2, 'x'}, []byte("xxxxx")},
		{[]byte{0xd2}, []byte("@@@@")},
		{[]byte{0xe2}, []byte("    ")},
		{[]byte{0xf2}, make([]byte, 4)},
	} {
		if got, err := unpackRuns(nil, c.packed, len(c.want)); err != nil || !bytes.Equal(got, c.want) {
			t.Errorf("%x: %d bytes, %v, want %d", c.packed[:2:2], len(got), err, len(c.want))
		}
	}
	repeat := func(b string, n int) string { return string(bytes.Repeat([]byte(b), n)) }
	for _, c := range []struct{ packed, want string }{
		{"\x00\x00abc", "abc"},
		{"\x80\x00\x02x", "xxxxx"},
		{"\x80\x00\x12\x01x", repeat("x", 2+16+19)},
		{"\x10\x00abc\x30\x00", "abcabc"},
		{"\x08\x00abcd\xf1\x00", repeat("abcd", 5)[:4+15]},
		{"\x08\x00abcd\x21\x00\x02", repeat("abcd", 6)[:4+18]},
		{"\xa0\x00\x0fxy\x30\x01", repeat("x", 18) + "yxxx"},
	} {
		if got, err := unpackPatterns(nil, []byte(c.packed), len(c.want)); string(got) != c.want || err != nil {
			t.Errorf("%x: %q, %v, want %q", c.packed, got, err, c.want)
		}
	}
}

// Packed bytes that end inside a command, point before their beginning, or come to
// more than a row.
func TestPackedRowsAreChecked(t *testing.T) {
	for _, packed := range []string{"\x00", "\x00\x00", "\x41\x02", "\xc0", "\x30\x00", "\x81a", "\xff\xff\xff\xff\xff\xff", "\x7f\xff"} {
		if got, err := unpackRuns(nil, []byte(packed), 100); err == nil {
			t.Errorf("runs %x: %q", packed, got)
		}
	}
	for _, packed := range []string{"\x00", "\x80\x00\x02", "\x80\x00\x12\x01", "\x80\x00\x30\x00", "\x10\x00abc\x31\x00", "\x80\x00\x1f\xffx"} {
		if got, err := unpackPatterns(nil, []byte(packed), 100); err == nil {
			t.Errorf("patterns %x: %q", packed, got)
		}
	}
}

func TestKinds(t *testing.T) {
	for format, want := range map[string]survey.Kind{
		"DATE9": survey.Date, "date9.": survey.Date, "MMDDYY10": survey.Date, "YYMMDDN8": survey.Date, "YEAR4": survey.Date, "E8601DA": survey.Date,
		"DATETIME20": survey.DateTime, "E8601DT19": survey.DateTime, "DATEAMPM": survey.DateTime,
		"TIME8": survey.TimeOfDay, "HHMM5": survey.TimeOfDay, "TOD": survey.TimeOfDay,
		"BEST12": survey.Number, "COMMA10.2": survey.Number, "": survey.Number, "YESNO": survey.Number, "MONTHLY": survey.Number,
	} {
		if got := kindOf(format); got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
}
