package engine

import (
	"context"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
)

// Engine answers questions about one data set. It may hold the data, read them
// from a file or ask a database: a question names columns and expressions, and
// an answer holds sums, never rows.
//
// An error is one of the data or of their source, or of a question that the
// engine does not understand; a column that does not exist is a survey.Problems.
type Engine interface {
	// Frame counts a design over all rows; see NewFrame.
	Frame(ctx context.Context, d survey.Design) (*Frame, error)
	// Totals answers queries, in their order, under the design of a frame. An
	// engine plans the passes over the data for all of them together.
	Totals(ctx context.Context, f *Frame, queries []Query) ([]*Totals, error)
	// Counts gives for each query the number of rows with an entry in each total, in
	// the order of Totals.Index: of those with a weight under the frame, of all where
	// it is nil.
	Counts(ctx context.Context, f *Frame, queries []Query) ([][]int, error)
	// Categories sorts the answers of a column as survey.Classify does. Index is
	// nil where the engine holds no rows.
	Categories(ctx context.Context, column string) (survey.Classes, error)
	// Unanswered lists the values of a column that are declared missing and occur,
	// ascending, and reports whether anybody was asked and has no value.
	Unanswered(ctx context.Context, column string) (missing []survey.Value, blank bool, err error)
	// Items are the answers of a multiple-response set; see survey.Table.Items. Index
	// is nil where the engine holds no rows.
	Items(ctx context.Context, set string) ([]survey.Item, error)
	// Centres describes a number in each of a query's cells, for the rows that the
	// query keeps: of those with a weight under the frame, of all where it is nil.
	Centres(ctx context.Context, f *Frame, x Number, q Query) ([]Centre, error)
	// Distribution lists the values of a number, ascending, for each cell and point of
	// a query, which names no numbers, in the order of Totals.Index: with the weights
	// under the frame, with 1 each where it is nil. A value that only rows without a
	// weight have is listed with none, since replicates may give them one.
	Distribution(ctx context.Context, f *Frame, x Number, q Query) ([][]stats.Tie, error)
	// Patterns lists the cells with points of a query, which names no numbers, that
	// rows with a weight under the frame have together, ordered by cell, then by points.
	// Rows in no cell have none.
	Patterns(ctx context.Context, f *Frame, q Query) ([]Pattern, error)
}

// Pattern is a cell of a query with the points to which N of its rows belong, as a
// whole or in part, ascending; no other rows are alike.
type Pattern struct {
	Cell   int
	Points []int32
	N      int
}

// Centre is what the values of a number are like, whatever their weights.
type Centre struct {
	// Mean is their plain mean, 0 where there are none.
	Mean float64
	// ZeroOne says that the values are zeros and ones, with both among them.
	ZeroOne bool
}

// Rows is what an engine offers that holds the rows in memory, for the methods
// that need them. What it gives may be shared and must not be changed.
type Rows interface {
	Engine
	// Sort is the cell of each row by crossed axes, -1 where it is in none.
	Sort(axes []Axis) (cell []int32, cells int, err error)
	// Values are a number of each row, NaN where it does not exist. It is for
	// numbers that do not depend on the cells of a query.
	Values(x Number) ([]float64, error)
}

// Grouping is what an engine offers that lists groups of rows, for the methods that need
// more than sums, but no more of a row than what it holds and how it was drawn.
type Grouping interface {
	Engine
	// Alike puts the rows together that are alike in all that a query names, and in their
	// design under a frame.
	Alike(ctx context.Context, f *Frame, q Query) (Alike, error)
	// Weigh is a frame with weights that are made of those of another, for groups of rows
	// that are alike in some variables and in the weight.
	Weigh(ctx context.Context, f *Frame, variables []string, w Weigher) (*Frame, error)
}

// Weigher makes weights for groups of rows: of a table with the variables, how many rows of
// the data each of its rows is, and the sums of their weights, it gives the sums of the new
// weights, and how these were made; see ByRow.Calibration.
type Weigher func(t *survey.Table, rows []int, base []float64) (weights []float64, r Residualizer, err error)

// Alike are groups of rows, ordered by what they hold. Each is a row of the table, and of
// the frame, which knows how many rows of the data it is; see Lots.
type Alike struct {
	Table *survey.Table
	Frame *Frame
	Rows  Rows
}

// Query asks for weighted totals: Σ w·p·x over the rows of each cell, for each
// number x and each point, where p is the part of the row that belongs to the
// point, which is 1 except for memberships in part. Cells are disjoint, points may
// overlap. A row has no entry where a number does not exist.
type Query struct {
	// Cells are crossed, the last varying fastest. Default: one cell of all rows.
	Cells []Axis
	// Points are domains that may overlap. Default: one point of all rows.
	Points []Point
	// Numbers are what is added up. Default: the number 1.
	Numbers []Number
	// Where keeps the rows for which all conditions hold. Default: all rows.
	Where []Condition
}

// Size is the number of cells and the number of totals in each.
func (q Query) Size() (cells, terms int) {
	cells = 1
	for _, a := range q.Cells {
		cells *= a.Cells()
	}
	return cells, max(1, len(q.Numbers)) * max(1, len(q.Points))
}

// Term is the place of a number and a point among the totals of a cell.
func (q Query) Term(number, point int) int { return number*max(1, len(q.Points)) + point }

// Axis sorts rows into disjoint cells, numbered from 0. A row may be in none.
// Axes of this package are Codes, Truth, Chosen, Texts, Bands, Existing, Inside,
// Filled and Listed; the text of an axis is the same only for axes that sort alike.
type Axis interface {
	Cells() int
	String() string
}

// Codes sorts by the value of a column: cell k are the rows with any of Values[k],
// also one that is declared missing. No value is listed twice.
type Codes struct {
	Column string
	Values [][]survey.Value
	// Blank adds a last cell: rows without a value whose respondents were asked.
	Blank bool
}

// Categories is the axis of a column's categories.
func Categories(column string, c survey.Classes) Codes {
	values := make([][]survey.Value, len(c.Values))
	for k := range values {
		values[k] = c.Values[k : k+1 : k+1]
	}
	return Codes{Column: column, Values: values}
}

// Truth sorts by a condition in the language of package expression: 1 where it
// holds, 0 where it does not; rows in which its variables have no answer are in
// no cell.
type Truth struct {
	Source string
	// Part lets the condition name codes that no row has; see expression.CompilePart.
	Part bool
}

// Chosen sorts by a multiple-response set: 1 where any of some items was chosen,
// 0 where the set was answered and none of them was. Items are numbered as
// survey.Table.Items lists them.
type Chosen struct {
	Set   string
	Items []int
	// Asked widens both cells to everybody who was asked the set: those without an
	// answer are one more item, the last.
	Asked bool
}

// Texts sorts a column of text by what was written, without regard to case and blanks; see
// Folded. The last cell are all other texts that are not empty.
type Texts struct {
	Column string
	// Folded are the texts of the cells but the last.
	Folded []string
}

// Bands sorts by the whole number at or under the answer to a column; where bands
// overlap a row is in the last that holds it.
type Bands struct {
	Column string
	Bands  []survey.Bracket
}

// Existing has one cell, of the rows in which all of some numbers exist.
type Existing []Number

// Inside has one cell, of the rows of a point. It is for points without parts.
type Inside struct {
	Point Point
	// Not, where it is given, is a point whose rows are left out.
	Not Point
	// Among are points whose figures will be compared with those of these rows; an engine
	// over groups of rows that are units keeps these points apart.
	Among []Point
}

// Filled is another axis with one cell more, the first: the rows that are in none
// of its cells.
type Filled struct{ Of Axis }

// Listed are some cells of crossed axes, in the order given: each entry of Of
// names a cell of every axis.
type Listed struct {
	Axes []Axis
	Of   [][]int32
	// Where keeps rows, as a query's Where does.
	Where []Condition
}

// Condition holds for the rows of a cell of an axis.
type Condition struct {
	Axis Axis
	Cell int
	// Part, where Axis is nil, is the part of each row for which the condition
	// holds, 0 to 1: a probability of membership. Where it does not exist it is 0.
	Part Number
}

// Point is a domain: the rows for which all conditions of any alternative hold.
// An alternative without conditions is everybody. Parts of alternatives add up, to
// 1 at most.
type Point [][]Condition

// Everyone is the point of all rows.
var Everyone = Point{nil}

// And narrows a point by a condition.
func (p Point) And(c Condition) Point {
	out := make(Point, len(p))
	for k, all := range p {
		out[k] = append(all[:len(all):len(all)], c)
	}
	return out
}

// Meet are the rows of both points.
func (p Point) Meet(q Point) Point {
	var out Point
	for _, all := range p {
		for _, more := range q {
			out = append(out, append(all[:len(all):len(all)], more...))
		}
	}
	return out
}

// Or widens a point by another.
func (p Point) Or(q Point) Point { return append(p[:len(p):len(p)], q...) }

// InPart reports whether rows may belong to the point in part.
func (p Point) InPart() bool {
	for _, all := range p {
		for _, c := range all {
			if c.Axis == nil {
				return true
			}
		}
	}
	return false
}

// Number gives each row a number, or none. Numbers of this package are One,
// Answer, Value, Given, Place, Less, Product, Log, AtMost, AtLeast, Within, Scored,
// Is and Sum; the text of a number is the same only for numbers that are alike.
type Number interface {
	String() string
}

// One is 1 for every row.
type One struct{}

// Answer is what the answer to a column counts as; see survey.Variable.Numeric.
type Answer struct{ Column string }

// Value is an expression in the language of package expression: its figure, or 1
// and 0 where a condition holds and does not.
type Value struct{ Source string }

// Given is 1 where any of some numbers exists, and does not exist elsewhere.
type Given []Number

// Place is the number of the row's cell of an axis; it does not exist where the row
// is in none.
type Place struct{ Of Axis }

// Less is a number minus a constant, or minus one for each cell of the query, which
// keeps digits: Centre[0] or Centre[cell].
type Less struct {
	Of     Number
	Centre []float64
}

// Product is the product of two numbers.
type Product struct{ A, B Number }

// Log is the natural logarithm of a number; it exists for numbers above zero.
type Log struct{ Of Number }

// AtMost is 1 where a number is at most the limit of the row's cell, 0 where it is
// greater.
type AtMost struct {
	Of     Number
	Limits []float64
}

// Within is 1 where a number is in a closed range, 0 where it exists and is not.
type Within struct {
	Of        Number
	Low, High float64
}

// Scored is the score of a number: Scores[cell] at the place of the number in
// Values[cell], which ascend and hold every value of the cell.
type Scored struct {
	Of     Number
	Values [][]float64
	Scores [][]float64
}

// Is is 1 in a cell of an axis, and does not exist elsewhere.
type Is struct {
	Axis Axis
	Cell int
}

// Sum is Σ factor·number of the numbers that exist, and exists where any does.
// Factors[0] are the factors of every row, or Factors[cell] of a cell of the query.
type Sum struct {
	Of      []Number
	Factors [][]float64
}

// AtLeast is 1 where a number is at least Least, and does not exist elsewhere.
type AtLeast struct {
	Of    Number
	Least float64
}

// ZeroOrOne is how far from 0 or 1 a value may be for rounding.
const ZeroOrOne = 1e-9

// Folded is a text without differences of case and of blanks.
func Folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// CellOf are the conditions under which a row is in a cell of crossed axes.
func CellOf(axes []Axis, cell int) []Condition {
	out := make([]Condition, len(axes))
	for k := len(axes) - 1; k >= 0; k-- {
		out[k] = Condition{Axis: axes[k], Cell: cell % axes[k].Cells()}
		cell /= axes[k].Cells()
	}
	return out
}

// Crossed is one axis with the cells of several.
func Crossed(axes []Axis) Axis {
	if len(axes) == 1 {
		return axes[0]
	}
	cells, _ := Query{Cells: axes}.Size()
	out := Listed{Axes: axes, Of: make([][]int32, cells)}
	for k := range out.Of {
		for _, c := range CellOf(axes, k) {
			out.Of[k] = append(out.Of[k], int32(c.Cell))
		}
	}
	return out
}
