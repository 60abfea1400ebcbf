package dta

import (
	"encoding/binary"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// blockBytes is about how many bytes of rows are in memory besides the columns.
const blockBytes = 64 << 10

// readRows streams the rows into the columns, out of which blocks may take them.
func (f *file) readRows(each raw.Blocks) {
	f.in("data", func() {
		if f.rows > f.Left()/int64(f.rowBytes) {
			f.Fail(raw.Damaged(f.At(), "the header promises %d rows of %d bytes, and %d bytes are left", f.rows, f.rowBytes, f.Left()))
			return
		}
		var texts map[textKey][]byte
		if slices.ContainsFunc(f.columns, func(c *column) bool { return c.kind == asLongText }) {
			if texts = f.longTexts(f.At() + f.rows*int64(f.rowBytes)); f.Err() != nil {
				return
			}
		}
		for _, c := range f.columns {
			c.sink = f.newSink(c, each.Room(f.rows), texts)
		}
		held := 0 // rows in the sinks
		block := make([]byte, f.rowBytes*max(1, blockBytes/f.rowBytes))
		for left := f.rows * int64(f.rowBytes); left > 0 && f.Err() == nil; left -= int64(len(block)) {
			block = block[:min(int64(len(block)), left)]
			if f.Fill(block, "the rows"); f.Err() != nil {
				return
			}
			for _, c := range f.columns {
				c.sink.add(block, f.rowBytes)
			}
			if held += len(block) / f.rowBytes; each.Full(held) {
				f.hand(held, each)
				held = 0
			}
		}
		f.hand(held, each)
	})
}

// hand hands on the rows in the sinks.
func (f *file) hand(rows int, each raw.Blocks) {
	if each.Each == nil || f.Err() != nil {
		return
	}
	variables := make([]*survey.Variable, len(f.columns))
	for k, c := range f.columns {
		c.sink.finish()
		variables[k] = c.Variable
	}
	if err := each.Hand(rows, variables); err != nil {
		f.Fail(err)
	}
}

// readLabels reads the sets of value labels.
func (f *file) readLabels() {
	f.labels = map[string][]code{}
	f.in("value_labels", func() {
		for f.Err() == nil {
			more := f.Left() > 0
			if f.tagged {
				more = string(f.Peek(5)) == "<lbl>"
			}
			switch {
			case !more:
				return
			case f.release < 108:
				const what = "the value labels"
				n := int64(f.Uint16(what))
				name := f.text(f.Take(f.name, what))
				f.Take(1, what)
				values := f.Take(2*n, what)
				for i := range values[:len(values)/2] {
					value := int32(int16(f.Order.Uint16(values[2*i:])))
					f.labels[name] = append(f.labels[name], code{value, f.text(f.Take(8, what))})
				}
			case f.tagged:
				f.in("lbl", f.readLabelSet)
			default:
				f.readLabelSet()
			}
		}
	})
}

// readLabelSet reads a set's name, the values with the places of their labels,
// and the labels one after another.
func (f *file) readLabelSet() {
	const what = "the value labels"
	at := f.At()
	f.Uint32(what) // the set's length, which follows from the numbers below
	name := f.text(f.Take(f.name, what))
	f.Take(3, what)
	n, textBytes := int64(f.Uint32(what)), int64(f.Uint32(what))
	places, values := f.Take(4*n, what), f.Take(4*n, what)
	all := f.Take(textBytes, what)
	if f.Err() != nil {
		return
	}
	codes, labels, used := make([]code, n), map[uint32]string{}, 0
	for i := range codes {
		place := f.Order.Uint32(places[4*i:])
		if _, seen := labels[place]; !seen && int64(place) < textBytes {
			label := raw.UpToZero(all[place:])
			labels[place], used = f.decode.Text(label), used+len(label)
		}
		if int64(place) >= textBytes || used > len(all) {
			f.Fail(raw.Damaged(at, "the labels of the set %s overlap or begin after its end", name))
			return
		}
		codes[i] = code{int32(f.Order.Uint32(values[4*i:])), labels[place]}
	}
	f.labels[name] = codes
}

// storage is how a variable's values are stored in a row.
type storage struct {
	kind  byte
	width int
}

// The kinds of storage; the numeric ones go by the letters of the oldest formats.
const (
	asByte     = 'b'
	asInt      = 'i'
	asLong     = 'l'
	asFloat    = 'f'
	asDouble   = 'd'
	asText     = 's'
	asLongText = 'L'
)

var numeric = map[byte]storage{
	asByte: {asByte, 1}, asInt: {asInt, 2}, asLong: {asLong, 4}, asFloat: {asFloat, 4}, asDouble: {asDouble, 8},
}

// storageOf reads a type code; ok is false for one that does not exist.
func storageOf(release, code int) (s storage, ok bool) {
	const letters = "bilfd"
	switch {
	case release < 111:
		if s, ok = numeric[byte(code)]; !ok {
			s, ok = storage{asText, code - 127}, code > 127
		}
		return s, ok
	case release < 117:
		if code >= 251 {
			return numeric[letters[code-251]], true
		}
		return storage{asText, code}, code > 0 && code <= 244
	case code >= 65526 && code <= 65530:
		return numeric[letters[65530-code]], true
	case code == 32768:
		return storage{asLongText, 8}, true
	}
	return storage{asText, code}, code > 0 && code <= 2045
}

// sink takes one variable's values out of blocks of rows.
type sink interface {
	add(block []byte, rowBytes int)
	// finish hands the values so far over to the variable.
	finish()
}

// newSink is the sink of a column with room for some rows, whose long texts are given.
func (f *file) newSink(c *column, room int, long map[textKey][]byte) sink {
	switch {
	case c.kind != asText && c.kind != asLongText:
		s := &numbers{column: c, order: f.Order, tagged: f.release >= 113}
		if c.kept {
			s.values.Grow(room)
		}
		return s
	case c.kept:
		return &texts{column: c, values: raw.NewTexts(&f.decode, room), file: f, long: long}
	}
	return &texts{column: c, values: raw.NewUnkept(&f.decode), file: f, long: long}
}

// numbers is the sink of a numeric variable.
type numbers struct {
	*column
	order binary.ByteOrder
	// tagged is set from format 113 on, where missing values have letters.
	tagged bool
	values survey.NumberColumn
}

func (s *numbers) add(block []byte, rowBytes int) {
	for at := s.offset; at < len(block); at += rowBytes {
		x, tag := s.number(block[at:])
		if tag >= 0 && !s.tagged {
			tag = 0
		}
		if tag >= 0 {
			x = math.NaN()
			s.tags[tag]++
		}
		if s.kept {
			s.values.Append(fromFile(s.Kind, x))
		}
	}
}

// The largest values that are not missing. The formats before 113 have one
// missing value only, the last of each type.
const (
	lastByte, lastInt, lastLong = 100, 32740, 2147483620
	oldByte, oldInt, oldLong    = 126, 32766, 2147483646

	firstMissingLabel = lastLong + 1

	missingFloat  = 0x7f000000
	missingDouble = 0x7fe0000000000000
)

// number reads a value; tag is 0 for the missing value ., 1 to 26 for .a to .z,
// and -1 for a number.
func (s *numbers) number(b []byte) (x float64, tag int) {
	switch s.kind {
	case asByte:
		return s.integer(int64(int8(b[0])), lastByte, oldByte)
	case asInt:
		return s.integer(int64(int16(s.order.Uint16(b))), lastInt, oldInt)
	case asLong:
		return s.integer(int64(int32(s.order.Uint32(b))), lastLong, oldLong)
	case asFloat:
		u := s.order.Uint32(b)
		return floating(float64(math.Float32frombits(u)), int64(u)-missingFloat, 11)
	}
	u := s.order.Uint64(b)
	return floating(math.Float64frombits(u), int64(u)-missingDouble, 40)
}

func (s *numbers) integer(x, last, old int64) (float64, int) {
	if !s.tagged {
		last = old
	}
	if x <= last {
		return float64(x), -1
	}
	return 0, int(x - last - 1)
}

// floating finds missing values by the distance of their bits from the first one:
// each letter adds 1<<bits. Anything else beyond it is infinite or not a number,
// and missing like ".".
func floating(x float64, beyond int64, bits int) (float64, int) {
	switch {
	case math.Signbit(x) && !math.IsNaN(x) && !math.IsInf(x, 0), beyond < 0 && !math.IsNaN(x) && !math.IsInf(x, 0):
		return x, -1
	case beyond >= 0 && beyond>>bits <= 26 && beyond&(1<<bits-1) == 0:
		return 0, int(beyond >> bits)
	}
	return 0, 0
}

func (s *numbers) finish() {
	values := s.values
	s.Numbers, s.values = &values, survey.NumberColumn{}
}

// texts is the sink of a text: of fixed width, or a key to a long one.
type texts struct {
	*column
	values interface{ Add(value []byte) }
	file   *file
	long   map[textKey][]byte
	rows   int // so far
}

func (s *texts) add(block []byte, rowBytes int) {
	for at := s.offset; at < len(block); at += rowBytes {
		text := raw.UpToZero(block[at : at+s.width])
		if s.rows++; s.kind == asLongText {
			var known bool
			if text, known = s.file.find(s.long, [8]byte(block[at:])); !known {
				s.file.Fail(raw.Damaged(s.file.At(), "row %d of %s refers to a long text that is not in the file", s.rows, s.Name))
				return
			}
		}
		s.values.Add(text)
	}
}

func (s *texts) finish() {
	if kept, ok := s.values.(*raw.Texts); ok {
		s.Texts = kept.Column()
	}
}

// textKey is the variable and the observation under which a long text (strL)
// is stored once, after the rows.
type textKey struct{ variable, observation uint64 }

// keyWidths are how many of a row's eight bytes hold the variable's number. The
// second width is wrong, and written by R haven 2.5.
var keyWidths = map[int][]int{117: {4}, 118: {2}, 119: {3, 2}}

// find returns the text of a row.
func (f *file) find(texts map[textKey][]byte, cell [8]byte) (text []byte, ok bool) {
	for _, n := range keyWidths[f.release] {
		if text, ok = texts[textKey{f.unsigned(cell[:n]), f.unsigned(cell[n:])}]; ok {
			return text, true
		}
	}
	return nil, false
}

// unsigned reads a number of any width in the file's order.
func (f *file) unsigned(b []byte) (x uint64) {
	var full [8]byte
	if f.Order == binary.LittleEndian {
		copy(full[:], b)
	} else {
		copy(full[8-len(b):], b)
	}
	return f.Order.Uint64(full[:])
}

// longTexts reads the long texts, which follow rows that end at a place. A zero key is the
// empty text.
func (f *file) longTexts(at int64) map[textKey][]byte {
	texts := map[textKey][]byte{{}: nil}
	ahead := *f
	ahead.Cursor = raw.NewCursorAt(f.src, at, f.Size())
	ahead.Order = f.Order
	ahead.expect("</data>")
	ahead.eachLongText(func(k textKey, text []byte) { texts[k] = text })
	f.Fail(ahead.Err())
	return texts
}

// skipLongTexts steps over the long texts.
func (f *file) skipLongTexts() {
	if f.tagged {
		f.eachLongText(func(textKey, []byte) {})
	}
}

func (f *file) eachLongText(add func(k textKey, text []byte)) {
	f.in("strls", func() {
		for f.Err() == nil && string(f.Peek(3)) == "GSO" {
			add(f.readLongText())
		}
	})
}

func (f *file) readLongText() (textKey, []byte) {
	const what = "a long text"
	f.expect("GSO")
	k := textKey{variable: uint64(f.Uint32(what))}
	if f.release == 117 {
		k.observation = uint64(f.Uint32(what))
	} else {
		k.observation = f.Uint64(what)
	}
	f.Uint8(what) // 129 for binary, 130 for text
	return k, raw.UpToZero(f.Take(int64(f.Uint32(what)), what))
}
