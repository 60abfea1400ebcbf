package tabulate_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate"
)

// wide makes a survey of the founding example's size: rows in 28 strata of
// some 54 clusters, items of five codes with a few missing answers, and banner
// variables of two to eight categories.
func wide(rows, items int) (*survey.Table, *survey.Study) {
	rng := rand.New(rand.NewPCG(1, 2))
	column := func(name string, value func(i int) float64) *survey.Variable {
		v := &survey.Variable{Name: name, Kind: survey.Number, Numbers: make([]float64, rows)}
		for i := range v.Numbers {
			v.Numbers[i] = value(i)
		}
		return v
	}
	psus := 28 * 54
	t := &survey.Table{Rows: rows}
	add := func(v *survey.Variable) { t.Variables = append(t.Variables, v) }
	add(column("psu", func(i int) float64 { return float64(i * psus / rows) }))
	add(column("stratum", func(i int) float64 { return float64(i * psus / rows / 54) }))
	add(column("weight", func(int) float64 { return math.Exp(0.5 * rng.NormFloat64()) }))
	s := &survey.Study{Design: survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}}
	var banner []survey.ColumnSpec
	for _, k := range []int{2, 6, 5, 4, 8, 5} {
		name := fmt.Sprintf("banner%d", len(banner))
		banner = append(banner, survey.ColumnSpec{Variable: name})
		add(column(name, func(int) float64 { return float64(1 + rng.IntN(k)) }))
	}
	for q := range items {
		name := fmt.Sprintf("q%d", q)
		add(column(name, func(int) float64 {
			if rng.IntN(40) == 0 {
				return math.NaN()
			}
			return float64(1 + rng.IntN(5))
		}))
		s.Tables = append(s.Tables, survey.TableSpec{ID: name, Rows: []survey.RowSpec{{Variable: name}}, Columns: banner})
	}
	return t, s
}

// BenchmarkTabBook computes 120 items by six banner variables (30 points and
// the total) on 37,350 clustered rows, with standard errors, logit intervals
// and degrees of freedom in every cell.
func BenchmarkTabBook(b *testing.B) {
	t, s := wide(37350, 120)
	b.ReportAllocs()
	for b.Loop() {
		f, err := engine.NewFrame(t, s.Design)
		if err != nil {
			b.Fatal(err)
		}
		m := tabulate.Maker{Table: t, Frame: f, Study: s, Level: 0.95}
		tables, err := m.All(context.Background(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if len(tables) != 120 || len(tables[0].Cells) != 5 || len(tables[0].Cells[0]) != 31 {
			b.Fatalf("%d tables", len(tables))
		}
	}
}
