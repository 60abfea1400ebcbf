package reports

import (
	"context"
	"errors"

	"surveykit/survey"
	"surveykit/survey/engine/grouped"
	"surveykit/survey/tabulate"
)

// TablePlan says how a table of a study is going to be made.
type TablePlan struct {
	// Table is its id.
	Table string `json:"table"`
	// Rows are the rows that are in memory, 0 where groups of them are asked for, and Columns
	// those of the data and of what the study makes that are in memory with them.
	Rows    int `json:"rows"`
	Columns int `json:"columns"`
	// Passes are the groups that the source of the data is asked for. Those that tables
	// have in common are asked for once.
	Passes []Pass `json:"passes"`
}

// Pass is one grouping of the rows.
type Pass = grouped.Planned

// Plan says for each table which groups of rows it asks for, without asking for them.
func (v *Valid) Plan(ctx context.Context) ([]TablePlan, error) {
	out := make([]TablePlan, len(v.Study.Tables))
	for k, spec := range v.Study.Tables {
		out[k] = TablePlan{Table: spec.ID, Passes: []Pass{}}
		of, ok := v.engine.(*grouped.Engine)
		if !ok {
			out[k].Rows, out[k].Columns = v.Table.Rows, len(v.Table.Variables)
			continue
		}
		plan, alone := of.Plan(), *v.Study
		alone.Tables = []survey.TableSpec{spec}
		m := &tabulate.Maker{Table: v.Table, Frame: v.Weights.Frame, Frames: v.own.frames, Study: &alone, Engine: plan}
		_, err := m.All(ctx, nil)
		var nobody survey.Problems // what is wrong with figures of nobody is wrong with the plan only
		if err != nil && !errors.As(err, &nobody) {
			return nil, err
		}
		out[k].Passes = plan.Passes()
	}
	return out, nil
}
