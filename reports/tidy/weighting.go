package tidy

import (
	"encoding/json"
	"io"

	"surveykit/survey"
)

// WriteWeighting writes what weighting did and cost as one JSON object.
func WriteWeighting(w io.Writer, x *survey.WeightingReport) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(x)
}
