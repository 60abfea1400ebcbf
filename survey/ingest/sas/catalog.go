package sas

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Catalog has the value labels of the formats in a SAS catalog.
type Catalog struct {
	// Notices say what could not be kept.
	Notices survey.Notices
	formats map[string][]label
}

// label is the label of one value; missing names a special missing value instead.
type label struct {
	value   survey.Value
	missing string
	text    string
}

// ReadCatalog reads the format catalog (.sas7bcat) of size bytes in r. Labels of
// ranges of values have no place in a survey.Table: notices list them. A file that
// is damaged or of another kind gives survey.Problems.
func ReadCatalog(r io.ReaderAt, size int64, path string) (*Catalog, error) {
	h, err := readHeader(r, size, "CATALOG")
	if err != nil {
		return nil, raw.Problems(path, err)
	}
	f := &catalogFile{header: h, formats: map[string][]label{}}
	f.decode = guessing()
	if err := f.readEntries(); err != nil {
		return nil, raw.Problems(path, err)
	}
	raw.NoteText(&f.Notices, &f.decode)
	return &Catalog{Notices: f.Notices, formats: f.formats}, nil
}

// Label gives the variables of t the labels of their formats. Labels of special
// missing values become notices. The receiver and t are unchanged.
func (c *Catalog) Label(t *survey.Table) *survey.Table {
	var labelled []*survey.Variable
	notices := slices.Concat(t.Notices, c.Notices)
	for _, v := range t.Variables {
		labels := c.formats[formatName(v.Format)]
		if len(labels) == 0 {
			continue
		}
		with := *v
		with.Codes = nil
		for _, l := range labels {
			switch {
			case l.missing != "":
				notices.Note(survey.NoticeLabels, []string{v.Name}, "%s: the label of the missing value %s is %q", v.Name, l.missing, l.text)
			case l.value.IsText == v.IsText():
				value := l.value
				if !value.IsText {
					value.Number = fromFile(v.Kind, value.Number)
				}
				with.Codes = append(with.Codes, survey.Code{Value: value, Label: l.text})
			}
		}
		labelled = append(labelled, &with)
	}
	out := t.With(labelled...)
	out.Notices = notices
	return out
}

// formatName is a format's name without width and decimals.
func formatName(format string) string {
	return strings.ToUpper(strings.TrimRight(format, "0123456789."))
}

// catalogFile is a catalog while it is read.
type catalogFile struct {
	header
	notes
	formats map[string][]label
}

// entryMark begins each entry of the directory.
const entryMark = "XLSR"

// readEntries looks through all pages for entries of formats: the page and the
// place of the format, and further on the letter O.
func (f *catalogFile) readEntries() error {
	pageAt, placeAt, letterAt, entrySize := 4, 8, 54, 216
	if f.wide {
		pageAt, placeAt, letterAt, entrySize = 8, 16, 78, 288
	}
	page, seen := make([]byte, f.pageSize), map[int64]bool{}
	for n := range f.pages {
		if err := f.page(n, page); err != nil {
			return err
		}
		for b := page; ; b = b[len(entryMark):] {
			i := bytes.Index(b, []byte(entryMark))
			if i < 0 {
				break
			}
			if b = b[i:]; len(b) < entrySize || b[letterAt] != 'O' {
				continue
			}
			at, ok := f.place(f.uint(b[pageAt:]), f.order.Uint16(b[placeAt:]))
			if !ok || seen[at] {
				continue
			}
			seen[at] = true
			if err := f.readFormat(at); err != nil {
				return err
			}
		}
	}
	return nil
}

// place is a place in the file, given by a page counted from 1 and a place on it.
func (f *catalogFile) place(page uint64, at uint16) (int64, bool) {
	if page < 1 || page > uint64(f.pages) || int64(at)+f.blockHead() > f.pageSize {
		return 0, false
	}
	return f.pageStart + int64(page-1)*f.pageSize + int64(at), true
}

// blockHead is the size of the head of a block: page and place of the next block,
// the length of the block, and its own page and place.
func (f *catalogFile) blockHead() int64 { return int64(4 * f.word()) }

// readBlocks joins the blocks of a chain.
func (f *catalogFile) readBlocks(at int64) ([]byte, error) {
	var all []byte
	w := f.word()
	head := make([]byte, f.blockHead())
	for ok := true; ok; {
		if err := f.readAt(head, at); err != nil {
			return nil, err
		}
		n := int(f.order.Uint16(head[w+2:]))
		if int64(len(all)+n) > f.size || at+f.blockHead()+int64(n) > f.size || n == 0 {
			return nil, raw.Damaged(at, "a block of a format has %d bytes, which lead in a circle or out of the file", n)
		}
		start := len(all)
		all = append(all, make([]byte, n)...)
		if err := f.readAt(all[start:], at+f.blockHead()); err != nil {
			return nil, err
		}
		at, ok = f.place(f.uint(head), f.order.Uint16(head[w:]))
	}
	return all, nil
}

// The types of record in a format.
const (
	nameRecord  = 3
	valueRecord = 4
	labelRecord = 5
)

// readFormat reads a format: its name, its values, and the labels, to which the
// values refer by number.
func (f *catalogFile) readFormat(at int64) error {
	b, err := f.readBlocks(at)
	if err != nil {
		return err
	}
	var name string
	var values, texts [][]byte
	for len(b) >= 6 {
		kind, n := f.order.Uint16(b), int(f.order.Uint16(b[2:]))
		if n > len(b)-6 {
			return raw.Damaged(at, "a record of the format %q has %d bytes, more than are left", name, n)
		}
		content := b[6 : 6+n]
		switch kind {
		case nameRecord:
			name = f.name(content)
		case valueRecord:
			values = append(values, content)
		case labelRecord:
			texts = append(texts, content)
		}
		b = b[6+n:]
	}
	if name != "" && name[0] != '@' { // informats read, they have no labels
		f.addFormat(name, values, texts)
	}
	return nil
}

// name reads a format's name, of eight characters or, after the fixed part of
// the record, of up to 32.
func (f *catalogFile) name(b []byte) string {
	const fixed, reach = 88, 24
	if len(b) < 10 {
		return ""
	}
	if end := fixed + 8*f.word(); len(b) > end {
		if long := raw.TrimBlanks(bytes.TrimLeft(b[end-reach:], "\x00 ")); len(long) > 8 && bytes.IndexByte(long, 0) < 0 {
			return f.decode.Text(long)
		}
	}
	return f.decode.Text(raw.TrimBlanks(b[2:10]))
}

// addFormat joins values and labels in the order of the labels.
func (f *catalogFile) addFormat(name string, values, texts [][]byte) {
	ranges := 0
	labels := make([]label, len(texts))
	for _, b := range values {
		const indexAt, valueAt = 8, 16
		if len(b) < valueAt+16 {
			continue
		}
		i := int(f.order.Uint32(b[indexAt:]))
		if i < 0 || i >= len(texts) {
			continue
		}
		if name[0] == '$' {
			labels[i].value = survey.TextValue(f.decode.Text(raw.TrimBlanks(raw.UpToZero(b[valueAt:]))))
		} else if low, high := ordered(b[valueAt:]), ordered(b[valueAt+8:]); low == high {
			if x := math.Float64frombits(low); !math.IsNaN(x) {
				labels[i].value = survey.NumberValue(x)
			} else {
				labels[i].missing = cmp.Or(missingName(^byte(low>>40)), ".")
			}
		} else {
			ranges++
			continue
		}
		const textAt = 4
		if text := texts[i]; len(text) >= textAt {
			n := min(int(f.order.Uint16(text[2:])), len(text)-textAt)
			labels[i].text = f.decode.Text(raw.TrimBlanks(text[textAt : textAt+n]))
		}
	}
	if ranges > 0 {
		f.Note(survey.NoticeLabels, nil, "format %s labels %d ranges of values: those labels were left out", name, ranges)
	}
	for _, l := range labels {
		if l.text != "" {
			f.formats[formatName(name)] = append(f.formats[formatName(name)], l)
		}
	}
}

// ordered reads the bits of a float64 that was written so that its bytes are in
// the order of the numbers: with the sign bit inverted in positive numbers and all
// bits inverted in negative ones.
func ordered(b []byte) uint64 {
	const sign = 1 << 63
	u := binary.BigEndian.Uint64(b)
	if u&sign != 0 {
		return u &^ sign
	}
	return ^u
}
