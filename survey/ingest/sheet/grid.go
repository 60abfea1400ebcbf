package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/platform"
)

// grid is a sheet as delimited text.
type grid struct {
	path    string
	sheet   string
	header  int // the 0-based row of the names, -1 where the sheet is empty
	names   []string
	text    strings.Builder
	out     *csv.Writer
	record  []string // a row while it is written
	cells   int      // that are filled, below the names
	last    int      // the last row with cells below the names
	skipped int      // blank rows between others
	errors  int      // cells with the error of a formula
	survey.Notices
	faults survey.Problems
}

// headRows is how many rows with cells are examined to find the names.
const headRows = 20

// line is a row of the sheet.
type line struct {
	row   int
	cells []string
}

// grid reads the rows of a sheet, the first of them to find the names.
func (b *Book) grid(s Sheet) (*grid, error) {
	g := &grid{path: b.Path, sheet: s.Name, header: -1}
	g.out = csv.NewWriter(&g.text)
	var head []line
	headed := false
	err := s.Rows(func(row int, cells []string) error {
		switch {
		case row >= MostRows:
			return fmt.Errorf("it has more than %d rows", MostRows)
		case !headed && len(head) < headRows:
			if filled(cells) > 0 {
				head = append(head, line{row, slices.Clone(cells)})
			}
			return nil
		case !headed:
			g.writeHead(head)
			headed, head = true, nil
		}
		if g.write(row, cells); int64(g.text.Len()) > b.Limit {
			return problem(b.Path, fmt.Sprintf("the sheet %q unpacks to more than %d bytes", s.Name, b.Limit), "save the sheet as CSV")
		}
		return nil
	})
	var known survey.Problems
	switch {
	case errors.As(err, &known):
		return nil, err
	case err != nil:
		return nil, problem(b.Path, fmt.Sprintf("the sheet %q cannot be read: %v", s.Name, err), "open and save the workbook again, or export it again")
	}
	g.writeHead(head)
	g.out.Flush()
	if g.skipped > 0 {
		g.Note(survey.NoticeUnread, nil, "%d blank rows of the sheet were skipped", g.skipped)
	}
	if g.errors > 0 {
		g.Note(survey.NoticeMissing, nil, "%d cells with errors of formulas, such as #N/A, were read as missing", g.errors)
	}
	return g, nil
}

// writeHead finds the row of names among the first rows, the first with at least half as
// many cells as the widest of them, and writes it and those after it.
func (g *grid) writeHead(head []line) {
	widest, columns := 0, 0
	for _, l := range head {
		widest, columns = max(widest, filled(l.cells)), max(columns, len(trimmed(l.cells)))
	}
	rows := make([][]string, len(head))
	for i, l := range head {
		rows[i] = l.cells
	}
	for i, l := range head {
		switch n := filled(l.cells); {
		case g.header >= 0:
			g.write(l.row, l.cells)
		case platform.Recognise(rows[i:]) != nil:
			g.name(l.row, append(l.cells, make([]string, max(0, columns-len(l.cells)))...))
		case 2*n >= widest:
			g.name(l.row, trimmed(l.cells))
		default:
			g.Note(survey.NoticeUnread, nil, "row %d of the sheet, %q, was read as a title", l.row+1, strings.Join(trimmed(l.cells), " "))
		}
	}
}

func (g *grid) name(row int, cells []string) {
	g.header, g.last, g.names, g.record = row, row, cells, make([]string, len(cells))
	g.out.Write(cells)
}

func filled(cells []string) (n int) {
	for _, s := range cells {
		if strings.TrimSpace(s) != "" {
			n++
		}
	}
	return n
}

// trimmed are the cells without empty ones at their end.
func trimmed(cells []string) []string {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// mostFaults is the number of problems that are listed.
const mostFaults = 20

// write adds a row.
func (g *grid) write(row int, cells []string) {
	cells = trimmed(cells)
	if len(cells) == 0 {
		return
	}
	if len(cells) > len(g.names) {
		if len(g.faults) < mostFaults {
			g.faults = append(g.faults, survey.Problem{File: g.path, Value: cells[len(cells)-1],
				Message: fmt.Sprintf("sheet %q, row %d: the cell in column %d has no name above it", g.sheet, row+1, len(cells)),
				Remedy:  "name its column in row " + fmt.Sprint(g.header+1) + ", or empty it"})
		}
		return
	}
	g.skipped += row - g.last - 1
	g.last = row
	clear(g.record)
	for j, s := range cells {
		switch s {
		case "":
		case "#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!":
			g.errors++
		default:
			g.record[j] = s
			g.cells++
		}
	}
	if len(g.record) == 1 && g.record[0] == "" {
		g.record[0] = " " // an empty line is not a row
	}
	g.out.Write(g.record)
}
