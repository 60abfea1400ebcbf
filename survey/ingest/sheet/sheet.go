// Package sheet finds the table in the sheets of a workbook, whatever its format.
//
// A sheet is read as delimited text: the same rules give names, kinds and missing
// cells, and recognise exports of survey platforms.
package sheet

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/delimited"
)

// The most rows and columns that the sheet of a workbook can have.
const (
	MostRows    = 1 << 20
	MostColumns = 1 << 14
)

// CodebookName is the sheet in which a workbook has the codebook of its data.
const CodebookName = "codebook"

// Book is a workbook that is open.
type Book struct {
	// Path appears in problems only.
	Path   string
	Sheets []Sheet
	// Limit is the most bytes that a sheet may be as text.
	Limit int64
	// Options are those of delimited text that hold for cells: rows of labels, the order of
	// dates and what means no value; nil overrides nothing.
	Options *survey.DelimitedOptions
}

// Sheet is one sheet of a workbook.
type Sheet struct {
	Name   string
	Hidden bool
	// Rows calls each for the rows with cells, from 0 and in their order, and ends with its
	// first error, or where the sheet is damaged. A cell is its text: numbers have all their
	// digits, dates and times are ISO 8601, the error of a formula is as Excel shows it. The
	// cells are only valid during the call.
	Rows func(each func(row int, cells []string) error) error
}

// Damaged is the problem of a workbook that cannot be opened.
func Damaged(path string, err error) error {
	return problem(path, fmt.Sprintf("the workbook cannot be opened: %v", err), "open and save it again, or save the sheet as CSV")
}

func problem(path, message, remedy string) error {
	return survey.Problems{{File: path, Message: message, Remedy: remedy}}
}

// Read reads a sheet, given by its name or by its position from 1; columns for whose names
// text returns true are text, whatever their cells look like. Where name is "", it reads
// the table among the visible sheets: the first that has at least half as many cells as the
// largest, so that neither a cover nor a codebook is taken for the data. The error is
// survey.Problems where a sheet is damaged, where there is no such sheet, or where the sheet
// has no table.
func (b *Book) Read(name string, text func(name string) bool) (*survey.Table, error) {
	if name != "" {
		s, err := b.named(name)
		if err != nil {
			return nil, err
		}
		g, err := b.grid(s)
		if err != nil {
			return nil, err
		}
		return b.table(g, text)
	}
	g, err := b.choose()
	if err != nil {
		return nil, err
	}
	return b.table(g, text)
}

// ReadCodebook reads the sheet of that name, or, where there is none, the sheet that Read
// reads, with all cells as text.
func (b *Book) ReadCodebook() (*survey.Table, error) {
	name := ""
	if slices.ContainsFunc(b.Sheets, func(s Sheet) bool { return s.Name == CodebookName }) {
		name = CodebookName
	}
	return b.Read(name, func(string) bool { return true })
}

func (b *Book) names() []string {
	names := make([]string, len(b.Sheets))
	for i, s := range b.Sheets {
		names[i] = s.Name
	}
	return names
}

func (b *Book) named(name string) (Sheet, error) {
	for _, s := range b.Sheets {
		if s.Name == name {
			return s, nil
		}
	}
	if k, err := strconv.Atoi(name); err == nil && k >= 1 && k <= len(b.Sheets) {
		return b.Sheets[k-1], nil
	}
	p := survey.UnknownName("sheet", name, b.names())
	if p.Remedy == "" {
		p.Remedy = "the sheets are " + strings.Join(b.names(), ", ")
	}
	p.File = b.Path
	return Sheet{}, survey.Problems{p}
}

// choose finds the sheet with the table. Of the sheets that were read, only those that may
// still be it are held.
func (b *Book) choose() (*grid, error) {
	var held []*grid
	largest := 0
	for _, s := range b.Sheets {
		if s.Hidden {
			continue
		}
		g, err := b.grid(s)
		if err != nil {
			return nil, err
		}
		if g.header < 0 || slices.Equal(g.names, codebook.Columns) {
			continue
		}
		largest = max(largest, g.cells)
		held = slices.DeleteFunc(append(held, g), func(g *grid) bool { return 2*g.cells < largest })
	}
	if len(held) == 0 {
		return nil, problem(b.Path, "no visible sheet of the workbook has a table", "give the sheet's name if it is hidden")
	}
	g := held[0]
	if len(b.Sheets) > 1 {
		g.Note(survey.NoticeUnread, nil, "the sheet %q was read; the workbook's sheets are %s", g.sheet, strings.Join(b.names(), ", "))
	}
	return g, nil
}

// table reads a grid as delimited text.
func (b *Book) table(g *grid, asText func(name string) bool) (*survey.Table, error) {
	if g.header < 0 {
		return nil, problem(b.Path, fmt.Sprintf("the sheet %q is empty", g.sheet), "give another sheet")
	}
	if err := g.faults.Err(); err != nil {
		return nil, err
	}
	text := strings.NewReader(g.text.String())
	o := survey.DelimitedOptions{Delimiter: ",", Quote: `"`, Encoding: "utf-8"}
	if b.Options != nil {
		o.HeaderRows, o.DateOrder, o.Missing = b.Options.HeaderRows, b.Options.DateOrder, b.Options.Missing
	}
	t, err := delimited.ReadAs(text, text.Size(), b.Path, &o, asText, nil)
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
