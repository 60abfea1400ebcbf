package harmonize

import (
	"testing"

	"github.com/invopop/jsonschema"

	"surveykit/survey/spec/spectest"
)

// The schema says what the Go types say; `go generate` writes it anew.
func TestSchemaIsGenerated(t *testing.T) {
	comments := []spectest.Comments{
		{Package: "surveykit/survey/harmonize", Folder: ".", Files: []string{"harmonize.go"}},
		{Package: "surveykit/survey", Folder: "..", Files: []string{"study.go"}},
	}
	spectest.Schema(t, "schema.json", "surveykit mapping", Mapping{}, comments, func(s *jsonschema.Schema) {
		from, _ := s.Definitions["Variable"].Properties.Get("from") // ~ where a file has none
		from.Items = &jsonschema.Schema{Extras: map[string]any{"type": []string{"string", "number", "boolean", "null"}}}
	})
}
