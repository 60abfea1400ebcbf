package weighting_test

import (
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/weighting"
)

// census counts people by single years of age and sex, with lines for both sexes
// and for all ages, as such files have them.
func census(string) (*survey.Table, error) {
	t := table(numbers("SEX", 1, 1, 2, 2, 1, 0, 0), numbers("AGE", 18, 40, 18, 41, 999, 18, 40), numbers("POP", 10, 30, 20, 40, 40, 30, 70))
	t.Sources[0].Path = "census.csv"
	return t, nil
}

const fromFile = `method: rake
margins:
  age * gender:
    file: census.csv
    total: POP
    columns: {age: AGE, gender: SEX}
    categories:
      age: {young: 18-24, old: 25-100}
      gender: {male: 1, female: [2]}
`

// The margin is added up from the file's rows; the lines of both sexes and of
// all ages are in no category.
func TestPopulationFile(t *testing.T) {
	spec, err := weighting.Parse([]byte(fromFile), "spec.yaml", census)
	if err != nil {
		t.Fatal(err)
	}
	r, err := spec.Apply(people(), base)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{20, 40, 10, 10, 20, 0} { // rows 4 and 5 share the 30 old men
		if math.Abs(r.Weights[i]-want) > zero {
			t.Fatalf("weights %v", r.Weights)
		}
	}
	if len(r.Inputs) != 2 || r.Inputs[0].Path != "spec.yaml" || len(r.Inputs[0].SHA256) != 64 || r.Inputs[1].Path != "census.csv" {
		t.Errorf("inputs %+v", r.Inputs)
	}
}

func TestPopulationFileProblems(t *testing.T) {
	for _, c := range []struct{ old, replacement, want string }{
		{"total: POP", "total: POPS", `spec.yaml:5:12: there is no column "POPS" in census.csv; did you mean POP?`},
		{"    total: POP\n", "", "spec.yaml:3:3: the column with the totals is not named; add total: with the name of the column"},
		{"gender: SEX", "gender: SEXE", `spec.yaml:6:33: there is no column "SEXE" in census.csv; did you mean SEX?`},
		{"columns: {age: AGE, gender: SEX}", "columns: {ages: AGE, gender: SEX}", `spec.yaml:6:15: there is no variable "ages"; did you mean age?`},
		{"25-100", "50-100", `spec.yaml:8:27: column age, value "old": no row of census.csv is in this category, by 50-100; give the values that the file has`},
		{"file: census.csv", "file: census.csv\n    totals: POP", `spec.yaml:5:5: there is no key "totals"; totals from a file have file, total, columns, categories and others`},
	} {
		text := strings.Replace(fromFile, c.old, c.replacement, 1)
		if text == fromFile {
			t.Fatal(c.old)
		}
		_, err := weighting.Parse([]byte(text), "spec.yaml", census)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant\n%s", c.replacement, err, c.want)
		}
	}
	bad := func(string) (*survey.Table, error) {
		t, err := census("")
		t.Lookup("POP").Numbers.Set(1, math.NaN())
		t.Lookup("POP").Numbers.Set(2, -4)
		return t, err
	}
	_, err := weighting.Parse([]byte(fromFile), "spec.yaml", bad)
	if want := "census.csv: row 2, column POP: the total is missing or negative; fill it in\ncensus.csv: row 3, column POP, value \"-4\": the total is missing or negative; fill it in"; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	absent := func(string) (*survey.Table, error) { return nil, errors.New("no such file") }
	if _, err := weighting.Parse([]byte(fromFile), "spec.yaml", absent); err == nil || !strings.Contains(err.Error(), `spec.yaml:4:11: value "census.csv": the file cannot be read: no such file`) {
		t.Error(err)
	}
}

// What is wrong with steps, models, reference surveys and classes is said in full.
func TestProblemsOfSteps(t *testing.T) {
	for text, want := range map[string]string{
		"steps: []": "spec.yaml:1:1: steps is an empty list; list at least one",
		"{steps: [{method: trim, upper: 2}], scale: n}":                                                                       `spec.yaml:1:37: the key "scale" does not go with steps; move it into its step`,
		"{method: trim, upper: 2, margins: {a: {b: 1}}}":                                                                      `spec.yaml:1:26: trim has no key "margins"; trim knows method, lower, upper, tolerance, within, scale`,
		"{method: trim, upper: 2, scale: 0}":                                                                                  `spec.yaml:1:33: value "0": weights cannot be scaled to this; write scale: n, scale: population or a total above zero`,
		"{method: nonresponse, respondents: a == 1}":                                                                          "spec.yaml:1:10: nonresponse needs either classes or formula",
		"{method: nonresponse, respondents: a == 1, classes: [b], adjust: inverse}":                                           "spec.yaml:1:10: adjust goes with formula",
		"{method: nonresponse, respondents: a == 1, formula: ~ b, adjust: tenths}":                                            `spec.yaml:1:66: adjust cannot be "tenths"; write inverse, quintiles`,
		"{method: calibrate, formula: ~ a}":                                                                                   "spec.yaml:1:10: calibrate needs either population or reference",
		"{method: calibrate, formula: ~ hours, reference: {file: reference.csv}, standard_errors: {a: 1}}":                    "the covariance of the totals comes from the reference survey",
		"{method: calibrate, formula: ~ hours, within: wave, reference: {file: reference.csv}}":                               "within cannot be used with a reference survey",
		"{method: propensity, formula: ~ hours, reference: {weight: w}}":                                                      "spec.yaml:1:40: reference has no file",
		"{method: propensity, formula: ~ hours, reference: {file: reference.csv, wait: w}}":                                   `there is no key "wait" in reference; the keys are file, psu, replicates, strata, weight`,
		"{method: rake, margins: {a * : {b: 1}}}":                                                                             "a margin needs a variable on both sides of *",
		"{method: rake, margins: {a * b: {c: 1}}}":                                                                            "c must hold key: value pairs",
		"{method: poststratify, others: drop, cells: [{a: x, total: 1}]}":                                                     `others cannot be "drop"; write keep`,
		"{method: nonresponse, respondents: respondd == 1, classes: [age]}":                                                   `there is no variable "respondd"; did you mean responded?`,
		"{method: nonresponse, respondents: responded == 7, classes: [age]}":                                                  `value "7": the value is not labelled and never occurs; the nearest codes are 1, 0`,
		"{method: nonresponse, respondents: responded > 7, classes: [age]}":                                                   `value "responded > 7": no row with a weight responded; check the condition`,
		"{method: nonresponse, respondents: responded == 1 and age < 3, classes: [age]}":                                      `value "old": nobody responded in this class of`,
		"{method: nonresponse, respondents: responded == 1, formula: ~ responded, adjust: inverse}":                           "the formula separates those who took part from the others completely",
		"{method: propensity, formula: ~ hour, reference: {file: reference.csv}}":                                             `there is no variable "hour"; did you mean hours?`,
		"{method: rake, within: gendr, margins: {age: {young: 1, middle: 1, old: 2}}}":                                        `spec.yaml:1:24: there is no variable "gendr"; did you mean gender?`,
		"{method: rake, within: wave, margins: {age: {young: 1, middle: 1}}}":                                                 `value "old": the category has no target`,
		"{method: rake, margins: {gender: {f: keep, m: keep, x: keep}}}":                                                      "column gender: the targets add to 0; give totals, or shares that add to 1",
		"{method: calibrate, formula: ~ hours, population: {(Intercept): 9, hours: 50}, covariance: {hours: {hours: -4}}}":    `value "-4": this cannot be the covariance of hours and hours`,
		"{method: calibrate, formula: ~ hours, population: {(Intercept): 9, hours: 50}, standard_errors: {hour: 4}}":          `there is no column "hour" of the model, whose covariance is given; did you mean hours?`,
		"{method: calibrate, formula: ~ hours, population: {(Intercept): 200, hours: 100}}":                                   "the calibrated weight is negative",
		"{method: nonresponse, respondents: responded == 1, classes: [w, hours, y]}":                                          "this makes more than 10000 classes",
		"{method: rake, within: wave, margins: {age: {young: 10, middle: 10, old: 20}, gender: {f: 10, m: 10, x: 10}}}":       "the targets add to 30, those of age to 40",
		"{steps: [{method: trim, lower: 1, upper: 1.0001}]}":                                                                  "cannot have the sum of these: their mean is",
		"{method: calibrate, formula: ~ age, distance: logit, bounds: [0.99, 1.01], population: {(Intercept): 900, age: 90}}": "widen the bounds, or check whether the totals contradict each other",
	} {
		spec, err := weighting.Parse([]byte(text), "spec.yaml", files(t))
		if err == nil {
			_, err = spec.Apply(town(200, 1), town(200, 1).Lookup("w").Numbers.Slice())
		}
		if _, ok := err.(survey.Problems); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v\nwant\n%s", text, err, want)
		}
	}
}

// A fault that every group of a step has is told once.
func TestProblemsOfGroupsAreToldOnce(t *testing.T) {
	_, err := parse(t, "{method: rake, within: wave, margins: {agee: {young: 1, old: 2}}}").Apply(town(50, 1), town(50, 1).Lookup("w").Numbers.Slice())
	if problems, ok := err.(survey.Problems); !ok || len(problems) != 1 {
		t.Error(err)
	}
}

// Fewer replicates than estimated totals cannot carry their covariance.
func TestTooFewReplicatesForTheTargets(t *testing.T) {
	data := town(60, 2)
	f, replicated := jackknifed(t, data)
	f.ByRow.Replicates, f.Replicates.Names = f.ByRow.Replicates[:1], f.Replicates.Names[:1]
	_, _, err := parseFiles(t, "{method: calibrate, formula: ~ hours, distance: raking, reference: {file: reference.csv, weight: w}}").Frame(replicated, f)
	if err == nil || !strings.Contains(err.Error(), "1 replicates cannot carry the covariance of 2 estimated totals") {
		t.Error(err)
	}
}

// Every spec of the README is one.
func TestReadmeSpecsAreRead(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	open := func(string) (*survey.Table, error) {
		t, err := census("")
		pop := *t.Lookup("POP")
		pop.Name = "POPULATION"
		return t.With(&pop), err
	}
	blocks := strings.Split(string(text), "```yaml\n")[1:]
	for _, b := range blocks {
		spec, _, _ := strings.Cut(b, "```")
		_, err := weighting.Parse([]byte(spec), "README.md", open)
		var problems survey.Problems
		if errors.As(err, &problems) && !strings.Contains(err.Error(), "no row of census.csv is in this category") { // the file of these tests is small
			t.Errorf("%s: %v", spec, err)
		}
	}
	if len(blocks) != 3 {
		t.Errorf("%d specs", len(blocks))
	}
}
