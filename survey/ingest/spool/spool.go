// Package spool keeps the rows of data that are larger than memory in a temporary file:
// in blocks of rows, and each column of a block apart, so that a few columns can be read
// as often as they are needed.
package spool

import (
	"fmt"
	"os"
	"runtime"
	"slices"

	"surveykit/survey"
)

// Spool is the rows of a table. The file has no name as soon as it is open where the
// system allows that, and can only be read by the user who runs the program.
type Spool struct {
	file   *os.File
	folder string
	end    int64
	rows   int
	names  []string
	blocks []block
	room   []byte
}

// block says where the columns of a block are in the file, in the order of the names.
type block struct {
	rows  int
	spans []span
	kinds []survey.Kind
}

type span struct {
	at   int64
	size int
}

// New opens a spool in the folder of temporary files: that of the environment's TMPDIR,
// or /var/tmp, since /tmp may be held in memory.
func New() (*Spool, error) {
	folder := os.TempDir()
	if info, err := os.Stat("/var/tmp"); os.Getenv("TMPDIR") == "" && runtime.GOOS != "windows" && err == nil && info.IsDir() {
		folder = "/var/tmp"
	}
	file, err := os.CreateTemp(folder, "surveykit-*")
	if err != nil {
		return nil, full(folder, err)
	}
	if runtime.GOOS != "windows" {
		os.Remove(file.Name())
	}
	return &Spool{file: file, folder: folder}, nil
}

func full(folder string, err error) error {
	return fmt.Errorf("data larger than the memory that they may take are read through a temporary file, which cannot be written in %s: %w; name a folder with room in TMPDIR", folder, err)
}

// Close gives the room of the file back.
func (s *Spool) Close() error {
	err := s.file.Close()
	if runtime.GOOS == "windows" {
		os.Remove(s.file.Name())
	}
	return err
}

// Reset forgets the blocks so far.
func (s *Spool) Reset() { s.blocks, s.names, s.rows, s.end = nil, nil, 0, 0 }

// Add adds a block. All blocks have the same columns.
func (s *Spool) Add(t *survey.Table) error {
	b := block{rows: t.Rows}
	if s.names == nil {
		s.names = t.Names()
	}
	for _, v := range t.Variables {
		s.room = v.AppendBinary(s.room[:0])
		if _, err := s.file.WriteAt(s.room, s.end); err != nil {
			return full(s.folder, err)
		}
		b.spans, b.kinds = append(b.spans, span{s.end, len(s.room)}), append(b.kinds, v.Kind)
		s.end += int64(len(s.room))
	}
	s.blocks, s.rows = append(s.blocks, b), s.rows+t.Rows
	return nil
}

// Rows is the number of rows of all blocks.
func (s *Spool) Rows() int { return s.rows }

// Names are the columns.
func (s *Spool) Names() []string { return s.names }

// Len is the number of blocks.
func (s *Spool) Len() int { return len(s.blocks) }

// Block is some columns of block k, which have names, kinds and values.
func (s *Spool) Block(k int, names []string) (*survey.Table, error) {
	b := s.blocks[k]
	t := &survey.Table{Rows: b.rows}
	for j, name := range s.names {
		if !slices.Contains(names, name) {
			continue
		}
		v := &survey.Variable{Name: name, Kind: b.kinds[j]}
		data := make([]byte, b.spans[j].size)
		_, err := s.file.ReadAt(data, b.spans[j].at)
		if err == nil {
			err = v.ReadBinary(data)
		}
		if err != nil {
			return nil, fmt.Errorf("the temporary file of the data cannot be read: %w", err)
		}
		t.Variables = append(t.Variables, v)
	}
	return t, nil
}
