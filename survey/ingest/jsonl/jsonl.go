// Package jsonl reads surveys from JSON lines: one object a respondent, or one
// list of such objects.
//
// The objects' keys name the columns, in the order in which they first appear;
// a respondent without a key has no value there. An object inside an object
// gives columns named outer.inner, a list of simple values one text with
// semicolons between them. From there on, the same rules settle kinds and
// missing cells as in delimited text.
package jsonl

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/ingest/delimited"
)

// The most cells of a table: a hundred for each byte of the file, and always
// this many. Only a file whose objects hardly share a key has more.
const (
	mostExpansion = 100
	alwaysAllowed = 64 << 20
)

// Read reads the JSON of size bytes in r; path is only named in problems. The
// error is survey.Problems where the file is not JSON in UTF-8, and for all
// records that are no objects, name a key twice, or nest lists in lists.
func Read(r io.ReaderAt, size int64, path string) (*survey.Table, error) {
	data := make([]byte, size)
	n, err := r.ReadAt(data, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	data = bytes.TrimPrefix(data[:n], []byte("\uFEFF"))
	if !utf8.Valid(data) {
		return nil, survey.Problems{{File: path, Message: "the file is not UTF-8, as JSON must be", Remedy: "export it again as UTF-8"}}
	}
	rd := &reader{path: path, data: data, places: map[string]int{}}
	rd.dec = json.NewDecoder(bytes.NewReader(data))
	rd.dec.UseNumber()
	rd.records()
	if err := rd.faults.Err(); err != nil {
		return nil, err
	}
	if cells := int64(len(rd.rows)) * int64(len(rd.names)); cells > mostExpansion*size+alwaysAllowed {
		return nil, survey.Problems{{File: path, Message: fmt.Sprintf("%d records have %d different keys, which no table holds", len(rd.rows), len(rd.names)),
			Remedy: "name the same answers by the same keys"}}
	}
	return rd.table()
}

// table reads the cells as delimited text.
func (rd *reader) table() (*survey.Table, error) {
	if len(rd.names) == 0 {
		return nil, survey.Problems{{File: rd.path, Message: "the file holds no records", Remedy: "export it again"}}
	}
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	out.Write(rd.names)
	record := make([]string, len(rd.names))
	for _, row := range rd.rows {
		clear(record)
		for _, c := range row {
			record[c.column] = c.text
		}
		if len(record) == 1 && record[0] == "" {
			record[0] = " " // an empty line would be no row
		}
		out.Write(record)
	}
	out.Flush()
	t, err := delimited.Read(bytes.NewReader(text.Bytes()), int64(text.Len()), rd.path,
		&survey.DelimitedOptions{Delimiter: ",", Quote: `"`, Encoding: "utf-8"})
	var found survey.Problems
	if errors.As(err, &found) {
		for i := range found {
			found[i].Line, found[i].Column = 0, 0 // they are of the text made here
		}
	}
	return t, err
}
