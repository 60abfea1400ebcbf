package tabulate

import (
	"strings"
	"testing"

	"surveykit/survey"
)

func TestBoxesNameTheirCategories(t *testing.T) {
	v := &survey.Variable{Name: "q", Kind: survey.Number}
	c := survey.Classes{}
	for k, label := range []string{"1", "2", "3", "4", "5", "6", "7", "8", strings.Repeat("very ", 10) + "much", "Refused"} {
		c.Values, c.Labels = append(c.Values, survey.NumberValue(float64(k+1))), append(c.Labels, label)
	}
	s := stub{variable: v, name: "q", classes: c, answers: len(c.Values)}
	lines, problems := s.boxes(survey.RowSpec{Top: 2, Bottom: 7})
	if len(problems) > 0 || len(lines) != 2 {
		t.Fatal(lines, problems)
	}
	for i, want := range []string{"Top 2 box: Refused, very very very very very very very very…", "Bottom 7 box: 1, 2, …, 7"} {
		if lines[i].Label != want {
			t.Errorf("%q, want %q", lines[i].Label, want)
		}
	}
	for _, name := range []string{"Top 2 box", lines[0].Label} {
		if !lines[0].Named(name) {
			t.Errorf("%q does not name the box", name)
		}
	}
	if lines[0].Named("Top 7 box") || lines[0].Named("") {
		t.Error("other names name the box")
	}
}
