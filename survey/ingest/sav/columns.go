package sav

import (
	"encoding/binary"
	"math"
	"math/bits"

	"surveykit/survey"
)

// sink takes one variable's values out of blocks of rows.
type sink interface {
	add(block []byte, rowBytes int)
	// finish hands the column over to the variable.
	finish()
}

func (d *dictionary) newSinks(capacity int) []sink {
	sinks := make([]sink, len(d.columns))
	for i, c := range d.columns {
		if c.IsText() {
			sinks[i] = &texts{
				column: c,
				decode: &d.decoder,
				codes:  map[string]int32{}, decoded: map[string]int32{},
				index: make([]int32, 0, capacity),
			}
			continue
		}
		sinks[i] = &numbers{
			column: c,
			swap:   d.order == binary.BigEndian,
			values: make([]float64, 0, capacity),
		}
	}
	return sinks
}

// numbers is the sink of a numeric variable.
type numbers struct {
	*column
	swap   bool
	values []float64
}

func (s *numbers) add(block []byte, rowBytes int) {
	for at := s.segments[0].offset; at < len(block); at += rowBytes {
		u := binary.LittleEndian.Uint64(block[at:])
		if s.swap {
			u = bits.ReverseBytes64(u)
		}
		x := math.Float64frombits(u)
		if x == systemMissing {
			x = math.NaN()
		}
		s.values = append(s.values, x)
	}
}

func (s *numbers) finish() {
	s.Numbers = s.values
	if s.Kind == survey.Date || s.Kind == survey.DateTime {
		for i, x := range s.values {
			s.values[i] = fromFile(s.Kind, x)
		}
	}
}

// texts is the sink of a text variable. Codes finds a value by its bytes in the
// file, without making a string of them; decoded finds one by its text where the
// encoding is not UTF-8.
type texts struct {
	*column
	decode  *decoder
	codes   map[string]int32
	decoded map[string]int32
	index   []int32
	values  []string
	scratch []byte
}

func (s *texts) add(block []byte, rowBytes int) {
	for row := 0; row < len(block); row += rowBytes {
		raw := trimBlanks(s.raw(block[row : row+rowBytes]))
		k, known := s.codes[string(raw)]
		if !known {
			k = s.learn(raw)
		}
		s.index = append(s.index, k)
	}
}

// raw is the value's bytes; the segments of a very long text are put together.
func (s *texts) raw(row []byte) []byte {
	if len(s.segments) == 1 {
		g := s.segments[0]
		return row[g.offset : g.offset+g.width]
	}
	s.scratch = s.scratch[:0]
	for _, g := range s.segments {
		s.scratch = append(s.scratch, row[g.offset:g.offset+g.width]...)
	}
	return s.scratch
}

func trimBlanks(b []byte) []byte {
	n := len(b)
	for n > 0 && (b[n-1] == ' ' || b[n-1] == 0) {
		n--
	}
	return b[:n]
}

// learn adds a value. Different bytes mean different texts, unless the encoding
// lacks some of them: then the text decides whether the value is new.
func (s *texts) learn(raw []byte) int32 {
	text := s.decode.text(raw)
	seen := s.codes
	if s.decode.enc != nil && text != string(raw) {
		seen = s.decoded
	}
	k, known := seen[text]
	if !known {
		k = int32(len(s.values))
		s.values = append(s.values, text)
		seen[text] = k
	}
	if text != string(raw) {
		s.codes[string(raw)] = k
	}
	return k
}

func (s *texts) finish() { s.Texts = &survey.TextColumn{Index: s.index, Values: s.values} }
