package workbook

import (
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
func (l layout) pageWidth() float64 {
	pixels := 0.0
	for i, width := range l.widths {
		if !l.closed[i] {
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
// banner that each page repeats. Sizes are in points: the height of all charts
// and of the highest one.
func (s *sheet) fitToPage(width, chartWidth, charts, chart float64) {
	const least = 1.5
	width = max(width, chartWidth)
	scale := min(printWidth/width, 1)
	layout := &excelize.PageLayoutOptions{}
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

// breakPage begins a page at the last row.
func (s *sheet) breakPage() {
	s.do(func() error { return s.stream.InsertPageBreak(cellName(1, s.row)) })
}
