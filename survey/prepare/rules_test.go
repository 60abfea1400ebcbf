package prepare

import (
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// sameNumbers compares columns in which NaN is NaN.
func sameNumbers(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

func TestFirstRuleThatHoldsCounts(t *testing.T) {
	none := math.NaN()
	x, y := numbers("x", 1, 2, 3, none, 3), numbers("y", 1, none, 0, 1, 1)
	rules := []survey.Rule{{Label: "A", Where: "x == 1"}, {Label: "B", Where: "y == 1"}}
	out := apply(t, one(survey.Recode{Name: "s", Rules: rules}), table("a", x, y))
	// Row 2 is not A, and its y is missing; row 3 is neither; row 4 may be A.
	if got, want := out.Lookup("s").Numbers, []float64{1, none, none, none, 2}; !sameNumbers(got, want) {
		t.Errorf("segments %v, want %v", got, want)
	}
	notices := strings.Join(out.Notices.Texts(), "\n")
	for _, want := range []string{"s: 2 rows are in no segment because answers", "s: 1 rows are in no segment because no rule applies"} {
		if !strings.Contains(notices, want) {
			t.Errorf("no notice %q in %s", want, notices)
		}
	}
	out = apply(t, one(survey.Recode{Name: "s", Rules: append(rules, survey.Rule{Label: "rest"})}), table("a", x, y))
	if got, want := out.Lookup("s").Numbers, []float64{1, none, 3, none, 2}; !sameNumbers(got, want) {
		t.Errorf("with a rest: segments %v, want %v", got, want)
	}
}

// All 64 ways to answer Westin's statements on a scale of four.
func TestWestinSegments(t *testing.T) {
	var a, b, c, want []float64
	for i := range 64 {
		x, y, z := float64(i%4+1), float64(i/4%4+1), float64(i/16+1)
		a, b, c = append(a, x), append(b, y), append(c, z)
		segment := 2.0
		switch {
		case x >= 3 && y <= 2 && z <= 2:
			segment = 1
		case x <= 2 && y >= 3 && z >= 3:
			segment = 3
		}
		want = append(want, segment)
	}
	none := math.NaN()
	a, b, c, want = append(a, none, 4, 4), append(b, 1, none, 1), append(c, 1, 1, none), append(want, none, none, none)
	spec := survey.WestinSpec{Control: "a", Handling: "b", Protection: "c", Agree: []survey.Value{survey.NumberValue(3), survey.NumberValue(4)}}
	out := apply(t, one(survey.Recode{Name: "w", Westin: &spec}), table("f", numbers("a", a...), numbers("b", b...), numbers("c", c...)))
	v := out.Lookup("w")
	if !sameNumbers(v.Numbers, want) {
		t.Errorf("segments %v\nwant %v", v.Numbers, want)
	}
	if v.Note != westinNote || v.LabelOf(survey.NumberValue(1)) != "Privacy fundamentalists" {
		t.Errorf("note %q, labels %v", v.Note, v.Codes)
	}
}

func TestFaultyRulesAndSegments(t *testing.T) {
	x, four := numbers("x", 1, 2, 3, 3), numbers("four", 1, 2, 3, 4)
	agree := []survey.Value{survey.NumberValue(3), survey.NumberValue(4)}
	for _, c := range []struct {
		study survey.Study
		want  string
	}{
		{*one(survey.Recode{Name: "r", Rules: []survey.Rule{{Label: "A", Where: "z == 1"}}}), "$.recodes[0].rules[0].where"},
		{*one(survey.Recode{Name: "r", Rules: []survey.Rule{{Label: "A"}, {Label: "B", Where: "x == 1"}}}), "the rules after it never apply"},
		{*one(survey.Recode{Name: "r", Rules: []survey.Rule{{Label: "A", Where: "x == 2"}, {Label: "A", Where: "x == 1"}}}), "two rules have this label"},
		{*one(survey.Recode{Name: "r", Westin: &survey.WestinSpec{Control: "x", Handling: "x", Protection: "x", Agree: agree[:1]}}), "has 3 answers"},
		{*one(survey.Recode{Name: "r", Westin: &survey.WestinSpec{Control: "four", Handling: "nobody", Protection: "four", Agree: agree}}), "$.recodes[0].westin.handling"},
		{survey.Study{Segments: []survey.SegmentSpec{{Name: "x", Items: []string{"four"}, Classes: "2"}}}, "$.segments[0].name"},
		{survey.Study{Segments: []survey.SegmentSpec{{Name: "s", Items: []string{"four", "fuor:ordinal"}, Classes: "2"}}}, "$.segments[0].items[1]"},
		{survey.Study{Segments: []survey.SegmentSpec{{Name: "s", Items: []string{"four"}, Classes: "2-3", Names: []string{"a", "b"}}}}, "a range has no names"},
		{survey.Study{Segments: []survey.SegmentSpec{{Name: "s", Items: []string{"four"}, Classes: "0"}}}, "$.segments[0].classes"},
	} {
		_, faults := Apply([]*survey.Table{table("a", x, four)}, &c.study, "study.yaml")
		var texts []string
		for _, f := range faults {
			texts = append(texts, f.Path+": "+f.Problem.Error())
		}
		if text := strings.Join(texts, "\n"); len(faults) == 0 || !strings.Contains(text, c.want) {
			t.Errorf("no %q in %q", c.want, text)
		}
	}
}

// A table that names a segment by its code or its name is checked before the
// segments are found.
func TestTablesMayNameSegments(t *testing.T) {
	study := &survey.Study{Segments: []survey.SegmentSpec{{Name: "s", Items: []string{"x"}, Classes: "2", Names: []string{"a", "b"}}}}
	out := apply(t, study, table("f", numbers("x", 1, 2)))
	study.Tables = []survey.TableSpec{{ID: "t", Filter: "s == 'a'", Rows: []survey.RowSpec{{Variable: "s", Categories: []survey.Value{survey.NumberValue(2)}}}}}
	if faults := checkTables(out, study); len(faults) > 0 {
		t.Error(faults)
	}
	study.Tables[0].Filter = "s == 'c'"
	if faults := checkTables(out, study); len(faults) != 1 {
		t.Errorf("%d faults for a segment that is not there, want 1", len(faults))
	}
}
