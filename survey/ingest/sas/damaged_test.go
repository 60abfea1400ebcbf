package sas

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"surveykit/survey/ingest/damagetest"
)

// patched is a file with some bytes replaced.
func patched(file []byte, at int, with ...byte) []byte {
	out := bytes.Clone(file)
	copy(out[at:], with)
	return out
}

// with is a file that has a page with these pieces only.
func (m maker) with(pieces ...piece) []byte { return m.join(m.page(metaPage, pieces, nil, 0)) }

func TestRefused(t *testing.T) {
	m := machines()[0]
	file := m.file()
	pieces := m.dictionary(4)
	huge := m.dictionary(math.MaxInt32)
	overlap := m.dictionary(4)
	for at := 12; at+12 < len(overlap[4].data); at += 12 {
		copy(overlap[4].data[at:], append(m.u32(0, m.rowBytes()), 0, 0, 2))
	}
	packed := machines()[1]
	broken := packed
	broken.pack = func([]byte) []byte { return []byte{0x30} }
	short := packed
	short.pack = func([]byte) []byte { return []byte{0x80, 'a'} }
	for _, c := range []struct {
		what, words string
		file        []byte
	}{
		{"empty", "not a SAS file", nil},
		{"another format", "not a SAS file", []byte("PAR1" + strings.Repeat("x", 300))},
		{"half a header", "inside the header", file[:100]},
		{"a catalog", "holds CATALOG, not DATA", m.catalog()},
		{"page size", "pages 0", patched(file, 204, 0, 0, 0, 0)},
		{"pages", "promises 4294967295 pages", patched(file, 208, 255, 255, 255, 255)},
		{"last page lost", "promises 3 pages", file[:len(file)-1]},
		{"no size", "does not say how many rows", m.with(pieces[1:]...)},
		{"no variables", "no variables", m.with(pieces[:3]...)},
		{"no names", "names of 0 variables", m.with(pieces[0], pieces[2], pieces[4])},
		{"overlap", "take 165 bytes of a row of 33", m.with(overlap...)},
		{"many rows", "promises 2147483647 rows", m.with(huge...)},
		{"rows that are not there", "promises 9 rows and holds 2", m.join(m.page(mixPage, m.dictionary(9), bytes.Join(m.testRows()[:2], nil), 2))},
		{"more rows than fit", "more than fit", m.join(m.page(mixPage, m.dictionary(120), nil, 120))},
		{"subheaders", "65535 subheaders, more", m.join(patched(m.page(metaPage, nil, nil, 0), 20, 255, 255))},
		{"subheader outside", "outside its page", m.join(patched(m.page(metaPage, pieces, nil, 0), 24, 255, 255))},
		{"short subheader", "not 64", m.with(piece{data: pieces[0].data[:40]})},
		{"packed row", "row 1 cannot be unpacked", broken.file()},
		{"short row", "row 1 has 1 bytes, not 33", short.file()},
		{"transport", "inside the header", []byte(transport + "RARY")},
		{"transport member", "header record MEMBER or MEMBV8", patched(smallTransport("").Bytes(), 260, 'X')},
		{"transport variables", `number of variables is "00x3"`, patched(smallTransport("").Bytes(), 616, 'x')},
		{"transport width", "has 9 bytes in a row", newTransport("", 1).variable(1, 9, "a", "", "", 0).rows("", "").Bytes()},
		{"transport label", "variable 7 of 3", bytes.Replace(smallTransport("V8").Bytes(), []byte("\x00\x03\x00\x04\x00\x03"), []byte("\x00\x07\x00\x04\x00\x03"), 1)},
		{"transport rows", "promises 33 rows", bytes.Replace(smallTransport("V8").Bytes(), []byte("              3"), []byte("             33"), 1)},
	} {
		_, err := read(c.file)
		damagetest.Refused(t, c.what, err, c.words, "made.sas7bdat")
	}
	_, err := readCatalog(file)
	damagetest.Refused(t, "data as a catalog", err, "holds DATA, not CATALOG")
	circle := m.catalog()
	copy(circle[testHead+testPage+512:], append(m.word(2), m.u16(512)...))
	_, err = readCatalog(circle)
	damagetest.Refused(t, "circle", err, "in a circle")
}

// A file that lost its tail is never read as a shorter table.
func TestEveryTruncationIsRefused(t *testing.T) {
	for _, m := range machines()[:3] {
		file := m.file()
		for n := 0; n < len(file); n += 7 {
			_, err := read(file[:n])
			damagetest.Refused(t, "cut", err)
		}
	}
	file := smallTransport("V8").Bytes()
	for n := range len(file) - recordSize {
		_, err := read(file[:n])
		damagetest.Refused(t, "cut", err)
	}
}

// fewBytes is what reading a file of a few kilobytes may allocate.
const fewBytes = 4 << 20

// Rows that no file of this size packs are refused before room is made for them.
func TestMemoryIsBounded(t *testing.T) {
	m := machines()[1]
	bomb := m.dictionary(12)
	copy(bomb[0].data[5*4:], m.u32(1<<20))
	for _, c := range []struct {
		words string
		file  []byte
	}{
		{"promises 12 rows of 1048576 bytes, and has", m.with(bomb...)},
		{"promises 12000 rows and holds 0", m.with(m.dictionary(12000)...)},
	} {
		used := damagetest.Allocated(func() {
			_, err := read(c.file)
			damagetest.Refused(t, "bomb", err, c.words)
		})
		if used > fewBytes {
			t.Errorf("%s: %d bytes were allocated", c.words, used)
		}
	}
}

// A device that fails is not a damaged file.
func TestReadErrorIsPassedOn(t *testing.T) {
	damagetest.PassedOn(t, func(r io.ReaderAt, size int64, path string) error { _, err := Read(r, size, path, nil); return err })
	damagetest.PassedOn(t, func(r io.ReaderAt, size int64, path string) error { _, err := ReadCatalog(r, size, path); return err })
}

// One wrong byte anywhere in a file does no harm.
func TestEveryByteChanged(t *testing.T) {
	files := [][]byte{smallTransport("").Bytes(), smallTransport("V8").Bytes()}
	for _, m := range machines() {
		files = append(files, m.file())
	}
	for _, file := range files {
		for at := 0; at < len(file); at++ {
			if file[at] == 0 && at > testHead && at%16 != 0 {
				continue
			}
			soundOrRefused(t, patched(file, at, file[at]^0xff))
		}
	}
	for _, m := range []maker{machines()[0], machines()[9]} {
		for file, at := m.catalog(), 0; at < len(file); at++ {
			catalogOrRefused(t, patched(file, at, file[at]^0xff))
		}
	}
}

// Any bytes give a sound table or problems, never a panic.
func FuzzRead(f *testing.F) {
	for _, m := range machines() {
		f.Add(m.file())
	}
	f.Add(smallTransport("").Bytes())
	f.Add(smallTransport("V8").Bytes())
	f.Fuzz(func(t *testing.T, file []byte) { soundOrRefused(t, file) })
}

func FuzzReadCatalog(f *testing.F) {
	for _, m := range machines() {
		f.Add(m.catalog())
	}
	f.Fuzz(func(t *testing.T, file []byte) { catalogOrRefused(t, file) })
}

func catalogOrRefused(t *testing.T, file []byte) {
	t.Helper()
	c, err := readCatalog(file)
	if err != nil {
		damagetest.Refused(t, "fuzz", err)
		return
	}
	c.Label(madeTable())
}

// soundOrRefused reads a file that may be damaged.
func soundOrRefused(t *testing.T, file []byte) {
	t.Helper()
	table, err := read(file)
	damagetest.SoundOrRefused(t, table, err)
}
