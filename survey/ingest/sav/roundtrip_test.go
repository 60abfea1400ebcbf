package sav

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// written reads back what Write makes of a table.
func written(t rapid.TB, table *survey.Table, opts Options) (*survey.Table, survey.Notices) {
	t.Helper()
	var file bytes.Buffer
	notices, err := Write(&file, table, opts)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Read(bytes.NewReader(file.Bytes()), int64(file.Len()), "written.sav", nil)
	if err != nil {
		t.Fatal(err)
	}
	return back, notices
}

// A table in the form in which Read gives it comes back unchanged: values,
// labels, missing rules, measures, sets, weight, formats.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		for _, opts := range []Options{{}, {Zlib: true}} {
			back, notices := written(t, table, opts)
			if diff := cmp.Diff(table, back, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("zlib %v (-want +got):\n%s", opts.Zlib, diff)
			}
			if len(notices) > 0 {
				t.Fatalf("notices of a table that fits: %q", notices)
			}
		}
	})
}

func drawTable(t *rapid.T) *survey.Table {
	table := &survey.Table{Rows: rapid.IntRange(0, 20).Draw(t, "rows")}
	for i := range rapid.IntRange(1, 8).Draw(t, "variables") {
		kind := rapid.SampledFrom([]survey.Kind{survey.Number, survey.Text, survey.Date, survey.DateTime, survey.TimeOfDay}).Draw(t, "kind")
		v := &survey.Variable{
			Name:    fmt.Sprintf("%s%d", rapid.StringMatching(`[a-zé][a-z_ü.]{0,12}`).Draw(t, "name"), i),
			Label:   drawText(t, "label", maxLabel),
			Kind:    kind,
			Measure: rapid.SampledFrom([]survey.Measure{survey.MeasureUnknown, survey.Nominal, survey.Ordinal, survey.Scale}).Draw(t, "measure"),
		}
		if kind == survey.Text {
			drawTexts(t, v, table.Rows)
		} else {
			drawNumbers(t, v, table.Rows)
		}
		drawReasons(t, v)
		table.Variables = append(table.Variables, v)
	}
	drawSets(t, table)
	return table
}

// drawText is at most n bytes without blanks or zeros at the end.
func drawText(t *rapid.T, what string, n int) string {
	s := rapid.StringOfN(rapid.RuneFrom([]rune("abc XYZ0159,;=\té€“漢\U0001F600")), 0, -1, n).Draw(t, what)
	return strings.TrimRight(s, " \x00")
}

func drawTexts(t *rapid.T, v *survey.Variable, rows int) {
	width := rapid.SampledFrom([]int{1, 7, 8, 9, 100, 255, 256, 257, 503, 504, 505, 765, 1000}).Draw(t, "width")
	v.Format = fmt.Sprintf("A%d", width)
	pool := []string{drawText(t, "text", width), drawText(t, "text", width), drawText(t, "text", width), strings.Repeat("w", width)}
	place := map[string]int32{}
	v.Texts = &survey.TextColumn{}
	for range rows {
		s := rapid.SampledFrom(pool).Draw(t, "value")
		if _, ok := place[s]; !ok {
			place[s] = int32(len(v.Texts.Values))
			v.Texts.Values = append(v.Texts.Values, s)
		}
		v.Texts.Index.Append(place[s])
	}
	for _, s := range rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 0, 2, rapid.ID).Draw(t, "codes") {
		v.Codes = append(v.Codes, survey.Code{Value: survey.TextValue(s), Label: drawText(t, "code label", maxValueLabel)})
	}
	for range rapid.IntRange(0, 3).Draw(t, "missing") {
		v.Missing = append(v.Missing, survey.MissingText(drawText(t, "missing text", min(8, width)), ""))
	}
}

func drawNumbers(t *rapid.T, v *survey.Variable, rows int) {
	v.Format = map[survey.Kind]string{survey.Number: "F8.2", survey.Date: "DATE11", survey.DateTime: "DATETIME20", survey.TimeOfDay: "TIME8"}[v.Kind]
	number := rapid.OneOf(rapid.Map(rapid.IntRange(-200, 300), func(i int) float64 { return float64(i) }), rapid.Just(math.NaN()))
	if v.Kind == survey.Number {
		number = rapid.OneOf(number, rapid.Float64Range(-1e300, 1e300))
	}
	v.Numbers = survey.NewNumbers(make([]float64, rows))
	for i := range v.Numbers.Len() {
		v.Numbers.Set(i, number.Draw(t, "value"))
	}
	for _, x := range rapid.SliceOfNDistinct(rapid.IntRange(-120, 180), 0, 4, rapid.ID).Draw(t, "codes") {
		v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(x)), Label: drawText(t, "code label", maxValueLabel)})
	}
	low := float64(rapid.IntRange(-99, 0).Draw(t, "low"))
	single := survey.MissingNumber(float64(rapid.IntRange(90, 99).Draw(t, "single")), "")
	v.Missing = rapid.SampledFrom([][]survey.Missing{
		nil,
		{single},
		{single, survey.MissingNumber(low, ""), survey.MissingNumber(-1, "")},
		{{Low: low, High: 50}},
		{{Low: math.Inf(-1), High: low}, single},
		{{Low: low, High: math.Inf(1)}, single},
	}).Draw(t, "missing")
}

// drawReasons gives missing values reasons, the same to equal ones.
func drawReasons(t *rapid.T, v *survey.Variable) {
	reasons := map[survey.Missing]survey.Reason{}
	for i, m := range v.Missing {
		if _, ok := reasons[m]; !ok {
			reasons[m] = rapid.SampledFrom([]survey.Reason{survey.ReasonUnknown, survey.DontKnow, survey.Refused, survey.NotAsked}).Draw(t, "reason")
		}
		v.Missing[i].Reason = reasons[m]
	}
}

func drawSets(t *rapid.T, table *survey.Table) {
	for _, v := range table.Variables {
		if v.Kind == survey.Number && rapid.Bool().Draw(t, "weight") {
			table.Weight = v.Name
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "sets") {
		first := rapid.SampledFrom(table.Variables).Draw(t, "member")
		set := survey.MultipleResponse{Name: fmt.Sprintf("$set%d", i), Label: drawText(t, "set label", 80), Variables: []string{first.Name}}
		if rapid.Bool().Draw(t, "dichotomies") {
			counted := survey.NumberValue(float64(rapid.IntRange(-3, 300).Draw(t, "counted")))
			if first.IsText() {
				counted = survey.TextValue(drawText(t, "counted text", 8))
			}
			set.Counted = &counted
		}
		table.Sets = append(table.Sets, set)
	}
}
