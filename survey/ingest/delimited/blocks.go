package delimited

import (
	"errors"
	"io"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// As says how delimited text is read.
type As struct {
	// Options override what is otherwise recognised; nil overrides nothing.
	Options *survey.DelimitedOptions
	// Text reports the columns that are known to be text; nil reports none.
	Text func(name string) bool
	// Choose picks the columns.
	Choose raw.Chooser
}

// Blocks is ReadAs for a text that may be never held as a whole: each gets the cells of the
// columns picked, a block of rows at a time in the text's order, and the table that is
// returned has the distinct cells of each column in place of its rows, which Rows of the
// variables count. A block has numbers, or texts whose places are rows of that table, since
// what cells mean is known at the end. The error is raw.ErrWhole of exports of survey
// platforms, of text that is not UTF-8 and of text of one column.
func Blocks(r io.ReaderAt, size int64, path string, as As, each raw.Blocks) (*survey.Table, error) {
	options := as.Options
	if options == nil {
		options = &survey.DelimitedOptions{}
	}
	if problems := checkOptions(path, options); len(problems) > 0 {
		return nil, problems
	}
	rd := reader{path: path, asText: as.Text}
	t, err := rd.read(plain(r, size, options.Encoding), options, as.Choose, each)
	if !errors.Is(err, errNotUTF8) {
		return t, err
	}
	if each.Each != nil {
		return nil, raw.ErrWhole
	}
	rd = reader{path: path, asText: as.Text}
	return rd.read(decoded(r, size, options.Encoding), options, as.Choose, each)
}
