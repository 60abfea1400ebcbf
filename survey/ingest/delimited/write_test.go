package delimited

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"surveykit/survey"
)

func texts(values ...string) *survey.TextColumn {
	c := &survey.TextColumn{}
	at := map[string]int32{}
	for _, s := range values {
		if s == "" {
			c.Index.Append(-1)
			continue
		}
		if _, ok := at[s]; !ok {
			at[s] = int32(len(c.Values))
			c.Values = append(c.Values, s)
		}
		c.Index.Append(at[s])
	}
	return c
}

func TestWrite(t *testing.T) {
	nan := math.NaN()
	table := &survey.Table{Rows: 3, Variables: []*survey.Variable{
		{Name: "id", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 1e15, math.Copysign(0, -1)})},
		{Name: "what, then", Kind: survey.Text, Texts: texts(`a "b"`, "", "x;y")},
		{Name: "day", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{0, nan, 18050})},
		{Name: "at", Kind: survey.DateTime, Numbers: survey.NewNumbers([]float64{-0.5, 86400, nan})},
		{Name: "long", Kind: survey.TimeOfDay, Numbers: survey.NewNumbers([]float64{nan, 93600.25, -1})},
	}}
	const want = `id,"what, then",day,at,long
1,"a ""b""",1970-01-01,1969-12-31T23:59:59.5,
1e+15,,,1970-01-02T00:00:00,26:00:00.25
-0,"x;y",2019-06-03,,-00:00:01
`
	var b bytes.Buffer
	if err := Write(&b, table); err != nil || b.String() != want {
		t.Errorf("%v\n%s", err, b.String())
	}
}

func TestWriteProblems(t *testing.T) {
	for _, v := range []*survey.Variable{
		{Name: "x", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{math.Inf(-1)})},
		{Name: "x", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{3e6})},
		{Name: "x", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{-800000})},
		{Name: "x", Kind: survey.DateTime, Numbers: survey.NewNumbers([]float64{1e300})},
		{Name: "x", Kind: survey.TimeOfDay, Numbers: survey.NewNumbers([]float64{1e20})},
	} {
		err := Write(&bytes.Buffer{}, &survey.Table{Rows: 1, Variables: []*survey.Variable{v}})
		problems, ok := err.(survey.Problems)
		if !ok || problems[0].Row != 1 || problems[0].Variable != "x" || problems[0].Remedy == "" {
			t.Errorf("%s %v: got %v", v.Kind, v.Numbers.Slice(), err)
		}
	}
}

func TestWriteTexts(t *testing.T) {
	table := &survey.Table{Rows: 5, Variables: []*survey.Variable{
		{Name: "x", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, -1, 2, 3}), Values: []string{"", " a", "'b'", "\u00a0c"}}},
	}}
	const want = "x\n\"\"\n\" a\"\n\"\"\n'b'\n\"\u00a0c\"\n"
	var b bytes.Buffer
	if err := Write(&b, table); err != nil || b.String() != want {
		t.Errorf("%v, %q", err, b.String())
	}
}

// A text that is a word for "no value" is read back as an answer.
func TestWriteAnswers(t *testing.T) {
	table := &survey.Table{Rows: 3, Variables: []*survey.Variable{
		{Name: "x", Kind: survey.Text, Texts: texts("NA", "", "yes")}, {Name: "y", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 3})}}}
	var b bytes.Buffer
	if err := Write(&b, table); err != nil {
		t.Fatal(err)
	}
	if got := cells(read(t, b.String(), nil))["x"]; !slices.Equal(got, []string{"text", "NA", "", "yes"}) {
		t.Errorf("got %q of %q", got, b.String())
	}
}

// What is written is read back: the same kinds, values and missing cells, by
// every recognition of the reader.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 8).Draw(t, "rows")
		table := &survey.Table{Rows: rows}
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z ,;"']{0,5}[a-z]`), 1, 5, rapid.ID[string]).Draw(t, "names") {
			table.Variables = append(table.Variables, drawVariable(t, name, rows))
		}
		var b bytes.Buffer
		if err := Write(&b, table); err != nil {
			t.Fatal(err)
		}
		back, err := Read(bytes.NewReader(b.Bytes()), int64(b.Len()), "t.csv", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if back.Rows != rows || len(back.Variables) != len(table.Variables) {
			t.Fatalf("%d rows, %d variables from\n%s", back.Rows, len(back.Variables), b.String())
		}
		for j, v := range table.Variables {
			compare(t, v, back.Variables[j], b.String())
		}
	})
}

func compare(t *rapid.T, want, got *survey.Variable, text string) {
	if got.Name != want.Name || got.Kind != want.Kind {
		t.Fatalf("%q (%s) came back as %q (%s) from\n%s", want.Name, want.Kind, got.Name, got.Kind, text)
	}
	for i := range want.Len() {
		a, okA := want.At(i)
		b, okB := got.At(i)
		if okA != okB || a.Text != b.Text || okA && a.Number != b.Number {
			t.Fatalf("%s, row %d: %v came back as %v from\n%s", want.Name, i+1, a, b, text)
		}
	}
}

// drawVariable makes a variable whose kind shows in its first value.
func drawVariable(t *rapid.T, name string, rows int) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: rapid.SampledFrom([]survey.Kind{
		survey.Number, survey.Text, survey.Date, survey.DateTime, survey.TimeOfDay}).Draw(t, "kind"), Numbers: &survey.NumberColumn{}}
	seconds := func(low, high float64) float64 {
		x := rapid.Float64Range(low, high).Draw(t, "seconds")
		if rapid.Bool().Draw(t, "whole milliseconds") {
			return math.Trunc(x*1000) / 1000
		}
		return x
	}
	draw := map[survey.Kind]func() float64{
		survey.Number:    func() float64 { return rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "number") },
		survey.Date:      func() float64 { return float64(rapid.IntRange(-719162, 2932896).Draw(t, "day")) },
		survey.DateTime:  func() float64 { return seconds(firstSecond, lastSecond) },
		survey.TimeOfDay: func() float64 { return seconds(-longestTime+1, longestTime-1) },
	}
	values := []string{"text"}
	for i := range rows {
		missing := i > 0 && rapid.IntRange(0, 3).Draw(t, "missing") == 0
		switch {
		case v.Kind == survey.Text && i > 0:
			values = append(values, drawText(t, missing))
		case v.Kind != survey.Text && missing:
			v.Numbers.Append(math.NaN())
		case v.Kind != survey.Text:
			v.Numbers.Append(draw[v.Kind]())
		}
	}
	if v.Kind == survey.Text {
		v.Texts = texts(values...)
	}
	return v
}

// drawText makes a text that a file can hold: not blank, without NUL, no word for "no value".
func drawText(t *rapid.T, missing bool) string {
	s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ab ]{1,4}`), rapid.StringMatching(`[ab1,;|\t\r\n"' ]{0,8}`)).Draw(t, "text")
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	if missing || len(trim([]byte(s))) == 0 || usuallyMissing(trimmed(s)) {
		return ""
	}
	return s
}

// A date with a time in it is written as the moment that it is, and so are the others of
// its column.
func TestWriteDatesWithTimes(t *testing.T) {
	table := &survey.Table{Rows: 3, Variables: []*survey.Variable{
		{Name: "d", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{15736.04343749999, 15736, math.NaN()})},
		{Name: "whole", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{1, math.NaN(), 3})},
	}}
	var b bytes.Buffer
	if err := Write(&b, table); err != nil {
		t.Fatal(err)
	}
	if want := "d,whole\n2013-01-31T01:02:33,1970-01-02\n2013-01-31T00:00:00,\n,1970-01-04\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
