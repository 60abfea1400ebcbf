// Package delimited reads and writes surveys as delimited text: one record a
// line, the first line naming the columns. Delimiter, quote, encoding and
// decimal mark are recognised and can be overridden.
//
// A column is numeric where all its cells are plain numbers; a code such as
// 007, an integer beyond 2^53, 1,234 and $5 make it text, since a number would
// not be what stands in the file. ISO dates and times become dates where the
// whole column holds nothing else. An empty or blank cell is missing
// everywhere; NA, ".", NaN, NULL and #NULL! only in a column of numbers or
// dates. Whatever had to be decided is told in the table's notices.
package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"surveykit/survey"
	"surveykit/survey/ingest/platform"
)

// Read reads a survey of size bytes from r; path is only named in problems.
// Options override what is otherwise recognised, nil overrides nothing. A file
// of column names without rows is a table of no rows. The error is
// survey.Problems where the file is damaged: an unclosed quote, rows with too
// few or too many cells, NUL bytes, names that repeat or are lacking.
func Read(r io.ReaderAt, size int64, path string, options *survey.DelimitedOptions) (*survey.Table, error) {
	return ReadAs(r, size, path, options, nil)
}

// ReadAs is Read for one who knows which columns hold text, whatever their
// cells look like: those for whose names text is true.
func ReadAs(r io.ReaderAt, size int64, path string, options *survey.DelimitedOptions, text func(name string) bool) (*survey.Table, error) {
	if options == nil {
		options = &survey.DelimitedOptions{}
	}
	if problems := checkOptions(path, options); len(problems) > 0 {
		return nil, problems
	}
	raw := make([]byte, size)
	n, err := r.ReadAt(raw, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return parse(raw[:n], path, options, text)
}

// reader holds one text on its way to a table.
type reader struct {
	path    string
	text    []byte
	dialect dialect
	head    int // where the row of names starts
	names   []string
	asText  func(name string) bool // nil where nothing is known of the columns
	labels  []string               // nil where the file has none
	export  *platform.Export       // nil where no survey platform wrote the file
	rows    []int                  // where each data row starts in text
	faults  faults
	survey.Notices
}

func parse(raw []byte, path string, options *survey.DelimitedOptions, asText func(name string) bool) (*survey.Table, error) {
	text, encoding, notice := decode(raw, options.Encoding)
	rd := &reader{path: path, text: text, asText: asText}
	if notice != "" {
		rd.Note(survey.NoticeEncoding, nil, "%s", notice)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, survey.Problems{{File: path, Message: "the file is empty",
			Remedy: "export it again, with the columns' names in the first line"}}
	}
	rd.dialect = newDialect(text, options)
	rd.locate()
	if err := rd.faults.err(); err != nil {
		return nil, err
	}
	rd.dialect.decimal = rd.decimalMark(options.DecimalComma)
	if told := rd.dialect.unusual(encoding); told != "" {
		rd.Note(survey.NoticeDialect, nil, "the text was read with %s", told)
	}
	return rd.table()
}
