package sas

import (
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// transport begins a transport file, LIBRARY or, from version 8 on, LIBV8.
const transport = "HEADER RECORD*******LIB"

// recordSize is the size of the records that a transport file is made of.
const recordSize = 80

// transportFile is a transport file on its way to becoming a table.
type transportFile struct {
	*raw.Cursor
	notes
	r        io.ReaderAt
	columns  []*column
	rowBytes int
	rows     int64
}

// readTransport reads the first data set of a transport file.
func readTransport(r io.ReaderAt, size int64) (*survey.Table, error) {
	f := &transportFile{Cursor: raw.NewCursor(r, size), r: r}
	f.decode = guessing()
	f.Order = binary.BigEndian
	f.Take(3*recordSize, "the header")
	f.readMember()
	f.readVariables()
	f.readLongLabels()
	f.readRows()
	if err := f.Err(); err != nil {
		return nil, err
	}
	return f.table(f.columns), nil
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
	f.Fail(raw.Damaged(at, "here should be the header record %s", strings.Join(names, " or ")))
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

// readMember reads the head of a data set, for its label.
func (f *transportFile) readMember() {
	f.record("MEMBER", "MEMBV8")
	f.record("DSCRPTR", "DSCPTV8")
	f.Take(recordSize, "the data set's name")
	if b := f.Take(recordSize, "the data set's label"); b != nil {
		if label := f.text(b[32:72]); label != "" {
			f.Note(survey.NoticeRemark, nil, "file label: %s", label)
		}
	}
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

// addVariable makes a variable of its description. Values stand in the order of
// the descriptions: the place that one gives is that of the data set which was
// exported, and it may be another.
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
			f.Fail(raw.Damaged(at, "a long label is given to variable %d of %d", i, len(f.columns)))
		}
		if f.Err() == nil {
			f.columns[i-1].Label = texts[1]
			f.columns[i-1].setFormat(texts[2])
		}
	}
	f.skipPadding()
}

// setFormat takes a long format, DATETIME20. say, where there is one.
func (c *column) setFormat(format string) {
	if format == "" {
		return
	}
	c.Format = strings.TrimSuffix(format, ".")
	if !c.IsText() {
		c.Kind = kindOf(format)
	}
}

// text decodes a field.
func (f *transportFile) text(b []byte) string { return f.decode.Text(raw.TrimBlanks(b)) }
