package parquet

import "github.com/parquet-go/parquet-go/format"

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
