package estimate

import (
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Within prepares a sample of a single domain, the first cell of an axis, at a
// confidence level. It is for domains that no expression names, such as a column of
// a table.
func Within(t *survey.Table, f *engine.Frame, e engine.Engine, in engine.Axis, level float64) *Sample {
	rows, _ := e.(engine.Rows)
	return &Sample{
		table: t, frame: f, level: level, interval: stats.Logit, engine: e, rows: rows, said: &said{},
		cells: domains{axes: []engine.Axis{in}, group: []survey.Group{{}}, codes: []survey.Group{{}}},
	}
}
