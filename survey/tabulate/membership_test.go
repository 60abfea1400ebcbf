package tabulate_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// withSegments adds segments 1 and 2 with the probability of the first.
func withSegments(t *survey.Table, first []float64) *survey.Table {
	segment, second := number("kind", make([]float64, t.Rows), "Easy", "Wary"), number("kind_2", make([]float64, t.Rows))
	for i, p := range first {
		segment.Numbers.Set(i, 2)
		second.Numbers.Set(i, 1-p)
		if p >= 0.5 {
			segment.Numbers.Set(i, 1)
		}
	}
	return t.With(segment, number("kind_1", first), second)
}

// genLabelled is genSurvey with labels, so that every category exists.
func genLabelled(t *rapid.T) *survey.Table {
	table := genSurvey(t)
	return table.With(number("q", table.Lookup("q").Numbers.Slice(), "Never", "Seldom", "Often", "Always"),
		number("g", table.Lookup("g").Numbers.Slice(), "North", "Middle", "South"), number("h", table.Lookup("h").Numbers.Slice(), "Town", "Country"))
}

var everyKindOfRow = []survey.RowSpec{
	{Variable: "q", Nets: survey.NetList{{Label: "Low", Values: []survey.Value{survey.NumberValue(1), survey.NumberValue(2)}}}, Base: "all"},
	{Mean: "h"}, {Total: "h"}, {Share: "q >= 3", Among: "h == 1"}, {Gap: &survey.GapSpec{Share: "q >= 3", Minus: "h == 1"}},
	{Ratio: &survey.RatioSpec{Share: "q >= 3", Over: "h == 1"}},
}

// Where everybody's membership is certain, columns by probability are those of
// the segments themselves: figures, bases, letters.
func TestCertainMembershipIsMembership(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := genLabelled(t)
		first := make([]float64, table.Rows)
		for i := range first {
			first[i] = float64(rapid.IntRange(0, 1).Draw(t, "in"))
		}
		table = withSegments(table, first)
		spec := survey.TableSpec{Rows: everyKindOfRow, Show: []survey.ShownAs{survey.AsPercent, survey.AsIndex, survey.AsCount, survey.AsRowPercent}}
		spec.Columns = []survey.ColumnSpec{{Variable: "kind"}}
		want := tabulated(t, table, 0, spec)
		spec.Columns = []survey.ColumnSpec{{Membership: "kind"}}
		got := tabulated(t, table, 0, spec)
		for c := range got.Columns {
			got.Columns[c].Group = strings.TrimSuffix(got.Columns[c].Group, ", by probability")
		}
		nan := cmp.Comparer(func(a, b survey.Figure) bool { return a.Float() == b.Float() || !a.Exists() && !b.Exists() })
		for what, d := range map[string]string{"cells": cmp.Diff(want.Cells, got.Cells, nan), "columns": cmp.Diff(want.Columns, got.Columns, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })), "tests": cmp.Diff(want.Comparisons, got.Comparisons, nan)} {
			if d != "" {
				t.Fatalf("%s:\n%s", what, d)
			}
		}
	})
}

// A person who is in two segments in part is two people in the same cluster with
// their weight divided: figures, errors and tests are the same.
func TestPartsOfPeopleAreDividedPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := genLabelled(t)
		first := make([]float64, table.Rows)
		for i := range first {
			first[i] = float64(rapid.IntRange(0, 10).Draw(t, "part")) / 10
		}
		spec := survey.TableSpec{Rows: everyKindOfRow}
		spec.Columns = []survey.ColumnSpec{{Membership: "kind"}}
		got := tabulated(t, withSegments(table, first), 0, spec)
		spec.Columns = []survey.ColumnSpec{{Variable: "kind"}}
		want := tabulated(t, divided(table, first), 0, spec)
		for r, row := range want.Cells {
			for c := range row {
				a, b := got.Cells[r][c], row[c]
				pairs := map[string][2]survey.Figure{"value": {a.Value, b.Value}, "se": {a.SE, b.SE}, "df": {a.DF, b.DF}, "weighted": {a.NWeighted, b.NWeighted}}
				if !slices.Contains(a.Flags, survey.FlagEdge) { // limits at 0% and 100% go by the number of people
					pairs["low"], pairs["high"] = [2]survey.Figure{a.Low, b.Low}, [2]survey.Figure{a.High, b.High}
				}
				for what, pair := range pairs {
					if pair[0].Exists() != pair[1].Exists() || pair[1].Exists() && math.Abs(pair[0].Float()-pair[1].Float()) > 1e-9*(1+math.Abs(pair[1].Float())) {
						t.Fatalf("%s, %s: %s %v, of divided people %v", want.Rows[r].Label, want.Columns[c].Label, what, pair[0].Float(), pair[1].Float())
					}
				}
			}
		}
		if len(got.Comparisons) != len(want.Comparisons) {
			t.Fatalf("%d tests, of divided people %d", len(got.Comparisons), len(want.Comparisons))
		}
		for k, a := range got.Comparisons {
			if b := want.Comparisons[k]; a.Edge == nil && math.Abs(a.P.Float()-b.P.Float()) > 1e-7 {
				t.Fatalf("test %d: p %v, of divided people %v", k, a.P.Float(), b.P.Float())
			}
		}
	})
}

// divided has each row twice, in segment 1 with the weight's part and in segment
// 2 with the rest.
func divided(t *survey.Table, first []float64) *survey.Table {
	out := &survey.Table{Rows: 2 * t.Rows}
	for _, v := range t.Variables {
		twice := *v
		twice.Numbers = survey.NewNumbers(append(append([]float64(nil), v.Numbers.Slice()...), v.Numbers.Slice()...))
		if v.Name == "w" {
			for i, p := range first {
				twice.Numbers.Set(i, twice.Numbers.At(i)*p)
				twice.Numbers.Set(t.Rows+i, twice.Numbers.At(t.Rows+i)*(1-p))
			}
		}
		out.Variables = append(out.Variables, &twice)
	}
	kind := number("kind", make([]float64, out.Rows), "Easy", "Wary")
	for i := range kind.Numbers.Len() {
		kind.Numbers.Set(i, 1+float64(i/t.Rows))
	}
	return out.With(kind)
}

// By hand, of the ten people: those who answered q are rows 1 to 7, with weights
// 1 2 1 2 1 2 1. With parts ½ in the first three, 1 in the fourth and 0 in the
// others, segment 1 weighs ½+1+½+2 = 4, of which "Seldom" (rows 2 and 3) 1½; the
// expected number of its people is ½+½+½+1 = 2½, rounded to 3.
func TestMembershipByHand(t *testing.T) {
	table := withSegments(small(), []float64{0.5, 0.5, 0.5, 1, 0, 0, 0, 0, 0, 0})
	out := makeTable(t, table, survey.TableSpec{Rows: []survey.RowSpec{{Variable: "q", Statistics: []survey.Statistic{"median"}}}, Columns: []survey.ColumnSpec{{Membership: "kind"}}})
	seldom := out.Cells[1][1]
	if math.Abs(seldom.Value.Float()-1.5/4) > digits || math.Abs(seldom.NWeighted.Float()-4) > digits || seldom.N != 3 {
		t.Errorf("%v of %v people, %v weighted", seldom.Value.Float(), seldom.N, seldom.NWeighted.Float())
	}
	median := out.Cells[4][1]
	if out.Rows[4].Label != "Median" || median.Value.Exists() || len(median.Flags) == 0 || median.Flags[0] != survey.FlagNotApplicable {
		t.Errorf("%s: %v %v", out.Rows[4].Label, median.Value.Float(), median.Flags)
	}
	if !strings.Contains(strings.Join(out.Legend, " "), "bases are expected numbers of people") {
		t.Errorf("the legend has no method people count: %q", out.Legend)
	}
}

func TestMembershipNeedsProbabilities(t *testing.T) {
	spec := survey.TableSpec{Rows: []survey.RowSpec{{Variable: "q"}}, Columns: []survey.ColumnSpec{{Membership: "sex"}}}
	if _, err := tryTable(t, small(), spec); err == nil || !strings.Contains(err.Error(), "there is no number sex_1") {
		t.Errorf("no probabilities: %v", err)
	}
	spec.Columns[0].Membership = "kind"
	parts := make([]float64, 10)
	parts[6] = 1.5
	if _, err := tryTable(t, withSegments(small(), parts), spec); err == nil || !strings.Contains(err.Error(), `row 7, column kind_1, value "1.5"`) {
		t.Errorf("a probability above 1: %v", err)
	}
}
