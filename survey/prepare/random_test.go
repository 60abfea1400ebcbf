package prepare

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// TestAnyStudyIsAnsweredOrRefused draws studies of names and values that may
// or may not exist: a table of full columns comes out, or faults with a path
// and a message.
func TestAnyStudyIsAnsweredOrRefused(t *testing.T) {
	name := rapid.SampledFrom([]string{"", "q", "age", "town", "m1", "g", "s", "new", "nope"})
	names := rapid.SliceOfN(name, 0, 3)
	value := rapid.SampledFrom([]survey.Value{n(0), n(1), n(9), n(99), txt(""), txt("Yes"), txt("1"), txt("Oslo")})
	values := rapid.SliceOfN(value, 0, 3)
	source := rapid.SampledFrom([]string{"", "q == 1", "new > 2", "missing(town)", "age +", "town == 'Oslo'", "age * 2"})
	net := rapid.Custom(func(t *rapid.T) survey.Net {
		return survey.Net{Label: name.Draw(t, "label"), Values: values.Draw(t, "values")}
	})
	recode := rapid.Custom(func(t *rapid.T) survey.Recode {
		r := survey.Recode{Name: name.Draw(t, "name"), From: name.Draw(t, "from"), Expression: source.Draw(t, "expression"), Mean: names.Draw(t, "mean")}
		switch rapid.IntRange(0, 4).Draw(t, "way") {
		case 0:
			r.Brackets = rapid.SliceOfN(rapid.SampledFrom([]string{"1-2", "3+", "-5", "x"}), 1, 3).Draw(t, "brackets")
		case 1:
			r.Map = rapid.SliceOfN(net, 1, 3).Draw(t, "map")
		case 2:
			r.Reverse = true
		case 3:
			r.Count = &survey.CountSpec{Items: names.Draw(t, "items"), Values: values.Draw(t, "counted")}
		}
		if rapid.Bool().Draw(t, "labelled") {
			r.Codes = survey.CodeList{{Value: value.Draw(t, "code"), Label: "x"}}
		}
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		x := value.Draw(t, "one")
		study := &survey.Study{
			Data:      []survey.DataFile{{Wave: rapid.SampledFrom([]string{"", "1", "x"}).Draw(t, "wave")}},
			Design:    survey.Design{Weight: name.Draw(t, "weight"), WaveVariable: name.Draw(t, "wave variable"), PSU: names.Draw(t, "psu")},
			Variables: map[string]survey.VariableSpec{"q": {Codes: survey.CodeList{{Value: x, Label: "?"}}}, name.Draw(t, "override"): {Missing: survey.MissingList{survey.MissingNumber(1, "")}}},
			Recodes:   rapid.SliceOfN(recode, 0, 3).Draw(t, "recodes"),
			Sets:      []survey.SetSpec{{Name: "s", Variables: names.Draw(t, "set"), Counted: &x}},
			Groups:    []survey.ItemGroup{{Name: "g", Items: names.Draw(t, "group")}},
			Tables: []survey.TableSpec{{ID: "t", Filter: source.Draw(t, "filter"), Columns: []survey.ColumnSpec{{Variable: name.Draw(t, "column")}, {Nest: names.Draw(t, "nest")}, {Where: source.Draw(t, "where")}},
				Changes: []survey.ChangeSpec{{Variable: name.Draw(t, "change"), From: x}},
				Rows:    []survey.RowSpec{{Variable: name.Draw(t, "row"), Categories: values.Draw(t, "categories")}, {Group: "g", Values: []survey.Value{x}}, {Share: source.Draw(t, "share")}}}},
		}
		waves := rapid.IntRange(0, 2).Draw(t, "waves")
		out, faults, _ := Apply([]*survey.Table{survey1(), survey1()}[:waves], study, "s")
		for _, v := range out.Variables {
			if v.Len() != out.Rows {
				t.Fatalf("%s has %d of %d rows", v.Name, v.Len(), out.Rows)
			}
		}
		for _, f := range append(faults, checkTables(out, study)...) {
			if !strings.HasPrefix(f.Path, "$.") || f.Problem.Message == "" {
				t.Fatalf("a fault without place or words: %+v", f)
			}
		}
	})
}

func BenchmarkApplyMillionRows(b *testing.B) {
	const rows = 1_000_000
	in := &survey.Table{Rows: rows}
	for _, name := range []string{"age", "q1", "q2", "q3", "q4", "q5"} {
		v := coded(numbers(name), "a", "b", "c", "d", "e")
		for i := range rows {
			v.Numbers.Append(float64(i%5 + 1))
		}
		in.Variables = append(in.Variables, v)
	}
	study := &survey.Study{Recodes: []survey.Recode{
		{Name: "bracket", From: "age", Brackets: []string{"1-2", "3-4", "5+"}},
		{Name: "net", From: "q1", Map: survey.NetList{{Label: "low", Values: []survey.Value{n(1), n(2)}}, {Label: "high", Values: []survey.Value{n(3), n(4), n(5)}}}},
		{Name: "number", Count: &survey.CountSpec{Items: []string{"q1", "q2", "q3", "q4", "q5"}, Values: []survey.Value{n(4), n(5)}}},
		{Name: "average", Mean: []string{"q1", "q2", "q3", "q4", "q5"}},
	}}
	for b.Loop() {
		if _, faults, _ := Apply([]*survey.Table{in}, study, "s"); len(faults) > 0 {
			b.Fatal(faults)
		}
	}
}
