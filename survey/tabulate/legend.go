package tabulate

import (
	"cmp"
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/tabulate/letters"
)

// legend says what a reader must know to read the table's figures.
func (t *tabling) legend(of *survey.Tabulation) []string {
	rules := t.Study.Quality.Limits()
	out := []string{fmt.Sprintf("Limits are %s%% design-based confidence intervals%s.", survey.FormatNumber(100*t.options.Level), t.method(of))}
	if slices.ContainsFunc(of.Columns, func(c survey.Column) bool { return c.Change }) {
		test := "Changes are tested by a two-sided t test on the difference, which allows for the sample design and for people in both waves; p-values are not adjusted for the number of tests."
		if hasFlag(of, survey.FlagEdgeTest) {
			test += " " + letters.Edges
		}
		out = append(out, test)
	}
	if t.Study.Quality.Standard == standardNCHS {
		out = append(out, "Shares and totals are shown by the NCHS presentation standards (Vital and Health Statistics 2(175) and 2(200)); the bases below hold for all other figures.")
	}
	return append(out, fmt.Sprintf("Bases are unweighted: under %d no figure is shown, under %d it is marked as uncertain.", rules.Minimum, rules.Caution))
}

func hasFlag(t *survey.Tabulation, flag string) bool {
	return slices.ContainsFunc(t.Cells, func(row []survey.Cell) bool {
		return slices.ContainsFunc(row, func(c survey.Cell) bool { return slices.Contains(c.Flags, flag) })
	})
}

func (t *tabling) method(of *survey.Tabulation) string {
	for r, row := range of.Rows {
		if (row.Kind == survey.RowShare || row.Kind == survey.RowNet) && slices.ContainsFunc(of.Cells[r], func(c survey.Cell) bool { return c.CountsPeople() }) {
			return fmt.Sprintf(" (%s method for shares, Korn–Graubard at 0%% and 100%%)", t.options.Interval.Words)
		}
	}
	return ""
}

// chart carries a study's wishes over to the tabulation, which may say what is
// drawn where they do not. Columns that the table leaves out are not drawn; there
// is no chart where none of those chosen is left.
func chart(wish *survey.Chart, t *survey.Tabulation) *survey.Chart {
	if wish == nil {
		return nil
	}
	c := *wish
	c.Columns = nil
	for _, name := range wish.Columns {
		if slices.ContainsFunc(t.Columns, func(c survey.Column) bool { return c.Named(name) }) {
			c.Columns = append(c.Columns, name)
		}
	}
	if len(c.Columns) == 0 && len(wish.Columns) > 0 {
		return nil
	}
	if own := t.Chart; own != nil {
		c.Kind, c.Groups = cmp.Or(c.Kind, own.Kind), own.Groups
		if len(c.Rows) == 0 {
			c.Rows = own.Rows
		}
	}
	if c.Title == "" {
		c.Title = t.Title
	}
	return &c
}
