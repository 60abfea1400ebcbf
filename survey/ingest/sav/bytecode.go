package sav

import (
	"io"
	"math"

	"surveykit/survey/ingest/raw"
)

// The byte codes that are no numbers. Any other code stands for itself less the
// bias.
const (
	codeNothing = 0
	codeEnd     = 252
	codeLiteral = 253
	codeBlanks  = 254
	codeMissing = 255
)

// expander undoes byte-code compression: eight codes, one for each octet, then
// the octets that had no code, in order.
type expander struct {
	in       placedReader
	buf      []byte
	pos, end int
	// codes are the eight codes at hand, of which the first next are used up.
	codes [8]byte
	next  int
	// meaning holds the octet of each code, and isText marks the elements of a
	// case that hold text, where a number makes no sense.
	meaning [256][8]byte
	isText  []bool
	element int
	ended   bool
}

func (d *dictionary) newExpander(in placedReader) *expander {
	e := &expander{in: in, buf: make([]byte, blockBytes), next: 8, isText: make([]bool, len(d.elements))}
	for code := range e.meaning {
		d.order.PutUint64(e.meaning[code][:], math.Float64bits(float64(code)-d.bias))
	}
	d.order.PutUint64(e.meaning[codeMissing][:], math.Float64bits(systemMissing))
	copy(e.meaning[codeBlanks][:], "        ")
	text := false
	for i, v := range d.elements {
		if v >= 0 {
			text = d.variables[v].width > 0
		}
		e.isText[i] = text
	}
	return e
}

// offset is the place of the next unread byte; inside zlib blocks it is near.
func (e *expander) offset() int64 { return max(0, e.in.offset()-int64(e.end-e.pos)) }

func (e *expander) fill(p []byte) (n int, err error) {
	for n < len(p) {
		if e.next == 8 {
			if err := e.nextCodes(); err != nil {
				return n, err
			}
		}
		code := e.codes[e.next]
		e.next++
		switch code {
		case codeNothing:
			continue
		case codeEnd:
			e.ended, e.next = true, 8
			return n, io.EOF
		case codeLiteral:
			b, err := e.take()
			if err == io.EOF {
				err = raw.Damaged(e.offset(), "the file ends inside the compressed cases")
			}
			if err != nil {
				return n, err
			}
			copy(p[n:], b)
		default:
			if e.isText[e.element] && code != codeBlanks {
				return n, raw.Damaged(e.offset(), "the compressed cases have a number (code %d) where a text stands", code)
			}
			copy(p[n:n+8], e.meaning[code][:])
		}
		n += 8
		if e.element++; e.element == len(e.isText) {
			e.element = 0
		}
	}
	return n, nil
}

func (e *expander) nextCodes() error {
	if e.ended {
		return io.EOF
	}
	b, err := e.take()
	if err != nil {
		e.ended = err == io.EOF
		return err
	}
	copy(e.codes[:], b)
	e.next = 0
	return nil
}

// take gives the next eight bytes of the input, io.EOF where there are none, and
// a fault where there are fewer.
func (e *expander) take() ([]byte, error) {
	if e.end-e.pos < 8 {
		e.end = copy(e.buf, e.buf[e.pos:e.end])
		e.pos = 0
		n, err := io.ReadAtLeast(e.in, e.buf[e.end:], 8-e.end)
		e.end += n
		switch {
		case err == io.EOF && e.end == 0:
			return nil, io.EOF
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return nil, raw.Damaged(e.offset(), "the file ends inside the compressed cases")
		case err != nil:
			return nil, err
		}
	}
	b := e.buf[e.pos : e.pos+8]
	e.pos += 8
	return b, nil
}
