package parquet

import "encoding/binary"

// compact walks over Thrift's compact protocol, the encoding of Parquet's
// metadata. Parquet's library takes memory for whatever length they claim;
// here lengths are first held against the bytes that there are.
type compact struct {
	bytes  []byte
	at     int
	broken bool
}

// The wire types.
const (
	boolTrue = 1 + iota
	boolFalse
	oneByte
	shortInt
	plainInt
	longInt
	double
	binaryText
	listOf
	setOf
	mapOf
	structure
)

const mostDepth = 32

func (c *compact) byte() byte {
	if c.at >= len(c.bytes) {
		c.broken = true
		return 0
	}
	c.at++
	return c.bytes[c.at-1]
}

func (c *compact) varint() uint64 {
	x, n := binary.Uvarint(c.bytes[min(c.at, len(c.bytes)):])
	if n <= 0 {
		c.broken = true
		return 0
	}
	c.at += n
	return x
}

// int is a signed integer.
func (c *compact) int() int64 {
	x := c.varint()
	return int64(x>>1) ^ -int64(x&1)
}

// length is a length of things that take at least a byte each.
func (c *compact) length(n uint64) int {
	if n > uint64(len(c.bytes)-min(c.at, len(c.bytes))) {
		c.broken = true
		return 0
	}
	return int(n)
}

// fields calls visit at the value of each field of a structure; visit reads it.
func (c *compact) fields(visit func(id int64, kind byte)) {
	for id := int64(0); !c.broken; {
		head := c.byte()
		if head == 0 {
			return
		}
		if head>>4 == 0 {
			id = c.int()
		} else {
			id += int64(head >> 4)
		}
		visit(id, head&0xF)
	}
}

// skip passes over a value.
func (c *compact) skip(kind byte, depth int) {
	if depth > mostDepth {
		c.broken = true
	}
	if c.broken {
		return
	}
	switch kind {
	case boolTrue, boolFalse:
	case oneByte:
		c.byte()
	case shortInt, plainInt, longInt:
		c.varint()
	case double:
		c.at += c.length(8)
	case binaryText:
		c.at += c.length(c.varint())
	case listOf, setOf:
		head := c.byte()
		n := uint64(head >> 4)
		if n == 0xF {
			n = c.varint()
		}
		for range c.length(n) {
			c.element(head&0xF, depth)
		}
	case mapOf:
		if n := c.length(c.varint()); n > 0 {
			kinds := c.byte()
			for range n {
				c.element(kinds>>4, depth)
				c.element(kinds&0xF, depth)
			}
		}
	case structure:
		c.fields(func(_ int64, kind byte) { c.skip(kind, depth+1) })
	default:
		c.broken = true
	}
}

// element passes over a value in a list, where truth takes a byte.
func (c *compact) element(kind byte, depth int) {
	if kind == boolTrue || kind == boolFalse {
		kind = oneByte
	}
	c.skip(kind, depth+1)
}
