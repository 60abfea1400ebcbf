package delimited

import (
	"bytes"
	"fmt"
	"strings"

	"surveykit/survey"
)

// cell is one cell of a text: its content is text[from:to], without quotes.
type cell struct {
	from, to int
	// quoted means that it is in quotes, doubled that its content has doubled quotes.
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

// scanner steps over the cells of a text. It continues after a fault, so that all
// faults of a text are reported together.
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

// content is the text of the cell: with doubled quotes made single, and without
// the blanks around it unless they are quoted. The result is valid until the next
// call with the same scratch.
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

// dialect says how a text is cut into cells and how its numbers are written.
type dialect struct {
	delimiter byte
	quote     byte // 0 where there are no quotes
	decimal   byte
	missing   map[string]bool // cells that mean "no value"; nil for the usual ones
}

// The words that options accept for a character.
var (
	delimiterWords = map[string]byte{"tab": '\t', `\t`: '\t'}
	quoteWords     = map[string]byte{"none": 0}
)

// character reads an option that is one ASCII character, or a word for one.
func character(option string, words map[string]byte) (c byte, ok bool) {
	if c, ok = words[option]; ok {
		return c, true
	}
	if len(option) != 1 || option[0] >= 0x80 || strings.Contains("\r\n\x00", option) {
		return 0, false
	}
	return option[0], true
}

// checkOptions lists the options that are not valid.
func checkOptions(path string, o *survey.DelimitedOptions) survey.Problems {
	var problems survey.Problems
	add := func(name, value, remedy string) {
		problems = append(problems, survey.Problem{File: path, Value: value,
			Message: "the option " + name + " cannot be used", Remedy: remedy})
	}
	delimiter, ok := character(o.Delimiter, delimiterWords)
	if !ok && o.Delimiter != "" {
		add("delimiter", o.Delimiter, "give one ASCII character, or tab")
	}
	quote, ok := character(o.Quote, quoteWords)
	if !ok && o.Quote != "" {
		add("quote", o.Quote, "give one ASCII character, or none")
	}
	if delimiter != 0 && delimiter == quote {
		add("quote", o.Quote, "give another character than the delimiter")
	}
	if _, err := encodingNamed(o.Encoding); err != nil && o.Encoding != "" {
		add("encoding", o.Encoding, "give utf-8, utf-16, windows-1252 or another name of the WHATWG encoding standard")
	}
	return problems
}

// newDialect follows the options and recognises the rest from the beginning of the
// text; the decimal mark is found later, because that needs the whole text.
func newDialect(text []byte, o *survey.DelimitedOptions) dialect {
	d := dialect{decimal: '.'}
	if o.Missing != nil {
		d.missing = make(map[string]bool, len(o.Missing))
		for _, m := range o.Missing {
			d.missing[strings.TrimSpace(m)] = true
		}
	}
	beginning := head(bytes.TrimLeft(text[:min(len(text), headBytes)], "\r\n"))
	d.quote, _ = character(o.Quote, quoteWords)
	if o.Quote == "" {
		d.quote = beginning.quote()
	}
	d.delimiter, _ = character(o.Delimiter, delimiterWords)
	if o.Delimiter == "" {
		d.delimiter = beginning.delimiter(d.quote)
	}
	return d
}

// head is the beginning of a text, from which its dialect is recognised.
type head []byte

// headBytes and headRows are how much of the text is examined: a few hundred
// respondents of a usual survey.
const (
	headBytes = 1 << 16
	headRows  = 200
)

// quote is ' where the first line has every name in single quotes, else ".
func (h head) quote() byte {
	line, _, _ := bytes.Cut(h, []byte("\n"))
	line = bytes.TrimSpace(line)
	if len(line) < 2 || line[0] != '\'' || line[len(line)-1] != '\'' {
		return '"'
	}
	s := newScanner(line, dialect{delimiter: h.delimiter('\''), quote: '\''})
	for last := false; !last; {
		var c cell
		if c, last = s.next(); !c.quoted || c.fault != noFault {
			return '"'
		}
	}
	return '\''
}

// delimiter is the candidate with the most rows as wide as the first one, and
// among those the one with the most columns; a comma for a text of one column.
func (h head) delimiter(quote byte) byte {
	best, bestShare, bestWidth := byte(','), -1.0, 1
	for _, candidate := range []byte{',', ';', '\t', '|'} {
		width, share := h.fit(dialect{delimiter: candidate, quote: quote})
		if width > 1 && (share > bestShare || share == bestShare && width > bestWidth) {
			best, bestShare, bestWidth = candidate, share, width
		}
	}
	return best
}

// fit counts the cells of the first row and the share of the next rows that
// have as many.
func (h head) fit(d dialect) (width int, share float64) {
	s := newScanner(h, d)
	rows, same := 0, 0
	for rows <= headRows && s.pos < len(s.text) {
		n, blank := s.skipRecord()
		if blank {
			continue
		}
		if width == 0 {
			width = n
			continue
		}
		rows++
		if n == width {
			same++
		}
	}
	return width, float64(same) / float64(max(rows, 1))
}

// skipRecord counts the cells of a record; a blank one has nothing but blanks.
func (s *scanner) skipRecord() (cells int, blank bool) {
	for {
		c, last := s.next()
		cells++
		if last {
			return cells, cells == 1 && !c.quoted && len(trim(s.text[c.from:c.to])) == 0
		}
	}
}

// decimalMark decides between 1.5 and 1,5. A comma is a decimal mark only where it
// is not the delimiter, no cell is a number with a point, and some cell cannot be
// read as thousands, as 1,234 can. Where all can, it does not guess.
func (rd *reader) decimalMark(asked *bool) (byte, error) {
	if asked != nil && *asked {
		return ',', nil
	}
	if asked != nil || rd.dialect.delimiter == ',' {
		return '.', nil
	}
	mark, doubtful, at := byte('.'), "", 0
	var room []byte
	for all := rd.pieces; ; {
		text, err := all.next(room)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", rd.path, err)
		}
		if len(text) == 0 {
			break
		}
		s := newScanner(text, rd.dialect)
		for column, last := 0, false; s.pos < len(text); column++ {
			if last {
				column = 0
			}
			var c cell
			c, last = s.next()
			b := trim(s.text[c.from:c.to])
			switch {
			case isFraction(b, '.'):
				return '.', nil
			case !isFraction(b, ','):
			case maybeThousands(b):
				doubtful, at = string(b), column
			default:
				mark = ','
			}
		}
		room = text
	}
	if mark == '.' && doubtful != "" {
		rd.Notices = append(rd.Notices, survey.Notice{Code: survey.NoticeMixed, Variables: []string{rd.nameAt(at)}, Value: doubtful,
			Text: "cells such as " + doubtful + " stay text, because the comma may be a decimal mark or separate thousands: set the option decimal_comma"})
	}
	return mark, nil
}

// isFraction reports whether b is a number with the decimal mark.
func isFraction(b []byte, mark byte) bool {
	if bytes.IndexByte(b, mark) < 0 {
		return false
	}
	_, v := parseNumber(b, mark)
	return v == plainNumber
}

// maybeThousands reports whether the comma can separate thousands, as in 1,234.
func maybeThousands(b []byte) bool {
	whole, rest, _ := bytes.Cut(bytes.TrimLeft(b, "+-"), []byte(","))
	return len(rest) == 3 && len(whole) > 0 && len(whole) <= 3 && whole[0] != '0'
}

// unusual lists what differs from the usual dialect: comma, ", point, UTF-8.
func (d dialect) unusual(encoding string) string {
	var told []string
	if d.delimiter != ',' {
		told = append(told, "delimiter "+nameOf(d.delimiter))
	}
	if d.quote != '"' {
		told = append(told, "quote "+nameOf(d.quote))
	}
	if d.decimal == ',' {
		told = append(told, "decimal comma")
	}
	if encoding != "utf-8" {
		told = append(told, "encoding "+encoding)
	}
	return strings.Join(told, ", ")
}

func nameOf(c byte) string {
	switch c {
	case 0:
		return "none"
	case '\t':
		return "tab"
	}
	return fmt.Sprintf("%q", string(c))
}
