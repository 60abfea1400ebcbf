package sav

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// fault is what is wrong with a file, and the byte where it shows.
type fault struct {
	at      int64
	message string
	remedy  string
}

func (f *fault) Error() string { return fmt.Sprintf("at byte %d: %s", f.at, f.message) }

// damaged is the fault of bytes that do not follow the format.
func damaged(at int64, format string, args ...any) *fault {
	return &fault{at, fmt.Sprintf(format, args...),
		"the file is damaged: copy or download it again, or save it again in SPSS"}
}

// cursor reads a file front to back. The first failure sticks: every read after
// it gives zeros, so a run of reads needs one look at err.
type cursor struct {
	src   *bufio.Reader
	at    int64
	size  int64
	order binary.ByteOrder
	err   error
}

func newCursor(r io.ReaderAt, at, size int64) *cursor {
	return &cursor{
		src:   bufio.NewReader(io.NewSectionReader(r, at, size-at)),
		at:    at,
		size:  size,
		order: binary.LittleEndian,
	}
}

// left is how many bytes of the file have not been read.
func (c *cursor) left() int64 { return c.size - c.at }

func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// take reads n bytes of what; nothing is allocated for more than the file has.
func (c *cursor) take(n int64, what string) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 {
		c.fail(damaged(c.at, "the length of %s is %d", what, n))
		return nil
	}
	if n > c.left() {
		c.fail(damaged(c.at, "the file ends inside %s: %d bytes are wanted, %d are left", what, n, c.left()))
		return nil
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(c.src, b); err != nil {
		c.fail(err)
		return nil
	}
	c.at += n
	return b
}

func (c *cursor) int32(what string) int32 {
	b := c.take(4, what)
	if b == nil {
		return 0
	}
	return int32(c.order.Uint32(b))
}

// count reads a number of things, which cannot be negative.
func (c *cursor) count(what string) int32 {
	at, n := c.at, c.int32(what)
	if n < 0 {
		c.fail(damaged(at, "the number in %s is %d", what, n))
		return 0
	}
	return n
}

func (c *cursor) int64(what string) int64 {
	b := c.take(8, what)
	if b == nil {
		return 0
	}
	return int64(c.order.Uint64(b))
}

// octet reads the eight bytes in which a value stands.
func (c *cursor) octet(what string) (o [8]byte) {
	copy(o[:], c.take(8, what))
	return o
}

// roundUp is n taken up to the next multiple of m.
func roundUp[T int | int64](n, m T) T { return (n + m - 1) / m * m }
