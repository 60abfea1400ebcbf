package engine

import (
	"math/rand/v2"
	"testing"

	"surveykit/survey"
)

// BenchmarkTotals sums a million rows over 50 cells and 10 terms a row.
func BenchmarkTotals(b *testing.B) {
	const rows, terms = 1_000_000, 10
	r := rand.New(rand.NewPCG(1, 0))
	w, cell := make([]float64, rows), make([]int32, rows)
	keep := make([]bool, rows)
	for i := range w {
		w[i], cell[i], keep[i] = r.Float64(), int32(r.IntN(50)), true
	}
	columns := make([][]float64, terms)
	for k := range columns {
		columns[k] = w
	}
	table := &survey.Table{Rows: rows, Variables: []*survey.Variable{{Name: "w", Kind: survey.Number, Numbers: w}}}
	f, err := NewFrame(table, survey.Design{Weight: "w"})
	if err != nil {
		b.Fatal(err)
	}
	q := Query{Cell: cell, Cells: 50, Terms: Columns(keep, columns...)}
	for b.Loop() {
		f.Totals(q)
	}
}
