package ingest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/sas"
)

// readSAS reads a SAS file with the value labels of its catalog: the one that
// was asked for, else a file of the same name beside it.
func readSAS(r io.ReaderAt, size int64, path string, o Options) (*survey.Table, error) {
	t, err := sas.Read(r, size, path)
	if err != nil {
		return nil, err
	}
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
		return nil, besideRemedy(err, o.Catalog == "")
	}
	labelled := c.Label(t)
	labelled.Notices.Note(survey.NoticeLabels, nil, "value labels are from %s", at)
	return labelled, nil
}

// catalogBeside finds data.sas7bcat for data.sas7bdat, "" where there is none. A
// link is not followed: it could lead out of the folder.
func catalogBeside(path string) string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	for _, ending := range []string{".sas7bcat", ".SAS7BCAT"} {
		if info, err := os.Lstat(stem + ending); err == nil && info.Mode().IsRegular() {
			return stem + ending
		}
	}
	return ""
}

// besideRemedy says how to do without a catalog that nobody asked for.
func besideRemedy(err error, found bool) error {
	var problems survey.Problems
	if found && errors.As(err, &problems) {
		for i := range problems {
			problems[i].Remedy += ", or move it away from the data to read them without value labels"
		}
	}
	return err
}
