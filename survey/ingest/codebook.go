package ingest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/ingest/raw"
	"surveykit/survey/ingest/sas"
)

// isText is what the codebook says of columns, nil without one.
func (o Options) isText() func(name string) bool {
	if o.book == nil {
		return nil
	}
	return o.book.IsText
}

// openCodebook reads the codebook at path, and returns its source.
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
	case f.sheets != nil:
		b, err := f.sheets(r, size, path)
		if err != nil {
			return nil, err
		}
		return b.ReadCodebook()
	case f.name == textName:
		return exact(delimited.ReadAs(r, size, path, nil, func(string) bool { return true }, nil))
	}
	return nil, problem(path, "a codebook cannot be in the format "+f.name, "give it as CSV or XLSX")
}

// described adds the codebook to the table.
func described(t *survey.Table, o Options) (*survey.Table, error) {
	if o.book == nil {
		return t, nil
	}
	out, err := o.book.Merge(t)
	if err != nil {
		return nil, err
	}
	out.Notices = slices.Clone(t.Notices)
	out.Notices.Note(survey.NoticeLabels, nil, "labels, codes and missing values come from %s", o.Codebook)
	return out, nil
}

// readSAS reads a SAS file with the value labels of its catalog: the one in the
// options, else a file of the same name next to it.
func readSAS(r io.ReaderAt, size int64, path string, o Options) (*survey.Table, error) {
	t, err := inEncoding(sas.Blocks)(r, size, path, o)
	if err != nil {
		return nil, err
	}
	return catalogued(t, path, o)
}

// sasBlocks is readSAS a block of rows at a time.
func sasBlocks(r io.ReaderAt, size int64, path string, o Options, each raw.Blocks) (*survey.Table, error) {
	t, err := chosenBlocks(sas.Blocks)(r, size, path, o, each)
	if err != nil {
		return nil, err
	}
	return catalogued(t, path, o)
}

// catalogued gives a SAS file the value labels of its catalog.
func catalogued(t *survey.Table, path string, o Options) (*survey.Table, error) {
	at := o.Catalog
	if at == "" {
		if at = catalogBeside(path); at == "" {
			return t, nil
		}
	}
	file, info, err := openFile(at)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	c, err := sas.ReadCatalog(file, info.Size(), at)
	if err != nil {
		var problems survey.Problems
		if o.Catalog == "" && errors.As(err, &problems) {
			for i := range problems {
				problems[i].Remedy += ", or move it away from the data to read them without value labels"
			}
		}
		return nil, err
	}
	labelled := c.Label(t)
	labelled.Notices.Note(survey.NoticeLabels, nil, "value labels are from %s", at)
	return labelled, nil
}

// catalogBeside finds data.sas7bcat for data.sas7bdat, "" where there is none. A
// link is not followed, because it could lead out of the folder.
func catalogBeside(path string) string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	for _, ending := range []string{".sas7bcat", ".SAS7BCAT"} {
		if info, err := os.Lstat(stem + ending); err == nil && info.Mode().IsRegular() {
			return stem + ending
		}
	}
	return ""
}
