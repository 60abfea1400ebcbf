package delimited

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"surveykit/survey"
)

// generated is a survey of about ten megabytes: codes, weights, a few texts.
func generated() []byte {
	random := rand.New(rand.NewPCG(1, 2))
	regions := []string{"North", "South", "East", "West", `"Isles, other"`}
	var b bytes.Buffer
	b.WriteString("id,weight,region,date")
	for q := range 60 {
		fmt.Fprintf(&b, ",q%d", q+1)
	}
	b.WriteByte('\n')
	for id := 1; b.Len() < 10<<20; id++ {
		fmt.Fprintf(&b, "%d,%.6f,%s,2019-06-%02d", id, 0.2+3*random.Float64(), regions[random.IntN(5)], 1+random.IntN(30))
		for range 60 {
			switch code := random.IntN(12); code {
			case 10:
				b.WriteByte(',')
			case 11:
				b.WriteString(",98")
			default:
				fmt.Fprintf(&b, ",%d", code)
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	text := generated()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(bytes.NewReader(text), int64(len(text)), "generated.csv", nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncodingCSV is the standard library's reader on the same text: it
// only cuts cells, without values or types.
func BenchmarkEncodingCSV(b *testing.B) {
	text := generated()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(text))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	text := generated()
	table, err := Read(bytes.NewReader(text), int64(len(text)), "generated.csv", &survey.DelimitedOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := Write(io.Discard, table); err != nil {
			b.Fatal(err)
		}
	}
}
