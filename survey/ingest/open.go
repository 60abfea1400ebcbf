// Package ingest opens survey files of all formats.
package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/database"
	"surveykit/survey/ingest/packed"
	"surveykit/survey/ingest/raw"
	"surveykit/survey/near"
)

// Options are what a file does not say itself.
type Options struct {
	// Delimited overrides what is recognised in delimited text; nil overrides nothing.
	Delimited *survey.DelimitedOptions
	// Sheet is the name or the position from 1 of a workbook's sheet. Default: the
	// one with the table, see sheet.Book.
	Sheet string
	// Codebook is the path of a codebook, CSV or XLSX, that describes the data: see
	// codebook.Merge. Default: none.
	Codebook string
	// Catalog is the path of a SAS catalog with value labels. Default: the file with the
	// name of the data and the ending .sas7bcat, if there is one.
	Catalog string
	// Columns picks the columns to read: it gets the dictionary of the file, a table that
	// may have no rows yet, and names columns of it; nil stands for all. Default: all.
	// Columns of delimited text are those of its first line; where cells with several
	// codes make a set of one, the set is read.
	Columns raw.Chooser
	// Notices asks for the notices of the whole file where only some columns are picked.
	// Delimited text, whose notices are of its cells, is then read as a whole. Default:
	// its notices are of the columns read; all other formats give the same ones.
	Notices bool
	// Progress, where not nil, gets the number of rows so far as Streamed reads a file.
	Progress func(rows int)
	book     *codebook.Book
}

// Open reads a survey file of any format that surveykit reads, or the columns of it
// that the options pick. Columns that were not picked take no memory in Parquet,
// Arrow, SPSS, Stata and SAS files and in delimited text in UTF-8. The table's Sources
// have the file's path as given, format, SHA-256, size and rows, followed by the files
// that it refers to. A file that is missing, empty, damaged or of an unknown format
// gives survey.Problems, one that changes while it is read survey.ErrChanged.
func Open(path string, o Options) (*survey.Table, error) {
	file, before, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	size := before.Size()
	hash := hashOf(io.NewSectionReader(file, 0, size))
	var beside []survey.Source
	if o.Codebook != "" {
		book, source, err := openCodebook(o.Codebook)
		if err != nil {
			return nil, err
		}
		o.book, beside = book, append(beside, source)
	}
	table, name, err := read(file, size, path, o)
	sum := <-hash
	if changed(file, before) {
		return nil, fmt.Errorf("%s %w; read it again once it is complete", path, survey.ErrChanged)
	}
	if err == nil && sum.err != nil {
		err = problem(path, "the file cannot be read: "+sum.err.Error(), "")
	}
	if err != nil {
		return nil, err
	}
	opened := *table
	own := survey.Source{Path: path, Format: name, SHA256: sum.hex, Bytes: size, Rows: table.Rows}
	opened.Sources = slices.Concat([]survey.Source{own}, table.Sources, beside)
	return &opened, nil
}

// Database opens a table or a query of a database, whose rows stay there. Of the options
// Codebook and Columns are used. The error is that of database.Open, or survey.Problems of
// the codebook.
func Database(ctx context.Context, p database.Place, o Options) (*database.Source, error) {
	if err := o.checkOptions(format{name: databaseName}, p.String()); err != nil {
		return nil, err
	}
	own := database.Options{Columns: o.Columns}
	if o.Codebook != "" {
		book, source, err := openCodebook(o.Codebook)
		if err != nil {
			return nil, err
		}
		own.Book, own.Beside = book, []survey.Source{source}
	}
	return database.Open(ctx, p, own)
}

// Rows is Open for the rows of a database.
func Rows(ctx context.Context, p database.Place, o Options) (*survey.Table, error) {
	s, err := Database(ctx, p, o)
	if err != nil {
		return nil, err
	}
	t, err := s.Table(ctx)
	if err == nil {
		t, err = bounded(t, p.String())
	}
	return t, errors.Join(err, s.Close())
}

// read reads a file of any format, and names the format.
func read(r io.ReaderAt, size int64, path string, o Options) (table *survey.Table, name string, err error) {
	r, size, f, err := recognise(r, size, path)
	if err != nil {
		return nil, "", err
	}
	if table, err = f.table(r, size, path, o); err == nil {
		table, err = described(table, o)
	}
	if err == nil {
		table, err = bounded(table, path)
	}
	if err == nil && table.Columns == nil {
		names, _ := o.Columns.Columns(table)
		table = table.Only(names)
	}
	return table, f.name, err
}

// recognise returns the content of a file, unpacked where it is packed, and its format.
func recognise(r io.ReaderAt, size int64, path string) (io.ReaderAt, int64, format, error) {
	inner := path
	start, err := beginning(r, size, path)
	if err == nil && packed.Is(start) {
		start, err = packed.Unpack(r, size, path)
		r, size, inner = bytes.NewReader(start), int64(len(start)), packed.Name(path)
	}
	if err != nil {
		return nil, 0, format{}, err
	}
	f, err := detect(r, size, start[:min(len(start), signatureBytes)], inner)
	return r, size, f, err
}

// signatureBytes are enough to recognise a format by its content.
const signatureBytes = 64

func beginning(r io.ReaderAt, size int64, path string) ([]byte, error) {
	start := make([]byte, min(size, signatureBytes))
	if _, err := r.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, problem(path, "the file cannot be read: "+err.Error(), "")
	}
	return start, nil
}

// table reads the file; a panic of the reader is the file's problem, not the
// end of the program.
func (f format) table(r io.ReaderAt, size int64, path string, o Options) (table *survey.Table, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			table, err = nil, f.failed(path, fault)
		}
	}()
	if err := o.checkOptions(f, path); err != nil {
		return nil, err
	}
	return f.read(r, size, path, o)
}

func (f format) failed(path string, fault any) error {
	return problem(path, fmt.Sprintf("the %s reader failed: %v", f.name, fault),
		"the file is damaged, or the reader has a fault: please report it")
}

// openFile opens a regular file that is not empty.
func openFile(path string) (*os.File, fs.FileInfo, error) {
	path, _ = inArchive(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, missing(path)
	case err != nil:
		return nil, nil, problem(path, "the file cannot be opened: "+err.Error(), "")
	case info.IsDir():
		return nil, nil, problem(path, "this is a folder", "give a file: "+formatsRead())
	case !info.Mode().IsRegular():
		return nil, nil, problem(path, "this is not a regular file", "write it to a file first")
	case info.Size() == 0:
		return nil, nil, problem(path, "the file is empty", "export it again")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, problem(path, "the file cannot be opened: "+err.Error(), "check its permissions")
	}
	// The path may now name another file.
	info, err = file.Stat()
	if err != nil {
		return nil, nil, errors.Join(problem(path, "the file cannot be opened: "+err.Error(), ""), file.Close())
	}
	return file, info, nil
}

// changed reports whether somebody wrote into an open file.
func changed(file *os.File, before fs.FileInfo) bool {
	after, err := file.Stat()
	return err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())
}

// missing is the problem of a path without a file, with similar names in its folder.
func missing(path string) error {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return problem(path, "there is no such file, and its folder does not exist", "check the path")
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	remedy := ""
	if found := near.Names(filepath.Base(path), names, 3); len(found) > 0 {
		remedy = "did you mean " + strings.Join(found, ", ") + "?"
	}
	return problem(path, "there is no such file", remedy)
}

func problem(path, message, remedy string) error {
	return survey.Problems{{File: path, Message: message, Remedy: remedy}}
}

type checksum struct {
	hex string
	err error
}

// hashOf computes the SHA-256 while the reader works.
func hashOf(r io.Reader) <-chan checksum {
	done := make(chan checksum, 1)
	go func() {
		h := sha256.New()
		_, err := io.Copy(h, r)
		done <- checksum{hex.EncodeToString(h.Sum(nil)), err}
	}()
	return done
}
