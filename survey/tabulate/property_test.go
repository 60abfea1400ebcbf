package tabulate_test

import (
	"cmp"
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate"
)

// genSurvey makes a clustered sample with missing answers; g and h are banner
// variables that everybody answered.
func genSurvey(t *rapid.T) *survey.Table {
	rows := rapid.IntRange(20, 80).Draw(t, "rows")
	draw := func(name string, from, to int) *survey.Variable {
		v := number(name, make([]float64, rows))
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, float64(rapid.IntRange(from, to).Draw(t, name)))
		}
		return v
	}
	q := draw("q", 0, 4)
	for i, x := range q.Numbers.All() {
		if x == 0 {
			q.Numbers.Set(i, math.NaN())
		}
	}
	psu, w := number("psu", make([]float64, rows)), draw("w", 1, 9)
	for i := range psu.Numbers.Len() {
		psu.Numbers.Set(i, float64(i%7))
	}
	return &survey.Table{Rows: rows, Variables: []*survey.Variable{q, draw("g", 1, 3), draw("h", 1, 2), psu, w}}
}

// tabulated makes one table of a generated sample; least is the minimum base.
func tabulated(t *rapid.T, table *survey.Table, least int, spec survey.TableSpec) *survey.Tabulation {
	none := 0
	spec.ID = "t"
	s := &survey.Study{
		Design:  survey.Design{Weight: "w", PSU: []string{"psu"}},
		Quality: survey.QualitySpec{MinimumBase: &least, CautionBase: &none, TestBase: &none}, Tables: []survey.TableSpec{spec},
	}
	f, err := engine.NewFrame(table, s.Design)
	if err != nil {
		t.Fatal(err)
	}
	m := &tabulate.Maker{Table: table, Frame: f, Study: s}
	out, err := m.All(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

func value(t *survey.Tabulation, r, c int) float64 { return t.Cells[r][c].Value.Float() }

// unequal reports whether two figures differ by more than rounding; a figure
// that does not exist equals another one such.
func unequal(a, b float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.IsNaN(a) != math.IsNaN(b)
	}
	return math.Abs(a-b) > 1e-9*math.Max(1, math.Abs(b))
}

// Shares of a question's categories add to 1, the counts of columns that part
// everybody add to those of everybody, and so do their percentages of the row;
// an index is the column's share over everybody's.
func TestFiguresAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		out := tabulated(t, genSurvey(t), 0, survey.TableSpec{Rows: rows("q"), Columns: names("g"), Show: []survey.ShownAs{
			survey.AsPercent, survey.AsRowPercent, survey.AsCount, survey.AsWeightedCount, survey.AsIndex}})
		k := len(out.Rows) / 5
		for c := range out.Columns {
			sum := 0.0
			for r := range k {
				sum += value(out, r, c)
			}
			if out.Columns[c].N > 0 && unequal(sum, 1) {
				t.Fatalf("column %d adds to %v", c, sum)
			}
		}
		for r := range k {
			for part, total := range map[int]float64{1: 1, 2: value(out, 2*k+r, 0), 3: value(out, 3*k+r, 0)} {
				sum := 0.0
				for c := range out.Columns[1:] {
					if out.Columns[c+1].N > 0 { // of a column without answers there is no estimate
						sum += value(out, part*k+r, c+1)
					}
				}
				if out.Cells[2*k+r][0].Value.Float() > 0 && unequal(sum, total) {
					t.Fatalf("row %d, figure %d: columns add to %v, everybody is %v", r, part, sum, total)
				}
			}
			for c := range out.Columns {
				if index := value(out, 4*k+r, c); unequal(index, 100*value(out, r, c)/value(out, r, 0)) {
					t.Fatalf("index %v of %v over %v", index, value(out, r, c), value(out, r, 0))
				}
			}
		}
	})
}

// A nested column, a condition and a filter are one domain: figure, standard
// error, degrees of freedom and base.
func TestOneDomain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genSurvey(t)
		spec := []survey.RowSpec{{Variable: "q", Statistics: []survey.Statistic{"mean", "median", "sd"}}}
		for _, code := range []float64{1, 2, 3} {
			if !slices.Contains(in.Lookup("g").Numbers.Slice(), code) {
				return // a condition names no code that nobody has
			}
		}
		nested := tabulated(t, in, 0, survey.TableSpec{Rows: spec, Columns: names("h > g")})
		filtered := tabulated(t, in, 0, survey.TableSpec{Rows: spec, Filter: "h == 1",
			Columns: []survey.ColumnSpec{{Where: "g == 1", Label: "1"}, {Where: "g == 2", Label: "2"}, {Where: "g == 3", Label: "3"}}})
		if nested.Columns[1].Label != "1" || nested.Columns[2].Label != "2" || nested.Columns[3].Label != "3" || nested.Columns[1].Group != "g · 1" {
			return // a category that nobody has is no column
		}
		for r := range nested.Rows {
			for c := 1; c <= 3; c++ {
				a, b := nested.Cells[r][c].Estimate, filtered.Cells[r][c].Estimate
				if a.N != b.N || unequal(a.Value.Float(), b.Value.Float()) || unequal(a.SE.Float(), b.SE.Float()) || unequal(a.DF.Float(), b.DF.Float()) {
					t.Fatalf("row %s, column %d: %+v, want %+v", nested.Rows[r].Label, c, a, b)
				}
			}
		}
	})
}

// Sorting keeps every row, puts the figures in order and the pinned row last.
func TestSortedOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genSurvey(t)
		plain := tabulated(t, in, 0, survey.TableSpec{Rows: rows("q")})
		pinned := plain.Rows[rapid.IntRange(0, len(plain.Rows)-1).Draw(t, "pinned")].Label
		out := tabulated(t, in, 0, survey.TableSpec{Rows: rows("q"), Sort: &survey.SortSpec{Pin: []string{pinned}}})
		a, b := column(plain, 0), column(out, 0)
		free := b[:len(b)-1]
		if out.Rows[len(b)-1].Label != pinned || !slices.IsSortedFunc(free, func(x, y float64) int { return cmp.Compare(y, x) }) {
			t.Fatalf("rows %s with %v, %s is pinned", stub(out), b, pinned)
		}
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Fatalf("%v became %v", a, b)
		}
	})
}

// Merging leaves no column under the minimum base that has a neighbour, and
// keeps everybody: the counts still add to the total.
func TestMergedKeepsEverybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		least := rapid.IntRange(1, 40).Draw(t, "least")
		out := tabulated(t, genSurvey(t), least, survey.TableSpec{Rows: rows("q"), Columns: names("g"), SmallColumns: "merge"})
		if out.Columns[0].N < least {
			return
		}
		n := 0
		for _, c := range out.Columns[1:] {
			if n += c.N; c.N < least {
				t.Fatalf("column %s on %d, the minimum is %d", c.Label, c.N, least)
			}
		}
		if n != out.Columns[0].N {
			t.Fatalf("columns on %d of %d", n, out.Columns[0].N)
		}
	})
}

// Everybody who was asked is those who answered and those whose answer is
// declared missing for another reason than that they were not asked, whatever is
// empty; where the empty rows were asked, it is those too.
func TestAskedIsAnsweredAndDeclaredMissing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := genSurvey(t)
		q := table.Lookup("q")
		reasons := rapid.SampledFrom([]survey.Reason{survey.ReasonUnknown, survey.Refused, survey.DontKnow, survey.NotAsked})
		answered, refused, empty := 0, 0, 0
		for _, code := range []float64{3, 4} {
			if rapid.Bool().Draw(t, "missing") {
				q.Missing = append(q.Missing, survey.MissingNumber(code, reasons.Draw(t, "reason")))
			}
		}
		for _, x := range q.Numbers.All() {
			why, declared := q.MissingReason(survey.NumberValue(x))
			switch {
			case math.IsNaN(x):
				empty++
			case !declared:
				answered++
			case why != survey.NotAsked:
				refused++
			}
		}
		n := func(base string) int {
			return tabulated(t, table, 0, survey.TableSpec{Rows: []survey.RowSpec{{Variable: "q", Base: base}}}).Columns[0].N
		}
		if answered == 0 {
			t.Skip("nobody answered")
		}
		if valid, all := n("valid"), n("all"); valid != answered || all != answered+refused {
			t.Fatalf("%d answered, %d asked; want %d, %d", valid, all, answered, answered+refused)
		}
		leftBlank(table, "q")
		if all := n("all"); all != answered+refused+empty {
			t.Fatalf("%d asked where empty rows were, want %d", all, answered+refused+empty)
		}
	})
}
