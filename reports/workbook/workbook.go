// Package workbook writes a book of tables as an Excel workbook, in one of two
// layouts. Write makes the tab book: a cover, linked contents, a sheet for each
// table with its native chart, the disclosure that the codes of practice ask
// for, and every figure once more as tidy data for pivoting. WriteAccessible
// makes one to the rules for accessible spreadsheets. Numbers are numbers under
// a number format: shares as 0–1, changes and gaps of shares in percentage points.
// Data has them all as 0–1. Texts are texts whatever they start with, and the
// same book gives the same bytes.
//
// The library (excelize) binds the parts of the file: sheets, styles, links,
// drawings. Rows, columns, charts and Excel tables are written here, past it.
package workbook

import (
	"compress/flate"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/brand"
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// The sheets that stand beside the tables.
const (
	coverSheet      = "Cover"
	contentsSheet   = "Contents"
	disclosureSheet = "Design and disclosure"
	weightingSheet  = "Weighting"
	notesSheet      = "Notes"
	dataSheet       = "Data"
	chartDataSheet  = "Chart data"
)

// maker holds what all sheets of a workbook share.
type maker struct {
	file   *excelize.File
	book   *survey.Book
	styles map[look]int
	// brand is how the workbook looks: the client's way or the house's.
	brand brand.Look
	// grids tell of the weighting, none where the data brought the weights.
	grids []wording.Grid
	// names are the sheet names of the book's tables, in their order.
	names []string
	// heads are what the library leaves out of the sheets written so far.
	heads map[string]head
	// ranges are the names of the tables' ranges, defined all names of cells.
	ranges  []string
	defined []ooxml.Element
	// charts are the tables' charts; undrawn says why one that was
	// asked for is not there. weights is the chart of weights, nil for none. drawn
	// are those placed so far, by part.
	charts  [][]*ooxml.Chart
	undrawn []error
	// shaded marks the tables that are their own chart: those asked for as a table
	// of shaded cells.
	shaded  []bool
	weights *ooxml.Chart
	drawn   map[string]*ooxml.Chart
	// tables are the Excel tables, by part.
	tables map[string]ooxml.Element
	// deflate compresses the rows of the open sheet.
	deflate *flate.Writer
}

func newMaker(b *survey.Book) *maker {
	deflate, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is one of the package's own
	}
	grids := weightingGrids(b)
	reserved := make([]string, len(grids))
	for i, g := range grids {
		reserved[i] = g.Title
	}
	return &maker{
		deflate: deflate, grids: grids, brand: brand.Of(b.Theme),
		file: excelize.NewFile(), book: b, styles: map[look]int{}, heads: map[string]head{}, drawn: map[string]*ooxml.Chart{}, tables: map[string]ooxml.Element{},
		names: sheetNames(b.Tables, reserved...), ranges: rangeNames(b.Tables),
	}
}

// Write writes the book as an .xlsx file. The error of a table too large for a
// sheet (16,384 columns, 1,048,576 rows) names its sheet.
func Write(w io.Writer, b *survey.Book) error {
	m := newMaker(b)
	m.placeCharts()
	steps := []step{{coverSheet, m.cover}, {contentsSheet, m.contents}, {disclosureSheet, m.disclosure}}
	if b.Weighting != nil {
		steps = append(steps, step{weightingSheet, m.weighting})
	}
	for i, t := range b.Tables {
		steps = append(steps, step{m.names[i], func() error { return m.table(i, t) }})
	}
	steps = append(steps, step{dataSheet, m.data})
	if m.hasCharts() {
		steps = append(steps, step{chartDataSheet, m.chartData})
	}
	return m.write(w, steps)
}

// write makes the sheets and writes the file.
func (m *maker) write(w io.Writer, steps []step) (err error) {
	defer func() {
		if closeErr := m.file.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := m.properties(); err != nil {
		return err
	}
	for i, s := range steps {
		if err := m.addSheet(i, s.sheet); err != nil {
			return err
		}
		if err := s.write(); err != nil {
			return fmt.Errorf("workbook, sheet %q: %w", s.sheet, err)
		}
	}
	// The container writes the file by itself, past the library's buffer.
	m.file.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		return &container{w: w, heads: m.heads, defined: m.defined, charts: m.drawn, tables: m.tables}
	})
	return m.file.Write(io.Discard)
}

type step struct {
	sheet string
	write func() error
}

// addSheet makes the i-th sheet; a new file comes with a first one.
func (m *maker) addSheet(i int, name string) error {
	if i == 0 {
		return m.file.SetSheetName(m.file.GetSheetName(0), name)
	}
	_, err := m.file.NewSheet(name)
	return err
}

// fixedDate is the date in the document's properties: a real one would make
// the bytes differ from run to run. The manifest tells when a run was made.
const fixedDate = "2000-01-01T00:00:00Z"

func (m *maker) properties() error {
	if err := m.file.SetDefaultFont(m.brand.Font); err != nil {
		return err
	}
	if err := m.file.SetAppProps(&excelize.AppProperties{Application: "surveykit"}); err != nil {
		return err
	}
	subject := m.book.Subtitle
	if m.book.Synthetic {
		subject = wording.Synthetic
	}
	return m.file.SetDocProps(&excelize.DocProperties{
		Title: m.book.Title, Subject: subject, Description: m.book.Source,
		Category: "Survey tables", Keywords: "survey, tables, confidence intervals", Language: "en-GB",
		Creator: "surveykit", LastModifiedBy: "surveykit", Created: fixedDate, Modified: fixedDate,
	})
}
