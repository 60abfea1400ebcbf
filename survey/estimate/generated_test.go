package estimate

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// designs is how many generated designs each identity is held on.
const designs = 200

// onDesigns checks a property on at least that many generated designs.
func onDesigns(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if n, err := strconv.Atoi(checks.Value.String()); err == nil && n < designs {
		defer checks.Value.Set(checks.Value.String())
		checks.Value.Set(strconv.Itoa(designs))
	}
	rapid.Check(t, property)
}

// rounding is the relative error that sums of a few hundred terms in another
// order may show.
const rounding = 1e-12

// clusters is the design of the generated samples.
var clusters = survey.Design{Weight: "w", Strata: "h", PSU: []string{"j"}}

// drawTable makes a stratified cluster sample: 1–4 strata of 2–5 PSUs of 1–6
// rows, with a number y, a positive number x and a question q (codes 1–3) that
// not everybody answers, and a group g.
func drawTable(t *rapid.T) *survey.Table {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	var h, j, w, y, x, q, g []float64
	for stratum := range 1 + r.IntN(4) {
		for psu := range 2 + r.IntN(4) {
			shift := r.NormFloat64()
			for range 1 + r.IntN(6) {
				h, j = append(h, float64(stratum)), append(j, float64(psu))
				w = append(w, math.Exp(r.NormFloat64()))
				y = append(y, unanswered(r, 10+5*shift+3*r.NormFloat64()))
				x = append(x, math.Exp(0.3*shift+r.NormFloat64()))
				q = append(q, unanswered(r, float64(1+r.IntN(3))))
				g = append(g, float64(r.IntN(2)))
			}
		}
	}
	return tableOf("h", h, "j", j, "w", w, "y", y, "x", x, "q", q, "g", g)
}

// unanswered loses a tenth of the values.
func unanswered(r *rand.Rand, x float64) float64 {
	if r.Float64() < 0.1 {
		return math.NaN()
	}
	return x
}

// tableOf makes a table of names and columns of numbers; the codes of q are labelled.
func tableOf(pairs ...any) *survey.Table {
	table := &survey.Table{}
	for k := 0; k < len(pairs); k += 2 {
		v := &survey.Variable{Name: pairs[k].(string), Kind: survey.Number, Numbers: survey.NewNumbers(pairs[k+1].([]float64))}
		if v.Name == "q" { // conditions name its codes, which a small sample may lack
			for _, code := range []float64{1, 2, 3} {
				v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(code), Label: survey.FormatNumber(code)})
			}
		}
		table.Variables = append(table.Variables, v)
		table.Rows = v.Len()
	}
	return table
}

// pick takes rows of a table in the order given, with repeats.
func pick(table *survey.Table, rows []int) *survey.Table {
	var pairs []any
	for _, v := range table.Variables {
		column := make([]float64, len(rows))
		for k, i := range rows {
			column[k] = v.Numbers.At(i)
		}
		pairs = append(pairs, v.Name, column)
	}
	return tableOf(pairs...)
}

// mapped is a table with one column's values replaced.
func mapped(table *survey.Table, name string, f func(float64) float64) *survey.Table {
	old := table.Lookup(name)
	column := make([]float64, old.Numbers.Len())
	for i, x := range old.Numbers.All() {
		column[i] = f(x)
	}
	return table.With(&survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(column)})
}

// fataler is what *testing.T and *rapid.T share.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

func sampleOf(t fataler, table *survey.Table, design survey.Design, domain Options) *Sample {
	t.Helper()
	f, err := engine.NewFrame(table, design)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(table, f, domain)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// everything estimates one of each kind.
func everything(t fataler, s *Sample) []survey.Estimate {
	t.Helper()
	var out []survey.Estimate
	add := func(r []survey.Estimate, err error) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r...)
	}
	add(s.Means([]string{"y"}))
	add(s.Totals([]string{"y"}))
	add(s.Ratios("y", "x"))
	add(s.Proportions([]string{"q"}))
	add(s.Share("y > 10 or q == 1"))
	add(s.Quantiles([]string{"y"}, 0.5))
	return out
}

// same holds the figures of two lists of records together; scale is what the
// totals of the second are multiplied by.
func same(t fataler, got, want []survey.Estimate, scale, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatal(fmt.Sprintf("%d records, want %d", len(got), len(want)))
	}
	for k, w := range want {
		by := 1.0
		if w.Statistic == "total" {
			by = scale
		}
		what := fmt.Sprintf("%s %s %s", w.Statistic, w.Variable, w.Category)
		nearly(t, what+" estimate", got[k].Value, w.Value, by, tolerance)
		nearly(t, what+" se", got[k].SE, w.SE, by, tolerance)
		nearly(t, what+" low", got[k].Low, w.Low, by, tolerance)
		nearly(t, what+" high", got[k].High, w.High, by, tolerance)
		nearly(t, what+" df", got[k].DF, w.DF, 1, 0)
	}
}

// nearly compares got with want·by; noise of a figure that cancels to zero counts
// against 1.
func nearly(t fataler, what string, got, want survey.Figure, by, tolerance float64) {
	t.Helper()
	g, w := got.Float(), by*want.Float()
	if math.IsNaN(g) != math.IsNaN(w) || math.Abs(g-w) > tolerance*math.Max(math.Abs(w), by) {
		t.Errorf("%s: %v, want %v", what, g, w)
	}
}

func rowNumbers(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i)
	}
	return out
}

func repeated(n int, x float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = x
	}
	return out
}
