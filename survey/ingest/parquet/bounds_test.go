package parquet

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// refused is a file that must not be read, for a reason.
func refused(t *testing.T, file []byte, words string) {
	t.Helper()
	table, err := read(file)
	if err == nil || table != nil || !strings.Contains(err.Error(), words) {
		t.Errorf("got %v, want %q", err, words)
	}
}

// changed is a file whose metadata were changed.
func changed(t *testing.T, file []byte, change func(*format.FileMetaData)) []byte {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	change(f.Metadata())
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), f.Metadata())
	if err != nil {
		t.Fatal(err)
	}
	old := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
	return ended(file[:len(file)-8-old], footer)
}

// ended is a file with that footer.
func ended(before, footer []byte) []byte {
	out := append(bytes.Clone(before), footer...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(footer)))
	return append(out, "PAR1"...)
}

type one struct {
	X float64 `parquet:"x"`
}

// Claims that no file of that size can keep are refused before memory is taken.
func TestClaims(t *testing.T) {
	good := written(t, make([]one, 200)...)
	if _, err := read(changed(t, good, func(*format.FileMetaData) {})); err != nil {
		t.Fatal(err)
	}
	refused(t, changed(t, good, func(m *format.FileMetaData) { m.NumRows = 1 << 40 }), "claims 1099511627776 rows")
	refused(t, changed(t, good, func(m *format.FileMetaData) { m.NumRows = 3 << 20 }), "200 values in a file of 3145728 rows")
	refused(t, changed(t, good, func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].MetaData.TotalCompressedSize = 1 << 40 }), "outside the file")
	refused(t, changed(t, good, func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].MetaData.DataPageOffset = -4 }), "outside the file")
	for _, list := range []string{"\x29\xfc\xff\xff\xff\xff\x07", "\x28\xff\xff\xff\xff\x07"} {
		refused(t, ended([]byte("PAR1"), []byte("\x15\x02"+list+"\x00")), "its metadata are damaged")
	}
	refused(t, ended([]byte("PAR1"), bytes.Repeat([]byte{0x1c}, 100)), "its metadata are damaged")
}

// A page that claims more values or bytes than it can hold is refused.
func TestPageClaims(t *testing.T) {
	for words, head := range map[string][]int32{
		"claims 1073741824 values":             {8, 8, 1 << 30},
		"claims to unpack to 2147483647 bytes": {1<<31 - 1, 8, 1},
		"longer than its column":               {8, 1 << 30, 1},
	} {
		c := chunk{reader: &reader{rows: 10, size: 100}, end: 60}
		page := thriftPage(head[0], head[1], head[2])
		c.src = bytes.NewReader(append(page, make([]byte, 100)...))
		if _, err := c.page(); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("got %v, want %q", err, words)
		}
	}
}

// thriftPage is the head of a data page of version 1.
func thriftPage(unpacked, packed, values int32) []byte {
	b := []byte{0x15, 0x00, 0x15} // type 0, then the sizes
	b = binary.AppendVarint(b, int64(unpacked))
	b = binary.AppendVarint(append(b, 0x15), int64(packed))
	b = binary.AppendVarint(append(b, 0x2c, 0x15), int64(values))
	return append(b, 0, 0)
}

// A column of nothing but zeros packs a thousandfold and is read up to the limit.
func TestConstantColumns(t *testing.T) {
	for rows, ok := range map[int]bool{1 << 20: true, 8 << 20: false} {
		var b bytes.Buffer
		if err := parquet.Write(&b, make([]one, rows), parquet.Compression(&parquet.Zstd), parquet.PageBufferSize(1<<22)); err != nil {
			t.Fatal(err)
		}
		if ok {
			if table, err := read(b.Bytes()); err != nil || table.Rows != rows {
				t.Errorf("%d rows: %v", rows, err)
			}
			continue
		}
		refused(t, b.Bytes(), "unpacks to more than 1000 times the file's size")
	}
}

// What is packed is held to its word, whichever codec packed it.
func TestBombs(t *testing.T) {
	zeros := make([]byte, 1<<20)
	whole, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	framed := whole.EncodeAll(zeros, nil)
	var streamed bytes.Buffer
	stream, err := zstd.NewWriter(&streamed)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(stream, bytes.NewReader(zeros))
	stream.Close()
	var brotlied bytes.Buffer
	b := brotli.NewWriter(&brotlied)
	b.Write(zeros)
	b.Close()
	for what, c := range map[string]struct {
		codec   format.CompressionCodec
		content []byte
		size    int64
	}{
		"frame": {format.Zstd, framed, 1 << 20}, "stream": {format.Zstd, streamed.Bytes(), 1 << 20}, "two frames": {format.Zstd, append(bytes.Clone(framed), framed...), 2 << 20},
		"snappy": {format.Snappy, snappy.Encode(nil, zeros), 1 << 20}, "brotli": {format.Brotli, brotlied.Bytes(), 1 << 20},
	} {
		section := func() *io.SectionReader {
			return io.NewSectionReader(bytes.NewReader(c.content), 0, int64(len(c.content)))
		}
		if err := bounded(c.codec, section(), c.size); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if err := bounded(c.codec, section(), c.size-1); err != errBomb {
			t.Errorf("%s: one byte more than it says is taken: %v", what, err)
		}
	}
}
