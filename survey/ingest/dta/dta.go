// Package dta reads Stata files (.dta) of the formats 105 to 119, that is of
// Stata 5 to 18, in either byte order.
//
// Formats up to 115 are fields one after another; from 117 on the same fields
// are between tags. One pass reads both: header, dictionary, rows, long texts,
// value labels.
//
// What Stata keeps and a survey.Table does not (storage types, sort order,
// characteristics other than notes, further label languages, names of label sets) is ignored.
package dta

import (
	"io"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Read reads the Stata file of size bytes in r. The path appears in messages
// only, and Sources is left empty for the caller.
//
// Dates (%td, %d) become days and date-times (%tc, %tC) seconds, counted from
// 1970-01-01 as survey.Kind says; other periods (%tw, %tm, %tq, %th, %ty) stay
// numbers, as in R haven's read_dta. The missing values . and .a to .z are
// system-missing; notices list the latter with their labels. Text is read as
// UTF-8 from format 118 on and as windows-1252 before, unless it is valid UTF-8.
//
// Of columns that choose does not pick no values are kept; notices are the same.
//
// A file that is damaged or of another format gives survey.Problems that name
// the byte where reading stopped. What had to be guessed or left out is in
// the table's Notices.
func Read(r io.ReaderAt, size int64, path string, choose raw.Chooser) (*survey.Table, error) {
	return Blocks(r, size, path, choose, raw.Blocks{})
}

// Blocks is Read for a file that is never held as a whole: each gets the columns picked, a
// block of rows at a time in the file's order, and the table returned has none of their
// values. An error of each ends the reading.
func Blocks(r io.ReaderAt, size int64, path string, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	f := &file{Cursor: raw.NewCursor(r, size), src: r}
	f.readHeader()
	f.decode = each.Decoder(func() raw.Decoder { return f.decode })
	f.readDictionary()
	names := f.choose(choose)
	f.readRows(each)
	f.skipLongTexts()
	f.readLabels()
	if err := f.Err(); err != nil {
		return nil, raw.Problems(path, err)
	}
	t := &survey.Table{Rows: int(f.rows)}
	var tags raw.Tags
	for _, c := range f.columns {
		t.Variables = append(t.Variables, c.Variable)
		c.sink.finish()
		codes := f.labels[c.labelName]
		var labels [27]string
		place := make(map[survey.Value]int, len(codes))
		for _, k := range codes {
			if k.value >= firstMissingLabel {
				if i := k.value - firstMissingLabel; int(i) < len(labels) {
					labels[i] = k.label
				}
				continue
			}
			v := survey.NumberValue(fromFile(c.Kind, float64(k.value)))
			if i, again := place[v]; again {
				c.Codes[i].Label = k.label
				continue
			}
			place[v] = len(c.Codes)
			c.Codes = append(c.Codes, survey.Code{Value: v, Label: k.label})
		}
		for i, n := range c.tags {
			if i > 0 && (n > 0 || labels[i] != "") {
				tags.Add(c.Name, "."+string(rune('a'+i-1)), labels[i], n)
			}
		}
	}
	raw.NoteTags(&f.Notices, tags)
	raw.NoteText(&f.Notices, &f.decode)
	t.Notices = f.Notices
	return t.Only(names), nil
}

// file is a Stata file while it is read.
type file struct {
	*raw.Cursor
	src io.ReaderAt
	layout
	survey.Notices
	decode  raw.Decoder
	rows    int64
	columns []*column
	// rowBytes is the width of a row.
	rowBytes int
	labels   map[string][]code
}

// column is one variable and where its values are in a row.
type column struct {
	*survey.Variable
	storage
	offset    int
	labelName string
	kept      bool
	sink      sink
	tags      [27]int
}

// code is a labelled value as the file holds it.
type code struct {
	value int32
	label string
}

// choose marks the columns whose values are kept, and names them.
func (f *file) choose(choose raw.Chooser) []string {
	if f.Err() != nil {
		return nil
	}
	dictionary := &survey.Table{}
	for _, c := range f.columns {
		dictionary.Variables = append(dictionary.Variables, c.Variable)
	}
	names, picked := choose.Columns(dictionary)
	for _, c := range f.columns {
		c.kept = picked(c.Name)
	}
	return names
}

// text decodes a field that ends at a zero byte.
func (f *file) text(b []byte) string { return f.decode.Text(raw.UpToZero(b)) }
