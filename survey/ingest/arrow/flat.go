package arrow

import "encoding/binary"

// flat is a FlatBuffer, the encoding of Arrow's metadata. Every access is
// checked against the buffer; one that leads out of it reads as zero and sets
// broken, so that a run of them needs one look.
type flat struct {
	bytes  []byte
	broken bool
}

// at is n bytes from a place on, zeros where the buffer has none.
func (f *flat) at(place, n int) []byte {
	if place < 0 || n < 0 || place > len(f.bytes)-n {
		f.broken = true
		return make([]byte, min(max(n, 0), 8))
	}
	return f.bytes[place : place+n]
}

func (f *flat) uint16(place int) int { return int(binary.LittleEndian.Uint16(f.at(place, 2))) }
func (f *flat) uint32(place int) int { return int(binary.LittleEndian.Uint32(f.at(place, 4))) }
func (f *flat) int64(place int) int64 {
	return int64(binary.LittleEndian.Uint64(f.at(place, 8)))
}

// table is a record of a FlatBuffer; its fields have numbers.
type table struct {
	*flat
	start int
}

// root is the table that a buffer holds.
func root(b []byte) table {
	f := &flat{bytes: b}
	return table{f, f.uint32(0)}
}

// field is the place of a field's value, 0 where it has its default.
func (t table) field(n int) int {
	names := t.start - int(int32(t.uint32(t.start)))
	if 4+2*n+2 > t.uint16(names) {
		return 0
	}
	offset := t.uint16(names + 4 + 2*n)
	if offset == 0 {
		return 0
	}
	return t.start + offset
}

func (t table) byteAt(n int) int {
	if p := t.field(n); p != 0 {
		return int(t.at(p, 1)[0])
	}
	return 0
}

func (t table) short(n, otherwise int) int {
	if p := t.field(n); p != 0 {
		return t.uint16(p)
	}
	return otherwise
}

func (t table) int(n, otherwise int) int {
	if p := t.field(n); p != 0 {
		return int(int32(t.uint32(p)))
	}
	return otherwise
}

func (t table) long(n int) int64 {
	if p := t.field(n); p != 0 {
		return t.int64(p)
	}
	return 0
}

// table follows a field to a table inside.
func (t table) table(n int) (inner table, ok bool) {
	p := t.field(n)
	if p == 0 {
		return table{}, false
	}
	return table{t.flat, p + t.uint32(p)}, true
}

// vector follows a field to the elements of a list, each of width bytes.
func (t table) vector(n, width int) (start, length int) {
	p := t.field(n)
	if p == 0 {
		return 0, 0
	}
	p += t.uint32(p)
	length = t.uint32(p)
	if length > (len(t.bytes)-p)/width {
		t.broken = true
		return 0, 0
	}
	return p + 4, length
}

// tables are the tables of a list.
func (t table) tables(n int) []table {
	start, length := t.vector(n, 4)
	all := make([]table, length)
	for i := range all {
		p := start + 4*i
		all[i] = table{t.flat, p + t.uint32(p)}
	}
	return all
}

func (t table) text(n int) string {
	start, length := t.vector(n, 1)
	return string(t.at(start, length))
}
