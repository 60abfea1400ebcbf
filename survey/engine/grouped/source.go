// Package grouped answers the queries of package engine over data that are grouped
// where they are: in a database, or as a file is read in blocks. A Source lists the
// distinct combinations of some columns, each with the number of its rows and exact
// sums of their weights; conditions, recodes and numbers are computed here, over
// these groups, by the engine of tables in memory. So a figure is the same to the
// last bit whatever the source is and however its rows are ordered.
package grouped

import (
	"context"
	"io"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Source is data whose rows are grouped where they are. An error is survey.Problems
// where the data are at fault, such as a column that does not exist. A Source may be
// used by several goroutines.
type Source interface {
	// Dictionary is the table of the data without rows (Rows is 0): names, kinds,
	// labels and missing values of the variables, the sets, the weight, where the data
	// are from. Variables have no values.
	Dictionary() *survey.Table
	// Rows is the number of rows, those without a weight among them.
	Rows() int
	// Group lists the distinct combinations of some columns.
	Group(ctx context.Context, r Request) (*Groups, error)
	// Weights describes weights, in their order.
	Weights(ctx context.Context, weights []Weight) ([]engine.WeightFacts, error)
}

// Close gives back what a source, which may be nil, holds outside memory, such as connections
// and temporary files.
func Close(s Source) error {
	if c, ok := s.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Request asks for groups of rows: one for each distinct combination of values. A
// missing value is a value of its own.
type Request struct {
	// Columns are what rows of one group have in common; without any all rows are one.
	Columns []string
	// Units are those of the columns that name strata and clusters only. A sum of squares is
	// of interest for rows alike in all other columns, and may be in any one of their groups.
	Units []string
	// Weights are summed within the groups: the weight, which is squared and summed, too,
	// then its replicates. None asks for the numbers of rows only.
	Weights []Scaled
	// Most, where it is not 0, is the number of groups after which the answer may end.
	Most int
}

// Weight is a column of weights, or of factors of the weight in the column Times.
type Weight struct{ Column, Times string }

// columns are the columns of some weights, each once.
func columnsOf(weights []Weight) (names []string) {
	for _, w := range weights {
		for _, name := range []string{w.Column, w.Times} {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Scaled is a weight w as whole numbers W, which are w·2^Exponent without what is after the
// point; see engine.Whole.
type Scaled struct {
	Weight
	Exponent int
}

// Groups answers a request. Their order has no meaning.
type Groups struct {
	// Table has a row for each group and the columns of the request, as the
	// dictionary describes them.
	Table *survey.Table
	// Lots are the rows and sums of each group. N counts the rows of which the first
	// weight is not 0. Without weights there are no sums, and N is Rows. Products may ask
	// the source again; without them degrees of freedom of replicate weights are unknown.
	Lots engine.Lots
	// Statement is the request in the source's words, such as SQL; "" where it has none.
	Statement string
}
