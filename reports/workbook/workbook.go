// Package workbook writes a book of tables as an Excel workbook, in one of two
// layouts. Write makes the tab book: a cover, linked contents, a sheet for each
// table with its native chart, the disclosure that the codes of practice ask
// for, and every figure once more as tidy data for pivoting. WriteAccessible
// makes one to the rules for accessible spreadsheets. Numbers are numbers under
// a number format: shares as 0–1, changes and gaps of shares in percentage points.
// Data has them all as 0–1. Texts are texts whatever they start with, and the
// same book gives the same bytes.
package workbook

import (
	"io"

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
	file   *ooxml.Workbook
	book   *survey.Book
	styles map[look]int
	// brand is how the workbook looks: the client's way or the house's.
	brand brand.Look
	// grids describe the weighting, none where the data brought the weights.
	grids []wording.Grid
	// names are the sheet names of the book's tables, in their order, and ranges
	// the names of their ranges.
	names, ranges []string
	// charts are the tables' charts; undrawn says why one that was asked for is not
	// there. weights is the chart of weights, nil for none.
	charts  [][]*ooxml.Chart
	undrawn []error
	// shaded marks the tables that are their own chart: those asked for as a table
	// of shaded cells.
	shaded  []bool
	weights *ooxml.Chart
}

func newMaker(b *survey.Book, theme survey.Theme) *maker {
	grids := weightingGrids(b)
	reserved := make([]string, len(grids))
	for i, g := range grids {
		reserved[i] = g.Title
	}
	subject := b.Subtitle
	if b.Synthetic {
		subject = wording.Synthetic
	}
	file := ooxml.NewWorkbook(theme)
	file.Describe(ooxml.Properties{Title: b.Title, Subject: subject, Description: b.Source, Keywords: "survey, tables, confidence intervals"})
	return &maker{
		file: file, book: b, styles: map[look]int{}, brand: brand.Of(theme), grids: grids,
		names: sheetNames(b.Tables, reserved...), ranges: rangeNames(b.Tables),
	}
}

// Write writes the book as an .xlsx file. The error of a table too large for a
// sheet (16,384 columns, 1,048,576 rows) names its sheet.
func Write(w io.Writer, b *survey.Book) error {
	m := newMaker(b, b.Theme)
	m.placeCharts()
	m.cover()
	m.contents()
	m.disclosure()
	if b.Weighting != nil {
		m.weighting()
	}
	for i, t := range b.Tables {
		if err := m.table(i, t); err != nil {
			return err
		}
	}
	if err := m.data(); err != nil {
		return err
	}
	if m.hasCharts() {
		m.chartData()
	}
	return m.file.Save(w)
}
