package sav

import (
	"compress/zlib"
	"io"

	"surveykit/survey/ingest/raw"
)

// blocks reads the zlib blocks of a .zsav one behind the other. It never gives
// more than the file's own list of blocks declares.
type blocks struct {
	r     io.ReaderAt
	list  []block
	total int64
	// stream is the open block, of which left bytes are to come.
	stream io.ReadCloser
	left   int64
	place  int64
}

// block is where a zlib stream stands, and its size before and after.
type block struct{ at, packed, size int64 }

const (
	blockEntrySize   = 24
	blockTrailerHead = 24
	// mostDeflate is the highest ratio that the deflate format can reach.
	mostDeflate = 1032
)

// openBlocks reads the list of blocks that stands behind them.
func openBlocks(r io.ReaderAt, c cursor, bias float64) (*blocks, error) {
	at := c.At()
	c.int64("the zlib header")
	trailerAt := c.int64("the zlib header")
	trailerSize := c.int64("the zlib header")
	if c.Err() != nil {
		return nil, c.Err()
	}
	if trailerAt < c.At() || trailerSize < blockTrailerHead || trailerSize > c.Size() || trailerAt > c.Size()-trailerSize {
		return nil, raw.Damaged(at, "the zlib header puts the list of blocks at byte %d, %d long, in a file of %d bytes",
			trailerAt, trailerSize, c.Size())
	}
	t := cursor{raw.NewCursorAt(r, trailerAt, trailerAt+trailerSize)}
	t.Order = c.Order
	return readBlockList(r, t, c.At(), trailerAt, bias)
}

func readBlockList(r io.ReaderAt, t cursor, begin, end int64, bias float64) (*blocks, error) {
	at := t.At()
	negative, _ := t.int64("the zlib trailer"), t.int64("the zlib trailer")
	t.int32("the zlib trailer")
	n := int64(t.count("the zlib trailer"))
	if t.Err() != nil {
		return nil, t.Err()
	}
	if float64(-negative) != bias || n*blockEntrySize != t.Left() {
		return nil, raw.Damaged(at, "the list of zlib blocks does not agree with the header: bias %d, %d blocks", negative, n)
	}
	z := &blocks{r: r, place: begin}
	for range n {
		at := t.At()
		t.int64("a zlib block")
		b := block{at: t.int64("a zlib block"), size: int64(t.int32("a zlib block")), packed: int64(t.int32("a zlib block"))}
		if b.at != begin || b.size < 0 || b.packed < 0 || b.packed > end-begin || b.size > mostDeflate*b.packed {
			return nil, raw.Damaged(at, "a zlib block at byte %d cannot have %d bytes that unpack to %d", b.at, b.packed, b.size)
		}
		begin += b.packed
		z.total += b.size
		z.list = append(z.list, b)
	}
	return z, nil
}

func (z *blocks) offset() int64 { return z.place }

// Read gives the unpacked bytes.
func (z *blocks) Read(p []byte) (int, error) {
	for z.left == 0 {
		if err := z.advance(); err != nil {
			return 0, err
		}
	}
	n, err := z.stream.Read(p[:min(int64(len(p)), z.left)])
	z.left -= int64(n)
	switch {
	case err == io.EOF && z.left > 0:
		return n, raw.Damaged(z.place, "a zlib block ends %d bytes early", z.left)
	case err != nil && err != io.EOF:
		return n, z.unreadable(err)
	}
	return n, nil
}

// advance checks that the open block ends as declared, and opens the next one.
func (z *blocks) advance() error {
	if z.stream != nil {
		var one [1]byte
		if n, err := io.ReadFull(z.stream, one[:]); n > 0 {
			return raw.Damaged(z.place, "a zlib block unpacks to more than the file declares")
		} else if err != io.EOF {
			return z.unreadable(err)
		}
	}
	if len(z.list) == 0 {
		return io.EOF
	}
	b := z.list[0]
	z.list, z.place, z.left = z.list[1:], b.at, b.size
	section := io.NewSectionReader(z.r, b.at, b.packed)
	if reset, ok := z.stream.(zlib.Resetter); ok {
		if err := reset.Reset(section, nil); err != nil {
			return z.unreadable(err)
		}
		return nil
	}
	var err error
	if z.stream, err = zlib.NewReader(section); err != nil {
		z.stream = nil
		return z.unreadable(err)
	}
	return nil
}

func (z *blocks) unreadable(err error) error {
	return raw.Damaged(z.place, "a zlib block cannot be unpacked: %v", err)
}
