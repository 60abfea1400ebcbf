// Package delimited reads and writes surveys as delimited text: one record a
// line, a line that names the columns before them. Delimiter, quote, escape, encoding,
// decimal mark, the line of names and rows of labels after it are recognised, and options
// override them.
//
// A column is numeric where all its cells are plain numbers, or numbers in one other
// notation: 1,234, 1.234,50, $5, 45%, (5). A code such as 007 and an integer beyond 2^53
// make it text, because a number would not be what the file has. Dates and times become
// dates where the column has nothing else; the order of day and month is the one that all
// cells allow. An empty or blank cell is missing, and so are NA, N/A, ".", "-", NaN, NULL
// and the like, unless they are in quotes where just texts are. Titles, comments, blank
// lines and what follows the table are left out. The table's notices say what had to be
// decided.
package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/ingest/platform"
	"surveykit/survey/ingest/raw"
)

// Read reads a survey of size bytes from r; path appears in problems only. Options
// override what is otherwise recognised; nil overrides nothing. A file of column
// names without rows gives a table without rows. The error is
// survey.Problems where the file is damaged: an unclosed quote, rows with too
// few or too many cells, NUL bytes, names that are missing.
func Read(r io.ReaderAt, size int64, path string, options *survey.DelimitedOptions) (*survey.Table, error) {
	return ReadAs(r, size, path, options, nil, nil)
}

// ReadAs is Read for a caller who knows which columns are text, whatever their
// cells look like: those for whose names asText returns true. The cells of columns
// that choose does not pick are not read, where the first line names every column and
// no survey platform wrote the file; otherwise all are read.
func ReadAs(r io.ReaderAt, size int64, path string, options *survey.DelimitedOptions, asText func(name string) bool, choose raw.Chooser) (*survey.Table, error) {
	return Blocks(r, size, path, As{options, asText, choose}, raw.Blocks{})
}

// reader is a text while it is read.
type reader struct {
	path    string
	text    []byte // the beginning, with the names
	pieces  pieces // the rows
	dialect dialect
	head    int // where the row of names starts
	names   []string
	asText  func(name string) bool // nil where nothing is known of the columns
	labels  []string               // nil where the file has none
	export  *platform.Export       // nil where no survey platform wrote the file
	rows    int                    // that were read
	lines   int                    // that were read
	left    left                   // of these
	faults  faults
	survey.Notices
}

// read reads the table of a text. The error is errNotUTF8 where the text must be
// decoded.
func (rd *reader) read(c content, options *survey.DelimitedOptions, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	if c.err != nil {
		return nil, c.err
	}
	if c.notice != "" {
		rd.Note(survey.NoticeEncoding, nil, "%s", c.notice)
	}
	// Line ends after the last row are not rows.
	rd.pieces = pieces{text: c.text, end: c.trimmed(), least: pieceBytes}
	if err := rd.begin(options); err != nil {
		return nil, err
	}
	rd.findQuotes()
	if err := rd.decimalMark(options.DecimalComma); err != nil {
		return nil, err
	}
	if told := rd.dialect.unusual(c.encoding); told != "" {
		rd.Note(survey.NoticeDialect, nil, "the text was read with %s", told)
	}
	return rd.table(choose, each)
}

// begin reads the beginning of the text: its dialect, where the table is, and its names.
func (rd *reader) begin(options *survey.DelimitedOptions) error {
	var records []record
	for size, enough := int64(pieceBytes), false; !enough; size *= 2 {
		rd.text = make([]byte, min(size, rd.pieces.end))
		if _, err := rd.pieces.text.ReadAt(rd.text, 0); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: %w", rd.path, err)
		}
		at, separator := rd.begins(options)
		rd.dialect = newDialect(rd.text[at:], options)
		if separator != 0 && options.Delimiter == "" {
			rd.dialect.delimiter = separator
		}
		records, enough = rd.records(at, size >= rd.pieces.end)
	}
	if len(bytes.TrimSpace(rd.text)) == 0 {
		return survey.Problems{{File: rd.path, Message: "the file is empty",
			Remedy: "export it again, with the columns' names in the first line"}}
	}
	at, export, left := rd.findNames(records, options)
	if at >= len(records) {
		return survey.Problems{{File: rd.path, Message: "no line is left for the names of the columns",
			Remedy: "give fewer lines to skip"}}
	}
	rd.head = records[at].at
	rd.noteAbove(left, lineEnds(rd.text[:rd.head])+1)
	s := newScanner(rd.text, rd.dialect)
	s.pos = rd.head
	if export != nil {
		rd.readExport(&s, export)
	} else {
		rd.readNames(&s)
		rd.readLabels(&s, records[at], records[at+1:], options.HeaderRows)
	}
	if !utf8.Valid(rd.text[:s.pos]) {
		return errNotUTF8
	}
	rd.pieces.dialect, rd.pieces.at, rd.lines = rd.dialect, int64(s.pos), lineEnds(rd.text[:s.pos])
	return rd.footer()
}

// faults collects the first problems of a text, and counts the others.
type faults struct {
	list survey.Problems
	more int
}

const mostFaults = 20

func (f *faults) add(p survey.Problem) {
	if len(f.list) == mostFaults {
		f.more++
		return
	}
	f.list = append(f.list, p)
}

func (f *faults) err() error {
	if f.more == 0 {
		return f.list.Err()
	}
	return append(f.list, survey.Problem{File: f.list[0].File,
		Message: count(f.more, "more problem", "more problems") + " of this kind"})
}

// fault adds a problem at a place in the beginning of the text.
func (rd *reader) fault(pos int, p survey.Problem) {
	p.File, p.Line = rd.path, lineEnds(rd.text[:pos])+1
	rd.faults.add(p)
}

// faultOf is a cell's fault, nil where there is none.
func (s *scanner) faultOf(c cell) *survey.Problem {
	content := s.text[c.from:c.to]
	p := &survey.Problem{Value: shorten(content)}
	switch {
	case c.fault == unclosed:
		p.Message = "the quote that opens this cell is never closed"
		p.Remedy = "close it, or double it where it is part of the text"
	case c.fault == textAfterQuote:
		p.Message = "text follows the quote that closes this cell"
		p.Remedy = "double the quotes that are part of the text"
	case bytes.IndexByte(content, 0) >= 0:
		p.Message = "the cell has a NUL byte: the file is not text, or is damaged"
		p.Remedy = "export the file again, or give its encoding"
	default:
		return nil
	}
	return p
}

// checkHead reports the fault of a cell among the names.
func (rd *reader) checkHead(s *scanner, c cell, column int) {
	if p := s.faultOf(c); p != nil {
		p.Variable = rd.nameAt(column)
		rd.fault(c.from, *p)
	}
}

// shorten is the beginning of a cell, for a message.
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

// readNames reads the first row. A row of numbers only is refused: it is a
// respondent.
func (rd *reader) readNames(s *scanner) {
	var scratch []byte
	numbers := 0
	for last := false; !last; {
		var c cell
		c, last = s.next()
		name := trim(s.content(c, &scratch))
		if _, v := parseNumber(name, '.'); v != notNumber {
			numbers++
		}
		rd.names = append(rd.names, string(name))
		rd.checkHead(s, c, len(rd.names)-1)
	}
	rd.renameTwins()
	if numbers == len(rd.names) {
		rd.fault(rd.head, survey.Problem{
			Message: "the first line holds numbers, not the names of the columns",
			Remedy:  "put a line with a name for each column first"})
	}
}

// readExport reads the header rows of a survey platform's export.
func (rd *reader) readExport(s *scanner, e *platform.Export) {
	rd.export, rd.names, rd.labels = e, e.Names(), e.Labels()
	rd.checkRows(s, e.Header)
	rd.renameTwins()
	rd.Note(survey.NoticeDialect, nil, "%s", e.Notice())
}

// readLabels reads the rows of labels after the names: as many as the options say, else
// those that can be no respondents.
func (rd *reader) readLabels(s *scanner, names record, rest []record, headerRows int) {
	n := headerRows - 1
	if headerRows == 0 && !rd.allText(rd.names) {
		n = labelRows(names, rest)
	}
	if n = min(n, len(rest)); n <= 0 {
		return
	}
	rd.labels = make([]string, len(rd.names))
	for _, r := range rest[:n] {
		for j := range min(len(r.cells), len(rd.names)) {
			if cell := r.cells[j]; cell != "" && cell != rd.labels[j] && cell[0] != '{' {
				rd.labels[j] = strings.TrimPrefix(rd.labels[j]+" – "+cell, " – ")
			}
		}
	}
	rd.checkRows(s, n)
	if headerRows == 0 {
		rd.Note(survey.NoticeDialect, nil, "%s after the names has the columns' labels, because it has words where the others have numbers or dates, or repeats the names; to read it as a respondent, set the option header_rows to 1", rows(n))
	}
}

func rows(n int) string {
	if n == 1 {
		return "the row"
	}
	return fmt.Sprintf("each of the %d rows", n)
}

// checkRows steps over rows at the top and reports the faults of their cells.
func (rd *reader) checkRows(s *scanner, rows int) {
	for range rows {
		column := 0
		for last := false; !last; column++ {
			var c cell
			c, last = s.next()
			rd.checkHead(s, c, column)
		}
	}
}

// record reads the cells of a whole record.
func (s *scanner) record() []string {
	var scratch []byte
	var cells []string
	for {
		c, last := s.next()
		cells = append(cells, string(trim(s.content(c, &scratch))))
		if last {
			return cells
		}
	}
}

// left counts what is left out between the rows.
type left struct {
	blanks, comments int // lines
	longer           int // rows that end in more delimiters than the names have
}

func (l *left) add(more left) {
	l.blanks, l.comments, l.longer = l.blanks+more.blanks, l.comments+more.comments, l.longer+more.longer
}

func (rd *reader) noteLeft() {
	if n := rd.left.blanks; n > 0 {
		rd.Note(survey.NoticeUnread, nil, "skipped %s", count(n, "blank line", "blank lines"))
	}
	if n := rd.left.comments; n > 0 {
		rd.Note(survey.NoticeUnread, nil, "left out %s that begin with # and have not the cells of a row", count(n, "line", "lines"))
	}
	if n := rd.left.longer; n > 0 {
		rd.Note(survey.NoticeUnread, nil, "%s end in more delimiters than the line of names: the empty cells after the last column were left out", count(n, "row", "rows"))
	}
}

// named names the columns without a name: those without values are left out
// (delimiters at the ends of lines), and one with values takes its position (the row
// numbers of R and pandas). More of them are a fault, because the first line is then
// hardly the names.
func (rd *reader) named(all []*survey.Variable) []*survey.Variable {
	var kept []*survey.Variable
	var nameless []string
	for j, v := range all {
		if v.Name == "" {
			if !hasValues(v) {
				continue
			}
			v.Name = unnamed(j)
			nameless = append(nameless, v.Name)
		}
		kept = append(kept, v)
	}
	if dropped := len(all) - len(kept); dropped > 0 {
		rd.Note(survey.NoticeUnread, nil, "left out %s without a name or a value", count(dropped, "column", "columns"))
	}
	if len(nameless) > 1 || len(kept) == 0 || len(nameless) == 1 && slices.Contains(rd.names, nameless[0]) {
		rd.fault(rd.head, survey.Problem{Variable: raw.Listed(nameless),
			Message: "the first line does not name every column", Remedy: "put a line with a name for each column first"})
	} else if len(nameless) == 1 {
		rd.Note(survey.NoticeRenamed, nameless, "a column without a name is called %s", nameless[0])
	}
	return kept
}

// unnamed is the name of a column without one.
func unnamed(j int) string { return fmt.Sprintf("column_%d", j+1) }

func hasValues(v *survey.Variable) bool {
	for i := range v.Len() {
		if _, ok := v.At(i); ok {
			return true
		}
	}
	return false
}

// renameTwins renames columns that have the name of a column before them. Where these are
// more than the others, the line is hardly the names.
func (rd *reader) renameTwins() {
	taken, twins := raw.Names{}, []int{}
	for j, name := range rd.names {
		if name != "" && taken[name] {
			twins = append(twins, j)
		}
		taken[name] = true
	}
	if 2*len(twins) > len(rd.names) {
		rd.fault(rd.head, survey.Problem{Variable: rd.nameAt(twins[0]), Message: fmt.Sprintf("%d of %d columns have the name of another column", len(twins), len(rd.names)),
			Remedy: "put a line with a name for each column first"})
		return
	}
	var renamed survey.Notices
	var names []string
	for _, j := range twins {
		rd.names[j] = taken.Free(rd.names[j], j+1, &renamed)
		names = append(names, rd.names[j])
		if rd.export != nil {
			rd.export.Columns[j].Name = rd.names[j]
		}
	}
	if len(names) > 0 {
		rd.Note(survey.NoticeRenamed, names, "columns with the name of another one are read under another: %s", raw.Listed(names))
	}
}

// nameAt is the shortened name of a column for messages, or its number where it has
// none.
func (rd *reader) nameAt(column int) string {
	if column < len(rd.names) && rd.names[column] != "" {
		return shorten([]byte(rd.names[column]))
	}
	return fmt.Sprint(column + 1)
}

// table reads the columns that are picked and makes variables of them.
func (rd *reader) table(choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	twice := false // a name that a column without one would get
	for j, name := range rd.names {
		twice = twice || name == "" && slices.Contains(rd.names, unnamed(j))
	}
	if each.Each != nil && (rd.export != nil || len(rd.names) == 1 || twice) {
		return nil, raw.ErrWhole
	}
	if rd.export != nil || slices.Contains(rd.names, "") {
		choose = nil
	}
	dictionary := &survey.Table{}
	for _, name := range rd.names {
		dictionary.Variables = append(dictionary.Variables, &survey.Variable{Name: name, Kind: survey.Number})
	}
	names, picked := choose.Columns(dictionary)
	columns, err := rd.columns(picked, each)
	if err != nil {
		return nil, err
	}
	variables := dictionary.Variables
	rd.findOrder(columns)
	if rd.dialect.order == unknownOrder && rd.export != nil && rd.export.MonthFirst {
		rd.dialect.order = monthFirst
	}
	for j, c := range columns {
		if c == nil {
			continue
		}
		variables[j] = c.variable(&rd.dialect)
		c.made = variables[j]
		variables[j].Name = rd.names[j]
		if j < len(rd.labels) {
			variables[j].Label = rd.labels[j]
		}
		if c.listed {
			variables[j].Rows = c.counts
		}
	}
	if choose == nil {
		variables = rd.named(variables)
	}
	t := (&survey.Table{Rows: rd.rows, Variables: variables}).Only(names)
	if err := rd.faults.err(); err != nil {
		return nil, err
	}
	if t.Rows == 0 {
		rd.Note(survey.NoticeUnread, nil, "the file names columns but has no rows")
	}
	rd.noteMissing(columns)
	rd.noteAmounts(columns)
	rd.noteDates(columns)
	rd.noteNearlyNumbers(t, columns)
	rd.noteOneColumn(t)
	t.Notices = rd.Notices
	if rd.export != nil {
		t = rd.export.Apply(t, rd.knownText)
	}
	return t, nil
}

// columns reads the cells of the columns that are picked; the others are nil. A column
// of many numbers that turns out to be text is read once more.
func (rd *reader) columns(picked func(name string) bool, each raw.Blocks) ([]*column, error) {
	// About as many rows as the beginning has by its size.
	rows := each.Room(int64((lineEnds(rd.text) - rd.lines + 1) * int(rd.pieces.end) / (len(rd.text) + 1)))
	all := make([]*column, len(rd.names))
	for j, name := range rd.names {
		if picked(name) {
			all[j] = newColumn(rd.knownText(name), rd.dialect.pointDoubt, rows)
		}
	}
	again := *rd
	if err := rd.fill(all, each); err != nil {
		return nil, err
	}
	if err := rd.faults.err(); err != nil {
		return nil, err
	}
	rd.noteLeft()
	late := make([]*column, len(all))
	for j, c := range all {
		if c != nil && c.words {
			late[j] = newColumn(false, true, rows)
			all[j] = late[j]
		}
	}
	if !slices.ContainsFunc(late, func(c *column) bool { return c != nil }) {
		return all, nil
	}
	if each.Each != nil { // the others once more, too
		each.Restart()
		for j, c := range all {
			if c != nil && c != late[j] {
				all[j] = newColumn(c.text, rd.dialect.pointDoubt, rows)
			}
		}
		late = all
	}
	return all, again.fill(late, each)
}

func (rd *reader) knownText(name string) bool { return rd.asText != nil && rd.asText(name) }

// noteMissing says what was read as missing besides empty cells, and in which columns.
func (rd *reader) noteMissing(columns []*column) {
	in := map[string][]string{} // of each token
	var names []string
	for j, c := range columns {
		if c == nil || len(c.missing) == 0 {
			continue
		}
		names = append(names, rd.nameAt(j))
		for token, n := range c.missing {
			in[token] = append(in[token], rd.nameAt(j)+" ("+count(n, "cell", "cells")+")")
		}
	}
	var told []string
	for _, token := range slices.Sorted(maps.Keys(in)) {
		told = append(told, fmt.Sprintf("%q in %s", token, raw.Listed(in[token])))
	}
	if len(told) > 0 {
		rd.Note(survey.NoticeMissing, names, "read as missing: %s", strings.Join(told, "; "))
	}
}

// noteOneColumn says where a text that was read as one column may have more of them.
func (rd *reader) noteOneColumn(t *survey.Table) {
	if len(t.Variables) != 1 || !t.Variables[0].IsText() {
		return
	}
	texts := t.Variables[0].Texts
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		with := 0
		for _, k := range texts.Index.All() {
			if k >= 0 && strings.IndexByte(texts.Values[k], delimiter) >= 0 {
				with++
			}
		}
		if with > 0 && 2*with >= t.Rows && delimiter != rd.dialect.delimiter {
			rd.Note(survey.NoticeDialect, t.Names(), "the text was read as one column, but %d of its %d rows have %s: if that is between cells, set the options delimiter and header_row", with, t.Rows, nameOf(delimiter))
		}
	}
}

// noteNearlyNumbers names the text columns in which most values are numbers: these
// were hardly meant to be text.
func (rd *reader) noteNearlyNumbers(t *survey.Table, columns []*column) {
	for _, v := range t.Variables {
		if !v.IsText() || rd.knownText(v.Name) {
			continue
		}
		number := make([]bool, len(v.Texts.Values))
		for k, s := range v.Texts.Values {
			_, kind := parseNumber(s, rd.dialect.decimal)
			number[k] = kind == plainNumber
		}
		others, all, first := 0, 0, 0 // first is the row of the first of the others
		for i, k := range v.Texts.Index.All() {
			if k < 0 {
				continue
			}
			if all += v.Count(i); number[k] {
				continue
			}
			if others == 0 {
				first = i
			}
			others += v.Count(i)
		}
		j := slices.IndexFunc(columns, func(c *column) bool { return c != nil && c.made == v })
		if others > 0 && j >= 0 && columns[j].listed {
			first = columns[j].firsts[first]
		}
		if others > 0 && 2*others < all {
			rd.Note(survey.NoticeMixed, []string{v.Name}, "%s is text: %s of its %s values are not plain numbers, first in row %s", v.Name, survey.FormatCount(others), survey.FormatCount(all), survey.FormatCount(first+1))
		}
	}
}
