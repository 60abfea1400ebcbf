package workbook

import (
	"slices"
	"strings"

	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// shade collects the cells of a table that are coloured by their figures.
type shade struct {
	table *survey.Tabulation
	// columns are those of the sheet that hold figures, rows those of the table,
	// runs the first and the last row of the sheet of rows that follow each other.
	columns, rows []int
	runs          [][2]int
}

// newShade picks what the table's chart draws: its columns without changes, or
// those named; its rows that share the unit of the first, or those named.
func newShade(t *survey.Tabulation, l layout) *shade {
	s := &shade{table: t}
	if t.Chart == nil {
		return s
	}
	picked := func(names []string, named func(string) bool) bool {
		return len(names) == 0 || slices.ContainsFunc(names, named)
	}
	for _, p := range l.spans {
		if !p.Change && picked(t.Chart.Columns, p.Named) {
			s.columns = append(s.columns, p.first)
		}
	}
	for r, row := range t.Rows {
		if picked(t.Chart.Rows, row.Named) && (len(s.rows) == 0 || unit(row.Kind) == unit(t.Rows[s.rows[0]].Kind)) {
			s.rows = append(s.rows, r)
		}
	}
	return s
}

// unit is the kind of a row without regard to nets, which are shares.
func unit(kind survey.RowKind) survey.RowKind {
	if kind == survey.RowNet {
		return survey.RowShare
	}
	return kind
}

// add takes in row r of the table, which stands in a row of the sheet.
func (s *shade) add(r, row int) {
	last := len(s.runs) - 1
	switch {
	case !slices.Contains(s.rows, r):
	case last >= 0 && s.runs[last][1] == row-1:
		s.runs[last][1] = row
	default:
		s.runs = append(s.runs, [2]int{row, row})
	}
}

// cells are the ranges of all of them.
func (s *shade) cells() string {
	var ranges []string
	for _, column := range s.columns {
		for _, run := range s.runs {
			ranges = append(ranges, ooxml.CellName(column, run[0])+":"+ooxml.CellName(column, run[1]))
		}
	}
	return strings.Join(ranges, " ")
}
