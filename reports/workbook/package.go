package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"surveykit/reports/ooxml"
)

// container is the zip file behind a workbook: it mends what the library
// leaves out, part by part, on the way into a package of fixed order.
type container struct {
	ooxml.Package
	w io.Writer
	// heads are what the library does not write at the head of a sheet, by part.
	heads map[string]head
	// defined are the names of cells.
	defined []ooxml.Element
	// charts and tables take the place of the library's, by part.
	charts map[string]*ooxml.Chart
	tables map[string]ooxml.Element
}

// head is what stands before the rows of a sheet.
type head struct {
	widths []float64
	closed []bool
	// broken is true of a sheet with page breaks of its own: it is scaled, not
	// fitted to the page, since Excel passes over the breaks of a fitted one.
	broken bool
	// rows write the sheet's rows, of which the library knows nothing.
	rows []func(io.Writer) error
}

// sheetPart names the part of the i-th sheet, from 0.
func sheetPart(i int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1) }

// Create starts a part.
func (c *container) Create(name string) (io.Writer, error) {
	w, err := c.Package.Create(name)
	if err != nil {
		return nil, err
	}
	switch {
	case name == "[Content_Types].xml":
		return &mender{w: w, until: []byte("</Types>"), mend: sortTypes}, nil
	case name == "xl/workbook.xml":
		return &mender{w: w, until: []byte("</workbook>"), mend: c.defineNames}, nil
	case strings.HasPrefix(name, "xl/drawings/drawing"):
		return &mender{w: w, until: []byte("</xdr:wsDr>"), mend: holdByCell}, nil
	}
	if chart, ok := c.charts[name]; ok {
		_, err := w.Write(chart.Part())
		return io.Discard, err
	}
	if t, ok := c.tables[name]; ok {
		_, err := w.Write(t.Part())
		return io.Discard, err
	}
	if h, ok := c.heads[name]; ok {
		return &mender{w: w, until: []byte("</sheetData>"), mend: h.complete, insert: h.rows}, nil
	}
	return w, nil
}

// AddFS is part of the library's interface and never used by it here.
func (c *container) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the file.
func (c *container) Close() error { return c.Save(c.w) }

// mender holds a part back until a mark, mends what stands before the mark,
// inserts more and lets the rest pass.
type mender struct {
	w      io.Writer
	until  []byte
	mend   func([]byte) []byte
	insert []func(io.Writer) error
	held   []byte
	done   bool
}

func (m *mender) Write(p []byte) (int, error) {
	if m.done {
		return m.w.Write(p)
	}
	m.held = append(m.held, p...)
	i := bytes.Index(m.held, m.until)
	if i < 0 {
		return len(p), nil
	}
	rest := m.held[i:]
	if _, err := m.w.Write(m.mend(m.held[:i:i])); err != nil {
		return 0, err
	}
	for _, insert := range m.insert {
		if err := insert(m.w); err != nil {
			return 0, err
		}
	}
	m.done, m.held = true, nil
	_, err := m.w.Write(rest)
	return len(p), err
}

var typeEntry = regexp.MustCompile(`<(?:Default|Override) [^>]*?(?:/>|></(?:Default|Override)>)`)

// sortTypes puts the entries of [Content_Types].xml in order; the library
// writes them in none.
func sortTypes(part []byte) []byte {
	entries := typeEntry.FindAll(part, -1)
	if len(entries) == 0 {
		return part
	}
	start := bytes.Index(part, entries[0])
	slices.SortFunc(entries, bytes.Compare)
	return slices.Concat(part[:start], bytes.Join(entries, nil))
}

// defineNames adds the names of cells behind the list of sheets. The library
// takes them one by one in a time that grows with their square.
func (c *container) defineNames(part []byte) []byte {
	if len(c.defined) == 0 {
		return part
	}
	const sheets = "</sheets>"
	names := ooxml.El("definedNames", c.defined...).Bytes()
	return bytes.Replace(part, []byte(sheets), append([]byte(sheets), names...), 1)
}

// anchor is a frame that is held by its first cell. The library writes it with
// two cells, the second one the same with the whole size as an offset, which
// Excel cuts at the cell's edge; the form with one cell has a size of its own.
var anchor = regexp.MustCompile(`(?s)<xdr:twoCellAnchor editAs="oneCell">(<xdr:from>.*?</xdr:from>)` +
	`<xdr:to>.*?<xdr:colOff>(\d+)</xdr:colOff>.*?<xdr:rowOff>(\d+)</xdr:rowOff></xdr:to>(.*?)</xdr:twoCellAnchor>`)

func holdByCell(part []byte) []byte {
	return anchor.ReplaceAll(part, []byte(`<xdr:oneCellAnchor>$1<xdr:ext cx="$2" cy="$3"/>$4</xdr:oneCellAnchor>`))
}

// complete ends the head of a sheet with its columns. The library takes them
// one by one in a time that grows with their square, and writes them in an order
// that Excel calls damaged. A sheet with closed columns needs room for the
// buttons (outlineLevelCol), and the column before each closed run is marked as
// the one that opens it (collapsed).
func (h head) complete(part []byte) []byte {
	part, _, _ = bytes.Cut(part, []byte("<sheetData>")) // the library's rows are not the sheet's
	if h.broken {
		part = bytes.Replace(part, []byte(` fitToPage="true"`), nil, 1)
	}
	if slices.Contains(h.closed, true) {
		part = bytes.Replace(part, []byte("<sheetFormatPr "), []byte(`<sheetFormatPr outlineLevelCol="1" `), 1)
	}
	b := bytes.NewBuffer(slices.Clone(part))
	b.WriteString("<cols>")
	for i, width := range h.widths {
		fmt.Fprintf(b, `<col min="%d" max="%d" width="%s" customWidth="1"`, i+1, i+1, strconv.FormatFloat(width, 'f', -1, 64))
		switch {
		case h.isClosed(i):
			b.WriteString(` hidden="1" outlineLevel="1"`)
		case h.isClosed(i + 1):
			b.WriteString(` collapsed="1"`)
		}
		b.WriteString("/>")
	}
	b.WriteString("</cols><sheetData>")
	return b.Bytes()
}

func (h head) isClosed(i int) bool { return i < len(h.closed) && h.closed[i] }
