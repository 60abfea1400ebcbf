package prepare

import (
	"maps"
	"slices"
	"testing"

	"surveykit/survey"
)

func scoresOf(v *survey.Variable) map[string]float64 {
	out := map[string]float64{}
	for x, score := range v.Scores {
		out[v.LabelOf(x)] = score
	}
	return out
}

func wantScores(t *testing.T, table *survey.Table, name string, want map[string]float64) {
	t.Helper()
	if got := scoresOf(table.Lookup(name)); !maps.Equal(got, want) {
		t.Errorf("%s: %v, want %v", name, got, want)
	}
}

func TestLabelsOfARecodeThatAreNumbersAreItsValues(t *testing.T) {
	x := numbers("x", 1, 2, 2, 3, nan)
	midpoints := survey.NetList{{Label: "10", Values: []survey.Value{n(1)}}, {Label: "22.5", Values: []survey.Value{n(2)}}, {Label: "more", Values: []survey.Value{n(3)}}}
	out := apply(t, &survey.Study{Recodes: []survey.Recode{
		{Name: "income", From: "x", Map: midpoints},
		{Name: "given", From: "x", Map: midpoints, Values: survey.ScoreList{{Answer: txt("more"), Number: 60}, {Answer: n(1), Number: 5}}},
		{Name: "items", Mean: []string{"income", "x"}},
		{Name: "rich", From: "income", Brackets: []string{"-9", "10+"}},
		{Name: "above", Expression: "income > 15"},
		{Name: "turned", From: "given", Reverse: true},
		{Name: "plain", From: "x", Map: survey.NetList{{Label: "1", Values: []survey.Value{n(1)}}, {Label: "2", Values: []survey.Value{n(2)}}}},
	}}, table("a", x))
	wantScores(t, out, "income", map[string]float64{"10": 10, "22.5": 22.5})
	wantColumn(t, out, "income", "1 2 2 3 .")
	wantScores(t, out, "given", map[string]float64{"10": 5, "more": 60})
	wantColumn(t, out, "items", "5.5 12.25 12.25 3 .")
	wantColumn(t, out, "rich", "2 2 2 1 .")
	wantColumn(t, out, "above", "0 1 1 0 .")
	wantScores(t, out, "turned", map[string]float64{"10": 57, "22.5": 60, "more": 2})
	wantScores(t, out, "plain", map[string]float64{})
}

func TestValuesOfAStudy(t *testing.T) {
	often := texts("often", "Never", "Sometimes", "", "Often", "Refused")
	q := coded(numbers("q", 1, 2, 3), "Never", "Sometimes", "Often")
	values := survey.ScoreList{{Answer: txt("Never")}, {Answer: txt("Sometimes"), Number: 2.5}, {Answer: txt("Often"), Number: 9}}
	study := &survey.Study{Variables: map[string]survey.VariableSpec{
		"often": {Values: values, Missing: survey.MissingList{survey.MissingText("Refused", survey.Refused)}},
		"q":     {Values: values[:2]},
	}, Recodes: []survey.Recode{{Name: "mean", Mean: []string{"often", "q"}}}, Tables: []survey.TableSpec{{ID: "a", Rows: []survey.RowSpec{
		{Mean: "often"}, {Variable: "often", Top: 1, Statistics: []survey.Statistic{"mean"}}}}}}
	out := apply(t, study, table("a", often, padded(q, 5)))
	if faults := checkTables(out, study); len(faults) > 0 {
		t.Error(faults)
	}
	wantScores(t, out, "often", map[string]float64{"Never": 0, "Sometimes": 2.5, "Often": 9})
	wantColumn(t, out, "mean", "0 2.5 3 9 .")

	_, faults, _ := Apply([]*survey.Table{table("a", often, padded(q, 5))}, &survey.Study{Variables: map[string]survey.VariableSpec{
		"often": {Values: values},
		"q":     {Values: survey.ScoreList{{Answer: txt("Nevr")}, {Answer: n(1), Number: 2}, {Answer: txt("Never"), Number: 3}}},
	}}, "s")
	wantFaults(t, faults,
		"$.variables.often.values: text answers without a value: Refused",
		"$.variables.q.values.Nevr: did you mean 'Never'?",
		"$.variables.q.values.Never: the answer has two values")
}

// padded adds rows without an answer.
func padded(v *survey.Variable, rows int) *survey.Variable {
	for v.Len() < rows {
		v.Numbers.Append(nan)
	}
	return v
}

// A recode keeps who was asked for what it is made of.
func TestRecodesKeepWhoWasAsked(t *testing.T) {
	q := without(numbers("q", 1, 2, 9, nan, nan, 3), 9)
	p := without(numbers("p", 1, nan, nan, 1, nan, 9), 9)
	study := &survey.Study{Recodes: []survey.Recode{
		{Name: "few", From: "q", Map: survey.NetList{{Label: "One", Values: []survey.Value{n(1)}}}},
		{Name: "mean", Mean: []string{"q", "p"}},
		{Name: "both", Expression: "q == 1 and p == 1"},
	}}
	want := func(out *survey.Table, name string, want ...bool) {
		t.Helper()
		if got := out.Lookup(name).Asked(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	out := apply(t, study, table("a", q, p))
	want(out, "few", true, true, true, false, false, true)
	want(out, "mean", true, true, true, true, false, true)
	want(out, "both", true, false, false, false, false, true)
	study.Variables = map[string]survey.VariableSpec{"q": {Empty: survey.EmptyAsked}}
	out = apply(t, study, table("a", q, p))
	want(out, "q", true, true, true, true, true, true)
	want(out, "few", true, true, true, true, true, true)
	want(out, "both", true, false, false, true, false, true)
}
