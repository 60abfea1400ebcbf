package wording

import (
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// Range is the smallest and the largest of several bases; neither exists where
// there is none.
type Range struct{ Least, Most survey.Figure }

// One reports whether all bases are the same as people read them.
func (r Range) One() bool {
	return figure.Number(r.Least.Float(), 0) == figure.Number(r.Most.Float(), 0)
}

// String writes one base, or the range of several: "180–200". It is "" where
// there is none.
func (r Range) String() string {
	switch {
	case !r.Least.Exists():
		return ""
	case r.One():
		return figure.Number(r.Least.Float(), 0)
	}
	return figure.Number(r.Least.Float(), 0) + "–" + figure.Number(r.Most.Float(), 0)
}

func (r Range) with(least, most survey.Figure) Range {
	switch {
	case !least.Exists():
		return r
	case !r.Least.Exists():
		return Range{least, most}
	}
	return Range{survey.FigureOf(min(r.Least.Float(), least.Float())), survey.FigureOf(max(r.Most.Float(), most.Float()))}
}

// BaseRow is one kind of base under every column; changes have none.
type BaseRow struct {
	Label   string
	Columns []Range
}

// kinds of base: how a column and how a cell carry each.
var kinds = []struct {
	label  string
	column func(survey.Column) survey.Figure
	cell   func(survey.Cell) survey.Figure
}{
	{"Unweighted base", func(c survey.Column) survey.Figure { return survey.FigureOf(float64(c.N)) }, unweighted},
	{"Weighted base", func(c survey.Column) survey.Figure { return survey.FigureOf(c.NWeighted) }, func(c survey.Cell) survey.Figure { return c.NWeighted }},
	{"Effective base", func(c survey.Column) survey.Figure { return survey.FigureOf(c.NEffective) }, func(c survey.Cell) survey.Figure { return c.NEffective }},
}

// unweighted is a cell's n; a cell that is hidden with its base has none.
func unweighted(c survey.Cell) survey.Figure {
	if Has(c, survey.FlagConfidential) && !c.NWeighted.Exists() {
		return survey.Figure{}
	}
	return survey.FigureOf(float64(c.N))
}

// Bases are the unweighted, the weighted and the effective base of a table's
// columns: of a column whose rows differ, the smallest and the largest.
func Bases(t *survey.Tabulation) []BaseRow {
	rows := make([]BaseRow, len(kinds))
	for k, kind := range kinds {
		rows[k].Label = kind.label
		for c, column := range t.Columns {
			var r Range
			switch {
			case column.Change:
			case hasOwn(t, c):
				for _, row := range t.Cells {
					r = r.with(kind.cell(row[c]), kind.cell(row[c]))
				}
			default:
				r = r.with(kind.column(column), kind.column(column))
			}
			rows[k].Columns = append(rows[k].Columns, r)
		}
	}
	return rows
}

// OwnBases reports whether rows differ in their bases under any column.
func OwnBases(t *survey.Tabulation) bool {
	for c := range t.Columns {
		if hasOwn(t, c) {
			return true
		}
	}
	return false
}

// hasOwn reports whether the rows differ in their bases under a column: it has
// no base, but its cells do.
func hasOwn(t *survey.Tabulation, c int) bool {
	for r := range t.Rows {
		if !t.Columns[c].Change && t.Columns[c].N == 0 && t.Cells[r][c].N > 0 {
			return true
		}
	}
	return false
}

// Respondents is the unweighted base of a table: of the column for everybody,
// or from the smallest to the largest of all columns where there is none.
func Respondents(t *survey.Tabulation) Range {
	var all Range
	for c, r := range Bases(t)[0].Columns {
		if t.Columns[c].Everybody {
			return r
		}
		all = all.with(r.Least, r.Most)
	}
	return all
}

// Asked says who a table is about: in the study's words, or else by the expression
// that chose them.
func Asked(t *survey.Tabulation) string {
	if t.Base == "" && t.Filter != "" {
		return "rows where " + t.Filter
	}
	return t.Base
}

// Base is Asked as a line of its own, "" where the table does not say.
func Base(t *survey.Tabulation) string {
	if asked := Asked(t); asked != "" {
		return "Base: " + asked
	}
	return ""
}

// BaseAndN adds the unweighted base to Base, for where the table itself is not
// shown: "Base: adults; n = 1,204".
func BaseAndN(t *survey.Tabulation) string {
	var parts []string
	if base := Base(t); base != "" {
		parts = append(parts, base)
	}
	if n := Respondents(t).String(); n != "" {
		parts = append(parts, "n = "+n)
	}
	return strings.Join(parts, "; ")
}
