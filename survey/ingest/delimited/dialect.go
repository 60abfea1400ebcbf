package delimited

import (
	"bytes"
	"fmt"
	"strings"

	"surveykit/survey"
)

// dialect says how a text is cut into cells and how its numbers are written.
type dialect struct {
	delimiter byte
	quote     byte // 0 where there are no quotes
	decimal   byte
	missing   map[string]bool // cells that mean "no value"; nil for the usual ones
}

// The words and characters that options take for a character.
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

// checkOptions lists the options that cannot be followed.
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

// newDialect follows the options and recognises the rest from the text's
// head; the decimal mark is for later, since it takes the whole text.
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

// headBytes and headRows bound what is looked at: enough for a few hundred
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
// among those the one with the most columns. A text of one column has none of
// them in its first row; any delimiter does then.
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

// decimalMark decides between 1.5 and 1,5. A comma can only be meant where it
// does not delimit, no cell is a number with a point, and some cell cannot
// stand for thousands, as 1,234 can; where all could, it does not guess.
func (rd *reader) decimalMark(asked *bool) byte {
	if asked != nil && *asked {
		return ','
	}
	if asked != nil || rd.dialect.delimiter == ',' {
		return '.'
	}
	mark, doubtful, at := byte('.'), "", 0
	s := newScanner(rd.text, rd.dialect)
	for _, s.pos = range rd.rows {
		for column, last := 0, false; !last; column++ {
			var c cell
			c, last = s.next()
			b := trim(s.text[c.from:c.to])
			switch {
			case isFraction(b, '.'):
				return '.'
			case !isFraction(b, ','):
			case maybeThousands(b):
				doubtful, at = string(b), column
			default:
				mark = ','
			}
		}
	}
	if mark == '.' && doubtful != "" {
		rd.Notices = append(rd.Notices, survey.Notice{Code: survey.NoticeMixed, Variables: []string{rd.names[at]}, Value: doubtful,
			Text: "cells such as " + doubtful + " stay text, since the comma may be a decimal one or part thousands; the option decimal_comma decides"})
	}
	return mark
}

// isFraction tells whether b is a number that holds the decimal mark.
func isFraction(b []byte, mark byte) bool {
	if bytes.IndexByte(b, mark) < 0 {
		return false
	}
	_, v := parseNumber(b, mark)
	return v == plainNumber
}

// maybeThousands tells whether the comma of 1,234 may part thousands.
func maybeThousands(b []byte) bool {
	whole, rest, _ := bytes.Cut(bytes.TrimLeft(b, "+-"), []byte(","))
	return len(rest) == 3 && len(whole) > 0 && len(whole) <= 3 && whole[0] != '0'
}

// unusual tells what differs from the plain dialect: comma, ", point, UTF-8.
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
