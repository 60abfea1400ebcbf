package main

import (
	"context"
	"errors"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/prepare"
	"surveykit/survey/segment"
)

// segmented adds the segments that a study asks for to its table, by the
// weights of its design, and checks the tables that use them.
func segmented(ctx context.Context, s *survey.Study, t *survey.Table, f *engine.Frame) (*survey.Table, error) {
	t, _, err := segments(ctx, s, t, f)
	var found survey.Faults
	if errors.As(err, &found) {
		return nil, found.Problems()
	}
	return t, err
}

// segments is segmented with the solutions; faults are survey.Faults.
func segments(ctx context.Context, s *survey.Study, t *survey.Table, f *engine.Frame) (*survey.Table, []*segment.Solution, error) {
	if s == nil || len(s.Segments) == 0 {
		return t, nil, nil
	}
	everybody, err := estimate.New(t, f, estimate.Domain{})
	if err != nil {
		return nil, nil, err
	}
	t, found, err := segment.Apply(ctx, everybody, s)
	if err != nil {
		return nil, nil, err
	}
	_, faults := prepare.CheckTables(t, s)
	return t, found, survey.Faults(faults).Err()
}
