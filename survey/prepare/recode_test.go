package prepare

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

func one(r survey.Recode) *survey.Study { return &survey.Study{Recodes: []survey.Recode{r}} }

func TestBrackets(t *testing.T) {
	age := without(numbers("age", 17, 18, 24, 24.5, 25, 65, 99, nan), 99)
	age.Label = "How old?"
	out := apply(t, one(survey.Recode{Name: "bracket", From: "age", Brackets: []string{"under 18", "18-24", "25–64", "65+"}}), table("a", age))
	wantColumn(t, out, "bracket", "1 2 2 . 3 4 . .")
	v := out.Lookup("bracket")
	if labels(v) != "1=under 18 2=18-24 3=25–64 4=65+" || v.Measure != survey.Ordinal || v.Label != "How old?" {
		t.Errorf("%s, %s, %q", labels(v), v.Measure, v.Label)
	}
	wantNotice(t, out, "bracket: 1 rows are missing because the recode has no place for their age: 24.5")
}

func TestBracketsAgainstRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cuts := rapid.SliceOfNDistinct(rapid.IntRange(1, 99), 1, 6, rapid.ID[int]).Draw(t, "cuts")
		var texts []string
		for _, c := range cuts {
			texts = append(texts, fmt.Sprint(c))
		}
		x := float64(rapid.IntRange(0, 100).Draw(t, "x"))
		out, faults, _ := Apply([]*survey.Table{table("a", numbers("x", x))}, one(survey.Recode{Name: "y", From: "x", Brackets: texts}), "s")
		want := math.NaN()
		for k, c := range cuts {
			if x == float64(c) {
				want = float64(k + 1)
			}
		}
		got := out.Lookup("y").Numbers.At(0)
		if len(faults) > 0 || got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%v in %v: %v, want %v; %v", x, texts, got, want, faults)
		}
	})
}

func TestMap(t *testing.T) {
	q := without(coded(numbers("q", 1, 2, 3, 4, 9, nan), "Not at all", "A little", "Much", "Very"), 9)
	out := apply(t, one(survey.Recode{Name: "concerned", Label: "Concerned?", From: "q",
		Map:   survey.NetList{{Label: "Yes", Values: []survey.Value{txt("Very"), n(3), n(4)}}, {Label: "No", Values: []survey.Value{n(1)}}},
		Codes: survey.CodeList{{Value: n(2), Label: "Nei"}}}), table("a", q))
	wantColumn(t, out, "concerned", "2 . 1 1 . .")
	wantNotice(t, out, "concerned: 1 rows are missing because the recode has no place for their q: 2")
	if v := out.Lookup("concerned"); labels(v) != "1=Yes 2=Nei" || v.Label != "Concerned?" {
		t.Errorf("%s, %q", labels(v), v.Label)
	}
	town := texts("town", "Oslo", "", "Bergen")
	out = apply(t, one(survey.Recode{Name: "east", From: "town",
		Map: survey.NetList{{Label: "West", Values: []survey.Value{txt("Bergen")}}, {Label: "East", Values: []survey.Value{txt("Oslo")}}}}), table("a", town))
	wantColumn(t, out, "east", "2 . 1")
}

func TestReverse(t *testing.T) {
	q := without(coded(numbers("q", 1, 2, 3, 5, 9, nan, 7, 4), "Disagree", "", "", "", "Agree"), 9)
	q.Codes = append([]survey.Code{q.Codes[0], q.Codes[4]}, survey.Code{Value: n(9), Label: "Refused"})
	out := apply(t, one(survey.Recode{Name: "r", From: "q", Reverse: true}), table("a", q))
	wantColumn(t, out, "r", "5 4 3 1 . . . 2")
	if got := labels(out.Lookup("r")); got != "1=Agree 5=Disagree" {
		t.Error(got)
	}
	wantNotice(t, out, "r: 1 rows are missing because the recode has no place for their q: 7")
}

func TestReverseTwiceIsTheScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.IntRange(1, 5), 1, 30).Draw(t, "x")
		q := coded(numbers("q"), "a", "b", "c", "d", "e")
		for _, v := range x {
			q.Numbers.Append(float64(v))
		}
		out, _, _ := Apply([]*survey.Table{table("a", q)}, &survey.Study{Recodes: []survey.Recode{
			{Name: "r", From: "q", Reverse: true}, {Name: "rr", From: "r", Reverse: true}}}, "s")
		r, rr := out.Lookup("r"), out.Lookup("rr")
		if column(rr) != column(q) || labels(rr) != labels(q) {
			t.Fatalf("%s %s", column(rr), labels(rr))
		}
		for i := range x {
			if r.LabelOf(n(r.Numbers.At(i))) != q.LabelOf(n(q.Numbers.At(i))) {
				t.Fatalf("row %d: the label did not go along", i)
			}
		}
	})
}

func TestCountAndMean(t *testing.T) {
	study := &survey.Study{
		Groups: []survey.ItemGroup{{Name: "trust", Items: []string{"a", "b"}}},
		Recodes: []survey.Recode{
			{Name: "yes", Count: &survey.CountSpec{Items: []string{"trust", "c"}, Values: []survey.Value{txt("Yes"), n(4)}}},
			{Name: "average", Mean: []string{"trust", "a"}},
		}}
	in := table("t",
		without(coded(numbers("a", 1, 2, 9, nan, 4), "Yes", "No"), 9),
		without(coded(numbers("b", 1, 1, 9, nan, 2), "Yes", "No"), 9),
		coded(numbers("c", 1, 2, nan, nan, 1), "Yes", "No"))
	out := apply(t, study, in)
	wantColumn(t, out, "yes", "3 1 . . 2")
	wantColumn(t, out, "average", "1 1.5 . . 3")
}

func TestExpressionRecode(t *testing.T) {
	out := apply(t, &survey.Study{Recodes: []survey.Recode{
		{Name: "old", Expression: "age >= 55", Codes: survey.CodeList{{Value: n(1), Label: "55+"}, {Value: n(0), Label: "younger"}}},
		{Name: "decade", Expression: "(age - age % 10) / 10"},
		{Name: "really", Expression: "old == '55+' and decade > 5"},
	}}, table("a", without(numbers("age", 54, 55, 61, 99), 99)))
	wantColumn(t, out, "old", "0 1 1 .")
	wantColumn(t, out, "decade", "5 5 6 .")
	wantColumn(t, out, "really", "0 0 1 .")
	if got := labels(out.Lookup("old")); got != "1=55+ 0=younger" {
		t.Error(got)
	}
}

func TestRecodeFaults(t *testing.T) {
	in := func() *survey.Table {
		return table("a", without(coded(numbers("q", 1, 2, 9), "Yes", "No"), 9), texts("town", "Oslo", "Bergen", ""), numbers("age", 18, 30, 50),
			&survey.Variable{Name: "opinion", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, nan}), Codes: []survey.Code{{Value: n(1), Label: "For"}, {Value: n(99), Label: "Don't know"}}})
	}
	for _, c := range []struct {
		recode survey.Recode
		want   []string
	}{
		{survey.Recode{}, []string{"$.recodes[0]: has no method"}},
		{survey.Recode{Mean: []string{"q"}, Reverse: true}, []string{"$.recodes[0]: more than one method: reverse, mean"}},
		{survey.Recode{Reverse: true}, []string{"$.recodes[0]: reverse does not name the variable to read; give from"}},
		{survey.Recode{From: "q", Mean: []string{"q"}}, []string{"$.recodes[0].from: leave from out"}},
		{survey.Recode{Name: "q", Mean: []string{"q"}}, []string{`$.recodes[0].name: there is a variable "q" already`}},
		{survey.Recode{From: "aeg", Brackets: []string{"x", "1-5", "3+"}}, []string{
			"$.recodes[0].from: did you mean age", "$.recodes[0].brackets[0]: not a range of whole numbers", `$.recodes[0].brackets[2]: overlaps with "1-5"`}},
		{survey.Recode{From: "age", Brackets: []string{"under 18", "17-20"}}, []string{"$.recodes[0].brackets[1]: overlaps"}},
		{survey.Recode{From: "age", Brackets: []string{"under 18", "18-20", "x"}}, []string{"$.recodes[0].brackets[2]: not a range"}},
		{survey.Recode{From: "age", Brackets: []string{"1-5", "5-9", "20", "20"}}, []string{"$.recodes[0].brackets[1]: overlaps", "$.recodes[0].brackets[3]: overlaps"}},
		{survey.Recode{From: "town", Brackets: []string{"1-5"}}, []string{"$.recodes[0].from: the variable is text"}},
		{survey.Recode{From: "q", Map: survey.NetList{{Label: "A", Values: []survey.Value{n(1), n(7), txt("Nope")}}, {Label: "B", Values: []survey.Value{txt("Yes"), n(9)}}}}, []string{
			"$.recodes[0].map.A[1]: never occurs", "$.recodes[0].map.A[2]: no category has this label", `$.recodes[0].map.B[0]: the value is in "A" already`, "$.recodes[0].map.B[1]: declared missing"}},
		{survey.Recode{From: "age", Reverse: true}, []string{"$.recodes[0].from: without labelled ends"}},
		{survey.Recode{From: "opinion", Reverse: true}, []string{"$.recodes[0].from: steps of the scale are not equal: 1, 2, 99; declare non-answers in variables.opinion.missing"}},
		{survey.Recode{From: "town", Reverse: true}, []string{"$.recodes[0].from: the variable is text"}},
		{survey.Recode{Count: &survey.CountSpec{Items: []string{"q", "ages"}, Values: []survey.Value{n(1)}}}, []string{`$.recodes[0].count.items[1]: there is no variable or group "ages"; did you mean age`}},
		{survey.Recode{Count: &survey.CountSpec{Items: []string{"q", "age"}, Values: []survey.Value{n(18), n(77)}}}, []string{"$.recodes[0].count.values[1]: never occurs"}},
		{survey.Recode{Mean: []string{"q", "town"}}, []string{"$.recodes[0].mean: the item is text"}},
		{survey.Recode{Expression: "aeg > 3 and q == 'Maybe'"}, []string{"$.recodes[0].expression: did you mean age", "$.recodes[0].expression: no category"}},
		{survey.Recode{From: "age", Brackets: []string{"18+"}, Codes: survey.CodeList{{Value: n(2), Label: "?"}}}, []string{"$.recodes[0].codes.2: its values are 1 to 1"}},
	} {
		if c.recode.Name == "" {
			c.recode.Name = "new"
		}
		_, faults, _ := Apply([]*survey.Table{in()}, one(c.recode), "s")
		wantFaults(t, faults, c.want...)
	}
}

// TestFaultsDoNotSpread makes one fault early on and uses what it spoils.
func TestFaultsDoNotSpread(t *testing.T) {
	yes := n(1)
	study := &survey.Study{
		Recodes: []survey.Recode{
			{Name: "bracket", From: "aeg", Brackets: []string{"18-24", "25+"}},
			{Name: "young", Expression: "bracket == '18-24'"},
			{Name: "score", Mean: []string{"nothing"}},
			{Name: "high", Expression: "score == 'High'"},
			{Name: "back", From: "score", Reverse: true},
			{Name: "sum", Count: &survey.CountSpec{Items: []string{"score"}, Values: []survey.Value{n(1)}}},
			{Name: "early", Mean: []string{"late"}},
			{Name: "late", Mean: []string{"age"}},
		},
		Sets:   []survey.SetSpec{{Name: "s", Variables: []string{"score"}, Counted: &yes}},
		Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Variable: "score", Categories: []survey.Value{n(1)}}, {Variable: "bracket", Categories: []survey.Value{txt("25+")}}}, Columns: []survey.ColumnSpec{{Variable: "bracket"}}}},
	}
	out, faults, _ := Apply([]*survey.Table{table("a", numbers("age", 18, 30))}, study, "s")
	wantFaults(t, faults, "$.recodes[0].from: did you mean age", "$.recodes[2].mean[0]: there is no variable or group", "$.recodes[6].mean[0]: recodes are made in order")
	wantFaults(t, checkTables(out, study))
}
