package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// checkFooter reports whether the metadata at the file's end hold what they claim.
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
		return errors.New("it is cut off, or encrypted: it does not end as a Parquet file does")
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
	*File
	column *parquet.Column
	codec  format.CompressionCodec
	at     int64
	end    int64
	// Room for a page, as it is in the file and unpacked.
	packed, unpacked []byte
}

// checkPages reports whether the pages of a column stay inside it, and unpack to no
// more than they say and than the file may hold.
func (f *File) checkPages(column *parquet.Column) error {
	left := mostExpansion*f.size + alwaysAllowed
	c := chunk{File: f, column: column}
	for i := range f.file.Metadata().RowGroups {
		chunks := f.file.Metadata().RowGroups[i].Columns
		if column.Index() >= len(chunks) {
			return errors.New("a group of rows lacks it")
		}
		meta := &chunks[column.Index()].MetaData
		c.codec, c.at = meta.Codec, meta.DataPageOffset
		if d := meta.DictionaryPageOffset; d > 0 {
			c.at = min(c.at, d)
		}
		c.end = c.at + meta.TotalCompressedSize
		if c.at < 0 || c.end < c.at || c.end > f.size {
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

// page checks the page at c.at, steps over it and returns its unpacked size.
func (c *chunk) page() (unpacked int64, err error) {
	head, length, err := c.header()
	if err != nil {
		return 0, err
	}
	body := c.at + length
	switch levels := head.definition + head.repetition; {
	case head.packed < 0 || head.unpacked < 0 || head.values < 0 || head.definition < 0 || head.repetition < 0 || levels > head.packed || body+head.packed > c.end:
		return 0, errors.New("it is longer than its column")
	case head.values > max(c.rows, head.unpacked):
		return 0, fmt.Errorf("it claims %d values", head.values)
	case head.unpacked > mostExpansion*c.size+alwaysAllowed:
		return 0, fmt.Errorf("it claims to unpack to %d bytes", head.unpacked)
	}
	levels, values, err := c.content(head, body)
	if err != nil {
		return 0, err
	}
	grown, err := c.grown(head, levels, values)
	c.at = body + head.packed
	return head.unpacked + grown, err
}

// content is what a page holds: its values, unpacked, and those levels that
// are before them as they are.
func (c *chunk) content(h pageHead, at int64) (levels, values []byte, err error) {
	c.packed = slices.Grow(c.packed[:0], int(h.packed))[:h.packed]
	if _, err := c.src.ReadAt(c.packed, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	levels, values = c.packed[h.repetition:h.repetition+h.definition], c.packed[h.repetition+h.definition:]
	if h.bare || c.codec == format.Uncompressed {
		return levels, values, nil
	}
	c.unpacked, err = unpack(c.codec, values, c.unpacked, h.unpacked)
	return levels, c.unpacked, err
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

// pageHead is what a page says of itself.
type pageHead struct {
	kind             format.PageType
	packed, unpacked int64 // bytes
	values           int64
	encoding         format.Encoding
	// levels is the encoding of the definition levels in a page of version 1;
	// definition and repetition are the bytes of levels before one of version 2.
	levels                 format.Encoding
	definition, repetition int64
	// bare is a page of version 2 that is not packed, whatever its column is.
	bare bool
}

// details are the numbers in the head's part for a kind of page, by field.
type details struct {
	numbers [8]int64
	bare    bool
}

// pageHead reads the fields of a head that bound a page.
func (c *compact) pageHead() (h pageHead) {
	const kindOf, unpacked, packed, first, dictionary, second = 1, 2, 3, 5, 7, 8
	var parts [second + 1]details
	c.fields(func(id int64, kind byte) {
		switch {
		case isInt(kind) && id == kindOf:
			h.kind = format.PageType(c.int())
		case isInt(kind) && id == unpacked:
			h.unpacked = c.int()
		case isInt(kind) && id == packed:
			h.packed = c.int()
		case kind == structure && first <= id && id <= second:
			c.details(&parts[id])
		default:
			c.skip(kind, 0)
		}
	})
	switch h.kind {
	case format.DataPage:
		n := parts[first].numbers
		h.values, h.encoding, h.levels = n[1], format.Encoding(n[2]), format.Encoding(n[3])
	case format.DictionaryPage:
		n := parts[dictionary].numbers
		h.values, h.encoding = n[1], format.Encoding(n[2])
	case format.DataPageV2:
		n := parts[second].numbers
		h.values, h.encoding, h.definition, h.repetition, h.bare = n[1], format.Encoding(n[4]), n[5], n[6], parts[second].bare
	}
	return h
}

func isInt(kind byte) bool { return kind == shortInt || kind == plainInt || kind == longInt }

// details reads the part for a kind of page; its only truth, in version 2, says
// whether the page is packed.
func (c *compact) details(d *details) {
	c.fields(func(field int64, kind byte) {
		switch {
		case isInt(kind) && 0 < field && field < int64(len(d.numbers)):
			d.numbers[field] = c.int()
		default:
			d.bare = d.bare || kind == boolFalse && field == 7
			c.skip(kind, 1)
		}
	})
}
