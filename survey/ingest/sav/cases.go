package sav

import (
	"io"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// blockBytes is about how much of the cases is held outside the columns.
const blockBytes = 64 << 10

// octets gives the cases as eight bytes a dictionary element, whichever way the
// file stores them.
type octets interface {
	// fill fills p, whose length is a multiple of eight. Where the cases end
	// before p is full it gives io.EOF and what there was.
	fill(p []byte) (n int, err error)
	// offset is the place in the file, for messages.
	offset() int64
}

// loadCases streams the cases into the columns.
func (d *dictionary) loadCases(r io.ReaderAt, c cursor) error {
	src, most, err := d.openCases(r, c)
	if err != nil {
		return err
	}
	rowBytes := 8 * len(d.elements)
	capacity := most / int64(rowBytes)
	if d.rows >= 0 {
		capacity = min(capacity, d.rows)
	}
	sinks := d.newSinks(int(capacity))
	rows, err := d.pump(src, rowBytes, sinks)
	if err != nil {
		return err
	}
	if rows < d.rows {
		return raw.Damaged(src.offset(), "the header promises %d cases, and the file ends after %d", d.rows, rows)
	}
	if err := d.checkTail(src, rowBytes, rows); err != nil {
		return err
	}
	d.rows = rows
	for _, s := range sinks {
		s.finish()
	}
	return nil
}

// checkTail looks behind the last case. Another case there is worth a notice;
// only zlib, which has its checksum at the end, can still show damage.
func (d *dictionary) checkTail(src octets, rowBytes int, rows int64) error {
	n, err := src.fill(make([]byte, rowBytes))
	if n == rowBytes {
		d.Note(survey.NoticeUnread, nil, "more data follow the %d cases that the header promises: they were not read", rows)
	}
	if d.compression == zlibCases && err != io.EOF {
		return err
	}
	return nil
}

// pump moves blocks of whole rows from src to the sinks.
func (d *dictionary) pump(src octets, rowBytes int, sinks []sink) (rows int64, err error) {
	block := make([]byte, rowBytes*max(1, blockBytes/rowBytes))
	for err != io.EOF && rows != d.rows {
		part := block
		if d.rows >= 0 {
			part = block[:min(int64(len(block)), (d.rows-rows)*int64(rowBytes))]
		}
		var n int
		if n, err = src.fill(part); err != nil && err != io.EOF {
			return rows, err
		}
		whole := n / rowBytes
		if n%rowBytes != 0 {
			return rows, raw.Damaged(src.offset(), "the file ends inside case %d", rows+int64(whole)+1)
		}
		for _, s := range sinks {
			s.add(part[:n], rowBytes)
		}
		rows += int64(whole)
	}
	return rows, nil
}

// openCases also says how many bytes the cases can come to, as far as memory may
// be set aside for them before they have been seen.
func (d *dictionary) openCases(r io.ReaderAt, c cursor) (src octets, most int64, err error) {
	in := &tally{src: c.Rest(), at: c.At()}
	switch d.compression {
	case plainCases:
		return plain{in}, c.Left(), nil
	case byteCodeCases:
		return d.newExpander(in), 8 * c.Left(), nil
	}
	z, err := openBlocks(r, c, d.bias)
	if err != nil {
		return nil, 0, err
	}
	// What packs tighter than this is a bomb or a table of constants, and its
	// columns grow as they are read.
	const usualRatio = 16
	return d.newExpander(z), 8 * min(z.total, usualRatio*c.Size()), nil
}

// placedReader is a reader that knows its place in the file.
type placedReader interface {
	io.Reader
	offset() int64
}

// tally is a placedReader over a file's bytes as they are.
type tally struct {
	src io.Reader
	at  int64
}

func (t *tally) Read(p []byte) (int, error) {
	n, err := t.src.Read(p)
	t.at += int64(n)
	return n, err
}

func (t *tally) offset() int64 { return t.at }

// plain cases are octets already.
type plain struct{ placedReader }

func (p plain) fill(b []byte) (int, error) {
	n, err := io.ReadFull(p, b)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}
