package survey_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// What is written as JSON reads back the same, in the same order.
func TestGroupReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := survey.Group{}
		for _, name := range rapid.SliceOfDistinct(rapid.String(), rapid.ID[string]).Draw(t, "variables") {
			v := survey.NumberValue(rapid.Float64Range(-1e6, 1e6).Draw(t, "number"))
			if rapid.Bool().Draw(t, "text?") {
				v = survey.TextValue(rapid.String().Draw(t, "text"))
			}
			g = append(g, survey.GroupValue{Variable: name, Value: v})
		}
		text, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		var back survey.Group
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(g, back) {
			t.Fatal(cmp.Diff(g, back))
		}
	})
	var g survey.Group
	if json.Unmarshal([]byte(`[1]`), &g) == nil {
		t.Error("a list is taken for a group")
	}
}
