package memory

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Terms that are made once for each value are those that are made row by row.
func TestByValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "rows")
		v := &survey.Variable{Name: "q", Kind: survey.Number, Missing: []survey.Missing{survey.MissingNumber(9, survey.Refused)},
			Numbers: survey.NewNumbers(rapid.SliceOfN(rapid.SampledFrom([]float64{1, 2, 3.5, 9, -1, 0, math.NaN()}), n, n).Draw(t, "q"))}
		var keep []bool
		if rapid.Bool().Draw(t, "some") {
			keep = rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "kept")
		}
		q := engine.Answer{Column: "q"}
		less := engine.Less{Of: q, Centre: []float64{1.5}}
		numbers := []engine.Number{engine.One{}, q, less, engine.Product{A: less, B: less}, engine.Log{Of: q}, engine.Within{Of: q, Low: 2, High: 3}, engine.AtLeast{Of: q, Least: 2}, engine.Given{q}}
		e := New(&survey.Table{Rows: n, Variables: []*survey.Variable{v}})
		got, ok, err := e.byValue(numbers, keep)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		values, err := e.of(nil).all(numbers)
		if err != nil {
			t.Fatal(err)
		}
		want := times(nil, keep, values, n)
		for i := range n {
			from, to := got.Entries(i)
			first, last := want.Entries(i)
			if d := cmp.Diff(want.Index[first:last], got.Index[from:to], cmpopts.EquateEmpty()) + cmp.Diff(want.Value[first:last], got.Value[from:to], cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("row %d: %s", i, d)
			}
		}
		if d := cmp.Diff(want.List, got.List) + cmp.Diff(want.Largest, got.Largest); d != "" {
			t.Fatal(d)
		}
	})
}
