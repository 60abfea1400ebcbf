package prepare

import (
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// sameNumbers compares columns in which NaN is NaN.
func sameNumbers(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

func TestFirstRuleThatHoldsCounts(t *testing.T) {
	none := math.NaN()
	x, y := numbers("x", 1, 2, 3, none, 3), numbers("y", 1, none, 0, 1, 1)
	rules := []survey.Rule{{Label: "A", Where: "x == 1"}, {Label: "B", Where: "y == 1"}}
	out := apply(t, one(survey.Recode{Name: "s", Rules: rules}), table("a", x, y))
	// Row 2 is not A, and its y is missing; row 3 is neither; row 4 may be A.
	if got, want := out.Lookup("s").Numbers.Slice(), []float64{1, none, none, none, 2}; !sameNumbers(got, want) {
		t.Errorf("segments %v, want %v", got, want)
	}
	notices := strings.Join(out.Notices.Texts(), "\n")
	for _, want := range []string{"s: 2 rows are in no segment because answers", "s: 1 rows are in no segment because no rule applies"} {
		if !strings.Contains(notices, want) {
			t.Errorf("no notice %q in %s", want, notices)
		}
	}
	out = apply(t, one(survey.Recode{Name: "s", Rules: append(rules, survey.Rule{Label: "rest"})}), table("a", x, y))
	if got, want := out.Lookup("s").Numbers.Slice(), []float64{1, none, 3, none, 2}; !sameNumbers(got, want) {
		t.Errorf("with a rest: segments %v, want %v", got, want)
	}
}

func TestFaultyRules(t *testing.T) {
	x := numbers("x", 1, 2, 3, 3)
	for _, c := range []struct {
		study survey.Study
		want  string
	}{
		{*one(survey.Recode{Name: "r", Rules: []survey.Rule{{Label: "A", Where: "z == 1"}}}), "$.recodes[0].rules[0].where"},
		{*one(survey.Recode{Name: "r", Rules: []survey.Rule{{Label: "A"}, {Label: "B", Where: "x == 1"}}}), "the rules after it never apply"},
		{*one(survey.Recode{Name: "r", Rules: []survey.Rule{{Label: "A", Where: "x == 2"}, {Label: "A", Where: "x == 1"}}}), "two rules have this label"},
	} {
		_, faults, _ := Apply([]*survey.Table{table("a", x)}, &c.study, "study.yaml")
		var texts []string
		for _, f := range faults {
			texts = append(texts, f.Path+": "+f.Problem.Error())
		}
		if text := strings.Join(texts, "\n"); len(faults) == 0 || !strings.Contains(text, c.want) {
			t.Errorf("no %q in %q", c.want, text)
		}
	}
}
