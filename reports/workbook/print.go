package workbook

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/ooxml"
)

// Lengths in points: a row of no height of its own, a pixel of a screen with
// 96 to the inch, what A4 landscape leaves inside the margins and the footer,
// and a banner with the row under it.
const (
	defaultHeight = 15.0
	pixel         = 0.75
	printWidth    = 770.0
	printHeight   = 470.0
	repeated      = 65.0
)

// legible is the least that a table is scaled to.
const legible = 0.6

func (m *maker) printSetUp(name, repeat string) error {
	a4, landscape, one, many := 9, "landscape", 1, 0
	layout := &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &many}
	if err := m.file.SetPageLayout(name, layout); err != nil {
		return err
	}
	side, edge, foot := 0.5, 0.6, 0.3
	margins := &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &edge, Bottom: &edge, Footer: &foot}
	if err := m.file.SetPageMargins(name, margins); err != nil {
		return err
	}
	if err := m.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: m.footer()}); err != nil {
		return err
	}
	if repeat != "" {
		m.defined = append(m.defined, definedName("_xlnm.Print_Titles", reference(name, "$A:$A")+","+reference(name, repeat)).With("localSheetId", len(m.heads)))
	}
	return nil
}

// footer is the line under a printed page, where & starts a code. The space
// keeps a title that starts with a digit apart from the font size.
func (m *maker) footer() string {
	const room = 100 // of 255 in all
	left := strings.ReplaceAll(shorten(m.book.Title, room), "&", "&&")
	middle := ""
	if m.book.Synthetic {
		middle = "&C&8Synthetic data"
	}
	return `&L&8 ` + left + middle + `&R&8&A, page &P of &N`
}

// pageWidth is the width of the open columns in points: 7 pixels a digit and
// 5 around each cell.
func pageWidth(widths []float64, closed []bool) float64 {
	pixels := 0.0
	for i, width := range widths {
		if !closed[i] {
			pixels += width*7 + 5
		}
	}
	return pixels * pixel
}

// fontRoom is how large in percent a page may be printed that is laid out for
// Arial: a column is as wide as the digits of the book's own font.
func (m *maker) fontRoom() float64 {
	if m.brand.Font == ooxml.FontName {
		return 95 // some systems have a wider font of that name
	}
	return 75
}

// fitToPage prints a table and its charts on one page where that shrinks them
// by no more than a third; otherwise each chart gets a page of its own, under the
// banner that each page repeats. A table too wide to be read on one page goes
// over several, beside the stub that each repeats. Sizes are in points: the
// width of the widest chart, the height of all and of the highest one.
func (s *sheet) fitToPage(l layout, chartWidth, charts, chart float64) {
	const least = 1.5
	width, stub := max(pageWidth(l.widths, l.closed), chartWidth), pageWidth(l.widths[:1], l.closed)
	scale := min(max(printWidth/width, legible), 1)
	across := max(1, int(math.Ceil((width-stub)/(printWidth/scale-stub))))
	layout := &excelize.PageLayoutOptions{FitToWidth: &across}
	if one := 1; (s.height+charts)*scale <= printHeight*least {
		layout.FitToHeight = &one
	} else if chart > 0 {
		scale = min(scale, printHeight/(chart+repeated))
		percent := uint(max(s.fontRoom()*scale, 10)) // the least that Excel takes
		layout.AdjustTo = &percent
		s.head.broken = true
		s.breakPage()
	}
	s.do(func() error { return s.file.SetPageLayout(s.name, layout) })
}

// printAreas keeps what stands under a table of several pages across, from the
// row below on, to the columns of the first: the others would repeat a strip of
// it beside the stub.
func (s *sheet) printAreas(l layout, below int) {
	first := len(l.widths)
	for pageWidth(l.widths[:first], l.closed) > printWidth/legible {
		first--
	}
	if first == len(l.widths) {
		return
	}
	area := func(top, column, bottom int) string {
		name, err := excelize.ColumnNumberToName(column)
		s.do(func() error { return err })
		return reference(s.name, fmt.Sprintf("$A$%d:$%s$%d", top, name, bottom))
	}
	areas := area(1, l.last, below-1) + "," + area(below, first, s.row)
	s.defined = append(s.defined, definedName("_xlnm.Print_Area", areas).With("localSheetId", len(s.heads)))
}

// breakPage begins a page at the last row.
func (s *sheet) breakPage() {
	s.do(func() error { return s.stream.InsertPageBreak(cellName(1, s.row)) })
}
