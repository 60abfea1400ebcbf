package xlsx

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/platform"
)

// grid is a sheet on its way to delimited text.
type grid struct {
	sheet   string
	header  int // the 0-based row of the names, -1 where the sheet is empty
	names   []string
	text    bytes.Buffer
	out     *csv.Writer
	blank   int // blank rows that are still to be counted, if more data follow
	skipped int
	errors  int // cells that hold an error of a formula
	survey.Notices
	faults survey.Problems
}

// headRows are looked at to find the row of names.
const headRows = 20

// readGrid walks over the rows of a sheet, first those that settle the header.
func (b *workbook) readGrid(path, sheet string) (*grid, error) {
	rows, err := b.openRows(sheet)
	if err != nil {
		return nil, damaged(path, sheet, err)
	}
	defer rows.close()
	g := &grid{sheet: sheet, header: -1}
	g.out = csv.NewWriter(&g.text)
	var head [][]string
	for row := 0; rows.next(); row++ {
		cells, err := rows.cells()
		switch {
		case err != nil:
			return nil, damaged(path, sheet, err)
		case row > mostRows: // and the names
			return nil, damaged(path, sheet, fmt.Errorf("it claims more than %d rows", mostRows+1))
		case row < headRows:
			head = append(head, cells)
			continue
		case row == headRows:
			g.writeHead(path, head)
			head = nil
		}
		if g.write(path, row, cells); int64(g.text.Len()) > b.limit {
			return nil, problem(path, fmt.Sprintf("the sheet %q unpacks to more than %d bytes", sheet, b.limit), "save the sheet as CSV")
		}
	}
	if err := rows.values.Error(); err != nil {
		return nil, damaged(path, sheet, err)
	}
	g.writeHead(path, head)
	return g, g.finish()
}

func damaged(path, sheet string, err error) error {
	return problem(path, fmt.Sprintf("the sheet %q cannot be read: %v", sheet, err), "open and save the workbook again")
}

// writeHead settles which of the first rows has the names, and writes it and
// those behind it.
func (g *grid) writeHead(path string, head [][]string) {
	widest := 0
	for _, cells := range head {
		widest = max(widest, filled(cells))
	}
	for row, cells := range head {
		switch n := filled(cells); {
		case g.header >= 0:
			g.write(path, row, cells)
		case platform.IsHeading(cells):
			g.header, g.names = row, wide(cells, head)
			g.out.Write(g.names)
		case n > 0 && 2*n >= widest:
			g.header, g.names = row, trimmed(cells)
			g.out.Write(g.names)
		case n > 0:
			g.Note(survey.NoticeUnread, nil, "row %d of the sheet, %q, was read as a title", row+1, strings.Join(trimmed(cells), " "))
		}
	}
}

// wide are the cells with empty ones behind them, as many as the widest row has.
func wide(cells []string, rows [][]string) []string {
	width := 0
	for _, row := range rows {
		width = max(width, len(trimmed(row)))
	}
	return append(cells, make([]string, max(0, width-len(cells)))...)
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

// mostFaults bounds the problems that are listed.
const mostFaults = 20

// write adds a row; one behind the first rows of an empty sheet has no names.
func (g *grid) write(path string, row int, cells []string) {
	cells = trimmed(cells)
	if len(cells) == 0 {
		g.blank++
		return
	}
	if len(cells) > len(g.names) {
		if len(g.faults) < mostFaults {
			g.faults = append(g.faults, survey.Problem{File: path, Value: cells[len(cells)-1],
				Message: fmt.Sprintf("sheet %q, row %d: the cell in column %d stands under no name", g.sheet, row+1, len(cells)),
				Remedy:  "name its column in row " + fmt.Sprint(g.header+1) + ", or empty it"})
		}
		return
	}
	g.skipped, g.blank = g.skipped+g.blank, 0
	record := make([]string, len(g.names))
	for j, s := range cells {
		if isFormulaError(s) {
			g.errors++
			continue
		}
		record[j] = s
	}
	if len(record) == 1 && record[0] == "" {
		record[0] = " " // an empty line would be no row
	}
	g.out.Write(record)
}

// isFormulaError tells whether a cell shows the error of a formula.
func isFormulaError(s string) bool {
	switch s {
	case "#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!":
		return true
	}
	return false
}

func (g *grid) finish() error {
	g.out.Flush()
	if g.skipped > 0 {
		g.Note(survey.NoticeUnread, nil, "%d blank rows of the sheet were skipped", g.skipped)
	}
	if g.errors > 0 {
		g.Note(survey.NoticeMissing, nil, "%d cells with errors of formulas, such as #N/A, were read as missing", g.errors)
	}
	return g.faults.Err()
}
