package turf

import (
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

func TestReachJoinsItems(t *testing.T) {
	spec := survey.TableSpec{Chart: &survey.Chart{}, Rows: []survey.RowSpec{
		{Share: "cash == 1", Label: "Cash"}, {Share: "points == 1"}, {Share: "prize >= 4", Label: "A prize"}}}
	out, problem := Reach.Expand(spec, nil)
	if problem != nil {
		t.Fatal(problem)
	}
	var got []string
	for _, r := range out.Rows {
		got = append(got, r.Label+": "+r.Share)
	}
	want := []string{"Cash: cash == 1", "+ points == 1: (cash == 1) or (points == 1)", "+ A prize: (cash == 1) or (points == 1) or (prize >= 4)"}
	if !slices.Equal(got, want) || out.Chart.Kind != survey.ChartReach {
		t.Errorf("%q drawn as %q, want %q", got, out.Chart.Kind, want)
	}
	if spec.Rows[1].Share != "points == 1" || spec.Chart.Kind != "" {
		t.Errorf("the request itself has changed: %+v", spec)
	}
	if _, problem := Reach.Expand(survey.TableSpec{Rows: []survey.RowSpec{{Variable: "cash"}}}, nil); problem == nil || !strings.Contains(problem.Message, "in the order in which they join") {
		t.Errorf("rows that are no shares: %v", problem)
	}
}
