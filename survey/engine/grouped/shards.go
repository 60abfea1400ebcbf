package grouped

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Shards are sources whose rows are one table, such as the nodes of a database that do
// not know each other. Labels and codes are those of the first. Sources with other columns
// or kinds of values are survey.Problems.
func Shards(sources []Source) (Source, error) {
	s := shards{sources: sources}
	all := *sources[0].Dictionary()
	name := func(t *survey.Table) string {
		if len(t.Sources) == 0 {
			return "data"
		}
		return t.Sources[0].Path
	}
	first := name(&all)
	var problems survey.Problems
	for _, source := range sources[1:] {
		t := source.Dictionary()
		fail := func(variable, message string) {
			problems = append(problems, survey.Problem{File: name(t), Variable: variable, Message: message, Remedy: "shards of one table have the same columns; a query can make them agree"})
		}
		for _, v := range all.Variables {
			switch other := t.Lookup(v.Name); {
			case other == nil:
				fail(v.Name, "the column is in "+first+" only")
			case other.Kind != v.Kind:
				fail(v.Name, fmt.Sprintf("the column has %s values here, but %s values in %s", other.Kind, v.Kind, first))
			}
		}
		for _, v := range t.Variables {
			if all.Lookup(v.Name) == nil {
				fail(v.Name, "the column is not in "+first)
			}
		}
		all.Sources = append(all.Sources[:len(all.Sources):len(all.Sources)], t.Sources...)
	}
	s.dictionary = &all
	return s, problems.Err()
}

type shards struct {
	sources    []Source
	dictionary *survey.Table
}

func (s shards) Dictionary() *survey.Table { return s.dictionary }

func (s shards) Rows() (n int) {
	for _, source := range s.sources {
		n += source.Rows()
	}
	return n
}

// each asks all sources at the same time. The error is that of the first that failed.
func (s shards) each(ask func(k int, source Source) error) error {
	errs := make([]error, len(s.sources))
	var all sync.WaitGroup
	for k, source := range s.sources {
		all.Go(func() { errs[k] = ask(k, source) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Close closes all sources.
func (s shards) Close() (err error) {
	for _, source := range s.sources {
		err = errors.Join(err, Close(source))
	}
	return err
}

// Group asks each source for its groups and adds up those that are alike.
func (s shards) Group(ctx context.Context, r Request) (*Groups, error) {
	parts := make([]*Groups, len(s.sources))
	err := s.each(func(k int, source Source) (err error) {
		parts[k], err = source.Group(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return merged(parts), nil
}

// Weights asks each source.
func (s shards) Weights(ctx context.Context, weights []Weight) ([]engine.WeightFacts, error) {
	parts := make([][]engine.WeightFacts, len(s.sources))
	err := s.each(func(k int, source Source) (err error) {
		parts[k], err = source.Weights(ctx, weights)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := parts[0]
	for k := range out {
		var sum survey.Sum
		f := &out[k]
		sum.Add(f.Sum)
		for _, part := range parts[1:] {
			p := part[k]
			f.Missing, f.Negative, f.Infinite = f.Missing+p.Missing, f.Negative+p.Negative, f.Infinite+p.Infinite
			f.Largest = max(f.Largest, p.Largest)
			sum.Add(p.Sum)
		}
		f.Sum = sum.Value()
	}
	return out, nil
}
