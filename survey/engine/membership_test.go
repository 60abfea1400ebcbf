package engine_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// TestDFCountsTheRowsOfOverlappingTotals holds the union of bits against
// Frame.DF, which goes through the rows, for designs of PSUs, of rows and of two
// stages.
func TestDFCountsTheRowsOfOverlappingTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(10, 150).Draw(t, "rows")
		column := func(name string, low, high int) *survey.Variable {
			v := &survey.Variable{Name: name, Kind: survey.Number}
			for range n {
				v.Numbers = append(v.Numbers, float64(rapid.IntRange(low, high).Draw(t, name)))
			}
			return v
		}
		psu, household := column("psu", 1, 80), column("household", 1, 3)
		for i := range 3 {
			psu.Numbers[i] = float64(i)
		}
		size := &survey.Variable{Name: "size", Kind: survey.Number, Numbers: make([]float64, n)}
		for i := range size.Numbers {
			size.Numbers[i] = 1000
		}
		table := &survey.Table{Rows: n, Variables: []*survey.Variable{column("w", 0, 2), psu, household, size}}
		table.Variables[0].Numbers[0] = 1
		design := survey.Design{Weight: "w", LonelyPSU: "certainty"}
		switch rapid.IntRange(0, 2).Draw(t, "design") {
		case 1:
			design.PSU = []string{"psu"}
		case 2:
			design.PSU, design.FPC = []string{"psu", "household"}, []string{"size", "size"}
		}
		f, err := engine.NewFrame(table, design)
		if err != nil {
			t.Fatal(err)
		}
		points := &engine.Terms{Count: 3, Start: make([]int32, 1, n+1)}
		for range n {
			for p := range int32(3) {
				if rapid.Bool().Draw(t, "in") {
					points.Index = append(points.Index, p)
				}
			}
			points.Start = append(points.Start, int32(len(points.Index)))
		}
		totals := f.Totals(engine.Pass{Cell: make([]int32, n), Cells: 1, Terms: points})
		got := totals.DF([]int{0, 2})
		want := f.DF(func(i int) bool {
			for _, p := range points.Index[points.Start[i]:points.Start[i+1]] {
				if p != 1 {
					return true
				}
			}
			return false
		})
		if got != want || math.IsNaN(got) {
			t.Errorf("df %v, want %v", got, want)
		}
	})
}
