package sav

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
)

// writeCases writes all rows in byte codes.
func (p *layout) writeCases(w io.Writer) error {
	c := &coder{w: w}
	for row := range p.table.Rows {
		for _, f := range p.fields {
			if !f.IsText() {
				c.number(toFile(f.Kind, f.Numbers[row]))
				continue
			}
			text := ""
			if k := f.Texts.Index[row]; k >= 0 {
				text = f.Texts.Values[k]
			}
			for _, part := range f.parts {
				used := min(len(text), part.width)
				c.text(text[:used], part.octets())
				text = text[used:]
			}
		}
	}
	return c.finish()
}

// coder is the inverse of expander. The first failure of w sticks.
type coder struct {
	w io.Writer
	// group is the eight codes, of which n are set, and then their literals.
	group [72]byte
	n     int
	size  int
	err   error
}

func (c *coder) number(x float64) {
	code := x + writtenBias
	switch {
	case math.IsNaN(x):
		c.put(codeMissing)
	case code == math.Trunc(code) && code > codeNothing && code < codeEnd && code-writtenBias == x:
		c.put(byte(code))
	default:
		binary.LittleEndian.PutUint64(c.literal(), math.Float64bits(x))
		c.put(codeLiteral)
	}
}

func (c *coder) text(s string, octets int) {
	for range octets {
		n := min(len(s), 8)
		if blank := s[:n] == "        "[:n]; blank {
			c.put(codeBlanks)
		} else {
			copy(c.literal(), s[:n]+"        ")
			c.put(codeLiteral)
		}
		s = s[n:]
	}
}

// literal is the place of the next literal; a put of codeLiteral must follow.
func (c *coder) literal() []byte { return c.group[8+c.size : 8+c.size+8] }

func (c *coder) put(code byte) {
	c.group[c.n] = code
	c.n++
	if code == codeLiteral {
		c.size += 8
	}
	if c.n == 8 {
		c.flush()
	}
}

func (c *coder) flush() {
	clear(c.group[c.n:8])
	if c.n > 0 && c.err == nil {
		_, c.err = c.w.Write(c.group[:8+c.size])
	}
	c.n, c.size = 0, 0
}

func (c *coder) finish() error {
	c.flush()
	return c.err
}

// writtenBlock is how many bytes of byte codes go into a zlib block.
const writtenBlock = 0x3ff000

// blockWriter packs what is written to it into zlib blocks, and keeps them until
// finish, because the list's place stands before them.
type blockWriter struct {
	// start is where the zlib header will stand in the file.
	start  int64
	raw    bytes.Buffer
	packed bytes.Buffer
	list   []block
}

const zlibHeaderSize = 24

func (z *blockWriter) Write(p []byte) (int, error) {
	z.raw.Write(p)
	for z.raw.Len() >= writtenBlock {
		if err := z.pack(z.raw.Next(writtenBlock)); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (z *blockWriter) pack(raw []byte) error {
	before := z.packed.Len()
	d := zlib.NewWriter(&z.packed)
	if _, err := d.Write(raw); err != nil {
		return err
	}
	if err := d.Close(); err != nil {
		return err
	}
	z.list = append(z.list, block{
		at:     z.start + zlibHeaderSize + int64(before),
		packed: int64(z.packed.Len() - before),
		size:   int64(len(raw)),
	})
	return nil
}

// finish writes the zlib header, the blocks and their list.
func (z *blockWriter) finish(w io.Writer) error {
	if z.raw.Len() > 0 {
		if err := z.pack(z.raw.Bytes()); err != nil {
			return err
		}
	}
	var head, list recordBuffer
	list.int64s(-writtenBias, 0)
	list.int32s(writtenBlock, int32(len(z.list)))
	unpacked := z.start
	for _, b := range z.list {
		list.int64s(unpacked, b.at)
		list.int32s(int32(b.size), int32(b.packed))
		unpacked += b.size
	}
	head.int64s(z.start, z.start+zlibHeaderSize+int64(z.packed.Len()), int64(list.Len()))
	for _, part := range []*bytes.Buffer{&head.Buffer, &z.packed, &list.Buffer} {
		if _, err := w.Write(part.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
