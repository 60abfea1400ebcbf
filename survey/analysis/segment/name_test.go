package segment

import (
	"testing"

	"surveykit/survey"
)

// A question of a sentence is no name for a column: its variable is.
func TestNamesOfSegmentsAreShort(t *testing.T) {
	for label, want := range map[string]string{
		"": "q1", "Concern": "Concern", "forty letters are what a banner can hold": "forty letters are what a banner can hold",
		"How concerned are you, if at all, about it?": "q1",
	} {
		if got := called(&survey.Variable{Name: "q1", Label: label}); got != want {
			t.Errorf("%q is called %q, want %q", label, got, want)
		}
	}
}
