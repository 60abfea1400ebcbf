package arrow

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"surveykit/survey/ingest/columnar"
)

// opened is a reader of a file's messages, and where its last batch of rows is.
func opened(t *testing.T, file []byte) (rd *reader, at int64) {
	t.Helper()
	rd = &reader{src: bytes.NewReader(file), size: int64(len(file)), left: 1 << 30, dictionaries: map[int64]*columnar.Column{}}
	length := int64(binary.LittleEndian.Uint32(file[len(file)-10:]))
	content, err := rd.bytes(rd.size-10-length, length)
	if err != nil {
		t.Fatal(err)
	}
	footer := root(content)
	start, n := footer.vector(3, 24)
	return rd, footer.int64(start + 24*(n-1))
}

// patched is a file with a number of 8 bytes changed in the head of its last batch.
func patched(t *testing.T, file []byte, place func(header table) int, to int64) []byte {
	t.Helper()
	rd, at := opened(t, file)
	m, err := rd.message(at)
	if err != nil {
		t.Fatal(err)
	}
	out := bytes.Clone(file)
	head := m.body - int64(len(m.header.bytes))
	binary.LittleEndian.PutUint64(out[head+int64(place(m.header)):], uint64(to))
	return out
}

// Batches and buffers that claim what no file of that size can hold are refused
// before memory is taken for them.
func TestClaims(t *testing.T) {
	rows := func(h table) int { return h.field(0) }
	node := func(h table) int { start, _ := h.vector(1, 16); return start }
	buffer := func(k int) func(h table) int {
		return func(h table) int { start, _ := h.vector(2, 16); return start + 8*k }
	}
	for what, c := range map[string]struct {
		file  []byte
		words string
	}{
		"billions of rows": {patched(t, content(t, "plain.arrow"), rows, 1<<40), "it has 1099511627776 rows"},
		"fewer than none":  {patched(t, content(t, "plain.arrow"), rows, -1), "it has -1 rows"},
		"more than bits":   {patched(t, content(t, "plain.arrow"), rows, 1<<20), "it has 1 values in a batch of 1048576 rows"},
		"column's rows":    {patched(t, content(t, "plain.arrow"), node, 7), "it has 7 values in a batch of 1 rows"},
		"outside":          {patched(t, content(t, "plain.arrow"), buffer(2), 1<<40), "outside its batch"},
		"long":             {patched(t, content(t, "plain.arrow"), buffer(3), 1<<40), "outside its batch"},
	} {
		table, err := read(c.file)
		if err == nil || table != nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: got %v, want %q", what, err, c.words)
		}
	}
}

// A packed buffer is believed no more than the file's size allows, and unpacks to
// no more than it says.
func TestBombs(t *testing.T) {
	for _, name := range []string{"lz4.feather", "zstd.arrow"} {
		file := content(t, name)
		rd, at := opened(t, file)
		m, err := rd.message(at)
		if err != nil {
			t.Fatal(err)
		}
		start, n := m.header.vector(2, 16)
		for k := range n {
			place, length := m.header.int64(start+16*k), m.header.int64(start+16*k+8)
			if length == 0 || int64(binary.LittleEndian.Uint64(file[m.body+place:])) == -1 {
				continue
			}
			for claim, words := range map[uint64]string{1 << 40: "would unpack to 1099511627776", 1 << 20: "a packed buffer is damaged"} {
				wrong := bytes.Clone(file)
				binary.LittleEndian.PutUint64(wrong[m.body+place:], claim)
				if _, err := read(wrong); err == nil || !strings.Contains(err.Error(), words) {
					t.Errorf("%s, buffer %d: got %v, want %q", name, k, err, words)
				}
			}
			break
		}
	}
}

// A file whose parts all point to the same bytes is not read over and over.
func TestSameBytes(t *testing.T) {
	rd := &reader{src: bytes.NewReader(make([]byte, 100)), size: 100, left: 1000}
	for range 10 {
		if _, err := rd.bytes(0, 100); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := rd.bytes(0, 100); err == nil {
		t.Error("the eleventh time is allowed")
	}
}
