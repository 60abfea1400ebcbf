package xlsx

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// What is written comes back: any number exactly, moments to the millisecond,
// texts that look like formulas as texts.
func TestWriteAndRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(rt, "rows")
		draw := func(name string, g *rapid.Generator[float64]) []float64 {
			all := rapid.SliceOfN(g, n, n).Draw(rt, name)
			for i := range all {
				if i > 0 && rapid.Bool().Draw(rt, "missing") {
					all[i] = math.NaN()
				}
			}
			return all
		}
		millis := func(low, high int64) *rapid.Generator[float64] {
			return rapid.Map(rapid.Int64Range(low, high), func(ms int64) float64 { return float64(ms) / 1e3 })
		}
		table := &survey.Table{Rows: n, Variables: []*survey.Variable{
			{Name: "x", Kind: survey.Number, Numbers: survey.NewNumbers(draw("x", rapid.Float64Range(-1e15, 1e15)))},
			{Name: "day", Kind: survey.Date, Numbers: survey.NewNumbers(draw("day", rapid.Map(rapid.IntRange(-25508, 2932896), func(d int) float64 { return float64(d) })))},
			{Name: "at", Kind: survey.DateTime, Numbers: survey.NewNumbers(draw("at", millis(-2203891200000, 4102444800000)))},
			{Name: "long", Kind: survey.TimeOfDay, Numbers: survey.NewNumbers(draw("long", millis(0, 359999999)))},
			{Name: "says", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces(make([]int32, n)), Values: []string{`=1+1 "ü"` + "\n;x"}}},
		}}
		var b bytes.Buffer
		if notices, err := Write(&b, table); err != nil || notices != nil {
			rt.Fatal(notices, err)
		}
		back, err := read(b.Bytes(), "")
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(table.Variables, back.Variables, cmpopts.EquateNaNs()); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestWriteTellsEmptyRows(t *testing.T) {
	table := &survey.Table{Rows: 3, Variables: []*survey.Variable{
		{Name: "x", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{math.NaN(), 1, math.NaN()})},
		{Name: "s", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{-1, -1, 0}), Values: []string{"a"}}},
	}}
	notices, err := Write(&bytes.Buffer{}, table)
	if err != nil || len(notices) != 1 || !strings.HasSuffix(notices[0].Text, "readers skip: 1") {
		t.Errorf("got %q, %v", notices, err)
	}
}

func TestWriteCodebook(t *testing.T) {
	chosen := survey.NumberValue(1)
	table := &survey.Table{Rows: 1, Weight: "w", Sets: []survey.MultipleResponse{{Name: "s", Variables: []string{"w"}, Counted: &chosen}},
		Variables: []*survey.Variable{{Name: "w", Label: "Weight", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{2}), Codes: []survey.Code{{Value: chosen, Label: "One"}}}}}
	var b bytes.Buffer
	notices, err := Write(&b, table)
	if err != nil || len(notices) != 0 {
		t.Fatal(notices, err)
	}
	book := mustRead(t, b.Bytes(), "codebook")
	label, _ := book.Lookup("code_label").At(1)
	if weight, _ := book.Lookup("weight").At(0); book.Rows != 4 || label.Text != "One" || weight.Text != "yes" {
		t.Errorf("%d rows, label %q, weight %q", book.Rows, label.Text, weight.Text)
	}
}

func TestWriteRefuses(t *testing.T) {
	for words, v := range map[string]*survey.Variable{
		"infinite":   {Kind: survey.Number, Numbers: survey.NewNumbers([]float64{math.Inf(1)})},
		"1900-03-01": {Kind: survey.Date, Numbers: survey.NewNumbers([]float64{-25600})},
		"9999-12-31": {Kind: survey.DateTime, Numbers: survey.NewNumbers([]float64{1e15})},
		"negative":   {Kind: survey.TimeOfDay, Numbers: survey.NewNumbers([]float64{-1})},
		"32767":      {Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0}), Values: []string{strings.Repeat("x", mostText+1)}}},
	} {
		v.Name = "v"
		var b bytes.Buffer
		_, err := Write(&b, &survey.Table{Rows: 1, Variables: []*survey.Variable{v}})
		if problems, ok := err.(survey.Problems); !ok || !strings.Contains(err.Error(), words) || problems[0].Variable != "v" || b.Len() > 0 {
			t.Errorf("%s: got %v", words, err)
		}
	}
	if _, err := Write(&bytes.Buffer{}, &survey.Table{Rows: mostRows + 1}); err == nil {
		t.Error("too many rows are written")
	}
}
