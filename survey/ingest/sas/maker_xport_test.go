package sas

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// transportMaker builds transport files record by record.
type transportMaker struct{ bytes.Buffer }

// record writes s, filled up to whole records with blanks.
func (m *transportMaker) record(s string) *transportMaker {
	m.WriteString(s)
	if n := m.Len() % recordSize; n > 0 {
		m.WriteString(strings.Repeat(" ", recordSize-n))
	}
	return m
}

func (m *transportMaker) head(name, rest string) *transportMaker {
	return m.record(fmt.Sprintf("HEADER RECORD*******%-8sHEADER RECORD!!!!!!!%s", name, rest))
}

// member begins a data set with so many variables; v8 is "V8" or "".
func (m *transportMaker) member(v8 string, variables int) *transportMaker {
	name := func(old, new string) string {
		if v8 == "" {
			return old
		}
		return new
	}
	m.head(name("MEMBER", "MEMBV8"), "000000000000000001600000000140").head(name("DSCRPTR", "DSCPTV8"), "")
	m.record("SAS     SMALL   ").record(strings.Repeat(" ", 32) + "Small")
	return m.head(name("NAMESTR", "NAMSTV8"), fmt.Sprintf("000000%04d00000000000000000000", variables))
}

func newTransport(v8 string, variables int) *transportMaker {
	m := &transportMaker{}
	return m.head(map[string]string{"": "LIBRARY", "V8": "LIBV8"}[v8], "").record("SAS").record("date").member(v8, variables)
}

// variable describes a variable; kind is 1 for numbers and 2 for texts.
func (m *transportMaker) variable(kind, width int, name, label, format string, formatWidth int) *transportMaker {
	short := []byte(fmt.Sprintf("%-8.8s%-40.40s%-8.8s", name, label, format))
	b := make([]byte, 140)
	for at, x := range map[int]int{0: kind, 4: width, 64: formatWidth} {
		binary.BigEndian.PutUint16(b[at:], uint16(x))
	}
	copy(b[8:], short)
	copy(b[88:], name)
	m.Write(b)
	return m
}

// rows begins the rows; count is what version 8 says of their number.
func (m *transportMaker) rows(v8, count string) *transportMaker {
	m.record("")
	return m.head("OBS"+v8, count)
}

// smallTransport is a file of a number of 8 bytes, one of 3 and a text of 5, the
// text's long label and format as version 8 has them.
func smallTransport(v8 string) *transportMaker {
	m := newTransport(v8, 3).variable(1, 8, "day", "A day", "DATE", 9).variable(1, 3, "small", "", "", 0).variable(2, 5, "city", "", "", 0)
	if v8 != "" {
		m.record("").head("LABELV9", "1    ")
		m.WriteString("\x00\x03\x00\x04\x00\x03\x00\x09\x00\x00cityOrt$LONGFMT.")
	}
	m.rows(v8, map[string]string{"": "", "V8": "              3"}[v8])
	m.WriteString("\x41\x10\x00\x00\x00\x00\x00\x00" + "\xc1\x28\x00" + "Bonn ")
	m.WriteString("\x2e\x00\x00\x00\x00\x00\x00\x00" + "\x41\x00\x00" + "K\xc3\xb6ln")
	m.WriteString("\x5f\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00" + "     ")
	return m.record("")
}
