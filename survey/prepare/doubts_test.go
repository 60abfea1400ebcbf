package prepare

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// Whatever counts with a code that is labelled "Don't know" and not declared
// missing is told, by the code and its remedy; once it is declared, nothing is.
func TestNoAnswersThatCountAreTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.IntRange(3, 10).Draw(t, "points")
		code := survey.NumberValue(float64(rapid.SampledFrom([]int{points + 1, 88, 99}).Draw(t, "code")))
		q := &survey.Variable{Name: "q", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{code.Number})}
		for x := 1; x <= points; x++ {
			q.Numbers.Append(float64(x))
			q.Codes = append(q.Codes, survey.Code{Value: survey.NumberValue(float64(x)), Label: "point"})
		}
		q.Codes = append(q.Codes, survey.Code{Value: code, Label: rapid.SampledFrom([]string{"Don't know", "(VOL.) Refused", "keine Angabe"}).Draw(t, "label")})
		rows := rapid.SampledFrom([]survey.RowSpec{
			{Mean: "q"}, {Total: "q"}, {Summary: "q"}, {Variable: "q", Top: 2}, {Variable: "q", Bottom: 1},
			{Variable: "q", Statistics: []survey.Statistic{"mean"}}, {Group: "items"}, {Group: "items", Correlation: "q"}, {Mean: "scale"}, {Variable: "band"},
		}).Draw(t, "row")
		study := &survey.Study{
			Groups:  []survey.ItemGroup{{Name: "items", Items: []string{"q"}}},
			Recodes: []survey.Recode{},
			Tables:  []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{rows}}},
		}
		if rows.Mean == "scale" {
			study.Recodes = []survey.Recode{{Name: "scale", Mean: []string{"q"}}}
		}
		if rows.Variable == "band" {
			study.Recodes = []survey.Recode{{Name: "band", From: "q", Brackets: []string{"0-2", "3+"}}}
		}
		told := func() string {
			out, faults, _ := Apply([]*survey.Table{{Rows: q.Numbers.Len(), Variables: []*survey.Variable{q}}}, study, "s.yaml")
			notices, more := CheckTables(out, study)
			if len(faults)+len(more) > 0 {
				t.Fatal(faults, more)
			}
			return strings.Join(notices.Texts(), "\n")
		}
		if got := told(); strings.Count(got, "like no answer") != 1 || !strings.Contains(got, "missing: ["+code.String()+"]") {
			t.Fatalf("told %q", got)
		}
		q.Missing = []survey.Missing{survey.MissingNumber(code.Number, survey.Refused)}
		if got := told(); got != "" {
			t.Fatalf("declared missing, told %q", got)
		}
	})
}

// Shares count nobody as a number.
func TestSharesOfNoAnswersAreNotTold(t *testing.T) {
	q := &survey.Variable{Name: "q", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 99}), Codes: []survey.Code{{Value: survey.NumberValue(99), Label: "Refused"}}}
	study := &survey.Study{Tables: []survey.TableSpec{{ID: "t", Rows: []survey.RowSpec{{Variable: "q"}, {Share: "q == 1"}}, Columns: []survey.ColumnSpec{{Variable: "q"}}}}}
	if notices, faults := CheckTables(&survey.Table{Rows: 3, Variables: []*survey.Variable{q}}, study); len(notices)+len(faults) > 0 {
		t.Error(notices, faults)
	}
}
