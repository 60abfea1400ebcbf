package dta

import (
	"bytes"
	"math"
	"testing"
)

// BenchmarkRead reads 50,000 rows of 20 variables: bytes, doubles and texts.
func BenchmarkRead(b *testing.B) {
	const rows, each = 50_000, 5
	m := &maker{order: little, release: 118}
	types := []uint64{65530, 65526, 65528, 8}
	m.header(uint64(each*len(types)), rows, "")
	m.tag("variable_types")
	for range each {
		m.uints(2, types...)
	}
	m.tag("/variable_types")
	for _, part := range []struct {
		tag   string
		width int
	}{{"varnames", 129}, {"sortlist", 0}, {"formats", 57}, {"value_label_names", 129}, {"variable_labels", 321}} {
		m.tag(part.tag)
		m.text("", each*len(types)*part.width)
		if part.tag == "sortlist" {
			m.text("", 2*(each*len(types)+1))
		}
		m.tag("/" + part.tag)
	}
	m.WriteString("<characteristics></characteristics><data>")
	for i := range uint64(rows) {
		for range each {
			m.uints(1, i%7)
			m.uints(8, math.Float64bits(float64(i)/3))
			m.uints(4, i)
			m.text([]string{"north", "south", "east", "west"}[i%4], 8)
		}
	}
	m.WriteString("</data><strls></strls><value_labels></value_labels></stata_dta>")
	b.ReportAllocs()
	b.SetBytes(int64(m.Len()))
	for b.Loop() {
		if _, err := Read(bytes.NewReader(m.Bytes()), int64(m.Len()), "bench.dta", nil); err != nil {
			b.Fatal(err)
		}
	}
}
