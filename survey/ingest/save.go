package ingest

import (
	"io"
	"path/filepath"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/ingest/sav"
)

// Formats that Writer writes, by the ending of the file's name.
var writers = map[string]func(io.Writer, *survey.Table) ([]string, error){
	".csv":  func(w io.Writer, t *survey.Table) ([]string, error) { return nil, delimited.Write(w, t) },
	".sav":  func(w io.Writer, t *survey.Table) ([]string, error) { return sav.Write(w, t, sav.Options{}) },
	".zsav": func(w io.Writer, t *survey.Table) ([]string, error) { return sav.Write(w, t, sav.Options{Zlib: true}) },
}

// Writer is the way to write a table into a file of that name; its notices say
// what the format could not keep. The error is a survey.Problems that lists
// the endings there are.
func Writer(path string) (func(io.Writer, *survey.Table) ([]string, error), error) {
	if write, ok := writers[strings.ToLower(filepath.Ext(path))]; ok {
		return write, nil
	}
	return nil, survey.Problems{{File: path, Message: "data cannot be written in the format of this ending", Remedy: "use .csv, .sav or .zsav"}}
}
