package tabulate_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// groupsOf makes people in groups of the given sizes, of whom some agree.
func groupsOf(sizes, agree []int) *survey.Table {
	columns := map[string][]float64{}
	for g, n := range sizes {
		for i := range n {
			columns["group"] = append(columns["group"], float64(g+1))
			columns["agree"] = append(columns["agree"], map[bool]float64{true: 1}[i < agree[g]])
		}
	}
	return people(columns)
}

func byGroup(tests survey.TestSpec) *survey.Study {
	return &survey.Study{Tests: tests, Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Share: "agree == 1"}}, Columns: []survey.ColumnSpec{{Variable: "group"}}}}}
}

func letters(out *survey.Tabulation) string {
	var cells []string
	for _, c := range out.Cells[0] {
		cells = append(cells, c.Letters)
	}
	return strings.Join(cells, ",")
}

// TestLettersNameTheSmallerColumn: 80% of 100 against 50% and 45%, and 62% of
// 100 in between, which p = 0.11 at best tells from the neighbours below.
func TestLettersNameTheSmallerColumn(t *testing.T) {
	table := groupsOf([]int{100, 100, 100, 40}, []int{80, 50, 45, 40})
	for name, c := range map[string]struct {
		tests survey.TestSpec
		want  string
	}{
		"pairs":        {survey.TestSpec{}, ",BC,,,"},
		"two levels":   {survey.TestSpec{Level: 0.95, SecondLevel: 0.5}, ",BC,c,,"},
		"error rates":  {survey.TestSpec{Level: 0.05, SecondLevel: 0.4}, ",BC,,,"},
		"rest":         {survey.TestSpec{Against: "rest"}, ",▲,▼,▼,"},
		"previous":     {survey.TestSpec{Against: "previous"}, ",,▼,,"},
		"first column": {survey.TestSpec{Against: "1"}, ",,▼,▼,"},
		"the total":    {survey.TestSpec{Against: "Total"}, ",▲,▼,▼,"},
		"none":         {survey.TestSpec{Against: "none"}, ",,,,"},
	} {
		out := made(t, table, byGroup(c.tests))
		if got := letters(out); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if c.tests.Against == "" && out.Columns[1].Letter+out.Columns[3].Letter != "AC" {
			t.Errorf("%s: letters %q and %q", name, out.Columns[1].Letter, out.Columns[3].Letter)
		}
		for _, x := range out.Comparisons {
			if x.Column == 4 || x.Against == 4 {
				t.Errorf("%s: 40 people are compared", name)
			}
		}
	}
}

func TestUnknownOpponentIsNamed(t *testing.T) {
	_, err := tables(t, groupsOf([]int{60, 60}, []int{1, 2}), byGroup(survey.TestSpec{Against: "Totl"}))
	if err == nil || !strings.Contains(err.Error(), `column to compare with "Totl"`) || !strings.Contains(err.Error(), "did you mean Total") {
		t.Errorf("got %v", err)
	}
}

// TestLevelsAreChecked: a second level that is not lower than the first is
// refused, as confidence and as an error rate, and so is a level outside of 0–1.
func TestLevelsAreChecked(t *testing.T) {
	for _, spec := range []survey.TestSpec{{SecondLevel: 0.01}, {SecondLevel: 0.99}, {SecondLevel: 0.05}, {Level: 95}, {Level: -0.05}, {Level: 1}, {SecondLevel: 1}} {
		if _, err := tables(t, groupsOf([]int{60, 60}, []int{1, 2}), byGroup(spec)); err == nil {
			t.Errorf("%+v is taken", spec)
		}
	}
}

// TestLevelsAreConfidenceOrErrorRate: the same test written both ways gives the
// same letters and the same legend.
func TestLevelsAreConfidenceOrErrorRate(t *testing.T) {
	table := groupsOf([]int{100, 100, 100, 40}, []int{80, 50, 45, 40})
	rapid.Check(t, func(t *rapid.T) {
		level := survey.Level(rapid.IntRange(6, 9).Draw(t, "level")) / 10
		confidence, errors := survey.TestSpec{Level: level, SecondLevel: 0.55}, survey.TestSpec{Level: 1 - level, SecondLevel: 0.45}
		a, b := madeBy(t, table, byGroup(confidence)), madeBy(t, table, byGroup(errors))
		if letters(a) != letters(b) || !slices.Equal(a.Legend, b.Legend) {
			t.Fatalf("%s and %s, %q and %q", letters(a), letters(b), a.Legend, b.Legend)
		}
	})
}

// TestLettersProperties: the difference of two columns does not depend on their
// order but for its sign; a column and its copy never differ; letters stand only
// beside the larger figure.
func TestLettersProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(50, 80), 2, 4).Draw(t, "sizes")
		agree := make([]int, len(sizes))
		for g, n := range sizes {
			agree[g] = rapid.IntRange(0, n).Draw(t, "agree")
		}
		forth := madeBy(t, groupsOf(sizes, agree), byGroup(survey.TestSpec{}))
		slices.Reverse(sizes)
		slices.Reverse(agree)
		back := madeBy(t, groupsOf(sizes, agree), byGroup(survey.TestSpec{}))
		k := len(sizes)
		found := map[[2]int]survey.LetterTest{}
		for _, c := range back.Comparisons {
			found[[2]int{k + 1 - c.Against, k + 1 - c.Column}] = c
		}
		for _, c := range forth.Comparisons {
			b, ok := found[[2]int{c.Column, c.Against}]
			if !ok || !(math.Abs(c.Difference.Float()+b.Difference.Float()) <= sumTolerance && math.Abs(c.PAdjusted.Float()-b.PAdjusted.Float()) <= sumTolerance) {
				t.Errorf("forth %+v, back %+v", c, b)
			}
			if c.Edge == nil && (c.T.Float() > 0) != (c.Difference.Float() > 0) {
				t.Errorf("t %v of a difference of %v", c.T.Float(), c.Difference.Float())
			}
		}
		row := forth.Cells[0]
		for c := 1; c <= k; c++ {
			for d := 1; d <= k; d++ {
				if strings.Contains(row[c].Letters, forth.Columns[d].Letter) && !(row[c].Value.Float() > row[d].Value.Float()) {
					t.Errorf("column %d (%v) names %d (%v)", c, row[c].Value.Float(), d, row[d].Value.Float())
				}
			}
		}
	})
}

// TestColumnsOfTheSamePeopleAreNotCompared: two conditions that hold for the
// same people have no difference to test.
func TestColumnsOfTheSamePeopleAreNotCompared(t *testing.T) {
	s := byGroup(survey.TestSpec{})
	s.Tables[0].Columns = []survey.ColumnSpec{{Where: "group == 1", Label: "a"}, {Where: "group < 2", Label: "b"}, {Where: "group >= 1", Label: "c"}}
	out := made(t, groupsOf([]int{100, 100}, []int{90, 10}), s)
	if got := letters(out); got != ",C,C," {
		t.Errorf("letters %q, want those of a part against the whole", got)
	}
	for _, c := range out.Comparisons {
		if c.Column == 1 && c.Against == 2 {
			t.Errorf("the same people are compared: %+v", c)
		}
	}
}

// TestUnanimousColumnsDoNotDiffer: where everybody agrees, rounding of weights
// like 0.1 must not pass for a standard error.
func TestUnanimousColumnsDoNotDiffer(t *testing.T) {
	table := groupsOf([]int{60, 70, 80}, []int{60, 70, 80})
	weights := make([]float64, table.Rows)
	for i := range weights {
		weights[i] = 0.1 + 0.3*float64(i%7)
	}
	table.Variables = append(table.Variables, &survey.Variable{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers(weights)})
	for _, against := range []string{"pairs", "rest"} {
		s := byGroup(survey.TestSpec{Against: against, Adjust: "none"})
		s.Design.Weight = "w"
		if out := made(t, table, s); len(out.Comparisons) > 0 {
			t.Errorf("%s: %+v", against, out.Comparisons)
		}
	}
}

// TestFamilyLeavesOutNetsAndRepeats: a net and a variable that stands twice in
// the banner do not make the correction stricter.
func TestFamilyLeavesOutNetsAndRepeats(t *testing.T) {
	table, design := twostage(t)
	adjusted := func(s survey.TableSpec) map[string]survey.Figure {
		s.Tests.Adjust = "bonferroni"
		out := made(t, table, &survey.Study{Design: design, Tables: []survey.TableSpec{s}})
		found := map[string]survey.Figure{}
		for _, c := range out.Comparisons {
			found[fmt.Sprint(out.Rows[c.Row].Label, out.Columns[c.Column].Group, out.Columns[c.Column].Label, out.Columns[c.Against].Label)] = c.PAdjusted
		}
		return found
	}
	plain := adjusted(spec(survey.TestSpec{}, survey.RowSpec{Variable: "concern_identity"}))
	more := spec(survey.TestSpec{}, survey.RowSpec{Variable: "concern_identity", Nets: survey.NetList{{Label: "net", Values: []survey.Value{survey.NumberValue(4), survey.NumberValue(5)}}}})
	more.Columns = append(more.Columns, survey.ColumnSpec{Variable: "age_bracket", Label: "Age again"})
	with := adjusted(more)
	for key, p := range plain {
		if with[key].Float() != p.Float() {
			t.Errorf("%s: %v, and %v with a net and a repeated variable", key, p.Float(), with[key].Float())
		}
	}
	if again, first := with["1Age again18-2425-34"], with["1age_bracket18-2425-34"]; again.Float() != first.Float() {
		t.Errorf("repeated comparison %v, first %v", again.Float(), first.Float())
	}
}

// TestMimics by hand: 50 of 100 against 70 of 200 is z = 2.5 in SPSS; Quantum
// has t = 2.5·√(299/300) on 299 degrees of freedom.
func TestMimics(t *testing.T) {
	table := groupsOf([]int{100, 200}, []int{50, 70})
	spss := made(t, table, byGroup(survey.TestSpec{Mimic: "spss", Adjust: "none"}))
	closeTo(t, "z", spss.Comparisons[0].T, 2.5, sumTolerance)
	closeTo(t, "p", spss.Comparisons[0].P, 0.01241933065155226, contrastTolerance) // 2*pnorm(-2.5)
	quantum := made(t, table, byGroup(survey.TestSpec{Mimic: "quantum", Adjust: "none"})).Comparisons[0]
	closeTo(t, "t", quantum.T, 2.5*math.Sqrt(299.0/300), sumTolerance)
	closeTo(t, "df", quantum.DF, 299, 0)
	rest := made(t, table, byGroup(survey.TestSpec{Mimic: "spss", Adjust: "none", Against: "rest"}))
	closeTo(t, "against the rest", rest.Comparisons[0].T, 2.5, sumTolerance)
	for _, out := range []*survey.Tabulation{spss, rest} {
		if !strings.Contains(strings.Join(out.Legend, " "), "For reconciling only") {
			t.Errorf("the legend does not mark the mimic: %q", out.Legend)
		}
	}
}

// TestMimicOfQuantumTakesOutTheOverlap: of 100 and 100 people 50 are both, so
// that the variance has 1/100 + 1/100 − 2·50/100² = 1/100 and df are 149.
func TestMimicOfQuantumTakesOutTheOverlap(t *testing.T) {
	s := byGroup(survey.TestSpec{Mimic: "quantum", Adjust: "none"})
	s.Tables[0].Columns = []survey.ColumnSpec{{Where: "group <= 2", Label: "a"}, {Where: "group >= 2", Label: "b"}}
	c := made(t, groupsOf([]int{50, 50, 50}, []int{40, 25, 5}), s).Comparisons[0]
	closeTo(t, "difference", c.Difference, 0.35, sumTolerance)
	closeTo(t, "se", c.SE, math.Sqrt(0.475*0.525*0.01*200/199), sumTolerance)
	closeTo(t, "df", c.DF, 149, 0)
}

// TestLegendSaysWhatWasTested: test, level, correction, family, columns and
// minimum base.
func TestLegendSaysWhatWasTested(t *testing.T) {
	out := made(t, groupsOf([]int{100, 100, 100}, []int{80, 50, 45}), byGroup(survey.TestSpec{Adjust: "holm"}))
	legend := strings.Join(out.Legend, " ")
	for _, want := range []string{"whose figure is significantly lower", "two-sided t", "at the 95% level", "Holm for the 3 tests", "group (A–C)", "under 50"} {
		if !strings.Contains(legend, want) {
			t.Errorf("the legend lacks %q: %s", want, legend)
		}
	}
}
