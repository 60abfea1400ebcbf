package tabulate_test

import (
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// TestCohortsByHand: in 2011 half of those of 21 to 24 agree. Of those who were
// 21 to 24 in 2008 one in four did, of those who were 18 to 21 three in four.
// Nobody under 18 was asked, so those of 18 to 20 have no cohort.
func TestCohortsByHand(t *testing.T) {
	columns := map[string][]float64{}
	add := func(wave, age, n, agree int) {
		for i := range n {
			columns["wave"] = append(columns["wave"], float64(wave))
			columns["age"] = append(columns["age"], float64(age)+0.5)
			columns["agree"] = append(columns["agree"], map[bool]float64{true: 1}[i < agree])
		}
	}
	add(2008, 18, 40, 35)
	add(2008, 21, 40, 25)
	add(2008, 24, 80, 5)
	add(2011, 18, 40, 10)
	add(2011, 22, 80, 40)
	out := made(t, people(columns), &survey.Study{Design: survey.Design{WaveVariable: "wave", Strata: "wave"}, Tables: []survey.TableSpec{{
		ID: "t", Rows: []survey.RowSpec{{Share: "agree == 1", Label: "Agree"}},
		Cohorts: &survey.CohortSpec{Age: "age", Brackets: []string{"18-20", "21-24"}, From: survey.NumberValue(2008), To: survey.NumberValue(2011)},
	}}})
	wantText(t, "columns", heads(out), "2011, 2008, same age, 2008, same cohort, Change 2008 to 2011: Same age, Change 2008 to 2011: Same cohort")
	wantText(t, "rows", stub(out), "18–20, 21–24")
	if out.Rows[1].Group != "Agree" {
		t.Errorf("heading %q", out.Rows[1].Group)
	}
	for c, want := range []float64{1 / 2., 30 / 120., 60 / 80., 1/2. - 30/120., 1/2. - 60/80.} {
		closeTo(t, out.Columns[c].Label, out.Cells[1][c].Value, want, sumTolerance)
	}
	for c, want := range []bool{true, true, false, true, false} {
		cell := out.Cells[0][c]
		if cell.Value.Exists() != want || slices.Contains(cell.Flags, survey.FlagNotApplicable) == want {
			t.Errorf("18–20, %s: %v, flags %v", out.Columns[c].Label, cell.Value.Float(), cell.Flags)
		}
	}
	if ages := out.Cells[1][2].Group[1].Value.String(); ages != "18–21" {
		t.Errorf("the cohort was %s", ages)
	}
	if note := strings.Join(out.Notes, " "); !strings.Contains(note, "No cohort is shown for 18–20: some of them were under 18 in 2008") {
		t.Errorf("notes %q", note)
	}
	if legend := strings.Join(out.Legend, " "); !strings.Contains(legend, "3 years less") || !strings.Contains(legend, "two-sided t test") {
		t.Errorf("legend %q", legend)
	}
}

// TestCohortIsAChangeOfDomains: both changes of an age group are those between
// the two halves of a variable that names its two groups of people: figure,
// error, df, p and base, for figures of every kind, by clusters in both waves.
func TestCohortIsAChangeOfDomains(t *testing.T) {
	table, design := twostage(t)
	rows := []survey.RowSpec{{Share: "concern_identity >= 4"}, {Variable: "concern_identity", Top: 2}, {Summary: "hours_online"}, {Total: "spend"}}
	cohorts := &survey.CohortSpec{Age: "age", Variable: "wave", Brackets: []string{"25-34", "35-64", "65+"}, From: survey.NumberValue(2008), To: survey.NumberValue(2011)}
	whole := &survey.Study{Design: design, Tables: []survey.TableSpec{{ID: "t", Rows: rows, Cohorts: cohorts, Filter: "gender == 'female'"}}}
	out := made(t, table, whole)
	for k, ages := range [][2]float64{{25, 34}, {35, 64}, {65, 200}} {
		for c, years := range map[int]float64{3: 0, 4: 3} {
			side := number("side", make([]float64, table.Rows), "earlier", "later")
			for i, wave := range table.Lookup("wave").Numbers.All() {
				age := table.Lookup("age").Numbers.At(i)
				switch {
				case wave == 2011 && ages[0] <= age && age <= ages[1]:
					side.Numbers.Set(i, 2)
				case wave == 2008 && ages[0]-years <= age && age <= ages[1]-years:
					side.Numbers.Set(i, 1)
				}
			}
			by := made(t, table.With(side), &survey.Study{Design: design, Tables: []survey.TableSpec{{ID: "t", Rows: rows, Filter: "gender == 'female'",
				Changes: []survey.ChangeSpec{{Variable: "side", From: survey.TextValue("earlier"), To: survey.TextValue("later")}}}}})
			for r := range by.Rows {
				got, want := out.Cells[3*r+k][c], by.Cells[r][1]
				closeTo(t, out.Rows[3*r+k].Group+" "+out.Rows[3*r+k].Label, got.Value, want.Value.Float(), sumTolerance)
				if got.SE.Exists() || want.SE.Exists() {
					closeTo(t, "its error", got.SE, want.SE.Float(), sumTolerance)
				}
				if got.DF.Float() != want.DF.Float() || got.N != want.N || got.P.Exists() != want.P.Exists() {
					t.Errorf("df %v and %v, n %d and %d, p %v and %v", got.DF.Float(), want.DF.Float(), got.N, want.N, got.P.Float(), want.P.Float())
				}
			}
		}
	}
}

// What cannot be followed is a problem that says why.
func TestCohortFaults(t *testing.T) {
	table := people(map[string][]float64{"wave": {1, 1, 2, 2}, "when": {2008, 2008, 2011, 2011}, "age": {18, 19, 18, 19}, "group": {1, 2, 1, 2}})
	table.Variables = append(table.Variables, text("word", "a", "b", "a", "b"))
	at := func(c survey.CohortSpec, from, to float64) *survey.CohortSpec {
		c.From, c.To = survey.NumberValue(from), survey.NumberValue(to)
		return &c
	}
	all := []string{"18+"}
	for want, spec := range map[string]*survey.CohortSpec{
		"do not contain their years":     at(survey.CohortSpec{Age: "age", Variable: "wave", Brackets: all}, 1, 2),
		"write from: 2008, to: 2011":     at(survey.CohortSpec{Age: "age", Variable: "when", Brackets: all}, 2011, 2008),
		"start an age group at 21":       at(survey.CohortSpec{Age: "age", Variable: "when", Brackets: []string{"18-20"}}, 2008, 2011),
		"nobody in 2008":                 at(survey.CohortSpec{Age: "group", Variable: "when", Brackets: []string{"18-24", "25+"}}, 2008, 2011),
		"not a range of whole numbers":   at(survey.CohortSpec{Age: "age", Variable: "when", Brackets: []string{"old"}}, 2008, 2011),
		"is text":                        at(survey.CohortSpec{Age: "word", Variable: "when", Brackets: all}, 2008, 2011),
		`no category "2012"`:             at(survey.CohortSpec{Age: "age", Variable: "when", Brackets: all}, 2008, 2012),
		`no variable "whenn"; did you m`: at(survey.CohortSpec{Age: "age", Variable: "whenn", Brackets: all}, 2008, 2011),
	} {
		_, err := tables(t, table, &survey.Study{Quality: everyBase(), Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Mean: "age"}}, Cohorts: spec}}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from: %v", want, err)
		}
	}
	years := at(survey.CohortSpec{Age: "age", Variable: "wave", Brackets: []string{"18+"}, Years: 1}, 1, 2)
	if _, err := tables(t, table, &survey.Study{Quality: everyBase(), Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Mean: "age"}}, Cohorts: years}}}); err == nil || !strings.Contains(err.Error(), "at 19 or later") {
		t.Errorf("one year between the waves: %v", err)
	}
}

// TestCohortsHideSmallCounts: each age group has columns of its own, and a
// small count in one of them is hidden with another that would give it away.
func TestCohortsHideSmallCounts(t *testing.T) {
	columns := map[string][]float64{}
	for _, c := range []struct{ wave, age, q, n float64 }{{1, 30, 1, 2}, {1, 30, 2, 80}, {2, 30, 1, 40}, {2, 30, 2, 50}, {1, 50, 1, 60}, {1, 50, 2, 70}, {2, 50, 1, 40}, {2, 50, 2, 50}} {
		for range int(c.n) {
			columns["wave"], columns["age"], columns["q"] = append(columns["wave"], c.wave), append(columns["age"], c.age), append(columns["q"], c.q)
		}
	}
	out := made(t, people(columns), &survey.Study{Quality: survey.QualitySpec{Confidential: 5}, Tables: []survey.TableSpec{{ID: "t", Rows: rows("q"),
		Cohorts: &survey.CohortSpec{Age: "age", Variable: "wave", Brackets: []string{"30-39", "50-59"}, From: survey.NumberValue(1), To: survey.NumberValue(2), Years: 1}}}})
	got := hiddenCells(out)
	if !slices.Contains(got, "30–39|1, same age") || slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "50–59|1, same age") }) {
		t.Errorf("hidden %v", got)
	}
}
