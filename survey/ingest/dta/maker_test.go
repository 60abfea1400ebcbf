package dta

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"surveykit/survey"
)

var (
	little binary.AppendByteOrder = binary.LittleEndian
	big    binary.AppendByteOrder = binary.BigEndian
)

// releases are the formats that can be made.
var releases = []int{105, 108, 110, 111, 113, 114, 115, 117, 118, 119}

// maker builds a file of any format field by field.
type maker struct {
	bytes.Buffer
	order   binary.AppendByteOrder
	release int
}

func (m *maker) tagged() bool { return m.release >= 117 }

// width is a field's width: until 105, until 108, until 113, until 117, from 118.
func (m *maker) width(widths ...int) int {
	for i, last := range []int{105, 108, 113, 117} {
		if m.release <= last {
			return widths[i]
		}
	}
	return widths[4]
}

func (m *maker) nameWidth() int   { return m.width(9, 9, 33, 33, 129) }
func (m *maker) formatWidth() int { return m.width(12, 12, 12, 49, 57) }
func (m *maker) labelWidth() int  { return m.width(32, 81, 81, 81, 321) }

func (m *maker) text(s string, n int) { m.WriteString(s + strings.Repeat("\x00", n-len(s))) }

func (m *maker) uints(width int, xs ...uint64) {
	for _, x := range xs {
		full := big.AppendUint64(nil, x)[8-width:]
		if m.order == little {
			for i := range full {
				m.WriteByte(full[width-1-i])
			}
			continue
		}
		m.Write(full)
	}
}

func (m *maker) tag(s string) {
	if m.tagged() {
		m.WriteString("<" + s + ">")
	}
}

// makeFile is a file with one variable of each storage type and two rows, the
// second one missing throughout.
func makeFile(release int, order binary.AppendByteOrder) *maker {
	m := &maker{order: order, release: release}
	m.header(uint64(len(m.types())), 2, "Small")
	m.dictionary()
	m.rows()
	m.labels()
	m.tag("/stata_dta")
	return m
}

func (m *maker) header(variables, rows uint64, label string) {
	if !m.tagged() {
		m.Write([]byte{byte(m.release), map[binary.AppendByteOrder]byte{big: 1, little: 2}[m.order], 1, 0})
		m.uints(2, variables)
		m.uints(4, rows)
		m.text(label, m.labelWidth())
		m.text("06 May 2018 10:10", 18)
		return
	}
	m.WriteString(fmt.Sprintf("<stata_dta><header><release>%d</release><byteorder>", m.release))
	m.WriteString(map[binary.AppendByteOrder]string{big: "MSF", little: "LSF"}[m.order] + "</byteorder><K>")
	m.uints(map[int]int{117: 2, 118: 2, 119: 4}[m.release], variables)
	m.WriteString("</K><N>")
	m.uints(map[int]int{117: 4, 118: 8, 119: 8}[m.release], rows)
	m.WriteString("</N><label>")
	m.uints(map[int]int{117: 1, 118: 2, 119: 2}[m.release], uint64(len(label)))
	m.WriteString(label + "</label><timestamp>\x00</timestamp></header><map>")
	m.text("", 14*8)
	m.WriteString("</map>")
}

// types are the storage types: byte, int, long, float, double, text, long text.
func (m *maker) types() []uint64 {
	switch {
	case m.release < 111:
		return []uint64{'b', 'i', 'l', 'f', 'd', 127 + 5}
	case m.release < 117:
		return []uint64{251, 252, 253, 254, 255, 5}
	}
	return []uint64{65530, 65529, 65528, 65527, 65526, 5, 32768}
}

func (m *maker) fields(tag string, width int, values ...string) {
	m.tag(tag)
	for i := range m.types() {
		m.text(values[i], width)
	}
	m.tag("/" + tag)
}

func (m *maker) dictionary() {
	m.tag("variable_types")
	width := 1
	if m.tagged() {
		width = 2
	}
	m.uints(width, m.types()...)
	m.tag("/variable_types")
	m.fields("varnames", m.nameWidth(), "agree", "day", "at", "share", "income", "city", "story")
	m.tag("sortlist")
	m.text("", (len(m.types())+1)*m.width(2, 2, 2, 2, 2+2*(m.release-118)))
	m.tag("/sortlist")
	m.fields("formats", m.formatWidth(), "%8.0g", "%-d", "%tc", "%9.0g", "%10.0g", "%5s", "%9s")
	m.fields("value_label_names", m.nameWidth(), "yesno", "", "", "", "yesno", "", "")
	m.fields("variable_labels", m.labelWidth(), "Do you agree?", "", "", "", "", "", "")
	m.tag("characteristics")
	m.characteristic("_dta", "note0", "1")
	m.characteristic("_dta", "note1", "keep this")
	m.characteristic("agree", "note2", "and this")
	m.characteristic("agree", "other", "but not this")
	if !m.tagged() {
		m.text("", 1+m.width(2, 2, 4, 4, 4))
	}
	m.tag("/characteristics")
}

func (m *maker) characteristic(owner, name, value string) {
	m.tag("ch")
	if !m.tagged() {
		m.WriteByte(1)
	}
	m.uints(m.width(2, 2, 4, 4, 4), uint64(2*m.nameWidth()+len(value)+1))
	m.text(owner, m.nameWidth())
	m.text(name, m.nameWidth())
	m.text(value, len(value)+1)
	m.tag("/ch")
}

// city is Köln in the format's encoding.
func (m *maker) city() string {
	if m.release < 118 {
		return "K\xf6ln"
	}
	return "Köln"
}

func (m *maker) rows() {
	m.tag("data")
	m.uints(1, 1)
	m.uints(2, 0xffff) // -1: 1959-12-31
	m.uints(4, 1500)
	m.uints(4, uint64(math.Float32bits(-0.5)))
	m.uints(8, math.Float64bits(-1e300))
	m.text(m.city(), 5)
	m.key(7, 1)
	if m.release < 113 {
		m.uints(1, 127)
		m.uints(2, 32767)
		m.uints(4, 2147483647, 0x7f000000)
		m.uints(8, 0x7fe0000000000000)
	} else { // .a . .b .c .z
		m.uints(1, 102)
		m.uints(2, 32741)
		m.uints(4, 2147483621+2, 0x7f000000+3<<11)
		m.uints(8, 0x7fe0000000000000+26<<40)
	}
	m.text("", 5)
	m.key(0, 0)
	m.tag("/data")
	m.tag("strls")
	if m.tagged() {
		m.WriteString("GSO")
		m.uints(4, 7)
		m.uints(map[int]int{117: 4, 118: 8, 119: 8}[m.release], 1)
		m.WriteByte(130)
		m.uints(4, 5)
		m.WriteString("long\x00")
	}
	m.tag("/strls")
}

// key is a row's reference to a long text.
func (m *maker) key(variable, observation uint64) {
	if m.tagged() {
		n := map[int]int{117: 4, 118: 2, 119: 3}[m.release]
		m.uints(n, variable)
		m.uints(8-n, observation)
	}
}

func (m *maker) labels() {
	m.tag("value_labels")
	m.tag("lbl")
	if m.release < 108 {
		m.uints(2, 2)
		m.text("yesno", 9+1)
		m.uints(2, 1, 2)
		m.text("Yes", 8)
		m.text("No", 8)
		return
	}
	values := []uint64{1, 2}
	if m.release >= 113 {
		values = append(values, 2147483622) // .a
	}
	m.uints(4, uint64(8+8*len(values)+15))
	m.text("yesno", m.nameWidth()+3)
	m.uints(4, uint64(len(values)), 15)
	m.uints(4, []uint64{3, 0, 7}[:len(values)]...)
	m.uints(4, values...)
	m.text("No\x00Yes\x00Refused", 15)
	m.tag("/lbl")
	m.tag("/value_labels")
}

func (m *maker) read() (*survey.Table, error) {
	return Read(bytes.NewReader(m.Bytes()), int64(m.Len()), "made.dta", nil)
}

func (m *maker) mustRead(t *testing.T) *survey.Table {
	t.Helper()
	table, err := m.read()
	if err != nil {
		t.Fatalf("format %d, %v: %v", m.release, m.order, err)
	}
	return table
}
