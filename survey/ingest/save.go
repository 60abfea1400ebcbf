package ingest

import (
	"io"
	"path/filepath"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/ingest/parquet"
	"surveykit/survey/ingest/sav"
	"surveykit/survey/ingest/triples"
	"surveykit/survey/ingest/xlsx"
)

// Write writes a table; its notices say what the format could not keep.
type Write func(io.Writer, *survey.Table) (notices survey.Notices, err error)

// Formats that are one file, by the ending of its name.
var writers = map[string]Write{
	".csv": func(w io.Writer, t *survey.Table) (survey.Notices, error) {
		plain, notices := inert(t)
		return append(notices, codebook.Lost(t)...), delimited.Write(w, plain)
	},
	".sav": func(w io.Writer, t *survey.Table) (survey.Notices, error) { return sav.Write(w, t, sav.Options{}) },
	".zsav": func(w io.Writer, t *survey.Table) (survey.Notices, error) {
		return sav.Write(w, t, sav.Options{Zlib: true})
	},
	".xlsx":    xlsx.Write,
	".parquet": parquet.Write,
}

// Writer is the way to write a table into one file of that name. The error is a
// survey.Problems that lists the endings there are.
func Writer(path string) (Write, error) {
	if write, ok := writers[ending(path)]; ok {
		return write, nil
	}
	return nil, unwritable(path, ".csv, .sav, .zsav, .xlsx or .parquet")
}

func unwritable(path, endings string) error {
	return survey.Problems{{File: path, Message: "data cannot be written in the format of this ending", Remedy: "use " + endings}}
}

func ending(path string) string { return strings.ToLower(filepath.Ext(path)) }

// WriteOptions choose between forms of a format.
type WriteOptions struct {
	// Fixed puts Triple-S data into fixed columns. Default: CSV.
	Fixed bool
}

// File is one of the files that a table becomes.
type File struct {
	Path string
	// Holds says what stands in a file beside the one that was asked for.
	Holds string
	Write Write
}

// Files are what a table becomes at path, in the order to write them: first the
// file of that name, but for Triple-S the data before their definition. CSV gets a
// codebook STEM_codebook.csv, a definition STEM.sss its data STEM.csv or STEM.asc.
// The error is a survey.Problems that lists the endings there are.
func Files(path string, o WriteOptions) ([]File, error) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	switch ending(path) {
	case ".csv":
		return []File{{Path: path, Write: writers[".csv"]}, {stem + "_codebook.csv", "labels, codes and missing values",
			func(w io.Writer, t *survey.Table) (survey.Notices, error) { return nil, codebook.Write(w, t) }}}, nil
	case ".sss":
		return tripleS(path, stem, triples.Options{Fixed: o.Fixed}), nil
	}
	write, err := Writer(path)
	if err != nil {
		return nil, unwritable(path, ".csv, .sav, .zsav, .xlsx, .parquet or .sss")
	}
	return []File{{Path: path, Write: write}}, nil
}

func tripleS(path, stem string, o triples.Options) []File {
	data := stem + ".csv"
	if o.Fixed {
		data = stem + ".asc"
	}
	return []File{
		{data, "the data of " + path, func(w io.Writer, t *survey.Table) (survey.Notices, error) { return nil, triples.WriteData(w, t, o) }},
		{Path: path, Write: func(w io.Writer, t *survey.Table) (survey.Notices, error) { return triples.WriteDefinition(w, t, o) }},
	}
}
