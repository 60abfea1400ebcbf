package weighting_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
	"surveykit/survey/weighting"
)

// Volunteers whose participation depends on age are brought back by each way of
// weighting to a reference survey. The tolerances are four standard errors.
func TestVolunteersAgainstAReference(t *testing.T) {
	people, volunteers := town(6000, 31), []int{}
	age, y := people.Lookup("age").Numbers.Slice(), people.Lookup("y").Numbers.Slice()
	truth := 0.0
	for i := range y {
		truth += y[i] / 6000
		if i%3 == 0 && (age[i] > 1 || i%9 == 0) {
			volunteers = append(volunteers, i)
		}
	}
	sample := permuted(people, volunteers)
	sample.Rows = len(volunteers)
	open := func(string) (*survey.Table, error) { return people, nil }
	raw, _ := meanOf(sample, nil)
	for _, text := range []string{
		"{method: propensity, formula: ~ factor(age), reference: {file: r.csv}}",
		"{method: propensity, formula: ~ factor(age), adjust: quintiles, reference: {file: r.csv}}",
		"{method: calibrate, formula: ~ factor(age), reference: {file: r.csv}}",
	} {
		spec, err := weighting.Parse([]byte(text), "spec.yaml", open)
		if err != nil {
			t.Fatal(err)
		}
		r, err := spec.Apply(sample, slices.Repeat([]float64{1}, sample.Rows))
		if err != nil {
			t.Fatal(err)
		}
		got, err := meanOf(sample, r.Weights)
		if err != nil || math.Abs(got-truth) > 4*0.03 || math.Abs(raw-truth) < 0.2 {
			t.Errorf("%s: %v, the truth is %v, unweighted %v", text, got, truth, raw)
		}
		if math.Abs(r.Sum-6000) > 1 {
			t.Errorf("%s: the weights add to %v of 6000 people", text, r.Sum)
		}
		if modelled := strings.Contains(text, "propensity"); r.Modelled != modelled || modelled != strings.Contains(strings.Join(r.Warnings.Texts(), ""), "precision is modelled") {
			t.Errorf("%s: modelled %v, warnings %q", text, r.Modelled, r.Warnings)
		}
	}
}

func meanOf(data *survey.Table, w []float64) (float64, error) {
	var sum, all float64
	for i, y := range data.Lookup("y").Numbers.All() {
		weight := 1.0
		if w != nil {
			weight = w[i]
		}
		sum += weight * y
		all += weight
	}
	return sum / all, nil
}

// Estimated totals add their variance, through the coefficients: a total that
// the calibration fixes has the standard error that was given for it.
func TestStandardErrorsOfTargets(t *testing.T) {
	data := town(200, 6)
	frame, err := engine.NewFrame(data, survey.Design{Weight: "w"})
	if err != nil {
		t.Fatal(err)
	}
	jackknife, withReplicates := jackknifed(t, data)
	spec := parse(t, "{method: calibrate, formula: ~ hours, population: {(Intercept): 200, hours: 1100}, standard_errors: {hours: 30}, covariance: {(Intercept): {(Intercept): 9, hours: 20}}}")
	for k, f := range []*engine.Frame{frame, jackknife} {
		table := []*survey.Table{data, withReplicates}[k]
		f, _, err := spec.Frame(table, f)
		if err != nil {
			t.Fatal(err)
		}
		s := sampletest.Framed(t, table, f, estimate.Options{})
		r, err := s.Totals([]string{"hours"})
		if err != nil || math.Abs(r[0].Value.Float()-1100) > 1e-6 || math.Abs(r[0].SE.Float()/30-1) > 0.01 { // replicates centre at their mean
			t.Errorf("%+v, %v", r, err)
		}
	}
}
