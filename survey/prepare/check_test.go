package prepare

import (
	"testing"

	"surveykit/survey"
)

func survey1() *survey.Table {
	return table("a",
		without(coded(numbers("q", 1, 2, 9), "Yes", "No"), 9), coded(numbers("age", 1, 2, 1), "young", "old"),
		coded(numbers("m1", 1, 0, 1), "chosen"), coded(numbers("m2", 0, 0, nan), "chosen"),
		texts("town", "Oslo", "Bergen", ""), numbers("w", 1, 2, 1))
}

func TestSets(t *testing.T) {
	chosen := txt("chosen")
	in := survey1()
	in.Sets = []survey.MultipleResponse{{Name: "$media", Variables: []string{"q"}}, {Name: "$kept"}}
	in.Lookup("m2").Codes = nil
	in = in.With(texts("m3", "", "", ""))
	out := apply(t, &survey.Study{Sets: []survey.SetSpec{
		{Name: "media", Label: "Which?", Variables: []string{"m1", "m2", "m3"}, Counted: &chosen}, {Name: "cats", Variables: []string{"q", "age"}}}}, in)
	if len(out.Sets) != 3 {
		t.Fatalf("sets %v", out.Sets)
	}
	media := out.Set("media")
	if media.Counted == nil || *media.Counted != n(1) || media.Label != "Which?" || len(media.Variables) != 3 {
		t.Errorf("%+v", media)
	}
	wantNotice(t, out, "m2, m3: no row has the counted value chosen")
}

func TestSetAndGroupFaults(t *testing.T) {
	in := survey1()
	in.Lookup("m2").Codes = []survey.Code{{Value: n(0), Label: "chosen"}}
	three, chosen, refused := n(3), txt("chosen"), n(9)
	_, faults, _ := Apply([]*survey.Table{in}, &survey.Study{
		Sets: []survey.SetSpec{
			{Name: "q", Variables: []string{"m1", "m3"}},
			{Name: "a", Variables: []string{"m1", "m1", "town"}},
			{Name: "a", Variables: []string{"m1", "m2"}, Counted: &three},
			{Name: "b", Variables: []string{"m1", "m2"}, Counted: &chosen},
			{Name: "c", Variables: []string{"q"}, Counted: &refused},
		},
		Groups: []survey.ItemGroup{{Name: "g", Items: []string{"agee"}}, {Name: "g", Items: []string{"q"}}},
	}, "s")
	wantFaults(t, faults,
		"$.sets[0].name: the name of a variable", "$.sets[0].variables[1]: did you mean m1",
		"$.sets[1].variables[1]: twice", "$.sets[1].variables[2]: one kind",
		"$.sets[2].name: there are two sets", "$.sets[2].counted: never occurs",
		"$.sets[3].counted: different values", "$.sets[4].counted: declared missing",
		"$.groups[0].items[0]: did you mean age", "$.groups[1].name: there are two groups")
}

// checkTables are the faults alone.
func checkTables(t *survey.Table, study *survey.Study) []survey.Fault {
	_, faults := CheckTables(t, study)
	return faults
}

func TestCheckTablesAccepts(t *testing.T) {
	one := n(1)
	study := &survey.Study{
		Design: survey.Design{Weight: "w", Strata: "age", PSU: []string{"town"}, FPC: []string{"w"}, WaveVariable: "q", Replicates: &survey.ReplicateSpec{Columns: "m*"}},
		Sets:   []survey.SetSpec{{Name: "m", Variables: []string{"m1", "m2"}, Counted: &one}},
		Groups: []survey.ItemGroup{{Name: "g", Items: []string{"m1", "q"}}},
		Tables: []survey.TableSpec{{
			ID: "t", Columns: []survey.ColumnSpec{{Variable: "age"}, {Variable: "m"}, {Nest: []string{"age", "m"}}, {Where: "age == 1"}}, Filter: "town == 'Oslo'",
			Changes: []survey.ChangeSpec{{Variable: "q", From: txt("Yes"), To: n(2)}},
			Rows: []survey.RowSpec{
				{Variable: "q", Categories: []survey.Value{n(1)}, Nets: survey.NetList{{Label: "Any", Values: []survey.Value{n(1), txt("No")}}}},
				{Variable: "m", Categories: []survey.Value{txt("m1")}}, {Group: "g", Values: []survey.Value{n(1)}},
				{Share: "q == 1", By: "town"}, {Mean: "w"}, {Total: "w"}, {Ratio: &survey.RatioSpec{Share: "q == 1", Over: "age == 'old'"}},
			}}}}
	out := apply(t, study, survey1())
	wantFaults(t, checkTables(out, study))
}

func TestCheckTablesFaults(t *testing.T) {
	one := n(1)
	study := &survey.Study{
		Tests:  survey.TestSpec{SecondLevel: 0.96},
		Design: survey.Design{Level: 95, Weight: "town", Strata: "x1", PSU: []string{"x2"}, FPC: []string{"x3"}, WaveVariable: "x4", Replicates: &survey.ReplicateSpec{Columns: "pwgtp*"}},
		Sets:   []survey.SetSpec{{Name: "m", Variables: []string{"m1", "m2"}, Counted: &one}},
		Groups: []survey.ItemGroup{{Name: "g", Items: []string{"m1", "town"}}},
		Tables: []survey.TableSpec{
			{ID: "t", Columns: []survey.ColumnSpec{{Variable: "aeg"}, {Nest: []string{"age", "aeg"}}, {Where: "age = 1"}}, Filter: "q", Changes: []survey.ChangeSpec{{Variable: "qq"}, {Variable: "q", From: txt("Yep"), To: n(9), Decompose: &survey.DecomposeSpec{By: []string{"age", "aeg"}}}}, Trends: []survey.TrendSpec{{Variable: "qq"}}},
			{ID: "t", Tests: survey.TestSpec{Level: 0.04, SecondLevel: -0.1}, Rows: []survey.RowSpec{
				{Variable: "q", Categories: []survey.Value{n(3)}, Nets: survey.NetList{{Label: "Any", Values: []survey.Value{txt("Noo")}}}},
				{Variable: "mm"}, {Variable: "m", Categories: []survey.Value{txt("m3")}, Nets: survey.NetList{{Label: "Any", Values: []survey.Value{txt("m4")}}}}, {Variable: "m", Base: "responses", Top: 1, Nets: survey.NetList{{Label: "Any", Values: []survey.Value{txt("m1")}}}},
				{Group: "gg"}, {Group: "g"}, {Group: "g", Values: []survey.Value{n(1)}},
				{Share: "age = 1", By: "where"}, {Mean: "town"}, {Total: "ww"}, {Ratio: &survey.RatioSpec{Share: "q + 1", Over: "town == 'Olso'"}},
			}}}}
	out := apply(t, study, survey1())
	wantFaults(t, checkTables(out, study),
		"$.design.level: the confidence level 95 is not between 0 and 1", "$.tests: the second level of the tests, 96%, is not lower than the first, 95%",
		"$.tables[1].tests: the second level of the tests -0.1 is not between 0 and 1",
		"$.design.weight: the variable is text", "$.design.strata: no variable", "$.design.psu[0]: no variable", "$.design.fpc[0]: no variable",
		"$.design.wave_variable: no variable", "$.design.replicates.columns: matches no variable",
		"$.tables[0].columns[0].variable: did you mean age", "$.tables[0].columns[1].nest[1]: did you mean age", "$.tables[0].columns[2].where: write == to compare", "$.tables[0].filter: not a condition",
		"$.tables[0].changes[0].variable: did you mean q", "$.tables[0].changes[1].from: did you mean 'Yes'", "$.tables[0].changes[1].to: declared missing",
		"$.tables[0].changes[1].decompose.by[1]: did you mean age", "$.tables[0].trends[0].variable: did you mean q",
		"$.tables[1].id: two tables", "$.tables[1].rows[0].categories[0]: never occurs", "$.tables[1].rows[0].nets.Any[0]: did you mean 'No'",
		`$.tables[1].rows[1].variable: there is no variable or set "mm"; did you mean m1, m2, m`, "$.tables[1].rows[2].categories[0]: did you mean m1",
		"$.tables[1].rows[2].nets.Any[0]: did you mean m1", "$.tables[1].rows[3]: no scale", "$.tables[1].rows[3]: not a share of the responses",
		"$.tables[1].rows[4].group: did you mean g", "$.tables[1].rows[5].group: has no mean",
		"$.tables[1].rows[6].values[0]: holds text", "$.tables[1].rows[7].share: write == to compare", "$.tables[1].rows[7].by: no variable",
		"$.tables[1].rows[8].mean: the variable is text", "$.tables[1].rows[9].total: did you mean w", "$.tables[1].rows[10].ratio.share: not a condition",
		"$.tables[1].rows[10].ratio.over: did you mean 'Oslo'")
}

func TestCohortFaults(t *testing.T) {
	in := table("a", numbers("wave", 1, 2), numbers("age", 30, 30), texts("town", "Oslo", "Bergen"))
	cohorts := func(age, variable string, from, to float64, brackets ...string) *survey.CohortSpec {
		return &survey.CohortSpec{Age: age, Variable: variable, From: n(from), To: n(to), Brackets: brackets}
	}
	none := false
	study := &survey.Study{Groups: []survey.ItemGroup{{Name: "g", Items: []string{"age"}}}, Tables: []survey.TableSpec{
		{ID: "a", Cohorts: cohorts("town", "wave", 1, 3, "18-24", "20-30")},
		{ID: "b", Cohorts: cohorts("age", "", 1, 2, "18-24"), Total: &none, Columns: []survey.ColumnSpec{{Variable: "town"}}},
		{ID: "c", Cohorts: cohorts("age", "wave", 1, 2, "18+"), Grid: &survey.GridSpec{Group: "g"}},
		{ID: "d", Cohorts: &survey.CohortSpec{Age: "age", Variable: "wave", From: n(1), To: n(2), Brackets: []string{"18+"}, Years: 3}},
	}}
	out := apply(t, study, in)
	wantFaults(t, checkTables(out, study),
		"$.tables[0].cohorts.age: the variable is text", "$.tables[0].cohorts.brackets[1]: overlaps", "$.tables[0].cohorts.to: never occurs",
		"$.tables[1].cohorts: columns has no meaning", "$.tables[1].cohorts: total has no meaning", "$.tables[1].cohorts: no variable holds the waves",
		"$.tables[2].cohorts: a grid has no cohorts", "$.tables[2].cohorts.years: do not contain their years")
}
