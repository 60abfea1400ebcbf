package book

import (
	"regexp"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey"
)

var placeholder = regexp.MustCompile(`\{([^{}|]+)\|([^{}|]+)\}`)

// Fill replaces each {row|column} of a text by that cell's figure, so that no
// figure is ever typed. A column is named by its label, or as "group: label"
// where several columns share it; the first that fits is taken. A place that
// does not exist is left as it stands.
func Fill(text string, t *survey.Tabulation) string {
	return placeholder.ReplaceAllStringFunc(text, func(p string) string {
		m := placeholder.FindStringSubmatch(p)
		r, c := findRow(t, strings.TrimSpace(m[1])), findColumn(t, strings.TrimSpace(m[2]))
		if r < 0 || c < 0 {
			return p
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

func findRow(t *survey.Tabulation, name string) int {
	for i, r := range t.Rows {
		if r.Label == name || r.Group+": "+r.Label == name {
			return i
		}
	}
	return -1
}

func findColumn(t *survey.Tabulation, name string) int {
	for i, c := range t.Columns {
		if c.Label == name || c.Group+": "+c.Label == name {
			return i
		}
	}
	return -1
}
