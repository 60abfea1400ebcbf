package sas

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// magic begins every SAS file; the byte that is left out differs between the
// kinds of file.
const magic = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81"

// header is the layout of the file, from its first bytes.
type header struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	// wide means that lengths and places have eight bytes instead of four.
	wide     bool
	encoding byte
	// pageStart is the place of the first of pages, pageSize the size of each.
	pageStart, pageSize, pages int64
}

// readHeader reads the header of a file of one kind, DATA or CATALOG.
func readHeader(r io.ReaderAt, size int64, kind string) (header, error) {
	const headerSize = 288
	b := make([]byte, min(size, headerSize))
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return header{}, err
	}
	if !bytes.HasPrefix(b, []byte(magic)) {
		return header{}, &raw.Fault{At: 0, Message: "this is not a SAS file: it does not begin as one",
			Remedy: "check that it is a .sas7bdat, .sas7bcat or .xpt file; export files of PROC CPORT again with the XPORT engine"}
	}
	if len(b) < headerSize {
		return header{}, raw.Damaged(int64(len(b)), "the file ends inside the header")
	}
	h := header{r: r, size: size, order: binary.BigEndian, wide: b[32] == '3', encoding: b[70]}
	if b[37] == 1 {
		h.order = binary.LittleEndian
	}
	if got := string(raw.TrimBlanks(b[156:164])); got != kind {
		return header{}, &raw.Fault{At: 156, Message: "the file holds " + got + ", not " + kind, Remedy: "give a data set, .sas7bdat, or a catalog of formats, .sas7bcat"}
	}
	at := 196
	if b[35] == '3' {
		at += 4
	}
	h.pageStart, h.pageSize = int64(h.order.Uint32(b[at:])), int64(h.order.Uint32(b[at+4:]))
	if h.wide {
		h.pages = int64(h.order.Uint64(b[at+8:]))
	} else {
		h.pages = int64(h.order.Uint32(b[at+8:]))
	}
	switch {
	case h.pageSize < 256 || h.pageSize > h.size || h.pageStart < 256 || h.pageStart > h.size:
		return h, raw.Damaged(int64(at), "the header has %d bytes and pages %d, in a file of %d", h.pageStart, h.pageSize, h.size)
	case h.pages < 1 || h.pages > (h.size-h.pageStart)/h.pageSize:
		return h, raw.Damaged(int64(at)+8, "the header promises %d pages of %d bytes, and the file has %d bytes", uint64(h.pages), h.pageSize, h.size)
	}
	return h, nil
}

// word is the size of a length or place.
func (h header) word() int {
	if h.wide {
		return 8
	}
	return 4
}

// uint reads a length or place.
func (h header) uint(b []byte) uint64 {
	if h.wide {
		return h.order.Uint64(b)
	}
	return uint64(h.order.Uint32(b))
}

// page reads a page, counted from 0, into b.
func (h header) page(n int64, b []byte) error {
	return h.readAt(b[:h.pageSize], h.pageStart+n*h.pageSize)
}

// readAt fills b with bytes that the file has.
func (h header) readAt(b []byte, at int64) error {
	if n, err := h.r.ReadAt(b, at); n < len(b) {
		return err
	}
	return nil
}

// page is a stretch of the file with a head, subheaders (pieces of the
// dictionary, or packed rows) and plain rows.
type page struct {
	data []byte
	// at is the page's place in the file, head the size of its head.
	at   int64
	head int
	// kind is the page's type without the flag for deleted rows.
	kind    uint16
	deleted bool
	// blocks counts subheaders and rows together.
	blocks, subheaders int
}

// The types of page that hold rows or parts of the dictionary.
const (
	metaPage  = 0x0000
	dataPage  = 0x0100
	mixPage   = 0x0200
	amendPage = 0x0400
	metaPage2 = 0x4000

	deletedFlag = 0x0080
)

// eachPage calls use with every page that has rows or parts of the dictionary.
func (f *dataFile) eachPage(use func(p *page) error) error {
	buffer := make([]byte, f.pageSize)
	head := 2*f.word() + 8
	if f.wide {
		head += 8
	}
	for n := range f.pages {
		if err := f.page(n, buffer); err != nil {
			return err
		}
		kind := f.order.Uint16(buffer[head:])
		p := &page{data: buffer, at: f.pageStart + n*f.pageSize, head: head + 8, kind: kind &^ deletedFlag, deleted: kind&deletedFlag != 0,
			blocks: int(f.order.Uint16(buffer[head+2:])), subheaders: int(f.order.Uint16(buffer[head+4:]))}
		switch p.kind {
		case metaPage, metaPage2, amendPage, dataPage, mixPage:
			if err := use(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// subheader is a piece of a page; packed is the code of its packing.
type subheader struct {
	data         []byte
	at           int64
	packed, kind byte
}

// The codes of packing: not at all, left out, and packed.
const (
	unpacked  = 0
	truncated = 1
	packed    = 4
)

// eachSubheader calls use with what the pointers after the page's head refer to.
func (f *dataFile) eachSubheader(p *page, use func(s subheader) error) error {
	w := f.word()
	if p.head+p.subheaders*f.pointer() > len(p.data) {
		return raw.Damaged(p.at, "the page has %d subheaders, more than fit on it", p.subheaders)
	}
	for i := range p.subheaders {
		b := p.data[p.head+i*f.pointer():]
		at, n := f.uint(b), f.uint(b[w:])
		s := subheader{at: p.at + int64(at), packed: b[2*w], kind: b[2*w+1]}
		if n == 0 || s.packed == truncated {
			continue
		}
		if at > uint64(len(p.data)) || n > uint64(len(p.data))-at {
			return raw.Damaged(p.at, "subheader %d is outside its page", i+1)
		}
		s.data = p.data[at : at+n]
		if err := use(s); err != nil {
			return err
		}
	}
	return nil
}

// pointer is the size of a pointer to a subheader.
func (f *dataFile) pointer() int { return 3 * f.word() }

// dataFile is a data set while it is read.
type dataFile struct {
	header
	notes
	rowBytes  int64
	rows      int64
	texts     [][]byte
	names     []textRef
	places    []place
	formats   []formatRef
	fileLabel textRef
	unpack    func(dst, src []byte, most int) ([]byte, error)
	columns   []*column
	found     bool
}

// textRef is where a text of the dictionary is: its block and its place in it.
type textRef struct{ block, at, length uint16 }

// place is where a variable's values are in a row.
type place struct {
	at, width uint64
	text      bool
}

// formatRef is a variable's format and label.
type formatRef struct {
	width, decimals uint16
	format, label   textRef
}

// The signatures of subheaders.
const (
	rowSize        = 0xf7f7f7f7
	columnSize     = 0xf6f6f6f6
	columnText     = 0xfffffffd
	columnName     = 0xffffffff
	columnPlace    = 0xfffffffc
	formatAndLabel = 0xfffffbfe
	columnList     = 0xfffffffe
	counts         = 0xfffffc00
)

// signature reads the type of a subheader; in a wide big-endian file it may be the
// second half of the word.
func (f *dataFile) signature(b []byte) uint32 {
	s := f.order.Uint32(b)
	if f.wide && f.order == binary.BigEndian && (s == 0 || s == 0xffffffff) {
		return f.order.Uint32(b[4:])
	}
	return s
}

// known reports whether a subheader is a piece of the dictionary.
func (f *dataFile) known(s subheader) bool {
	if s.packed != unpacked || len(s.data) < 2*f.word() {
		return false
	}
	switch f.signature(s.data) {
	case rowSize, columnSize, columnText, columnName, columnPlace, formatAndLabel, columnList, counts:
		return true
	}
	return false
}

// readDictionary collects the pieces of the dictionary on a page.
func (f *dataFile) readDictionary(p *page) error {
	if p.kind == dataPage {
		return nil
	}
	return f.eachSubheader(p, func(s subheader) error {
		if !f.known(s) {
			return nil
		}
		fields, least := s.data[f.word():], 0
		switch f.signature(s.data) {
		case rowSize:
			if least = 16 * f.word(); len(s.data) >= least {
				w, labelAt := f.word(), 350
				if f.wide {
					labelAt = 678
				}
				f.rowBytes, f.rows, f.found = int64(f.uint(s.data[5*w:])), int64(f.uint(s.data[6*w:])), true
				if len(s.data) >= labelAt+6 {
					f.fileLabel = f.textRef(s.data[labelAt:])
				}
			}
		case columnText:
			f.texts = append(f.texts, bytes.Clone(fields))
		case columnName:
			f.eachEntry(fields, 8, func(b []byte) { f.names = append(f.names, f.textRef(b)) })
		case columnPlace:
			f.eachEntry(fields, f.word()+8, func(b []byte) {
				rest := b[f.word():]
				f.places = append(f.places, place{f.uint(b), uint64(f.order.Uint32(rest)), rest[6] == 2})
			})
		case formatAndLabel:
			if least = 3*f.word() + 34; len(s.data) >= least {
				b := s.data[3*f.word():]
				f.formats = append(f.formats, formatRef{
					width: f.order.Uint16(b), decimals: f.order.Uint16(b[2:]),
					format: f.textRef(b[22:]), label: f.textRef(b[28:]),
				})
			}
		}
		if len(s.data) < least {
			return raw.Damaged(s.at, "a subheader of the dictionary has %d bytes, not %d", len(s.data), least)
		}
		return nil
	})
}

// eachEntry calls use with each entry of a list of entries of n bytes, which has
// eight bytes before the first and a word and four bytes after the last.
func (f *dataFile) eachEntry(fields []byte, n int, use func(b []byte)) {
	for b := fields[min(8, len(fields)):]; len(b) >= n+f.word()+4; b = b[n:] {
		use(b[:n])
	}
}

func (f *dataFile) textRef(b []byte) textRef {
	return textRef{f.order.Uint16(b), f.order.Uint16(b[2:]), f.order.Uint16(b[4:])}
}

// text looks a text up; one that is not there is empty.
func (f *dataFile) text(r textRef) string {
	if int(r.block) >= len(f.texts) || int(r.at)+int(r.length) > len(f.texts[r.block]) {
		return ""
	}
	return f.decode.Text(raw.TrimBlanks(f.texts[r.block][r.at : r.at+r.length]))
}

// maxExpansion is the greatest allowed ratio of the unpacked rows to the file: a row
// of blanks packs to a few bytes, but no real survey packs this tightly.
const maxExpansion = 1000

// resolve makes variables of the pieces of the dictionary.
func (f *dataFile) resolve() error {
	switch {
	case !f.found:
		return raw.Damaged(f.pageStart, "the file does not say how many rows it has")
	case len(f.places) == 0:
		return raw.Damaged(f.pageStart, "the file has no variables")
	case len(f.names) != len(f.places):
		return raw.Damaged(f.pageStart, "the file has names of %d variables and places of %d", len(f.names), len(f.places))
	}
	if len(f.texts) > 0 {
		// The first texts begin with the name of the way that rows are packed.
		const reach = 64
		start := f.texts[0][:min(reach, len(f.texts[0]))]
		switch {
		case bytes.Contains(start, []byte("SASYZCRL")):
			f.unpack = unpackRuns
		case bytes.Contains(start, []byte("SASYZCR2")):
			f.unpack = unpackPatterns
		}
	}
	names, used := raw.Names{}, uint64(0)
	for i, p := range f.places {
		name := f.text(f.names[i])
		if p.at > uint64(f.rowBytes) || p.width > uint64(f.rowBytes)-p.at || p.width == 0 || !p.text && p.width > 8 {
			return raw.Damaged(f.pageStart, "variable %q has %d bytes from byte %d of a row of %d", name, p.width, p.at, f.rowBytes)
		}
		c := &column{Variable: &survey.Variable{Name: names.Free(name, i+1, &f.Notices)}, offset: int(p.at), width: int(p.width)}
		if i < len(f.formats) {
			format := f.formats[i]
			name := f.text(format.format)
			c.Label, c.Format, c.Kind = f.text(format.label), formatText(name, int(format.width), int(format.decimals)), kindOf(name)
		}
		if p.text {
			c.Kind = survey.Text
		}
		f.columns = append(f.columns, c)
		used += p.width
	}
	if used > uint64(f.rowBytes) {
		return raw.Damaged(f.pageStart, "the variables take %d bytes of a row of %d", used, f.rowBytes)
	}
	if label := f.text(f.fileLabel); label != "" {
		f.Note(survey.NoticeRemark, nil, "file label: %s", label)
	}
	// Memory is reserved for rows that the file can hold.
	most := f.size
	if f.unpack != nil {
		most *= maxExpansion
	}
	if f.rows < 0 || f.rowBytes < 1 || f.rows > most/f.rowBytes {
		return raw.Damaged(f.pageStart, "the file promises %d rows of %d bytes, and has %d bytes", uint64(f.rows), f.rowBytes, f.size)
	}
	return nil
}

// formatText is a format's name with its width and decimals.
func formatText(name string, width, decimals int) string {
	if width > 0 {
		name += fmt.Sprint(width)
	}
	if decimals > 0 {
		name += fmt.Sprintf(".%d", decimals)
	}
	return name
}
