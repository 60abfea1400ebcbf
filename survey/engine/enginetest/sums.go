package enginetest

import (
	"context"
	"slices"
	"sync"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// WithoutRows answers as another engine does, but holds no rows: it is not an engine.Rows,
// and its frames have none. It shows what a database could answer.
func WithoutRows(e engine.Engine) engine.Engine { return &sums{Engine: e} }

type sums struct {
	engine.Engine
	mu sync.Mutex
	// given are the frames without rows, counted the same with them.
	given, counted []*engine.Frame
}

// Frame is the engine's without its rows.
func (s *sums) Frame(ctx context.Context, d survey.Design) (*engine.Frame, error) {
	f, err := s.Engine.Frame(ctx, d)
	if err != nil {
		return nil, err
	}
	without := *f
	without.ByRow = nil
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given, s.counted = append(s.given, &without), append(s.counted, f)
	return &without, nil
}

// with is the frame with its rows; nil of nil.
func (s *sums) with(f *engine.Frame) *engine.Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := slices.Index(s.given, f); k >= 0 {
		return s.counted[k]
	}
	return f
}

// Totals are the engine's.
func (s *sums) Totals(ctx context.Context, f *engine.Frame, queries []engine.Query) ([]*engine.Totals, error) {
	return s.Engine.Totals(ctx, s.with(f), queries)
}

// Counts are the engine's.
func (s *sums) Counts(ctx context.Context, f *engine.Frame, queries []engine.Query) ([][]int, error) {
	return s.Engine.Counts(ctx, s.with(f), queries)
}

// Centres are the engine's.
func (s *sums) Centres(ctx context.Context, f *engine.Frame, x engine.Number, q engine.Query) ([]engine.Centre, error) {
	return s.Engine.Centres(ctx, s.with(f), x, q)
}

// Distribution is the engine's.
func (s *sums) Distribution(ctx context.Context, f *engine.Frame, x engine.Number, q engine.Query) ([][]stats.Tie, error) {
	return s.Engine.Distribution(ctx, s.with(f), x, q)
}

// Patterns are the engine's.
func (s *sums) Patterns(ctx context.Context, f *engine.Frame, q engine.Query) ([]engine.Pattern, error) {
	return s.Engine.Patterns(ctx, s.with(f), q)
}

// Categories are the engine's without the rows.
func (s *sums) Categories(ctx context.Context, column string) (survey.Classes, error) {
	c, err := s.Engine.Categories(ctx, column)
	c.Index = survey.Places{}
	return c, err
}

// Items are the engine's without the rows.
func (s *sums) Items(ctx context.Context, set string) ([]survey.Item, error) {
	items, err := s.Engine.Items(ctx, set)
	items = slices.Clone(items)
	for k := range items {
		items[k].Index = survey.Places{}
	}
	return items, err
}

// Codebook is a table without its answers: every value is missing.
func Codebook(t *survey.Table) *survey.Table {
	out := *t
	out.Variables = make([]*survey.Variable, len(t.Variables))
	for k, v := range t.Variables {
		hollow := *v
		if v.IsText() {
			hollow.Texts = &survey.TextColumn{Index: survey.RepeatedPlaces(-1, t.Rows)}
		} else {
			hollow.Numbers = survey.MissingNumbers(t.Rows)
		}
		out.Variables[k] = &hollow
	}
	return &out
}
