// Package por reads SPSS portable files (.por): text in lines of 80 characters,
// numbers in base 30, and a table of the characters that the writing machine had.
package por

import (
	"io"

	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
	"surveykit/survey/ingest/sav"
)

// Read reads the portable file of size bytes in r. The path stands in messages
// only, and Sources is left empty for the caller.
//
// Dates become days, date-times and times seconds, counted from 1970-01-01 as
// survey.Kind says; labels and missing values are converted with them. LO and HI
// in a missing range become infinities. Text loses its trailing blanks; a text of
// blanks only is the empty text, which is a value. Characters beyond ASCII are
// read as UTF-8 where they are valid UTF-8, and as windows-1252 elsewhere.
//
// A number is as near to what the file says as a float64 can be. The file itself
// may say less than SPSS knew: it usually keeps about 16 significant digits.
//
// A file that is damaged or of another format gives survey.Problems that name
// the byte where reading stopped. What had to be guessed or left out stands in
// the table's Notices.
func Read(r io.ReaderAt, size int64, path string) (*survey.Table, error) {
	f := &file{scanner: newScanner(io.NewSectionReader(r, 0, size)), names: raw.Names{}, byName: map[string]*column{}}
	f.decode = raw.Decoder{Encoding: charmap.Windows1252, Guess: true}
	f.readHeader()
	f.readRecords()
	f.readRows()
	if f.err != nil {
		return nil, raw.Problems(path, f.err)
	}
	return f.table(), nil
}

// file is a portable file on its way to becoming a table.
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

func (f *file) table() *survey.Table {
	t := &survey.Table{Rows: f.rows, Weight: f.weight}
	for _, c := range f.columns {
		if c.IsText() {
			c.Texts = c.texts.Column()
		}
		t.Variables = append(t.Variables, c.Variable)
	}
	raw.NoteText(&f.Notices, &f.decode)
	t.Notices = f.Notices
	return t
}

// readRows reads case after case, up to the Z that fills the last line.
func (f *file) readRows() {
	for f.err == nil && f.peek() != 'Z' {
		for _, c := range f.columns {
			if c.IsText() {
				c.texts.Add(raw.TrimBlanks(f.str()))
				continue
			}
			c.Numbers = append(c.Numbers, f.value(c).Number)
		}
		f.rows++
	}
}

// value reads a value as the column's kind has it.
func (f *file) value(c *column) survey.Value {
	if c.IsText() {
		return survey.TextValue(f.text())
	}
	return survey.NumberValue(sav.Unit(c.Kind, f.number()))
}

// text reads a text without its padding.
func (f *file) text() string { return f.decode.Text(raw.TrimBlanks(f.str())) }
