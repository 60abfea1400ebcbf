package tabulate_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/ingest"
)

// TestNoLetterForAnEmptySide: nobody of 60 against 12 of 940 is what chance
// gives every second time; t would have p = 0.0005.
func TestNoLetterForAnEmptySide(t *testing.T) {
	for _, against := range []string{"pairs", "rest", "previous"} {
		out := made(t, groupsOf([]int{60, 940}, []int{0, 12}), byGroup(survey.TestSpec{Against: against, Adjust: "none"}))
		if len(out.Comparisons) == 0 || strings.Trim(letters(out), ",") != "" {
			t.Errorf("%s: %d comparisons, marks %q", against, len(out.Comparisons), letters(out))
		}
		for _, c := range out.Comparisons {
			if closeTo(t, against, c.P, 0.474257858712649637, 1e-12); c.SE.Exists() || c.T.Exists() || c.Edge == nil {
				t.Errorf("%s: %+v has a standard error or a t", against, c)
			}
		}
		if !strings.Contains(strings.Join(out.Legend, " "), "doubled mid-p") {
			t.Errorf("%s: the legend does not name the test: %q", against, out.Legend)
		}
	}
}

// TestLetterForNobodyAgainstEverybody: 0 of 80 and 80 of 80 differ, and what is
// at the same edge is no test.
func TestLetterForNobodyAgainstEverybody(t *testing.T) {
	out := made(t, groupsOf([]int{80, 80, 80}, []int{0, 80, 80}), byGroup(survey.TestSpec{}))
	if got := letters(out); got != ",,A,A" || len(out.Comparisons) != 2 {
		t.Errorf("letters %q of %d tests", got, len(out.Comparisons))
	}
	closeTo(t, "adjusted over two tests", out.Comparisons[0].PAdjusted, out.Comparisons[0].P.Float(), 1e-60)
}

// TestChangeOfAnEmptySide: a change from 0 of 80 to 12 of 940 has limits and p of
// its own and no standard error; one from 0% to 0% has neither.
func TestChangeOfAnEmptySide(t *testing.T) {
	out := made(t, groupsOf([]int{80, 940, 80}, []int{0, 12, 0}), &survey.Study{Tables: []survey.TableSpec{{ID: "t",
		Rows: []survey.RowSpec{{Share: "agree == 1"}, {Mean: "agree"}}, Columns: names("group"), Changes: []survey.ChangeSpec{
			{Variable: "group", From: survey.NumberValue(1), To: survey.NumberValue(2)}, {Variable: "group", From: survey.NumberValue(1), To: survey.NumberValue(3)}}}}})
	for r := range out.Cells {
		row := out.Cells[r]
		change, none := row[len(row)-2], row[len(row)-1]
		if change.SE.Exists() || change.T.Exists() || !slices.Contains(change.Flags, survey.FlagEdgeTest) || change.P.Float() < 0.3 || !(change.Low.Float() < 0 && change.High.Float() > change.Value.Float()) {
			t.Errorf("row %d: change %+v", r, change.Estimate)
		}
		if none.Value.Float() != 0 || none.SE.Exists() || none.P.Exists() || none.Low.Exists() || !slices.Contains(none.Flags, survey.FlagNoVariance) {
			t.Errorf("row %d: no change %+v", r, none.Estimate)
		}
	}
}

// TestEdgeUnderDesign: nobody of 170 against 43 of 940 in 80 PSUs and 10 strata,
// with unequal weights, against the rule by R 4.2.2 and survey 4.1.
func TestEdgeUnderDesign(t *testing.T) {
	table, err := ingest.Open("testdata/edge.csv", ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &survey.Study{Design: survey.Design{Weight: "w", Strata: "st", PSU: []string{"psu"}}, Tests: survey.TestSpec{Adjust: "none"},
		Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Share: "y == 1"}}, Columns: names("col")}}}
	c := made(t, table, s).Comparisons[0]
	closeTo(t, "p", c.P, 0.0029376704209627814, 1e-12)
	closeTo(t, "df", c.DF, 70, 0)
}

// TestOverlappingColumns: the total against a column that holds nobody who says
// yes is that column against everybody else, and so are two conditions of which
// one holds the other.
func TestOverlappingColumns(t *testing.T) {
	table := groupsOf([]int{100, 300, 200}, []int{0, 30, 9})
	s := byGroup(survey.TestSpec{Adjust: "none", Against: "Total"})
	rest := byGroup(survey.TestSpec{Adjust: "none", Against: "rest"})
	whole, part := made(t, table, s).Comparisons, made(t, table, rest).Comparisons
	for k, c := range whole {
		if c.Edge != nil {
			closeTo(t, "against the total", c.P, part[k].P.Float(), 1e-12)
		}
	}
	s = byGroup(survey.TestSpec{Adjust: "none"})
	s.Tables[0].Columns = []survey.ColumnSpec{{Where: "group == 1", Label: "a", Group: "g"}, {Where: "group <= 2", Label: "b", Group: "g"}}
	got := made(t, table, s).Comparisons[0]
	s.Tables[0].Columns[1].Where = "group == 2"
	want := made(t, table, s).Comparisons[0]
	closeTo(t, "a column within another", got.P, want.P.Float(), 1e-12)
}

// TestRestOfRareAnswers: the rest of a column is the same as a column of
// everybody else, whatever the weights.
func TestRestOfRareAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := []int{rapid.IntRange(50, 90).Draw(t, "a"), rapid.IntRange(50, 200).Draw(t, "b")}
		yes := []int{rapid.IntRange(0, 3).Draw(t, "yes a"), rapid.IntRange(0, 12).Draw(t, "yes b")}
		table := groupsOf(sizes, yes)
		w := number("w", make([]float64, table.Rows))
		for i := range w.Numbers.Len() {
			w.Numbers.Set(i, rapid.Float64Range(0.5, 2).Draw(t, "w"))
		}
		study := func(against string) *survey.Study {
			s := byGroup(survey.TestSpec{Adjust: "none", Against: against})
			s.Design.Weight = "w"
			return s
		}
		rest, pairs := madeBy(t, table.With(w), study("rest")).Comparisons, madeBy(t, table.With(w), study("pairs")).Comparisons
		if len(pairs) == 0 {
			if len(rest) != 0 {
				t.Fatalf("%d tests against the rest, none of pairs", len(rest))
			}
			return
		}
		if (rest[0].Edge == nil) != (pairs[0].Edge == nil) || math.Abs(rest[0].P.Float()-pairs[0].P.Float()) > 1e-8*pairs[0].P.Float() {
			t.Fatalf("against the rest %+v, as a pair %+v", rest[0], pairs[0])
		}
	})
}
