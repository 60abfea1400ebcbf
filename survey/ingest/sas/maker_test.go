package sas

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"surveykit/survey"
)

var (
	little binary.AppendByteOrder = binary.LittleEndian
	big    binary.AppendByteOrder = binary.BigEndian
)

const (
	testPage = 4096
	testHead = 1024
)

// maker builds SAS files; its fields are what differs between machines.
type maker struct {
	order binary.AppendByteOrder
	wide  bool
	// packing is the name of the packing and pack does it; "" for plain rows.
	packing string
	pack    func([]byte) []byte
	// deleted marks the second row of each page as deleted.
	deleted bool
}

// machines are all makers, with plain rows and with both packings.
func machines() (all []maker) {
	for _, order := range []binary.AppendByteOrder{little, big} {
		for _, wide := range []bool{false, true} {
			all = append(all, maker{order: order, wide: wide}, maker{order: order, wide: wide, packing: "SASYZCRL", pack: packRuns},
				maker{order: order, wide: wide, packing: "SASYZCR2", pack: packPatterns})
		}
	}
	return all
}

func (m maker) u16(xs ...int) (b []byte) {
	for _, x := range xs {
		b = m.order.AppendUint16(b, uint16(x))
	}
	return b
}

func (m maker) u32(xs ...int) (b []byte) {
	for _, x := range xs {
		b = m.order.AppendUint32(b, uint32(x))
	}
	return b
}

// word is a length or place, and signature the word of a signature.
func (m maker) word(xs ...int) (b []byte) {
	for _, x := range xs {
		if m.wide {
			b = m.order.AppendUint64(b, uint64(x))
			continue
		}
		b = m.order.AppendUint32(b, uint32(x))
	}
	return b
}

func (m maker) signature(s uint32) []byte {
	if m.wide && s != rowSize && s != columnSize {
		return m.order.AppendUint64(nil, 0xffffffff00000000|uint64(s))
	}
	return m.word(int(s))
}

func (m maker) bytesOfWord() int { return len(m.word(0)) }

// header is the file's head for so many pages.
func (m maker) header(kind string, encoding byte, pages int) []byte {
	b := make([]byte, testHead)
	last := map[string]byte{"DATA": 0x60, "CATALOG": 0x63}[kind]
	copy(b, magic+string([]byte{last}))
	at := 196
	if m.wide {
		b[32] = '3'
	} else {
		b[35] = '3' // this one moves what follows by four bytes
		at += 4
	}
	if m.order == little {
		b[37] = 1
	}
	b[70] = encoding
	copy(b[156:], kind)
	copy(b[at:], append(m.u32(testHead, testPage), m.word(pages)...))
	return b
}

// piece is a subheader with its codes.
type piece struct {
	data         []byte
	packed, kind byte
}

// page lays out subheaders from the end, and rows behind the pointers.
func (m maker) page(kind int, pieces []piece, rows []byte, count int) []byte {
	b := make([]byte, testPage)
	head := 2*m.bytesOfWord() + 8
	if m.wide {
		head += 8
	}
	if m.deleted && count > 0 {
		kind |= deletedFlag
	}
	copy(b[head:], m.u16(kind, len(pieces)+count, len(pieces)))
	at, end := head+8, testPage
	for _, p := range pieces {
		end -= len(p.data)
		copy(b[end:], p.data)
		pointer := append(m.word(end, len(p.data)), p.packed, p.kind)
		copy(b[at:], pointer)
		at += 3 * m.bytesOfWord()
	}
	if kind&mixPage != 0 {
		at += at % 8
	}
	at += copy(b[at:], rows)
	const unused = 5
	copy(b[3*m.bytesOfWord():], m.u32(unused))
	if m.deleted {
		b[at+unused] = 0x40
	}
	return b
}

// testText is the text of the dictionary and where its parts are.
const testText = "............PACKING.DATASTEP" + "id......An id...BEST....city....Ort.....day.....DATE....at......DATETIMEsmall..."

func (m maker) ref(text string) []byte {
	if text == "" {
		return m.u16(0, 0, 0)
	}
	return m.u16(0, bytes.Index([]byte(testText), []byte(text)), len(text))
}

// dictionary is the subheaders of a file with so many rows.
func (m maker) dictionary(rows int) []piece {
	text := bytes.ReplaceAll([]byte(testText), []byte("."), []byte{0})
	copy(text[12:], m.packing)
	w := m.bytesOfWord()
	size := make([]byte, 480)
	label := 350
	if m.wide {
		size, label = make([]byte, 808), 678
	}
	copy(size, m.signature(rowSize))
	copy(size[5*w:], m.word(m.rowBytes(), rows))
	copy(size[label:], m.ref("DATASTEP"))
	names, places := append(m.signature(columnName), make([]byte, 8)...), append(m.signature(columnPlace), make([]byte, 8)...)
	formats := []piece{}
	at := 0
	for _, v := range []struct {
		name, label, format string
		width, kind         int
	}{
		{"id", "An id", "BEST", 8, 1}, {"city", "Ort", "", 6, 2}, {"day", "", "DATE", 8, 1}, {"at", "", "DATETIME", 8, 1}, {"small", "", "", 3, 1},
	} {
		names = append(append(names, m.ref(v.name)...), 0, 0)
		places = append(append(places, m.word(at)...), m.u32(v.width)...)
		places = append(places, 0, 0, byte(v.kind), 0)
		format := make([]byte, 3*w+34)
		copy(format, m.signature(formatAndLabel))
		copy(format[3*w:], m.u16(len(v.format)+1, len(v.format)/5))
		copy(format[3*w+22:], append(m.ref(v.format), m.ref(v.label)...))
		formats = append(formats, piece{data: format})
		at += v.width
	}
	tail := make([]byte, w+4)
	return append([]piece{{data: size}, {data: append(m.signature(columnSize), m.word(5)...)},
		{data: append(m.signature(columnText), text...), kind: 1},
		{data: append(names, tail...), kind: 1}, {data: append(places, tail...), kind: 1}}, formats...)
}

func (m maker) rowBytes() int { return 8 + 6 + 8 + 8 + 3 }

// number is a float64's first n bytes as the machine keeps them.
func (m maker) number(bits uint64, n int) []byte {
	b := m.order.AppendUint64(nil, bits)
	if m.order == little {
		return b[8-n:]
	}
	return b[:n]
}

func (m maker) row(id float64, city string, day, at, small uint64) (b []byte) {
	b = append(b, m.number(math.Float64bits(id), 8)...)
	b = append(b, (city + "      ")[:6]...)
	b = append(append(b, m.number(day, 8)...), m.number(at, 8)...)
	return append(b, m.number(small, 3)...)
}

// testRows are four rows with a missing value of each kind.
func (m maker) testRows() [][]byte {
	const missingA, missingB, under, plain = 0xfffffd << 40, 0xffffbd << 40, 0xffffff << 40, 0xfffffe << 40
	days := func(x float64) uint64 { return math.Float64bits(x) }
	return [][]byte{
		m.row(1, "K\xf6ln", days(0), days(1), days(2)), m.row(-2.5, "", missingA, missingB, under),
		m.row(1e300, "Bonn", days(-1), days(3653*86400), missingA), m.row(0, "K\xf6ln", plain, plain, plain),
	}
}

// file is a data set of the test's rows, two on each page.
func (m maker) file() []byte {
	rows := m.testRows()
	pieces := m.dictionary(len(rows))
	if m.packing != "" {
		half := len(rows) / 2
		packedRows := func(rows [][]byte) (out []piece) {
			for _, row := range rows {
				out = append(out, piece{m.pack(row), packed, 1})
			}
			return out
		}
		second := append(packedRows(rows[half:len(rows)-1]), piece{rows[len(rows)-1], unpacked, 1}, piece{[]byte("left out"), truncated, 1})
		return m.join(m.page(metaPage, append(pieces, packedRows(rows[:half])...), nil, 0), m.page(metaPage2, second, nil, 0))
	}
	return m.join(m.page(mixPage, pieces, bytes.Join(rows[:2], nil), 2), m.page(0x9000, nil, nil, 0), m.page(dataPage, nil, bytes.Join(rows[2:], nil), 2))
}

func (m maker) join(pages ...[]byte) []byte {
	return append(m.header("DATA", 62, len(pages)), bytes.Join(pages, nil)...)
}

func read(file []byte) (*survey.Table, error) {
	return Read(bytes.NewReader(file), int64(len(file)), "made.sas7bdat", nil)
}

func mustRead(t *testing.T, file []byte) *survey.Table {
	t.Helper()
	table, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// packRuns packs by copying, and by repeating where three bytes or more are alike.
func packRuns(row []byte) (out []byte) {
	for len(row) > 0 {
		n := 1
		for n < len(row) && n < 18 && row[n] == row[0] {
			n++
		}
		switch {
		case n >= 3 && row[0] == ' ':
			out = append(out, 0xe0|byte(min(n, 17)-2))
			n = min(n, 17)
		case n >= 3:
			out = append(out, 0xc0|byte(n-3), row[0])
		default:
			n = 1
			out = append(out, 0x80, row[0])
		}
		row = row[n:]
	}
	return out
}

// packPatterns packs by literals, by runs of one byte, and by repeating what came
// before.
func packPatterns(row []byte) (out []byte) {
	var bits uint16
	var items []byte
	n := 0
	flush := func() {
		if n > 0 {
			out = append(binary.BigEndian.AppendUint16(out, bits<<(16-n)), items...)
			bits, items, n = 0, nil, 0
		}
	}
	for at := 0; at < len(row); n++ {
		if n == 16 {
			flush()
		}
		item, length := packItem(row, at)
		bits <<= 1
		if length > 1 {
			bits |= 1
		}
		items, at = append(items, item...), at+length
	}
	flush()
	return out
}

func packItem(row []byte, at int) (item []byte, length int) {
	rest := row[at:]
	n := 1
	for n < len(rest) && n < 18 && rest[n] == rest[0] {
		n++
	}
	if n >= 3 {
		return []byte{byte(n - 3), rest[0]}, n
	}
	for n := min(15, len(rest), at); n >= 3; n-- {
		if from := bytes.LastIndex(row[:at], rest[:n]); from >= 0 && at-from >= 3 && at-from-3 < 1<<12 {
			distance := at - from - 3
			return []byte{byte(n<<4 | distance&15), byte(distance >> 4)}, n
		}
	}
	return rest[:1], 1
}
