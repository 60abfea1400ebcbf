package segment

import (
	"testing"

	"surveykit/survey"
)

func TestFarOff(t *testing.T) {
	labelled := func(measure survey.Measure, codes map[float64]string, answers ...float64) Indicator {
		v := &survey.Variable{Name: "q", Kind: survey.Number, Numbers: answers}
		for _, x := range []float64{1, 2, 3, 4, 8, 98, 99} {
			if label := codes[x]; label != "" {
				v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(x), Label: label})
			}
		}
		return Indicator{Variable: v, Measure: measure}
	}
	scale := map[float64]string{1: "none", 2: "some", 3: "much", 99: "Refused"}
	for _, c := range []struct {
		name string
		x    Indicator
		want string
	}{
		{"a refusal", labelled(survey.Ordinal, scale, 1, 2, 3, 99), "Refused"},
		{"nobody refused", labelled(survey.Ordinal, scale, 1, 2, 3), ""},
		{"categories", labelled(survey.Nominal, scale, 1, 2, 3, 99), ""},
		{"two of them", labelled(survey.Scale, map[float64]string{1: "none", 2: "some", 98: "Don't know", 99: "Refused"}, 1, 2, 98, 99), "Don't know"},
		{"a scale", labelled(survey.Scale, map[float64]string{1: "a", 2: "b", 4: "c", 8: "d"}, 1, 2, 4, 8), ""},
		{"numbers", labelled(survey.Scale, nil, 1, 2, 3, 99), ""},
	} {
		code, ok := c.x.FarOff()
		if ok != (c.want != "") || code.Label != c.want {
			t.Errorf("%s: %q, %v", c.name, code.Label, ok)
		}
	}
	missing := labelled(survey.Ordinal, scale, 1, 2, 3, 99)
	missing.Variable.Missing = []survey.Missing{survey.MissingNumber(99, survey.Refused)}
	if _, ok := missing.FarOff(); ok {
		t.Error("a declared missing value is far off")
	}
}
