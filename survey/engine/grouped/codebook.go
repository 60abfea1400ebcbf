package grouped

import (
	"cmp"
	"context"
	"path"
	"slices"

	"surveykit/stats/parallel"
	"surveykit/survey"
)

// MostValues is the number of different values up to which a codebook lists them.
const MostValues = 100_000

// Codebook is the dictionary of a source with the values that occur in its columns, and
// how many rows have each. Weights, whose names some patterns fit, have none, nor has a column of more values than are
// listed, such as amounts of money.
func Codebook(ctx context.Context, s Source, weights ...string) (*survey.Table, error) {
	out := *s.Dictionary()
	dictionary := s.Dictionary().Variables
	isWeight := func(column string) bool {
		return column == out.Weight || slices.ContainsFunc(weights, func(pattern string) bool {
			fits, _ := path.Match(pattern, column)
			return fits || pattern == column
		})
	}
	out.Rows, out.Variables = 0, make([]*survey.Variable, len(dictionary))
	failed := make([]error, len(dictionary))
	err := parallel.Each(ctx, len(dictionary), func(k int) {
		v := dictionary[k]
		out.Variables[k] = v.Pick([]int32{-1})
		if isWeight(v.Name) {
			return
		}
		groups, err := s.Group(ctx, Request{Columns: []string{v.Name}, Most: MostValues + 1})
		if failed[k] = err; err == nil && groups.Table.Rows <= MostValues {
			out.Variables[k] = groups.counted().Variables[0].Distinct()
		}
	})
	if err = cmp.Or(append(failed, err)...); err != nil {
		return nil, err
	}
	out.Groups = func(columns []string) (*survey.Table, error) {
		groups, err := s.Group(ctx, Request{Columns: columns})
		if err != nil {
			return nil, err
		}
		return groups.counted(), nil
	}
	return out.Even(), nil
}

// counted is the table of the groups, whose variables know how many rows each is.
func (g *Groups) counted() *survey.Table {
	out := *g.Table
	out.Variables = make([]*survey.Variable, len(out.Variables))
	for k, v := range g.Table.Variables {
		counted := *v
		counted.Rows = g.Lots.Rows
		out.Variables[k] = &counted
	}
	return &out
}
