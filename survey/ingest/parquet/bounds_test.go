package parquet

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"surveykit/survey/ingest/damagetest"
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
	refused(t, changed(t, good, func(m *format.FileMetaData) { m.NumRows = 1 << 40 }), "has 1099511627776 rows")
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
		c := chunk{File: &File{rows: 10, size: 100}, end: 60}
		page := thriftPage(head[0], head[1], head[2], format.Plain)
		c.src = bytes.NewReader(append(page, make([]byte, 100)...))
		if _, err := c.page(); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("got %v, want %q", err, words)
		}
	}
}

// thriftPage is the head of a data page of version 1, with levels in runs.
func thriftPage(unpacked, packed, values int32, encoding format.Encoding) []byte {
	b := []byte{0x15, 0x00, 0x15} // type 0, then the sizes
	b = binary.AppendVarint(b, int64(unpacked))
	b = binary.AppendVarint(append(b, 0x15), int64(packed))
	b = binary.AppendVarint(append(b, 0x2c, 0x15), int64(values))
	b = binary.AppendVarint(append(b, 0x15), int64(encoding))
	return append(b, 0x15, 2*byte(format.RLE), 0x15, 2*byte(format.RLE), 0, 0)
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

func packedBy(t *testing.T, codec format.CompressionCodec, content []byte) []byte {
	t.Helper()
	packed, err := parquet.LookupCompressionCodec(codec).Encode(nil, content)
	if err != nil {
		t.Fatal(err)
	}
	return packed
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
		"LZ4": {format.Lz4Raw, packedBy(t, format.Lz4Raw, zeros), 1 << 20}, "gzip": {format.Gzip, packedBy(t, format.Gzip, zeros), 1 << 20},
	} {
		if got, err := unpack(c.codec, c.content, nil, c.size); err != nil || int64(len(got)) != c.size {
			t.Errorf("%s: %d bytes, %v", what, len(got), err)
		}
		if _, err := unpack(c.codec, c.content, nil, c.size-1); err != errBomb {
			t.Errorf("%s: one byte more than it says is taken: %v", what, err)
		}
	}
}

// delta are lengths packed as differences: how many there are, the first, and the
// same difference between all of them.
func delta(total uint64, first, difference int64) []byte {
	b := binary.AppendUvarint([]byte{0x80, 0x80, 0x04, 0x80, 0x10}, total) // blocks of 65,536 in 2,048 parts
	b = binary.AppendVarint(b, first)
	for left := int64(total) - 1; left > 0 && left < 1<<20; left -= 1 << 16 {
		b = append(binary.AppendVarint(b, difference), make([]byte, 2048)...)
	}
	return b
}

// Runs and differences in a few bytes claim a gigabyte of values, and texts that
// repeat each other grow to more: they are refused before memory is taken.
func TestRuns(t *testing.T) {
	const most, huge = 20_000, 1 << 29
	run := func(head ...byte) []byte { return append(binary.AppendUvarint(head, huge<<1), 0) }
	levels := append(binary.AppendUvarint([]byte{4, 0, 0, 0}, most<<1), 0) // all missing
	optional := parquet.Optional(parquet.Leaf(parquet.DoubleType))
	for what, c := range map[string]struct {
		node     parquet.Node
		encoding format.Encoding
		content  []byte
		words    string
	}{
		"levels":      {optional, format.Plain, run(byte(len(run())), 0, 0, 0), "runs hold more values"},
		"bits":        {parquet.Leaf(parquet.BooleanType), format.RLE, run(byte(len(run())), 0, 0, 0), "runs hold more values"},
		"places":      {parquet.Int(32), format.RLEDictionary, run(8), "runs hold more values"},
		"no bits":     {parquet.Int(32), format.RLEDictionary, []byte{0, 0xff, 0xff, 0xff, 0xff, 0x03}, "runs hold more values"},
		"wrong kind":  {parquet.Int(32), format.RLE, run(), "that their kind has not"},
		"numbers":     {parquet.Int(64), format.DeltaBinaryPacked, delta(huge, 0, 0), "runs hold more values"},
		"lengths":     {parquet.String(), format.DeltaLengthByteArray, delta(huge, 0, 0), "runs hold more values"},
		"beginnings":  {parquet.String(), format.DeltaByteArray, delta(huge, 0, 0), "runs hold more values"},
		"endings":     {parquet.String(), format.DeltaByteArray, append(delta(1, 0, 0), delta(huge, 0, 0)...), "runs hold more values"},
		"repetitions": {parquet.String(), format.DeltaByteArray, slices.Concat(delta(2000, 0, 0), delta(2000, 0, 0)), "2000 values in a file of 20000 rows"},
		"growth":      {parquet.String(), format.DeltaByteArray, slices.Concat(delta(most, 0, 1), delta(most, 1, 0), make([]byte, most)), "unpacks to more than"},
		"no lengths":  {parquet.String(), format.DeltaByteArray, []byte{0x80, 0x01, 0x00}, "fewer"},
		"no end":      {optional, format.Plain, []byte{9, 0, 0, 0, 1}, "fewer"},
		"good levels": {optional, format.Plain, levels, ""},
	} {
		meta, _ := threeRows(t, c.node, format.Uncompressed, 1)
		page := append(thriftPage(int32(len(c.content)), int32(len(c.content)), most, c.encoding), c.content...)
		file := holding(t, meta, format.Uncompressed, most, page)
		var err error
		if took := damagetest.Allocated(func() { _, err = read(file) }); took > 64<<20 {
			t.Errorf("%s: took %d bytes", what, took)
		}
		if c.words == "" && err != nil || c.words != "" && (err == nil || !strings.Contains(err.Error(), c.words)) {
			t.Errorf("%s: got %v, want %q", what, err, c.words)
		}
	}
}
