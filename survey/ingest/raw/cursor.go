// Package raw has what the readers of SPSS, Stata and SAS files have in common:
// bytes in sequence with their place for messages, text in any encoding, columns of
// text, and words for what a table could not keep.
package raw

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"surveykit/survey"
)

// Fault is what is wrong with a file, and the byte where it shows.
type Fault struct {
	At      int64
	Message string
	Remedy  string
}

// Error is the place and the message.
func (f *Fault) Error() string { return fmt.Sprintf("at byte %d: %s", f.At, f.Message) }

// Damaged is the fault of bytes that do not follow the format.
func Damaged(at int64, format string, args ...any) *Fault {
	return &Fault{at, fmt.Sprintf(format, args...),
		"the file is damaged: copy or download it again, or export it again"}
}

// Problems turns a Fault into survey.Problems of the file at path; any other
// error, such as one of a device, is wrapped with the path.
func Problems(path string, err error) error {
	var f *Fault
	if errors.As(err, &f) {
		return survey.Problems{{File: path, Message: f.Error(), Remedy: f.Remedy}}
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Cursor reads a file front to back. The first failure sticks: every read after
// it gives zeros, so a series of reads needs only one check of Err.
type Cursor struct {
	// Order is the byte order of numbers.
	Order binary.ByteOrder
	src   *bufio.Reader
	at    int64
	size  int64
	err   error
}

// NewCursor reads r, a file of size bytes, from its beginning, little-endian
// until Order is changed.
func NewCursor(r io.ReaderAt, size int64) *Cursor { return NewCursorAt(r, 0, size) }

// NewCursorAt is NewCursor from the given place on.
func NewCursorAt(r io.ReaderAt, at, size int64) *Cursor {
	return &Cursor{Order: binary.LittleEndian, src: bufio.NewReaderSize(io.NewSectionReader(r, at, size-at), 1<<16), at: at, size: size}
}

// At is the place of the next byte.
func (c *Cursor) At() int64 { return c.at }

// Left is how many bytes of the file have not been read.
func (c *Cursor) Left() int64 { return c.size - c.at }

// Size is how many bytes the file has.
func (c *Cursor) Size() int64 { return c.size }

// Rest is what has not been read; reading from it does not move the cursor.
func (c *Cursor) Rest() io.Reader { return c.src }

// Err is the first failure.
func (c *Cursor) Err() error { return c.err }

// Fail makes err the failure, unless there was one before.
func (c *Cursor) Fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// Fill reads into all of p; what names the thing read, for messages.
func (c *Cursor) Fill(p []byte, what string) {
	if c.err != nil {
		return
	}
	if n := int64(len(p)); n > c.Left() {
		c.Fail(Damaged(c.at, "the file ends inside %s: %d bytes are needed, %d are left", what, n, c.Left()))
		return
	}
	if _, err := io.ReadFull(c.src, p); err != nil {
		c.Fail(err)
		return
	}
	c.at += int64(len(p))
}

// Take reads n bytes; it allocates no more than the file has, and returns
// nil after a failure.
func (c *Cursor) Take(n int64, what string) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 {
		c.Fail(Damaged(c.at, "the length of %s is %d", what, n))
		return nil
	}
	if n > c.Left() {
		c.Fail(Damaged(c.at, "the file ends inside %s: %d bytes are needed, %d are left", what, n, c.Left()))
		return nil
	}
	b := make([]byte, n)
	if c.Fill(b, what); c.err != nil {
		return nil
	}
	return b
}

// Peek looks at up to n of the next bytes without reading them.
func (c *Cursor) Peek(n int) []byte {
	b, _ := c.src.Peek(n)
	return b
}

// Uint8 reads one byte.
func (c *Cursor) Uint8(what string) uint8 {
	var b [1]byte
	c.Fill(b[:], what)
	return b[0]
}

// Uint16 reads two bytes in the file's order.
func (c *Cursor) Uint16(what string) uint16 {
	var b [2]byte
	c.Fill(b[:], what)
	return c.Order.Uint16(b[:])
}

// Uint32 reads four bytes in the file's order.
func (c *Cursor) Uint32(what string) uint32 {
	var b [4]byte
	c.Fill(b[:], what)
	return c.Order.Uint32(b[:])
}

// Uint64 reads eight bytes in the file's order.
func (c *Cursor) Uint64(what string) uint64 {
	var b [8]byte
	c.Fill(b[:], what)
	return c.Order.Uint64(b[:])
}
