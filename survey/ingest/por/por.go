// Package por reads SPSS portable files (.por): text in lines of 80 characters,
// numbers in base 30, and a table of the characters of the machine that wrote it.
package por

import (
	"io"
	"math"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
	"surveykit/survey/ingest/sav"
)

// Read reads the portable file of size bytes in r. The path appears in messages
// only, and Sources is left empty for the caller.
//
// Dates become days, date-times and times seconds, counted from 1970-01-01 as
// survey.Kind says; labels and missing values are converted with them. LO and HI
// in a missing range become infinities. Text loses its trailing blanks; a text of
// blanks only is the empty text, which is a value. Characters beyond ASCII are
// read as UTF-8 where they are valid UTF-8, and as windows-1252 elsewhere.
//
// A number is the nearest float64 to the one in the file. The file may have fewer
// digits than SPSS had: it usually keeps about 16 significant ones.
//
// A file that is damaged or of another format gives survey.Problems that name
// the byte where reading stopped. What had to be guessed or left out is in
// the table's Notices.
func Read(r io.ReaderAt, size int64, path string) (*survey.Table, error) {
	f := &file{scanner: newScanner(io.NewSectionReader(r, 0, size)), names: raw.Names{}, byName: map[string]*column{}}
	f.decode = raw.Decoder{Encoding: charmap.Windows1252, Guess: true}
	f.take(200) // the words "SPSS PORT FILE" in five character sets
	translate(&f.ascii, f.take(256))
	if got := string(f.take(len(signature))); f.err == nil && got != signature {
		f.err = &raw.Fault{At: f.at, Message: "this is not an SPSS portable file: SPSSPORT does not follow its first 456 characters",
			Remedy: "check that the file is a .por file"}
	}
	if version := f.next(); f.err == nil && version != 'A' {
		f.damage("the version is %q, not A", rune(version))
	}
	f.str() // date
	f.str() // time
	f.readRecords()
	for f.err == nil && f.peek() != 'Z' {
		for _, c := range f.columns {
			if c.IsText() {
				c.texts.Add(raw.TrimBlanks(f.str()))
				continue
			}
			c.Numbers.Append(f.value(c).Number)
		}
		f.rows++
	}
	if f.err != nil {
		return nil, raw.Problems(path, f.err)
	}
	t := &survey.Table{Rows: f.rows, Weight: f.weight}
	for _, c := range f.columns {
		if c.IsText() {
			c.Texts = c.texts.Column()
		}
		t.Variables = append(t.Variables, c.Variable)
	}
	raw.NoteText(&f.Notices, &f.decode)
	t.Notices = f.Notices
	return t, nil
}

// file is a portable file while it is read.
type file struct {
	*scanner
	survey.Notices
	decode  raw.Decoder
	names   raw.Names
	columns []*column
	byName  map[string]*column
	weight  string
	rows    int
}

// column is one variable; texts is nil for a number.
type column struct {
	*survey.Variable
	texts *raw.Texts
}

// value reads a value in the unit of the column's kind.
func (f *file) value(c *column) survey.Value {
	if c.IsText() {
		return survey.TextValue(f.text())
	}
	return survey.NumberValue(sav.Unit(c.Kind, f.number()))
}

// text reads a text without its padding.
func (f *file) text() string { return f.decode.Text(raw.TrimBlanks(f.str())) }

const signature = "SPSSPORT"

// positions are the characters in the table's order; a blank has none.
const positions = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" +
	" .<(+|&[]!$*);^-/|,%_>?`: @'=\"      ~                     {}\\"

// firstPosition is the place of 0 in the table. A character that the machine
// does not have is another 0 in the table.
const firstPosition = 64

// translate fills ascii with what the file's characters mean.
func translate(ascii *[256]byte, table []byte) {
	if len(table) < 256 {
		return
	}
	known := map[byte]bool{}
	for i, c := range []byte(positions) {
		b := table[firstPosition+i]
		missing := c != '0' && b == table[firstPosition]
		reserved := c == ' ' && i != len("0123456789")+2*26
		if !missing && !reserved && !known[b] {
			ascii[b], known[b] = c, true
		}
	}
}

// readRecords reads records by their tags, up to the tag of the data.
func (f *file) readRecords() {
	var last *column
	for f.err == nil {
		switch tag := f.next(); tag {
		case '1', '2', '3': // product, author, further product
			f.str()
		case '4', '5': // number of variables, precision
			f.integer("a count")
		case '6':
			f.weight = f.text()
		case '7':
			last = f.readVariable()
		case '8', '9', 'A', 'B', 'C':
			if last == nil {
				f.damage("a record %c comes before the first variable", tag)
				return
			}
			infinite := math.Inf(1)
			switch tag {
			case '8':
				v := f.value(last)
				last.Missing = append(last.Missing, survey.Missing{Low: v.Number, High: v.Number, Text: v.Text, IsText: v.IsText})
			case '9':
				last.addRange(-infinite, f.value(last).Number)
			case 'A':
				last.addRange(f.value(last).Number, infinite)
			case 'B':
				low := f.value(last).Number
				last.addRange(low, f.value(last).Number)
			case 'C':
				last.Label = f.text()
			}
		case 'D':
			f.readLabels()
		case 'E':
			var lines []string
			for n := f.count("lines of a document"); n > 0 && f.err == nil; n-- {
				lines = append(lines, f.text())
			}
			f.Note(survey.NoticeRemark, nil, "document: %s", strings.Join(lines, "\n"))
		case 'F':
			if len(f.columns) == 0 {
				f.damage("the file has no variables")
			}
			if c := f.byName[f.weight]; f.weight != "" && (c == nil || c.IsText()) {
				f.damage("the weight is %q, which is not a numeric variable", f.weight)
			}
			return
		default:
			f.damage("there is no record %q", rune(tag))
		}
	}
}

// count reads a number of things.
func (f *file) count(what string) int {
	n := f.integer("the number of " + what)
	if n < 0 {
		f.damage("the number of %s is %d", what, n)
	}
	if f.err != nil {
		return 0
	}
	return n
}

// SPSS numbers the formats of dates and times, 20 and up in a system file,
// from 102 in a portable one; PSPP writes the numbers of system files.
const (
	lateFormats     = 82
	firstLateFormat = 20 + lateFormats
)

func (f *file) readVariable() *column {
	width := f.integer("a text's width")
	name := f.text()
	var formats [6]int // for print and for write: type, width, decimals
	for i := range formats {
		formats[i] = f.integer("a format")
	}
	if f.err == nil && (width < 0 || width > 255) {
		f.damage("variable %q has the width %d, not 0 to 255", name, width)
	}
	if f.err != nil {
		return nil
	}
	v := &survey.Variable{Name: f.names.Free(name, len(f.columns)+1, &f.Notices)}
	c := &column{Variable: v}
	if formats[0] >= firstLateFormat {
		formats[0] -= lateFormats
	}
	v.Format, v.Kind = sav.Display(byte(formats[0]), byte(formats[1]), byte(formats[2]))
	if width > 0 {
		v.Kind, c.texts = survey.Text, raw.NewTexts(&f.decode, 0)
	} else {
		v.Numbers = &survey.NumberColumn{}
	}
	f.columns = append(f.columns, c)
	f.byName[v.Name] = c
	return c
}

// addRange declares a range of numbers as missing; SPSS has no ranges of texts.
func (c *column) addRange(low, high float64) {
	if !c.IsText() {
		c.Missing = append(c.Missing, survey.Missing{Low: low, High: high})
	}
}

// readLabels reads value labels and the variables that they are for, all of the
// first one's kind.
func (f *file) readLabels() {
	var columns []*column
	for range f.count("variables with labels") {
		name := f.text()
		c := f.byName[name]
		if c == nil {
			f.damage("labels belong to %q, which is not a variable", name)
		}
		if f.err != nil {
			return
		}
		if columns = append(columns, c); c.IsText() != columns[0].IsText() {
			f.damage("labels belong to %s and %s, of which one is a text and one a number", columns[0].Name, c.Name)
		}
	}
	if f.err == nil && len(columns) == 0 {
		f.damage("labels belong to no variable")
	}
	for n := f.count("labels"); n > 0 && f.err == nil; n-- {
		at := survey.Value{IsText: columns[0].IsText()}
		if at.IsText {
			at.Text = f.text()
		} else {
			at.Number = f.number()
		}
		label := f.text()
		for _, c := range columns {
			v := at
			if !v.IsText {
				v.Number = sav.Unit(c.Kind, v.Number)
			}
			i := slices.IndexFunc(c.Codes, func(code survey.Code) bool { return code.Value == v })
			if i < 0 {
				c.Codes = append(c.Codes, survey.Code{Value: v, Label: label})
			} else {
				c.Codes[i].Label = label // the last one holds
			}
		}
	}
}
