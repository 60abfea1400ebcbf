package prepare

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
)

var (
	nan = math.NaN()
	n   = survey.NumberValue
	txt = survey.TextValue
)

func numbers(name string, x ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
}

// texts makes a text variable; "" is system-missing.
func texts(name string, values ...string) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: survey.Text, Texts: &survey.TextColumn{}}
	for _, s := range values {
		k := int32(-1)
		if s != "" {
			k = int32(len(v.Texts.Values))
			v.Texts.Values = append(v.Texts.Values, s)
		}
		v.Texts.Index.Append(k)
	}
	return v
}

func coded(v *survey.Variable, labels ...string) *survey.Variable {
	v.Codes = numbered(labels)
	return v
}

func without(v *survey.Variable, x ...float64) *survey.Variable {
	for _, m := range x {
		v.Missing = append(v.Missing, survey.MissingNumber(m, survey.Refused))
	}
	return v
}

func table(name string, vars ...*survey.Variable) *survey.Table {
	return &survey.Table{Rows: vars[0].Len(), Variables: vars, Sources: []survey.Source{{Path: name, Rows: vars[0].Len()}}}
}

// apply expects no faults.
func apply(t *testing.T, study *survey.Study, tables ...*survey.Table) *survey.Table {
	t.Helper()
	out, faults, _ := Apply(tables, study, "study.yaml")
	for _, f := range faults {
		t.Errorf("%s: %v", f.Path, f.Problem)
	}
	return out
}

// column writes a variable's values, . where system-missing.
func column(v *survey.Variable) string {
	if v == nil {
		return "none"
	}
	var cells []string
	for i := range v.Len() {
		if x, ok := v.At(i); ok {
			cells = append(cells, x.String())
		} else {
			cells = append(cells, ".")
		}
	}
	return strings.Join(cells, " ")
}

func labels(v *survey.Variable) string {
	var out []string
	for _, c := range v.Codes {
		out = append(out, fmt.Sprintf("%s=%s", c.Value, c.Label))
	}
	return strings.Join(out, " ")
}

func wantColumn(t *testing.T, table *survey.Table, name, want string) {
	t.Helper()
	if got := column(table.Lookup(name)); got != want {
		t.Errorf("%s: got %s, want %s", name, got, want)
	}
}

func wantNotice(t *testing.T, table *survey.Table, want string) {
	t.Helper()
	for _, notice := range table.Notices {
		if strings.Contains(notice.Text, want) {
			return
		}
	}
	t.Errorf("no notice has %q: %q", want, table.Notices)
}

// wantFaults expects exactly the faults "path: part of the message", in any order.
func wantFaults(t *testing.T, faults []survey.Fault, want ...string) {
	t.Helper()
	left := append([]survey.Fault(nil), faults...)
next:
	for _, w := range want {
		path, part, _ := strings.Cut(w, ": ")
		for i, f := range left {
			if f.Path == path && strings.Contains(f.Problem.Error(), part) {
				left = append(left[:i], left[i+1:]...)
				continue next
			}
		}
		t.Errorf("missing fault %s", w)
	}
	for _, f := range left {
		t.Errorf("unexpected fault %s: %v", f.Path, f.Problem)
	}
}

func TestStack(t *testing.T) {
	first := table("a.sav", without(coded(numbers("q", 1, 2, 9), "Yes", "No"), 9), texts("town", "Oslo", "", "Bergen"), numbers("old", 1, 2, 3), numbers("late", nan, nan, nan))
	first.Lookup("q").Label, first.Weight, first.Notices = "Do you?", "w", survey.Notices{{Text: "read"}}
	second := table("b.sav", coded(numbers("q", 3, 2), "Yes", "Never", "Maybe"), texts("town", "Bergen", "Bodø"), texts("late", "x", "y"), numbers("new", 7, 8))
	second.Lookup("q").Label, second.Weight = "Did you?", "w"
	first.Sets = []survey.MultipleResponse{{Name: "$twice", Variables: []string{"q"}}}
	second.Sets = []survey.MultipleResponse{{Name: "$m", Variables: []string{"new"}}, {Name: "$twice", Variables: []string{"q", "new"}}}
	second.Lookup("q").Missing = []survey.Missing{survey.MissingNumber(9, survey.DontKnow), survey.MissingNumber(8, survey.DontKnow)}
	out := apply(t, &survey.Study{}, first, second)
	for name, want := range map[string]string{
		"q": "1 2 9 3 2", "town": "Oslo . Bergen Bergen Bodø", "old": "1 2 3 . .", "new": ". . . 7 8", "late": ". . . x y",
	} {
		wantColumn(t, out, name, want)
	}
	q := out.Lookup("q")
	if got := labels(q); got != "1=Yes 2=No 3=Maybe" || q.Label != "Do you?" || len(q.Missing) != 2 || q.Missing[0].Reason != survey.Refused || q.Missing[1].Reason != survey.DontKnow {
		t.Errorf("q: %s, %q, %v", got, q.Label, q.Missing)
	}
	if out.Rows != 5 || out.Weight != "w" || len(out.Sources) != 2 || out.Set("m") == nil || len(out.Sets) != 2 {
		t.Errorf("rows %d, weight %q, sources %v, sets %v", out.Rows, out.Weight, out.Sources, out.Sets)
	}
	wantNotice(t, out, "a.sav: read")
	wantNotice(t, out, "b.sav: set $twice has different variables")
	wantNotice(t, out, "b.sav has no old")
	wantNotice(t, out, "a.sav has no new")
	wantNotice(t, out, `q: the files differ in the label ("Do you?", "Did you?"), the label of 2 ("No", "Never"), the missing values`)
}

func TestStackOfDifferentKinds(t *testing.T) {
	_, faults, _ := Apply([]*survey.Table{table("a", numbers("q", 1)), table("b", texts("q", "x"))}, &survey.Study{}, "s")
	wantFaults(t, faults, "$.data[1].file: the variable has text values here, and number values in a")
}

func TestWave(t *testing.T) {
	study := &survey.Study{Data: []survey.DataFile{{Wave: "2010"}, {Wave: "2011"}}, Design: survey.Design{WaveVariable: "wave"}}
	a, b := table("a", numbers("q", 1, 2)), table("b", numbers("q", 3))
	wantColumn(t, apply(t, study, a, b), "wave", "2010 2010 2011")
	if k := apply(t, study, a, b).Lookup("wave").Kind; k != survey.Number {
		t.Errorf("kind %s", k)
	}
	study.Data[1].Wave = "spring"
	wantColumn(t, apply(t, study, a, b), "wave", "2010 2010 spring")
	if k := apply(t, study, a, b).Lookup("wave").Kind; k != survey.Text {
		t.Errorf("kind %s", k)
	}

	study.Data[1].Wave = ""
	_, faults, _ := Apply([]*survey.Table{a, b}, study, "s")
	wantFaults(t, faults, "$.data[1]: the study gives it no wave; add wave")
	own := table("b", numbers("q", 3, 4), coded(numbers("wave", 2011, 2010)))
	wantColumn(t, apply(t, study, a, own), "wave", "2010 2010 2011 2010")

	study.Data[1].Wave = "2012"
	_, faults, _ = Apply([]*survey.Table{a, own}, study, "s")
	wantFaults(t, faults, `$.data[1].wave: row 1, column wave, value "2011": the study gives the wave 2012, but 2 rows`)
	study.Data[1].Wave = "spring"
	_, faults, _ = Apply([]*survey.Table{a, own}, study, "s")
	wantFaults(t, faults, "$.data[1].wave: the variable wave holds numbers", "$.data[1].wave: have another")
	study.Design.WaveVariable, study.Data[0].Wave = "", ""
	_, faults, _ = Apply([]*survey.Table{a, own}, study, "s")
	wantFaults(t, faults, "$.data[1].wave: the wave has no variable")
	study.Data[0].Wave = "2010"
	_, faults, _ = Apply([]*survey.Table{a, own}, study, "s")
	wantFaults(t, faults, "$.data[0].wave: the wave has no variable", "$.data[1].wave: the wave has no variable")
}

func TestOverrides(t *testing.T) {
	q := without(coded(numbers("q", 1, 2, 8, 9), "Yes", "No"), 9)
	out := apply(t, &survey.Study{Variables: map[string]survey.VariableSpec{"q": {
		Label: "Do you?", Measure: survey.Nominal,
		Codes:   survey.CodeList{{Value: n(1), Label: "Ja"}, {Value: n(3), Label: "Vet ikke"}},
		Missing: survey.MissingList{survey.MissingNumber(8, survey.DontKnow), survey.MissingNumber(7, ""), {Low: 10, High: 20}},
	}}}, table("a", q))
	got := out.Lookup("q")
	if labels(got) != "1=Ja 3=Vet ikke" || got.Label != "Do you?" || got.Measure != survey.Nominal || len(got.Missing) != 3 {
		t.Errorf("%+v", got)
	}
	wantNotice(t, out, "q: no row has the labelled 3")
	wantNotice(t, out, "q: the study's codes do not include 2 (No) of the file")
	wantNotice(t, out, "q: no row has the missing value 7")
	wantNotice(t, out, "q: 9 is missing in the file and an answer in the study")
	if strings.Contains(strings.Join(out.Notices.Texts(), ""), "missing value 7, 10") {
		t.Error("a range of missing values need not begin with one that occurs")
	}
	if labels(q) != "1=Yes 2=No" {
		t.Error("the file's table has changed")
	}
}

// A study's missing answers hold for every variable that has them, by label or as text,
// but for one that lists its own.
func TestMissingEverywhere(t *testing.T) {
	q, own := coded(numbers("q", 1, 2, 9), "Yes", "No"), coded(numbers("own", 1, 2, 9), "Yes", "Refused")
	q.Codes = append(q.Codes, survey.Code{Value: n(9), Label: "Refused"})
	study := &survey.Study{
		Missing:   survey.MissingList{survey.MissingText("Refused", survey.Refused), survey.MissingText("Don't know", survey.DontKnow)},
		Variables: map[string]survey.VariableSpec{"own": {Missing: survey.MissingList{survey.MissingNumber(9, "")}}},
	}
	files := table("a", q, own, texts("t", "Yes", "Refused", "9"), numbers("x", 9, 9, 9))
	out := apply(t, study, files)
	want := map[string]survey.Missing{"q": survey.MissingNumber(9, survey.Refused), "own": survey.MissingNumber(9, ""), "t": survey.MissingText("Refused", survey.Refused)}
	for _, v := range out.Variables {
		if m, any := want[v.Name]; any && (len(v.Missing) != 1 || v.Missing[0] != m) || !any && v.Missing != nil {
			t.Errorf("%s has missing values %v", v.Name, v.Missing)
		}
	}
	wantNotice(t, out, `no variable has the answer "Don't know"`)
	if files.Columns = []string{"unread"}; len(apply(t, study, files).Notices) > 0 || q.Missing != nil {
		t.Error("a notice speaks of columns that were not read, or the file's table has changed")
	}
}

func TestOverrideFaults(t *testing.T) {
	_, faults, _ := Apply([]*survey.Table{table("a", numbers("q", 1), texts("t", "1"))}, &survey.Study{Variables: map[string]survey.VariableSpec{
		"qq": {Label: "?"},
		"q":  {Codes: survey.CodeList{{Value: txt("1"), Label: "Yes"}}, Missing: survey.MissingList{survey.MissingText("9", "")}},
		"t":  {Codes: survey.CodeList{{Value: n(1), Label: "Yes"}}},
	}}, "study.yaml")
	wantFaults(t, faults, `$.variables.qq: study.yaml: there is no variable "qq"; did you mean q`,
		"$.variables.q.codes.1: write the number without quotes", "$.variables.q.missing: write the number without quotes",
		"$.variables.t.codes.1: write '1' in quotes")
}

// TestApplyChangesNothing compares the files' tables before and after.
func TestApplyChangesNothing(t *testing.T) {
	fresh := func() *survey.Table {
		a := table("a", without(coded(numbers("q", 1, 2, 9), "Yes", "No"), 9), texts("t", "x", "", "y"))
		a.Notices = append(make(survey.Notices, 0, 9), survey.Notice{Text: "read"})
		a.Sets = []survey.MultipleResponse{{Name: "m", Variables: []string{"q"}}}
		return a
	}
	study := &survey.Study{
		Data: []survey.DataFile{{Wave: "1"}}, Design: survey.Design{WaveVariable: "w"},
		Variables: map[string]survey.VariableSpec{"q": {Label: "!", Codes: survey.CodeList{{Value: n(1), Label: "Ja"}}}},
		Recodes:   []survey.Recode{{Name: "r", From: "q", Reverse: true}, {Name: "b", From: "q", Brackets: []string{"0-1"}}},
		Sets:      []survey.SetSpec{{Name: "m", Variables: []string{"q"}, Counted: &survey.Value{Number: 1}}},
	}
	a := fresh()
	Apply([]*survey.Table{a}, study, "s")
	Apply([]*survey.Table{a, fresh()}, study, "s")
	if diff := cmp.Diff(fresh(), a, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	if spare := a.Notices[:2][1]; spare.Text != "" {
		t.Errorf("a notice was written behind the file's own: %q", spare)
	}
}

// A notice names ten answers at most, and of an essay its beginning.
func TestListIsShort(t *testing.T) {
	essay := strings.Repeat("ü", 61)
	for want, names := range map[string][]string{
		"a, b":                         {"a", "b"},
		essay[:120] + "…, b":           {essay, "b"},
		"1, 1, 1, 1, 1, 1, 1, 1, 1, 1": slices.Repeat([]string{"1"}, 10),
		"1, 1, 1, 1, 1, 1, 1, 1, 1, 1 and 2 more": slices.Repeat([]string{"1"}, 12),
	} {
		if got := list(names); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
