package sav

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

func TestRefused(t *testing.T) {
	file := func() *maker { return newMaker(little, plainCases, 0, 0) }
	machine := func(fp, code int32) string {
		return (&maker{order: little}).packed(1, 0, 0, 0, fp, 1, 2, code)
	}
	coded := func() *maker {
		return newMaker(little, byteCodeCases, 0, 2).number("N", formatF, 0).chars("S", 3).end()
	}
	text := func(s string) *maker { return (&maker{order: little}).text(s, len(s)) }
	for _, c := range []struct {
		what  string
		m     *maker
		words string
	}{
		{"empty", text(""), "$FL2"},
		{"another format", text("PAR1" + strings.Repeat("x", 300)), "$FL2"},
		{"encrypted", text("\x1c\x00\x00\x00\x00\x00\x00\x00ENCRYPTEDSAV" + strings.Repeat("x", 300)), "password"},
		{"half a header", text("$FL2@(#)"), "inside the header"},
		{"no layout", newMaker(little, 0, 0, 0).patch(64, 7), "layout"},
		{"compression", newMaker(little, 3, 0, 0), "compression code is 3"},
		{"signature of a .zsav", newMaker(little, 2, 0, 0), "does not go with"},
		{"rows", newMaker(little, 0, 0, -2), "number of cases is -2"},
		{"bias", newMaker(little, 1, 0, 0).patch(88, -1), "IEEE"},
		{"no variables", file().end(), "no variables"},
		{"unknown record", file().ints(5), "record of type 5"},
		{"width", file().chars("S", 300), "type is 300"},
		{"label flag", file().ints(2, 0, 2, 0, 0, 0).text("A", 8), "label flag is 2"},
		{"label length", file().ints(2, 0, 1, 0, 0, 0).text("A", 8).ints(-1), "number in a variable label is -1"},
		{"missing count", file().ints(2, 0, 0, -1, 0, 0).text("A", 8), "-1 missing"},
		{"continuation", file().ints(2, 9, 0, 0, 0, 0).text("S", 8).number("B", formatF, 0).end(), `"S" of 9 bytes lacks`},
		{"labels of nothing", file().number("A", formatF, 0).ints(3, 0, 7), "type 4"},
		{"label count", file().number("A", formatF, 0).ints(3, -4), "number in a value label record is -4"},
		{"label element", file().number("A", formatF, 0).ints(3, 0, 4, 1, 9).end(), "element 9"},
		{"document", file().ints(6, math.MaxInt32), "inside the document record"},
		{"extension size", file().ints(7, 99, -1, 8), "8 elements of -1 bytes"},
		{"extension length", file().ints(7, 99, math.MaxInt32, math.MaxInt32), "inside an extension"},
		{"extension elements", file().number("A", formatF, 0).extension(18, 4, "aaaa").end(), "4 bytes each, not 1"},
		{"IBM 370", file().number("A", formatF, 0).extension(3, 4, machine(2, 3)).end(), "IEEE 754"},
		{"EBCDIC", file().number("A", formatF, 0).extension(3, 4, machine(1, 1)).end(), "EBCDIC"},
		{"weight that is a text", newMaker(little, 0, 1, 0).chars("S", 2).end(), "weight"},
		{"weight that is not there", newMaker(little, 0, 5, 0).chars("S", 2).end(), "weight"},
		{"very long text of nothing", file().number("A", formatF, 0).extension(14, 1, "B=300").end(), `"B"`},
		{"very long text without segments", file().chars("A", 255).extension(14, 1, "A=300").end(), "too few segments"},
		{"very long text of a number", file().chars("A", 255).number("B", formatF, 0).extension(14, 1, "A=300").end(), "segment 2"},
		{"long labels", file().chars("A", 9).extension(21, 1, "\x01\x00\x00\x00A").end(), "long text values"},
		{"long missing", file().chars("A", 9).extension(22, 1, "\x01\x00\x00\x00A\x03\x08\x00\x00\x00").end(), "long texts"},
		{"half a row", newMaker(little, 0, 0, -1).number("A", formatF, 0).number("B", formatF, 0).end().float(1, 2, 3), "inside case 2"},
		{"rows that are not there", newMaker(little, 0, 0, 2).number("A", formatF, 0).end().float(1), "promises 2 cases"},
		{"no literal", coded().text("\x65\xfd\x65\x65\x65\x65\x65\x65", 8), "inside the compressed cases"},
		{"early end", coded().text("\x65\xfe\xfc\x00\x00\x00\x00\x00", 8), "ends after 1"},
		{"end inside a row", coded().text("\x65\xfe\x65\xfc\x00\x00\x00\x00", 8), "inside case 2"},
		{"number in a text", coded().text("\x65\x65\x65\x65\x65\x65\x65\x65", 8), "code 101"},
	} {
		_, err := c.m.read()
		damagetest.Refused(t, c.what, err, c.words, "made.sav")
	}
}

// patch overwrites a word.
func (m *maker) patch(at int, x int32) *maker {
	copy(m.Bytes()[at:], m.order.AppendUint32(nil, uint32(x)))
	return m
}

// All faults that do not hide the rest are listed at once.
func TestAllProblems(t *testing.T) {
	m := newMaker(little, plainCases, 9, 0).number("A", formatF, 0)
	_, err := m.ints(3, 0, 4, 1, 7).extension(14, 1, "B=300").end().read()
	damagetest.Refused(t, "three faults", err, "weight", "element 7", `"B"`)
}

// A written file that lost its tail is never read as a shorter table.
func TestEveryTruncationIsRefused(t *testing.T) {
	for _, opts := range []Options{{}, {Zlib: true}} {
		var file bytes.Buffer
		if _, err := Write(&file, smallTable(), opts); err != nil {
			t.Fatal(err)
		}
		for n := range file.Len() {
			_, err := Read(bytes.NewReader(file.Bytes()[:n]), int64(n), "cut.sav", nil)
			damagetest.Refused(t, "cut", err)
		}
	}
}

func smallTable() *survey.Table {
	return &survey.Table{
		Rows: 3,
		Variables: []*survey.Variable{
			{
				Name: "respondent", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2.5, math.NaN()}), Label: "Who",
				Codes: []survey.Code{{Value: survey.NumberValue(1), Label: "One"}},
			},
			{
				Name: "answer", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, 0}), Values: []string{strings.Repeat("a long answer ", 30) + ".", "short"}},
				Codes: []survey.Code{{Value: survey.TextValue("short"), Label: "Short"}},
			},
		},
		Sets: []survey.MultipleResponse{{Name: "$all", Variables: []string{"respondent"}}},
	}
}

// fewBytes is what reading a file of a few kilobytes may allocate: buffers,
// tables of the zlib reader, and columns that grow.
const fewBytes = 4 << 20

// A header that promises billions of cases costs nothing.
func TestPromisedRowsAreNotAllocated(t *testing.T) {
	for _, compression := range []int32{plainCases, byteCodeCases} {
		m := newMaker(little, compression, 0, math.MaxInt32).number("A", formatF, 0).chars("S", 255).end()
		m.text("", 4096)
		n := damagetest.Allocated(func() {
			_, err := m.read()
			damagetest.Refused(t, "billions", err)
		})
		if n > fewBytes {
			t.Errorf("compression %d: %d bytes were allocated", compression, n)
		}
	}
}

// zsav puts a block behind a dictionary of one number, with the sizes given.
func zsav(t *testing.T, raw []byte, declared, rows int32) *maker {
	t.Helper()
	m := newMaker(little, zlibCases, 0, rows).number("A", formatF, 0).end()
	copy(m.Bytes(), "$FL3")
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	start := int64(m.Len())
	long := func(xs ...int64) {
		for _, x := range xs {
			m.Write(binary.LittleEndian.AppendUint64(nil, uint64(x)))
		}
	}
	long(start, start+24+int64(packed.Len()), 48)
	m.Write(packed.Bytes())
	long(-100, 0)
	m.ints(0x3ff000, 1)
	long(start, start+24)
	return m.ints(declared, int32(packed.Len()))
}

func TestZlibBlocks(t *testing.T) {
	row := []byte{101, 0, 0, 0, 0, 0, 0, 0}
	if got := zsav(t, row, 8, 1).mustRead(t); got.Rows != 1 || got.Variables[0].Numbers.At(0) != 1 {
		t.Errorf("read %v", got.Variables[0].Numbers.Slice())
	}
	_, err := zsav(t, row, 16, -1).read()
	damagetest.Refused(t, "declares more", err, "ends 8 bytes early")
	_, err = zsav(t, append(row, row...), 8, -1).read()
	damagetest.Refused(t, "declares less", err, "more than the file declares")
	_, err = zsav(t, row, 1<<30, 1<<30).read()
	damagetest.Refused(t, "ratio", err, "cannot have")

	spoiled := zsav(t, row, 8, 1)
	spoiled.Bytes()[spoiled.Len()-48-2] ^= 1
	_, err = spoiled.read()
	damagetest.Refused(t, "checksum", err, "cannot be unpacked")

	for _, at := range []int{8, 16, 32, 44} { // places in the list: zero is free, the rest are checked
		broken := zsav(t, row, 8, 1)
		broken.patch(broken.Len()-48+at, -7)
		if _, err := broken.read(); at != 8 && at != 16 {
			damagetest.Refused(t, "list of blocks", err)
		}
	}
}

// A block of 16 million zeros holds no case, and unpacking it takes no memory.
func TestZlibBombIsNotKept(t *testing.T) {
	const size = 16 << 20
	m := zsav(t, make([]byte, size), size, math.MaxInt32)
	n := damagetest.Allocated(func() {
		_, err := m.read()
		damagetest.Refused(t, "bomb", err, "promises")
	})
	// Eight bytes a byte code, for 16 times the file's size.
	if n > 8*16*uint64(m.Len())+fewBytes {
		t.Errorf("%d bytes were allocated for a file of %d", n, m.Len())
	}
}

// A device that fails is not a damaged file.
func TestReadErrorIsPassedOn(t *testing.T) {
	damagetest.PassedOn(t, func(r io.ReaderAt, size int64, path string) error { _, err := Read(r, size, path, nil); return err })
}

// The damaged and encrypted files that come with PSPP.
func TestDamagedFilesOfPSPP(t *testing.T) {
	for name, word := range map[string]string{
		"CVE-2017-10791.sav":  "long text values",
		"CVE-2017-10792.sav":  "extension record 18",
		"hotel-encrypted.sav": "password",
	} {
		file := damagetest.SharedFile(t, "formats/pspp/"+name)
		_, err := Read(bytes.NewReader(file), int64(len(file)), name, nil)
		damagetest.Refused(t, name, err, word, name)
	}
}
