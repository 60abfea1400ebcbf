package workbook

import (
	"cmp"
	"strings"

	"surveykit/reports/brand"
	"surveykit/reports/figure"
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// sheet writes one worksheet from the top down.
type sheet struct {
	*ooxml.Sheet
	*maker
	// height is the height of all rows so far.
	height float64
}

// open starts a sheet of the tab book: with a footer, fitted to a page's width.
func (m *maker) open(name string, l ooxml.Layout) *sheet {
	const room = 100 // of 255 in all
	left := strings.ReplaceAll(ooxml.Shorten(m.book.Title, room), "&", "&&")
	middle := ""
	if m.book.Synthetic {
		middle = "&C&8Synthetic data"
	}
	l.Gridless, l.Print = true, &ooxml.Print{Footer: `&L&8 ` + left + middle + `&R&8&A, page &P of &N`, Across: 1}
	l.Tab = look{fill: l.Tab}.themed(m.brand).fill
	return m.bare(name, l)
}

// bare starts a sheet that is shown and printed as the program does any.
func (m *maker) bare(name string, l ooxml.Layout) *sheet {
	return &sheet{Sheet: m.file.Sheet(name, l), maker: m}
}

// put writes the next row; a height of 0 is the default one.
func (s *sheet) put(height float64, cells ...ooxml.Cell) {
	s.height += max(height, defaultHeight)
	s.Add(height, cells...)
}

// skip leaves n rows empty.
func (s *sheet) skip(n int) {
	s.Skip(n)
	s.height += float64(n) * defaultHeight
}

// cell is a value under a look; a nil value still shows fill and rules.
func (m *maker) cell(value any, l look) ooxml.Cell {
	id, known := m.styles[l]
	if !known {
		own := l.themed(m.brand)
		s := ooxml.Style{
			Size: own.points(), Bold: own.bold, Italic: own.italic, Underline: own.link, Color: cmp.Or(own.color, ink), Fill: own.fill,
			Format: own.format, Align: own.align, Vertical: "top", Indent: own.indent, Wrap: own.wrap,
		}
		if own.middle {
			s.Vertical = "center"
		}
		if own.indent > 0 && own.align == "" {
			s.Align = "left" // an indent counts for nothing under general alignment
		}
		if own.under {
			s.Bottom = rule
		}
		if own.above {
			s.Top = rule
		}
		if own.edge {
			s.Left = rule
			if own.color == white {
				s.Left = white
			}
		}
		id = m.file.Style(s)
		m.styles[l] = id
	}
	return ooxml.Cell{Value: value, Style: id}
}

// paragraph writes text over the columns 1 to last of one row, high enough for
// all its lines: merged cells do not grow by themselves.
func (s *sheet) paragraph(text string, l look, last int, width float64) {
	l.wrap = true
	cells := make([]ooxml.Cell, last)
	for i := range cells {
		cells[i] = s.cell(nil, l)
	}
	cells[0] = s.cell(text, l)
	s.put(rowHeight(lines(text, width*fontSize/l.points()), l.points()), cells...)
	s.Merge(1, last)
}

// The house's looks.
const (
	fontSize = 10

	navy  = ooxml.Navy
	ink   = ooxml.Ink
	grey  = ooxml.Grey
	rule  = ooxml.Rule
	white = ooxml.White
	pale  = "E8EEF4"
	faint = "F5F7F9"
)

// look describes a cell's style; equal looks share one style of the file.
type look struct {
	size         float64
	bold, italic bool
	color, fill  string
	format       string
	align        string // left where empty
	indent       int
	wrap, middle bool
	under, above bool // a rule below, a rule above
	edge         bool // a rule on the left, where a group begins
	link         bool
}

// The looks that several sheets share.
var (
	plain    = look{}
	bold     = look{bold: true}
	wrapped  = look{wrap: true}
	title    = look{size: 14, bold: true, color: navy}
	headline = look{size: 20, bold: true, color: navy, wrap: true}
	section  = look{size: 12, bold: true, color: navy, under: true}
	linked   = look{color: ooxml.LinkColor, link: true}
	quiet    = look{color: grey, size: 9, wrap: true}
	alarm    = look{bold: true, color: ink, fill: "FDE3D5", middle: true}
	header   = look{bold: true, color: white, fill: navy, wrap: true, middle: true}
)

// edged is the look with a rule on its left, or without.
func (l look) edged(edge bool) look {
	l.edge = edge
	return l
}

// themed is the look with the client's shades in place of the house's.
func (l look) themed(b brand.Look) look {
	for _, c := range []*string{&l.color, &l.fill} {
		switch *c {
		case navy:
			*c = b.Strong
		case pale:
			*c = b.Pale
		}
	}
	return l
}

// The number formats. A mark follows its figure; other figures leave the width of
// one free, so that the digits are in line.
const (
	countFormat = "#,##0"
	pFormat     = `[<0.001]"<0.001";0.000`
	noMark      = "_†"
)

// measured is what a figure of a kind of row is: a change of a share is a gap, in
// percentage points.
func measured(kind survey.RowKind, change bool) survey.RowKind {
	if change && figure.IsShare(kind) {
		return survey.RowGap
	}
	return kind
}

// format is the number format of a figure of a kind of row, with a sign for a
// difference: positive; negative; zero; text. Points have their unit where the
// heading of the changes does not name it. A change of percentages or of a gap
// has one decimal more than they have.
func format(kind survey.RowKind, change bool, heading string, r survey.Rounding, mark string) string {
	of := measured(kind, change)
	if change && of == survey.RowGap {
		more := r.Decimals(kind) + 1
		r.Percent = &more
	}
	f, plus := ooxml.Digits(of, r), ""
	if change || of == survey.RowGap {
		plus = "+"
	}
	if inPoints(kind, change, heading) {
		f += ooxml.Points
	}
	return plus + f + mark + ";-" + f + mark + ";" + f + mark + ";@" + mark
}

// cellValue is what a cell of a kind of figure shows: a number, or the mark in
// its place.
func cellValue(kind survey.RowKind, c survey.Cell) any {
	if m, ok := wording.InPlace(c); ok {
		return m.Sign
	}
	return ooxml.Held(kind, c.Value.Float())
}

// limit is a confidence limit: a number, the mark of one outside the data, or
// nil where the figure has none or is not shown itself.
func limit(kind survey.RowKind, c survey.Cell, x survey.Figure) any {
	_, hidden := wording.InPlace(c)
	switch {
	case hidden:
		return nil
	case x.Exists():
		return ooxml.Held(kind, x.Float())
	case wording.WithoutLimits(kind, c) == wording.Outside:
		return wording.Outside.Sign
	}
	return nil
}

// shown is a further number of a cell, nil where it does not exist or where
// the figure itself is not shown.
func shown(c survey.Cell, x survey.Figure) any {
	if wording.Has(c, survey.FlagSuppressed) || !x.Exists() {
		return nil
	}
	return x.Float()
}
