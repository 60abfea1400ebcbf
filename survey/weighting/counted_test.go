package weighting_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
	"surveykit/survey/weighting"
)

// counts is a population by sex and single years of age, with a line of all.
func counts(string) (*survey.Table, error) {
	t := table(texts("SEX", "F", "F", "M", "M", "all"), numbers("AGE", 18, 40, 18, 41, 99), numbers("POP", 20, 40, 10, 30, 100))
	t.Sources[0].Path = "census.csv"
	return t, nil
}

const countedModel = `method: calibrate
population:
  file: census.csv
  total: POP
  columns: {age: AGE, gender: SEX}
  categories:
    age: {young: 18-24, old: 25-90}
    gender: {male: M, female: F}
formula: ~ gender + factor(age)
`

// Totals that a file counts are those that a person would add up from it.
func TestCountedPopulation(t *testing.T) {
	spec, err := weighting.Parse([]byte(countedModel), "spec.yaml", counts)
	if err != nil {
		t.Fatal(err)
	}
	got, err := spec.Apply(people(), base)
	if err != nil {
		t.Fatal(err)
	}
	want := apply(t, "{method: calibrate, formula: ~ gender + factor(age), population: {(Intercept): 100, gendermale: 40, factor(age)old: 70}}")
	for i := range base {
		if math.Abs(got.Weights[i]-want.Weights[i]) > zero {
			t.Fatalf("weights %v, want %v", got.Weights, want.Weights)
		}
	}
	if len(got.Inputs) != 2 || got.Margins[1].Variable != "gendermale" || got.Margins[1].Target != 40 {
		t.Errorf("inputs %+v, margins %+v", got.Inputs, got.Margins)
	}
}

// Without categories numbers are taken as they are: the mean age is that of the file.
func TestCountedNumbers(t *testing.T) {
	open := func(string) (*survey.Table, error) {
		return table(numbers("hours", 2, 5, math.NaN()), numbers("n", 30, 10, 7)), nil
	}
	spec, err := weighting.Parse([]byte("{method: calibrate, formula: ~ hours, distance: raking, population: {file: p.csv, total: n}}"), "spec.yaml", open)
	if err != nil {
		t.Fatal(err)
	}
	r, err := spec.Apply(people(), base)
	if err != nil || math.Abs(r.Sum-40) > zero || math.Abs(r.Margins[1].After-110) > zero {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestCountedPopulationProblems(t *testing.T) {
	for _, c := range []struct{ old, replacement, want string }{
		{"25-90", "50-90", `spec.yaml:3:9: column age, value "old": nobody in census.csv is in this category, but 3 rows of the sample are; combine it with another category`},
		{"    gender: {male: M, female: F}\n", "", `census.csv: row 1, column SEX: there is no category "F" in the sample's gender; write under categories which values of the file belong to which category of the sample`},
		{"old: 25-90", "middle: 40, old: 41-90", `there is no category "middle" in the sample's age; write under categories`},
		{"columns: {age: AGE, gender: SEX}", "columns: {age: AGE, gender: SEX, hours: X}", `spec.yaml:5:36: there is no variable "hours"`},
		{"total: POP", "total: SEX", "spec.yaml:4:10: column SEX: the column of totals is text; name a column of numbers"},
		{"total: POP", "total: POP\n  others: keep", "spec.yaml:3:9: others: keep belongs to margins and cells; remove it, or use method: rake"},
		{"factor(age)", "hours", `there is no column "hours" in census.csv`},
	} {
		text := strings.Replace(countedModel, c.old, c.replacement, 1)
		spec, err := weighting.Parse([]byte(text), "spec.yaml", counts)
		if err == nil {
			_, err = spec.Apply(people(), base)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant\n%s", c.replacement, err, c.want)
		}
	}
	short := func(string) (*survey.Table, error) {
		t, err := counts("")
		t.Lookup("POP").Numbers.Set(3, math.NaN())
		return t, err
	}
	spec, err := weighting.Parse([]byte(countedModel), "spec.yaml", short)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := spec.Apply(people(), base); err == nil || err.Error() != "census.csv: row 4, column POP: the total is missing or negative; fill it in" {
		t.Error(err)
	}
}

// The cells of a file, and those of a nested list, are the cells one by one.
func TestCellsFromAFile(t *testing.T) {
	open := func(string) (*survey.Table, error) {
		return table(texts("sex", "female", "female", "male", "male"), numbers("age", 1, 2, 1, 2), numbers("n", 3, 2, 5, 6)), nil
	}
	for _, text := range []string{
		"{method: poststratify, cells: {gender * age: {file: p.csv, total: n, columns: {gender: sex}}}}",
		"{method: poststratify, cells: {gender * age: {female: {young: 3, old: 2}, male: {young: 5, old: 6}}}}",
	} {
		spec, err := weighting.Parse([]byte(text), "spec.yaml", open)
		if err != nil {
			t.Fatal(err)
		}
		r, err := spec.Apply(people(), base)
		if err != nil || !slices.Equal(r.Weights, []float64{3, 2, 5, 2, 4, 0}) {
			t.Errorf("%s: %+v, %v", text, r, err)
		}
	}
}

// jackknifeFile is a reference survey whose replicates each leave out a row.
func jackknifeFile(t *testing.T, seed uint64) weighting.Open {
	t.Helper()
	_, data := jackknifed(t, town(60, seed))
	return func(string) (*survey.Table, error) { return data, nil }
}

// The variance that a reference survey adds is the same by its replicates, each
// without one row, as by its rows: both are linear in them.
func TestReferenceReplicatesAreItsRows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64Range(1, 1000).Draw(rt, "seed")
		data, open := town(200, seed+5), jackknifeFile(t, seed)
		frame, err := engine.NewFrame(data, survey.Design{Weight: "w"})
		if err != nil {
			rt.Fatal(err)
		}
		text := rapid.SampledFrom([]string{
			"{method: calibrate, formula: ~ factor(age), distance: raking, reference: {file: r.csv, weight: w%s}}",
			"{method: propensity, formula: ~ factor(age) + hours, reference: {file: r.csv, weight: w%s}}",
			"{method: propensity, formula: ~ age, adjust: quintiles, reference: {file: r.csv, weight: w%s}}",
		}).Draw(rt, "spec")
		var got [2]float64
		for k, design := range []string{"", ", replicates: {columns: 'jk*', type: jk1}"} {
			spec, err := weighting.Parse(fmt.Appendf(nil, text, design), "spec.yaml", open)
			if err != nil {
				rt.Fatal(err)
			}
			weighted, _, err := spec.Frame(data, frame)
			if err != nil {
				rt.Skip("nobody in this small reference survey is like the sample")
			}
			got[k] = meanSE(t, data, weighted)
		}
		if math.Abs(got[0]/got[1]-1) > 1e-9 {
			rt.Errorf("%s: %v by rows, %v by replicates", text, got[0], got[1])
		}
	})
}

// A total that a reference survey estimates has the standard error that its
// replicates say, here of another scale than its rows would.
func TestScaleOfReferenceReplicates(t *testing.T) {
	data, open := town(200, 8), jackknifeFile(t, 3)
	frame, err := engine.NewFrame(data, survey.Design{Weight: "w"})
	if err != nil {
		t.Fatal(err)
	}
	total := func(replicates string) float64 {
		spec, err := weighting.Parse(fmt.Appendf(nil, "{method: calibrate, formula: ~ hours, reference: {file: r.csv, weight: w, replicates: {columns: 'jk*', %s}}}", replicates), "spec.yaml", open)
		if err != nil {
			t.Fatal(err)
		}
		f, _, err := spec.Frame(data, frame)
		if err != nil {
			t.Fatal(err)
		}
		s := sampletest.Framed(t, data, f, estimate.Options{})
		r, err := s.Totals([]string{"hours"})
		if err != nil {
			t.Fatal(err)
		}
		return r[0].SE.Float()
	}
	jackknife := total("type: jk1")
	for text, factor := range map[string]float64{
		"type: other, scale: 1":               math.Sqrt(60. / 59),
		"type: jk1, scale: 1, rscales: [4]":   2 * math.Sqrt(60./59),
		"type: fay, fay_rho: 0.5, mse: false": math.Sqrt(4. / 59),
	} {
		if got := total(text); !(math.Abs(got/(jackknife*factor)-1) < 1e-9) {
			t.Errorf("%s: %v, want %v", text, got, jackknife*factor)
		}
	}
}

func TestReferenceReplicateProblems(t *testing.T) {
	for text, want := range map[string]string{
		"replicates: {columns: 'jk*'}":                          "reference.replicates has no type; add type:",
		"replicates: {columns: 'jk*', type: jack}":              `reference.replicates.type cannot be "jack"; write brr, fay, jk1`,
		"replicates: {columns: 'jk*', type: jk1, rho: 2}":       `there is no key "rho" in reference.replicates; did you mean fay_rho?`,
		"replicates: {columns: 'jk*', type: jk1}, strata: wave": "the reference has both replicates and strata or psu; keep the replicates: they contain the design",
		"replicates: {columns: 'none*', type: jk1}":             "the pattern of the replicate weights matches 0 columns",
		"replicates: {columns: 'jk*', type: jk1, mse: maybe}":   `reference.replicates.mse is text; it must be true or false`,
	} {
		spec, err := weighting.Parse(fmt.Appendf(nil, "{method: calibrate, formula: ~ hours, reference: {file: r.csv, weight: w, %s}}", text), "spec.yaml", jackknifeFile(t, 3))
		if err == nil {
			_, err = spec.Apply(town(100, 2), town(100, 2).Lookup("w").Numbers.Slice())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v\nwant\n%s", text, err, want)
		}
	}
}
