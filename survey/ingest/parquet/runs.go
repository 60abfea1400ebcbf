package parquet

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// Parquet's library takes memory for as many values as the runs in a page claim.
// Here they are first held against what the page says that it has.

var (
	errRuns    = errors.New("its runs hold more values than it says")
	errEncoded = errors.New("its values are encoded in a way that their kind has not")
)

// oldDictionary is what old files call both a dictionary and places in it.
const oldDictionary format.Encoding = 2

// grown reports whether the runs in a page hold no more values than it says, and
// to how many bytes its texts grow where each repeats the beginning of the last.
func (c *chunk) grown(h pageHead, levels, values []byte) (bytes int64, err error) {
	if deepest := c.column.MaxDefinitionLevel(); deepest > 0 && h.kind != format.DictionaryPage {
		if h.kind == format.DataPage {
			if levels, values, err = counted(values); err != nil {
				return 0, err
			}
		}
		if h.kind == format.DataPageV2 || h.levels == format.RLE {
			if err := checkRuns(levels, uint64(bits.Len(uint(deepest))), h.values); err != nil {
				return 0, err
			}
		}
	}
	if len(values) == 0 {
		return 0, nil
	}
	switch h.encoding {
	case oldDictionary, format.RLEDictionary:
		if h.kind == format.DictionaryPage && h.encoding == oldDictionary {
			return 0, nil // of plain values
		}
		return 0, checkRuns(values[1:], uint64(values[0]), h.values)
	case format.RLE:
		if c.column.Type().Kind() != parquet.Boolean {
			return 0, errEncoded
		}
		run, _, err := counted(values)
		if err != nil {
			return 0, err
		}
		return 0, checkRuns(run, 1, h.values)
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray:
		_, err = (&compact{bytes: values}).differences(h.values)
		return 0, err
	case format.DeltaByteArray:
		in := &compact{bytes: values}
		same, err := in.sum(h.values)
		if err != nil {
			return 0, err
		}
		own, err := in.sum(h.values)
		if same+own > math.MaxInt32 {
			return 0, errBomb
		}
		return same + own, err
	}
	return 0, nil
}

// counted parts bytes that have their number before them from what follows.
func counted(b []byte) (first, rest []byte, err error) {
	const head = 4
	if len(b) < head {
		return nil, nil, errShort
	}
	n := binary.LittleEndian.Uint32(b)
	if b = b[head:]; uint64(n) > uint64(len(b)) {
		return nil, nil, errShort
	}
	return b[:n], b[n:], nil
}

// checkRuns counts the values in runs of so many bits each: at most those that
// the page has, and what fills the last eight of each run that is written out.
func checkRuns(b []byte, width uint64, values int64) error {
	left := uint64(values) + 8*uint64(len(b))
	for len(b) > 0 {
		head, n := binary.Uvarint(b)
		if n <= 0 {
			return errShort
		}
		b = b[n:]
		count, size := head>>1, (width+7)/8
		if count == 0 {
			continue
		}
		if count > left {
			return errRuns
		}
		if head&1 == 1 {
			count, size = 8*count, count*width
		}
		if count > left {
			return errRuns
		}
		left -= count
		b = b[min(size, uint64(len(b))):]
	}
	return nil
}

// packing is the head of whole numbers that are packed as differences.
type packing struct {
	blocks, total, first int64
	perBlock             int64
}

// differences reads that head, in which no more numbers may be claimed than most.
func (c *compact) differences(most int64) (p packing, err error) {
	const longest = 1 << 16
	size := c.varint()
	blocks, total := c.varint(), c.varint()
	p = packing{int64(blocks), int64(total), c.int(), 0}
	switch {
	case c.broken:
		return p, errShort
	case total > uint64(most):
		return p, errRuns
	case size == 0 || size > longest || blocks == 0 || blocks > size:
		return p, errors.New("its blocks of differences are damaged")
	}
	p.perBlock = int64(size / blocks)
	return p, nil
}

// sum adds lengths that are packed as differences, and steps over them.
func (c *compact) sum(most int64) (sum int64, err error) {
	p, err := c.differences(most)
	if err != nil || p.total == 0 {
		return 0, err
	}
	last := int32(p.first)
	sum = int64(max(last, 0))
	for left := p.total - 1; left > 0; {
		least := int32(c.int())
		if c.broken {
			return 0, errShort
		}
		for _, width := range c.take(p.blocks) {
			block := c.take(p.perBlock * int64(width) / 8)
			for k := range min(p.perBlock, left) {
				last += least + int32(bitsAt(block, uint64(k)*uint64(width), width))
				sum += int64(max(last, 0))
				left--
			}
		}
	}
	return sum, nil
}

// take steps over so many bytes, or all that are left.
func (c *compact) take(n int64) []byte {
	b := c.bytes[c.at:]
	b = b[:min(n, int64(len(b)))]
	c.at += len(b)
	return b
}

// bitsAt are so many bits, at most 32, from a place on; those behind the end are 0.
func bitsAt(b []byte, at uint64, width byte) uint64 {
	var word [8]byte
	copy(word[:], b[min(at/8, uint64(len(b))):])
	return binary.LittleEndian.Uint64(word[:]) >> (at % 8) & (1<<min(width, 32) - 1)
}
