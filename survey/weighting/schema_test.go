package weighting

import (
	"testing"

	"surveykit/survey/spec/spectest"

	"github.com/invopop/jsonschema"
)

// The schema says what the Go types say; `go generate` writes it anew.
func TestSchemaIsGenerated(t *testing.T) {
	comments := []spectest.Comments{
		{Package: "surveykit/survey/weighting", Folder: ".", Files: []string{"parse.go"}},
		{Package: "surveykit/survey", Folder: "..", Files: []string{"design.go"}},
	}
	spectest.Schema(t, "schema.json", "surveykit weighting", File{}, comments, func(s *jsonschema.Schema) {
		for _, step := range []*jsonschema.Schema{s, s.Definitions["StepSpec"]} {
			for _, key := range []string{"margins", "population"} {
				p, _ := step.Properties.Get(key)
				p.Type = "object"
			}
			cells, _ := step.Properties.Get("cells")
			cells.Extras = map[string]any{"type": []string{"array", "object"}}
		}
	})
}
