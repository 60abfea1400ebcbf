// Package enginetest holds every engine to the same answers: Run asks one about
// small tables drawn at random and compares what it says with what follows from the
// rows, one at a time.
package enginetest

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// rounding is what sums of some hundred small numbers may differ by.
const rounding = 1e-10

// Run tests the engine that open makes for a table.
func Run(t *testing.T, open func(*survey.Table) engine.Engine) {
	t.Helper()
	check := func(name string, property func(t *rapid.T, e engine.Engine, s sample)) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := drawSample(t)
				property(t, open(s.table), s)
			})
		})
	}
	check("totals are those of the rows", totals)
	check("a batch is its queries one by one", batch)
	check("covariances are those of the rows' influences", covariances)
	check("replicates are the totals under their weights", replicates)
	check("degrees of freedom are those of the rows behind", degreesOfFreedom)
	check("counts, categories and centres", facts)
	check("distributions are those of the rows", distributions)
	check("patterns are those of the rows", patterns)
	t.Run("what is not known is an error", func(t *testing.T) { unknown(t, open) })
}

// frame counts a design.
func frame(t *rapid.T, e engine.Engine, d survey.Design) *engine.Frame {
	t.Helper()
	f, err := e.Frame(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// ask answers one query.
func ask(t *rapid.T, e engine.Engine, f *engine.Frame, q engine.Query) *engine.Totals {
	t.Helper()
	all, err := e.Totals(context.Background(), f, []engine.Query{q})
	if err != nil {
		t.Fatalf("%v: %v", q, err)
	}
	return all[0]
}

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= rounding*(1+math.Abs(a)+math.Abs(b)) || math.IsNaN(a) && math.IsNaN(b)
}

func totals(t *rapid.T, e engine.Engine, s sample) {
	design := s.drawDesign(t)
	f, q := frame(t, e, design), s.drawQuery(t)
	got := ask(t, e, f, q)
	rows, err := engine.NewFrame(s.table, design)
	if err != nil {
		t.Fatal(err)
	}
	cells, terms := q.Size()
	sum, square, expected := make([]float64, cells*terms), make([]float64, cells*terms), make([]float64, cells*terms)
	n, weights := make([]int, cells*terms), rows.ByRow.Weights
	s.entries(q, func(row, j int, part, x float64) {
		if w := weights[row]; w != 0 {
			sum[j], square[j], expected[j] = sum[j]+w*part*x, square[j]+w*w*part, expected[j]+part
			n[j]++
		}
	})
	for j := range sum {
		if !near(got.Sum[j], sum[j]) || !near(got.Square[j], square[j]) || got.N[j] != n[j] {
			t.Fatalf("total %d of %v: %v, %v, %d; by rows %v, %v, %d", j, q, got.Sum[j], got.Square[j], got.N[j], sum[j], square[j], n[j])
		}
		if got.Expected != nil && !near(got.Expected[j], expected[j]) || got.Expected == nil && expected[j] != float64(n[j]) {
			t.Fatalf("total %d of %v: %v expected, by rows %v", j, q, got.Expected, expected[j])
		}
	}
}

func batch(t *rapid.T, e engine.Engine, s sample) {
	f := frame(t, e, s.drawDesign(t))
	queries := []engine.Query{s.drawQuery(t), s.drawQuery(t), s.drawQuery(t)}
	together, err := e.Totals(context.Background(), f, queries)
	if err != nil {
		t.Fatal(err)
	}
	for k, q := range queries {
		if alone := ask(t, e, f, q); !slices.EqualFunc(alone.Sum, together[k].Sum, near) || !slices.Equal(alone.N, together[k].N) {
			t.Fatalf("query %d of a batch: %v, alone %v", k, together[k].Sum, alone.Sum)
		}
	}
}

// linear is a function of totals with a gradient that is drawn.
func linear(gradient []float64) engine.Function {
	return engine.Function{
		Value:    func(t []float64) float64 { return stats.Dot(t, gradient) },
		Gradient: func([]float64) []float64 { return gradient },
	}
}

// single are all totals as arguments, one by one.
func single(n int) [][]int {
	out := make([][]int, n)
	for j := range out {
		out[j] = []int{j}
	}
	return out
}

func covariances(t *rapid.T, e engine.Engine, s sample) {
	design := s.drawDesign(t)
	f, q := frame(t, e, design), s.drawQuery(t)
	got := ask(t, e, f, q)
	n := len(got.Sum)
	if n == 0 {
		return
	}
	rows, err := engine.NewFrame(s.table, design)
	if err != nil {
		t.Fatal(err)
	}
	gradient := rapid.SliceOfN(rapid.Float64Range(-3, 3).Filter(func(x float64) bool { return math.Abs(x) > 1e-3 }), n, n)
	var deviations, want [2][]float64
	for k := range want {
		g, u := gradient.Draw(t, "gradient"), make([]float64, s.table.Rows)
		s.entries(q, func(row, j int, part, x float64) { u[row] += rows.ByRow.Weights[row] * g[j] * part * x })
		if deviations[k] = got.Deviations(linear(g), single(n)); slices.ContainsFunc(u, func(x float64) bool { return x != 0 }) {
			want[k] = rows.Deviations(u)
		}
	}
	if want[0] == nil || want[1] == nil || len(f.LonelyStrata) > 0 {
		return // the policy for lonely PSUs asks for units, also of rows that cancel out
	}
	scale := math.Sqrt(stats.Dot(want[0], want[0]) * stats.Dot(want[1], want[1]))
	if a, b := stats.Dot(deviations[0], deviations[1]), stats.Dot(want[0], want[1]); math.Abs(a-b) > rounding*(1+scale) {
		t.Fatalf("covariance %v, by rows %v", a, b)
	}
}

func replicates(t *rapid.T, e engine.Engine, s sample) {
	f, q := frame(t, e, survey.Design{Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "w_*", Type: "bootstrap"}}), s.drawQuery(t)
	got := ask(t, e, f, q)
	if !got.Replicated() {
		t.Fatal("replicate weights give no replicates")
	}
	for j := range got.Sum {
		theta := got.Replicates(linear([]float64{1}), [][]int{{j}})
		for r, name := range []string{"w_1", "w_2", "w_3"} {
			want, w := 0.0, s.table.Lookup(name).Numbers.Slice()
			s.entries(q, func(row, k int, part, x float64) {
				if k == j {
					want += w[row] * part * x
				}
			})
			if !near(theta[r], want) {
				t.Fatalf("total %d under replicate %s: %v, by rows %v", j, name, theta[r], want)
			}
		}
	}
}

func degreesOfFreedom(t *rapid.T, e engine.Engine, s sample) {
	design := s.drawDesign(t)
	f, q := frame(t, e, design), s.drawQuery(t)
	got := ask(t, e, f, q)
	rows, err := engine.NewFrame(s.table, design)
	if err != nil {
		t.Fatal(err)
	}
	if f.Strata != rows.Strata || f.PSUs != rows.PSUs {
		t.Fatalf("%d strata and %d PSUs, by rows %d and %d", f.Strata, f.PSUs, rows.Strata, rows.PSUs)
	}
	var some []int
	behind := make([]bool, s.table.Rows)
	for j := range got.Sum {
		if rapid.Bool().Draw(t, "asked") {
			some = append(some, j)
		}
	}
	s.entries(q, func(row, j int, _, _ float64) { behind[row] = behind[row] || slices.Contains(some, j) })
	if df, want := got.DF(some), rows.DF(func(i int) bool { return behind[i] }); df != want {
		t.Fatalf("%v degrees of freedom, by rows %v", df, want)
	}
}

func facts(t *rapid.T, e engine.Engine, s sample) {
	ctx, f := context.Background(), frame(t, e, survey.Design{Weight: "w"})
	q, weights := s.drawQuery(t), s.table.Lookup("w").Numbers.Slice()
	cells, terms := q.Size()
	all, weighted := make([]int, cells*terms), make([]int, cells*terms)
	s.entries(q, func(row, j int, _, _ float64) {
		all[j]++
		if weights[row] != 0 {
			weighted[j]++
		}
	})
	for _, of := range []struct {
		frame *engine.Frame
		want  []int
	}{{nil, all}, {f, weighted}} {
		if got, err := e.Counts(ctx, of.frame, []engine.Query{q}); err != nil || !slices.Equal(got[0], of.want) {
			t.Fatalf("counts of %v: %v (%v), by rows %v", q, got, err, of.want)
		}
	}
	for _, v := range s.table.Variables {
		want := survey.Classify(v)
		if got, err := e.Categories(ctx, v.Name); err != nil || !slices.Equal(got.Values, want.Values) || !slices.Equal(got.Labels, want.Labels) {
			t.Fatalf("categories of %s: %v (%v), want %v", v.Name, got.Values, err, want.Values)
		}
		blank, missing := false, map[survey.Value]bool{}
		for i, asked := range v.Asked() {
			if x, ok := v.At(i); !ok {
				blank = blank || asked
			} else if v.IsMissing(x) {
				missing[x] = true
			}
		}
		got, gotBlank, err := e.Unanswered(ctx, v.Name)
		if err != nil || gotBlank != blank || len(got) != len(missing) || slices.ContainsFunc(got, func(x survey.Value) bool { return !missing[x] }) {
			t.Fatalf("unanswered of %s: %v, blank %v (%v), want %v, %v", v.Name, got, gotBlank, err, missing, blank)
		}
	}
	of := s.drawAxis(t)
	centres, err := e.Centres(ctx, nil, engine.Answer{Column: "y"}, engine.Query{Cells: []engine.Axis{of}})
	if err != nil || len(centres) != of.Cells() {
		t.Fatalf("%d centres (%v)", len(centres), err)
	}
	for c, centre := range centres {
		n, sum := 0.0, 0.0
		for i := range s.table.Rows {
			if y := s.number(engine.Answer{Column: "y"}, i, c); s.cell(of, i) == c && !math.IsNaN(y) {
				n, sum = n+1, sum+y
			}
		}
		if mean := sum / math.Max(n, 1); !near(centre.Mean, mean) {
			t.Fatalf("the centre of cell %d is %v, by rows %v", c, centre.Mean, mean)
		}
	}
}

func distributions(t *rapid.T, e engine.Engine, s sample) {
	ctx, f, q := context.Background(), frame(t, e, survey.Design{Weight: "w"}), s.drawQuery(t)
	q.Numbers = nil
	cells, terms := q.Size()
	x, weights := s.drawNumber(t, cells), s.table.Lookup("w").Numbers.Slice()
	frames := []*engine.Frame{nil, f}
	under := [][][]stats.Tie{make([][]stats.Tie, cells*terms), make([][]stats.Tie, cells*terms)}
	s.entries(q, func(row, j int, part, _ float64) {
		y := s.number(x, row, j/terms)
		if math.IsNaN(y) {
			return
		}
		for n, all := range under {
			w := 1.0
			if frames[n] != nil {
				w = weights[row]
			}
			k := slices.IndexFunc(all[j], func(tie stats.Tie) bool { return tie.Value == y })
			if k < 0 {
				k = len(all[j])
				all[j] = append(all[j], stats.Tie{Value: y})
			}
			all[j][k].Add(w, part)
		}
	})
	for n, all := range under {
		got, err := e.Distribution(ctx, frames[n], x, q)
		if err != nil || len(got) != len(all) {
			t.Fatalf("%d distributions of %v by %v (%v), want %d", len(got), x, q, err, len(all))
		}
		for j, want := range all {
			slices.SortFunc(want, func(a, b stats.Tie) int { return cmp.Compare(a.Value, b.Value) })
			if !slices.EqualFunc(got[j], want, func(a, b stats.Tie) bool {
				return a.Value == b.Value && a.N == b.N && near(a.Weight, b.Weight) && near(a.Square, b.Square) && (math.IsNaN(a.First) || near(a.First, b.First) && near(a.Last, b.Last))
			}) {
				t.Fatalf("distribution %d of %v by %v: %v, by rows %v", j, x, q, got[j], want)
			}
		}
	}
	addUp(t, e, f, x, q)
}

// addUp compares the sums over the values of a distribution with the totals of its
// query.
func addUp(t *rapid.T, e engine.Engine, f *engine.Frame, x engine.Number, q engine.Query) {
	got, err := e.Distribution(context.Background(), f, x, q)
	if err != nil {
		t.Fatal(err)
	}
	q.Numbers = []engine.Number{engine.Given{x}, x}
	totals := ask(t, e, f, q)
	_, terms := q.Size()
	for j, ties := range got {
		n, weight, square, sum := 0, 0.0, 0.0, 0.0
		for _, tie := range ties {
			n, weight, square, sum = n+tie.N, weight+tie.Weight, square+tie.Square, sum+tie.Weight*tie.Value
		}
		cell, point := j/(terms/2), j%(terms/2)
		given, of := totals.Index(cell, q.Term(0, point)), totals.Index(cell, q.Term(1, point))
		if n != totals.N[given] || !near(weight, totals.Sum[given]) || !near(square, totals.Square[given]) || !near(sum, totals.Sum[of]) {
			t.Fatalf("the values of %v add up to %d rows, %v, %v, %v; the totals are %d, %v, %v, %v", x, n, weight, square, sum, totals.N[given], totals.Sum[given], totals.Square[given], totals.Sum[of])
		}
	}
}

func patterns(t *rapid.T, e engine.Engine, s sample) {
	f, q, weights := frame(t, e, survey.Design{Weight: "w"}), s.drawQuery(t), s.table.Lookup("w").Numbers.Slice()
	q.Numbers = nil
	_, terms := q.Size()
	points := make([][]int32, s.table.Rows)
	s.entries(q, func(row, j int, _, _ float64) { points[row] = append(points[row], int32(j%terms)) })
	var want []engine.Pattern
	for i, in := range points {
		c := s.crossed(q.Cells, i)
		if c < 0 || weights[i] == 0 {
			continue
		}
		k := slices.IndexFunc(want, func(p engine.Pattern) bool { return p.Cell == c && slices.Equal(p.Points, in) })
		if k < 0 {
			k = len(want)
			want = append(want, engine.Pattern{Cell: c, Points: in})
		}
		want[k].N++
	}
	slices.SortFunc(want, func(a, b engine.Pattern) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), slices.Compare(a.Points, b.Points))
	})
	got, err := e.Patterns(context.Background(), f, q)
	if err != nil || !slices.EqualFunc(got, want, func(a, b engine.Pattern) bool {
		return a.Cell == b.Cell && slices.Equal(a.Points, b.Points) && a.N == b.N
	}) {
		t.Fatalf("patterns of %v: %v (%v), by rows %v", q, got, err, want)
	}
}

// strange is an axis and a number that no engine knows.
type strange struct{}

func (strange) Cells() int     { return 1 }
func (strange) String() string { return "strange" }

func unknown(t *testing.T, open func(*survey.Table) engine.Engine) {
	table := &survey.Table{Rows: 2, Variables: []*survey.Variable{{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2})}}}
	e, ctx := open(table), context.Background()
	f, err := e.Frame(ctx, survey.Design{Weight: "w"})
	if err != nil {
		t.Fatal(err)
	}
	missing := engine.Codes{Column: "q", Values: [][]survey.Value{{survey.NumberValue(1)}}}
	for _, q := range []engine.Query{
		{Cells: []engine.Axis{missing}},
		{Points: []engine.Point{engine.Everyone.And(engine.Condition{Axis: missing})}},
		{Numbers: []engine.Number{engine.Answer{Column: "q"}}},
		{Where: []engine.Condition{{Axis: engine.Truth{Source: "q == 1"}, Cell: 1}}},
		{Cells: []engine.Axis{engine.Chosen{Set: "q", Items: []int{0}}}},
	} {
		var problems survey.Problems
		if _, err := e.Totals(ctx, f, []engine.Query{q}); !errors.As(err, &problems) {
			t.Errorf("a column that does not exist gives %v", err)
		}
	}
	var problems survey.Problems
	if _, err := e.Distribution(ctx, f, engine.Answer{Column: "q"}, engine.Query{}); !errors.As(err, &problems) {
		t.Errorf("the distribution of a column that does not exist gives %v", err)
	}
	if _, err := e.Distribution(ctx, f, engine.One{}, engine.Query{Numbers: []engine.Number{engine.One{}}}); err == nil {
		t.Error("a distribution of two numbers is answered")
	}
	if _, err := e.Patterns(ctx, f, engine.Query{Numbers: []engine.Number{engine.One{}}}); err == nil {
		t.Error("patterns of a number are answered")
	}
	for _, q := range []engine.Query{{Cells: []engine.Axis{strange{}}}, {Numbers: []engine.Number{strange{}}}} {
		if _, err := e.Totals(ctx, f, []engine.Query{q}); err == nil {
			t.Errorf("%v is answered", q)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := e.Totals(cancelled, f, []engine.Query{{}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a query that was given up gives %v", err)
	}
}
