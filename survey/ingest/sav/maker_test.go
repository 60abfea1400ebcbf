package sav

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"surveykit/survey"
)

// maker builds a file record by record, independent of Write, to make the files
// that Write never makes.
type maker struct {
	bytes.Buffer
	order binary.AppendByteOrder
}

var (
	little binary.AppendByteOrder = binary.LittleEndian
	big    binary.AppendByteOrder = binary.BigEndian
)

func newMaker(order binary.AppendByteOrder, compression, weight, rows int32) *maker {
	m := &maker{order: order}
	m.text("$FL2", 4).text("@(#) SPSS DATA FILE made by a test", 60)
	return m.ints(2, 1, compression, weight, rows).float(100).text("01 Jan 70", 9).text("00:00:00", 8).text("", 67)
}

func (m *maker) ints(xs ...int32) *maker {
	for _, x := range xs {
		m.Write(m.order.AppendUint32(nil, uint32(x)))
	}
	return m
}

func (m *maker) float(xs ...float64) *maker {
	for _, x := range xs {
		m.Write(m.order.AppendUint64(nil, math.Float64bits(x)))
	}
	return m
}

func (m *maker) text(s string, n int) *maker {
	m.WriteString(s + strings.Repeat(" ", n-len(s)))
	return m
}

// number adds a numeric variable of a format code, with missing values.
func (m *maker) number(name string, code, missing int32, values ...float64) *maker {
	packed := code<<16 | 8<<8
	return m.ints(2, 0, 0, missing, packed, packed).text(name, 8).float(values...)
}

// chars adds a text variable with its continuation records.
func (m *maker) chars(name string, width int32) *maker {
	packed := 1<<16 | width<<8
	m.ints(2, width, 0, 0, packed, packed).text(name, 8)
	for n := width - 8; n > 0; n -= 8 {
		m.ints(2, -1, 0, 0, 0, 0).text("", 8)
	}
	return m
}

func (m *maker) extension(subtype, size int32, data string) *maker {
	return m.ints(7, subtype, size, int32(len(data))/size).text(data, len(data))
}

func (m *maker) end() *maker { return m.ints(999, 0) }

// packed is integers as bytes of the maker's order.
func (m *maker) packed(xs ...int32) string {
	return (&maker{order: m.order}).ints(xs...).String()
}

func (m *maker) read() (*survey.Table, error) {
	return Read(bytes.NewReader(m.Bytes()), int64(m.Len()), "made.sav", nil)
}

func (m *maker) mustRead(t *testing.T) *survey.Table {
	t.Helper()
	table, err := m.read()
	if err != nil {
		t.Fatal(err)
	}
	return table
}
