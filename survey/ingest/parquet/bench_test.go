package parquet

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"surveykit/survey"
)

// generated is a survey of a million rows: an id, a weight, a region and
// seventeen questions with a few codes, of which a tenth is missing.
func generated() *survey.Table {
	const rows = 1_000_000
	random := rand.New(rand.NewPCG(1, 2))
	t := &survey.Table{Rows: rows}
	number := func(name string, x func(i int) float64) {
		v := &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, rows))}
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, x(i))
		}
		t.Variables = append(t.Variables, v)
	}
	number("id", func(i int) float64 { return float64(i) })
	number("weight", func(int) float64 { return 0.2 + 3*random.Float64() })
	for q := range 17 {
		number(fmt.Sprintf("q%d", q+1), func(int) float64 {
			if code := random.IntN(10); code > 0 {
				return float64(code)
			}
			return nan
		})
	}
	region := &survey.Variable{Name: "region", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces(make([]int32, rows)), Values: []string{"North", "South", "East", "West"}}}
	for i := range region.Texts.Index.Len() {
		region.Texts.Index.Set(i, int32(random.IntN(4)))
	}
	t.Variables = append(t.Variables, region)
	return t
}

func BenchmarkRead(b *testing.B) {
	var file bytes.Buffer
	if _, err := Write(&file, generated()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		if _, err := read(file.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	table := generated()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Write(io.Discard, table); err != nil {
			b.Fatal(err)
		}
	}
}
