// Package xlsx reads surveys from the sheets of Excel workbooks (.xlsx, .xlsm).
//
// A sheet is read as the delimited text that it stands for: the same rules
// settle names, kinds and missing cells, and exports of survey platforms are
// recognised in both. Numbers keep every digit that the workbook holds, however
// few the sheet shows; cells that are shown as dates become ISO dates.
package xlsx

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"surveykit/survey"
	"surveykit/survey/ingest/delimited"
)

// What a workbook may unpack to: a hundred times its size, which no workbook
// of survey data comes near, and always this much.
const (
	mostExpansion = 100
	alwaysAllowed = 64 << 20
)

// Read reads the workbook of size bytes in r; path is only named in problems.
// The sheet is the one named, by its name or by its place from 1; "" takes the
// first visible one that is not empty. Its first row with about as many cells
// as the widest of the first rows names the columns; what stands above is a
// title. The error is survey.Problems where the workbook is damaged, protected
// by a password or too large unpacked, where there is no such sheet, or where
// the sheet holds no table.
func Read(r io.ReaderAt, size int64, path, sheet string) (table *survey.Table, err error) {
	return ReadAs(r, size, path, sheet, nil)
}

// ReadAs is Read for one who knows which columns hold text, whatever their
// cells look like: those for whose names text is true.
func ReadAs(r io.ReaderAt, size int64, path, sheet string, text func(name string) bool) (*survey.Table, error) {
	return readSheet(r, size, path, text, func([]string) string { return sheet })
}

// ReadCodebook reads the sheet that Write writes the codebook into, or where
// there is none the one that Read would, all cells as text.
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
		return nil, cannotOpen(path, err)
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

// workbook is a workbook that is being read.
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

// cannotOpen says why excelize refused a workbook.
func cannotOpen(path string, err error) error {
	if errors.Is(err, excelize.ErrWorkbookFileFormat) || errors.Is(err, excelize.ErrWorkbookPassword) {
		return problem(path, "the workbook is protected by a password, or is none", "save it without a password")
	}
	return problem(path, "the workbook cannot be opened: "+err.Error(), "open and save it again, or save the sheet as CSV")
}

// choose reads the sheet that is meant.
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
	return nil, problem(path, "no visible sheet of the workbook holds a table", "give the sheet's name if it is hidden")
}

// named finds a sheet by its name or by its place from 1.
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
	t, err := delimited.ReadAs(text, text.Size(), path, &survey.DelimitedOptions{Delimiter: ",", Quote: `"`, Encoding: "utf-8"}, asText)
	var found survey.Problems
	if errors.As(err, &found) {
		for i := range found {
			// All faults that a sheet can have are in its row of names.
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
