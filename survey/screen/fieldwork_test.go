package screen_test

import (
	"testing"

	"surveykit/survey"
	"surveykit/survey/screen"
)

// TestFieldwork: what the fieldwork wrote is told from answers by kind, name and
// label.
func TestFieldwork(t *testing.T) {
	for _, c := range []struct {
		name, label string
		kind        survey.Kind
		want        bool
	}{
		{"DEVICE_TYPE_W49", "W49 Device Type", survey.Number, true}, {"LANG_W49", "Language of survey materials", survey.Number, true}, {"FORM_W49", "Wave 49 Form value", survey.Number, true},
		{"device", "Which device do you use most?", survey.Number, false}, {"form", "", survey.Number, true},
		{"QSA1", "Sa1. SAMPLE SOURCE:", survey.Number, true}, {"sample", "", survey.Number, true}, {"lang", "", survey.Number, true},
		{"caseid", "", survey.Number, true}, {"resp_id", "", survey.Text, true}, {"q1", "When were you born?", survey.Date, true},
		{"Duration (in seconds)", "", survey.Number, true}, {"int", "Date of interview", survey.Text, true}, {"pwgt", "", survey.Number, true},
		{"q1", "Language spoken at home", survey.Number, false}, {"q2", "How long does the journey take?", survey.Number, false},
		{"Q_sampled", "Have you ever sampled the product?", survey.Number, false}, {"mode", "Mode of transport", survey.Number, false},
		{"source", "Main source of news", survey.Number, false}, {"age", "Age at the date of the survey", survey.Number, false},
	} {
		if got := screen.Fieldwork(&survey.Variable{Name: c.name, Label: c.label, Kind: c.kind}); got != c.want {
			t.Errorf("%s %q: %t", c.name, c.label, got)
		}
	}
}
