package delimited

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"surveykit/survey"
)

// faults collects what is wrong with a text, up to a number that a person
// reads, and counts the rest.
type faults struct {
	list survey.Problems
	more int
}

const faultsTold = 20

// fault adds a problem at a place in the text.
func (rd *reader) fault(pos int, p survey.Problem) {
	if len(rd.faults.list) == faultsTold {
		rd.faults.more++
		return
	}
	p.File, p.Line = rd.path, rd.lineOf(pos)
	rd.faults.list = append(rd.faults.list, p)
}

func (f *faults) err() error {
	if f.more == 0 {
		return f.list.Err()
	}
	return append(f.list, survey.Problem{File: f.list[0].File,
		Message: count(f.more, "more problem", "more problems") + " of this kind"})
}

// locate reads the names of the first row, finds where each data row starts and
// collects every fault of the rows. It reads no values.
func (rd *reader) locate() {
	// Line ends behind the last row are no rows.
	rd.text = bytes.TrimRight(rd.text, "\r\n")
	s := newScanner(rd.text, rd.dialect)
	s.skipBlank()
	if !rd.readExport(&s) {
		rd.readNames(&s)
	}
	zeros := bytes.IndexByte(rd.text, 0) >= 0
	careful := zeros || hasLoneCR(rd.text)
	blank := 0
	for s.pos < len(rd.text) {
		start := s.pos
		if !careful && s.skipPlainLine(len(rd.names)) || rd.checkRow(&s, zeros) {
			rd.rows = append(rd.rows, start)
		} else {
			blank++
		}
	}
	if blank > 0 {
		rd.Note(survey.NoticeUnread, nil, "skipped %s", count(blank, "blank line", "blank lines"))
	}
}

// hasLoneCR tells whether a CR stands without LF, as in the line ends of old Macs.
func hasLoneCR(text []byte) bool {
	return bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n"))
}

// skipPlainLine steps over a line without quotes that has so many cells, which
// it counts quickly; it leaves every other line to the careful way.
func (s *scanner) skipPlainLine(cells int) bool {
	end := bytes.IndexByte(s.text[s.pos:], '\n')
	if end < 0 {
		return false
	}
	line := s.text[s.pos : s.pos+end]
	if bytes.IndexByte(line, s.quote) >= 0 || bytes.Count(line, []byte{s.delim}) != cells-1 {
		return false
	}
	s.pos += end + 1
	return true
}

// checkRow walks over a row and reports its faults; it is false for a blank
// line, which only is a row where there is one column.
func (rd *reader) checkRow(s *scanner, zeros bool) bool {
	start, row, cells, sound := s.pos, len(rd.rows)+1, 0, true
	var c cell
	for last := false; !last; cells++ {
		c, last = s.next()
		if c.fault != noFault || zeros {
			sound = rd.checkCell(c, row, cells) && sound
		}
	}
	if cells == 1 && len(rd.names) > 1 && !c.quoted && len(trim(s.text[c.from:c.to])) == 0 {
		return false
	}
	if sound && cells != len(rd.names) {
		rd.ragged(start, row, cells)
	}
	return true
}

// skipBlank steps over blank lines.
func (s *scanner) skipBlank() {
	for {
		start := s.pos
		if _, blank := s.skipRecord(); !blank {
			s.pos = start
			return
		}
	}
}

// checkCell reports a cell's fault; row 0 is the row of names.
func (rd *reader) checkCell(c cell, row, column int) (sound bool) {
	content := rd.text[c.from:c.to]
	message, remedy := "", ""
	switch {
	case c.fault == unclosed:
		message = "the quote that opens this cell is never closed"
		remedy = "close it, or double it where it belongs to the text"
	case c.fault == textAfterQuote:
		message = "text follows the quote that closes this cell"
		remedy = "double the quotes that belong to the text"
	case bytes.IndexByte(content, 0) >= 0:
		message = "the cell holds a NUL byte, so this is not text, or is damaged"
		remedy = "export the file again, or give its encoding"
	default:
		return true
	}
	rd.fault(c.from, survey.Problem{Row: row, Variable: rd.nameAt(column), Value: shorten(content), Message: message, Remedy: remedy})
	return false
}

// ragged reports a row with too few or too many cells.
func (rd *reader) ragged(start, row, cells int) {
	p := survey.Problem{Row: row,
		Message: fmt.Sprintf("the row has %s, the first line names %s",
			count(cells, "cell", "cells"), count(len(rd.names), "column", "columns")),
		Remedy: "put text that holds the delimiter in quotes"}
	if cells < len(rd.names) {
		p.Variable = rd.nameAt(cells)
		p.Remedy = "fill the row up with empty cells"
	}
	rd.fault(start, p)
}

// lineOf is the 1-based line of a place in the text.
func (rd *reader) lineOf(pos int) int {
	before := rd.text[:pos]
	crlf := bytes.Count(before, []byte("\r\n"))
	return 1 + bytes.Count(before, []byte("\n")) + bytes.Count(before, []byte("\r")) - crlf
}

// shorten is a cell's beginning, for a problem.
func shorten(b []byte) string {
	const most = 40
	runes := []rune(string(b[:min(len(b), utf8.UTFMax*(most+1))]))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

// count puts a number before the singular or plural.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
