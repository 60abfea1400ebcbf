package tidy

import (
	"encoding/csv"
	"io"
	"strings"

	"surveykit/survey"
)

// Field is one column of the tidy table.
type Field struct {
	Name string
	// Figure gives the number of a numeric field, Text the text of any other;
	// exactly one of them is set.
	Figure func(Record) survey.Figure
	Text   func(Record) string
}

// Fields are the columns of results.csv and of the workbook's data sheet, in
// this order: the place, what was estimated, the figures, the letters and flags.
var Fields = []Field{
	text("table", func(r Record) string { return r.Table }),
	text("row_group", func(r Record) string { return r.RowGroup }),
	text("row", func(r Record) string { return r.Row }),
	text("column_group", func(r Record) string { return r.ColumnGroup }),
	text("column", func(r Record) string { return r.Column }),
	text("statistic", func(r Record) string { return r.Statistic }),
	text("variable", func(r Record) string { return r.Variable }),
	text("denominator", func(r Record) string { return r.Denominator }),
	text("category", func(r Record) string { return r.Category }),
	text("code", code),
	text("group", func(r Record) string { return groupText(r.Group) }),
	text("group_codes", func(r Record) string { return groupText(r.GroupCodes) }),
	figure("quantile", func(r Record) survey.Figure { return r.Quantile }),
	figure("estimate", func(r Record) survey.Figure { return r.Value }),
	figure("se", func(r Record) survey.Figure { return r.SE }),
	figure("ci_low", func(r Record) survey.Figure { return r.Low }),
	figure("ci_high", func(r Record) survey.Figure { return r.High }),
	text("ci_method", func(r Record) string { return r.Interval }),
	figure("level", func(r Record) survey.Figure { return r.Level }),
	figure("df", func(r Record) survey.Figure { return r.DF }),
	figure("n", func(r Record) survey.Figure { return survey.FigureOf(float64(r.N)) }),
	figure("n_weighted", func(r Record) survey.Figure { return r.NWeighted }),
	figure("n_effective", func(r Record) survey.Figure { return r.NEffective }),
	figure("deff", func(r Record) survey.Figure { return r.Deff }),
	figure("t", func(r Record) survey.Figure { return r.T }),
	figure("p", func(r Record) survey.Figure { return r.P }),
	text("letters", func(r Record) string { return r.Letters }),
	text("flags", func(r Record) string { return strings.Join(r.Flags, ";") }),
	text("synthetic", synthetic),
	figure("n_other", larger),
}

func text(name string, of func(Record) string) Field { return Field{Name: name, Text: of} }

func figure(name string, of func(Record) survey.Figure) Field { return Field{Name: name, Figure: of} }

// larger is the larger base of a ratio of two shares whose bases differ.
func larger(r Record) survey.Figure {
	if r.NOther == 0 {
		return survey.Figure{}
	}
	return survey.FigureOf(float64(r.NOther))
}

// synthetic says of simulated data that they are.
func synthetic(r Record) string {
	if r.Synthetic {
		return "synthetic"
	}
	return ""
}

func code(r Record) string {
	if r.Code == nil {
		return ""
	}
	return r.Code.String()
}

// groupText lays a group out as "var=label; var2=label".
func groupText(g survey.Group) string {
	parts := make([]string, len(g))
	for i, v := range g {
		parts[i] = v.Variable + "=" + v.Value.String()
	}
	return strings.Join(parts, "; ")
}

// WriteCSV writes one row a record under a header, as RFC 4180 with LF line
// ends and UTF-8. Numbers are the shortest decimals that read back exactly, an
// empty cell is a figure that does not exist. A text that a spreadsheet would
// take for a formula gets a leading apostrophe (see survey.Guarded); results.json holds
// it unchanged.
func WriteCSV(w io.Writer, records []Record) error {
	out := csv.NewWriter(w)
	row := make([]string, len(Fields))
	for i, f := range Fields {
		row[i] = f.Name
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for _, r := range records {
		for i, f := range Fields {
			row[i] = f.csv(r)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (f Field) csv(r Record) string {
	if f.Figure == nil {
		return survey.Guarded(f.Text(r))
	}
	if x := f.Figure(r); x.Exists() {
		return survey.FormatNumber(x.Float())
	}
	return ""
}

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
		var tests [][]string
		for r, row := range t.Cells {
			for k, cell := range row {
				if t.Columns[k].Change && cell.P.Exists() {
					c := survey.LetterTest{Row: r, Column: k, Difference: cell.Value, SE: cell.SE, T: cell.T, DF: cell.DF, P: cell.P}
					tests = append(tests, test(t, c, survey.Column{Label: zero}))
				}
			}
		}
		for _, row := range append(comparisons(t), tests...) {
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

func test(t *survey.Tabulation, c survey.LetterTest, against survey.Column) []string {
	row, column := t.Rows[c.Row], t.Columns[c.Column]
	out := []string{t.ID}
	for _, s := range []string{row.Group, row.Label, column.Group, column.Label, against.Group, against.Label} {
		out = append(out, survey.Guarded(s))
	}
	for _, x := range []survey.Figure{c.Difference, c.SE, c.T, c.DF, c.P, c.PAdjusted} {
		s := ""
		if x.Exists() {
			s = survey.FormatNumber(x.Float())
		}
		out = append(out, s)
	}
	return out
}
