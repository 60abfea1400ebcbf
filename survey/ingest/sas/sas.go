// Package sas reads SAS data sets (.sas7bdat: plain, or compressed by
// COMPRESS=CHAR or BINARY; either byte order; 32 and 64 bits), SAS transport
// files (.xpt, versions 5 and 8) and the value labels in format catalogs
// (.sas7bcat).
//
// The maker of SAS publishes the layout of transport files only. That of data
// sets and catalogs is known from files: what stands here agrees with the "SAS7BDAT
// Database Binary Format" of M. Shotwell and C. Cummins and with the files that the
// tests read.
package sas

import (
	"bytes"
	"io"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Read reads the SAS data set or transport file of size bytes in r. The path
// stands in messages only, and Sources is left empty for the caller.
//
// Dates become days, date-times and times seconds, counted from 1970-01-01 as
// survey.Kind says. The missing values . and ._ and .A to .Z are system-missing;
// notices list the latter. Text loses its trailing blanks; a text of blanks only is
// the empty text, a value, as R haven's read_sas has it. A format's name is kept
// with width and decimals (DATE9, COMMA10.2), and labels are in a catalog: see
// ReadCatalog. Of a transport file with several data sets the first one is read.
//
// A file that is damaged, encrypted or of another format gives survey.Problems
// that name the byte where reading stopped. What had to be guessed or left out
// stands in the table's Notices.
func Read(r io.ReaderAt, size int64, path string) (*survey.Table, error) {
	start := make([]byte, min(size, int64(len(transport))))
	if _, err := r.ReadAt(start, 0); err != nil && err != io.EOF {
		return nil, raw.Problems(path, err)
	}
	read := readData
	if bytes.Equal(start, []byte(transport)) {
		read = readTransport
	}
	t, err := read(r, size)
	if err != nil {
		return nil, raw.Problems(path, err)
	}
	return t, nil
}

// readData reads a .sas7bdat: the pages once for the dictionary, which may be
// spread over them, and once for the rows.
func readData(r io.ReaderAt, size int64) (*survey.Table, error) {
	h, err := readHeader(r, size, "DATA")
	if err != nil {
		return nil, err
	}
	f := &dataFile{header: h}
	f.decode = f.decoder()
	if err := f.eachPage(f.readDictionary); err != nil {
		return nil, err
	}
	if err := f.resolve(); err != nil {
		return nil, err
	}
	if err := f.loadRows(); err != nil {
		return nil, err
	}
	return f.table(f.columns), nil
}

// column is one variable and where its values stand in a row.
type column struct {
	*survey.Variable
	offset, width int
	texts         *raw.Texts
	tags          map[string]int
}

// read takes the variable's value out of a row, a number by way of number.
func (c *column) read(row []byte, number func([]byte) (x float64, tag string)) {
	cell := row[c.offset : c.offset+c.width]
	if c.texts != nil {
		c.texts.Add(raw.TrimBlanks(cell))
		return
	}
	x, tag := number(cell)
	if tag != "" {
		c.tags[tag]++
	}
	c.Numbers = append(c.Numbers, fromFile(c.Kind, x))
}

// start makes room for rows.
func (c *column) start(d *raw.Decoder, capacity int) {
	if c.IsText() {
		c.texts = raw.NewTexts(d, capacity)
		return
	}
	c.tags = map[string]int{}
	c.Numbers = make([]float64, 0, capacity)
}

// notes are what both kinds of file collect for people.
type notes struct {
	survey.Notices
	decode raw.Decoder
}

// table is the finished table.
func (n *notes) table(columns []*column) *survey.Table {
	t := &survey.Table{}
	var tags raw.Tags
	for _, c := range columns {
		if c.texts != nil {
			c.Texts = c.texts.Column()
		}
		for _, name := range specialMissing {
			if rows := c.tags[name]; rows > 0 {
				tags.Add(c.Name, name, "", rows)
			}
		}
		t.Variables = append(t.Variables, c.Variable)
		t.Rows = c.Len()
	}
	raw.NoteTags(&n.Notices, tags)
	raw.NoteText(&n.Notices, &n.decode)
	t.Notices = n.Notices
	return t
}
