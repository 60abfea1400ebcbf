package sav

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

func numeric(name string, xs ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(xs)}
}

// What SPSS has no room for is changed, and said.
func TestWriteMends(t *testing.T) {
	long := strings.Repeat("long label €", 30)
	odd := numeric("1st answer", 1)
	odd.Label, odd.Codes = long, []survey.Code{{Value: survey.NumberValue(1), Label: long}}
	text := &survey.Variable{Name: "AND", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{-1})}}
	table := &survey.Table{
		Rows:      1,
		Variables: []*survey.Variable{odd, text, numeric("x", 0.5), numeric("X", 2), numeric(strings.Repeat("é", 31)+".é", 3)},
		Sets:      []survey.MultipleResponse{{Name: "my set", Variables: []string{"1st answer"}}},
	}
	back, notices := written(t, table, Options{})
	names := []string{"V_1st_answer", "V_AND", "x", "X_2", strings.Repeat("é", 31) + "_"}
	if diff := cmp.Diff(names, back.Names()); diff != "" {
		t.Error(diff)
	}
	if v := back.Variables[0]; v.Label != cut(long, 256) || v.Codes[0].Label != cut(long, 120) || len(v.Label) < 254 {
		t.Errorf("labels %q, %q", v.Label, v.Codes[0].Label)
	}
	if x, ok := back.Variables[1].At(0); !ok || x.Text != "" {
		t.Errorf("a missing text came back as %v %v", x, ok)
	}
	if s := back.Sets; len(s) != 1 || s[0].Name != "$my_set" || s[0].Variables[0] != "V_1st_answer" {
		t.Errorf("sets %+v", s)
	}
	formats := []string{"F8", "A1", "F8.2", "F8", "F8"}
	for i, v := range back.Variables {
		if v.Format != formats[i] {
			t.Errorf("%s has the format %s, want %s", v.Name, v.Format, formats[i])
		}
	}
	for _, word := range []string{"1st answer", "AND", "X is written as X_2", "2 labels", "1 missing text"} {
		if !strings.Contains(strings.Join(notices.Texts(), "\n"), word) {
			t.Errorf("no notice has %q: %q", word, notices)
		}
	}
}

// A variable of another program's format gets the usual one of its kind.
func TestWriteFormats(t *testing.T) {
	for _, c := range []struct {
		kind      survey.Kind
		own, want string
	}{
		{survey.Number, "%9.0g", "F8"},
		{survey.Number, "DATE11", "F8"},
		{survey.Number, "A8", "F8"},
		{survey.Number, "F8.9", "F8"},
		{survey.Number, "F99", "F8"},
		{survey.Number, "PCT5.1", "PCT5.1"},
		{survey.Date, "%td", "DATE11"},
		{survey.Date, "QYR6", "QYR6"},
		{survey.DateTime, "", "DATETIME20"},
		{survey.DateTime, "YMDHMS19", "YMDHMS19"},
		{survey.TimeOfDay, "", "TIME8"},
		{survey.TimeOfDay, "MTIME5", "MTIME5"},
	} {
		v := &survey.Variable{Name: "v", Kind: c.kind, Format: c.own, Numbers: survey.NewNumbers([]float64{3})}
		back, _ := written(t, &survey.Table{Rows: 1, Variables: []*survey.Variable{v}}, Options{})
		if got := back.Variables[0]; got.Format != c.want || got.Kind != c.kind || got.Numbers.At(0) != 3 {
			t.Errorf("%s %q is written as %s %s of %v, want %s", c.kind, c.own, got.Kind, got.Format, got.Numbers.At(0), c.want)
		}
	}
}

// What would change answers is refused, all of it at once.
func TestWriteRefuses(t *testing.T) {
	four := numeric("four", 1)
	four.Missing = []survey.Missing{{Low: 1, High: 1}, {Low: 2, High: 2}, {Low: 3, High: 3}, {Low: 4, High: 4}}
	ranges := numeric("ranges", 1)
	ranges.Missing = []survey.Missing{{Low: 1, High: 2}, {Low: 5, High: math.Inf(1)}}
	longMissing := &survey.Variable{
		Name: "longmissing", Kind: survey.Text, Missing: []survey.Missing{survey.MissingText("not a word", "")},
		Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0}), Values: []string{""}},
	}
	huge := &survey.Variable{
		Name: "huge", Kind: survey.Text,
		Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0}), Values: []string{strings.Repeat("x", maxText+1)}},
	}
	table := &survey.Table{
		Rows: 1, Weight: "huge",
		Variables: []*survey.Variable{four, ranges, longMissing, huge, numeric("short")},
		Sets:      []survey.MultipleResponse{{Name: "$a", Variables: []string{"fuor"}}, {Name: "$b"}},
	}
	var out bytes.Buffer
	_, err := Write(&out, table, Options{})
	var found survey.Problems
	if !errors.As(err, &found) || out.Len() > 0 {
		t.Fatalf("got %v, %d bytes", err, out.Len())
	}
	for _, word := range []string{"column four", "column ranges", `"not a word"`, "32768 bytes", "weight", "did you mean four", "$b", "0 values"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not in: %v", word, err)
		}
	}
	for _, p := range found {
		if p.Remedy == "" {
			t.Errorf("no remedy: %v", p)
		}
	}
	if _, err := Write(&out, &survey.Table{}, Options{}); err == nil {
		t.Error("a table without variables was written")
	}
}

// The same table gives the same bytes, and a full disk is an error.
func TestWriteBytes(t *testing.T) {
	for _, opts := range []Options{{}, {Zlib: true}} {
		var one, two bytes.Buffer
		if _, err := Write(&one, smallTable(), opts); err != nil {
			t.Fatal(err)
		}
		if _, err := Write(&two, smallTable(), opts); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("two writes differ: %v", err)
		}
		for n := range one.Len() {
			if _, err := Write(&limited{n}, smallTable(), opts); err == nil {
				t.Fatalf("no error with room for %d bytes of %d", n, one.Len())
			}
		}
	}
}

// limited is a disk with room for so many bytes.
type limited struct{ room int }

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.room {
		return l.room, io.ErrShortWrite
	}
	l.room -= len(p)
	return len(p), nil
}

// Every integer that has a byte code, and those on both sides of them.
func TestWriteIntegers(t *testing.T) {
	v := numeric("X")
	for x := -300.0; x <= 300; x++ {
		v.Numbers.Append(x)
	}
	back, _ := written(t, &survey.Table{Rows: v.Numbers.Len(), Variables: []*survey.Variable{v}}, Options{})
	if diff := cmp.Diff(v.Numbers.Slice(), back.Variables[0].Numbers.Slice()); diff != "" {
		t.Error(diff)
	}
}

// Open ends of missing ranges are written as SPSS's own LO and HI, which are the
// last numbers before system-missing, not as infinities.
func TestWriteOpenRanges(t *testing.T) {
	v := numeric("X")
	v.Missing = []survey.Missing{{Low: math.Inf(-1), High: math.Inf(1)}}
	var out bytes.Buffer
	if _, err := Write(&out, &survey.Table{Variables: []*survey.Variable{v}}, Options{}); err != nil {
		t.Fatal(err)
	}
	const record = headerSize + 32
	low, high := out.Bytes()[record:record+8], out.Bytes()[record+8:record+16]
	if !bytes.Equal(low, []byte{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0xff}) ||
		!bytes.Equal(high, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0x7f}) {
		t.Errorf("LO is % x, HI is % x", low, high)
	}
}

// More rows than one zlib block of byte codes holds. The list counts the blocks
// on, packed and unpacked, from the zlib header.
func TestManyBlocks(t *testing.T) {
	const rows = 600_000
	v := numeric("X", make([]float64, rows)...)
	for i := range v.Numbers.Len() {
		v.Numbers.Set(i, float64(i)+0.25)
	}
	var out bytes.Buffer
	if _, err := Write(&out, &survey.Table{Rows: rows, Variables: []*survey.Variable{v}}, Options{Zlib: true}); err != nil {
		t.Fatal(err)
	}
	back, err := Read(bytes.NewReader(out.Bytes()), int64(out.Len()), "written.zsav", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range back.Variables[0].Numbers.All() {
		if x != v.Numbers.At(i) {
			t.Fatalf("row %d: %v", i+1, x)
		}
	}
	list := out.Bytes()[out.Len()-2*blockEntrySize:]
	place := func(entry, field int) uint64 { return binary.LittleEndian.Uint64(list[entry*blockEntrySize+8*field:]) }
	if place(1, 0)-place(0, 0) != writtenBlock || place(0, 1)-place(0, 0) != zlibHeaderSize || place(1, 1) <= place(0, 1) {
		t.Errorf("the blocks are listed as % x", list)
	}
}
