package sas

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// transport begins a transport file, LIBRARY or, from version 8 on, LIBV8.
const transport = "HEADER RECORD*******LIB"

// recordSize is the size of the records that a transport file is made of.
const recordSize = 80

// transportFile is a transport file while it is read.
type transportFile struct {
	*raw.Cursor
	notes
	r        io.ReaderAt
	columns  []*column
	rowBytes int
	rows     int64
}

// readTransport reads the first data set of a transport file.
func readTransport(r io.ReaderAt, size int64, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	f := &transportFile{Cursor: raw.NewCursor(r, size), r: r}
	f.decode = each.Decoder(guessing)
	f.Order = binary.BigEndian
	f.Take(3*recordSize, "the header")
	f.record("MEMBER", "MEMBV8")
	f.record("DSCRPTR", "DSCPTV8")
	f.Take(recordSize, "the data set's name")
	if b := f.Take(recordSize, "the data set's label"); b != nil {
		if label := f.text(b[32:72]); label != "" {
			f.Note(survey.NoticeRemark, nil, "file label: %s", label)
		}
	}
	f.readVariables()
	f.readLongLabels()
	f.pick(f.columns, choose)
	f.readRows(each)
	if err := f.Err(); err != nil {
		return nil, err
	}
	return f.table(f.columns, f.rows), nil
}

// record reads a header record and checks that its name is one of names.
func (f *transportFile) record(names ...string) (fields []byte) {
	at := f.At()
	b := f.Take(recordSize, "a header record")
	if b == nil {
		return make([]byte, recordSize)
	}
	for _, name := range names {
		if recordName(b) == name {
			return b
		}
	}
	f.Fail(raw.Damaged(at, "the header record %s is missing", strings.Join(names, " or ")))
	return b
}

// recordName is the name of a header record, "" for any other record.
func recordName(b []byte) string {
	name, ok := bytes.CutPrefix(b, []byte("HEADER RECORD*******"))
	if !ok || len(name) < 8 {
		return ""
	}
	return string(raw.TrimBlanks(name[:8]))
}

// readVariables reads a description of 140 bytes for each variable.
func (f *transportFile) readVariables() {
	const what, width = "the variables", 140
	b := f.record("NAMESTR", "NAMSTV8")
	if f.Err() != nil {
		return
	}
	n, err := strconv.Atoi(string(b[54:58]))
	if err != nil || n < 1 {
		f.Fail(raw.Damaged(f.At(), "the number of variables is %q", b[54:58]))
		return
	}
	long := recordName(b) == "NAMSTV8"
	names := raw.Names{}
	for i := range n {
		at := f.At()
		b := f.Take(width, what)
		if b == nil {
			return
		}
		name := f.text(b[8:16])
		if long {
			if s := f.text(b[88:120]); s != "" {
				name = s
			}
		}
		f.addVariable(at, names.Free(name, i+1, &f.Notices), b)
	}
	f.skipPadding()
}

// addVariable makes a variable of its description. Values are in the order of
// the descriptions; the position in a description belongs to the exported data set
// and may differ.
func (f *transportFile) addVariable(at int64, name string, b []byte) {
	number := func(at int) int { return int(int16(f.Order.Uint16(b[at:]))) }
	c := &column{Variable: &survey.Variable{Name: name, Label: f.text(b[16:56])},
		width: number(4), offset: f.rowBytes}
	format := f.text(b[56:64])
	c.Format, c.Kind = formatText(format, number(64), number(66)), kindOf(format)
	text := number(0) == 2
	if text {
		c.Kind = survey.Text
	}
	if c.width < 1 || !text && (c.width < 2 || c.width > 8) {
		f.Fail(raw.Damaged(at, "variable %s has %d bytes in a row", name, c.width))
	}
	f.rowBytes += c.width
	f.columns = append(f.columns, c)
}

// skipPadding goes to the next record.
func (f *transportFile) skipPadding() {
	if n := f.At() % recordSize; n > 0 && f.Left() > 0 {
		f.Take(min(recordSize-n, f.Left()), "the padding")
	}
}

// readLongLabels reads the labels and formats that are too long for a description,
// if there are any: number of the variable, lengths, and the texts.
func (f *transportFile) readLongLabels() {
	const what = "the long labels"
	name := recordName(f.Peek(recordSize))
	if name != "LABELV8" && name != "LABELV9" {
		return
	}
	b := f.record(name)
	n, _ := strconv.Atoi(string(raw.TrimBlanks(b[48:53])))
	for ; n > 0 && f.Err() == nil; n-- {
		at := f.At()
		i := int(f.Uint16(what))
		lengths := []int64{int64(f.Uint16(what)), int64(f.Uint16(what)), 0, 0}
		if name == "LABELV9" {
			lengths[2], lengths[3] = int64(f.Uint16(what)), int64(f.Uint16(what))
		}
		var texts []string
		for _, length := range lengths {
			texts = append(texts, f.text(f.Take(length, what)))
		}
		if f.Err() == nil && (i < 1 || i > len(f.columns)) {
			f.Fail(raw.Damaged(at, "a long label belongs to variable %d of %d", i, len(f.columns)))
		}
		if f.Err() == nil {
			c := f.columns[i-1]
			c.Label = texts[1]
			if format := texts[2]; format != "" { // DATETIME20.
				c.Format = strings.TrimSuffix(format, ".")
				if !c.IsText() {
					c.Kind = kindOf(format)
				}
			}
		}
	}
	f.skipPadding()
}

// text decodes a field.
func (f *transportFile) text(b []byte) string { return f.decode.Text(raw.TrimBlanks(b)) }

// readRows finds the number of rows, and reads them into the columns, out of which blocks
// may take them.
func (f *transportFile) readRows(each raw.Blocks) {
	b := f.record("OBS", "OBSV8")
	if f.Err() != nil {
		return
	}
	// Version 5 has no number of rows, and some programs write none for version 8.
	f.rows, _ = strconv.ParseInt(string(bytes.TrimSpace(b[48:63])), 10, 64)
	if recordName(b) == "OBS" || f.rows <= 0 {
		f.countRows()
	}
	if f.Err() == nil && f.rows > f.Left()/int64(f.rowBytes) {
		f.Fail(raw.Damaged(f.At(), "the file promises %d rows of %d bytes, and %d bytes are left", f.rows, f.rowBytes, f.Left()))
	}
	if f.Err() != nil {
		return
	}
	for _, c := range f.columns {
		c.start(&f.decode, each.Room(f.rows))
	}
	row, held := make([]byte, f.rowBytes), 0 // rows in the columns
	for left := f.rows; left > 0; left-- {
		if f.Fill(row, "the rows"); f.Err() != nil {
			return
		}
		for _, c := range f.columns {
			c.read(row, ibmNumber)
		}
		if held++; each.Full(held) || each.Each != nil && left == 1 {
			if err := hand(f.columns, held, each); err != nil {
				f.Fail(err)
			}
			held = 0
		}
	}
	f.skipPadding()
	if name := recordName(f.Peek(recordSize)); name == "MEMBER" || name == "MEMBV8" {
		f.Note(survey.NoticeUnread, nil, "the file holds more than one data set: the first one was read")
	}
}

// countRows counts the rows between here and the next data set or the end of the
// file. The last record is padded with blanks, so rows of blanks only that begin
// after its first byte do not count.
func (f *transportFile) countRows() {
	end, err := f.findEnd()
	if err != nil {
		f.Fail(err)
		return
	}
	length := int64(f.rowBytes)
	f.rows = (end - f.At()) / length
	row := make([]byte, length)
	rest := row[:(end-f.At())%length]
	if _, err := f.r.ReadAt(rest, end-int64(len(rest))); err != nil && err != io.EOF {
		f.Fail(err)
		return
	}
	if len(bytes.Trim(rest, " ")) > 0 || f.Size()%recordSize != 0 {
		f.Fail(raw.Damaged(f.Size(), "the file ends inside a row, or inside a record of %d bytes", recordSize))
		return
	}
	for ; f.rows > 0; f.rows-- {
		start := f.At() + (f.rows-1)*length
		if end-start >= recordSize {
			return
		}
		if _, err := f.r.ReadAt(row, start); err != nil && err != io.EOF {
			f.Fail(err)
			return
		}
		if len(bytes.Trim(row, " ")) > 0 {
			return
		}
	}
}

// findEnd looks for the record that begins the next data set.
func (f *transportFile) findEnd() (int64, error) {
	const records = 1024
	block := make([]byte, records*recordSize)
	end := f.At() + f.Left()
	for at := f.At(); at < end; at += int64(len(block)) {
		n, err := f.r.ReadAt(block, at)
		if err != nil && err != io.EOF {
			return 0, err
		}
		for i := 0; i+recordSize <= n; i += recordSize {
			if recordName(block[i:i+recordSize]) == "MEMBER" {
				return at + int64(i), nil
			}
		}
	}
	return end, nil
}

// ibmNumber reads a floating-point number of IBM mainframes, of which the file has
// only the first bytes: a sign, an exponent of 16 and a fraction of 56 bits. It is
// missing where all bytes but the first are zero and that one is a character; tag
// is the name of a special missing value.
func ibmNumber(b []byte) (x float64, tag string) {
	var full [8]byte
	copy(full[:], b)
	u := binary.BigEndian.Uint64(full[:])
	fraction := u << 8 >> 8
	if fraction == 0 && u != 0 {
		switch first := full[0]; {
		case first == '.':
			return math.NaN(), ""
		case first == '_', 'A' <= first && first <= 'Z':
			return math.NaN(), missingName(first)
		}
	}
	const bias, fractionBits = 64, 56
	exponent := int(full[0]&0x7f) - bias
	x = math.Ldexp(float64(fraction), 4*exponent-fractionBits)
	if full[0]&0x80 != 0 {
		x = -x
	}
	return x, ""
}
