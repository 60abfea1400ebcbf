package delimited

import "bytes"

// cell is one cell of a text: its content is text[from:to], without quotes.
type cell struct {
	from, to int
	// quoted tells that quotes stood around it, doubled that its content holds doubled ones.
	quoted, doubled bool
	fault           fault
}

// fault is what can be wrong with a cell's quotes.
type fault uint8

const (
	noFault fault = iota
	unclosed
	textAfterQuote
)

// scanner walks over the cells of a text. It goes on after a fault, so that
// every fault of a text can be told at once.
type scanner struct {
	text  []byte
	pos   int
	quote byte
	delim byte
	ends  [256]bool // the bytes that end a cell without quotes
}

func newScanner(text []byte, d dialect) scanner {
	s := scanner{text: text, quote: d.quote, delim: d.delimiter}
	s.ends[d.delimiter], s.ends['\n'], s.ends['\r'] = true, true, true
	return s
}

// next returns the cell at the scanner's place and steps behind it; last is
// true at the end of a record. Lines end with LF, CRLF or CR.
func (s *scanner) next() (c cell, last bool) {
	text, i := s.text, s.pos
	if i < len(text) && (text[i] == s.quote || text[i] == ' ') && s.quote != 0 {
		if start, ok := s.opening(); ok {
			return s.quotedCell(start)
		}
	}
	for i < len(text) && !s.ends[text[i]] {
		i++
	}
	c = cell{from: s.pos, to: i}
	return c, s.stepOver(i)
}

// opening finds a quote at the cell's start; blanks may stand before it.
func (s *scanner) opening() (content int, ok bool) {
	i := s.pos
	for i < len(s.text) && s.text[i] == ' ' && s.delim != ' ' {
		i++
	}
	return i + 1, i < len(s.text) && s.text[i] == s.quote
}

func (s *scanner) quotedCell(start int) (c cell, last bool) {
	c = cell{from: start, quoted: true}
	i := start
	for {
		k := bytes.IndexByte(s.text[i:], s.quote)
		if k < 0 {
			c.to, c.fault = len(s.text), unclosed
			return c, s.stepOver(len(s.text))
		}
		i += k + 1
		if i == len(s.text) || s.text[i] != s.quote {
			break
		}
		c.doubled = true
		i++
	}
	c.to = i - 1
	for i < len(s.text) && !s.ends[s.text[i]] {
		if s.text[i] != ' ' {
			c.fault = textAfterQuote
		}
		i++
	}
	return c, s.stepOver(i)
}

// stepOver moves behind what ends a cell at i and tells whether it ends the record.
func (s *scanner) stepOver(i int) (last bool) {
	if i == len(s.text) {
		s.pos = i
		return true
	}
	s.pos = i + 1
	if s.text[i] == s.delim {
		return false
	}
	if s.text[i] == '\r' && s.pos < len(s.text) && s.text[s.pos] == '\n' {
		s.pos++
	}
	return true
}

// content is the cell as a person reads it: doubled quotes made single, and
// without the blanks around it unless they are quoted. The result is only good
// until the next call with the same scratch.
func (s *scanner) content(c cell, scratch *[]byte) []byte {
	b := s.text[c.from:c.to]
	if !c.quoted {
		return trim(b)
	}
	if !c.doubled {
		return b
	}
	out := (*scratch)[:0]
	for len(b) > 0 {
		k := bytes.IndexByte(b, s.quote)
		if k < 0 {
			break
		}
		out = append(out, b[:k+1]...)
		b = b[k+2:]
	}
	*scratch = append(out, b...)
	return *scratch
}

// trim takes blanks and tabs off both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
