package sas

import (
	"encoding/binary"
	"math"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// loadRows reads the rows of all pages into the columns.
func (f *dataFile) loadRows() error {
	const usualRatio = 16
	capacity := min(f.rows, usualRatio*f.size/f.rowBytes)
	for _, c := range f.columns {
		c.start(&f.decode, int(capacity))
	}
	l := &loader{dataFile: f}
	if err := f.eachPage(l.load); err != nil {
		return err
	}
	if n := l.read + l.deleted; n < f.rows {
		return raw.Damaged(f.size, "the file promises %d rows and holds %d", f.rows, n)
	}
	if l.deleted > 0 {
		f.Note(survey.NoticeUnread, nil, "%d rows that are marked as deleted were left out", l.deleted)
	}
	return nil
}

// loader counts the rows on their way into the columns.
type loader struct {
	*dataFile
	read, deleted int64
	buffer        []byte
}

// load reads the rows of one page: packed ones stand in subheaders, plain ones
// behind the pointers.
func (l *loader) load(p *page) error {
	if p.kind == dataPage || p.kind == mixPage {
		return l.loadPlain(p)
	}
	if l.unpack == nil {
		return nil
	}
	return l.eachSubheader(p, func(s subheader) error {
		if s.packed != packed && (s.packed != unpacked || s.kind != 1 || l.known(s)) {
			return nil
		}
		return l.loadPacked(s)
	})
}

func (l *loader) loadPacked(s subheader) error {
	if l.read == l.rows {
		return nil
	}
	row := s.data
	if s.packed == packed {
		var err error
		if l.buffer, err = l.unpack(l.buffer[:0], s.data, int(l.rowBytes)); err != nil {
			return raw.Damaged(s.at, "row %d cannot be unpacked: %v", l.read+1, err)
		}
		row = l.buffer
	}
	if int64(len(row)) != l.rowBytes {
		return raw.Damaged(s.at, "row %d has %d bytes, not %d", l.read+1, len(row), l.rowBytes)
	}
	l.add(row)
	return nil
}

func (l *loader) loadPlain(p *page) error {
	start := int64(p.head)
	if p.kind == mixPage {
		start += int64(p.subheaders * l.pointer())
		start += start % 8
	} else {
		p.subheaders = 0
	}
	n := min(int64(p.blocks-p.subheaders), l.rows-l.read-l.deleted)
	end := start + n*l.rowBytes
	if n > 0 && end > int64(len(p.data)) {
		return raw.Damaged(p.at, "the page holds %d rows of %d bytes, more than fit", n, l.rowBytes)
	}
	gone, err := l.deletedRows(p, end, n)
	if err != nil {
		return err
	}
	for i := range n {
		if gone != nil && gone[i/8]&(0x80>>(i%8)) != 0 {
			l.deleted++
			continue
		}
		l.add(p.data[start+i*l.rowBytes:][:l.rowBytes])
	}
	return nil
}

// deletedRows finds the bits that mark deleted rows: behind the rows and the bytes
// not used, whose number stands at the end of the page's head.
func (l *loader) deletedRows(p *page, end, n int64) ([]byte, error) {
	if !p.deleted || n <= 0 {
		return nil, nil
	}
	at := end + int64(l.order.Uint32(p.data[3*l.word():]))
	if at+(n+7)/8 > int64(len(p.data)) {
		return nil, raw.Damaged(p.at, "the marks of deleted rows lie outside their page")
	}
	return p.data[at:], nil
}

func (l *loader) add(row []byte) {
	for _, c := range l.columns {
		c.read(row, l.number)
	}
	l.read++
}

// number reads a float64 of which only the first bytes are kept; tag is the name
// of a special missing value.
func (h header) number(b []byte) (x float64, tag string) {
	var full [8]byte
	var u uint64
	if h.order == binary.LittleEndian {
		copy(full[8-len(b):], b)
		u = binary.LittleEndian.Uint64(full[:])
	} else {
		copy(full[:], b)
		u = binary.BigEndian.Uint64(full[:])
	}
	x = math.Float64frombits(u)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return math.NaN(), missingName(^byte(u >> 40))
	}
	return x, ""
}

// specialMissing are the missing values other than the plain one.
var specialMissing = func() (names []string) {
	names = append(names, "._")
	for c := 'A'; c <= 'Z'; c++ {
		names = append(names, "."+string(c))
	}
	return names
}()

// missingName reads the byte of a missing number that tells which one it is, by
// its character on Windows and by its number on other machines: "" for the plain
// missing value.
func missingName(b byte) string {
	switch {
	case b == 0 || b == '_':
		return "._"
	case 2 <= b && b <= 27:
		return "." + string(rune('A'+b-2))
	case 'A' <= b && b <= 'Z':
		return "." + string(rune(b))
	}
	return ""
}
