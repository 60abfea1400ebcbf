package ingest

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"

	"surveykit/survey"
	"surveykit/survey/ingest/packed"
	"surveykit/survey/ingest/parquet"
)

// Stream is a file whose rows are read a block at a time, as often as they are needed,
// and never held together.
type Stream struct {
	path       string
	file       *os.File
	before     fs.FileInfo
	blocks     blocks
	dictionary *survey.Table
}

// blocks is what a format offers that can be read so; see parquet.File.
type blocks interface {
	Dictionary() *survey.Table
	Rows() int
	Bytes(columns []string) int64
	Blocks(ctx context.Context, columns []string, each func(*survey.Table) error) error
}

// Streamed opens a file to be read a block of rows at a time, where the columns of it that
// the options pick would take more memory than most bytes. It is nil where they would not,
// and where it cannot be done: of packed files, of data with a codebook beside them, and of
// formats other than Parquet. The errors are those of Open.
func Streamed(path string, o Options, most int64) (*Stream, error) {
	file, before, err := openFile(path)
	if err != nil {
		return nil, err
	}
	s, err := streamed(file, before.Size(), path, o, most)
	if s == nil || err != nil {
		file.Close()
		return nil, err
	}
	s.path, s.file, s.before = path, file, before
	return s, nil
}

func streamed(file *os.File, size int64, path string, o Options, most int64) (*Stream, error) {
	start, err := beginning(file, size, path)
	if err != nil || packed.Is(start) || o.Codebook != "" {
		return nil, err
	}
	f, err := detect(start, path)
	if err != nil || f.stream == nil {
		return nil, err
	}
	all, err := f.stream(file, size, path)
	if err != nil {
		return nil, err
	}
	t, err := bounded(all.Dictionary(), path)
	if err != nil {
		return nil, err
	}
	names, _ := o.Columns.Columns(t)
	if t = t.Only(names); all.Bytes(t.Names()) <= most {
		return nil, nil
	}
	sum := <-hashOf(io.NewSectionReader(file, 0, size))
	if sum.err != nil {
		return nil, problem(path, "the file cannot be read: "+sum.err.Error(), "")
	}
	t.Sources = []survey.Source{{Path: path, Format: f.name, SHA256: sum.hex, Bytes: size, Rows: all.Rows()}}
	return &Stream{blocks: all, dictionary: t}, nil
}

// Dictionary is the table without rows.
func (s *Stream) Dictionary() *survey.Table { return s.dictionary }

// Rows is the number of rows.
func (s *Stream) Rows() int { return s.blocks.Rows() }

// Blocks calls each with some columns of all rows, a block of them at a time. The error is
// that of each, survey.Problems of a damaged file or of columns that it does not have, or
// survey.ErrChanged where somebody wrote into the file after it was opened.
func (s *Stream) Blocks(ctx context.Context, columns []string, each func(*survey.Table) error) error {
	err := s.blocks.Blocks(ctx, columns, func(block *survey.Table) error {
		for k, v := range block.Variables {
			of := *s.dictionary.Lookup(v.Name)
			of.Numbers, of.Texts = v.Numbers, v.Texts
			block.Variables[k] = &of
		}
		return each(block)
	})
	if changed(s.file, s.before) {
		return fmt.Errorf("%s %w; read it again once it is complete", s.path, survey.ErrChanged)
	}
	return err
}

// Close closes the file.
func (s *Stream) Close() error { return s.file.Close() }

func streamParquet(r io.ReaderAt, size int64, path string) (blocks, error) {
	f, err := parquet.Open(r, size, path)
	if err != nil {
		return nil, err
	}
	return f, nil
}
