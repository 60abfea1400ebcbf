package westin

import (
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/prepare"
)

func made(spec Spec, answers map[string][]float64) (*survey.Variable, []survey.Fault) {
	t := &survey.Table{}
	for name, numbers := range answers {
		t.Rows = len(numbers)
		t.Variables = append(t.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(numbers)})
	}
	study := &survey.Study{Data: []survey.DataFile{{File: "f"}}, Recodes: []survey.Recode{{Name: "w", Analysis: spec}}}
	out, faults, _ := prepare.Apply([]*survey.Table{t}, study, "study.yaml")
	return out.Lookup("w"), faults
}

var agree = []survey.Value{survey.NumberValue(3), survey.NumberValue(4)}

// All 64 ways to answer the statements on a scale of four.
func TestSegments(t *testing.T) {
	var a, b, c, want []float64
	for i := range 64 {
		x, y, z := float64(i%4+1), float64(i/4%4+1), float64(i/16+1)
		a, b, c = append(a, x), append(b, y), append(c, z)
		segment := 2.0
		switch {
		case x >= 3 && y <= 2 && z <= 2:
			segment = 1
		case x <= 2 && y >= 3 && z >= 3:
			segment = 3
		}
		want = append(want, segment)
	}
	none := math.NaN()
	a, b, c, want = append(a, none, 4, 4), append(b, 1, none, 1), append(c, 1, 1, none), append(want, none, none, none)
	v, faults := made(Spec{Control: "a", Handling: "b", Protection: "c", Agree: agree}, map[string][]float64{"a": a, "b": b, "c": c})
	if len(faults) > 0 || !slices.EqualFunc(v.Numbers.Slice(), want, func(x, y float64) bool { return x == y || x != x && y != y }) {
		t.Errorf("segments %v\nwant %v; faults %v", v.Numbers.Slice(), want, faults)
	}
	if v.Note != note || v.LabelOf(survey.NumberValue(1)) != "Privacy fundamentalists" || !slices.Equal(v.MadeOf, []string{"a", "b", "c"}) {
		t.Errorf("note %q, labels %v, made of %v", v.Note, v.Codes, v.MadeOf)
	}
}

func TestFaults(t *testing.T) {
	answers := map[string][]float64{"x": {1, 2, 3, 3}, "four": {1, 2, 3, 4}}
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{Control: "x", Handling: "x", Protection: "x", Agree: agree[:1]}, "$.recodes[0].westin: study.yaml: column x: has 3 answers"},
		{Spec{Control: "four", Handling: "nobody", Protection: "four", Agree: agree}, "$.recodes[0].westin.handling"},
		{Spec{Control: "four", Handling: "four", Protection: "four", Agree: []survey.Value{agree[0], survey.NumberValue(9)}}, "$.recodes[0].westin.agree[1]"},
	} {
		v, faults := made(c.spec, answers)
		var texts []string
		for _, f := range faults {
			texts = append(texts, f.Path+": "+f.Problem.Error())
		}
		if text := strings.Join(texts, "\n"); !strings.Contains(text, c.want) || len(v.Codes) != 3 {
			t.Errorf("no %q in %q, codes %v", c.want, text, v.Codes)
		}
	}
}
