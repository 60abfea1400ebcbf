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
	escape    byte // 0 where quotes within a cell are doubled
	decimal   byte
	missing   map[string]bool // cells that mean "no value"; nil for the usual ones
	// asked means that the decimal mark is given, pointDoubt and commaDoubt that it is not
	// certain: numbers have such a mark only before three digits.
	asked, pointDoubt, commaDoubt bool
	// order is that of day, month and year in dates where a column does not show it.
	order order
	// quotesTexts means that texts are in quotes, and what is not a text is in none.
	quotesTexts bool
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
	escape, ok := character(o.Escape, quoteWords)
	if !ok && o.Escape != "" {
		add("escape", o.Escape, "give one ASCII character, or none")
	}
	if delimiter != 0 && delimiter == quote {
		add("quote", o.Quote, "give another character than the delimiter")
	}
	if escape != 0 && (escape == quote || escape == delimiter) {
		add("escape", o.Escape, "give another character than the quote and the delimiter; quotes that are doubled need none")
	}
	for _, n := range []struct {
		name  string
		value int
	}{{"skip", o.Skip}, {"header_row", o.HeaderRow}, {"header_rows", o.HeaderRows}} {
		if n.value < 0 {
			add(n.name, fmt.Sprint(n.value), "give a number of lines, from 1")
		}
	}
	if o.Skip > 0 && o.HeaderRow > 0 {
		add("skip", fmt.Sprint(o.Skip), "give either it or header_row, which leaves out the lines above")
	}
	if _, ok := orders[o.DateOrder]; !ok && o.DateOrder != "" {
		add("date_order", o.DateOrder, "give dmy, mdy or ymd")
	}
	if _, ok := encodingNamed(o.Encoding); !ok && o.Encoding != "" {
		add("encoding", o.Encoding, "give utf-8, utf-16, windows-1252 or another name of the WHATWG encoding standard")
	}
	return problems
}

// newDialect follows the options and recognises the rest from the beginning of the
// text; the decimal mark is found later, because that needs the whole text.
func newDialect(text []byte, o *survey.DelimitedOptions) dialect {
	d := dialect{decimal: '.', order: orders[o.DateOrder]}
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
	d.escape, _ = character(o.Escape, quoteWords)
	if o.Escape == "" {
		d.escape = beginning.escape(d)
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

// delimiter is the candidate that cuts the most rows into the same number of cells, and
// among those the one with the most cells; a comma where none cuts half of the rows, or the
// first row.
func (h head) delimiter(quote byte) byte {
	best, bestShare, bestWidth := byte(','), 0.0, 1
	for _, candidate := range []byte{',', ';', '\t', '|'} {
		first, width, share := h.fit(dialect{delimiter: candidate, quote: quote})
		if share < 0.5 && first < 2 {
			continue
		}
		if share > bestShare || share == bestShare && width > bestWidth {
			best, bestShare, bestWidth = candidate, share, width
		}
	}
	return best
}

// fit counts the cells of the first row, and of the rows that have several finds the
// usual number and the share of all rows that have it.
func (h head) fit(d dialect) (first, width int, share float64) {
	s := newScanner(h, d)
	rows, with := 0, map[int]int{}
	for rows < headRows && s.pos < len(s.text) {
		n, blank := s.skipRecord()
		if blank {
			continue
		}
		if rows++; rows == 1 {
			first = n
		}
		with[n]++
		if n > 1 && (with[n] > with[width] || with[n] == with[width] && n > width) {
			width = n
		}
	}
	return first, width, float64(with[width]) / float64(max(rows, 1))
}

// escape is a backslash where cells in quotes are sound only if it escapes the quotes
// within them.
func (h head) escape(d dialect) byte {
	if d.quote == 0 || !bytes.Contains(h, []byte{'\\', d.quote}) || h.faulty(d) == 0 {
		return 0
	}
	d.escape = '\\'
	if h.faulty(d) > 0 {
		return 0
	}
	return d.escape
}

// faulty counts the cells where text follows the closing quote.
func (h head) faulty(d dialect) (n int) {
	for s := newScanner(h, d); s.pos < len(h); {
		if c, _ := s.next(); c.fault == textAfterQuote {
			n++
		}
	}
	return n
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

// decimalMark decides between 1.5 and 1,5. A mark is the decimal one where it is not the
// delimiter and some cell cannot have it between thousands, as 1,234 can; the point wins.
func (rd *reader) decimalMark(asked *bool) error {
	d := &rd.dialect
	d.decimal, d.asked = '.', asked != nil
	if asked != nil && *asked {
		d.decimal = ','
	}
	if asked != nil || d.delimiter == ',' {
		return nil
	}
	doubtful, at := "", 0
	var room []byte
	for all := rd.pieces; ; {
		text, err := all.next(room)
		if err != nil {
			return fmt.Errorf("%s: %w", rd.path, err)
		}
		if len(text) == 0 {
			break
		}
		s := newScanner(text, *d)
		for column, last := 0, false; s.pos < len(text); column++ {
			if last {
				column = 0
			}
			var c cell
			c, last = s.next()
			b := trim(s.text[c.from:c.to])
			switch {
			case isFraction(b, '.') && !maybeThousands(b, '.'):
				d.decimal, d.pointDoubt, d.commaDoubt = '.', false, false
				return nil
			case isFraction(b, '.'):
				d.pointDoubt = d.delimiter == ';'
			case !isFraction(b, ','):
				if isCommaAmount(b) {
					d.decimal = ','
				}
			case maybeThousands(b, ','):
				doubtful, at = string(b), column
			default:
				d.decimal = ','
			}
		}
		room = text
	}
	if d.decimal == ',' {
		d.pointDoubt = false
	} else if doubtful != "" {
		d.commaDoubt = true
		rd.Notices = append(rd.Notices, survey.Notice{Code: survey.NoticeMixed, Variables: []string{rd.nameAt(at)}, Value: doubtful,
			Text: "cells such as " + doubtful + " stay text, because the comma may be a decimal mark or separate thousands: set the option decimal_comma"})
	}
	return nil
}

// isFraction reports whether b is a number with the decimal mark.
func isFraction(b []byte, mark byte) bool {
	if bytes.IndexByte(b, mark) < 0 {
		return false
	}
	_, v := parseNumber(b, mark)
	return v == plainNumber
}

// isCommaAmount reports whether b can only be an amount with a decimal comma.
func isCommaAmount(b []byte) bool {
	if bytes.IndexByte(b, ',') < 0 || len(b) > mostAmount {
		return false
	}
	_, n, fraction, ok := parseAmount(string(b), ',')
	return ok && fraction > 0 && (n.group != 0 || fraction != 3)
}

// maybeThousands reports whether the mark can separate thousands, as in 1,234.
func maybeThousands(b []byte, mark byte) bool {
	whole, rest, _ := bytes.Cut(bytes.TrimLeft(b, "+-"), []byte{mark})
	return len(rest) == 3 && len(whole) > 0 && len(whole) <= 3 && whole[0] != '0'
}

// findQuotes finds out whether texts are in quotes: in the beginning all are, but not the
// names, or not the numbers and words for "no value".
func (rd *reader) findQuotes() {
	texts, bare, rows := false, false, 0
	s := newScanner(rd.text, rd.dialect)
	s.pos = rd.head
	for names := true; s.pos < len(s.text) && rows < headRows; {
		c, last := s.next()
		b := trim(s.text[c.from:c.to])
		switch {
		case c.fault != noFault || len(b) == 0:
		case names:
			bare = bare || !c.quoted
		case c.quoted:
			texts = true
		case usuallyMissing(string(b)) || isQuantity(string(b)):
			bare = true
		default:
			return
		}
		if last && names {
			names, s.pos = false, int(rd.pieces.at)
		} else if last {
			rows++
		}
	}
	rd.dialect.quotesTexts = texts && bare
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
	if d.escape != 0 {
		told = append(told, "escape "+nameOf(d.escape))
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
