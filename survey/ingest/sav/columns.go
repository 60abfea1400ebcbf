package sav

import (
	"encoding/binary"
	"math"
	"math/bits"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
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
			sinks[i] = &texts{column: c, values: raw.NewTexts(&d.Decoder, capacity)}
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

// texts is the sink of a text variable.
type texts struct {
	*column
	values  *raw.Texts
	scratch []byte
}

func (s *texts) add(block []byte, rowBytes int) {
	for row := 0; row < len(block); row += rowBytes {
		s.values.Add(raw.TrimBlanks(s.bytes(block[row : row+rowBytes])))
	}
}

// bytes are the value's; the segments of a very long text are put together.
func (s *texts) bytes(row []byte) []byte {
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

func (s *texts) finish() { s.Texts = s.values.Column() }
