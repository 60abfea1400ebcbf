package arrow

import (
	"encoding/binary"
	"errors"
	"fmt"

	"surveykit/survey"
	"surveykit/survey/ingest/columnar"
)

// body reads the buffers of a batch, in the order of its fields.
type body struct {
	rd     *reader
	m      message
	header table
	rows   int64
	codec  int
	node   int // the next one of each
	buffer int
	views  int
}

// Codecs of bodies.
const (
	plain = iota
	lz4Frame
	zstandard
)

func (rd *reader) body(m message, header table) (*body, error) {
	b := &body{rd: rd, m: m, header: header, rows: header.long(0)}
	if packing, ok := header.table(3); ok {
		b.codec = lz4Frame + packing.byteAt(0)
	}
	if header.broken || b.codec > zstandard {
		return nil, errors.New("its head is damaged")
	}
	if limit := mostExpansion*rd.size + alwaysAllowed; b.rows < 0 || b.rows > limit || (rd.rows+b.rows)*int64(len(rd.columns)) > limit {
		return nil, fmt.Errorf("it has %d rows, in a file of %d bytes", b.rows, rd.size)
	}
	return b, nil
}

// batch adds rows to the columns.
func (rd *reader) batch(m message) error {
	b, err := rd.body(m, m.header)
	if err != nil {
		return err
	}
	for _, f := range rd.fields {
		if err := b.walk(f, nil); err != nil {
			return fmt.Errorf("column %s: %w", f.name, err)
		}
	}
	rd.rows += b.rows
	if rd.held += int(b.rows); rd.each.Full(rd.held) {
		return rd.hand()
	}
	return nil
}

// dictionary reads the values that later batches refer to.
func (rd *reader) dictionary(m message) error {
	id := m.header.long(0)
	f := rd.values[id]
	if f == nil {
		return fmt.Errorf("no column has the dictionary %d", id)
	}
	data, ok := m.header.table(1)
	if !ok {
		return errors.New("the dictionary is empty")
	}
	if !f.readable() || !rd.used[id] {
		return nil
	}
	b, err := rd.body(m, data)
	if err != nil {
		return err
	}
	more := m.header.byteAt(2) != 0
	if rd.dictionaries[id] == nil || !more {
		rd.dictionaries[id] = newColumn(f, f.name)
	}
	c := rd.dictionaries[id]
	if _, err := b.length(); err != nil {
		return err
	}
	return b.column(f, nil, func(cell []byte) error {
		put(f, c, cell)
		return nil
	}, c.Null)
}

// walk reads a field's buffers into its column, and skips those of fields that are
// left out. A row is missing where a group that contains it is.
func (b *body) walk(f *field, present bits) error {
	n, err := b.length()
	if err != nil {
		return err
	}
	group := f.kind == structType && f.encoding == nil
	switch {
	case (group || f.target != nil) && n != b.rows:
		return fmt.Errorf("it has %d values in a batch of %d rows", n, b.rows)
	case f.target != nil:
		return f.target.read(b, present)
	case group:
		own, err := b.bits()
		if err != nil {
			return err
		}
		for _, c := range f.children {
			if err := b.walk(c, present.and(own)); err != nil {
				return err
			}
		}
		return nil
	}
	return b.skip(f)
}

// skip skips the buffers of a field whose own node has been read.
func (b *body) skip(f *field) error {
	n, err := b.buffers(f)
	if err != nil {
		return err
	}
	b.buffer += n
	if f.encoding != nil {
		return nil
	}
	for _, c := range f.children {
		if _, err := b.length(); err != nil {
			return err
		}
		if err := b.skip(c); err != nil {
			return err
		}
	}
	return nil
}

// buffers is how many buffers a field has without its children.
func (b *body) buffers(f *field) (int, error) {
	kind := f.kind
	if f.encoding != nil {
		kind = intType
	}
	switch kind {
	case nullType, runEndType:
		return 0, nil
	case structType, fixedListType:
		return 1, nil
	case unionType:
		n := 1
		if f.dense {
			n++
		}
		if b.m.old {
			n++
		}
		return n, nil
	case textType, binaryType, largeTextType, largeBinaryType, listViewType, largeListViewType:
		return 3, nil
	case textViewType, binaryViewType:
		more, err := b.variadic()
		return 2 + more, err
	}
	return 2, nil
}

// variadic is how many buffers of texts the next column of views has.
func (b *body) variadic() (int, error) {
	start, n := b.header.vector(4, 8)
	if b.views >= n {
		return 0, errors.New("it does not say how many buffers its texts have")
	}
	b.views++
	count := b.header.int64(start + 8*(b.views-1))
	if _, all := b.header.vector(1, 16); count < 0 || count > int64(all) {
		return 0, fmt.Errorf("its texts cannot have %d buffers", count)
	}
	return int(count), nil
}

// length is the number of values that the next field says it has.
func (b *body) length() (int64, error) {
	const width = 16
	start, n := b.header.vector(1, width)
	if b.node >= n {
		return 0, errors.New("the batch has fewer columns than the schema")
	}
	b.node++
	return b.header.int64(start + width*(b.node-1)), nil
}

// next is the content of the next buffer, unpacked.
func (b *body) next() ([]byte, error) {
	const width = 16
	start, n := b.header.vector(2, width)
	if b.buffer >= n {
		return nil, errors.New("the batch has fewer buffers than its columns need")
	}
	p := start + width*b.buffer
	b.buffer++
	at, length := b.header.int64(p), b.header.int64(p+8)
	if at < 0 || length < 0 || at > b.m.length-length {
		return nil, errors.New("a buffer is outside its batch")
	}
	content, err := b.rd.bytes(b.m.body+at, length)
	if err != nil || b.codec == plain || length == 0 {
		return content, err
	}
	return b.unpacked(content)
}

// unpacked is the content of a packed buffer, which follows its length.
func (b *body) unpacked(content []byte) ([]byte, error) {
	if len(content) < 8 {
		return nil, errors.New("a packed buffer has no length")
	}
	n := int64(binary.LittleEndian.Uint64(content))
	if content = content[8:]; n == -1 {
		return content, nil
	}
	if n < 0 || n > b.rd.left {
		return nil, fmt.Errorf("a buffer of %d bytes would unpack to %d, in a file of %d", len(content), n, b.rd.size)
	}
	b.rd.left -= n
	return b.rd.unpack.buffer(b.codec, content, int(n))
}

// bits is the next buffer, of one bit a row; nil where it is empty: all are set.
func (b *body) bits() (bits, error) {
	content, err := b.next()
	if err != nil || len(content) == 0 {
		return nil, err
	}
	if int64(len(content)) < (b.rows+7)/8 {
		return nil, errors.New("it has fewer bits than rows")
	}
	return content, nil
}

// bits are flags; nil means that all are set.
type bits []byte

func (b bits) at(i int) bool { return b == nil || b[i/8]>>(i%8)&1 == 1 }

// and is set where both are.
func (b bits) and(other bits) bits {
	if b == nil {
		return other
	}
	if other == nil {
		return b
	}
	both := make(bits, min(len(b), len(other)))
	for i := range both {
		both[i] = b[i] & other[i]
	}
	return both
}

// newColumn is an empty column of the kind that the field's values become.
func newColumn(f *field, name string) *columnar.Column {
	c := columnar.NewColumn(name, 0)
	if f.texts() {
		c.MakeText()
	}
	c.Kind = kindOf(f)
	if f.kind == boolType {
		c.Codes = []survey.Code{{Value: survey.NumberValue(0), Label: "false"}, {Value: survey.NumberValue(1), Label: "true"}}
	}
	return c
}
