package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// sortedPackage is the zip file behind a workbook. It holds the parts back
// until the end, mends what the library leaves out, and writes them in a fixed
// order with a fixed time, so that the same parts give the same bytes.
type sortedPackage struct {
	w     io.Writer
	names []string
	parts map[string]*bytes.Buffer
}

func newPackage(w io.Writer) excelize.ZipWriter {
	return &sortedPackage{w: w, parts: map[string]*bytes.Buffer{}}
}

// Create starts a part.
func (p *sortedPackage) Create(name string) (io.Writer, error) {
	if _, twice := p.parts[name]; !twice {
		p.names = append(p.names, name)
	}
	p.parts[name] = new(bytes.Buffer)
	return p.parts[name], nil
}

// AddFS is part of the library's interface and never used by it here.
func (p *sortedPackage) AddFS(fs.FS) error { return errors.ErrUnsupported }

// contentTypes is the part whose entries the library writes in no fixed order.
const contentTypes = "[Content_Types].xml"

// zipTime is the oldest time that a zip file can hold.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Close writes the file.
func (p *sortedPackage) Close() error {
	slices.Sort(p.names) // [Content_Types].xml, which has to be first, sorts so
	out := zip.NewWriter(p.w)
	for _, name := range p.names {
		part, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime})
		if err != nil {
			return err
		}
		if _, err := part.Write(mend(name, p.parts[name].Bytes())); err != nil {
			return err
		}
	}
	return out.Close()
}

func mend(name string, part []byte) []byte {
	switch {
	case name == contentTypes:
		return sortTypes(part)
	case strings.HasPrefix(name, "xl/worksheets/sheet"):
		return mendFit(mendColumns(part))
	case strings.HasPrefix(name, "xl/drawings/drawing"):
		return anchor.ReplaceAll(part, []byte(`<xdr:oneCellAnchor>$1<xdr:ext cx="$2" cy="$3"/>$4</xdr:oneCellAnchor>`))
	}
	return part
}

// anchor is a frame that is held by its first cell. The library writes it with
// two cells, the second one the same with the whole size as an offset, which
// Excel cuts at the cell's edge; the form with one cell has a size of its own.
var anchor = regexp.MustCompile(`(?s)<xdr:twoCellAnchor editAs="oneCell">(<xdr:from>.*?</xdr:from>)` +
	`<xdr:to>.*?<xdr:colOff>(\d+)</xdr:colOff>.*?<xdr:rowOff>(\d+)</xdr:rowOff></xdr:to>(.*?)</xdr:twoCellAnchor>`)

var typeEntry = regexp.MustCompile(`<(?:Default|Override) [^>]*?(?:/>|></(?:Default|Override)>)`)

// sortTypes puts the entries of [Content_Types].xml in order.
func sortTypes(part []byte) []byte {
	entries := typeEntry.FindAll(part, -1)
	if len(entries) == 0 {
		return part
	}
	start := bytes.Index(part, entries[0])
	last := entries[len(entries)-1]
	end := bytes.LastIndex(part, last) + len(last)
	slices.SortFunc(entries, bytes.Compare)
	return slices.Concat(part[:start], bytes.Join(entries, nil), part[end:])
}

// mendFit lets a sheet with page breaks of its own be scaled, not fitted to the
// page: Excel passes over the breaks of a fitted one. The library writes this
// part of a sheet before it knows the breaks.
func mendFit(part []byte) []byte {
	if !bytes.Contains(part, []byte("<rowBreaks ")) {
		return part
	}
	return bytes.Replace(part, []byte(` fitToPage="true"`), nil, 1)
}

var (
	columnEntry = regexp.MustCompile(`<col min="(\d+)" [^>]*/>`)
	formatEntry = []byte("<sheetFormatPr ")
)

// mendColumns puts the columns of a sheet in ascending order, without which
// Excel calls the file damaged, and says which of them are closed: the sheet
// needs room for the buttons (outlineLevelCol), and the column before each
// closed run is marked as the one that opens it (collapsed).
func mendColumns(part []byte) []byte {
	start, end := bytes.Index(part, []byte("<cols>")), bytes.Index(part, []byte("</cols>"))
	if start < 0 || end < start {
		return part
	}
	start += len("<cols>")
	entries := columnEntry.FindAll(part[start:end], -1)
	slices.SortFunc(entries, func(a, b []byte) int { return firstColumn(a) - firstColumn(b) })
	head := part[:start]
	for i := range entries {
		if i > 0 && outlined(entries[i]) && !outlined(entries[i-1]) {
			entries[i-1] = slices.Concat(bytes.TrimSuffix(entries[i-1], []byte("/>")), []byte(` collapsed="1"/>`))
			head = bytes.Replace(part[:start], formatEntry, []byte(`<sheetFormatPr outlineLevelCol="1" `), 1)
		}
	}
	return slices.Concat(head, bytes.Join(entries, nil), part[end:])
}

func firstColumn(entry []byte) int {
	n, _ := strconv.Atoi(string(columnEntry.FindSubmatch(entry)[1])) // the pattern takes digits only
	return n
}

func outlined(entry []byte) bool { return bytes.Contains(entry, []byte("outlineLevel=")) }
