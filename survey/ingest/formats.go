package ingest

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/arrow"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/compound"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/ingest/dta"
	"surveykit/survey/ingest/jsonl"
	"surveykit/survey/ingest/ods"
	"surveykit/survey/ingest/parquet"
	"surveykit/survey/ingest/por"
	"surveykit/survey/ingest/raw"
	"surveykit/survey/ingest/sav"
	"surveykit/survey/ingest/sheet"
	"surveykit/survey/ingest/triples"
	"surveykit/survey/ingest/xls"
	"surveykit/survey/ingest/xlsx"
)

// format is one kind of file.
type format struct {
	name string // in a table's Sources
	// program is whose format it is, for people; formats of one program follow
	// each other.
	program string
	// endings are those of its files' names, begins what its files begin with, none
	// where their name alone says what they are.
	endings, begins []string
	// takes are the options of delimited text that the format takes, too.
	takes []string
	read  reader
	// sheets opens a workbook, nil of other formats.
	sheets func(r io.ReaderAt, size int64, path string) (*sheet.Book, error)
	// blocks reads a file a block of rows at a time, nil where that cannot be done; bytes is
	// about how much memory the columns picked take, nil of what takes as much as the file.
	// Where listed is set, that table has the distinct cells of each column, and the blocks
	// have their places.
	blocks blockReader
	listed bool
	bytes  func(r io.ReaderAt, size int64, path string, choose raw.Chooser) (int64, error)
	// write writes one file, nil where the format is only read, and is chosen by the
	// first ending. files are what a table becomes where it is more than that file.
	write Write
	files func(path, stem string, o WriteOptions) []File
}

// reader reads a file of size bytes; path is only named in problems.
type reader func(r io.ReaderAt, size int64, path string, o Options) (*survey.Table, error)

// blockReader gives each the columns of a file that are picked, a block of rows at a time,
// and returns the table without rows.
type blockReader func(r io.ReaderAt, size int64, path string, o Options, each raw.Blocks) (*survey.Table, error)

// chosenBlocks is a blockReader that reads only the columns that are picked.
func chosenBlocks(read func(io.ReaderAt, int64, string, raw.Chooser, raw.Blocks) (*survey.Table, error)) blockReader {
	return func(r io.ReaderAt, size int64, path string, o Options, each raw.Blocks) (*survey.Table, error) {
		each.Encoding = o.encoding()
		return read(r, size, path, o.Columns, each)
	}
}

// inEncoding is chosen of a blockReader.
func inEncoding(read func(io.ReaderAt, int64, string, raw.Chooser, raw.Blocks) (*survey.Table, error)) reader {
	return func(r io.ReaderAt, size int64, path string, o Options) (*survey.Table, error) {
		return chosen(func(r io.ReaderAt, size int64, path string, choose raw.Chooser) (*survey.Table, error) {
			return read(r, size, path, choose, raw.Blocks{Encoding: o.encoding()})
		})(r, size, path, o)
	}
}

// plain is a reader that needs no options.
func plain(read func(io.ReaderAt, int64, string) (*survey.Table, error)) reader {
	return func(r io.ReaderAt, size int64, path string, _ Options) (*survey.Table, error) {
		return read(r, size, path)
	}
}

// chosen is a reader that reads only the columns that are picked. A codebook is held
// against all columns.
func chosen(read func(io.ReaderAt, int64, string, raw.Chooser) (*survey.Table, error)) reader {
	return func(r io.ReaderAt, size int64, path string, o Options) (*survey.Table, error) {
		if o.book != nil {
			o.Columns = nil
		}
		return read(r, size, path, o.Columns)
	}
}

// workbook is a reader of the sheets of a workbook.
func workbook(open func(io.ReaderAt, int64, string) (*sheet.Book, error)) reader {
	return func(r io.ReaderAt, size int64, path string, o Options) (*survey.Table, error) {
		b, err := open(r, size, path)
		if err != nil {
			return nil, err
		}
		b.Options = o.Delimited
		return o.split(b.Read(o.Sheet, o.isText()))
	}
}

// The names of formats that are treated apart.
const (
	textName     = "delimited"
	archiveName  = "zip"
	sasName      = "sas"
	databaseName = "database"
)

// ofSheets are the options that hold for the cells of a sheet.
var ofSheets = []string{"header_rows", "date_order", "missing"}

// formats are all that there are, in the order in which people are told.
func formats() []format {
	return []format{
		{name: textName, program: "delimited text", endings: []string{".csv", ".tsv", ".tab", ".txt"}, write: writeCSV, files: describedCSV, listed: true,
			read: func(r io.ReaderAt, size int64, path string, o Options) (*survey.Table, error) {
				return o.split(o.text(r, size, path, raw.Blocks{}))
			},
			blocks: func(r io.ReaderAt, size int64, path string, o Options, each raw.Blocks) (*survey.Table, error) {
				return o.split(o.text(r, size, path, each))
			}},
		{name: "sav", program: "SPSS", endings: []string{".sav"}, begins: []string{"$FL2", "$FL3"}, read: inEncoding(sav.Blocks), takes: []string{"encoding"}, blocks: chosenBlocks(sav.Blocks),
			write: func(w io.Writer, t *survey.Table) (survey.Notices, error) { return sav.Write(w, t, sav.Options{}) }},
		{name: "sav", program: "SPSS", endings: []string{".zsav"}, read: inEncoding(sav.Blocks), takes: []string{"encoding"}, blocks: chosenBlocks(sav.Blocks),
			write: func(w io.Writer, t *survey.Table) (survey.Notices, error) {
				return sav.Write(w, t, sav.Options{Zlib: true})
			}},
		{name: "por", program: "SPSS", endings: []string{".por"}, read: plain(por.Read)},
		{name: "dta", program: "Stata", endings: []string{".dta"}, begins: []string{"<stata_dta>"}, read: inEncoding(dta.Blocks), takes: []string{"encoding"}, blocks: chosenBlocks(dta.Blocks)},
		{name: sasName, program: "SAS", endings: []string{".sas7bdat", ".sas7bcat", ".xpt"},
			begins: []string{"HEADER RECORD***", strings.Repeat("\x00", 12) + "\xc2\xea\x81"}, read: readSAS, takes: []string{"encoding"}, blocks: sasBlocks},
		{name: "xlsx", program: "Excel", endings: []string{".xlsx", ".xlsm"}, takes: ofSheets, read: workbook(xlsx.Open), sheets: xlsx.Open, write: xlsx.Write},
		{name: "xls", program: "Excel", endings: []string{".xls"}, takes: ofSheets, read: workbook(xls.Open), sheets: xls.Open},
		{name: "ods", program: "OpenDocument", endings: []string{".ods"}, takes: ofSheets, read: workbook(ods.Open), sheets: ods.Open},
		{name: "parquet", program: "Parquet", endings: []string{".parquet"}, begins: []string{"PAR1"}, read: chosen(parquet.Read), blocks: chosenBlocks(parquet.Blocks), bytes: parquet.Bytes, write: parquet.Write},
		{name: "arrow", program: "Arrow and Feather", endings: []string{".arrow", ".arrows", ".feather", ".ipc"}, begins: []string{"ARROW1", "\xff\xff\xff\xff"},
			read: chosen(arrow.Read), blocks: chosenBlocks(arrow.Blocks)},
		{name: "jsonl", program: "JSON lines", endings: []string{".jsonl", ".ndjson", ".json"},
			read: func(r io.ReaderAt, size int64, path string, o Options) (*survey.Table, error) {
				return o.split(jsonl.Read(r, size, path))
			}},
		{name: archiveName, program: "ZIP archives of one of these", endings: []string{archiveEnding}, read: readArchive},
		{name: "triples", program: "Triple-S", endings: []string{".sss", ".xml"}, read: plain(triples.Read), files: tripleS},
	}
}

// formatsRead lists the formats for people.
func formatsRead() string {
	var programs, endings []string
	for _, f := range formats() {
		if n := len(programs) - 1; n >= 0 && programs[n] == f.program {
			endings[n] += ", " + strings.Join(f.endings, ", ")
			continue
		}
		programs, endings = append(programs, f.program), append(endings, strings.Join(f.endings, ", "))
	}
	for i := range programs {
		programs[i] += " (" + endings[i] + ")"
	}
	last := len(programs) - 1
	return strings.Join(programs[:last], ", ") + " and " + programs[last] + ", also packed (.gz, .zst)"
}

// detect picks the format by what the file begins with, else by its name.
func detect(r io.ReaderAt, size int64, start []byte, path string) (format, error) {
	all := formats()
	for _, f := range all {
		if slices.ContainsFunc(f.begins, func(begins string) bool { return bytes.HasPrefix(start, []byte(begins)) }) {
			return f, nil
		}
	}
	is := kindOf(r, size, start)
	if is.foreign != "" {
		return format{}, problem(path, "this is "+is.foreign+", which is not read", is.remedy)
	}
	if is.ending == "" {
		is.ending = ending(path)
	}
	if is.ending == ".xls" && !bytes.HasPrefix(start, []byte(compound.Signature)) {
		is.ending = ".csv" // platforms give text the name of a workbook
	}
	for _, f := range all {
		if slices.Contains(f.endings, is.ending) {
			return f, nil
		}
	}
	return format{}, problem(path, "the format of this file is not known", "give "+formatsRead())
}

// Write writes a table; its notices say what the format could not keep.
type Write func(io.Writer, *survey.Table) (notices survey.Notices, err error)

// WriteOptions choose between forms of a format.
type WriteOptions struct {
	// Fixed puts Triple-S data into fixed columns. Default: CSV.
	Fixed bool
}

// File is one of the files that a table becomes.
type File struct {
	Path string
	// Holds says what a file has that is written next to the requested one.
	Holds string
	Write Write
}

func ending(path string) string { return strings.ToLower(filepath.Ext(path)) }

// Writer is the way to write a table into one file of that name. The error is a
// survey.Problems that lists the endings there are.
func Writer(path string) (Write, error) {
	f, err := writable(path, func(f format) bool { return f.write != nil })
	return f.write, err
}

// Files are what a table becomes at path, in the order to write them: first the
// file of that name, but for Triple-S the data before their definition. CSV gets a
// codebook STEM_codebook.csv, a definition STEM.sss its data STEM.csv or STEM.asc.
// The error is a survey.Problems that lists the endings there are.
func Files(path string, o WriteOptions) ([]File, error) {
	f, err := writable(path, func(f format) bool { return f.write != nil || f.files != nil })
	switch {
	case err != nil:
		return nil, err
	case f.files != nil:
		return f.files(path, path[:len(path)-len(ending(path))], o), nil
	}
	return []File{{Path: path, Write: f.write}}, nil
}

// writable is the format of a file to write, among those that can be written so.
func writable(path string, can func(format) bool) (format, error) {
	var endings []string
	for _, f := range formats() {
		if can(f) && f.endings[0] == ending(path) {
			return f, nil
		}
		if can(f) {
			endings = append(endings, f.endings[0])
		}
	}
	last := len(endings) - 1
	return format{}, survey.Problems{{File: path, Message: "data cannot be written in the format of this ending",
		Remedy: "use " + strings.Join(endings[:last], ", ") + " or " + endings[last]}}
}

// writeCSV writes the values; what a program would take for a formula is a text.
func writeCSV(w io.Writer, t *survey.Table) (survey.Notices, error) {
	safe, notices := inert(t)
	return notices, delimited.Write(w, safe)
}

// describedCSV is CSV with its codebook.
func describedCSV(path, stem string, _ WriteOptions) []File {
	return []File{{Path: path, Write: writeCSV}, {stem + "_codebook.csv", "labels, codes and missing values",
		func(w io.Writer, t *survey.Table) (survey.Notices, error) { return nil, codebook.Write(w, t) }}}
}

func tripleS(path, stem string, of WriteOptions) []File {
	data, o := stem+".csv", triples.Options{Fixed: of.Fixed}
	if o.Fixed {
		data = stem + ".asc"
	}
	return []File{
		{data, "the data of " + path, func(w io.Writer, t *survey.Table) (survey.Notices, error) { return nil, triples.WriteData(w, t, o) }},
		{Path: path, Write: func(w io.Writer, t *survey.Table) (survey.Notices, error) { return triples.WriteDefinition(w, t, o) }},
	}
}
