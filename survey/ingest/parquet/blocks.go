package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"

	"surveykit/stats/parallel"
	"surveykit/survey"
)

// blockRows is how many rows a block has.
const blockRows = 1 << 15

// Bytes is about how much memory some columns take where all rows are held: what their
// pages unpack to, at least a byte a row and at most a number.
func (f *File) Bytes(names []string) (bytes int64) {
	const number = 8
	for _, c := range f.columns {
		if !slices.Contains(names, c.name) {
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
	return bytes
}

// Blocks reads some columns of all rows, a block of rows at a time in the file's order,
// and holds no more. A block's variables are described as the dictionary's are. The error
// is that of each, or survey.Problems as of Read; also of a column of whole numbers too
// long for a number, which can only be read as a whole.
func (f *File) Blocks(ctx context.Context, names []string, each func(*survey.Table) error) error {
	dictionary := f.Dictionary()
	var columns []*cursor
	defer func() {
		for _, c := range columns {
			c.close()
		}
	}()
	for _, name := range names {
		k := slices.IndexFunc(f.columns, func(c leaf) bool { return c.name == name })
		if k < 0 {
			return survey.Problems{dictionary.Unknown(name)}
		}
		c, err := f.start(f.columns[k])
		if err != nil {
			return damaged(f.path, fmt.Errorf("column %s: %w", name, err))
		}
		columns = append(columns, c)
	}
	for left := f.rows; left > 0; left -= blockRows {
		t := &survey.Table{Rows: int(min(left, blockRows)), Variables: make([]*survey.Variable, len(names))}
		faults := make([]error, len(names))
		parallel.Each(ctx, len(names), func(j int) {
			t.Variables[j], faults[j] = columns[j].described(dictionary.Lookup(names[j]), int64(t.Rows))
		})
		for j, err := range faults {
			if err != nil {
				return damaged(f.path, fmt.Errorf("column %s: %w", names[j], err))
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(t); err != nil {
			return err
		}
	}
	return nil
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

// described reads the next n values into a variable like that of the dictionary.
func (c *cursor) described(as *survey.Variable, n int64) (*survey.Variable, error) {
	v, err := c.take(n)
	if err != nil {
		return nil, err
	}
	if v.IsText() != as.IsText() {
		return nil, errors.New("its whole numbers are too long to be read a block at a time; write them as text")
	}
	out := *as
	out.Numbers, out.Texts = v.Numbers, v.Texts
	return &out, nil
}
