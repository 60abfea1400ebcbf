package estimate

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Within prepares a sample with a single domain given row by row: the rows
// that are 0; all others are −1. It is for domains that no expression names,
// such as a column of a table.
func Within(t *survey.Table, f *engine.Frame, rows []int32) *Sample {
	return &Sample{
		Table: t, Frame: f, Level: 0.95,
		cells: domains{cell: rows, group: []survey.Group{{}}, codes: []survey.Group{{}}},
	}
}
