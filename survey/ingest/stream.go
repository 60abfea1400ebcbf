package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"surveykit/survey"
	"surveykit/survey/ingest/columnar"
	"surveykit/survey/ingest/packed"
	"surveykit/survey/ingest/raw"
	"surveykit/survey/ingest/spool"
)

// blockRows is about how many rows are read at a time.
var blockRows = 1 << 15

// Stream is a file whose rows were read a block at a time and are in a temporary file, so
// that they are never held together.
type Stream struct {
	dictionary *survey.Table
	// values has the distinct cells of the columns, of which the blocks have the places; nil
	// where they have values.
	values *survey.Table
	sets   []survey.MultipleResponse // that columns became, those left out among them
	*spool.Spool
}

// Streamed reads a file a block of rows at a time, where the columns of it that the options
// pick would take more memory than most bytes. It is nil where they would not, and where it
// cannot be done: of packed files, of data with a codebook beside them, of formats without
// blocks, and of what delimited.Blocks does not read. The errors are those of Open, and that of the context.
func Streamed(ctx context.Context, path string, o Options, most int64) (*Stream, error) {
	file, before, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	size := before.Size()
	start, err := beginning(file, size, path)
	if err != nil || packed.Is(start) || o.Codebook != "" {
		return nil, err
	}
	f, err := detect(file, size, start, path)
	if err != nil || f.blocks == nil {
		return nil, err
	}
	memory := size
	if f.bytes != nil {
		memory, err = f.bytes(file, size, path, o.Columns)
	}
	if err != nil || memory <= most {
		return nil, err
	}
	hash := hashOf(io.NewSectionReader(file, 0, size))
	s := &Stream{}
	if s.Spool, err = spool.New(); err != nil {
		return nil, err
	}
	t, err := f.stream(file, size, path, o, s, func(block *survey.Table) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.Add(block); err != nil || o.Progress == nil {
			return err
		}
		o.Progress(s.Rows())
		return nil
	})
	sum := <-hash
	if errors.Is(err, raw.ErrWhole) {
		return nil, s.Close()
	}
	if err == nil && sum.err != nil {
		err = problem(path, "the file cannot be read: "+sum.err.Error(), "")
	}
	if changed(file, before) {
		err = fmt.Errorf("%s %w; read it again once it is complete", path, survey.ErrChanged)
	}
	if err == nil {
		t, err = bounded(t, path)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	if f.listed {
		s.values, t = t, t.Hollow()
	}
	all := *t
	all.Rows = 0
	all.Sources = append([]survey.Source{{Path: path, Format: f.name, SHA256: sum.hex, Bytes: size, Rows: s.Rows()}}, t.Sources...)
	s.dictionary = &all
	return s, nil
}

// stream reads the file into a stream; a panic of the reader is the file's problem.
func (f format) stream(r io.ReaderAt, size int64, path string, o Options, s *Stream, each func(*survey.Table) error) (t *survey.Table, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			t, err = nil, f.failed(path, fault)
		}
	}()
	if err := o.checkOptions(f, path); err != nil {
		return nil, err
	}
	t, err = f.blocks(r, size, path, o, raw.Blocks{Each: each, Rows: blockRows, Restart: s.Reset})
	if err == nil {
		s.sets = t.Sets
	}
	if err == nil && t.Columns == nil {
		names, _ := o.Columns.Columns(t)
		t = t.Only(names)
	}
	return t, err
}

// Dictionary is the table without rows.
func (s *Stream) Dictionary() *survey.Table { return s.dictionary }

// Block is some columns of block k, as the dictionary describes them.
func (s *Stream) Block(k int, columns []string) (*survey.Table, error) {
	sources := make([]string, len(columns))
	for j, name := range columns {
		sources[j] = s.source(name)
	}
	cells, err := s.Spool.Block(k, sources)
	if err != nil {
		return nil, err
	}
	block := &survey.Table{Rows: cells.Rows, Variables: make([]*survey.Variable, len(columns))}
	for j, name := range columns {
		of, v := *s.dictionary.Lookup(name), cells.Lookup(sources[j])
		if s.values != nil && v.IsText() {
			v = s.values.Lookup(name).Spread(v.Texts.Index)
		}
		if of.IsText() && !v.IsText() { // a later block has a number that is too long for one
			(&columnar.Column{Variable: v}).MakeText()
		}
		of.Numbers, of.Texts = v.Numbers, v.Texts
		block.Variables[j] = &of
	}
	return block, nil
}

// source is the column of the file that one of the table was made of: that of a set, or one
// whose name inert has changed.
func (s *Stream) source(name string) string {
	if s.values == nil {
		return name
	}
	for _, set := range s.sets {
		if slices.Contains(set.Variables, name) {
			name = set.Name
		}
	}
	all := s.Names()
	if k := slices.IndexFunc(all, func(of string) bool { return survey.Unguarded(of) == name }); k >= 0 && !slices.Contains(all, name) {
		return all[k]
	}
	return name
}
