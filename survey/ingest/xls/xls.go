// Package xls reads surveys from the sheets of workbooks of Excel 97 to 2003 (.xls), as
// [MS-XLS] describes them. Older ones are refused.
//
// Numbers keep every digit of the workbook; cells that are shown as dates become ISO dates,
// as in package xlsx.
package xls

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"

	"surveykit/survey/ingest/compound"
	"surveykit/survey/ingest/sheet"
	"surveykit/survey/ingest/xlsx"
)

// mostBytes is the most that a workbook of this format can have.
const mostBytes = 2 << 30

// textTimes is how much longer the texts of a workbook may be, where many cells share one.
const textTimes = 100

// Open opens the workbook of size bytes in r; path appears in problems only. The error is
// survey.Problems where the workbook is damaged, encrypted or older.
func Open(r io.ReaderAt, size int64, path string) (b *sheet.Book, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			b, err = nil, sheet.Damaged(path, fmt.Errorf("it is damaged: %v", fault))
		}
	}()
	if size > mostBytes {
		return nil, sheet.Damaged(path, errors.New("it is larger than workbooks of this format can be"))
	}
	stream, err := streamOf(r, size)
	w := &workbook{stream: stream}
	if err == nil {
		err = w.readGlobals()
	}
	if err != nil {
		return nil, sheet.Damaged(path, err)
	}
	return &sheet.Book{Path: path, Sheets: w.sheets, Limit: textTimes*size + 64<<20}, nil
}

// streamOf is the stream of records in the file.
func streamOf(r io.ReaderAt, size int64) (stream []byte, err error) {
	failed := errors.New("it has no workbook of Excel 97 or later")
	err = compound.Entries(r, size, func(f *mscfb.File) bool {
		switch {
		case f.Name != "Workbook":
			return true
		case f.Size > size:
			failed = errors.New("its records are longer than the file")
			return false
		}
		stream = make([]byte, f.Size)
		if _, failed = io.ReadFull(f, stream); failed != nil {
			failed = errors.New("the file ends before its records")
		}
		return false
	})
	if err == nil {
		err = failed
	}
	return stream, err
}

// The records that are read.
const (
	recordFormula  = 0x0006
	recordEOF      = 0x000a
	recordDate1904 = 0x0022
	recordFilePass = 0x002f
	recordContinue = 0x003c
	recordSheet    = 0x0085
	recordMulRK    = 0x00bd
	recordRString  = 0x00d6
	recordXF       = 0x00e0
	recordTexts    = 0x00fc
	recordText     = 0x00fd
	recordNumber   = 0x0203
	recordLabel    = 0x0204
	recordBool     = 0x0205
	recordString   = 0x0207
	recordRK       = 0x027e
	recordFormat   = 0x041e
	recordBOF      = 0x0809
)

// workbook is a workbook while it is read.
type workbook struct {
	stream []byte
	sheets []sheet.Sheet
	texts  []string // that cells share
	shown  []xlsx.Look
	mac    bool // days are counted from 1904
}

// record is one record, with those that continue it.
type record struct {
	kind  int
	parts [][]byte
}

func (r record) data() []byte { return r.parts[0] }

// next reads the record at a place, and returns the place after it.
func (w *workbook) next(at int) (record, int, error) {
	one := func(at int) (int, []byte, error) {
		if at+4 > len(w.stream) {
			return 0, nil, fmt.Errorf("the records end at byte %d without their end", at)
		}
		n := int(binary.LittleEndian.Uint16(w.stream[at+2:]))
		if at+4+n > len(w.stream) {
			return 0, nil, fmt.Errorf("the record at byte %d is longer than the workbook", at)
		}
		return int(binary.LittleEndian.Uint16(w.stream[at:])), w.stream[at+4 : at+4+n], nil
	}
	kind, data, err := one(at)
	if err != nil {
		return record{}, 0, err
	}
	r := record{kind, [][]byte{data}}
	at += 4 + len(data)
	for at+4 <= len(w.stream) && binary.LittleEndian.Uint16(w.stream[at:]) == recordContinue {
		_, more, err := one(at)
		if err != nil {
			return record{}, 0, err
		}
		r.parts, at = append(r.parts, more), at+4+len(more)
	}
	return r, at, nil
}

// version is that of Excel 97 and later.
const version = 0x0600

// readGlobals reads what the sheets share, and lists them.
func (w *workbook) readGlobals() error {
	codes := map[int]string{}
	for at := 0; ; {
		r, next, err := w.next(at)
		if err != nil {
			return err
		}
		b := cells{data: r.data()}
		switch r.kind {
		case recordBOF:
			if v := b.uint16(0); v != version {
				return errors.New("it is older than Excel 97")
			}
		case recordFilePass:
			return errors.New("it is protected by a password; save it without one")
		case recordDate1904:
			w.mac = b.uint16(0) == 1
		case recordFormat:
			text := reader{parts: [][]byte{b.from(2)}}
			codes[b.uint16(0)] = text.text(text.uint16())
			if text.short {
				return errors.New("a format of numbers is cut")
			}
		case recordXF:
			w.shown = append(w.shown, xlsx.LookOf(b.uint16(2), codes[b.uint16(2)]))
		case recordTexts:
			if err := w.readTexts(r); err != nil {
				return err
			}
		case recordSheet:
			w.list(b)
		case recordEOF:
			if len(w.sheets) == 0 {
				return errors.New("it has no sheets")
			}
			return nil
		}
		if b.short {
			return fmt.Errorf("the record at byte %d is cut", at)
		}
		at = next
	}
}

// list adds a sheet to the list.
func (w *workbook) list(b cells) {
	at, state, kind := int(b.uint32(0)), b.byte(4), b.byte(5)
	text := reader{parts: [][]byte{b.from(6)}}
	s := sheet.Sheet{Name: text.text(int(text.byte())), Hidden: state&3 != 0 || kind != 0}
	s.Rows = func(each func(int, []string) error) error {
		if kind != 0 {
			return nil // a chart
		}
		return w.rows(at, each)
	}
	w.sheets = append(w.sheets, s)
}

// readTexts reads the texts that cells share.
func (w *workbook) readTexts(r record) error {
	in := reader{parts: r.parts}
	in.skip(4)
	n := int(in.uint16()) | int(in.uint16())<<16
	if n < 0 || n > len(w.stream) {
		return errors.New("its list of texts is damaged")
	}
	for range n {
		w.texts = append(w.texts, in.text(in.uint16()))
	}
	if in.short {
		return errors.New("its list of texts is cut")
	}
	return nil
}

// reader reads a record over its continuations.
type reader struct {
	parts [][]byte
	short bool // the record ended too early
}

// ready makes the current part one that is not empty.
func (r *reader) ready() bool {
	for len(r.parts) > 0 && len(r.parts[0]) == 0 {
		r.parts = r.parts[1:]
	}
	r.short = r.short || len(r.parts) == 0
	return !r.short
}

func (r *reader) byte() byte {
	if !r.ready() {
		return 0
	}
	b := r.parts[0][0]
	r.parts[0] = r.parts[0][1:]
	return b
}

func (r *reader) uint16() int { return int(r.byte()) | int(r.byte())<<8 }

func (r *reader) skip(n int) {
	for n > 0 && r.ready() {
		k := min(n, len(r.parts[0]))
		r.parts[0], n = r.parts[0][k:], n-k
	}
}

// text reads a text of n characters: its flags, and then bytes or pairs of them, which each
// continuation may choose anew.
func (r *reader) text(n int) string {
	const (
		wideText = 1
		phonetic = 4
		rich     = 8
	)
	flags := r.byte()
	runs, more := 0, 0
	if flags&rich != 0 {
		runs = r.uint16()
	}
	if flags&phonetic != 0 {
		more = r.uint16() | r.uint16()<<16
	}
	wide := flags&wideText != 0
	units := make([]uint16, 0, min(n, 1<<12))
	for len(units) < n && !r.short {
		if len(r.parts) > 0 && len(r.parts[0]) == 0 {
			if !r.ready() {
				break
			}
			wide = r.byte()&wideText != 0
			continue
		}
		if wide {
			units = append(units, uint16(r.uint16()))
		} else {
			units = append(units, uint16(r.byte()))
		}
	}
	r.skip(4*runs + more)
	return strings.ReplaceAll(string(utf16.Decode(units)), "\r\n", "\n")
}

// cells reads a record by places in it.
type cells struct {
	data  []byte
	short bool
}

func (b *cells) from(at int) []byte {
	if at > len(b.data) {
		b.short = true
		return nil
	}
	return b.data[at:]
}

func (b *cells) byte(at int) byte {
	if at >= len(b.data) {
		b.short = true
		return 0
	}
	return b.data[at]
}

func (b *cells) uint16(at int) int { return int(b.byte(at)) | int(b.byte(at+1))<<8 }

func (b *cells) uint32(at int) uint32 {
	return uint32(b.uint16(at)) | uint32(b.uint16(at+2))<<16
}

func (b *cells) float(at int) float64 {
	return math.Float64frombits(uint64(b.uint32(at)) | uint64(b.uint32(at+4))<<32)
}

// rk is a number in 30 bits: a whole one, or the first bits of a float, over 100 or not.
func rk(bits uint32) float64 {
	x := math.Float64frombits(uint64(bits&^3) << 32)
	if bits&2 != 0 {
		x = float64(int32(bits) >> 2)
	}
	if bits&1 != 0 {
		x /= 100
	}
	return x
}
