package sas

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// readRows finds out how many rows there are, and reads them into the columns.
func (f *transportFile) readRows() {
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
		c.start(&f.decode, int(f.rows))
	}
	row := make([]byte, f.rowBytes)
	for range f.rows {
		if f.Fill(row, "the rows"); f.Err() != nil {
			return
		}
		for _, c := range f.columns {
			c.read(row, ibmNumber)
		}
	}
	f.noteMore()
}

// countRows counts the rows between here and the next data set or the end of the
// file. The last record is filled up with blanks, so rows of blanks only that begin
// behind its first byte are no rows.
func (f *transportFile) countRows() {
	end, err := f.findEnd()
	if err != nil {
		f.Fail(err)
		return
	}
	length := int64(f.rowBytes)
	f.rows = (end - f.At()) / length
	row := make([]byte, length)
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

// noteMore says that another data set follows.
func (f *transportFile) noteMore() {
	f.skipPadding()
	if name := recordName(f.Peek(recordSize)); name == "MEMBER" || name == "MEMBV8" {
		f.Note(survey.NoticeUnread, nil, "the file holds more than one data set: the first one was read")
	}
}

// ibmNumber reads a number as IBM mainframes have them, of which only the first
// bytes are kept: a sign, an exponent of 16 and a fraction of 56 bits. It is
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
