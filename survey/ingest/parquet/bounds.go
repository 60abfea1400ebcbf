package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// checkFooter tells whether the metadata at the file's end hold what they claim.
func checkFooter(r io.ReaderAt, size int64) error {
	const tail = 8 // length and magic
	end := make([]byte, tail)
	if size < tail {
		return errors.New("it is too short")
	}
	if _, err := r.ReadAt(end, size-tail); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(end))
	if string(end[4:]) != "PAR1" || length > size-tail {
		return errors.New("it is cut off, or encrypted: its end is not that of a Parquet file")
	}
	footer := make([]byte, length)
	if _, err := r.ReadAt(footer, size-tail-length); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	c := &compact{bytes: footer}
	if c.skip(structure, 0); c.broken {
		return errors.New("its metadata are damaged")
	}
	return nil
}

// chunk is the part of a file that holds a column's values of a group of rows.
type chunk struct {
	*reader
	codec format.CompressionCodec
	at    int64
	end   int64
}

// checkPages tells whether the pages of a column stay inside it and unpack to no
// more than they say and than the file may hold. A gzip or LZ4 page cannot unpack
// to more than a thousand times its size, whatever it says.
func (rd *reader) checkPages(column int) error {
	left := mostExpansion*rd.size + alwaysAllowed
	for i := range rd.file.Metadata().RowGroups {
		chunks := rd.file.Metadata().RowGroups[i].Columns
		if column >= len(chunks) {
			return errors.New("a group of rows lacks it")
		}
		meta := &chunks[column].MetaData
		c := chunk{reader: rd, codec: meta.Codec, at: meta.DataPageOffset}
		if d := meta.DictionaryPageOffset; d > 0 {
			c.at = min(c.at, d)
		}
		c.end = c.at + meta.TotalCompressedSize
		if c.at < 0 || c.end < c.at || c.end > rd.size {
			return errors.New("its pages lie outside the file")
		}
		for c.at < c.end {
			n, err := c.page()
			if err != nil {
				return fmt.Errorf("page at byte %d: %w", c.at, err)
			}
			if left -= n; left < 0 {
				return fmt.Errorf("it unpacks to more than %d times the file's size", mostExpansion)
			}
		}
	}
	return nil
}

// page checks the page at c.at, steps behind it and returns its unpacked size.
func (c *chunk) page() (unpacked int64, err error) {
	head, length, err := c.header()
	if err != nil {
		return 0, err
	}
	body := c.at + length
	switch {
	case head.packed < 0 || head.unpacked < 0 || head.values < 0 || head.levels < 0 || head.levels > head.packed || body+head.packed > c.end:
		return 0, errors.New("it is longer than its column")
	case head.values > max(c.rows, head.unpacked):
		return 0, fmt.Errorf("it claims %d values", head.values)
	case head.unpacked > mostExpansion*c.size+alwaysAllowed:
		return 0, fmt.Errorf("it claims to unpack to %d bytes", head.unpacked)
	}
	content := io.NewSectionReader(c.src, body+head.levels, head.packed-head.levels)
	if err := bounded(c.codec, content, head.unpacked); err != nil {
		return 0, err
	}
	c.at = body + head.packed
	return head.unpacked, nil
}

// pageHead is what a page says of itself.
type pageHead struct {
	packed, unpacked, values, levels int64
}

// header reads the head of the page at c.at, and how long it is.
func (c *chunk) header() (h pageHead, length int64, err error) {
	// Most heads are short; statistics in them can be long.
	for _, n := range []int64{1 << 10, 1 << 20} {
		b := make([]byte, min(n, c.size-c.at))
		if _, err := c.src.ReadAt(b, c.at); err != nil && !errors.Is(err, io.EOF) {
			return h, 0, err
		}
		in := &compact{bytes: b}
		h = in.pageHead()
		if !in.broken {
			return h, int64(in.at), nil
		}
	}
	return h, 0, errors.New("its head is damaged")
}

// pageHead reads the fields of a head that bound a page.
func (c *compact) pageHead() (h pageHead) {
	c.fields(func(id int64, kind byte) {
		const unpacked, packed, first, last = 2, 3, 5, 8
		switch {
		case kind == plainInt && id == unpacked:
			h.unpacked = c.int()
		case kind == plainInt && id == packed:
			h.packed = c.int()
		case kind == structure && first <= id && id <= last:
			c.fields(func(field int64, kind byte) {
				const values, definition, repetition = 1, 5, 6
				switch {
				case kind == plainInt && field == values:
					h.values = c.int()
				case kind == plainInt && id == last && (field == definition || field == repetition):
					h.levels += c.int()
				default:
					c.skip(kind, 1)
				}
			})
		default:
			c.skip(kind, 0)
		}
	})
	return h
}

var errBomb = errors.New("it unpacks to more than it says")

// bounded tells whether what is packed unpacks to at most so many bytes.
func bounded(codec format.CompressionCodec, content *io.SectionReader, most int64) error {
	switch codec {
	case format.Snappy:
		b := make([]byte, min(binary.MaxVarintLen64, content.Size()))
		if _, err := io.ReadFull(content, b); err != nil {
			return err
		}
		if n, _ := binary.Uvarint(b); n > uint64(most) {
			return errBomb
		}
	case format.Zstd:
		return boundedZstd(content, most)
	case format.Brotli:
		return boundedStream(brotli.NewReader(content), most)
	}
	return nil
}

// boundedZstd believes a frame that says its length, since the decoder holds it
// to that; it tries others.
func boundedZstd(content *io.SectionReader, most int64) error {
	b := make([]byte, content.Size())
	if _, err := io.ReadFull(content, b); err != nil {
		return err
	}
	if n, ok := frameLength(b); ok {
		if n > uint64(most) {
			return errBomb
		}
		return nil
	}
	d, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(alwaysAllowed))
	if err != nil {
		return err
	}
	defer d.Close()
	return boundedStream(d, most)
}

// frameLength is what a Zstandard frame says that it unpacks to; not ok where it
// says nothing, or is not the only one.
func frameLength(b []byte) (n uint64, ok bool) {
	var h zstd.Header
	if err := h.Decode(b); err != nil || !h.HasFCS || h.Skippable {
		return 0, false
	}
	const head, repeated, sum = 3, 1, 4
	at := h.HeaderSize
	for last := false; !last; {
		if at+head > len(b) {
			return 0, false
		}
		block := int(b[at]) | int(b[at+1])<<8 | int(b[at+2])<<16
		at += head
		last = block&1 == 1
		if size := block >> 3; block>>1&3 == repeated {
			at++
		} else {
			at += size
		}
	}
	if h.HasCheckSum {
		at += sum
	}
	return h.FrameContentSize, at == len(b)
}

func boundedStream(in io.Reader, most int64) error {
	n, err := io.Copy(io.Discard, io.LimitReader(in, most+1))
	if err == nil && n > most {
		return errBomb
	}
	return err
}
