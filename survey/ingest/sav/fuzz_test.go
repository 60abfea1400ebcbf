package sav

import (
	"bytes"
	"math"
	"testing"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// Any bytes give a sound table or problems, never a panic; a table that was read
// can be written and read again.
func FuzzRead(f *testing.F) {
	for _, opts := range []Options{{}, {Zlib: true}} {
		var file bytes.Buffer
		if _, err := Write(&file, smallTable(), opts); err != nil {
			f.Fatal(err)
		}
		f.Add(file.Bytes())
	}
	m := newMaker(big, plainCases, 1, -1).number("A", formatF, -3, 0, 5, 9).chars("S", 255).number("S1", formatF, 0)
	m.ints(6, 1).text("note", 80).extension(7, 1, "$a=E 11 1 1 3 abc a s").extension(13, 1, "A=long\tS=text")
	f.Add(m.extension(20, 1, "shift_jis").extension(11, 4, m.packed(1, 8, 1, 1, 8, 0, 2, 8, 1)).end().float(1).text("x", 256).float(2).Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		table := soundOrRefused(t, file)
		if table == nil {
			return
		}
		var again bytes.Buffer
		if _, err := Write(&again, table, Options{}); err == nil {
			back, err := Read(bytes.NewReader(again.Bytes()), int64(again.Len()), "again.sav", nil)
			if err != nil {
				t.Fatal(err)
			}
			sameCells(t, table, back)
		}
	})
}

// soundOrRefused reads a file that may be damaged; nil where it is refused.
func soundOrRefused(t *testing.T, file []byte) *survey.Table {
	t.Helper()
	table, err := Read(bytes.NewReader(file), int64(len(file)), "fuzz.sav", nil)
	return damagetest.SoundOrRefused(t, table, err)
}

// One wrong byte anywhere in a file does no harm either.
func TestEveryByteChanged(t *testing.T) {
	for _, opts := range []Options{{}, {Zlib: true}} {
		var file bytes.Buffer
		if _, err := Write(&file, smallTable(), opts); err != nil {
			t.Fatal(err)
		}
		for at := range file.Len() {
			for _, b := range []byte{0, 0x80, 0xff} {
				wrong := bytes.Clone(file.Bytes())
				wrong[at] = b
				soundOrRefused(t, wrong)
			}
		}
	}
}

// dayError is what a number of days can lose when it is turned into seconds and
// back: a few units in the last place of the larger count from 1582.
const dayError = 1e-9

// sameCells compares the values of two tables, whatever the variables are called.
func sameCells(t *testing.T, want, got *survey.Table) {
	for j, v := range want.Variables {
		for i := range want.Rows {
			x, ok := v.At(i)
			y, again := got.Variables[j].At(i)
			near := math.Abs(x.Number-y.Number) <= dayError*max(1, math.Abs(x.Number)) || x.Number == y.Number
			if ok != again || x.Text != y.Text || ok && !near {
				t.Fatalf("row %d, variable %d: %v %v was written as %v %v", i+1, j+1, x, ok, y, again)
			}
		}
	}
}
