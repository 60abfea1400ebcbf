package columnar

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// A whole number that a float64 cannot hold makes texts of all of them.
func TestWholeNumbersKeepEveryDigit(t *testing.T) {
	c := NewColumn("n", 0)
	c.Whole(7)
	c.Null()
	c.Whole(maxExact)
	if c.IsText() || !cmp.Equal([]float64{7, math.NaN(), maxExact}, c.Numbers.Slice(), cmpopts.EquateNaNs()) {
		t.Fatalf("%+v", c.Variable)
	}
	c.Whole(-maxExact - 1)
	c.Whole(7)
	c.Unsigned(math.MaxUint64)
	want := &survey.TextColumn{Index: survey.NewPlaces([]int32{0, -1, 1, 2, 0, 3}), Values: []string{"7", "9007199254740992", "-9007199254740993", "18446744073709551615"}}
	if diff := cmp.Diff(want, c.Texts); diff != "" || c.Numbers != nil || c.Kind != survey.Text {
		t.Error(diff)
	}
}

// Different bytes that are no UTF-8 are one text.
func TestSpoiledTexts(t *testing.T) {
	c := NewColumn("s", 0)
	c.MakeText()
	for _, s := range []string{"a\xff", "a\xfe", "a\xff", "a\uFFFD"} {
		c.Text([]byte(s))
	}
	if diff := cmp.Diff(&survey.TextColumn{Index: survey.NewPlaces([]int32{0, 0, 0, 0}), Values: []string{"a\uFFFD"}}, c.Texts); diff != "" {
		t.Error(diff)
	}
}

func TestDecimal(t *testing.T) {
	for text, b := range map[float64][]byte{-0.01: {0xff}, 1.27: {0x7f}, -327.68: {0x80, 0}, 655.35: {0, 0xff, 0xff}} {
		if got := Decimal(Signed(b), 2); got != text {
			t.Errorf("% x: got %v, want %v", b, got, text)
		}
	}
	if Shortest(0.1) != 0.1 {
		t.Error("0.1 is not 0.1")
	}
}

// bare is the table as a format without labels reads it.
func bare(t *survey.Table) *survey.Table {
	out := &survey.Table{Rows: t.Rows}
	for _, v := range t.Variables {
		kind := survey.Number
		if v.IsText() {
			kind = survey.Text
		}
		out.Variables = append(out.Variables, &survey.Variable{Name: v.Name, Kind: kind, Numbers: v.Numbers, Texts: v.Texts})
	}
	return out
}

// What the dictionary says of a table comes back whole.
func TestDictionaryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		text, err := Dictionary(table)
		if err != nil {
			t.Fatal(err)
		}
		back := bare(table)
		Describe(back, text)
		if diff := cmp.Diff(table, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func drawTable(t *rapid.T) *survey.Table {
	table := &survey.Table{}
	some := rapid.StringOf(rapid.RuneFrom([]rune("ab <é\"\\")))
	for i := range rapid.IntRange(1, 5).Draw(t, "variables") {
		v := &survey.Variable{Name: fmt.Sprintf("v%d", i), Label: some.Draw(t, "label"), Format: some.Draw(t, "format"),
			Kind:     rapid.SampledFrom([]survey.Kind{survey.Number, survey.Text, survey.Date, survey.DateTime, survey.TimeOfDay}).Draw(t, "kind"),
			Measure:  rapid.SampledFrom([]survey.Measure{survey.MeasureUnknown, survey.Nominal, survey.Ordinal, survey.Scale}).Draw(t, "measure"),
			Polarity: rapid.SampledFrom([]survey.Polarity{survey.Unordered, survey.OneSided, survey.Rising, survey.Falling}).Draw(t, "polarity")}
		value := func() survey.Value {
			if v.IsText() {
				return survey.TextValue(some.Draw(t, "value"))
			}
			return survey.NumberValue(rapid.Float64Range(-1e300, 1e300).Draw(t, "value"))
		}
		if v.IsText() {
			v.Texts = &survey.TextColumn{}
			v.Missing = []survey.Missing{survey.MissingText(some.Draw(t, "missing"), survey.DontKnow)}
		} else {
			low := rapid.Float64Range(-100, 0).Draw(t, "low")
			v.Missing = rapid.SampledFrom([][]survey.Missing{nil, {survey.MissingNumber(low, survey.Refused)}, {{Low: math.Inf(-1), High: low}}, {{Low: low, High: 3}}, {{Low: low, High: math.Inf(1)}}}).Draw(t, "missing")
		}
		for range rapid.IntRange(0, 3).Draw(t, "codes") {
			v.Codes = append(v.Codes, survey.Code{Value: value(), Label: some.Draw(t, "label")})
		}
		table.Variables = append(table.Variables, v)
		if rapid.Bool().Draw(t, "weight") && !v.IsText() {
			table.Weight = v.Name
		}
		if rapid.Bool().Draw(t, "set") {
			counted := value()
			table.Sets = append(table.Sets, survey.MultipleResponse{Name: "$s" + v.Name, Label: some.Draw(t, "label"), Variables: []string{v.Name}, Counted: &counted})
		}
	}
	return table
}

// What another program changed is passed over, and told; what is not ours says nothing.
func TestDescribeWhatFits(t *testing.T) {
	table := func() *survey.Table {
		return &survey.Table{Variables: []*survey.Variable{{Name: "a", Kind: survey.Number}, {Name: "b", Kind: survey.Text, Texts: &survey.TextColumn{}}}}
	}
	for text, words := range map[string]string{
		`{}`:             "",
		`{"other": [1]}`: "",
		`{"surveykit": {"variables": {"gone": {"kind": "number", "label": "x"}}}}`: "",
		`[`: "cannot be read",
		`{"surveykit": {"variables": {"a": {"kind": "text"}}}}`:                                            "no longer fit and were left out for a",
		`{"surveykit": {"variables": {"b": {"kind": "text", "codes": [{"value": 1, "label": "x"}]}}}}`:     "for b",
		`{"surveykit": {"variables": {"b": {"kind": "text", "missing": [{"low": 1}]}}}}`:                   "for b",
		`{"surveykit": {"weight": "b", "sets": [{"name": "s", "variables": ["a", "gone"]}]}}`:              "for s, b",
		`{"surveykit": {"variables": {"a": {"kind": "number", "codes": [{"value": [1], "label": "x"}]}}}}`: "a number or a text",
	} {
		got := table()
		Describe(got, text)
		told := strings.Join(got.Notices.Texts(), "\n")
		if words == "" && told != "" || !strings.Contains(told, words) || len(got.Sets) > 0 || got.Weight != "" || got.Variables[0].Codes != nil || got.Variables[1].Codes != nil {
			t.Errorf("%s: got %q and %+v", text, told, got)
		}
	}
	odd := table()
	Describe(odd, `{"surveykit": {"variables": {"a": {"kind": "purple", "measure": "huge", "polarity": "up"}}}}`)
	if v := odd.Variables[0]; v.Kind != survey.Number || v.Measure != survey.MeasureUnknown || v.Polarity != survey.Unordered {
		t.Errorf("%+v", v)
	}
}
