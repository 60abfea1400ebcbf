package sav

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

func wantTable(t *testing.T, got, want *survey.Table) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("table (-want +got):\n%s", diff)
	}
}

// The same small file in each byte order, its cases plain: an old file without
// any extension record.
func TestByteOrders(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{little, big} {
		m := newMaker(order, plainCases, 2, -1)
		m.chars("NAME", 5).number("WT", formatF, 1, 9).number("DAY", formatDate, 0)
		m.ints(3, 2).text("ann", 8).text("\x03Ann    ", 8).text("bob", 8).text("\x03Bob    ", 8).ints(4, 1, 1)
		m.ints(6, 1).text("Two people.", 80)
		m.end()
		m.text("ann", 8).float(1.5, 141428*86400)
		m.text("   bob", 8).float(-math.MaxFloat64, 86400*141427.5)
		wantTable(t, m.mustRead(t), &survey.Table{
			Rows:    2,
			Weight:  "WT",
			Notices: survey.Notices{{Code: survey.NoticeRemark, Text: "document: Two people."}},
			Variables: []*survey.Variable{
				{
					Name: "NAME", Kind: survey.Text, Format: "A5",
					Codes: []survey.Code{{Value: survey.TextValue("ann"), Label: "Ann"}, {Value: survey.TextValue("bob"), Label: "Bob"}},
					Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1}), Values: []string{"ann", "   bo"}},
				},
				{
					Name: "WT", Kind: survey.Number, Format: "F8", Numbers: survey.NewNumbers([]float64{1.5, math.NaN()}),
					Missing: []survey.Missing{survey.MissingNumber(9, "")},
				},
				{Name: "DAY", Kind: survey.Date, Format: "DATE8", Numbers: survey.NewNumbers([]float64{0, -0.5})},
			},
		})
	}
}

// Every byte code: numbers, literal, blanks, system-missing, the zeros of a last
// group, and the end mark.
func TestByteCodes(t *testing.T) {
	m := newMaker(big, byteCodeCases, 0, 3).number("X", formatF, 0).chars("S", 8).end()
	m.Write([]byte{1, 254, 251, 253, 0, 255, 253, 252})
	m.text("one", 8).text("one", 8)
	table := m.mustRead(t)
	if diff := cmp.Diff([]float64{-99, 151, math.NaN()}, table.Variables[0].Numbers.Slice(), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, 1}), Values: []string{"", "one"}}, table.Variables[1].Texts); diff != "" {
		t.Error(diff)
	}
}

// Ranges of missing values, with LO and HI open, in the unit of the variable.
func TestMissingRanges(t *testing.T) {
	day := func(n float64) float64 { return (n + epochDays) * secondsPerDay }
	m := newMaker(little, plainCases, 0, 0)
	m.number("A", formatF, -2, lowest, 0).number("B", formatF, -3, 90, highest, -1)
	m.number("C", formatDate, -2, day(10), day(20)).number("D", formatF, 3, 7, 8, 9).end()
	table := m.mustRead(t)
	want := [][]survey.Missing{
		{{Low: math.Inf(-1), High: 0}},
		{{Low: 90, High: math.Inf(1)}, {Low: -1, High: -1}},
		{{Low: 10, High: 20}},
		{{Low: 7, High: 7}, {Low: 8, High: 8}, {Low: 9, High: 9}},
	}
	for i, v := range table.Variables {
		if diff := cmp.Diff(want[i], v.Missing); diff != "" {
			t.Errorf("%s: %s", v.Name, diff)
		}
	}
}

// Missing values of long texts, with the length once and, as old programs have
// it, before each value; labels of long texts.
func TestLongTextDictionary(t *testing.T) {
	m := newMaker(little, plainCases, 0, 0).chars("LONG", 10)
	m.extension(13, 1, "LONG=longer_name")
	m.extension(22, 1, m.packed(11)+"longer_name\x02"+m.packed(8)+"none    "+m.packed(8)+"refused ")
	m.extension(21, 1, m.packed(11)+"longer_name"+m.packed(10, 1, 10)+"yes       "+m.packed(7)+"I agree")
	table := m.end().mustRead(t)
	wantTable(t, table, &survey.Table{Variables: []*survey.Variable{{
		Name: "longer_name", Kind: survey.Text, Format: "A10",
		Missing: []survey.Missing{survey.MissingText("none", ""), survey.MissingText("refused", "")},
		Codes:   []survey.Code{{Value: survey.TextValue("yes"), Label: "I agree"}},
		Texts:   &survey.TextColumn{},
	}}})
}

// Labels in several records add up, the later one wins, and variables that share
// a record do not share what is added to one of them.
func TestLabelsAddUp(t *testing.T) {
	m := newMaker(little, plainCases, 0, 0).number("A", formatF, 0).number("B", formatF, 0).number("C", formatF, 0)
	m.ints(3, 3).float(1).text("\x03one", 8).float(2).text("\x03two", 8).float(2).text("\x02II", 8).ints(4, 3, 1, 2, 3)
	m.ints(3, 2).float(1).text("\x01I", 8).float(3).text("\x03III", 8).ints(4, 1, 1)
	table := m.end().mustRead(t)
	code := func(x float64, label string) survey.Code {
		return survey.Code{Value: survey.NumberValue(x), Label: label}
	}
	for i, want := range [][]survey.Code{
		{code(1, "I"), code(2, "II"), code(3, "III")},
		{code(1, "one"), code(2, "II")},
	} {
		if diff := cmp.Diff(want, table.Variables[i].Codes); diff != "" {
			t.Errorf("%s: %s", table.Variables[i].Name, diff)
		}
	}
	b := append(table.Variables[1].Codes, code(4, "four"))
	_ = append(table.Variables[2].Codes, code(5, "five"))
	if b[2].Label != "four" {
		t.Error("two variables share the room behind their codes")
	}
}

// Sets of all kinds, as SPSS writes them: short names in small letters.
func TestSets(t *testing.T) {
	m := newMaker(little, plainCases, 0, 0)
	m.ints(2, 0, 1, 0, formatF<<16, formatF<<16).text("AAAAAA_A", 8).ints(5).text("First", 8)
	m.number("B", formatF, 0).chars("S", 2)
	m.extension(7, 1, "\n\n$c=C 10 two\nlines= aaaaaa_a b\n$d=D2 55 0  b gone\n$s=D1 y 3 Yes s\n$lost=D1 x 0  b\n$none=C 0  gone\n")
	m.extension(19, 1, "$e=E 1 1 2 4 Four b\n$f=E 11 1 1 0  aaaaaa_a b\n")
	m.extension(13, 1, "AAAAAA_A=a_long_name\tB=b")
	table := m.end().mustRead(t)
	number := func(x float64) *survey.Value { v := survey.NumberValue(x); return &v }
	yes := survey.TextValue("y")
	want := []survey.MultipleResponse{
		{Name: "$c", Label: "two\nlines=", Variables: []string{"a_long_name", "b"}},
		{Name: "$d", Variables: []string{"b"}, Counted: number(55)},
		{Name: "$s", Label: "Yes", Variables: []string{"S"}, Counted: &yes},
		{Name: "$e", Label: "Four", Variables: []string{"b"}, Counted: number(2)},
		{Name: "$f", Label: "First", Variables: []string{"a_long_name", "b"}, Counted: number(1)},
	}
	if diff := cmp.Diff(want, table.Sets); diff != "" {
		t.Error(diff)
	}
	if len(table.Notices) != 4 {
		t.Errorf("want 4 notices, of $d, $lost and $none: %q", table.Notices)
	}
}

// Text in the encodings that a file can name, or have without naming it.
func TestEncodings(t *testing.T) {
	machine := func(code int32) string {
		return (&maker{order: little}).packed(1, 0, 0, 0, 1, 1, 2, code)
	}
	for _, c := range []struct {
		what         string
		name         string
		code         int32
		bytes, want  string
		wantNoticeOf string
	}{
		{"named", "windows-1251", 1252, "\xcf\xf0\xe8", "При", ""},
		{"named as IANA has it", "IBM850", 0, "\x81", "ü", ""},
		{"named by number", "cp949", 0, "\xc7\xd1", "한", ""},
		{"code page", "", 932, "\x93\xfa\x96{", "日本", ""},
		{"code page of ISO", "", 28592, "\xb3", "ł", ""},
		{"code page of DOS", "", 437, "\x81", "ü", ""},
		{"code page of UTF-8", "", 65001, "né", "né", ""},
		{"not known", "klingon", 1250, "\xb3", "ł", "klingon"},
		{"UTF-16 cannot be", "UTF-16LE", 1250, "\xb3", "ł", "UTF-16LE"},
		{"not given", "", 2, "n\xe9\x80", "né€", "windows-1252"},
		{"not given, but UTF-8", "", 3, "né", "né", "UTF-8"},
		{"character cut by the field's end", "UTF-8", 0, "né a \xe2\x82", "né a", ""},
		{"wrong bytes", "UTF-8", 0, "a\xffb", "a\uFFFDb", "2 texts"},
		{"wrong bytes in a code page", "windows-1252", 0, "a\x81b", "a\uFFFDb", "2 texts"},
	} {
		m := newMaker(little, plainCases, 0, 1)
		m.ints(2, 8, 1, 0, 1<<16, 1<<16).text("S", 8).ints(int32(len(c.bytes))).text(c.bytes, roundUp(len(c.bytes), 4))
		if c.code > 0 {
			m.extension(3, 4, machine(c.code))
		}
		if c.name != "" {
			m.extension(20, 1, c.name)
		}
		table := m.end().text(c.bytes, 8).mustRead(t)
		v := table.Variables[0]
		if value, _ := v.At(0); v.Label != c.want || value.Text != c.want {
			t.Errorf("%s: label %q, value %q, want %q", c.what, v.Label, value.Text, c.want)
		}
		notices := strings.Join(table.Notices.Texts(), "\n")
		if !strings.Contains(notices, c.wantNoticeOf) || c.wantNoticeOf == "" && notices != "" {
			t.Errorf("%s: notices %q", c.what, notices)
		}
	}
}

// Texts that differ in bytes only where the encoding cannot tell are one value.
func TestSpoiledTextsAreOneValue(t *testing.T) {
	for _, encoding := range []string{"UTF-8", "windows-1252"} {
		m := newMaker(little, plainCases, 0, 3).chars("S", 8).extension(20, 1, encoding).end()
		m.text("a\x81", 8).text("b", 8).text("a\x8d", 8)
		got := m.mustRead(t).Variables[0].Texts
		if diff := cmp.Diff(&survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, 0}), Values: []string{"a\uFFFD", "b"}}, got); diff != "" {
			t.Errorf("%s: %s", encoding, diff)
		}
	}
}

// A file that names the wrong encoding is seen by its labels, or, where these do not show
// it, by its values; an encoding that is given is taken as it is.
func TestLyingHeaders(t *testing.T) {
	for _, c := range []struct {
		what, name, label, value, given string
		wantLabel, wantValue, notice    string
	}{
		{"GBK that is to be UTF-8", "UTF-8", "\xd0\xd4\xb1\xf0", "\xc4\xd0", "", "性别", "男", "says that its text is UTF-8, and it is not: read as gbk, a guess"},
		{"windows-1251 that is to be UTF-8", "UTF-8", "\xc2\xe0\xf8 \xef\xee\xeb", "\xcc\xf3\xe6", "", "Ваш пол", "Муж", "read as windows-1251, a guess"},
		{"UTF-8 that is to be windows-1252", "windows-1252", "Wählen", "süß", "", "Wählen", "süß", "says that its text is windows-1252, and it can only be UTF-8"},
		{"UTF-8 in values only", "windows-1252", "Choose", "süß", "", "Choose", "sÃ¼ÃŸ", "1 texts look like UTF-8"},
		{"given", "UTF-8", "\xef\xee\xeb", "\xcc", "windows-1251", "пол", "М", ""},
		{"given UTF-8", "windows-1252", "Wahl", "süß", "utf-8", "Wahl", "süß", ""},
	} {
		m := newMaker(little, plainCases, 0, 1)
		m.ints(2, 8, 1, 0, 1<<16, 1<<16).text("S", 8).ints(int32(len(c.label))).text(c.label, roundUp(len(c.label), 4))
		file := m.extension(20, 1, c.name).end().text(c.value, 8).Buffer.Bytes()
		table, err := Blocks(bytes.NewReader(file), int64(len(file)), "made.sav", nil, raw.Blocks{Encoding: c.given})
		if err != nil {
			t.Fatal(err)
		}
		v := table.Variables[0]
		if value, _ := v.At(0); v.Label != c.wantLabel || value.Text != c.wantValue {
			t.Errorf("%s: label %q, value %q", c.what, v.Label, value.Text)
		}
		if told := strings.Join(table.Notices.Texts(), "\n"); !strings.Contains(told, c.notice) || c.notice == "" && told != "" {
			t.Errorf("%s: notices %q", c.what, told)
		}
	}
}

// A value's bytes in a code page may be those of another value in UTF-8.
func TestTextsThatLookLikeUTF8(t *testing.T) {
	m := newMaker(little, plainCases, 0, 2).chars("S", 8).extension(20, 1, "windows-1252").end()
	m.text("\xe9", 8).text("\xc3\xa9", 8)
	got := m.mustRead(t).Variables[0].Texts
	if diff := cmp.Diff(&survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1}), Values: []string{"é", "Ã©"}}, got); diff != "" {
		t.Error(diff)
	}
}

// A text of 505 bytes stands in three segments: 255 bytes, 250 of the next 255,
// and a third that is empty. What follows it keeps its measure and its place.
func TestVeryLongText(t *testing.T) {
	m := newMaker(little, plainCases, 0, 1).chars("LONG", 255).chars("LONG1", 255).chars("LONG2", 1).number("X", formatF, 0)
	m.extension(14, 1, "LONG=00505\x00\t").extension(13, 1, "LONG=essay").extension(11, 4, m.packed(1, 0, 1, 0, 1, 0, 3, 1)).end()
	m.text(strings.Repeat("a", 255), 256).text(strings.Repeat("b", 250), 256).text("", 8).float(7)
	wantTable(t, m.mustRead(t), &survey.Table{Rows: 1, Variables: []*survey.Variable{
		{
			Name: "essay", Kind: survey.Text, Format: "A505", Measure: survey.Nominal,
			Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0}), Values: []string{strings.Repeat("a", 255) + strings.Repeat("b", 250)}},
		},
		{Name: "X", Kind: survey.Number, Format: "F8", Measure: survey.Scale, Numbers: survey.NewNumbers([]float64{7})},
	}})
}

// What is odd but harmless is read, and a notice says what was done.
func TestNotices(t *testing.T) {
	m := newMaker(little, plainCases, 0, 1).number("A", formatF, 0).number("B", formatF, 0).number("", formatF, 0)
	m.chars("S", 9).ints(3, 1).text("x", 8).text("\x01x", 8).ints(4, 1, 4)
	m.extension(13, 1, "A=same\tB=same").extension(11, 4, m.packed(1, 2, 3)).extension(77, 3, "abc")
	m.end().float(1, 2, 3).text("s", 16).float(1, 2, 3).text("t", 16)
	table := m.mustRead(t)
	if got := strings.Join(table.Names(), " "); got != "same same_2 VAR_3 S" {
		t.Errorf("names %s", got)
	}
	for _, word := range []string{"77", `another variable, "same"`, "has no name", "display", "long text S", "1 cases"} {
		if !strings.Contains(strings.Join(table.Notices.Texts(), "\n"), word) {
			t.Errorf("no notice has %s: %q", word, table.Notices)
		}
	}
	if table.Rows != 1 || len(table.Notices) != 6 {
		t.Errorf("%d rows, notices %q", table.Rows, table.Notices)
	}
}

// More cases than a header can count stand in an extension.
func TestRowsOfExtension(t *testing.T) {
	m := newMaker(little, plainCases, 0, -1).number("A", formatF, 0)
	m.extension(16, 8, m.packed(1, 0, 2, 0)).end().float(1, 2, 3)
	if table := m.mustRead(t); table.Rows != 2 {
		t.Errorf("%d rows, want 2", table.Rows)
	}
}
