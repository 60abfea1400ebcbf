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

// rest is what against names where a column was compared with everybody
// outside it.
const rest = "(rest)"

// WriteComparisonsCSV writes the tests behind the letters of a book, one row a
// comparison, in the form of WriteCSV. The difference is the column's figure
// minus that of against; df is empty where the statistic is held against the
// normal distribution.
func WriteComparisonsCSV(w io.Writer, b *survey.Book) error {
	out := csv.NewWriter(w)
	if err := out.Write(comparisonFields); err != nil {
		return err
	}
	for _, t := range b.Tables {
		for _, c := range t.Comparisons {
			if err := out.Write(append(comparison(t, c), synthetic(Record{Synthetic: b.Synthetic}))); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func comparison(t *survey.Tabulation, c survey.Comparison) []string {
	row, column, against := t.Rows[c.Row], t.Columns[c.Column], survey.Column{Label: rest}
	if c.Against != survey.Rest {
		against = t.Columns[c.Against]
	}
	out := []string{t.ID}
	for _, s := range []string{row.Group, row.Label, column.Group, column.Label, against.Group, against.Label} {
		out = append(out, Guard(s))
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
