package tabulate_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/analysis/turf"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate"
)

// digits is how far figures that are the same by algebra may differ by rounding.
const digits = 1e-12

// number is a column of codes; labels, where given, are those of 1, 2, 3 …
func number(name string, values []float64, labels ...string) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(values)}
	for k, l := range labels {
		v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(k + 1)), Label: l})
	}
	return v
}

func text(name string, values ...string) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: survey.Text, Texts: &survey.TextColumn{}}
	for _, s := range values {
		k := slices.Index(v.Texts.Values, s)
		if k < 0 {
			k = len(v.Texts.Values)
			v.Texts.Values = append(v.Texts.Values, s)
		}
		v.Texts.Index.Append(int32(k))
	}
	return v
}

// small are ten people: answers 1 to 4 and one who refused, one left blank and
// one who was not asked; men are 1 to 5.
func small() *survey.Table {
	nan := math.NaN()
	q := number("q", []float64{1, 2, 2, 3, 4, 1, 4, 9, nan, 8}, "Never", "Seldom", "Often", "Always")
	q.Missing = []survey.Missing{survey.MissingNumber(9, survey.Refused), survey.MissingNumber(8, survey.NotAsked)}
	one := survey.NumberValue(1)
	return &survey.Table{Rows: 10, Variables: []*survey.Variable{
		q,
		number("sex", []float64{1, 1, 1, 1, 1, 2, 2, 2, 2, 2}, "Men", "Women"),
		number("age", []float64{1, 1, 2, 2, 3, 1, 1, 2, 3, 3}, "Young", "Middle", "Old"),
		number("w", []float64{1, 2, 1, 2, 1, 2, 1, 2, 1, 2}),
		number("v", []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 3}),
		number("cash", []float64{1, 1, 0, 0, 0, 1, 0, 0, 0, 0}),
		number("points", []float64{1, 0, 1, 0, 0, 1, 0, 0, 0, 0}),
		text("why", "Too dear", "too  dear", "Too dear", "spam", "", "Spam", "spam", "Secret", "too dear", "Too dear"),
	}, Sets: []survey.MultipleResponse{{Name: "$rewards", Label: "Rewards", Variables: []string{"cash", "points"}, Counted: &one}}}
}

// makeTable makes one table of the small survey without minimum bases.
func makeTable(t *testing.T, table *survey.Table, spec survey.TableSpec, set ...func(*survey.Study)) *survey.Tabulation {
	t.Helper()
	out, err := tryTable(t, table, spec, set...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func tryTable(t *testing.T, table *survey.Table, spec survey.TableSpec, set ...func(*survey.Study)) (*survey.Tabulation, error) {
	t.Helper()
	none := 0
	s := &survey.Study{Design: survey.Design{Weight: "w"}, Quality: survey.QualitySpec{MinimumBase: &none, CautionBase: &none, TestBase: &none}}
	for _, change := range set {
		change(s)
	}
	spec.ID = "t"
	s.Tables = []survey.TableSpec{spec}
	f, err := engine.NewFrame(table, s.Design)
	if err != nil {
		t.Fatal(err)
	}
	m := &tabulate.Maker{Table: table, Frame: f, Study: s}
	out, err := m.All(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

func names(values ...string) []survey.ColumnSpec {
	var out []survey.ColumnSpec
	for _, v := range values {
		out = append(out, survey.ParseColumn(v))
	}
	return out
}

func rows(values ...string) []survey.RowSpec {
	var out []survey.RowSpec
	for _, v := range values {
		out = append(out, survey.RowSpec{Variable: v})
	}
	return out
}

// stub writes the rows' labels, indented.
func stub(t *survey.Tabulation) string {
	var out []string
	for _, r := range t.Rows {
		out = append(out, strings.Repeat(">", r.Indent)+r.Label)
	}
	return strings.Join(out, ", ")
}

func heads(t *survey.Tabulation) string {
	var out []string
	for _, c := range t.Columns {
		out = append(out, strings.TrimPrefix(c.Group+": "+c.Label, ": "))
	}
	return strings.Join(out, ", ")
}

// column lists the figures of a column.
func column(t *survey.Tabulation, c int) []float64 {
	var out []float64
	for _, row := range t.Cells {
		out = append(out, row[c].Value.Float())
	}
	return out
}

func want(t *testing.T, what string, got []float64, want ...float64) {
	t.Helper()
	same := len(got) == len(want)
	for i := 0; same && i < len(got); i++ {
		same = math.Abs(got[i]-want[i]) <= digits
	}
	if !same {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s\nwant %s", what, got, want)
	}
}

func values(xs ...float64) []survey.Value {
	var out []survey.Value
	for _, x := range xs {
		out = append(out, survey.NumberValue(x))
	}
	return out
}

// Weights of the seven who answered: 1 has 1+2, 2 has 2+1, 3 has 2, 4 has 1+1: 10.
func TestRowsOfAVariable(t *testing.T) {
	out := makeTable(t, small(), survey.TableSpec{
		Columns: names("sex"),
		Rows: []survey.RowSpec{{
			Variable: "q", Top: 1, Bottom: 2, Statistics: []survey.Statistic{"mean", "median", "sd"},
			Nets: survey.NetList{{Label: "Ever", Values: values(2, 3, 4)}},
		}},
	})
	wantText(t, "rows", stub(out), "Never, Seldom, Often, Always, Ever, Top 1 box: Always, Bottom 2 box: Never, Seldom, Mean, Median, Standard deviation")
	mean := (3*1 + 3*2 + 2*3 + 2*4) / 10.0
	square := (3*1+3*4+2*9+2*16)/10.0 - mean*mean
	want(t, "total", column(out, 0), 0.3, 0.3, 0.2, 0.2, 0.7, 0.2, 0.6, mean, 2, math.Sqrt(square*7/6))
	men := column(out, 1)
	want(t, "men", men[:8], 1/7., 3/7., 2/7., 1/7., 6/7., 1/7., 4/7., (1+6+6+4)/7.)
	if n := out.Columns[1].N; n != 5 {
		t.Errorf("base of men %d", n)
	}
}

func TestNetsInPlace(t *testing.T) {
	spec := survey.RowSpec{Variable: "q", Place: "above", Nets: survey.NetList{
		{Label: "Often or always", Values: values(3, 4)}, {Label: "Ever", Values: values(2, 3, 4)}}}
	out := makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{spec}})
	wantText(t, "above", stub(out), "Never, Ever, >Seldom, >Often or always, >>Often, >>Always")
	spec.Place = "below"
	out = makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{spec}, Sort: &survey.SortSpec{Order: "ascending"}})
	wantText(t, "below, sorted", stub(out), "Never, >Seldom, >>Often, >>Always, >Often or always, Ever")
	spec.Nets = survey.NetList{{Label: "A", Values: values(1, 2)}, {Label: "B", Values: values(2, 3)}, {Label: "C", Values: values(1, 2)}}
	spec.Place = "above"
	out = makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{spec}})
	wantText(t, "nets that share members", stub(out), "A, >C, >>Never, >>Seldom, B, >Often, Always")
}

// leftBlank declares that empty rows of variables were asked.
func leftBlank(table *survey.Table, names ...string) *survey.Table {
	for _, name := range names {
		v := table.Lookup(name)
		v.EmptyAsked = make([]bool, v.Len())
		for i := range v.EmptyAsked {
			_, given := v.At(i)
			v.EmptyAsked[i] = !given
		}
	}
	return table
}

func TestBaseOfAll(t *testing.T) {
	spec := survey.TableSpec{Rows: []survey.RowSpec{{Variable: "q", Base: "all"}}}
	out := makeTable(t, small(), spec)
	wantText(t, "rows", stub(out), "Never, Seldom, Often, Always, refused")
	want(t, "shares", column(out, 0), 3/12., 3/12., 2/12., 2/12., 2/12.)
	if n := out.Columns[0].N; n != 8 {
		t.Errorf("%d in the base, want 8: everybody but the one who was declared as not asked and the one without a value", n)
	}
	out = makeTable(t, leftBlank(small(), "q"), spec)
	wantText(t, "rows", stub(out), "Never, Seldom, Often, Always, refused, No answer")
	want(t, "shares", column(out, 0), 3/13., 3/13., 2/13., 2/13., 2/13., 1/13.)
	if n := out.Columns[0].N; n != 9 {
		t.Errorf("%d in the base, want 9: everybody but the one who was not asked", n)
	}
}

// The legend says whose answers percentages are of.
func TestBasesAreSaid(t *testing.T) {
	for _, c := range []struct {
		rows []survey.RowSpec
		want string
	}{
		{[]survey.RowSpec{{Variable: "q"}}, "Percentages are of those who answered."},
		{[]survey.RowSpec{{Variable: "q", Base: "all"}}, "Percentages are of everybody who was asked, with or without an answer; a value that"},
		{[]survey.RowSpec{{Variable: "q", Base: "all", Label: "A"}, {Variable: "q", Label: "B"}}, "with or without an answer (A); a value that the data leave empty was not asked unless the study says so. Percentages are of those who answered (B)."},
		{[]survey.RowSpec{{Variable: "sex"}}, ""},
	} {
		legend := strings.Join(makeTable(t, small(), survey.TableSpec{Rows: c.rows}).Legend, " ")
		if !strings.Contains(legend, c.want) || c.want == "" && strings.Contains(legend, "Percentages are of") {
			t.Errorf("%+v: %s, want %s", c.rows, legend, c.want)
		}
	}
}

func TestBanners(t *testing.T) {
	spec := survey.TableSpec{Rows: rows("q"), Columns: append(names("sex > age", "rewards"),
		survey.ColumnSpec{Where: "age >= 2", Label: "Not young", Group: "Life"}, survey.ColumnSpec{Where: "cash == 1", Label: "Cash", Group: "Life"})}
	out := makeTable(t, small(), spec)
	wantText(t, "columns", heads(out), "Total, age · Men: Young, age · Men: Middle, age · Men: Old, age · Women: Young, age · Women: Middle, age · Women: Old, "+
		"Rewards: cash, Rewards: points, Life: Not young, Life: Cash")
	want(t, "young men", column(out, 1), 1/3., 2/3., 0, 0)
	want(t, "cash", column(out, 7), 3/5., 2/5., 0, 0)
	want(t, "cash as a condition", column(out, 10), column(out, 7)...)
	g := out.Cells[0][1].Group
	if len(g) != 2 || g[0].Value.String() != "Men" || g[1].Value.String() != "Young" {
		t.Errorf("group %v", g)
	}
}

// A nested column is the same table under a filter, design and all.
func TestNestedIsFilter(t *testing.T) {
	nested := makeTable(t, small(), survey.TableSpec{Rows: rows("q"), Columns: names("sex > age")})
	filtered := makeTable(t, small(), survey.TableSpec{Rows: rows("q"), Columns: names("age"), Filter: "sex == 2"})
	for r := range nested.Rows {
		for c := 1; c <= 3; c++ {
			a, b := nested.Cells[r][c+3].Estimate, filtered.Cells[r][c].Estimate
			if a.Value.Float() != b.Value.Float() && a.Value.Exists() || a.N != b.N || a.SE.Float() != b.SE.Float() && a.SE.Exists() {
				t.Errorf("row %d, column %d: %v, want %v", r, c, a, b)
			}
		}
	}
}

func TestShow(t *testing.T) {
	out := makeTable(t, small(), survey.TableSpec{Rows: rows("q"), Columns: names("sex"), Show: []survey.ShownAs{
		survey.AsPercent, survey.AsRowPercent, survey.AsTotalPercent, survey.AsCount, survey.AsWeightedCount, survey.AsIndex}})
	if len(out.Rows) != 24 {
		t.Fatalf("%d rows: %s", len(out.Rows), stub(out))
	}
	men, all := column(out, 1), column(out, 0)
	want(t, "percent", men[:4], 1/7., 3/7., 2/7., 1/7.)
	want(t, "row percent", men[4:8], 1/3., 1, 1, 1/2.)
	want(t, "total percent", men[8:12], 0.1, 0.3, 0.2, 0.1)
	want(t, "count", men[12:16], 1, 2, 1, 1)
	want(t, "weighted count", men[16:20], 1, 3, 2, 1)
	want(t, "index", men[20:24], 100/2.1, 300/2.1, 200/1.4, 100/1.4)
	want(t, "index of everybody", all[20:24], 100, 100, 100, 100)
	wantText(t, "heading", out.Rows[12].Group, "q, respondents")
	if out.Columns[1].N != 5 {
		t.Errorf("base of men %d", out.Columns[1].N)
	}
	if n := out.Cells[5][1].N; n != 2 {
		t.Errorf("base of a row percentage %d, want the row's 2", n)
	}
}

func TestResponses(t *testing.T) {
	out := makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{{Variable: "rewards"}, {Variable: "rewards", Base: "responses"}}})
	want(t, "respondents and responses", column(out, 0), 5/15., 4/15., 5/9., 4/9.)
}

func TestGapAndAmong(t *testing.T) {
	out := makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{
		{Share: "q >= 2"}, {Share: "cash == 1"}, {Share: "q >= 2 and not (cash == 1)"}, {Share: "not (cash == 1)", Among: "q >= 2"}, {Gap: &survey.GapSpec{Share: "q >= 2", Minus: "cash == 1"}},
	}})
	want(t, "figures", column(out, 0), 7/10., 5/15., 5/10., 5/7., (7-5)/10.)
	gap := out.Cells[4][0]
	if out.Rows[4].Kind != survey.RowGap || !gap.P.Exists() || gap.N != 7 {
		t.Errorf("gap %+v", gap)
	}
}

func TestKinds(t *testing.T) {
	out := makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{{Ratio: &survey.RatioSpec{Share: "q >= 2", Over: "q >= 3"}}, {Share: "q >= 3", Among: "q >= 2"}, {Share: "q == 4", Among: "q >= 3"}}})
	want(t, "ratio and funnel", column(out, 0), 7/4., 4/7., 2/4.)
	out = makeTable(t, small(), survey.TableSpec{Sort: &survey.SortSpec{}, Rows: []survey.RowSpec{{Variable: "rewards"}, {Share: "q == 1", Label: "For nothing"}}})
	wantText(t, "rewards", stub(out), "cash, points, For nothing")
	groups := func(s *survey.Study) {
		s.Groups = []survey.ItemGroup{{Name: "x", Label: "Use", Items: []string{"q", "age"}}, {Name: "y", Label: "Worth", Items: []string{"age", "sex"}}}
	}
	out = makeTable(t, small(), survey.TableSpec{Kind: drivers.ImportancePerformance, Rows: []survey.RowSpec{{Group: "x"}, {Group: "y", Correlation: "w"}}}, groups)
	wantText(t, "quadrants", strings.Join(out.Notes, " "), "Above the mean only in Use: q. Above the mean only in Worth: age.")
}

func TestGrid(t *testing.T) {
	table := small()
	table.Variables = append(table.Variables, number("r", []float64{4, 4, 4, 4, 4, 1, 1, 1, 1, 1}, "Never", "Seldom", "Often", "Always"))
	groups := func(s *survey.Study) {
		s.Groups = []survey.ItemGroup{{Name: "g", Items: []string{"q", "r"}}}
	}
	out := makeTable(t, table, survey.TableSpec{Grid: &survey.GridSpec{Group: "g", Top: 2}, Filter: "sex == 1"}, groups)
	wantText(t, "columns", heads(out), "g: Never, g: Seldom, g: Often, g: Always, g: Top 2 box: Always, Often")
	wantText(t, "rows", stub(out), "q, r")
	for c, x := range []float64{1 / 7., 3 / 7., 2 / 7., 1 / 7., 3 / 7.} {
		want(t, "q", []float64{out.Cells[0][c].Value.Float()}, x)
	}
	want(t, "r", column(out, 4)[1:], 1)
}

func TestSort(t *testing.T) {
	spec := survey.TableSpec{Rows: []survey.RowSpec{{Variable: "q", Statistics: []survey.Statistic{"mean"}, Nets: survey.NetList{{Label: "Ever", Values: values(2, 3, 4)}}}},
		Columns: names("sex"), Sort: &survey.SortSpec{By: "Men", Pin: []string{"Seldom"}}}
	out := makeTable(t, small(), spec)
	wantText(t, "descending", stub(out), "Often, Never, Always, Seldom, Ever, Mean")
	spec.Sort.Order, spec.Sort.By = "ascending", "sex: Women"
	wantText(t, "ascending by women", stub(makeTable(t, small(), spec)), "Often, Always, Never, Seldom, Ever, Mean")
}

func TestSmallColumns(t *testing.T) {
	three, four := 3, 4
	bases := func(least *int) func(*survey.Study) {
		return func(s *survey.Study) { s.Quality.MinimumBase = least }
	}
	spec := survey.TableSpec{Rows: rows("q"), Columns: names("age"), SmallColumns: "hide"}
	wantText(t, "hidden", heads(makeTable(t, small(), spec, bases(&three))), "Total, age: Young")
	spec.SmallColumns = "merge"
	merged := makeTable(t, small(), spec, bases(&three))
	wantText(t, "merged", heads(merged), "Total, age: Young, age: Middle + Old")
	union := makeTable(t, small(), survey.TableSpec{Rows: rows("q"), Columns: []survey.ColumnSpec{{Where: "age >= 2", Label: "x"}}}, bases(&three))
	for r := range merged.Rows {
		a, b := merged.Cells[r][2].Estimate, union.Cells[r][1].Estimate
		if a.Value.Float() != b.Value.Float() || a.SE.Float() != b.SE.Float() || a.N != b.N {
			t.Errorf("row %d: merged %v, union %v", r, a, b)
		}
	}
	spec.Columns = names("sex", "age")
	wantText(t, "merged within a heading", heads(makeTable(t, small(), spec, bases(&four))), "Total, sex: Men + Women, age: Young + Middle + Old")
}

func TestOwnWeight(t *testing.T) {
	out := makeTable(t, small(), survey.TableSpec{Rows: rows("sex"), Weight: "v"})
	want(t, "weighted by v", column(out, 0), 5/12., 7/12.)
	if !slices.Contains(out.Legend, "Figures of this table are weighted by v.") {
		t.Errorf("legend %q", out.Legend)
	}
}

func TestVerbatim(t *testing.T) {
	out := makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{{Variable: "sex"}, {Verbatim: "why", AtLeast: 3}}})
	wantText(t, "rows", stub(out), "Men, Women, Too dear, spam, Other answers")
	want(t, "shares", column(out, 0)[2:], 7/14., 5/14., 2/14.)
	out = makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{{Verbatim: "why", AtLeast: 3, Limit: 1}}})
	wantText(t, "the longest list", stub(out), "Too dear, Other answers")
	out = makeTable(t, small(), survey.TableSpec{Rows: []survey.RowSpec{{Verbatim: "why", AtLeast: 3}}, Filter: "sex == 1"})
	wantText(t, "only the filter's respondents count", stub(out), "Too dear, Other answers")
}

func TestRounding(t *testing.T) {
	note := "Percentages are rounded and may not add to 100; nets are computed before rounding."
	out := makeTable(t, small(), survey.TableSpec{Rows: rows("q"), Filter: "age <= 2"})
	if !slices.Contains(out.Legend, note) {
		t.Errorf("ninths add to 99: %q", out.Legend)
	}
	adds := "Percentages are rounded and add to 100 in every column."
	if slices.Contains(out.Legend, adds) {
		t.Errorf("both are said: %q", out.Legend)
	}
	if out = makeTable(t, small(), survey.TableSpec{Rows: rows("rewards")}); slices.Contains(out.Legend, adds) {
		t.Errorf("a set adds to 100: %q", out.Legend)
	}
	if out = makeTable(t, small(), survey.TableSpec{Rows: rows("q")}); slices.Contains(out.Legend, note) || !slices.Contains(out.Legend, adds) {
		t.Errorf("tenths add to 100: %q", out.Legend)
	}
}

// What cannot be made is a problem that says what and why, never a panic.
func TestFaults(t *testing.T) {
	groups := func(s *survey.Study) {
		s.Groups = []survey.ItemGroup{{Name: "g", Items: []string{"q", "sex"}}, {Name: "three", Items: []string{"q", "sex", "age"}}, {Name: "text", Items: []string{"why"}}}
	}
	row := func(r survey.RowSpec) survey.TableSpec { return survey.TableSpec{Rows: []survey.RowSpec{r}} }
	for want, spec := range map[string]survey.TableSpec{
		"different scale from q":       {Grid: &survey.GridSpec{Group: "g"}},
		"no group \"gg\"":              {Grid: &survey.GridSpec{Group: "gg"}},
		"all 4 codes":                  row(survey.RowSpec{Variable: "q", Top: 4}),
		"needs ordered codes":          row(survey.RowSpec{Variable: "why", Bottom: 1}),
		"statistics need numbers":      row(survey.RowSpec{Summary: "why"}),
		"verbatim answers are text":    row(survey.RowSpec{Verbatim: "q"}),
		"column why: table t: is text": row(survey.RowSpec{Group: "text"}),
		"did you mean Never":           {Rows: rows("q"), Sort: &survey.SortSpec{Pin: []string{"Nevr"}}},
		"no column to sort by \"Man\"": {Rows: rows("q"), Columns: names("sex"), Sort: &survey.SortSpec{By: "Man"}},
		"no variable \"x\"":            {Rows: rows("q"), Columns: names("sex > x")},
		"is negative":                  {Rows: rows("q"), Weight: "minus"},
		"do not have the same items":   {Kind: drivers.ImportancePerformance, Rows: []survey.RowSpec{{Group: "g"}, {Group: "three"}}},
		"needs two rows of group":      {Kind: drivers.ImportancePerformance, Rows: rows("q")},
		"two rows of share or more":    {Kind: turf.Reach, Rows: rows("q", "sex")},
		"one for each item":            {Kind: turf.Reach, Rows: []survey.RowSpec{{Share: "q == 1"}, {Share: "q == 2", By: "sex"}}},
		"no category \"7\"":            row(survey.RowSpec{Variable: "q", Nets: survey.NetList{{Label: "x", Values: values(7)}}}),
	} {
		table := small()
		table.Variables = append(table.Variables, number("minus", []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, -1}))
		if _, err := tryTable(t, table, spec, groups); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from: %v", want, err)
		}
	}
}
