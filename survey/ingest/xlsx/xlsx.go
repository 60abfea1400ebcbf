// Package xlsx reads surveys from the sheets of Excel workbooks (.xlsx, .xlsm).
//
// A sheet is read as delimited text: the same rules give names, kinds and missing
// cells, and recognise exports of survey platforms. Numbers keep every digit of the
// workbook, however few the sheet shows; cells that are shown as dates become ISO
// dates.
package xlsx

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"surveykit/survey"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/ingest/platform"
)

// A workbook may unpack to a hundred times its size, far more than any workbook of
// survey data, and to alwaysAllowed bytes more.
const (
	mostExpansion = 100
	alwaysAllowed = 64 << 20
)

// Read reads the workbook of size bytes in r; path appears in problems only.
// The sheet is given by its name or by its position from 1; "" takes the
// first visible one that is not empty. Its first row with about as many cells
// as the widest of the first rows names the columns; rows above it are
// titles. The error is survey.Problems where the workbook is damaged, protected
// by a password or too large unpacked, where there is no such sheet, or where
// the sheet has no table.
func Read(r io.ReaderAt, size int64, path, sheet string) (table *survey.Table, err error) {
	return ReadAs(r, size, path, sheet, nil)
}

// ReadAs is Read for a caller who knows which columns are text, whatever their
// cells look like: those for whose names text returns true.
func ReadAs(r io.ReaderAt, size int64, path, sheet string, text func(name string) bool) (*survey.Table, error) {
	return readSheet(r, size, path, text, func([]string) string { return sheet })
}

// ReadCodebook reads the sheet of the codebook that Write writes, or, where there is
// none, the sheet that Read reads, with all cells as text.
func ReadCodebook(r io.ReaderAt, size int64, path string) (*survey.Table, error) {
	return readSheet(r, size, path, func(string) bool { return true }, func(sheets []string) string {
		if slices.Contains(sheets, codebookSheet) {
			return codebookSheet
		}
		return ""
	})
}

func readSheet(r io.ReaderAt, size int64, path string, text func(name string) bool, sheetOf func(sheets []string) string) (table *survey.Table, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			table, err = nil, problem(path, fmt.Sprint("the workbook is damaged: ", fault), "open and save it again")
		}
	}()
	limit := mostExpansion*size + alwaysAllowed
	book, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{UnzipSizeLimit: limit})
	if err != nil {
		if errors.Is(err, excelize.ErrWorkbookFileFormat) || errors.Is(err, excelize.ErrWorkbookPassword) {
			return nil, problem(path, "the file is not a workbook, or is protected by a password", "check the file, or save it without a password")
		}
		return nil, problem(path, "the workbook cannot be opened: "+err.Error(), "open and save it again, or save the sheet as CSV")
	}
	defer book.Close()
	b := &workbook{File: book, limit: limit}
	if err := b.prepare(); err != nil {
		return nil, problem(path, "the workbook's settings are damaged: "+err.Error(), "open and save it again")
	}
	g, err := b.choose(path, sheetOf(b.GetSheetList()))
	if err != nil {
		return nil, err
	}
	return g.table(path, text)
}

// workbook is a workbook while it is read.
type workbook struct {
	*excelize.File
	limit int64 // the most bytes that a sheet may be as text
	dated bool  // some cells may look like dates
	mac   bool  // days are counted from 1904
}

func (b *workbook) prepare() (err error) {
	if b.dated, err = markDates(b.File); err != nil {
		return err
	}
	props, err := b.GetWorkbookProps()
	b.mac = props.Date1904 != nil && *props.Date1904
	return err
}

// choose reads the sheet, or the first visible one that is not empty where sheet is "".
func (b *workbook) choose(path, sheet string) (*grid, error) {
	names := b.GetSheetList()
	if sheet != "" {
		name, ok := named(names, sheet)
		if !ok {
			p := survey.UnknownName("sheet", sheet, names)
			if p.Remedy == "" {
				p.Remedy = "the sheets are " + strings.Join(names, ", ")
			}
			p.File = path
			return nil, survey.Problems{p}
		}
		return b.readGrid(path, name)
	}
	for _, name := range names {
		if visible, err := b.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		g, err := b.readGrid(path, name)
		if err != nil {
			return nil, err
		}
		if g.header < 0 {
			continue
		}
		if len(names) > 1 {
			g.Note(survey.NoticeUnread, nil, "the sheet %q was read; the workbook's sheets are %s", name, strings.Join(names, ", "))
		}
		return g, nil
	}
	return nil, problem(path, "no visible sheet of the workbook has a table", "give the sheet's name if it is hidden")
}

// named finds a sheet by its name or by its position from 1.
func named(names []string, sheet string) (string, bool) {
	if slices.Contains(names, sheet) {
		return sheet, true
	}
	if k, err := strconv.Atoi(sheet); err == nil && k >= 1 && k <= len(names) {
		return names[k-1], true
	}
	return "", false
}

// table reads the grid as delimited text.
func (g *grid) table(path string, asText func(name string) bool) (*survey.Table, error) {
	if g.header < 0 {
		return nil, problem(path, fmt.Sprintf("the sheet %q is empty", g.sheet), "give another sheet")
	}
	text := strings.NewReader(g.text.String())
	t, err := delimited.ReadAs(text, text.Size(), path, &survey.DelimitedOptions{Delimiter: ",", Quote: `"`, Encoding: "utf-8"}, asText, nil)
	var found survey.Problems
	if errors.As(err, &found) {
		for i := range found {
			// All faults of a sheet are in its row of names.
			found[i].Line, found[i].Column = 0, 0
			found[i].Message = fmt.Sprintf("sheet %q, row %d: %s", g.sheet, g.header+1, found[i].Message)
		}
	}
	if err != nil {
		return nil, err
	}
	told := *t
	told.Notices = append(g.Notices, t.Notices...)
	return &told, nil
}

func problem(path, message, remedy string) error {
	return survey.Problems{{File: path, Message: message, Remedy: remedy}}
}

// grid is a sheet as delimited text.
type grid struct {
	sheet   string
	header  int // the 0-based row of the names, -1 where the sheet is empty
	names   []string
	text    bytes.Buffer
	out     *csv.Writer
	blank   int // blank rows, which count if more data follow
	skipped int
	errors  int // cells with the error of a formula
	survey.Notices
	faults survey.Problems
}

// headRows is how many rows are examined to find the names.
const headRows = 20

// readGrid reads the rows of a sheet, the first of them to find the names.
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
			return nil, damaged(path, sheet, fmt.Errorf("it has more than %d rows", mostRows+1))
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
	g.out.Flush()
	if g.skipped > 0 {
		g.Note(survey.NoticeUnread, nil, "%d blank rows of the sheet were skipped", g.skipped)
	}
	if g.errors > 0 {
		g.Note(survey.NoticeMissing, nil, "%d cells with errors of formulas, such as #N/A, were read as missing", g.errors)
	}
	return g, g.faults.Err()
}

func damaged(path, sheet string, err error) error {
	return problem(path, fmt.Sprintf("the sheet %q cannot be read: %v", sheet, err), "open and save the workbook again")
}

// writeHead finds the row of names among the first rows, and writes it and those
// after it.
func (g *grid) writeHead(path string, head [][]string) {
	widest := 0
	for _, cells := range head {
		widest = max(widest, filled(cells))
	}
	columns := 0
	for _, cells := range head {
		columns = max(columns, len(trimmed(cells)))
	}
	for row, cells := range head {
		switch n := filled(cells); {
		case g.header >= 0:
			g.write(path, row, cells)
		case platform.IsHeading(cells):
			g.header, g.names = row, append(cells, make([]string, max(0, columns-len(cells)))...)
			g.out.Write(g.names)
		case n > 0 && 2*n >= widest:
			g.header, g.names = row, trimmed(cells)
			g.out.Write(g.names)
		case n > 0:
			g.Note(survey.NoticeUnread, nil, "row %d of the sheet, %q, was read as a title", row+1, strings.Join(trimmed(cells), " "))
		}
	}
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

// write adds a row; after an empty head of the sheet there are no names.
func (g *grid) write(path string, row int, cells []string) {
	cells = trimmed(cells)
	if len(cells) == 0 {
		g.blank++
		return
	}
	if len(cells) > len(g.names) {
		if len(g.faults) < mostFaults {
			g.faults = append(g.faults, survey.Problem{File: path, Value: cells[len(cells)-1],
				Message: fmt.Sprintf("sheet %q, row %d: the cell in column %d has no name above it", g.sheet, row+1, len(cells)),
				Remedy:  "name its column in row " + fmt.Sprint(g.header+1) + ", or empty it"})
		}
		return
	}
	g.skipped, g.blank = g.skipped+g.blank, 0
	record := make([]string, len(g.names))
	for j, s := range cells {
		switch s {
		case "#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!":
			g.errors++
		default:
			record[j] = s
		}
	}
	if len(record) == 1 && record[0] == "" {
		record[0] = " " // an empty line is not a row
	}
	g.out.Write(record)
}

// rows reads a sheet's values and, where dates are possible, at the same time the
// marks of those that look like dates: an iterator shows one or the other.
type rows struct {
	values *excelize.Rows
	marked *excelize.Rows // nil where no cell can look like a date
	mac    bool           // the days are counted from 1904
}

func (b *workbook) openRows(sheet string) (r *rows, err error) {
	r = &rows{mac: b.mac}
	if r.values, err = b.Rows(sheet); err == nil && b.dated {
		r.marked, err = b.Rows(sheet)
	}
	return r, err
}

func (r *rows) close() {
	r.values.Close()
	if r.marked != nil {
		r.marked.Close()
	}
}

func (r *rows) next() bool {
	if r.marked != nil {
		r.marked.Next()
	}
	return r.values.Next()
}

// cells are the row's values in full precision, dates in ISO 8601.
func (r *rows) cells() ([]string, error) {
	cells, err := r.values.Columns(excelize.Options{RawCellValue: true})
	if err != nil || r.marked == nil {
		return cells, err
	}
	shown, err := r.marked.Columns()
	for j := range min(len(shown), len(cells)) {
		if len(shown[j]) == 0 || shown[j][0] != marks[date][0] {
			continue
		}
		if text, ok := iso(cells[j], shown[j], r.mac); ok {
			cells[j] = text
		}
	}
	return cells, err
}
