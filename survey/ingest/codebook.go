package ingest

import (
	"io"
	"slices"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/ingest/xlsx"
)

// isText is what the codebook says of columns, nil without one.
func (o Options) isText() func(name string) bool {
	if o.book == nil {
		return nil
	}
	return o.book.IsText
}

// openCodebook reads the codebook at path, with where it came from.
func openCodebook(path string) (*codebook.Book, survey.Source, error) {
	file, info, err := openFile(path)
	if err != nil {
		return nil, survey.Source{}, err
	}
	defer file.Close()
	size := info.Size()
	sum := <-hashOf(io.NewSectionReader(file, 0, size))
	if sum.err != nil {
		return nil, survey.Source{}, problem(path, "the file cannot be read: "+sum.err.Error(), "")
	}
	rows, err := readCodebook(file, size, path)
	if err != nil {
		return nil, survey.Source{}, err
	}
	book, err := codebook.Read(rows, path)
	return book, survey.Source{Path: path, Format: "codebook", SHA256: sum.hex, Bytes: size}, err
}

// readCodebook reads a codebook's rows as texts.
func readCodebook(r io.ReaderAt, size int64, path string) (*survey.Table, error) {
	r, size, f, err := recognise(r, size, path)
	switch {
	case err != nil:
		return nil, err
	case f.name == workbookName:
		return xlsx.ReadCodebook(r, size, path)
	case f.name == textName:
		return exact(delimited.ReadAs(r, size, path, nil, func(string) bool { return true }))
	}
	return nil, problem(path, "a codebook cannot be in the format "+f.name, "give it as CSV or XLSX")
}

// described lays the codebook over the table.
func described(t *survey.Table, o Options) (*survey.Table, error) {
	if o.book == nil {
		return t, nil
	}
	out, err := o.book.Merge(t)
	if err != nil {
		return nil, err
	}
	out.Notices = slices.Clone(t.Notices)
	out.Notices.Note(survey.NoticeLabels, nil, "labels, codes and missing values are those of %s", o.Codebook)
	return out, nil
}
