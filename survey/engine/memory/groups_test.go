package memory_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/memory"
)

// grouped are the distinct rows of some columns of a table, with the weights of w.
func grouped(t *survey.Table, exponent int, columns ...string) (*survey.Table, engine.Lots) {
	out := &survey.Table{}
	for _, name := range columns {
		out.Variables = append(out.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: &survey.NumberColumn{}})
	}
	var lots engine.Lots
	var seen [][]float64
	for i := range t.Rows {
		var key []float64
		for _, name := range columns {
			key = append(key, t.Lookup(name).Numbers.At(i))
		}
		k := slices.IndexFunc(seen, func(other []float64) bool { return slices.Equal(key, other) })
		if k < 0 {
			k = len(seen)
			seen = append(seen, key)
			for c, v := range out.Variables {
				v.Numbers.Append(key[c])
			}
			lots.Rows, lots.N, lots.Sum, lots.Square = append(lots.Rows, 0), append(lots.N, 0), append(lots.Sum, engine.Wide{}), append(lots.Square, engine.Wide{})
		}
		lots.Rows[k]++
		if w := engine.Whole(t.Lookup("w").Numbers.At(i), exponent); w != 0 {
			lots.N[k]++
			lots.Sum[k], lots.Square[k] = lots.Sum[k].Plus(engine.WideOf(w)), lots.Square[k].Plus(engine.Square(w))
		}
	}
	out.Rows = len(seen)
	return out, lots
}

// TestGroupsAreTheirRows: rows that are alike may be one row, and rows may come in any
// order; all answers are the same to the last bit.
func TestGroupsAreTheirRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 60).Draw(t, "rows")
		table := &survey.Table{Rows: n}
		add := func(name string, of *rapid.Generator[float64]) {
			table.Variables = append(table.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(rapid.SliceOfN(of, n, n).Draw(t, name))})
		}
		code := func(most int) *rapid.Generator[float64] {
			return rapid.Map(rapid.IntRange(1, most), func(k int) float64 { return float64(k) })
		}
		add("w", rapid.OneOf(rapid.Just(0.0), rapid.Just(1.0), rapid.Float64Range(0.01, 5)))
		add("a", code(3))
		add("y", rapid.Map(code(4), func(k float64) float64 { return k / 10 }))
		add("stratum", code(2))
		add("psu", code(5))
		table.Lookup("w").Numbers.Set(0, 1)
		design := survey.Design{Weight: "w", Strata: "stratum", LonelyPSU: "adjust"}
		if rapid.Bool().Draw(t, "clusters") {
			design.PSU = []string{"psu"}
		}
		e, ctx := memory.New(table), context.Background()
		f, err := e.Frame(ctx, design)
		if err != nil {
			t.Fatal(err)
		}
		of, lots := grouped(table, f.Exponent, "stratum", "psu")
		largest := slices.Max(table.Lookup("w").Numbers.Slice())
		g, err := engine.FrameOfGroups(engine.Grouped{Table: of, Lots: lots, Weights: []engine.WeightFacts{{Name: "w", Largest: largest, Sum: 1}}}, design)
		if err != nil {
			t.Fatal(err)
		}
		rows := *f
		rows.ByRow = nil
		if f.EachRow != g.EachRow || f.Exponent != g.Exponent || f.Weighted != g.Weighted || !slices.Equal(f.StratumNames, g.StratumNames) || f.PSUs != g.PSUs {
			t.Fatalf("frame %+v, of groups %+v", rows, g)
		}
		byGroups, lots := grouped(table, g.Exponent, "a", "y", "stratum", "psu")
		frame, err := g.Of(byGroups, lots)
		if err != nil {
			t.Fatal(err)
		}
		y, a := engine.Answer{Column: "y"}, engine.Codes{Column: "a", Values: [][]survey.Value{{survey.NumberValue(1)}, {survey.NumberValue(2), survey.NumberValue(3)}}}
		q := engine.Query{Cells: []engine.Axis{a}, Points: []engine.Point{engine.Everyone, {{{Axis: engine.Truth{Source: "y > 0.1"}, Cell: 1}}}},
			Numbers: []engine.Number{engine.One{}, y, engine.Product{A: engine.Less{Of: y, Centre: []float64{0.25}}, B: y}}}
		other := memory.OfGroups(byGroups, lots.Rows)
		x, err := e.Totals(ctx, f, []engine.Query{q})
		if err != nil {
			t.Fatal(err)
		}
		z, err := other.Totals(ctx, frame, []engine.Query{q})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x[0].Sum, z[0].Sum) || !slices.Equal(x[0].Square, z[0].Square) || !slices.Equal(x[0].N, z[0].N) {
			t.Fatalf("sums %v %v %v, of groups %v %v %v", x[0].Sum, x[0].Square, x[0].N, z[0].Sum, z[0].Square, z[0].N)
		}
		function := engine.Function{Value: func(t []float64) float64 { return t[0] / t[1] }, Gradient: func(t []float64) []float64 { return []float64{1 / t[1], -t[0] / t[1] / t[1]} }}
		if k := x[0].Index(0, q.Term(0, 1)); x[0].N[k] > 0 {
			arguments := [][]int{{x[0].Index(0, q.Term(1, 1))}, {k}}
			if d, o := x[0].Deviations(function, arguments), z[0].Deviations(function, arguments); !slices.Equal(d, o) {
				t.Fatalf("deviations %v, of groups %v", d, o)
			}
			if b, o := x[0].Base([]int{k}), z[0].Base([]int{k}); b != o {
				t.Fatalf("base %v, of groups %v", b, o)
			}
		}
		for _, under := range [][2]*engine.Frame{{nil, nil}, {f, frame}} {
			counts, _ := e.Counts(ctx, under[0], []engine.Query{q})
			centres, _ := e.Centres(ctx, under[0], y, engine.Query{Cells: q.Cells})
			ties, _ := e.Distribution(ctx, under[0], y, engine.Query{Cells: q.Cells, Points: q.Points})
			otherCounts, _ := other.Counts(ctx, under[1], []engine.Query{q})
			otherCentres, _ := other.Centres(ctx, under[1], y, engine.Query{Cells: q.Cells})
			otherTies, _ := other.Distribution(ctx, under[1], y, engine.Query{Cells: q.Cells, Points: q.Points})
			for j := range ties {
				for k := range ties[j] {
					ties[j][k].First, ties[j][k].Last, otherTies[j][k].First, otherTies[j][k].Last = 0, 0, 0, 0
				}
			}
			if !reflect.DeepEqual(counts, otherCounts) || !reflect.DeepEqual(centres, otherCentres) || !reflect.DeepEqual(ties, otherTies) {
				t.Fatalf("counts %v, centres %v, distributions %v; of groups %v, %v, %v", counts, centres, ties, otherCounts, otherCentres, otherTies)
			}
		}
	})
}
