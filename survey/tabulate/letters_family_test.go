package tabulate_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// genRow draws a request for rows; several name the same variable or share over
// another base.
func genRow(t *rapid.T) survey.RowSpec {
	return rapid.SampledFrom([]survey.RowSpec{
		{Variable: "q"}, {Variable: "q", Base: "all"}, {Variable: "q", Nets: survey.NetList{{Label: "Low", Values: values(1, 2)}}},
		{Share: "q >= 3"}, {Share: "q >= 3", Among: "h == 1"}, {Share: "q >= 3", Among: "h == 2"}, {Share: "q >= 3", By: "h"},
		{Mean: "q"}, {Mean: "q", By: "h"}, {Summary: "q"}, {Mean: "h"},
		{Gap: &survey.GapSpec{Share: "q >= 3", Minus: "h == 1"}}, {Gap: &survey.GapSpec{Share: "q >= 3", Minus: "h == 1"}, By: "h"},
		{Variable: "media"}, {Variable: "media", Base: "all"}, {Variable: "media", Base: "responses"}, {Variable: "print"},
	}).Draw(t, "row")
}

// genTested is a sample with two sets that share an item, and a table of it
// whose columns are compared.
func genTested(t *rapid.T) (*survey.Table, survey.TableSpec) {
	table, one := genLabelled(t), survey.NumberValue(1)
	first := make([]float64, table.Rows)
	for i := range first {
		first[i] = float64(rapid.IntRange(0, 10).Draw(t, "part")) / 10
	}
	table = withSegments(table, first)
	for _, name := range []string{"a", "b", "c"} {
		v := number(name, make([]float64, table.Rows), "Chosen")
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, rapid.SampledFrom([]float64{0, 1, math.NaN()}).Draw(t, name))
		}
		table = table.With(v)
	}
	table.Sets = []survey.MultipleResponse{{Name: "media", Variables: []string{"a", "b"}, Counted: &one}, {Name: "print", Variables: []string{"a", "c"}, Counted: &one}}
	spec := survey.TableSpec{
		Rows: rapid.SliceOfN(rapid.Custom(genRow), 1, 5).Draw(t, "rows"),
		Columns: rapid.SampledFrom([][]survey.ColumnSpec{
			names("g"), names("g", "h"), {{Variable: "kind"}, {Membership: "kind"}}, {{Variable: "g"}, {Where: "g == 1"}, {Where: "g == 2"}},
		}).Draw(t, "columns"),
		Tests: survey.TestSpec{
			Adjust:  rapid.SampledFrom([]string{"bh", "holm", "bonferroni", "none"}).Draw(t, "adjust"),
			Against: rapid.SampledFrom([]string{"pairs", "rest", "previous"}).Draw(t, "against"),
			Mimic:   rapid.SampledFrom([]string{"", "", "spss", "quantum"}).Draw(t, "mimic"),
		},
	}
	return table, spec
}

// An adjusted p-value is never smaller than the plain one, and equal figures
// have no letter.
func TestAdjustedIsNoSmaller(t *testing.T) {
	const rounding = 1e-9 // a difference of 0 has a t that is 0 but for rounding
	rapid.Check(t, func(t *rapid.T) {
		table, spec := genTested(t)
		out := tabulated(t, table, 0, spec)
		for _, c := range out.Comparisons {
			row, column := out.Rows[c.Row].Label, out.Columns[c.Column].Label
			if c.PAdjusted.Float() < c.P.Float() {
				t.Fatalf("row %s, column %s: p %v is %v adjusted", row, column, c.P.Float(), c.PAdjusted.Float())
			}
			if least := map[bool]survey.Figure{true: survey.FigureOf(0.5), false: survey.FigureOf(1)}[c.Edge != nil]; c.Difference.Float() == 0 && c.PAdjusted.Float() < least.Float()-rounding { // near an edge counts are rounded
				t.Fatalf("row %s, column %s: equal figures have p %v", row, column, c.PAdjusted.Float())
			}
		}
	})
}

// Rows and columns that a table has twice change no adjusted p-value.
func TestRepeatsCountOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, spec := genTested(t)
		want := tabulated(t, table, 0, spec).Comparisons
		more := spec
		if rapid.Bool().Draw(t, "repeat a row") {
			more.Rows = append(slices.Clone(spec.Rows), rapid.SampledFrom(spec.Rows).Draw(t, "repeated row"))
		} else {
			// A column more is another column before the next one, and SPSS pools the
			// variance of means over all columns of a group.
			if spec.Tests.Against == "previous" || spec.Tests.Mimic == "spss" {
				return
			}
			more.Columns = append(slices.Clone(spec.Columns), rapid.SampledFrom(spec.Columns).Draw(t, "repeated column"))
		}
		got := map[[3]int]survey.Figure{}
		for _, c := range tabulated(t, table, 0, more).Comparisons {
			got[[3]int{c.Row, c.Column, c.Against}] = c.PAdjusted
		}
		for _, c := range want {
			if p := got[[3]int{c.Row, c.Column, c.Against}]; unequal(p.Float(), c.PAdjusted.Float()) {
				t.Fatalf("row %d, columns %d and %d: %v adjusted, without the repeat %v", c.Row, c.Column, c.Against, p.Float(), c.PAdjusted.Float())
			}
		}
	})
}

// A share of some of the people is no repeat of the share of all: equal among
// those who were asked, p 1, it has no letter by the other's difference.
func TestBaseIsPartOfTheTest(t *testing.T) {
	var g, f, y []float64
	add := func(n int, group, asked, yes float64) {
		for range n {
			g, f, y = append(g, group), append(f, asked), append(y, yes)
		}
	}
	add(100, 1, 1, 1)
	add(100, 1, 1, 0)
	add(300, 1, 0, 1)
	add(100, 2, 1, 1)
	add(100, 2, 1, 0)
	add(300, 2, 0, 0)
	table := &survey.Table{Rows: len(g), Variables: []*survey.Variable{number("g", g), number("f", f), number("y", y), number("w", slices.Repeat([]float64{1}, len(g)))}}
	share := survey.RowSpec{Share: "y == 1"}
	asked := share
	asked.Among = "f == 1"
	out := makeTable(t, table, survey.TableSpec{Rows: []survey.RowSpec{share, asked}, Columns: names("g")})
	if len(out.Comparisons) != 2 {
		t.Fatalf("%d comparisons, want 2", len(out.Comparisons))
	}
	all, some := out.Comparisons[0], out.Comparisons[1]
	if some.P.Float() != 1 || some.PAdjusted.Float() != 1 || all.PAdjusted.Float() != 2*all.P.Float() {
		t.Errorf("p %v and %v, adjusted %v and %v; want the first doubled, the second 1", all.P.Float(), some.P.Float(), all.PAdjusted.Float(), some.PAdjusted.Float())
	}
	if marks := out.Cells[1][1].Letters + out.Cells[1][2].Letters; marks != "" || out.Cells[0][1].Letters != "B" {
		t.Errorf("letters %q of everybody and %q of equal figures", out.Cells[0][1].Letters, marks)
	}
}
