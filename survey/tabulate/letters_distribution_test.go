package tabulate_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// medians are 101 people a group around a median, a hundredth apart, with a
// distance from it that is their own.
func medians(of ...float64) *survey.Table {
	columns := map[string][]float64{}
	for g, median := range of {
		for i := range 101 {
			columns["group"] = append(columns["group"], float64(g+1))
			columns["y"] = append(columns["y"], median+float64(i-50)/100)
		}
	}
	return people(columns)
}

// TestLettersOfMedians: 1, 3 and 4 with standard errors of a twentieth are all
// apart, 1 and 1.05 are not. The rest of the first, of whom half are at 1 and
// half at 3, and the rest of the third have medians that may be anywhere between
// the two; 3 is everybody's median, too.
func TestLettersOfMedians(t *testing.T) {
	for _, c := range []struct {
		of      []float64
		against string
		want    string
	}{
		{[]float64{1, 3, 4}, "", ",,A,AB"},
		{[]float64{1, 1.05, 4}, "", ",,,AB"},
		{[]float64{4, 1, 3}, "rest", ",,▼,"},
		{[]float64{4, 1, 3}, "previous", ",,▼,▲"},
		{[]float64{4, 1, 3}, "3", ",▲,▼,"},
		{[]float64{4, 1, 3}, "Total", ",▲,▼,"},
		{[]float64{4, 1, 3}, "none", ",,,"},
	} {
		out := made(t, medians(c.of...), &survey.Study{Design: survey.Design{Strata: "group"}, Tests: survey.TestSpec{Against: c.against}, Tables: []survey.TableSpec{{ID: "t",
			Rows: []survey.RowSpec{{Summary: "y", Statistics: []survey.Statistic{"median"}}}, Columns: names("group")}}})
		if got := letters(out); got != c.want {
			t.Errorf("%v against %q: %q, want %q", c.of, c.against, got, c.want)
		}
		said := slices.ContainsFunc(out.Legend, func(s string) bool { return strings.HasPrefix(s, "Medians and percentiles are compared by Woodruff") })
		if said != (c.against != "none") {
			t.Errorf("%v against %q: legend %q", c.of, c.against, out.Legend)
		}
		if c.against == "" {
			x, row := out.Comparisons[1], out.Cells[0]
			closeTo(t, "difference of the first and the third", x.Difference, c.of[0]-c.of[2], sumTolerance)
			closeTo(t, "its error", x.SE, math.Hypot(row[1].SE.Float(), row[3].SE.Float()), sumTolerance)
		}
	}
}

// TestEachQuantileIsATest: the median and the 90th percentile of the same
// answers are two rows of a family, the median twice is one.
func TestEachQuantileIsATest(t *testing.T) {
	for _, c := range []struct {
		statistics []survey.Statistic
		family     float64
	}{{[]survey.Statistic{"median"}, 3}, {[]survey.Statistic{"median", "p90"}, 6}, {[]survey.Statistic{"median", "median"}, 3}} {
		out := made(t, medians(1, 1.15, 1.3), &survey.Study{Tests: survey.TestSpec{Adjust: "bonferroni"}, Tables: []survey.TableSpec{{ID: "t",
			Rows: []survey.RowSpec{{Summary: "y", Statistics: c.statistics}}, Columns: names("group")}}})
		if len(out.Comparisons) != 3*len(c.statistics) {
			t.Fatalf("%v: %d comparisons", c.statistics, len(out.Comparisons))
		}
		for _, x := range out.Comparisons {
			closeTo(t, "corrected p", x.PAdjusted, math.Min(1, c.family*x.P.Float()), sumTolerance)
		}
	}
}

// TestEachOutcomeIsATest: correlations of an item with two outcomes are two rows
// of a family.
func TestEachOutcomeIsATest(t *testing.T) {
	table := medians(1, 2)
	for name, turn := range map[string]float64{"slow": 0.3, "fast": 2.9} {
		v := number(name, make([]float64, table.Rows))
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, math.Sin(turn*float64(i)*float64(1+i/101)))
		}
		table.Variables = append(table.Variables, v)
	}
	out := made(t, table, &survey.Study{Tests: survey.TestSpec{Adjust: "bonferroni"}, Groups: []survey.ItemGroup{{Name: "g", Items: []string{"y"}}}, Tables: []survey.TableSpec{{ID: "t",
		Rows: []survey.RowSpec{{Group: "g", Correlation: "slow"}, {Group: "g", Correlation: "fast"}}, Columns: names("group")}}})
	if len(out.Comparisons) != 2 {
		t.Fatalf("%d comparisons", len(out.Comparisons))
	}
	for _, x := range out.Comparisons {
		closeTo(t, "corrected p", x.PAdjusted, math.Min(1, 2*x.P.Float()), sumTolerance)
	}
}

// TestTiedMediansHaveNoLetters: on a scale of five answers Woodruff's limits jump
// from one answer to the next; the standard deviations are compared as ever.
func TestTiedMediansHaveNoLetters(t *testing.T) {
	columns := map[string][]float64{}
	for g, shift := range []int{0, 200} {
		for i := range 500 {
			columns["group"] = append(columns["group"], float64(g+1))
			columns["y"] = append(columns["y"], float64((i+shift)/150+1))
		}
	}
	out := made(t, people(columns), &survey.Study{Tables: []survey.TableSpec{{ID: "t", Columns: names("group"),
		Rows: []survey.RowSpec{{Summary: "y", Statistics: []survey.Statistic{"median", "sd"}}}}}})
	if out.Cells[0][1].Value.Float() == out.Cells[0][2].Value.Float() {
		t.Fatal("the medians are the same")
	}
	if len(out.Comparisons) != 1 || out.Comparisons[0].Row != 1 {
		t.Errorf("compared: %+v", out.Comparisons)
	}
}

// TestLettersAndChangesAgree: two columns compared are what the change from the
// second to the first is, and the other way round with the other sign, under
// clusters that both share; two columns of people are each other's rest.
func TestLettersAndChangesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genSurvey(t)
		side, turned, y := number("side", make([]float64, in.Rows)), number("turned", make([]float64, in.Rows)), number("y", make([]float64, in.Rows))
		for i := range y.Numbers.Len() {
			side.Numbers.Set(i, float64(rapid.IntRange(1, 2).Draw(t, "side")))
			turned.Numbers.Set(i, 3-side.Numbers.At(i))
			y.Numbers.Set(i, rapid.Float64Range(0, 10).Draw(t, "y"))
		}
		in.Variables = append(in.Variables, side, turned, y)
		rows := []survey.RowSpec{{Summary: "y", Statistics: []survey.Statistic{"mean", "sd", "median", "p90"}}, {Group: "items", Correlation: "w"}}
		compared := func(variable, against string) *survey.Tabulation {
			return madeBy(t, in, &survey.Study{
				Design: survey.Design{Weight: "w", PSU: []string{"psu"}}, Quality: everyBase(), Groups: []survey.ItemGroup{{Name: "items", Items: []string{"y"}}},
				Tests: survey.TestSpec{Against: against}, Tables: []survey.TableSpec{{ID: "t", Rows: rows, Columns: names(variable),
					Changes: []survey.ChangeSpec{{Variable: variable, From: survey.NumberValue(2), To: survey.NumberValue(1)}}}},
			})
		}
		out, rest := compared("side", ""), compared("side", "rest")
		agree := func(row int, change survey.Estimate, of []survey.LetterTest, column int, sign float64) {
			k := slices.IndexFunc(of, func(c survey.LetterTest) bool { return c.Row == row && c.Column == column })
			if k < 0 {
				if change.P.Exists() && change.SE.Float() > 1e-9 {
					t.Fatalf("%s: change %v ± %v has no letter", out.Rows[row].Label, change.Value.Float(), change.SE.Float())
				}
				return
			}
			c := of[k]
			if unequal(sign*c.Difference.Float(), change.Value.Float()) || unequal(c.SE.Float(), change.SE.Float()) || c.DF.Float() != change.DF.Float() || unequal(c.P.Float(), change.P.Float()) {
				t.Fatalf("%s: %+v, change %v ± %v, p %v", out.Rows[row].Label, c, change.Value.Float(), change.SE.Float(), change.P.Float())
			}
		}
		for r, row := range out.Cells {
			if len(row) < 4 {
				return // one side has nobody
			}
			agree(r, row[3].Estimate, out.Comparisons, 1, 1)
			agree(r, row[3].Estimate, rest.Comparisons, 1, 1)
			agree(r, row[3].Estimate, rest.Comparisons, 2, -1)
			agree(r, row[3].Estimate, compared("turned", "").Comparisons, 1, -1)
		}
	})
}
