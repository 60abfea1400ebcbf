package delimited

import "bytes"

// cell is one cell of a text: its content is text[from:to], without quotes.
type cell struct {
	from, to int
	// quoted means that it is in quotes, escaped that its content has quotes that are
	// doubled, or escapes.
	quoted, escaped bool
	fault           fault
}

// fault is what can be wrong with a cell's quotes.
type fault uint8

const (
	noFault fault = iota
	unclosed
	textAfterQuote
)

// scanner steps over the cells of a text. It continues after a fault, so that all
// faults of a text are reported together.
type scanner struct {
	text   []byte
	pos    int
	quote  byte
	escape byte
	delim  byte
	ends   [256]bool // the bytes that end a cell without quotes
}

func newScanner(text []byte, d dialect) scanner {
	s := scanner{text: text, quote: d.quote, escape: d.escape, delim: d.delimiter}
	s.ends[d.delimiter], s.ends['\n'], s.ends['\r'] = true, true, true
	return s
}

// next returns the cell at the scanner's place and steps over it; last is
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

// opening finds a quote at the cell's start, after blanks.
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
		within := s.text[i : i+k]
		i += k + 1
		if s.escape != 0 && bytes.IndexByte(within, s.escape) >= 0 {
			c.escaped = true
			if (len(within)-len(bytes.TrimRight(within, string(s.escape))))%2 == 1 {
				continue
			}
		}
		if i == len(s.text) || s.text[i] != s.quote {
			break
		}
		c.escaped = true
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

// stepOver moves past the end of a cell at i; last means that it ends the record.
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

// content is the text of the cell: without the doubles of its quotes and its escapes, and
// without the blanks around it unless they are quoted. The result is valid until the next
// call with the same scratch.
func (s *scanner) content(c cell, scratch *[]byte) []byte {
	b := s.text[c.from:c.to]
	if !c.quoted {
		return trim(b)
	}
	if !c.escaped {
		return b
	}
	out := (*scratch)[:0]
	for i := 0; i < len(b); i++ {
		if i+1 < len(b) && (b[i] == s.quote || b[i] == s.escape && s.escape != 0) && (b[i+1] == s.quote || b[i+1] == s.escape) {
			i++
		}
		out = append(out, b[i])
	}
	*scratch = out
	return out
}

// trim removes blanks and tabs at both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
