package workbook

import (
	"io"

	"github.com/xuri/excelize/v2"
)

// sheet writes one worksheet from the top down. The first error stays and
// makes every later call do nothing; close returns it.
type sheet struct {
	*maker
	name   string
	stream *excelize.StreamWriter
	// row is the last one written, 1-based; height is that of all of them.
	row    int
	height float64
	head   head
	rows   *packed
	err    error
}

// page says how a sheet looks as a whole, before its first row.
type page struct {
	widths []float64
	// closed marks the columns that open and close, as widths by index.
	closed []bool
	// frozenRows and frozenColumns stay in sight.
	frozenRows, frozenColumns int
	// repeat are the rows printed on each page ("$5:$7"), "" for none.
	repeat string
	tab    string
	// bare leaves the sheet as the program shows and prints any.
	bare bool
}

func (m *maker) open(name string, p page) *sheet {
	s := &sheet{maker: m, name: name, head: head{widths: p.widths, closed: p.closed}, rows: m.pack()}
	s.do(func() error { return m.setUp(name, p) })
	s.do(func() (err error) {
		s.stream, err = m.file.NewStreamWriter(name)
		return err
	})
	if p.frozenRows+p.frozenColumns > 0 {
		s.do(func() error { return s.stream.SetPanes(panes(p)) })
	}
	return s
}

func (s *sheet) do(f func() error) {
	if s.err == nil {
		s.err = f()
	}
}

func panes(p page) *excelize.Panes {
	corner := cellName(p.frozenColumns+1, p.frozenRows+1)
	pane := "bottomRight"
	if p.frozenColumns == 0 {
		pane = "bottomLeft"
	}
	return &excelize.Panes{
		Freeze: true, XSplit: p.frozenColumns, YSplit: p.frozenRows, TopLeftCell: corner, ActivePane: pane,
		Selection: []excelize.Selection{{SQRef: corner, ActiveCell: corner, Pane: pane}},
	}
}

// setUp does what must stand before the first row: properties, view and print.
func (m *maker) setUp(name string, p page) error {
	if p.bare {
		return nil
	}
	off, fit, left := false, true, false
	props := &excelize.SheetPropsOptions{FitToPage: &fit, OutlineSummaryRight: &left}
	if p.tab != "" {
		tab := look{fill: p.tab}.themed(m.brand).fill
		props.TabColorRGB = &tab
	}
	if err := m.file.SetSheetProps(name, props); err != nil {
		return err
	}
	if err := m.file.SetSheetView(name, 0, &excelize.ViewOptions{ShowGridLines: &off}); err != nil {
		return err
	}
	return m.printSetUp(name, p.repeat)
}

// put writes the next row; a height of 0 is the default one.
func (s *sheet) put(height float64, cells ...any) {
	s.row++
	s.height += max(height, defaultHeight)
	if s.row > excelize.TotalRows {
		s.do(func() error { return excelize.ErrMaxRows })
	}
	s.do(func() error { return s.rows.add(s.row, height, cells) })
}

// skip leaves n rows empty.
func (s *sheet) skip(n int) {
	s.row += n
	s.height += float64(n) * defaultHeight
}

// cell is a value under a look; a nil value still shows fill and rules.
func (s *sheet) cell(value any, l look) excelize.Cell {
	var id int
	s.do(func() (err error) {
		id, err = s.style(l)
		return err
	})
	return excelize.Cell{StyleID: id, Value: value}
}

// merge joins columns from to to of the last row.
func (s *sheet) merge(from, to int) {
	if to > from {
		s.do(func() error { return s.stream.MergeCell(cellName(from, s.row), cellName(to, s.row)) })
	}
}

// link makes a cell of the last row lead to the top of another sheet.
func (s *sheet) link(column int, target string) {
	s.do(func() error {
		return s.file.SetCellHyperLink(s.name, cellName(column, s.row), reference(target, "A1"), "Location",
			excelize.HyperlinkOpts{Tooltip: &target})
	})
}

// paragraph writes text over the columns 1 to last of one row, high enough for
// all its lines: merged cells do not grow by themselves.
func (s *sheet) paragraph(text string, l look, last int, width float64) {
	l.wrap = true
	cells := make([]any, last)
	for i := range cells {
		cells[i] = s.cell(nil, l)
	}
	cells[0] = s.cell(text, l)
	s.put(rowHeight(lines(text, width*fontSize/l.points()), l.points()), cells...)
	s.merge(1, last)
}

func (s *sheet) close() error {
	s.do(func() error { return s.stream.Flush() })
	s.do(s.rows.deflate.Close)
	s.head.rows = append([]func(io.Writer) error{s.rows.unpack}, s.head.rows...)
	s.heads[sheetPart(len(s.heads))] = s.head
	return s.err
}

// cellName is A1 for column 1 and row 1.
func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return "" // the writer refuses the empty name with the same error
	}
	return name
}
