package workbook

import (
	"math"
	"strconv"
	"strings"

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

// footer is the line under a printed page, where & starts a code. The space
// keeps a title that starts with a digit apart from the font size.
func (m *maker) footer() string {
	const room = 100 // of 255 in all
	left := strings.ReplaceAll(ooxml.Shorten(m.book.Title, room), "&", "&&")
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
	s.Layout.Print.Across = across
	if (s.height+charts)*scale <= printHeight*least {
		s.Layout.Print.Down = 1
	} else if chart > 0 {
		scale = min(scale, printHeight/(chart+repeated))
		s.Layout.Print.Percent = int(max(s.fontRoom()*scale, 10)) // the least that Excel takes
		s.Break()
	}
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
		return "$A$" + strconv.Itoa(top) + ":" + ooxml.FixedCell(column, bottom)
	}
	s.PrintAreas(area(1, l.last, below-1), area(below, first, s.Row))
}
