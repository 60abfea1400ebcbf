package draft

import (
	"testing"

	"surveykit/survey"
	"surveykit/survey/spec"
)

func years() []float64 {
	out := make([]float64, 40)
	for i := range out {
		out[i] = float64(18 + i)
	}
	return out
}

func TestSplitName(t *testing.T) {
	for name, want := range map[string]string{
		"WEIGHT_W49": "weight w 49", "FinalWeight": "final weight", "pwgtp12": "pwgtp 12", "q1.a": "q 1 a", "ÄlterJahr": "älter jahr", "": "",
	} {
		if got := splitName(name); got != want {
			t.Errorf("%q parts into %q, want %q", name, got, want)
		}
	}
}

func TestIsWeight(t *testing.T) {
	for _, c := range []struct {
		v    *survey.Variable
		want bool
	}{
		{numbers("wt", "", 0.5, 1, 2), true},
		{numbers("PATWT", "", 0.5, 1, 2), true},
		{numbers("pw", "", 30, 30, 30), true},
		{numbers("WTMEC2YR", "", 0, 1, 2), true},
		{numbers("normalized_wt", "", 0.5, 1, 2), true},
		{numbers("weight_flag", "", 0, 1, 1), false},
		{numbers("weight", "Body weight", 60, 70, 80), false},
		{numbers("weight", "How many pounds do you weigh?", 160, 170, 180), false},
		{numbers("wt", "", -1, 1, 2), false},
		{numbers("wt", "", 0, 0, 0), false},
		{numbers("wt", ""), false},
		{withCodes(numbers("weighting_class", "", 1, 2, 3), "a", "b", "c"), false},
		{numbers("height", "", 1, 2, 3), false},
		{texts("weight", "", "1", "2", "3"), false},
	} {
		if got := profileOf(c.v, nil).isWeight(); got != c.want {
			t.Errorf("%s (%s): %v", c.v.Name, c.v.Label, got)
		}
	}
}

func TestIsAge(t *testing.T) {
	many := numbers("AGE", "", years()...)
	for i := range 6 {
		many = withCode(many, float64(18+i), "label")
	}
	for _, c := range []struct {
		v    *survey.Variable
		want bool
	}{
		{numbers("age", "", years()...), true},
		{numbers("ppage", "", years()...), true},
		{numbers("qnd1", "D1. What is your age?", years()...), true},
		{withCode(numbers("age", "", append(years(), 998)...), 998, "DK"), true},
		{numbers("age", "", append(years(), 998)...), false},
		{numbers("age", "", append(years(), -1)...), false},
		{numbers("age", "", append(years(), 20.5)...), false},
		{numbers("page", "", years()...), false},
		{numbers("agecat", "", repeat(40, 1, 2, 3)...), false},
		{many, false},
	} {
		if got := profileOf(c.v, nil).isAge(); got != c.want {
			t.Errorf("%s (%s) with %d codes: %v", c.v.Name, c.v.Label, len(c.v.Codes), got)
		}
	}
}

func TestNonAnswers(t *testing.T) {
	declared := withCode(numbers("q", "", 1, 2, 9), 9, "Refused")
	declared.Missing = []survey.Missing{survey.MissingNumber(9, survey.Refused)}
	for _, c := range []struct {
		v    *survey.Variable
		want string
	}{
		{numbers("q", "", 1, 2, 98, 99), "[98, 99]"},
		{numbers("percent", "", 10, 90, 99), "[]"},
		{withCode(withCode(numbers("q", "", 1, 8, 9), 8, "DK"), 9, "Refused"), `{8: "don't know", 9: refused}`},
		{withCode(withCode(numbers("q", "", 1, 2, 99), 1, "Yes"), 2, "No"), "[99]"},
		{declared, "[]"},
		{withCode(numbers("age", "", append(years(), 998)...), 998, "?"), "[998]"},
	} {
		got := spec.WriteMissing(profileOf(c.v, nil).nonAnswers())
		if got == "{}" {
			got = "[]"
		}
		if got != c.want {
			t.Errorf("%s %v: %s, want %s", c.v.Name, c.v.Codes, got, c.want)
		}
	}
}
