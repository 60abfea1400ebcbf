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

// founding is the size of the founding example, crossed by 30 points.
var founding = sample{rows: 37350, items: 120, banner: []int{2, 6, 5, 4, 8, 5}, clustered: true}

// sample is the size of a survey in which everybody answers items of five
// codes, but for a few, and belongs to a category of each banner variable.
type sample struct {
	rows, items int
	banner      []int
	// clustered puts the rows into 28 strata of 54 clusters.
	clustered bool
}

// make draws the survey, and asks for a table of each item.
func (size sample) make() (*survey.Table, *survey.Study) {
	rng := rand.New(rand.NewPCG(1, 2))
	column := func(name string, value func(i int) float64) *survey.Variable {
		v := &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, size.rows))}
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, value(i))
		}
		return v
	}
	psus := 28 * 54
	t := &survey.Table{Rows: size.rows}
	add := func(v *survey.Variable) { t.Variables = append(t.Variables, v) }
	add(column("psu", func(i int) float64 { return float64(i * psus / size.rows) }))
	add(column("stratum", func(i int) float64 { return float64(i * psus / size.rows / 54) }))
	add(column("weight", func(int) float64 { return math.Exp(0.5 * rng.NormFloat64()) }))
	s := &survey.Study{Design: survey.Design{Weight: "weight"}}
	if size.clustered {
		s.Design.Strata, s.Design.PSU = "stratum", []string{"psu"}
	}
	var banner []survey.ColumnSpec
	for _, k := range size.banner {
		name := fmt.Sprintf("banner%d", len(banner))
		banner = append(banner, survey.ColumnSpec{Variable: name})
		add(column(name, func(int) float64 { return float64(1 + rng.IntN(k)) }))
	}
	for q := range size.items {
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
// the total) on 37,350 clustered rows, with standard errors, logit intervals,
// degrees of freedom and letters.
func BenchmarkTabBook(b *testing.B) { founding.benchmark(b) }

// BenchmarkTabBookOfRows computes 40 items by 20 points on 300,000 rows that are
// each a sampled unit.
func BenchmarkTabBookOfRows(b *testing.B) {
	sample{rows: 300_000, items: 40, banner: []int{2, 6, 5, 7}}.benchmark(b)
}

func (size sample) benchmark(b *testing.B) {
	t, s := size.make()
	b.ReportAllocs()
	for b.Loop() {
		f, err := engine.NewFrame(t, s.Design)
		if err != nil {
			b.Fatal(err)
		}
		m := tabulate.Maker{Table: t, Frame: f, Study: s}
		tables, err := m.All(context.Background(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if len(tables) != size.items || len(tables[0].Cells) != 5 || len(tables[0].Comparisons) == 0 {
			b.Fatalf("%d tables", len(tables))
		}
	}
}
