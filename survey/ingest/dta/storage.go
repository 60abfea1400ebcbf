package dta

import (
	"encoding/binary"
	"math"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// storage is how a variable's values stand in a row.
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

func (s storage) isText() bool { return s.kind == asText || s.kind == asLongText }

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
	// finish hands the column over to the variable.
	finish()
}

func (f *file) newSink(c *column) sink {
	n := int(f.rows)
	switch c.kind {
	case asText:
		return &texts{c, raw.NewTexts(&f.decode, n)}
	case asLongText:
		return &longTexts{column: c, file: f, cells: make([][8]byte, 0, n)}
	}
	return &numbers{column: c, order: f.Order, tagged: f.release >= 113, values: make([]float64, 0, n)}
}

// numbers is the sink of a numeric variable.
type numbers struct {
	*column
	order binary.ByteOrder
	// tagged is set from format 113 on, where missing values have letters.
	tagged bool
	values []float64
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
		s.values = append(s.values, x)
	}
}

// The largest values that are no missing ones. The formats before 113 have one
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

// floating tells missing values by how far the bits are beyond the first one:
// each letter is one more above so many bits. Anything else up there is
// infinite or not a number, and missing like ".".
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
	if s.Kind != survey.Number {
		for i, x := range s.values {
			s.values[i] = fromFile(s.Kind, x)
		}
	}
	s.Numbers = s.values
}

// texts is the sink of a text of fixed width.
type texts struct {
	*column
	*raw.Texts
}

func (s *texts) add(block []byte, rowBytes int) {
	for at := s.offset; at < len(block); at += rowBytes {
		s.Add(raw.UpToZero(block[at : at+s.width]))
	}
}

func (s *texts) finish() { s.column.Texts = s.Column() }
