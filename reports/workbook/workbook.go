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
	"fmt"
	"io"
	"strings"
	"unicode"

	"surveykit/reports/brand"
	"surveykit/reports/ooxml"
	"surveykit/reports/tidy"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// The sheets other than the tables'.
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
	var grids []wording.Grid
	if b.Weighting != nil {
		grids = wording.Weighting(b.Weighting)
	}
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

// maxSheetName is Excel's limit, in UTF-16 units.
const maxSheetName = 31

// sheetNames gives each table a sheet name that Excel accepts, made from its
// id: no : \ / ? * [ ], no apostrophe, at most 31 units, unlike any other sheet's
// name without regard to case, none of the reserved ones and not "History",
// which Excel keeps for itself.
func sheetNames(tables []*survey.Tabulation, reserved ...string) []string {
	taken := map[string]bool{"history": true}
	for _, s := range append(reserved, coverSheet, contentsSheet, disclosureSheet, weightingSheet, notesSheet, dataSheet, chartDataSheet) {
		taken[strings.ToLower(s)] = true
	}
	names := make([]string, len(tables))
	for i, t := range tables {
		base := strings.TrimSpace(strings.Map(func(r rune) rune {
			if r < ' ' || strings.ContainsRune(`:\/?*[]'`, r) {
				return '_'
			}
			return r
		}, t.ID))
		if base == "" {
			base = fmt.Sprintf("Table %d", i+1)
		}
		name := ooxml.Shorten(base, maxSheetName)
		for k := 2; taken[strings.ToLower(name)]; k++ {
			suffix := fmt.Sprintf(" (%d)", k)
			name = ooxml.Shorten(base, maxSheetName-len(suffix)) + suffix
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// rangeNames gives each table a name for its ranges, made from its id: letters,
// digits and _, unlike any other's without regard to case.
func rangeNames(tables []*survey.Tabulation) []string {
	taken := map[string]bool{}
	names := make([]string, len(tables))
	for i, t := range tables {
		base := rangeName(t.ID)
		names[i] = base
		for k := 2; taken[strings.ToLower(names[i])]; k++ {
			names[i] = fmt.Sprintf("%s_%d", base, k)
		}
		taken[strings.ToLower(names[i])] = true
	}
	return names
}

// rangeName makes a name of letters, digits and _.
func rangeName(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, ooxml.Shorten(text, maxRangeName))
}

// maxRangeName leaves room for a prefix and a number in the 255 units of a name.
const maxRangeName = 200

// data writes every record as an Excel table named Results, ready for a pivot.
func (m *maker) data() error {
	widths := make([]float64, len(tidy.Fields))
	head, names := make([]ooxml.Cell, len(tidy.Fields)), make([]string, len(tidy.Fields))
	for i, f := range tidy.Fields {
		widths[i] = 12
		if f.Figure == nil {
			widths[i] = 18
		}
		names[i] = f.Name
	}
	n := 0
	for _, t := range m.book.Tables {
		n += len(t.Rows) * len(t.Columns)
	}
	if n >= ooxml.MaxRows {
		return fmt.Errorf("workbook, sheet %q: the book has %d figures and a sheet has room for %d; divide the tables between two studies", dataSheet, n, ooxml.MaxRows-1)
	}
	s := m.open(dataSheet, ooxml.Layout{Widths: widths, FrozenRows: 1, Tab: "28A197"})
	s.PrintTitles(1, 1)
	for i, name := range names {
		head[i] = s.cell(name, header)
	}
	s.put(0, head...)
	if n > 0 {
		s.Table(ooxml.Table{Name: "Results", Style: "TableStyleLight1", Header: names, First: 1, Last: n + 1, Filter: true, Bands: true})
	}
	s.Stream()
	for _, t := range m.book.Tables {
		for _, r := range tidy.Records(&survey.Book{Tables: []*survey.Tabulation{t}}) {
			row := make([]ooxml.Cell, len(tidy.Fields))
			for i, f := range tidy.Fields {
				if f.Figure != nil {
					row[i].Value = existing(f.Figure(r))
				} else {
					row[i].Value = f.Text(r)
				}
			}
			s.Add(0, row...)
		}
	}
	s.Close()
	return nil
}
