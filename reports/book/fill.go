package book

import (
	"slices"

	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey"
)

// Fill replaces each {row|column} of a text by that cell's figure, so that no
// figure is ever typed. Of several rows or columns of a name the first is
// taken. A column that the table leaves out for its small base has no figure.
func Fill(text string, t *survey.Tabulation) string {
	return survey.Fill(text, func(p survey.Placeholder) string {
		r := slices.IndexFunc(t.Rows, func(r survey.Row) bool { return r.Named(p.Row) })
		c := slices.IndexFunc(t.Columns, func(c survey.Column) bool { return c.Named(p.Column) })
		if r < 0 || c < 0 {
			return figure.Missing
		}
		return cellText(t, r, c)
	})
}

func cellText(t *survey.Tabulation, r, c int) string {
	kind, value := t.Rows[r].Kind, float64(tidy.Withhold(t.Cells[r][c].Estimate).Value)
	decimals := t.Rounding.Decimals(kind)
	if t.Columns[c].Change {
		return figure.Change(kind, value, decimals)
	}
	return figure.Value(kind, value, decimals)
}
