package engine

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
)

// drawQuery draws a design of rows or of clusters, of which more than fill a
// tile, and a query with overlapping terms, of 1 or of a few values, and cells
// that leave rows out.
func drawQuery(t *rapid.T) (*Frame, Pass) {
	n := rapid.IntRange(8, 160).Draw(t, "rows")
	column := func(name string, low, high int) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(floats(rapid.SliceOfN(rapid.IntRange(low, high), n, n).Draw(t, name)))}
	}
	w := column("w", 0, 5)
	w.Numbers.Set(0, 1)
	table := &survey.Table{Rows: n, Variables: []*survey.Variable{w, column("stratum", 1, 3), column("psu", 1, 40)}}
	design := survey.Design{Weight: "w", Strata: "stratum", LonelyPSU: "adjust"}
	if rapid.Bool().Draw(t, "clusters") {
		design.PSU = []string{"psu"}
	}
	f, err := NewFrame(table, design)
	if err != nil {
		t.Fatal(err)
	}
	terms := &Terms{Count: 3, Start: make([]int32, 1, n+1)}
	valued := rapid.Bool().Draw(t, "values")
	for range n {
		for p := range int32(3) {
			if rapid.Bool().Draw(t, "in") {
				terms.Index = append(terms.Index, p)
				if valued {
					terms.Value = append(terms.Value, float64(rapid.IntRange(-2, 2).Draw(t, "value")))
				}
			}
		}
		terms.Start = append(terms.Start, int32(len(terms.Index)))
	}
	return f, Pass{Cell: rapid.SliceOfN(rapid.Int32Range(-1, 1), n, n).Draw(t, "cell"), Cells: 2, Terms: terms}
}

func floats(x []int) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// TestSpreadsAgree holds sums, covariances, their strata and df by units and by
// lots against those taken row by row.
func TestSpreadsAgree(t *testing.T) {
	const rounding = 1e-12 // of some hundred small terms
	rapid.Check(t, func(t *rapid.T) {
		f, q := drawQuery(t)
		totals := f.Totals(q)
		rows := &Totals{frame: f, query: q, Sum: make([]float64, len(totals.Sum)), Square: make([]float64, len(totals.Sum)), N: make([]int, len(totals.Sum)), unit: q.Terms.units()}
		rows.byRow()
		for j := range rows.Sum {
			if math.Abs(rows.Sum[j]-totals.Sum[j]) > rounding || math.Abs(rows.Square[j]-totals.Square[j]) > 1e3*rounding || rows.N[j] != totals.N[j] {
				t.Fatalf("total %d: %v, %v, %d; by rows %v, %v, %d", j, totals.Sum[j], totals.Square[j], totals.N[j], rows.Sum[j], rows.Square[j], rows.N[j])
			}
		}
		gradient := rapid.SliceOfN(rapid.Float64Range(-3, 3), len(rows.Sum), len(rows.Sum))
		g, h := gradient.Draw(t, "g"), gradient.Draw(t, "h")
		asked := slices.Repeat([]bool{true}, len(rows.Sum))
		a, b := totals.spread.deviations(g, asked), totals.spread.deviations(h, asked)
		x, y := rowwise{rows}.deviations(g, asked), rowwise{rows}.deviations(h, asked)
		scale := math.Sqrt(stats.Dot(x, x) * stats.Dot(y, y))
		for _, c := range [][2]float64{{stats.Dot(a, b), stats.Dot(x, y)}, {byStratum(totals.spread, a), byStratum(rowwise{rows}, x)}} {
			if math.Abs(c[0]-c[1]) > rounding*(1+scale+stats.Dot(x, x)) {
				t.Fatalf("covariance %v, by rows %v", c[0], c[1])
			}
		}
		rows.members = rowwise{rows}.members
		if got, want := totals.DF([]int{0, 4}), rows.DF([]int{0, 4}); got != want {
			t.Fatalf("%v degrees of freedom, by rows %v", got, want)
		}
	})
}

// byStratum is a sum of squares in which strata count 1, 2, 3.
func byStratum(s spread, d []float64) float64 {
	sum := 0.0
	for i, h := range s.strata() {
		sum += float64(h+1) * d[i] * d[i]
	}
	return sum
}

// TestOnePSUOfManyRows: 50,000 weights of 1 ± 1e-12 in each of two PSUs, so that
// only exact sums leave anything of the difference of their totals.
func TestOnePSUOfManyRows(t *testing.T) {
	const rows, half, step = 100_000, 50_000, 1e-12
	w, psu := make([]float64, rows), make([]float64, rows)
	var plus [2]int
	for i := range w {
		side := i / half
		psu[i], w[i] = float64(side), 1-step
		if i%7 < 2+3*side {
			plus[side]++
			w[i] = 1 + step
		}
	}
	table := &survey.Table{Rows: rows, Variables: []*survey.Variable{
		{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers(w)}, {Name: "psu", Kind: survey.Number, Numbers: survey.NewNumbers(psu)}}}
	f, err := NewFrame(table, survey.Design{Weight: "w", PSU: []string{"psu"}})
	if err != nil {
		t.Fatal(err)
	}
	totals := f.Totals(Pass{Cell: make([]int32, rows), Cells: 1, Terms: Ones(rows)})
	up, down := 1+step, 1-step // as doubles have them
	want := float64(plus[1]-plus[0]) * ((up - 1) + (1 - down))
	const lastPlace = 1.5e-11 // of either total, 50,000
	for _, by := range []spread{totals.spread, rowwise{totals}} {
		d := by.deviations([]float64{1}, []bool{true})
		if got := math.Sqrt(stats.Dot(d, d)); math.Abs(got-want) > lastPlace {
			t.Errorf("the total's standard error is %v by %T, want %v", got, by, want)
		}
	}
}
