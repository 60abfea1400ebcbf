// Package parquet reads surveys from Apache Parquet files.
//
// Integers that a float64 cannot hold, and any other column that is neither a
// number nor a date, become texts. Fields of a group are named group.field;
// repeated fields are left out, with a notice. Timestamps become seconds since
// 1970-01-01 00:00 in the zone in which they are stored.
package parquet

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// The most cells of a table: a thousand for each byte of the file, since a
// constant column packs well, and always this many.
const (
	mostExpansion = 1000
	alwaysAllowed = 64 << 20
)

// Read reads the Parquet file of size bytes in r; path is only named in
// problems. The error is survey.Problems where the file is damaged or
// encrypted, where its columns differ in length, or where it claims more rows
// than its size can hold.
func Read(r io.ReaderAt, size int64, path string) (table *survey.Table, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			table, err = nil, damaged(path, fmt.Errorf("%v", fault))
		}
	}()
	file, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, damaged(path, err)
	}
	rd := &reader{names: raw.Names{}, rows: file.NumRows()}
	columns := rd.leaves(file.Root(), "")
	if cells := rd.rows * int64(len(columns)); rd.rows < 0 || rd.rows > mostExpansion*size+alwaysAllowed || cells > mostExpansion*size+alwaysAllowed {
		return nil, damaged(path, fmt.Errorf("it claims %d rows in %d bytes", rd.rows, size))
	}
	if len(columns) == 0 {
		return nil, damaged(path, errors.New("it has no columns"))
	}
	t := &survey.Table{Rows: int(rd.rows)}
	for _, c := range columns {
		v, err := rd.variable(c)
		if err != nil {
			return nil, damaged(path, fmt.Errorf("column %s: %w", c.name, err))
		}
		t.Variables = append(t.Variables, v)
	}
	if len(rd.repeated) > 0 {
		rd.Note("left out, since they hold several values a row: %s", raw.Listed(rd.repeated))
	}
	t.Notices = rd.Notices
	return t, nil
}

func damaged(path string, err error) error {
	return survey.Problems{{File: path, Message: "the Parquet file cannot be read: " + err.Error(), Remedy: "write it again, without encryption, or export it as CSV"}}
}

// reader holds what is common to the columns of a file.
type reader struct {
	raw.Notices
	names    raw.Names
	rows     int64
	repeated []string
}

// leaf is a column with one value a row.
type leaf struct {
	*parquet.Column
	name string
}

// leaves are the columns below a group, in the file's order.
func (rd *reader) leaves(group *parquet.Column, before string) (all []leaf) {
	for _, c := range group.Columns() {
		name := before + c.Name()
		switch {
		case c.Repeated():
			rd.repeated = append(rd.repeated, strings.TrimSuffix(name, ".list"))
		case c.Leaf():
			all = append(all, leaf{c, name})
		default:
			all = append(all, rd.leaves(c, name+".")...)
		}
	}
	return all
}

// variable reads all values of a column.
func (rd *reader) variable(c leaf) (*survey.Variable, error) {
	v := &survey.Variable{Name: rd.names.Free(c.name, len(rd.names)+1, &rd.Notices)}
	target := newTarget(c.Column, v)
	n := int64(0)
	pages := c.Pages()
	defer pages.Close()
	for {
		page, err := pages.ReadPage()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		read, err := target.addPage(page.Values(), rd.rows-n)
		parquet.Release(page)
		if err != nil {
			return nil, err
		}
		n += read
	}
	if n != rd.rows {
		return nil, fmt.Errorf("it has %d values in a file of %d rows", n, rd.rows)
	}
	target.finish()
	return v, nil
}
