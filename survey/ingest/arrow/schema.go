package arrow

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/ingest/columnar"
	"surveykit/survey/ingest/raw"
)

// The types of Arrow, by their numbers in its schema.
const (
	nullType = 1 + iota
	intType
	floatType
	binaryType
	textType
	boolType
	decimalType
	dateType
	timeType
	timestampType
	intervalType
	listType
	structType
	unionType
	fixedBinaryType
	fixedListType
	mapType
	durationType
	largeBinaryType
	largeTextType
	largeListType
	runEndType
	binaryViewType
	textViewType
	listViewType
	largeListViewType
)

// unitMilli is the unit of milliseconds; 0 are days of a date, else seconds.
const unitMilli = 1

// The limits of a schema, which no survey comes near.
const (
	mostFields = 1 << 17
	mostDepth  = 32
)

// field is a column of the schema, or what is nested in one.
type field struct {
	name     string
	kind     int
	width    int // bytes of a value, 0 where they vary
	unsigned bool
	unit     int
	scale    int32
	dense    bool // of a union
	encoding *encoding
	children []*field
	target   *target // nil where it is left out
}

// encoding means that the column refers to values of a dictionary.
type encoding struct {
	id      int64
	index   *field
	ordered bool
}

// schema makes the columns, and returns the metadata with their labels.
func (rd *reader) schema(s table) (described string, err error) {
	if s.flat == nil {
		return "", errors.New("it has no schema")
	}
	if s.short(0, 0) != 0 {
		return "", errors.New("big-endian files are not read")
	}
	rd.values = map[int64]*field{}
	total := 0
	for _, t := range s.tables(1) {
		f, err := rd.field(t, 0, &total)
		if err != nil {
			return "", err
		}
		rd.fields = append(rd.fields, f)
	}
	described = metadata(s, 2, columnar.Key)
	if s.broken {
		return "", errors.New("its schema is damaged")
	}
	names := raw.Names{}
	for _, f := range rd.fields {
		rd.target(f, "", names)
	}
	if len(rd.columns) == 0 {
		return "", errors.New("it has no columns of simple values")
	}
	rd.pick(described)
	return described, nil
}

// pick asks which columns are read, and takes the others from their fields.
func (rd *reader) pick(described string) {
	dictionary := &survey.Table{}
	for _, c := range rd.columns {
		v := *c.Variable
		dictionary.Variables = append(dictionary.Variables, &v)
	}
	if described != "" {
		columnar.Describe(dictionary, described)
	}
	names, picked := rd.choose.Columns(dictionary)
	rd.picked, rd.used = names, map[int64]bool{}
	for _, c := range rd.columns {
		switch {
		case !picked(c.Name):
			c.field.target = nil
		case c.field.encoding != nil:
			rd.used[c.field.encoding.id] = true
		}
	}
}

// field reads a field and those nested in it.
func (rd *reader) field(t table, depth int, total *int) (*field, error) {
	if *total++; *total > mostFields || depth > mostDepth {
		return nil, fmt.Errorf("its schema has more than %d columns, or they nest deeper than %d", mostFields, mostDepth)
	}
	f := &field{name: t.text(0), kind: t.byteAt(2)}
	if kind, ok := t.table(3); ok {
		f.measure(kind)
	}
	for _, c := range t.tables(5) {
		child, err := rd.field(c, depth+1, total)
		if err != nil {
			return nil, err
		}
		f.children = append(f.children, child)
	}
	if d, ok := t.table(4); ok {
		f.encoding = &encoding{id: d.long(0), index: &field{kind: intType, width: 4}, ordered: d.byteAt(2) != 0}
		if index, ok := d.table(1); ok {
			f.encoding.index.measure(index)
		}
		plain := *f
		plain.encoding = nil
		rd.values[f.encoding.id] = &plain
	}
	if t.broken {
		return nil, errors.New("its schema is damaged")
	}
	// Widths and units that Arrow does not have are refused.
	known := widths[f.kind]
	const mostUnit, mostScale, mostWidth = 3, 1000, 1 << 20
	switch {
	case known != nil && !slices.Contains(known, f.width),
		f.unit > mostUnit, f.scale > mostScale, f.scale < -mostScale,
		f.width < 0, f.width > mostWidth,
		f.encoding != nil && !slices.Contains(widths[intType], f.encoding.index.width):
		return nil, fmt.Errorf("column %s: its type does not exist", f.name)
	}
	return f, nil
}

// measure reads the width and the unit of the values.
func (f *field) measure(t table) {
	switch f.kind {
	case intType:
		f.width, f.unsigned = t.int(0, 0)/8, t.byteAt(1) == 0
	case floatType:
		f.width = 2 << t.short(0, 0)
	case decimalType:
		f.width, f.scale = t.int(2, 128)/8, int32(t.int(1, 0))
	case dateType:
		f.unit = t.short(0, unitMilli)
		f.width = 4 + 4*f.unit
	case timeType:
		f.unit, f.width = t.short(0, unitMilli), t.int(1, 32)/8
	case timestampType:
		f.unit, f.width = t.short(0, 0), 8
	case durationType:
		f.unit, f.width = t.short(0, unitMilli), 8
	case intervalType:
		f.width = map[int]int{0: 4, 1: 8, 2: 16}[t.short(0, 0)]
	case fixedBinaryType:
		f.width = t.int(0, 0)
	case unionType:
		f.dense = t.short(0, 0) == 1
	}
}

// widths are the bytes that a value of a type can have.
var widths = map[int][]int{
	intType: {1, 2, 4, 8}, floatType: {2, 4, 8}, decimalType: {4, 8, 16, 32}, dateType: {4, 8}, timeType: {4, 8},
}

// readable reports whether each cell of the column is one simple value.
func (f *field) readable() bool {
	switch f.kind {
	case nullType, intType, floatType, binaryType, textType, boolType, decimalType, dateType, timeType, timestampType,
		durationType, fixedBinaryType, largeBinaryType, largeTextType, binaryViewType, textViewType:
		return true
	}
	return false
}

// texts reports whether the values are texts, or bytes that are read as such.
func (f *field) texts() bool {
	switch f.kind {
	case binaryType, textType, fixedBinaryType, largeBinaryType, largeTextType, binaryViewType, textViewType:
		return true
	}
	return false
}

// flat is a FlatBuffer, the encoding of Arrow's metadata. Every access is
// checked against the buffer; one outside it reads as zero and sets
// broken, so that a series of them needs only one check.
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

// root is the table of a buffer.
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
