package sav

import (
	"bufio"
	"io"

	"surveykit/survey"
)

// Options say how Write packs a file.
type Options struct {
	// Zlib writes a .zsav. Default: a byte-code compressed .sav, which every
	// version of SPSS reads.
	Zlib bool
}

// Write writes the table as an SPSS system file in UTF-8: values, labels,
// missing rules, levels of measurement, multiple-response sets, weight. Reasons of
// missing values stand in the attribute MissingReasons of a variable, where Read
// finds them. The same table gives the same bytes: the file's date is always
// 1970-01-01.
//
// What SPSS cannot hold, but can do without, is changed, and the notices say
// what: names that are not allowed are mended, labels are cut to 256 bytes (of a
// variable) and 120 bytes (of a value), missing texts become empty. Trailing
// blanks of a text are not kept. What would change an answer's meaning gives
// survey.Problems and writes nothing: more than three missing values, or more than
// one beside a range; missing texts of more than 8 bytes; texts of more than 32,767
// bytes.
func Write(w io.Writer, t *survey.Table, opts Options) (notices survey.Notices, err error) {
	p, err := plan(t)
	if err != nil {
		return nil, err
	}
	head := p.encode(opts.Zlib)
	if _, err := w.Write(head); err != nil {
		return nil, err
	}
	if opts.Zlib {
		z := &blockWriter{start: int64(len(head))}
		if err := p.writeCases(z); err != nil {
			return nil, err
		}
		return p.Notices, z.finish(w)
	}
	out := bufio.NewWriterSize(w, blockBytes)
	if err := p.writeCases(out); err != nil {
		return nil, err
	}
	return p.Notices, out.Flush()
}
