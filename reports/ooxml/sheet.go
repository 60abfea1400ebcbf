package ooxml

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// Sheet is a sheet in the making, written from the top down.
type Sheet struct {
	Name string
	// Layout is how the sheet is shown and printed; it may be changed until Close
	// or Stream.
	Layout Layout
	// Row is the last row written, from 1.
	Row int

	book *Workbook
	part string
	out  io.Writer // the part, nil until it is begun
	// rows are those not yet in the part, tail is what comes after them.
	rows, tail                            []byte
	merged, links, shades, breaks, tables []Element
	// drawing is the part that holds the sheet's charts and pictures, "" for none.
	drawing string
	anchors []Element
}

// Layout is how a sheet is shown and printed. The zero value is as programs do.
type Layout struct {
	// Widths are those of the columns, in digits. Closed marks columns that a
	// button at the one before opens and closes.
	Widths []float64
	Closed []bool
	// FrozenRows and FrozenColumns stay in sight.
	FrozenRows, FrozenColumns int
	Tab                       string // the tab's colour, "" for none
	Gridless                  bool
	// Print is how the sheet goes on paper, nil as the program does.
	Print *Print
}

// Print puts a sheet on A4 landscape with narrow margins and a footer.
type Print struct {
	Footer string // with the format's codes
	// Across and Down are the pages that the sheet is shrunk to, 0 for as many as
	// it takes. With a Percent, the sheet is scaled to it and not shrunk, since
	// programs pass over the page breaks of a shrunk one.
	Across, Down, Percent int
}

// Cell is what a cell holds: nil, a string, a float64 or an int, under a
// style. The zero Cell is none.
type Cell struct {
	Value any
	Style int
}

// Sheet starts a sheet after those that there are, once the last one is closed.
func (w *Workbook) Sheet(name string, l Layout) *Sheet {
	part := fmt.Sprintf("xl/worksheets/sheet%d.xml", len(w.sheets)+1)
	id := w.pkg.Relate(workbookPart, "worksheet", part)
	w.sheets = append(w.sheets, El("sheet").With("name", name).With("sheetId", len(w.sheets)+1).With("r:id", id))
	return &Sheet{Name: name, Layout: l, book: w, part: part, rows: w.spare}
}

// Add writes the next row; a height of 0 is the default one. Texts of no
// characters are empty cells, and longer ones than a cell holds are cut.
func (s *Sheet) Add(height float64, cells ...Cell) {
	s.Row++
	if s.Row > MaxRows && s.book.err == nil {
		s.book.err = fmt.Errorf("sheet %q has more than the %d rows that a sheet holds", s.Name, MaxRows)
	}
	b := append(s.rows, `<row r="`...)
	b = strconv.AppendInt(b, int64(s.Row), 10)
	if height > 0 {
		b = append(b, `" ht="`...)
		b = strconv.AppendFloat(b, min(height, MaxHeight), 'f', -1, 64)
		b = append(b, `" customHeight="1`...)
	}
	b = append(b, `">`...)
	for i, c := range cells {
		b = c.append(b, i+1, s.Row)
	}
	s.rows = append(b, `</row>`...)
	const held = 1 << 16
	if s.out != nil && len(s.rows) > held {
		s.flush()
	}
}

// flush puts the held rows into the part.
func (s *Sheet) flush() {
	_, _ = s.out.Write(s.rows) // into a buffer
	s.rows = s.rows[:0]
}

func (c Cell) append(b []byte, column, row int) []byte {
	if c.Value == "" {
		c.Value = nil
	}
	if c.Value == nil && c.Style == 0 {
		return b
	}
	b = append(b, `<c r="`...)
	b = strconv.AppendInt(appendColumn(b, column), int64(row), 10)
	if c.Style > 0 {
		b = append(b, `" s="`...)
		b = strconv.AppendInt(b, int64(c.Style), 10)
	}
	switch x := c.Value.(type) {
	case string:
		b = append(b, `" t="inlineStr"><is><t xml:space="preserve">`...)
		return append(appendText(b, x), `</t></is></c>`...)
	case float64:
		b = append(append(b, `"><v>`...), survey.FormatNumber(x)...)
		return append(b, `</v></c>`...)
	case int:
		b = strconv.AppendInt(append(b, `"><v>`...), int64(x), 10)
		return append(b, `</v></c>`...)
	}
	return append(b, `"/>`...)
}

// coded is what programs read as the code of a character in a cell's text.
var coded = pattern.Lazy(`_x[0-9A-Fa-f]{4}_`)

// appendText appends a text as it is meant, cut to what a cell can hold.
func appendText(b []byte, text string) []byte {
	if len(text) > MaxText {
		text = Shorten(text, MaxText)
	}
	if strings.Contains(text, "_x") {
		text = coded().ReplaceAllString(text, "_x005F$0")
	}
	special := func(r rune) bool { return r < ' ' || strings.ContainsRune(`<>&"'`, r) || r >= 0xFFFE && r <= 0xFFFF }
	if utf8.ValidString(text) && !strings.ContainsFunc(text, special) {
		return append(b, text...)
	}
	var w bytes.Buffer
	_ = xml.EscapeText(&w, []byte(text)) // a buffer takes everything
	return append(b, w.Bytes()...)
}

// Shorten cuts a text to at most n UTF-16 units, never inside a character.
func Shorten(text string, n int) string {
	used := 0
	for at, r := range text {
		if used += utf16.RuneLen(r); used > n {
			return strings.TrimSpace(text[:at])
		}
	}
	return text
}

// Skip leaves n rows empty.
func (s *Sheet) Skip(n int) { s.Row += n }

// Merge joins columns of the last row.
func (s *Sheet) Merge(from, to int) {
	if to > from {
		s.merged = append(s.merged, El("mergeCell").With("ref", CellName(from, s.Row)+":"+CellName(to, s.Row)))
	}
}

// Link makes a cell of the last row lead to the top of another sheet.
func (s *Sheet) Link(column int, sheet string) {
	s.links = append(s.links, El("hyperlink").With("ref", CellName(column, s.Row)).With("location", Reference(sheet, "A1")).With("tooltip", sheet))
}

// Break begins a printed page at the last row.
func (s *Sheet) Break() {
	s.breaks = append(s.breaks, El("brk").With("id", s.Row-1).With("max", MaxColumns-1).With("man", true))
}

// Shade colours cells from white at their smallest number to a colour at their
// largest, by a rule that follows when a number is edited. cells are ranges
// with spaces between.
func (s *Sheet) Shade(cells, deepest string) {
	end := func(of string) Element { return El("cfvo").With("type", of) }
	s.shades = append(s.shades, El("conditionalFormatting",
		El("cfRule", El("colorScale", end("min"), end("max"), color("color", White), color("color", deepest))).
			With("type", "colorScale").With("priority", len(s.shades)+1)).With("sqref", cells))
}

// PrintTitles repeats rows, and column A, on each printed page.
func (s *Sheet) PrintTitles(first, last int) {
	s.local("_xlnm.Print_Titles", Reference(s.Name, "$A:$A")+","+Reference(s.Name, fmt.Sprintf("$%d:$%d", first, last)))
}

// PrintAreas prints only those cells.
func (s *Sheet) PrintAreas(cells ...string) {
	for i := range cells {
		cells[i] = Reference(s.Name, cells[i])
	}
	s.local("_xlnm.Print_Area", strings.Join(cells, ","))
}

// local names cells for this sheet only.
func (s *Sheet) local(name, cells string) {
	s.book.Name(name, cells)
	last := &s.book.names[len(s.book.names)-1]
	*last = last.With("localSheetId", len(s.book.sheets)-1)
}

// Table makes cells a table of the program, from column A and a header's row on.
type Table struct {
	// Name is unique in the workbook: letters, digits and _. Style is a table style
	// of the program, "" for none.
	Name, Style string
	Header      []string // differ without regard to case
	First, Last int      // rows, the header's and the last one
	Filter      bool     // buttons
	Bands       bool
}

// Table adds a table.
func (s *Sheet) Table(t Table) {
	cells := CellName(1, t.First) + ":" + CellName(len(t.Header), t.Last)
	columns := El("tableColumns").With("count", len(t.Header))
	for i, name := range t.Header {
		columns = columns.Add(El("tableColumn").With("id", i+1).With("name", name))
	}
	filter, style := Element{}, El("tableStyleInfo")
	if t.Filter {
		filter = El("autoFilter").With("ref", cells)
	}
	if t.Style != "" {
		style = style.With("name", t.Style)
	}
	part := numbered(&s.book.tables, "xl/tables/table%d.xml")
	s.book.pkg.Put(part, spreadsheetType+"table+xml", El("table", filter, columns, style.With("showRowStripes", t.Bands)).
		With("xmlns", SpreadsheetML).With("id", s.book.tables).With("name", t.Name).With("displayName", t.Name).With("ref", cells).With("totalsRowShown", 0).Part())
	s.tables = append(s.tables, El("tablePart").With("r:id", s.book.pkg.Relate(s.part, "table", part)))
}

// pixels are a length in pixels of 96 to the inch as drawings write it.
func pixels(x float64) int { return int(math.Round(x * 0.75 * EMU)) }

// Chart puts a chart under the last row.
func (s *Sheet) Chart(c *Chart) {
	part := numbered(&s.book.charts, "xl/charts/chart%d.xml")
	id := s.relate("chart", part, chartType, c.Part())
	s.anchor(s.Row, c.Width, c.Height, El("xdr:graphicFrame",
		El("xdr:nvGraphicFramePr", s.described("Chart "+s.Name, c.AltText()), El("xdr:cNvGraphicFramePr")),
		El("xdr:xfrm", El("a:off").With("x", 0).With("y", 0), El("a:ext").With("cx", 0).With("cy", 0)),
		El("a:graphic", El("a:graphicData", El("c:chart").With("xmlns:c", ChartML).With("r:id", id)).With("uri", ChartML))).With("macro", ""))
}

// Picture puts a PNG picture of a size in pixels at the last row.
func (s *Sheet) Picture(picture []byte, name string, width, height float64) {
	id := s.relate("image", numbered(&s.book.pictures, "xl/media/image%d.png"), PNG, picture)
	s.anchor(s.Row-1, width, height, El("xdr:pic",
		El("xdr:nvPicPr", s.described(name, name), El("xdr:cNvPicPr", El("a:picLocks").With("noChangeAspect", 1))),
		El("xdr:blipFill", El("a:blip").With("r:embed", id), El("a:stretch", El("a:fillRect"))),
		El("xdr:spPr", El("a:xfrm", El("a:off").With("x", 0).With("y", 0), El("a:ext").With("cx", pixels(width)).With("cy", pixels(height))),
			El("a:prstGeom", El("a:avLst")).With("prst", "rect"))))
}

// relate adds a part that the sheet's drawing refers to.
func (s *Sheet) relate(kind, part, contentType string, content []byte) (id string) {
	if s.drawing == "" {
		s.drawing = numbered(&s.book.drawings, "xl/drawings/drawing%d.xml")
	}
	s.book.pkg.Put(part, contentType, content)
	return s.book.pkg.Relate(s.drawing, kind, part)
}

// described names the next object of the drawing for screen readers.
func (s *Sheet) described(name, alt string) Element {
	return El("xdr:cNvPr").With("id", len(s.anchors)+2).With("name", name).With("descr", alt)
}

// anchor puts an object of a size in pixels at column A below a row.
func (s *Sheet) anchor(row int, width, height float64, object Element) {
	place := El("xdr:from", Text("xdr:col", "0"), Text("xdr:colOff", "0"), Text("xdr:row", strconv.Itoa(row)), Text("xdr:rowOff", "0"))
	s.anchors = append(s.anchors, El("xdr:oneCellAnchor", place, El("xdr:ext").With("cx", pixels(width)).With("cy", pixels(height)), object, El("xdr:clientData")))
}

// Stream writes what there is of the sheet into the file, so that further rows
// are not held in memory. Only rows can be added to the sheet after it.
func (s *Sheet) Stream() {
	var drawing Element
	if s.drawing != "" {
		s.book.pkg.Put(s.drawing, Office+"drawing+xml", El("xdr:wsDr", s.anchors...).
			With("xmlns:xdr", "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing").With("xmlns:a", DrawingML).With("xmlns:r", RelationML).Part())
		drawing = El("drawing").With("r:id", s.book.pkg.Relate(s.part, "drawing", s.drawing))
	}
	kids := append(s.head(), El("sheetData"), some("mergeCells", s.merged))
	kids = append(append(kids, s.shades...), some("hyperlinks", s.links))
	kids = append(append(kids, s.paper()...), some("rowBreaks", s.breaks).With("count", len(s.breaks)).With("manualBreakCount", len(s.breaks)), drawing, some("tableParts", s.tables))
	sheet := El("worksheet", kids...).With("xmlns", SpreadsheetML).With("xmlns:r", RelationML).Part()
	at := bytes.Index(sheet, []byte("</sheetData>"))
	s.out, s.tail = s.book.pkg.Create(s.part, spreadsheetType+"worksheet+xml"), sheet[at:]
	_, _ = s.out.Write(sheet[:at]) // into a buffer
	s.flush()
}

// Close ends the sheet.
func (s *Sheet) Close() {
	if s.out == nil {
		s.Stream()
	}
	s.rows = append(s.rows, s.tail...)
	s.flush()
	s.book.spare = s.rows
}

// head is what comes before the rows: view and columns.
func (s *Sheet) head() []Element {
	l := s.Layout
	properties := El("sheetPr")
	if l.Tab != "" {
		properties = properties.Add(color("tabColor", l.Tab))
	}
	if p := l.Print; p != nil {
		properties = properties.Add(El("outlinePr").With("summaryRight", false), El("pageSetUpPr").With("fitToPage", p.Percent == 0))
	}
	view := El("sheetView").With("showGridLines", !l.Gridless).With("tabSelected", len(s.book.sheets) == 1).With("workbookViewId", 0)
	if l.FrozenRows+l.FrozenColumns > 0 {
		corner, pane := CellName(l.FrozenColumns+1, l.FrozenRows+1), "bottomRight"
		if l.FrozenColumns == 0 {
			pane = "bottomLeft"
		}
		view = view.Add(El("pane").With("xSplit", l.FrozenColumns).With("ySplit", l.FrozenRows).With("topLeftCell", corner).With("activePane", pane).With("state", "frozen"),
			El("selection").With("pane", pane).With("activeCell", corner).With("sqref", corner))
	}
	format := El("sheetFormatPr").With("defaultRowHeight", 15)
	if slices.Contains(l.Closed, true) {
		format = format.With("outlineLevelCol", 1) // room for the buttons
	}
	closed := func(i int) bool { return i < len(l.Closed) && l.Closed[i] }
	columns := make([]Element, len(l.Widths))
	for i, width := range l.Widths {
		columns[i] = El("col").With("min", i+1).With("max", i+1).With("width", width).With("customWidth", true)
		if closed(i) {
			columns[i] = columns[i].With("hidden", true).With("outlineLevel", 1)
		} else if closed(i + 1) {
			columns[i] = columns[i].With("collapsed", true) // it opens the next ones
		}
	}
	return []Element{properties, El("sheetViews", view), format, some("cols", columns)}
}

// paper is what says how the sheet is printed.
func (s *Sheet) paper() []Element {
	p := s.Layout.Print
	if p == nil {
		return nil
	}
	const a4 = 9
	setup := El("pageSetup").With("paperSize", a4).With("orientation", "landscape").With("fitToWidth", p.Across).With("fitToHeight", p.Down)
	if p.Percent > 0 {
		setup = setup.With("scale", p.Percent)
	}
	return []Element{
		El("pageMargins").With("left", 0.5).With("right", 0.5).With("top", 0.6).With("bottom", 0.6).With("header", 0).With("footer", 0.3),
		setup, El("headerFooter", Text("oddFooter", p.Footer)),
	}
}
