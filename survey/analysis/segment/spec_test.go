package segment_test

import (
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/prepare"
)

// prepared applies a study of some segments to two columns.
func prepared(spec segment.Spec) (*survey.Table, *survey.Study, []survey.Fault) {
	data := &survey.Table{Rows: 4, Variables: []*survey.Variable{
		{Name: "x", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 3, 3})}, {Name: "four", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 3, 4})},
	}}
	study := &survey.Study{Data: []survey.DataFile{{File: "f"}}, Models: []survey.Model{spec}}
	t, faults, _ := prepare.Apply([]*survey.Table{data}, study, "study.yaml")
	return t, study, faults
}

func TestFaultyRequests(t *testing.T) {
	for _, c := range []struct {
		spec segment.Spec
		want string
	}{
		{segment.Spec{Name: "x", Method: "k-means", Items: []string{"four"}, Classes: "2"}, "$.segments[0].name"},
		{segment.Spec{Name: "s", Method: "k-mean", Items: []string{"four"}, Classes: "2"}, "$.segments[0].method: study.yaml: there is no method \"k-mean\"; use one of latent-class, k-means, k-medoids, hierarchical"},
		{segment.Spec{Name: "s", Method: "chaid", Items: []string{"four"}, Classes: "2"}, "$.segments[0].method"},
		{segment.Spec{Name: "s", Method: "k-means", Items: []string{"four", "fuor:ordinal"}, Classes: "2"}, "$.segments[0].items[1]"},
		{segment.Spec{Name: "s", Method: "k-means", Items: []string{"four:ordinary"}, Classes: "2"}, "write four:nominal, :ordinal or :scale"},
		{segment.Spec{Name: "s", Method: "k-means", Items: []string{"four"}, Classes: "2-3", Names: []string{"a", "b"}}, "a range has no names"},
		{segment.Spec{Name: "s", Method: "k-means", Items: []string{"four"}, Classes: "0"}, "$.segments[0].classes"},
		{segment.Spec{Name: "s", Method: "k-means", Items: []string{"four"}, Classes: "2", Typing: &segment.TypingSpec{Items: 2}}, "$.segments[0].typing.items"},
	} {
		_, _, faults := prepared(c.spec)
		var texts []string
		for _, f := range faults {
			texts = append(texts, f.Path+": "+f.Problem.Error())
		}
		if text := strings.Join(texts, "\n"); len(faults) == 0 || !strings.Contains(text, c.want) {
			t.Errorf("no %q in %q", c.want, text)
		}
	}
}

// A table that names a segment by its code or its name is checked before the
// segments are found.
func TestTablesMayNameSegments(t *testing.T) {
	out, study, faults := prepared(segment.Spec{Name: "s", Method: "k-means", Items: []string{"x"}, Classes: "2", Names: []string{"a", "b"}})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	study.Tables = []survey.TableSpec{{ID: "t", Filter: "s == 'a'", Rows: []survey.RowSpec{{Variable: "s", Categories: []survey.Value{survey.NumberValue(2)}}}}}
	if _, faults := prepare.CheckTables(out, study); len(faults) > 0 {
		t.Error(faults)
	}
	study.Tables[0].Filter = "s == 'c'"
	if _, faults := prepare.CheckTables(out, study); len(faults) != 1 {
		t.Errorf("%d faults for a segment that is not there, want 1", len(faults))
	}
}
