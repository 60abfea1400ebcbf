package tabulate

import (
	"testing"

	"surveykit/survey"
)

// Every form of rows is laid out, and nothing else.
func TestEveryRowFormIsLaidOut(t *testing.T) {
	for _, f := range survey.RowForms {
		if layouts[f.Key] == nil {
			t.Errorf("%s is not laid out", f.Key)
		}
	}
	if len(layouts) != len(survey.RowForms) {
		t.Errorf("%d layouts of %d forms", len(layouts), len(survey.RowForms))
	}
}
