// Package parquet reads surveys from Apache Parquet files.
//
// Integers that a float64 cannot hold, and any other column that is neither a
// number nor a date, become texts. Fields of a group are named group.field;
// repeated fields are left out, with a notice. Timestamps become seconds since
// 1970-01-01 00:00 in the zone in which they are stored.
package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/ingest/columnar"
	"surveykit/survey/ingest/raw"
)

// The most cells of a table, and bytes that a column unpacks to: a thousand for
// each byte of the file, because a constant column packs well, and always this many.
const (
	mostExpansion = 1000
	alwaysAllowed = 16 << 20
)

// Read reads the Parquet file of size bytes in r; path appears in
// problems only. No page is read of columns that choose does not pick. The error is
// survey.Problems where the file is damaged or encrypted, where the columns read
// differ in length, where it has more rows than a file of its size
// may have, or where its pages unpack to more than they say, or to more than a
// thousand times the file's size or 16 MiB. Columns are read in parallel; the table
// does not depend on the number of processors.
func Read(r io.ReaderAt, size int64, path string, choose raw.Chooser) (*survey.Table, error) {
	f, err := Open(r, size, path)
	if err != nil {
		return nil, err
	}
	names, picked := choose.Columns(f.Dictionary())
	t := f.bare()
	if err := f.read(t, picked); err != nil {
		return nil, damaged(path, err)
	}
	f.describe(t)
	return t.Only(names), nil
}

// File is a Parquet file whose columns are known and whose rows are not read yet.
type File struct {
	survey.Notices
	path     string
	src      io.ReaderAt
	file     *parquet.File
	names    raw.Names
	rows     int64
	size     int64
	columns  []leaf
	repeated []string
}

// Open opens a file; its arguments and errors are those of Read.
func Open(r io.ReaderAt, size int64, path string) (f *File, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			f, err = nil, damaged(path, fmt.Errorf("%v", fault))
		}
	}()
	if err := checkFooter(r, size); err != nil {
		return nil, damaged(path, err)
	}
	file, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, damaged(path, err)
	}
	f = &File{path: path, names: raw.Names{}, src: r, file: file, rows: file.NumRows(), size: size}
	f.leaves(file.Root(), "")
	if cells := f.rows * int64(len(f.columns)); f.rows < 0 || f.rows > mostExpansion*size+alwaysAllowed || cells > mostExpansion*size+alwaysAllowed {
		return nil, damaged(path, fmt.Errorf("it has %d rows in %d bytes", f.rows, size))
	}
	if len(f.columns) == 0 {
		return nil, damaged(path, errors.New("it has no columns"))
	}
	if len(f.repeated) > 0 {
		f.Note(survey.NoticeUnread, f.repeated, "left out, because they have several values a row: %s", raw.Listed(f.repeated))
	}
	return f, nil
}

// Rows is the number of rows.
func (f *File) Rows() int { return int(f.rows) }

// Dictionary is the table without rows.
func (f *File) Dictionary() *survey.Table {
	t := f.bare()
	f.describe(t)
	return t
}

// bare is the table without rows and without what its dictionary says.
func (f *File) bare() *survey.Table {
	t := &survey.Table{Notices: f.Notices}
	for _, c := range f.columns {
		t.Variables = append(t.Variables, newTarget(c.Column, c.name, 0).Variable)
	}
	return t
}

func (f *File) describe(t *survey.Table) {
	if text, ok := f.file.Lookup(columnar.Key); ok {
		t.Notices = slices.Clip(t.Notices)
		columnar.Describe(t, text)
	}
}

func damaged(path string, err error) error {
	return survey.Problems{{File: path, Message: "the Parquet file cannot be read: " + err.Error(), Remedy: "write it again, without encryption, or export it as CSV"}}
}

// leaf is a column with one value a row, and the name of its variable.
type leaf struct {
	*parquet.Column
	name string
}

// leaves finds the columns below a group, in the file's order.
func (f *File) leaves(group *parquet.Column, before string) {
	for _, c := range group.Columns() {
		name := before + c.Name()
		switch {
		case c.Repeated():
			f.repeated = append(f.repeated, strings.TrimSuffix(name, ".list"))
		case c.Leaf():
			f.columns = append(f.columns, leaf{c, f.names.Free(name, len(f.names)+1, &f.Notices)})
		default:
			f.leaves(c, name+".")
		}
	}
}

// read gives the variables that are picked their values; of several faults it returns
// the first column's.
func (f *File) read(t *survey.Table, picked func(name string) bool) error {
	t.Rows = int(f.rows)
	faults := make([]error, len(f.columns))
	parallel.Each(context.Background(), len(f.columns), func(j int) {
		if c := f.columns[j]; picked(c.name) {
			t.Variables[j], faults[j] = f.variable(c)
		}
	})
	for j, err := range faults {
		if err != nil {
			return fmt.Errorf("column %s: %w", f.columns[j].name, err)
		}
	}
	return nil
}

// variable reads all values of a column.
func (f *File) variable(c leaf) (v *survey.Variable, err error) {
	in, err := f.start(c)
	if err != nil {
		return nil, err
	}
	defer in.close()
	if v, err = in.take(f.rows); err != nil {
		return nil, err
	}
	return v, in.finish()
}
