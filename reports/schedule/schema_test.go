package schedule

import (
	"testing"

	"surveykit/survey/spec/spectest"
)

// The schema says what the Go types say; `go generate` writes it anew.
func TestSchemaIsGenerated(t *testing.T) {
	comments := []spectest.Comments{
		{Package: "surveykit/reports/schedule", Folder: ".", Files: []string{"jobs.go"}},
		{Package: "surveykit/reports/change", Folder: "../change", Files: []string{"change.go"}},
		{Package: "surveykit/reports/notify", Folder: "../notify", Files: []string{"notify.go"}},
		{Package: "surveykit/reports/publish", Folder: "../publish", Files: []string{"store.go"}},
	}
	spectest.Schema(t, "schema.json", "surveykit jobs", Jobs{}, comments, nil)
}
