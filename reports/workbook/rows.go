package workbook

import (
	"bytes"
	"compress/flate"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// packed are the rows of a sheet on their way into the file: a book holds
// hundreds of sheets until the last one is made.
type packed struct {
	rowWriter
	deflate *flate.Writer
	held    bytes.Buffer
}

// pack starts the rows of a sheet; only one sheet is open at a time, so that
// all share a compressor.
func (m *maker) pack() *packed {
	p := &packed{deflate: m.deflate}
	p.deflate.Reset(&p.held)
	p.to = p.deflate
	return p
}

// unpack writes the rows and lets go of them.
func (p *packed) unpack(w io.Writer) error {
	_, err := io.Copy(w, flate.NewReader(&p.held))
	p.held = bytes.Buffer{}
	return err
}

// rowWriter writes rows of a sheet.
type rowWriter struct {
	to  io.Writer
	xml []byte // of the last row
}

// add writes a row; a height of 0 is the default one.
func (r *rowWriter) add(row int, height float64, cells []any) error {
	b := append(r.xml[:0], `<row r="`...)
	b = strconv.AppendInt(b, int64(row), 10)
	if height > 0 {
		b = append(b, `" ht="`...)
		b = strconv.AppendFloat(b, height, 'f', -1, 64)
		b = append(b, `" customHeight="1`...)
	}
	b = append(b, `">`...)
	for i, c := range cells {
		b = appendCell(b, ooxml.CellName(i+1, row), c)
	}
	r.xml = append(b, `</row>`...)
	_, err := r.to.Write(r.xml)
	return err
}

// appendCell appends a cell: nil for none, a value, or a value under a style.
func appendCell(b []byte, name string, value any) []byte {
	style := 0
	if c, ok := value.(excelize.Cell); ok {
		value, style = c.Value, c.StyleID
	}
	if value == "" { // a cell with an empty text would not be an empty one
		value = nil
	}
	if value == nil && style == 0 {
		return b
	}
	b = append(append(append(b, `<c r="`...), name...), '"')
	if style > 0 {
		b = strconv.AppendInt(append(b, ` s="`...), int64(style), 10)
		b = append(b, '"')
	}
	switch x := value.(type) {
	case string:
		b = append(b, ` t="inlineStr"><is><t xml:space="preserve">`...)
		return append(appendText(b, x), `</t></is></c>`...)
	case float64:
		return append(append(append(b, `><v>`...), survey.FormatNumber(x)...), `</v></c>`...)
	case int:
		return append(strconv.AppendInt(append(b, `><v>`...), int64(x), 10), `</v></c>`...)
	}
	return append(b, `/>`...)
}

// coded is what programs read as the code of a character in a cell's text.
var coded = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// appendText appends a text as it is meant, cut to what a cell can hold.
func appendText(b []byte, text string) []byte {
	if len(text) > excelize.TotalCellChars {
		text = shorten(text, excelize.TotalCellChars)
	}
	if strings.Contains(text, "_x") {
		text = coded.ReplaceAllString(text, "_x005F$0")
	}
	if utf8.ValidString(text) && !strings.ContainsFunc(text, special) {
		return append(b, text...)
	}
	var w bytes.Buffer
	_ = xml.EscapeText(&w, []byte(text)) // a buffer takes everything
	return append(b, w.Bytes()...)
}

// special reports whether XML cannot hold a character as it stands.
func special(r rune) bool {
	return r < ' ' || strings.ContainsRune(`<>&"'`, r) || r >= 0xFFFE && r <= 0xFFFF
}

// table is an Excel table over cells of a sheet.
type table struct {
	name, style   string
	header        []string
	first, last   int // rows, the header's and the last one
	filter, bands bool
}

// cells is the table's range, from column A on.
func (t table) cells() string {
	return cellName(1, t.first) + ":" + cellName(len(t.header), t.last)
}

// addTable makes cells a table. The library, which wants to see the header,
// binds it to the sheet; the part itself is ours, because the library always
// adds filter buttons.
func (s *sheet) addTable(t table) {
	s.do(func() error {
		if err := s.stream.SetRow(cellName(1, t.first), slices.Repeat([]any{"header"}, len(t.header))); err != nil {
			return err
		}
		return s.stream.AddTable(&excelize.Table{Range: t.cells(), Name: t.name})
	})
	number := len(s.tables) + 1
	s.tables[fmt.Sprintf("xl/tables/table%d.xml", number)] = t.part(number)
}

func (t table) part(number int) ooxml.Element {
	columns := ooxml.El("tableColumns").With("count", len(t.header))
	for i, name := range t.header {
		columns = columns.Add(ooxml.El("tableColumn").With("id", i+1).With("name", name))
	}
	filter := ooxml.Element{}
	if t.filter {
		filter = ooxml.El("autoFilter").With("ref", t.cells())
	}
	style := ooxml.El("tableStyleInfo")
	if t.style != "" {
		style = style.With("name", t.style)
	}
	bands := 0
	if t.bands {
		bands = 1
	}
	return ooxml.El("table", filter, columns, style.With("showRowStripes", bands)).
		With("xmlns", "http://schemas.openxmlformats.org/spreadsheetml/2006/main").
		With("id", number).With("name", t.name).With("displayName", t.name).With("ref", t.cells()).With("totalsRowShown", 0)
}
