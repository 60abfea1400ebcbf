package estimate

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Within prepares a sample of a single domain, the first cell of an axis, with
// options that name no domain. It is for domains that no expression names, such as a
// column of a table.
func Within(t *survey.Table, f *engine.Frame, e engine.Engine, in engine.Axis, o Options) *Sample {
	rows, _ := e.(engine.Rows)
	s := &Sample{
		table: t, frame: f, engine: e, rows: rows, said: &said{},
		cells: domains{axes: []engine.Axis{in}, group: []survey.Group{{}}, codes: []survey.Group{{}}},
	}
	s.take(o)
	return s
}
