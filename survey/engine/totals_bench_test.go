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
	of := &Terms{Count: terms, Start: make([]int32, rows+1)}
	for i := range w {
		w[i], cell[i] = r.Float64(), int32(r.IntN(50))
		for k := range int32(terms) {
			of.Index, of.Value = append(of.Index, k), append(of.Value, w[i])
		}
		of.Start[i+1] = int32(len(of.Index))
	}
	table := &survey.Table{Rows: rows, Variables: []*survey.Variable{{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers(w)}}}
	f, err := NewFrame(table, survey.Design{Weight: "w"})
	if err != nil {
		b.Fatal(err)
	}
	q := Pass{Cell: cell, Cells: 50, Terms: of}
	for b.Loop() {
		f.Totals(q)
	}
}

// BenchmarkTotalsOfUnits sums an item of five codes under 31 points that overlap,
// on 37,350 rows in 1,512 clusters.
func BenchmarkTotalsOfUnits(b *testing.B) {
	const rows, clusters = 37_350, 1512
	r := rand.New(rand.NewPCG(1, 0))
	w, psu, cell := make([]float64, rows), make([]float64, rows), make([]int32, rows)
	terms := &Terms{Count: 31, Start: make([]int32, rows+1)}
	for i := range rows {
		w[i], cell[i], psu[i] = r.Float64(), r.Int32N(5), float64(i*clusters/rows)
		terms.Index = append(terms.Index, 0)
		first := int32(1)
		for _, k := range []int32{2, 6, 5, 4, 8, 5} {
			terms.Index = append(terms.Index, first+r.Int32N(k))
			first += k
		}
		terms.Start[i+1] = int32(len(terms.Index))
	}
	table := &survey.Table{Rows: rows, Variables: []*survey.Variable{{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers(w)}, {Name: "psu", Kind: survey.Number, Numbers: survey.NewNumbers(psu)}}}
	f, err := NewFrame(table, survey.Design{Weight: "w", PSU: []string{"psu"}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f.Totals(Pass{Cell: cell, Cells: 5, Terms: terms})
	}
}
