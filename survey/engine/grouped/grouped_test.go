package grouped_test

import (
	"context"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/grouped"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *survey.Table) engine.Engine { return grouped.New(grouped.Local(t), nil) })
}

// pieces is a table that is read a few rows at a time.
type pieces struct {
	*survey.Table
	size int
}

func (p pieces) Dictionary() *survey.Table { return grouped.Local(p.Table).Dictionary() }

func (p pieces) Rows() int { return p.Table.Rows }

func (p pieces) Blocks(_ context.Context, columns []string, each func(*survey.Table) error) error {
	for at := 0; at < p.Table.Rows; at += p.size {
		block := &survey.Table{Rows: min(p.size, p.Table.Rows-at)}
		rows := make([]int32, block.Rows)
		for i := range rows {
			rows[i] = int32(at + i)
		}
		for _, name := range columns {
			block.Variables = append(block.Variables, p.Table.Lookup(name).Pick(rows))
		}
		if err := each(block); err != nil {
			return err
		}
	}
	return nil
}

func TestStreamConforms(t *testing.T) {
	for _, size := range []int{1, 7} {
		enginetest.Run(t, func(t *survey.Table) engine.Engine { return grouped.New(grouped.Streamed(pieces{t, size}), nil) })
	}
}
