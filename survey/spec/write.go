package spec

import (
	"bytes"
	"encoding/json"
	"strings"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// bare is text that needs no quotes in any place of a YAML file.
var bare = pattern.Lazy(`^[A-Za-z_][A-Za-z0-9_.-]*( [A-Za-z0-9_.]+)*$`)

// WriteText writes text so that YAML reads the same text back.
func WriteText(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		return `"` + s + `"`
	}
	if bare().MatchString(s) {
		return s
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // strings always encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// WriteValue writes a value so that YAML reads the same value back.
func WriteValue(v survey.Value) string {
	if v.IsText {
		return WriteText(v.Text)
	}
	return survey.FormatNumber(v.Number)
}

// WriteMissing writes missing values: with reasons where all have one.
func WriteMissing(list survey.MissingList) string {
	open, end := "{", "}"
	for _, m := range list {
		if m.Reason == survey.ReasonUnknown {
			open, end = "[", "]"
		}
	}
	parts := make([]string, len(list))
	for i, m := range list {
		parts[i] = WriteValue(survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText})
		if open == "{" {
			parts[i] += ": " + WriteText(string(m.Reason))
		}
	}
	return open + strings.Join(parts, ", ") + end
}
