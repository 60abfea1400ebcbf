// Package sav reads and writes SPSS system files: .sav, plain or byte-code
// compressed, and .zsav, compressed with zlib.
//
// A file is a header, dictionary records of many kinds, and the cases. The
// records are read first and in one go, because the one that names the
// character encoding comes after the text that it applies to; the dictionary
// is then resolved in a fixed order, and the cases stream through a block of a
// few rows into typed columns.
//
// What SPSS keeps and a survey.Table does not (roles, custom attributes,
// variable sets, display widths, write formats) is ignored.
package sav

import (
	"errors"
	"io"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Read reads the SPSS system file of size bytes in r. The path appears in
// messages only, and Sources is left empty for the caller.
//
// Dates become days, date-times and times seconds, counted from 1970-01-01 as
// survey.Kind says; labels and missing rules are converted with them. Quarters,
// months and weeks (QYR, MOYR, WKYR) are dates too, by their first day; WKDAY and
// MONTH stay numbers. LO and HI in a missing range become infinities.
//
// Text loses its trailing blanks, and text of blanks only is the empty text: a
// value, not missing, as in R haven's read_sav, because SPSS has no
// system-missing text.
//
// Of columns that choose does not pick no values are kept; notices are the same.
//
// A file that is damaged, encrypted or of another format gives survey.Problems
// that name the byte where reading stopped. What had to be guessed or left out
// is in the table's Notices.
func Read(r io.ReaderAt, size int64, path string, choose raw.Chooser) (*survey.Table, error) {
	return Blocks(r, size, path, choose, raw.Blocks{})
}

// Blocks is Read for a file that is never held as a whole: each gets the columns picked, a
// block of rows at a time in the file's order, and the table returned has none of their
// values. An error of each ends the reading.
func Blocks(r io.ReaderAt, size int64, path string, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	t, err := read(r, size, choose, each)
	if err == nil {
		return t, nil
	}
	var found survey.Problems
	if errors.As(err, &found) {
		for i := range found {
			found[i].File = path
		}
		return nil, found
	}
	return nil, raw.Problems(path, err)
}

func read(r io.ReaderAt, size int64, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	c := cursor{raw.NewCursor(r, size)}
	h, err := readHeader(c)
	if err != nil {
		return nil, err
	}
	recs, err := readRecords(c)
	if err != nil {
		return nil, err
	}
	d, err := resolve(h, recs, each)
	if err != nil {
		return nil, err
	}
	dictionary := d.table()
	dictionary.Rows = 0
	names, picked := choose.Columns(dictionary)
	if err := d.loadCases(r, c, picked, each); err != nil {
		return nil, err
	}
	raw.NoteText(&d.Notices, &d.Decoder)
	return d.table().Only(names), nil
}
