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
func Read(r io.ReaderAt, size int64, path string, choose raw.Chooser) (table *survey.Table, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			table, err = nil, damaged(path, fmt.Errorf("%v", fault))
		}
	}()
	if err := checkFooter(r, size); err != nil {
		return nil, damaged(path, err)
	}
	file, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, damaged(path, err)
	}
	rd := &reader{names: raw.Names{}, src: r, file: file, rows: file.NumRows(), size: size}
	rd.leaves(file.Root(), "")
	if cells := rd.rows * int64(len(rd.columns)); rd.rows < 0 || rd.rows > mostExpansion*size+alwaysAllowed || cells > mostExpansion*size+alwaysAllowed {
		return nil, damaged(path, fmt.Errorf("it has %d rows in %d bytes", rd.rows, size))
	}
	if len(rd.columns) == 0 {
		return nil, damaged(path, errors.New("it has no columns"))
	}
	if len(rd.repeated) > 0 {
		rd.Note(survey.NoticeUnread, rd.repeated, "left out, because they have several values a row: %s", raw.Listed(rd.repeated))
	}
	t := &survey.Table{}
	for _, c := range rd.columns {
		t.Variables = append(t.Variables, newTarget(c.Column, c.name, 0).Variable)
	}
	described, ok := file.Lookup(columnar.Key)
	dictionary := *t
	if ok {
		columnar.Describe(&dictionary, described)
	}
	names, picked := choose.Columns(&dictionary)
	if err := rd.read(t, picked); err != nil {
		return nil, damaged(path, err)
	}
	t.Notices = rd.Notices
	if ok {
		columnar.Describe(t, described)
	}
	return t.Only(names), nil
}

func damaged(path string, err error) error {
	return survey.Problems{{File: path, Message: "the Parquet file cannot be read: " + err.Error(), Remedy: "write it again, without encryption, or export it as CSV"}}
}

// reader has what is common to the columns of a file.
type reader struct {
	survey.Notices
	src      io.ReaderAt
	file     *parquet.File
	names    raw.Names
	rows     int64
	size     int64
	columns  []leaf
	repeated []string
}

// leaf is a column with one value a row, and the name of its variable.
type leaf struct {
	*parquet.Column
	name string
}

// leaves finds the columns below a group, in the file's order.
func (rd *reader) leaves(group *parquet.Column, before string) {
	for _, c := range group.Columns() {
		name := before + c.Name()
		switch {
		case c.Repeated():
			rd.repeated = append(rd.repeated, strings.TrimSuffix(name, ".list"))
		case c.Leaf():
			rd.columns = append(rd.columns, leaf{c, rd.names.Free(name, len(rd.names)+1, &rd.Notices)})
		default:
			rd.leaves(c, name+".")
		}
	}
}

// read gives the variables that are picked their values; of several faults it returns
// the first column's.
func (rd *reader) read(t *survey.Table, picked func(name string) bool) error {
	t.Rows = int(rd.rows)
	faults := make([]error, len(rd.columns))
	parallel.Each(context.Background(), len(rd.columns), func(j int) {
		if c := rd.columns[j]; picked(c.name) {
			t.Variables[j], faults[j] = rd.variable(c)
		}
	})
	for j, err := range faults {
		if err != nil {
			return fmt.Errorf("column %s: %w", rd.columns[j].name, err)
		}
	}
	return nil
}

// variable reads all values of a column.
func (rd *reader) variable(c leaf) (v *survey.Variable, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			v, err = nil, fmt.Errorf("%v", fault)
		}
	}()
	if err := rd.checkPages(c.Column); err != nil {
		return nil, err
	}
	// Memory is reserved for all rows, unless they would be packed into less than a bit
	// each.
	const bits = 8
	target := newTarget(c.Column, c.name, int(min(rd.rows, bits*rd.size/int64(len(rd.columns)))))
	pages := c.Pages()
	defer pages.Close()
	for n := int64(0); ; {
		page, err := pages.ReadPage()
		if err == io.EOF && n == rd.rows {
			return target.Variable, nil
		}
		if err == io.EOF {
			return nil, fmt.Errorf("it has %d values in a file of %d rows", n, rd.rows)
		}
		if err != nil {
			return nil, err
		}
		if n += page.NumValues(); n > rd.rows {
			return nil, errors.New("it has more values than the file has rows")
		}
		err = target.addPage(page)
		parquet.Release(page)
		if err != nil {
			return nil, err
		}
	}
}
