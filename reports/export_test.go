package reports

import (
	"context"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine/grouped"
)

// GroupFiles has files answered by groups of their rows until a test ends, after change
// where it is not nil.
func GroupFiles(t *testing.T, change func(*survey.Table) *survey.Table) {
	before := sourceOf
	t.Cleanup(func() { sourceOf = before })
	sourceOf = func(ctx context.Context, d survey.DataFile) (grouped.Source, error) {
		table, err := readTable(ctx, d, true)
		if err != nil {
			return nil, err
		}
		if change != nil {
			table = change(table)
		}
		return grouped.Local(table), nil
	}
}
