package estimate

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Within prepares a sample of a single domain, the first cell of an axis. It is for
// domains that no expression names, such as a column of a table.
func Within(t *survey.Table, f *engine.Frame, e engine.Engine, in engine.Axis) *Sample {
	rows, _ := e.(engine.Rows)
	return &Sample{
		Table: t, Frame: f, Level: 0.95, engine: e, rows: rows,
		cells: domains{axes: []engine.Axis{in}, group: []survey.Group{{}}, codes: []survey.Group{{}}},
	}
}
