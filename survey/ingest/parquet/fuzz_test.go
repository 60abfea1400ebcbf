package parquet

import (
	"bytes"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"surveykit/survey/ingest/damagetest"
)

// Any bytes give a sound table or problems, never a panic.
func FuzzRead(f *testing.F) {
	f.Add(written(f, one{1}, one{2}))
	f.Add(written(f, answers{ID: 1}))
	f.Fuzz(func(t *testing.T, file []byte) { soundOrRefused(t, file) })
}

// Any pages in a column of any kind whose metadata are sound.
func FuzzPages(f *testing.F) {
	models := make([]*format.FileMetaData, len(fuzzed))
	for kind, node := range fuzzed {
		for _, codec := range []format.CompressionCodec{format.Uncompressed, format.Snappy} {
			for version := 1; version <= 2; version++ {
				meta, pages := threeRows(f, node, codec, version)
				models[kind] = meta
				f.Add(byte(kind), byte(codec), byte(3), pages)
			}
		}
	}
	f.Fuzz(func(t *testing.T, kind, codec, rows byte, pages []byte) {
		soundOrRefused(t, holding(t, models[int(kind)%len(models)], format.CompressionCodec(codec%8), int64(rows), pages))
	})
}

// fuzzed are columns of every kind, packed in every way.
var fuzzed = []parquet.Node{
	parquet.Leaf(parquet.DoubleType), parquet.Optional(parquet.Leaf(parquet.FloatType)), parquet.Int(64),
	parquet.Optional(parquet.Encoded(parquet.Int(32), &parquet.RLEDictionary)), parquet.Optional(parquet.Encoded(parquet.Int(64), &parquet.DeltaBinaryPacked)),
	parquet.Leaf(parquet.Int96Type), parquet.Leaf(parquet.BooleanType), parquet.Optional(parquet.Encoded(parquet.Leaf(parquet.BooleanType), &parquet.RLE)),
	parquet.Leaf(parquet.FixedLenByteArrayType(2)), parquet.Decimal(2, 9, parquet.Int32Type), parquet.String(),
	parquet.Optional(parquet.Encoded(parquet.String(), &parquet.RLEDictionary)), parquet.Encoded(parquet.String(), &parquet.DeltaLengthByteArray),
	parquet.Optional(parquet.Encoded(parquet.String(), &parquet.DeltaByteArray)), parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.ByteStreamSplit),
}

// magic is what a file begins with.
const magic = "PAR1"

// threeRows are the metadata and the pages of a column of three equal values.
func threeRows(t testing.TB, node parquet.Node, codec format.CompressionCodec, version int) (*format.FileMetaData, []byte) {
	t.Helper()
	var b bytes.Buffer
	out := parquet.NewWriter(&b, parquet.NewSchema("s", parquet.Group{"x": node}), parquet.Compression(parquet.LookupCompressionCodec(codec)), parquet.DataPageVersion(version))
	value, defined := parquet.ZeroValue(node.Type().Kind()), 0
	switch node.Type().Kind() {
	case parquet.Int96:
		value = parquet.Int96Value(deprecated.Int96{})
	case parquet.ByteArray:
		value = parquet.ByteArrayValue([]byte("ab"))
	case parquet.FixedLenByteArray:
		value = parquet.FixedLenByteArrayValue([]byte("ab"))
	}
	if node.Optional() {
		defined = 1
	}
	row := parquet.Row{value.Level(0, defined, 0)}
	if _, err := out.WriteRows([]parquet.Row{row, row, row}); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	meta := file.Metadata()
	return meta, b.Bytes()[len(magic) : int64(len(magic))+meta.RowGroups[0].Columns[0].MetaData.TotalCompressedSize]
}

// holding is a file with these pages and otherwise the metadata of another.
func holding(t testing.TB, meta *format.FileMetaData, codec format.CompressionCodec, rows int64, pages []byte) []byte {
	t.Helper()
	group := &meta.RowGroups[0]
	column := &group.Columns[0].MetaData
	meta.NumRows, group.NumRows, column.NumValues = rows, rows, rows
	column.Codec, column.TotalCompressedSize, column.DataPageOffset, column.DictionaryPageOffset = codec, int64(len(pages)), int64(len(magic)), 0
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), meta)
	if err != nil {
		t.Fatal(err)
	}
	return ended(append([]byte(magic), pages...), footer)
}

// The pages that the target starts from are read.
func TestPagesOfAllKinds(t *testing.T) {
	for kind, node := range fuzzed {
		meta, pages := threeRows(t, node, format.Snappy, 1)
		if table, err := read(holding(t, meta, format.Snappy, 3, pages)); err != nil || table.Rows != 3 {
			t.Errorf("kind %d: %v", kind, err)
		}
	}
}

func soundOrRefused(t *testing.T, file []byte) {
	t.Helper()
	table, err := read(file)
	damagetest.SoundOrProblems(t, table, err)
}
