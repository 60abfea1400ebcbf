package sas

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// dataFile is a data set on its way to becoming a table.
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

// textRef is where a text of the dictionary stands: in which block, and there.
type textRef struct{ block, at, length uint16 }

// place is where a variable's values stand in a row.
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

// signature reads what a subheader is; on a wide big-endian file the telling half
// of the word may come second.
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

// readDictionary keeps what a page has of the dictionary.
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
				f.readSize(s.data)
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
				f.readFormat(s.data[3*f.word():])
			}
		}
		if len(s.data) < least {
			return raw.Damaged(s.at, "a subheader of the dictionary has %d bytes, not %d", len(s.data), least)
		}
		return nil
	})
}

// readSize reads the size of the rows, and the file's label.
func (f *dataFile) readSize(b []byte) {
	w := f.word()
	f.rowBytes, f.rows, f.found = int64(f.uint(b[5*w:])), int64(f.uint(b[6*w:])), true
	labelAt := 350
	if f.wide {
		labelAt = 678
	}
	if len(b) >= labelAt+6 {
		f.fileLabel = f.textRef(b[labelAt:])
	}
}

// eachEntry goes through a list of entries of n bytes; eight bytes are before the
// first one, and a word and four bytes behind the last.
func (f *dataFile) eachEntry(fields []byte, n int, use func(b []byte)) {
	for b := fields[min(8, len(fields)):]; len(b) >= n+f.word()+4; b = b[n:] {
		use(b[:n])
	}
}

func (f *dataFile) readFormat(b []byte) {
	f.formats = append(f.formats, formatRef{
		width: f.order.Uint16(b), decimals: f.order.Uint16(b[2:]),
		format: f.textRef(b[22:]), label: f.textRef(b[28:]),
	})
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

// resolve makes variables of the pieces of the dictionary.
func (f *dataFile) resolve() error {
	switch {
	case !f.found:
		return raw.Damaged(f.pageStart, "the file says nowhere how many rows it has")
	case len(f.places) == 0:
		return raw.Damaged(f.pageStart, "the file has no variables")
	case len(f.names) != len(f.places):
		return raw.Damaged(f.pageStart, "the file has names for %d variables, and places for %d", len(f.names), len(f.places))
	}
	f.findPacking()
	names, used := raw.Names{}, uint64(0)
	for i, p := range f.places {
		name := f.text(f.names[i])
		if p.at > uint64(f.rowBytes) || p.width > uint64(f.rowBytes)-p.at || p.width == 0 || !p.text && p.width > 8 {
			return raw.Damaged(f.pageStart, "variable %q has %d bytes from byte %d of a row of %d", name, p.width, p.at, f.rowBytes)
		}
		c := &column{Variable: &survey.Variable{Name: names.Free(name, i+1, &f.Notices)}, offset: int(p.at), width: int(p.width)}
		f.describe(c, i, p.text)
		f.columns = append(f.columns, c)
		used += p.width
	}
	if used > uint64(f.rowBytes) {
		return raw.Damaged(f.pageStart, "the variables take %d bytes of a row of %d", used, f.rowBytes)
	}
	if label := f.text(f.fileLabel); label != "" {
		f.Note(survey.NoticeRemark, nil, "file label: %s", label)
	}
	return f.checkRows()
}

// describe gives a variable its label, format and kind.
func (f *dataFile) describe(c *column, i int, text bool) {
	var format formatRef
	if i < len(f.formats) {
		format = f.formats[i]
	}
	name := f.text(format.format)
	c.Label, c.Format = f.text(format.label), formatText(name, int(format.width), int(format.decimals))
	c.Kind = kindOf(name)
	if text {
		c.Kind = survey.Text
	}
}

// findPacking looks for the name of the way that rows are packed, which stands at
// the beginning of the first block of texts.
func (f *dataFile) findPacking() {
	const reach = 64
	if len(f.texts) == 0 {
		return
	}
	start := f.texts[0][:min(reach, len(f.texts[0]))]
	switch {
	case bytes.Contains(start, []byte("SASYZCRL")):
		f.unpack = unpackRuns
	case bytes.Contains(start, []byte("SASYZCR2")):
		f.unpack = unpackPatterns
	}
}

// maxExpansion is how many times the file's size its rows may have when unpacked:
// a row of blanks packs to a few bytes, but no real survey packs tighter.
const maxExpansion = 1000

// checkRows refuses a number of rows that the file cannot hold.
func (f *dataFile) checkRows() error {
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
