package grouped

import (
	"context"

	"surveykit/survey"
)

// MostValues is the number of different values up to which a codebook lists them.
const MostValues = 100_000

// Codebook is the dictionary of a source with the values that occur in its columns, and
// how many rows have each. A column of more values than it lists, such as amounts of money,
// has none.
func Codebook(ctx context.Context, s Source) (*survey.Table, error) {
	out := *s.Dictionary()
	out.Rows, out.Variables = 0, make([]*survey.Variable, len(out.Variables))
	for k, v := range s.Dictionary().Variables {
		groups, err := s.Group(ctx, Request{Columns: []string{v.Name}, Most: MostValues + 1})
		if err != nil {
			return nil, err
		}
		if groups.Table.Rows > MostValues {
			out.Variables[k] = v.Pick([]int32{-1})
		} else {
			out.Variables[k] = groups.counted().Variables[0].Distinct()
		}
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
