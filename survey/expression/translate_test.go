package expression

import (
	"strings"
	"testing"

	"surveykit/survey"
)

func translationTable() *survey.Table {
	number := func(name string, codes ...survey.Code) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Codes: codes, Numbers: []float64{1, 2}}
	}
	return &survey.Table{Rows: 2, Variables: []*survey.Variable{
		number("wave"), number("age"), number("odd name"),
		number("q1", survey.Code{Value: survey.NumberValue(4), Label: "Agree"}, survey.Code{Value: survey.NumberValue(5), Label: "Strongly agree"}),
		{Name: "region", Kind: survey.Text, Texts: &survey.TextColumn{Index: []int32{0, 1}, Values: []string{"North", "South"}}},
	}}
}

func TestTranslate(t *testing.T) {
	for _, c := range []struct{ source, r, stata string }{
		{"wave == 2011 and age >= 55", "((wave == 2011) & (age >= 55))", "((wave == 2011) & (age >= 55))"},
		{"q1 in ['Agree', 'Strongly agree']", "(q1 %in% c(4, 5))", "(inlist(q1, 4, 5))"},
		{"q1 != 'Agree' or region == 'North'", `((!(q1 == 4)) | (region == "North"))`, `((!(q1 == 4)) | (region == "North"))`},
		{"not age == 3", "(!(age == 3))", "(!(age == 3))"},
		{"18 <= age < 25", "((18 <= age) & (age < 25))", "((18 <= age) & (age < 25))"},
		{"missing(q1) and max(age, -2) > 1", "(!(!is.na(q1)) & (pmax(age, -2) > 1))", "(!(!missing(q1)) & (max(age, -2) > 1))"},
		{"(age + wave) / 2 > round(age)", "(((age + wave) / 2) > trunc(age + sign(age) * 0.5))", "(((age + wave) / 2) > trunc(age + sign(age) * 0.5))"},
	} {
		for _, d := range []struct {
			dialect Dialect
			want    string
		}{{R, c.r}, {Stata, c.stata}} {
			got, _, err := Translate(c.source, translationTable(), d.dialect)
			if err != nil || got != d.want {
				t.Errorf("%s: %s, want %s (%v)", c.source, got, d.want, err)
			}
		}
	}
}

// The rows that count are those where every variable outside missing() is answered.
func TestTranslateSaysWhoCounts(t *testing.T) {
	_, given, err := Translate("`odd name` > 1 or missing(age)", translationTable(), R)
	if err != nil || strings.Join(given, ";") != "!is.na(`odd name`)" {
		t.Errorf("given %q, %v", given, err)
	}
	if _, _, err := Translate("agee > 1", translationTable(), R); err == nil {
		t.Error("an unknown variable is not refused")
	}
}
