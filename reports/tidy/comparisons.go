package tidy

import (
	"encoding/csv"
	"io"

	"surveykit/survey"
)

// comparisonFields are the columns of comparisons.csv.
var comparisonFields = []string{
	"table", "row_group", "row", "column_group", "column", "against_group", "against",
	"difference", "se", "t", "df", "p", "p_adjusted", "synthetic",
}

// What against names where it is no column: everybody outside the column, or
// nothing but zero in a column of changes.
const (
	rest = "(rest)"
	zero = "(zero)"
)

// WriteComparisonsCSV writes the tests of a book, one row a test, in the form of
// WriteCSV: first those behind a table's letters, whose difference is the
// column's figure minus that of against, then those of its changes and trends
// against zero, which are not adjusted. df is empty where the statistic is held
// against the normal distribution.
func WriteComparisonsCSV(w io.Writer, b *survey.Book) error {
	out := csv.NewWriter(w)
	if err := out.Write(comparisonFields); err != nil {
		return err
	}
	for _, t := range b.Tables {
		for _, row := range append(comparisons(t), changes(t)...) {
			if err := out.Write(append(row, synthetic(Record{Synthetic: b.Synthetic}))); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func comparisons(t *survey.Tabulation) [][]string {
	var out [][]string
	for _, c := range t.Comparisons {
		against := survey.Column{Label: rest}
		if c.Against != survey.Rest {
			against = t.Columns[c.Against]
		}
		out = append(out, test(t, c, against))
	}
	return out
}

// changes are the tests of the columns that hold changes and trends.
func changes(t *survey.Tabulation) [][]string {
	var out [][]string
	for r, row := range t.Cells {
		for k, cell := range row {
			if t.Columns[k].Change && cell.P.Exists() {
				c := survey.LetterTest{Row: r, Column: k, Difference: cell.Value, SE: cell.SE, T: cell.T, DF: cell.DF, P: cell.P, PAdjusted: survey.NoFigure()}
				out = append(out, test(t, c, survey.Column{Label: zero}))
			}
		}
	}
	return out
}

func test(t *survey.Tabulation, c survey.LetterTest, against survey.Column) []string {
	row, column := t.Rows[c.Row], t.Columns[c.Column]
	out := []string{t.ID}
	for _, s := range []string{row.Group, row.Label, column.Group, column.Label, against.Group, against.Label} {
		out = append(out, survey.Guarded(s))
	}
	for _, x := range []survey.Figure{c.Difference, c.SE, c.T, c.DF, c.P, c.PAdjusted} {
		s := ""
		if x.Exists() {
			s = survey.FormatNumber(float64(x))
		}
		out = append(out, s)
	}
	return out
}
