package ingest

import (
	"context"
	"fmt"
	"io"

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
	*spool.Spool
}

// Streamed reads a file a block of rows at a time, where the columns of it that the options
// pick would take more memory than most bytes. It is nil where they would not, and where it
// cannot be done: of packed files, of data with a codebook beside them, and of formats
// without blocks. The errors are those of Open, and that of the context.
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
	f, err := detect(start, path)
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
	t, err := f.stream(file, size, path, o, func(block *survey.Table) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return s.Add(block)
	})
	sum := <-hash
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
	all := *t
	all.Rows = 0
	all.Sources = append([]survey.Source{{Path: path, Format: f.name, SHA256: sum.hex, Bytes: size, Rows: s.Rows()}}, t.Sources...)
	s.dictionary = &all
	return s, nil
}

// stream reads the file in blocks; a panic of the reader is the file's problem.
func (f format) stream(r io.ReaderAt, size int64, path string, o Options, each func(*survey.Table) error) (t *survey.Table, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			t, err = nil, f.failed(path, fault)
		}
	}()
	if err := o.checkEncoding(f, path); err != nil {
		return nil, err
	}
	return f.blocks(r, size, path, o, raw.Blocks{Each: each, Rows: blockRows})
}

// Dictionary is the table without rows.
func (s *Stream) Dictionary() *survey.Table { return s.dictionary }

// Block is some columns of block k, as the dictionary describes them.
func (s *Stream) Block(k int, columns []string) (*survey.Table, error) {
	block, err := s.Spool.Block(k, columns)
	if err != nil {
		return nil, err
	}
	for j, v := range block.Variables {
		of := *s.dictionary.Lookup(v.Name)
		if of.IsText() && !v.IsText() { // a later block has a number that is too long for one
			(&columnar.Column{Variable: v}).MakeText()
		}
		of.Numbers, of.Texts = v.Numbers, v.Texts
		block.Variables[j] = &of
	}
	return block, nil
}
