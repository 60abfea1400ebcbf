package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Bytes is about how much memory the columns picked take where all rows are held: what
// their pages unpack to, at least a byte a row and at most a number.
func Bytes(r io.ReaderAt, size int64, path string, choose raw.Chooser) (bytes int64, err error) {
	f, err := Open(r, size, path)
	if err != nil {
		return 0, err
	}
	const number = 8
	_, picked := choose.Columns(f.Dictionary())
	for _, c := range f.columns {
		if !picked(c.name) {
			continue
		}
		unpacked := int64(0)
		for _, g := range f.file.Metadata().RowGroups {
			if c.Index() < len(g.Columns) {
				unpacked += g.Columns[c.Index()].MetaData.TotalUncompressedSize
			}
		}
		if c.Type().Kind() != parquet.ByteArray {
			unpacked = min(unpacked, number*f.rows)
		}
		bytes += max(unpacked, f.rows)
	}
	return bytes, nil
}

// Blocks is Read for a file that is never held as a whole: each gets the columns picked, a
// block of rows at a time in the file's order, and the table returned has none of their
// values. A column of whole numbers that turns out to have one too long for a number is text from that block
// on, and in the table. An error of each ends the reading.
func Blocks(r io.ReaderAt, size int64, path string, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	f, err := Open(r, size, path)
	if err != nil {
		return nil, err
	}
	names, picked := choose.Columns(f.Dictionary())
	t := f.bare()
	var columns []*cursor
	defer func() {
		for _, c := range columns {
			c.close()
		}
	}()
	failed := func(c leaf, err error) error { return damaged(path, fmt.Errorf("column %s: %w", c.name, err)) }
	for _, c := range f.columns {
		if picked(c.name) {
			in, err := f.start(c)
			if err != nil {
				return nil, failed(c, err)
			}
			columns = append(columns, in)
		}
	}
	for left := f.rows; left > 0; left -= int64(each.Rows) {
		block := &survey.Table{Rows: int(min(left, int64(each.Rows))), Variables: make([]*survey.Variable, len(columns))}
		faults := make([]error, len(columns))
		parallel.Each(context.Background(), len(columns), func(j int) {
			block.Variables[j], faults[j] = columns[j].take(int64(block.Rows))
		})
		for j, err := range faults {
			if err != nil {
				return nil, failed(columns[j].leaf, err)
			}
			if v := t.Lookup(columns[j].name); block.Variables[j].IsText() && !v.IsText() {
				v.Kind, v.Numbers, v.Texts = survey.Text, nil, &survey.TextColumn{}
			}
		}
		if err := each.Each(block); err != nil {
			return nil, err
		}
	}
	for _, c := range columns {
		if err := c.finish(); err != nil {
			return nil, failed(c.leaf, err)
		}
	}
	f.describe(t)
	return t.Only(names), nil
}

// cursor reads the values of a column in the order of the rows.
type cursor struct {
	leaf
	file  *File
	pages parquet.Pages
	page  parquet.Page // that is not read to its end
	used  int64        // values of the page
	read  int64        // values of the column
	terms terms
}

// start checks a column and begins to read it.
func (f *File) start(c leaf) (in *cursor, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	if err := f.checkPages(c.Column); err != nil {
		return nil, err
	}
	return &cursor{leaf: c, file: f, pages: c.Pages()}, nil
}

func (c *cursor) close() {
	parquet.Release(c.page)
	c.pages.Close()
}

// take reads the next n values.
func (c *cursor) take(n int64) (v *survey.Variable, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			v, err = nil, fmt.Errorf("%v", fault)
		}
	}()
	// Memory is reserved for all values, unless they would be packed into less than a bit
	// each.
	const bits = 8
	target := newTarget(c.Column, c.name, int(min(n, bits*c.file.size/int64(len(c.file.columns)))))
	if target.terms = c.terms.again(); c.terms.of != nil && c.terms.values.IsText() && !target.IsText() {
		target.MakeText()
	}
	target.know()
	for n > 0 {
		if c.page == nil {
			if err := c.next(); err != nil {
				return nil, err
			}
		}
		part := min(n, c.page.NumValues()-c.used)
		page := c.page
		if part < page.NumValues() {
			page = page.Slice(c.used, c.used+part)
		}
		if err := target.addPage(page); err != nil {
			return nil, err
		}
		if page != c.page {
			parquet.Release(page)
		}
		n, c.used, c.read = n-part, c.used+part, c.read+part
		if c.used == c.page.NumValues() {
			parquet.Release(c.page)
			c.page, c.used = nil, 0
		}
	}
	c.terms = target.terms
	return target.Variable, nil
}

// next reads the next page.
func (c *cursor) next() (err error) {
	c.page, err = c.pages.ReadPage()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("it has %d values in a file of %d rows", c.read, c.file.rows)
	}
	return err
}

// finish makes sure that no values are left.
func (c *cursor) finish() error {
	for c.page == nil {
		page, err := c.pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if c.page = page; page.NumValues() == 0 {
			parquet.Release(page)
			c.page = nil
		}
	}
	return errors.New("it has more values than the file has rows")
}
