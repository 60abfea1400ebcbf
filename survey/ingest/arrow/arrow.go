// Package arrow reads surveys from Apache Arrow files: the IPC file format,
// which is also Feather version 2, and the IPC stream format, with bodies that
// are plain or packed by LZ4 or Zstandard.
//
// Dictionary-encoded texts, as a pandas categorical or a factor of R, become
// texts whose codes are the dictionary in its order; they are ordinal where the
// dictionary is ordered. Integers that a float64 cannot hold become texts.
// Fields of a struct are named struct.field; lists, maps and unions are left
// out, with a notice. Timestamps become seconds since 1970-01-01 00:00 in UTC
// where the file names a zone, else in the zone in which they are stored. A
// dictionary of labels that surveykit wrote into a Parquet file is found where
// pyarrow or pandas turned that into Arrow.
package arrow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"surveykit/survey"
	"surveykit/survey/ingest/columnar"
	"surveykit/survey/ingest/raw"
)

// The most cells of a table, and the most bytes that its bodies unpack to: a
// thousand for each byte of the file, because a constant column packs well, and
// always this many.
const (
	mostExpansion = 1000
	alwaysAllowed = 16 << 20
)

// What a file and a message begin with.
const (
	magic        = "ARROW1"
	continuation = 0xFFFFFFFF
)

// The kinds of messages.
const (
	schemaMessage     = 1
	dictionaryMessage = 2
	batchMessage      = 3
)

// Read reads the Arrow file or stream of size bytes in r; path appears in
// problems only. Buffers of columns that choose does not pick are not read. The error is survey.Problems where the file is damaged, ends early,
// is big-endian, or claims more rows or longer bodies than a file of its size
// may have: a thousand cells or bytes for each byte of it, or 16 Mi.
func Read(r io.ReaderAt, size int64, path string, choose raw.Chooser) (*survey.Table, error) {
	return Blocks(r, size, path, choose, raw.Blocks{})
}

// Blocks is Read for a file that is never held as a whole: each gets the columns picked, a
// block of rows at a time in the file's order, and the table returned has none of their
// values. A column of whole numbers that turns out to have one too long for a number is text
// from that block on, and in the table. An error of each ends the reading.
func Blocks(r io.ReaderAt, size int64, path string, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	var failed error
	if own := each.Each; own != nil {
		each.Each = func(block *survey.Table) error {
			failed = own(block)
			return failed
		}
	}
	rd := &reader{choose: choose, each: each, src: r, size: size, left: mostExpansion*size + alwaysAllowed, dictionaries: map[int64]*columnar.Column{}}
	t, err := rd.read()
	if failed != nil {
		return nil, failed
	}
	if err != nil {
		return nil, survey.Problems{{File: path, Message: "the Arrow file cannot be read: " + err.Error(), Remedy: "write it again, or export it as Parquet or CSV"}}
	}
	return t, nil
}

// reader reads one file.
type reader struct {
	survey.Notices
	choose       raw.Chooser
	each         raw.Blocks
	held         int // rows in the columns
	src          io.ReaderAt
	size         int64
	left         int64 // bytes that may still be unpacked
	rows         int64
	fields       []*field
	columns      []*target
	picked       []string       // the columns that are read, nil for all
	used         map[int64]bool // the dictionaries of these
	dictionaries map[int64]*columnar.Column
	values       map[int64]*field // the fields of dictionaries
	skipped      []string
	unpack       unpacker
}

func (rd *reader) read() (*survey.Table, error) {
	defer rd.unpack.close()
	start, err := rd.bytes(0, min(rd.size, 8))
	if err != nil {
		return nil, err
	}
	described := ""
	if bytes.HasPrefix(start, []byte(magic)) {
		described, err = rd.file()
	} else {
		described, err = rd.stream()
	}
	if err == nil && rd.each.Each != nil {
		err = rd.hand()
	}
	if err != nil {
		return nil, err
	}
	t := &survey.Table{Rows: int(rd.rows)}
	for _, c := range rd.columns {
		t.Variables = append(t.Variables, c.finish())
	}
	if len(rd.skipped) > 0 {
		rd.Note(survey.NoticeUnread, rd.skipped, "left out, because they have several values a row or no simple ones: %s", raw.Listed(rd.skipped))
	}
	t.Notices = rd.Notices
	if described != "" {
		columnar.Describe(t, described)
	}
	return t.Only(rd.picked), nil
}

// hand hands on the rows in the columns.
func (rd *reader) hand() error {
	variables := make([]*survey.Variable, len(rd.columns))
	for k, c := range rd.columns {
		variables[k] = c.Take()
	}
	rows := rd.held
	rd.held = 0
	return rd.each.Hand(rows, variables)
}

// bytes are n bytes of the file.
func (rd *reader) bytes(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > rd.size-n {
		return nil, fmt.Errorf("byte %d: %d bytes are needed, and the file has %d", at, n, rd.size)
	}
	if rd.left -= n; rd.left < 0 {
		return nil, errors.New("its parts refer to the same bytes again and again")
	}
	b := make([]byte, n)
	if _, err := rd.src.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}

// file reads the file format: its footer says where the batches are.
func (rd *reader) file() (described string, err error) {
	const tail = 4 + len(magic)
	end, err := rd.bytes(rd.size-int64(tail), int64(tail))
	if err != nil || string(end[4:]) != magic {
		return "", errors.New("it is cut off: its end is missing")
	}
	length := int64(binary.LittleEndian.Uint32(end))
	content, err := rd.bytes(rd.size-int64(tail)-length, length)
	if err != nil {
		return "", err
	}
	footer := root(content)
	schema, _ := footer.table(1)
	if described, err = rd.schema(schema); err != nil {
		return "", err
	}
	if err := rd.blocks(footer, 2, dictionaryMessage); err != nil {
		return "", err
	}
	return described, rd.blocks(footer, 3, batchMessage)
}

// blocks reads the messages that a list of the footer refers to.
func (rd *reader) blocks(footer table, list, kind int) error {
	const width = 24
	start, n := footer.vector(list, width)
	for i := range n {
		p := start + width*i
		at := footer.int64(p)
		m, err := rd.message(at)
		if err != nil {
			return err
		}
		if footer.broken || m.kind != kind {
			return fmt.Errorf("byte %d: the message here is not of the kind that the end of the file says", at)
		}
		if err := rd.add(m); err != nil {
			return fmt.Errorf("batch at byte %d: %w", at, err)
		}
	}
	return nil
}

// stream reads the stream format: a schema, and then messages to the end.
func (rd *reader) stream() (described string, err error) {
	m, err := rd.message(0)
	if err != nil {
		return "", err
	}
	if m.kind != schemaMessage {
		return "", errors.New("it does not begin with its schema")
	}
	if described, err = rd.schema(m.header); err != nil {
		return "", err
	}
	for at := m.next; at < rd.size; at = m.next {
		if m, err = rd.message(at); err != nil {
			return "", err
		}
		if m.kind == 0 {
			break
		}
		if err := rd.add(m); err != nil {
			return "", fmt.Errorf("batch at byte %d: %w", at, err)
		}
	}
	return described, nil
}

// message is one message: its header, and where its body and the next one are.
type message struct {
	kind   int // 0 at the end of a stream
	header table
	old    bool // of a version before 1.0
	body   int64
	length int64
	next   int64
}

// message reads the head of the message at a place.
func (rd *reader) message(at int64) (message, error) {
	prefix, err := rd.bytes(at, 4)
	if err != nil {
		return message{}, err
	}
	n := int64(binary.LittleEndian.Uint32(prefix))
	at += 4
	if n == continuation {
		if prefix, err = rd.bytes(at, 4); err != nil {
			return message{}, err
		}
		n = int64(binary.LittleEndian.Uint32(prefix))
		at += 4
	}
	if n == 0 {
		return message{}, nil
	}
	content, err := rd.bytes(at, n)
	if err != nil {
		return message{}, err
	}
	head := root(content)
	const version4 = 3
	version := head.short(0, 0)
	m := message{kind: head.byteAt(1), old: version < version4+1, body: at + n, length: head.long(3)}
	header, ok := head.table(2)
	m.header, m.next = header, m.body+m.length
	if head.broken || !ok || version < version4 || m.length < 0 || m.next < m.body || m.next > rd.size {
		return message{}, fmt.Errorf("byte %d: this is not a message of Arrow 0.8 or later", at)
	}
	return m, nil
}

// add reads a batch of rows or a dictionary.
func (rd *reader) add(m message) error {
	switch m.kind {
	case batchMessage:
		return rd.batch(m)
	case dictionaryMessage:
		return rd.dictionary(m)
	}
	return fmt.Errorf("a message of the kind %d is not read", m.kind)
}

// metadata is the text under a key of a list of keys and values.
func metadata(t table, list int, key string) string {
	for _, pair := range t.tables(list) {
		if pair.text(0) == key {
			return strings.ToValidUTF8(pair.text(1), "\uFFFD")
		}
	}
	return ""
}

// unpacker unpacks buffers, one after the other.
type unpacker struct {
	lz4  *lz4.Reader
	zstd *zstd.Decoder
}

// usualExpansion is the usual ratio of unpacked to packed bytes; memory for more is
// taken only when there is more.
const usualExpansion = 8

// buffer unpacks content, which must give n bytes.
func (u *unpacker) buffer(codec int, content []byte, n int) ([]byte, error) {
	in, err := u.reader(codec, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(min(n, usualExpansion*len(content)))
	if _, err := io.CopyN(&out, in, int64(n)); err != nil {
		return nil, errors.New("a packed buffer is damaged: " + err.Error())
	}
	return out.Bytes(), nil
}

func (u *unpacker) reader(codec int, in io.Reader) (io.Reader, error) {
	if codec == lz4Frame {
		if u.lz4 == nil {
			u.lz4 = lz4.NewReader(nil)
		}
		u.lz4.Reset(in)
		return u.lz4, nil
	}
	if u.zstd == nil {
		// One goroutine: the result does not depend on the machine.
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(alwaysAllowed))
		if err != nil {
			return nil, err
		}
		u.zstd = d
	}
	return u.zstd, u.zstd.Reset(in)
}

func (u *unpacker) close() {
	if u.zstd != nil {
		u.zstd.Close()
	}
}
