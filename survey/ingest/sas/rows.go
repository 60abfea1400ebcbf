package sas

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// loadRows reads the rows of all pages into the columns, out of which blocks may take them,
// and counts them.
func (f *dataFile) loadRows(each raw.Blocks) (rows int64, err error) {
	const usualRatio = 16
	capacity := min(f.rows, usualRatio*f.size/f.rowBytes)
	for _, c := range f.columns {
		c.start(&f.decode, each.Room(capacity))
	}
	l := &loader{dataFile: f, each: each}
	if err := f.eachPage(l.load); err != nil {
		return 0, err
	}
	if each.Each != nil {
		if err := hand(f.columns, l.held, each); err != nil {
			return 0, err
		}
	}
	if n := l.read + l.deleted; n < f.rows {
		return 0, raw.Damaged(f.size, "the file promises %d rows and holds %d", f.rows, n)
	}
	if l.deleted > 0 {
		f.Note(survey.NoticeUnread, nil, "%d rows that are marked as deleted were left out", l.deleted)
	}
	return l.read, nil
}

// loader puts rows into the columns and counts them.
type loader struct {
	*dataFile
	each          raw.Blocks
	held          int // rows in the columns
	read, deleted int64
	buffer        []byte
}

// load reads the rows of one page: packed ones are subheaders, plain ones
// follow the pointers.
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
		return l.add(row)
	})
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
		return raw.Damaged(p.at, "the page has %d rows of %d bytes, more than fit on it", n, l.rowBytes)
	}
	// The marks of deleted rows, one bit each, follow the rows and the unused bytes,
	// whose number is at the end of the page's head.
	var gone []byte
	if p.deleted && n > 0 {
		at := end + int64(l.order.Uint32(p.data[3*l.word():]))
		if at+(n+7)/8 > int64(len(p.data)) {
			return raw.Damaged(p.at, "the marks of deleted rows are outside their page")
		}
		gone = p.data[at:]
	}
	for i := range n {
		if gone != nil && gone[i/8]&(0x80>>(i%8)) != 0 {
			l.deleted++
			continue
		}
		if err := l.add(p.data[start+i*l.rowBytes:][:l.rowBytes]); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) add(row []byte) error {
	for _, c := range l.columns {
		c.read(row, l.number)
	}
	l.read++
	if l.held++; l.each.Full(l.held) {
		rows := l.held
		l.held = 0
		return hand(l.columns, rows, l.each)
	}
	return nil
}

// number reads a float64 of which the file has only the first bytes; tag is the
// name of a special missing value.
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

// missingName reads the byte that names a missing value, a character on Windows and
// a number on other machines: "" for the plain missing value.
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

// errPacked is the fault of packed bytes that refer to bytes they do not have.
var errPacked = errors.New("its bytes do not follow the format")

// unpackRuns appends to dst what COMPRESS=CHAR packed: commands, in the high half
// of a byte, to copy bytes or to repeat one. The low half is part of the length. It
// stops at more than most bytes.
func unpackRuns(dst, src []byte, most int) ([]byte, error) {
	for len(src) > 0 {
		command, low := src[0]>>4, int(src[0]&15)
		src = src[1:]
		long := command < 8 && command != 2
		n := low
		if long {
			if len(src) == 0 {
				return nil, errPacked
			}
			n = low<<8 + int(src[0])
			src = src[1:]
		}
		var err error
		if dst, src, err = run(dst, src, command, n); err != nil {
			return nil, err
		}
		if len(dst) > most {
			return nil, errPacked
		}
	}
	return dst, nil
}

// copies and repeats are what a command adds to its number to give the length.
var (
	copies  = map[byte]int{0x0: 64, 0x1: 64 + 4096, 0x2: 96, 0x8: 1, 0x9: 17, 0xa: 33, 0xb: 49}
	repeats = map[byte]int{0x4: 18, 0x5: 17, 0x6: 17, 0x7: 17, 0xc: 3, 0xd: 2, 0xe: 2, 0xf: 2}
	// repeated are the bytes of the commands that repeat a fixed one.
	repeated = map[byte]byte{0x5: '@', 0x6: ' ', 0x7: 0, 0xd: '@', 0xe: ' ', 0xf: 0}
)

// run carries out one command with the number n.
func run(dst, src []byte, command byte, n int) (out, rest []byte, err error) {
	if more, ok := copies[command]; ok {
		if n += more; n > len(src) {
			return nil, nil, errPacked
		}
		return append(dst, src[:n]...), src[n:], nil
	}
	more, ok := repeats[command]
	b, named := repeated[command]
	if !named {
		if !ok || len(src) == 0 {
			return nil, nil, errPacked
		}
		b, src = src[0], src[1:]
	}
	return append(dst, bytes.Repeat([]byte{b}, n+more)...), src, nil
}

// unpackPatterns appends to dst what COMPRESS=BINARY packed by Ross Data
// Compression: each of sixteen bits says whether one of the next sixteen items is a byte
// or a command to repeat a byte or bytes that came before.
func unpackPatterns(dst, src []byte, most int) ([]byte, error) {
	var bits, left int
	for len(src) > 0 {
		if left == 0 {
			if len(src) < 2 {
				return nil, errPacked
			}
			bits, left, src = int(src[0])<<8|int(src[1]), 16, src[2:]
			continue
		}
		bits, left = bits<<1, left-1
		if bits&0x10000 == 0 {
			dst, src = append(dst, src[0]), src[1:]
			continue
		}
		var err error
		if dst, src, err = pattern(dst, src); err != nil {
			return nil, err
		}
		if len(dst) > most {
			return nil, errPacked
		}
	}
	return dst, nil
}

// pattern carries out one command: its kind, or the length of a short pattern, is
// in the high half of the first byte; a length or distance begins in the low half.
func pattern(dst, src []byte) (out, rest []byte, err error) {
	kind, low := int(src[0]>>4), int(src[0]&15)
	need := 2
	if kind == 1 || kind == 2 {
		need = 3
	}
	if len(src) < need {
		return nil, nil, errPacked
	}
	next, rest := int(src[1]), src[need:]
	switch kind {
	case 0:
		return append(dst, bytes.Repeat(src[1:2], low+3)...), rest, nil
	case 1:
		return append(dst, bytes.Repeat(src[2:3], low+next<<4+19)...), rest, nil
	}
	n := kind
	if kind == 2 {
		n = int(src[2]) + 16
	}
	distance := low + 3 + next<<4
	if distance > len(dst) {
		return nil, nil, errPacked
	}
	for range n { // a pattern may reach into what it makes
		dst = append(dst, dst[len(dst)-distance])
	}
	return dst, rest, nil
}
