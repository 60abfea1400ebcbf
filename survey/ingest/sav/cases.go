package sav

import (
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
	"math/bits"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// blockBytes is about how many bytes of cases are in memory besides the columns.
const blockBytes = 64 << 10

// octets delivers the cases as eight bytes for each dictionary element, however
// the file stores them.
type octets interface {
	// fill fills p, whose length is a multiple of eight. Where the cases end
	// before p is full it returns io.EOF and the number of bytes there were.
	fill(p []byte) (n int, err error)
	// offset is the place in the file, for messages.
	offset() int64
}

// loadCases streams the cases into the columns that are picked, which blocks may take out
// of them.
func (d *dictionary) loadCases(r io.ReaderAt, c cursor, picked func(name string) bool, each raw.Blocks) error {
	src, most, err := d.openCases(r, c)
	if err != nil {
		return err
	}
	rowBytes := 8 * len(d.elements)
	capacity := most / int64(rowBytes)
	if d.rows >= 0 {
		capacity = min(capacity, d.rows)
	}
	sinks := d.newSinks(each.Room(capacity), picked)
	rows, err := d.pump(src, rowBytes, sinks, each)
	if err != nil {
		return err
	}
	if rows < d.rows {
		return raw.Damaged(src.offset(), "the header promises %d cases, and the file ends after %d", d.rows, rows)
	}
	// More cases than promised are worth a notice. Damage after the last case shows
	// only in zlib, which has its checksum at the end.
	n, err := src.fill(make([]byte, rowBytes))
	if n == rowBytes {
		d.Note(survey.NoticeUnread, nil, "the file has more than the %d cases that its header promises: the rest was not read", rows)
	}
	if d.compression == zlibCases && err != nil && err != io.EOF {
		return err
	}
	d.rows = rows
	for _, s := range sinks {
		s.finish()
	}
	return nil
}

// hand hands on the rows in the sinks.
func (d *dictionary) hand(rows int, sinks []sink, each raw.Blocks) error {
	for _, s := range sinks {
		s.finish()
	}
	variables := make([]*survey.Variable, len(d.columns))
	for k, c := range d.columns {
		variables[k] = c.Variable
	}
	return each.Hand(rows, variables)
}

// pump moves blocks of whole rows from src to the sinks.
func (d *dictionary) pump(src octets, rowBytes int, sinks []sink, each raw.Blocks) (rows int64, err error) {
	held := 0 // rows in the sinks
	block := make([]byte, rowBytes*max(1, blockBytes/rowBytes))
	for err != io.EOF && rows != d.rows {
		part := block
		if d.rows >= 0 {
			part = block[:min(int64(len(block)), (d.rows-rows)*int64(rowBytes))]
		}
		var n int
		if n, err = src.fill(part); err != nil && err != io.EOF {
			return rows, err
		}
		whole := n / rowBytes
		if n%rowBytes != 0 {
			return rows, raw.Damaged(src.offset(), "the file ends inside case %d", rows+int64(whole)+1)
		}
		for _, s := range sinks {
			s.add(part[:n], rowBytes)
		}
		rows += int64(whole)
		if held += whole; each.Full(held) {
			if err := d.hand(held, sinks, each); err != nil {
				return rows, err
			}
			held = 0
		}
	}
	if each.Each == nil || held == 0 {
		return rows, nil
	}
	return rows, d.hand(held, sinks, each)
}

// openCases also returns the number of bytes that the cases can have, for which
// memory may be reserved before they are read.
func (d *dictionary) openCases(r io.ReaderAt, c cursor) (src octets, most int64, err error) {
	in := &tally{src: c.Rest(), at: c.At()}
	switch d.compression {
	case plainCases:
		return plain{in}, c.Left(), nil
	case byteCodeCases:
		return d.newExpander(in), 8 * c.Left(), nil
	}
	z, err := openBlocks(r, c, d.bias)
	if err != nil {
		return nil, 0, err
	}
	// Data that is packed more tightly than this is a bomb or a table of constants;
	// its columns grow as they are read.
	const usualRatio = 16
	return d.newExpander(z), 8 * min(z.total, usualRatio*c.Size()), nil
}

// placedReader is a reader that knows its place in the file.
type placedReader interface {
	io.Reader
	offset() int64
}

// tally is a placedReader over a file's bytes as they are.
type tally struct {
	src io.Reader
	at  int64
}

func (t *tally) Read(p []byte) (int, error) {
	n, err := t.src.Read(p)
	t.at += int64(n)
	return n, err
}

func (t *tally) offset() int64 { return t.at }

// plain cases are octets already.
type plain struct{ placedReader }

func (p plain) fill(b []byte) (int, error) {
	n, err := io.ReadFull(p, b)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// sink takes one variable's values out of blocks of rows.
type sink interface {
	add(block []byte, rowBytes int)
	// finish hands the values so far over to the variable.
	finish()
}

func (d *dictionary) newSinks(capacity int, picked func(name string) bool) (sinks []sink) {
	for _, c := range d.columns {
		switch {
		case !picked(c.Name) && c.IsText():
			sinks = append(sinks, &texts{column: c, values: raw.NewUnkept(&d.Decoder)})
		case !picked(c.Name):
		case c.IsText():
			sinks = append(sinks, &texts{column: c, values: raw.NewTexts(&d.Decoder, capacity)})
		default:
			s := &numbers{column: c, swap: d.order == binary.BigEndian}
			s.values.Grow(capacity)
			sinks = append(sinks, s)
		}
	}
	return sinks
}

// numbers is the sink of a numeric variable.
type numbers struct {
	*column
	swap   bool
	values survey.NumberColumn
}

func (s *numbers) add(block []byte, rowBytes int) {
	for at := s.segments[0].offset; at < len(block); at += rowBytes {
		u := binary.LittleEndian.Uint64(block[at:])
		if s.swap {
			u = bits.ReverseBytes64(u)
		}
		x := math.Float64frombits(u)
		if x == systemMissing {
			x = math.NaN()
		}
		s.values.Append(fromFile(s.Kind, x))
	}
}

func (s *numbers) finish() {
	values := s.values
	s.Numbers, s.values = &values, survey.NumberColumn{}
}

// texts is the sink of a text variable.
type texts struct {
	*column
	values  interface{ Add(value []byte) }
	scratch []byte
}

func (s *texts) add(block []byte, rowBytes int) {
	for row := 0; row < len(block); row += rowBytes {
		s.values.Add(raw.TrimBlanks(s.bytes(block[row : row+rowBytes])))
	}
}

// bytes returns the bytes of the value; the segments of a very long text are joined.
func (s *texts) bytes(row []byte) []byte {
	if len(s.segments) == 1 {
		g := s.segments[0]
		return row[g.offset : g.offset+g.width]
	}
	s.scratch = s.scratch[:0]
	for _, g := range s.segments {
		s.scratch = append(s.scratch, row[g.offset:g.offset+g.width]...)
	}
	return s.scratch
}

func (s *texts) finish() {
	if kept, ok := s.values.(*raw.Texts); ok {
		s.Texts = kept.Column()
	}
}

// The byte codes with a meaning of their own. Any other code is a number: the
// code less the bias.
const (
	codeNothing = 0
	codeEnd     = 252
	codeLiteral = 253
	codeBlanks  = 254
	codeMissing = 255
)

// expander undoes byte-code compression: eight codes, one for each octet, then
// the octets that had no code, in order.
type expander struct {
	in       placedReader
	buf      []byte
	pos, end int
	// codes are the current eight codes, of which the first next have been used.
	codes [8]byte
	next  int
	// meaning is the octet of each code, and isText marks the elements of a
	// case that hold text, where a number is a fault.
	meaning [256][8]byte
	isText  []bool
	element int
	ended   bool
}

func (d *dictionary) newExpander(in placedReader) *expander {
	e := &expander{in: in, buf: make([]byte, blockBytes), next: 8, isText: make([]bool, len(d.elements))}
	for code := range e.meaning {
		d.order.PutUint64(e.meaning[code][:], math.Float64bits(float64(code)-d.bias))
	}
	d.order.PutUint64(e.meaning[codeMissing][:], math.Float64bits(systemMissing))
	copy(e.meaning[codeBlanks][:], "        ")
	text := false
	for i, v := range d.elements {
		if v >= 0 {
			text = d.variables[v].width > 0
		}
		e.isText[i] = text
	}
	return e
}

// offset is the place of the next unread byte; inside zlib blocks it is approximate.
func (e *expander) offset() int64 { return max(0, e.in.offset()-int64(e.end-e.pos)) }

func (e *expander) fill(p []byte) (n int, err error) {
	for n < len(p) {
		if e.next == 8 {
			if e.ended {
				return n, io.EOF
			}
			b, err := e.take()
			if err != nil {
				e.ended = err == io.EOF
				return n, err
			}
			copy(e.codes[:], b)
			e.next = 0
		}
		code := e.codes[e.next]
		e.next++
		switch code {
		case codeNothing:
			continue
		case codeEnd:
			e.ended, e.next = true, 8
			return n, io.EOF
		case codeLiteral:
			b, err := e.take()
			if err == io.EOF {
				err = raw.Damaged(e.offset(), "the file ends inside the compressed cases")
			}
			if err != nil {
				return n, err
			}
			copy(p[n:], b)
		default:
			if e.isText[e.element] && code != codeBlanks {
				return n, raw.Damaged(e.offset(), "the compressed cases have a number (code %d) in place of a text", code)
			}
			copy(p[n:n+8], e.meaning[code][:])
		}
		n += 8
		if e.element++; e.element == len(e.isText) {
			e.element = 0
		}
	}
	return n, nil
}

// take returns the next eight bytes of the input, io.EOF where there are none, and
// a fault where there are fewer.
func (e *expander) take() ([]byte, error) {
	if e.end-e.pos < 8 {
		e.end = copy(e.buf, e.buf[e.pos:e.end])
		e.pos = 0
		n, err := io.ReadAtLeast(e.in, e.buf[e.end:], 8-e.end)
		e.end += n
		switch {
		case err == io.EOF && e.end == 0:
			return nil, io.EOF
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return nil, raw.Damaged(e.offset(), "the file ends inside the compressed cases")
		case err != nil:
			return nil, err
		}
	}
	b := e.buf[e.pos : e.pos+8]
	e.pos += 8
	return b, nil
}

// blocks reads the zlib blocks of a .zsav one after the other. It never returns
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

// block is the place of a zlib stream and its sizes, packed and unpacked.
type block struct{ at, packed, size int64 }

const (
	blockEntrySize   = 24
	blockTrailerHead = 24
	// mostDeflate is the highest ratio that the deflate format can reach.
	mostDeflate = 1032
)

// openBlocks reads the list of blocks, which follows them.
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
	negative, _ := t.int64("the zlib trailer"), t.int64("the zlib trailer")
	t.int32("the zlib trailer")
	n := int64(t.count("the zlib trailer"))
	if t.Err() != nil {
		return nil, t.Err()
	}
	if float64(-negative) != bias || n*blockEntrySize != t.Left() {
		return nil, raw.Damaged(trailerAt, "the list of zlib blocks does not agree with the header: bias %d, %d blocks", negative, n)
	}
	begin := c.At()
	z := &blocks{r: r, place: begin}
	for range n {
		at := t.At()
		t.int64("a zlib block")
		b := block{at: t.int64("a zlib block"), size: int64(t.int32("a zlib block")), packed: int64(t.int32("a zlib block"))}
		if b.at != begin || b.size < 0 || b.packed < 0 || b.packed > trailerAt-begin || b.size > mostDeflate*b.packed {
			return nil, raw.Damaged(at, "a zlib block at byte %d cannot have %d bytes that unpack to %d", b.at, b.packed, b.size)
		}
		begin += b.packed
		z.total += b.size
		z.list = append(z.list, b)
	}
	return z, nil
}

func (z *blocks) offset() int64 { return z.place }

// Read reads the unpacked bytes.
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
