package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"surveykit/survey"
	"surveykit/survey/ingest/platform"
)

// record is one of the first records of a text.
type record struct {
	at     int // where it starts in the text
	cells  []string
	filled int // cells that are not blank
}

func (r record) blank() bool { return r.filled == 0 }

// fewestRecords are examined to find the names, if the text has as many.
const fewestRecords = 25

// records reads the first records from a place in the beginning of the text; enough is
// false where more of the text must be read for that.
func (rd *reader) records(from int, whole bool) (out []record, enough bool) {
	s := newScanner(rd.text, rd.dialect)
	s.pos = from
	for s.pos < len(rd.text) && len(out) < headRows {
		r := record{at: s.pos}
		if r.cells = s.record(); s.pos == len(rd.text) && !whole {
			break
		}
		for _, c := range r.cells {
			if c != "" {
				r.filled++
			}
		}
		out = append(out, r)
	}
	return out, whole || len(out) >= fewestRecords
}

// begins is where the records begin: after the lines that the options leave out, and after
// a line sep=; that names the delimiter for Excel.
func (rd *reader) begins(o *survey.DelimitedOptions) (at int, separator byte) {
	skip := max(o.Skip, o.HeaderRow-1)
	for range skip {
		k := bytes.IndexAny(rd.text[at:], "\r\n")
		if k < 0 {
			return len(rd.text), 0
		}
		if at += k + 1; rd.text[at-1] == '\r' && at < len(rd.text) && rd.text[at] == '\n' {
			at++
		}
	}
	if line, _, _ := bytes.Cut(rd.text[at:], []byte("\n")); skip == 0 {
		said := bytes.Trim(line, "\" \r")
		if name, c, ok := bytes.Cut(said, []byte("=")); ok && bytes.EqualFold(name, []byte("sep")) && len(c) <= 1 {
			separator = '\t' // where Trim took it
			if len(c) == 1 {
				separator = c[0]
			}
			at = min(at+len(line)+1, len(rd.text))
		}
	}
	return at, separator
}

// above counts what is left out above the names.
type above struct{ titles, comments, blanks int }

// findNames finds the record with the names of the columns, and the export where a survey
// platform wrote the file. As in a sheet, it is the first with at least half as many cells
// as the widest; a line that is narrower than the rows is a title, too, where it has one
// cell or the names follow.
func (rd *reader) findNames(records []record, o *survey.DelimitedOptions) (at int, e *platform.Export, left above) {
	widest := 0
	for _, r := range records {
		widest = max(widest, r.filled)
	}
	width := rd.width(records)
	for i, r := range records {
		if r.blank() {
			left.blanks++
			continue
		}
		if e := rd.recognised(records[i:], o); e != nil {
			return i, e, left
		}
		narrow := len(r.cells) < width
		switch {
		case o.HeaderRow > 0:
			return i, nil, left
		case rd.isComment(r, width):
			left.comments++
		case 2*r.filled < widest, narrow && r.filled == 1, namesFollow(records[i:]):
			left.titles++
		case left.titles > 0 && !slices.ContainsFunc(r.cells, func(cell string) bool { return !isQuantity(cell) }):
			return firstFilled(records)
		default:
			return i, nil, left
		}
	}
	return firstFilled(records)
}

// firstFilled is where the names are if no line is a title.
func firstFilled(records []record) (at int, e *platform.Export, left above) {
	at = max(0, slices.IndexFunc(records, func(r record) bool { return !r.blank() }))
	return at, nil, above{blanks: at}
}

// allText reports whether all columns are known to be text, as those of a codebook are: no
// survey platform wrote them, and no row of them has labels.
func (rd *reader) allText(names []string) bool {
	return rd.asText != nil && !slices.ContainsFunc(names, func(name string) bool { return !rd.asText(name) })
}

// recognised is the export of a platform whose names the first record has, unless the
// options count other rows of names than it has.
func (rd *reader) recognised(records []record, o *survey.DelimitedOptions) *platform.Export {
	if rd.allText(records[0].cells) {
		return nil
	}
	rows := make([][]string, len(records))
	for i, r := range records {
		rows[i] = r.cells
	}
	e := platform.Recognise(rows)
	if e != nil && o.HeaderRows > 0 && o.HeaderRows != e.Header {
		return nil
	}
	return e
}

// width is the usual number of cells of the records with several.
func (rd *reader) width(records []record) (width int) {
	with := map[int]int{}
	for _, r := range records {
		n := len(r.cells)
		if with[n]++; n > 1 && (with[n] > with[width] || with[n] == with[width] && n > width) {
			width = n
		}
	}
	if 2*with[width] < len(records) {
		return 1
	}
	return width
}

// isComment reports whether a record that has not the cells of a row is a line that begins
// with #.
func (rd *reader) isComment(r record, width int) bool {
	return len(r.cells) != width && rd.text[r.at] == '#'
}

// namesFollow reports whether the first record is one of several narrow ones above a wider
// one with names: where the rows below have numbers it has words.
func namesFollow(records []record) bool {
	narrow := 0
	for i, r := range records[:min(len(records), fewestRecords)] {
		switch width := r.width(); {
		case i == 0 || width <= narrow:
			narrow = max(narrow, width)
		default:
			return isLabels(record{}, r, records[i+1:])
		}
	}
	return false
}

// width is the number of cells up to the last one that is filled.
func (r record) width() int {
	n := len(r.cells)
	for n > 0 && r.cells[n-1] == "" {
		n--
	}
	return n
}

// mostLabels is how many rows of labels may follow the names.
const mostLabels = 3

// labelRows counts the records after the names that are labels, not respondents.
func labelRows(names record, rest []record) int {
	for k := min(mostLabels, len(rest)); k > 0; k-- {
		all := true
		for _, r := range rest[:k] {
			all = all && isLabels(names, r, rest[k:])
		}
		if all {
			return k
		}
	}
	return 0
}

// isLabels reports whether a record has labels of the columns that later ones have
// answers in: where these have numbers or dates it has words, or it repeats the names. It
// is none where it has a number or date with the others, or an answer that comes again. A
// single letter under the same name is an answer.
func isLabels(names, r record, later []record) bool {
	words, repeats := 0, 0
	for j, cell := range r.cells {
		if cell == "" || usuallyMissing(cell) {
			continue
		}
		numbers, others := 0, 0
		for _, l := range later {
			switch {
			case j >= len(l.cells) || l.cells[j] == "" || usuallyMissing(l.cells[j]):
			case l.cells[j] == cell:
				return false
			case isQuantity(l.cells[j]):
				numbers++
			default:
				others++
			}
		}
		quantities := numbers > 1 && others == 0
		switch {
		case quantities && isQuantity(cell):
			return false
		case j < len(names.cells) && len(bare(cell)) > 1 && bare(cell) == bare(names.cells[j]):
			repeats++
		case quantities:
			words++
		}
	}
	return words+repeats > 1 && (words > 0 || 2*repeats >= r.filled)
}

// bare is a cell's letters and digits.
func bare(cell string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, cell)
}

// isQuantity reports whether a cell is a number or a date, in any notation.
func isQuantity(cell string) bool {
	if strings.IndexFunc(cell, unicode.IsDigit) < 0 {
		return false
	}
	if _, _, ok := ParseDate(cell); ok {
		return true
	}
	return strings.Trim(cell, "0123456789.,:/%+-()' \u00a0\u202f\u2212$€£¥") == ""
}

// noteAbove says what was left out above the names.
func (rd *reader) noteAbove(left above, line int) {
	var told []string
	for _, n := range []struct {
		n         int
		one, many string
	}{{left.titles, "title line", "title lines"}, {left.comments, "comment", "comments"}, {left.blanks, "blank line", "blank lines"}} {
		if n.n > 0 {
			told = append(told, count(n.n, n.one, n.many))
		}
	}
	if left.titles+left.comments > 0 {
		rd.Note(survey.NoticeUnread, nil, "the names of the columns are in line %d; left out above them: %s", line, strings.Join(told, ", "))
	}
}

// tailBytes is how much of the end of a text is examined for what follows the table,
// mostFooters how many lines of it are left out.
const (
	tailBytes   = 1 << 16
	mostFooters = 20
)

// footer leaves out what follows the table at the end of the text: comments, a line of
// words without cells, and after a blank line all lines without the cells of a row. Only
// lines without quotes are looked at, which are records for certain. The first cell of none
// is a number, so that the last row of a file that was cut off is no footer.
func (rd *reader) footer() error {
	if len(rd.names) < 2 {
		return nil
	}
	from := max(rd.pieces.at, rd.pieces.end-tailBytes)
	tail := make([]byte, rd.pieces.end-from)
	if _, err := rd.pieces.text.ReadAt(tail, from); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", rd.path, err)
	}
	end := len(tail)       // of the table, as far as is certain
	lines, waiting := 0, 0 // that are left out, and would be after a blank line
	for at, start := len(tail), 0; at > 0; at = start - 1 {
		if at < len(tail) && tail[at] == '\n' && tail[at-1] == '\r' {
			at--
		}
		start = bytes.LastIndexAny(tail[:at], "\r\n") + 1
		line := tail[start:at]
		quoted := rd.dialect.quote != 0 && bytes.IndexByte(line, rd.dialect.quote) >= 0
		if start == 0 && from > rd.pieces.at || quoted {
			break
		}
		if isBlank(line, rd.dialect.delimiter) {
			end, lines, waiting = start, lines+waiting, 0
			continue
		}
		if lines+waiting == mostFooters || !rd.follows(line) {
			break
		}
		if waiting == 0 && bytes.IndexByte(line, rd.dialect.delimiter) < 0 && isSentence(line) {
			end, lines = start, lines+1
		} else {
			waiting++
		}
	}
	if lines > 0 {
		rd.pieces.end = from + int64(end)
		rd.Note(survey.NoticeUnread, nil, "left out %s after the table", count(lines, "line", "lines"))
	}
	return nil
}

// follows reports whether a line can be none of the table's rows: it has too few cells, or
// words in the only one that is filled, and the first is not a number.
func (rd *reader) follows(line []byte) bool {
	cells := bytes.Split(line, []byte{rd.dialect.delimiter})
	only := bytes.TrimRight(line, string(rd.dialect.delimiter))
	if len(cells) >= len(rd.names) && (bytes.IndexByte(only, rd.dialect.delimiter) >= 0 || !isSentence(only)) {
		return false
	}
	return line[0] == '#' || !isQuantity(string(trim(cells[0])))
}

// isSentence reports whether a line is words: with a letter and a blank.
func isSentence(line []byte) bool {
	return bytes.IndexByte(trim(line), ' ') >= 0 && bytes.IndexFunc(line, unicode.IsLetter) >= 0
}

// isBlank reports whether a line has nothing but delimiters and blanks.
func isBlank(line []byte, delimiter byte) bool {
	for _, c := range line {
		if c != delimiter && c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}
