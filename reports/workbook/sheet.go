package workbook

import "surveykit/reports/ooxml"

// sheet writes one worksheet from the top down.
type sheet struct {
	*ooxml.Sheet
	*maker
	// height is that of all rows so far.
	height float64
}

// open starts a sheet of the tab book: with a footer, fitted to a page's width.
func (m *maker) open(name string, l ooxml.Layout) *sheet {
	l.Gridless, l.Print = true, &ooxml.Print{Footer: m.footer(), Across: 1}
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
		id = m.file.Style(l.themed(m.brand).style())
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
