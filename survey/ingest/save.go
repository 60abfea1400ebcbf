package ingest

import (
	"io"
	"path/filepath"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/ingest/sav"
	"surveykit/survey/ingest/xlsx"
)

// Formats that Writer writes, by the ending of the file's name.
var writers = map[string]func(io.Writer, *survey.Table) ([]string, error){
	".csv":  func(w io.Writer, t *survey.Table) ([]string, error) { return codebook.Lost(t), delimited.Write(w, t) },
	".sav":  func(w io.Writer, t *survey.Table) ([]string, error) { return sav.Write(w, t, sav.Options{}) },
	".zsav": func(w io.Writer, t *survey.Table) ([]string, error) { return sav.Write(w, t, sav.Options{Zlib: true}) },
	".xlsx": xlsx.Write,
}

// Writer is the way to write a table into a file of that name; its notices say
// what the format could not keep. The error is a survey.Problems that lists
// the endings there are.
func Writer(path string) (func(io.Writer, *survey.Table) ([]string, error), error) {
	if write, ok := writers[strings.ToLower(filepath.Ext(path))]; ok {
		return write, nil
	}
	return nil, survey.Problems{{File: path, Message: "data cannot be written in the format of this ending", Remedy: "use .csv, .sav, .zsav or .xlsx"}}
}

// Codebook is the name of the file in which the labels, codes and missing
// values of data at path belong, "" where the data hold them themselves.
func Codebook(path string) string {
	ending := filepath.Ext(path)
	if !strings.EqualFold(ending, ".csv") {
		return ""
	}
	return strings.TrimSuffix(path, ending) + "_codebook.csv"
}
