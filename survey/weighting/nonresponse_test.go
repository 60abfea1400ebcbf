package weighting_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
	"surveykit/survey/weighting"
)

// nonresponseCase is what R made of a spec: sums and the first weights, the mean
// of read_policy, and its standard error by the jackknife over PSUs.
type nonresponseCase struct {
	Spec         string
	Sum, Squares float64
	Weights      []float64
	Mean         float64
	SE           *float64
}

func nonresponseCases(t *testing.T) []nonresponseCase {
	t.Helper()
	b, err := os.ReadFile("testdata/nonresponse.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []nonresponseCase }
	if err := json.Unmarshal(b, &file); err != nil || len(file.Cases) != 4 {
		t.Fatalf("%d cases: %v", len(file.Cases), err)
	}
	return file.Cases
}

// propensityTolerance is what is left of weights where a Newton step of two
// programs is too small to take: both stop at about 1e-8 of the deviance.
const propensityTolerance = 1e-6

// jackknifeTolerance is how far the residual variance may be from a jackknife of
// 70 PSUs: by a term or two of order 1/70.
const jackknifeTolerance = 0.03

// Weights adjusted for non-response, and volunteers weighted to a reference
// survey, are R's, with the mean under them. The jackknife of replicates that are
// adjusted anew is R's standard error exactly, the residual variance nearly.
func TestNonresponseInR(t *testing.T) {
	people := referenceTable(t, "twostage.csv")
	for _, c := range nonresponseCases(t) {
		spec, err := weighting.Parse([]byte(c.Spec), "spec.yaml", func(string) (*survey.Table, error) { return ofWave(people, 2008), nil })
		if err != nil {
			t.Fatal(err)
		}
		if c.SE == nil {
			volunteers := ofWave(people, 2011)
			frame := frameOf(t, volunteers, survey.Design{})
			checkNonresponse(t, c, spec, volunteers, frame)
			continue
		}
		frame := frameOf(t, people, survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}})
		if se := checkNonresponse(t, c, spec, people, frame); !(math.Abs(se / *c.SE - 1) < jackknifeTolerance) {
			t.Errorf("%s: the standard error is %v, R's jackknife %v", c.Spec, se, *c.SE)
		}
		replicated, frame := withoutPSUs(t, people)
		within(t, c.Spec+": jackknife", checkNonresponse(t, c, spec, replicated, frame), *c.SE, propensityTolerance)
	}
}

func frameOf(t *testing.T, data *survey.Table, d survey.Design) *engine.Frame {
	t.Helper()
	f, err := engine.NewFrame(data, d)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// checkNonresponse compares weights and mean and returns the standard error.
func checkNonresponse(t *testing.T, c nonresponseCase, spec *weighting.Spec, data *survey.Table, f *engine.Frame) float64 {
	t.Helper()
	weighted, r, err := spec.Frame(data, f)
	if err != nil {
		t.Fatal(err)
	}
	squares := 0.0
	for _, w := range r.Weights {
		squares += w * w
	}
	within(t, c.Spec+": sum of weights", r.Sum, c.Sum, propensityTolerance)
	within(t, c.Spec+": sum of squares", squares, c.Squares, propensityTolerance)
	for i, w := range c.Weights {
		within(t, fmt.Sprintf("%s: weight %d", c.Spec, i+1), r.Weights[i], w, propensityTolerance)
	}
	s := sampletest.Framed(t, data, weighted, estimate.Options{})
	mean, err := s.Means([]string{"read_policy"})
	if err != nil {
		t.Fatal(err)
	}
	within(t, c.Spec+": mean", mean[0].Value.Float(), c.Mean, propensityTolerance)
	return mean[0].SE.Float()
}

// ofWave are the rows of one wave.
func ofWave(data *survey.Table, wave float64) *survey.Table {
	var rows []int
	for i, x := range data.Lookup("wave").Numbers.All() {
		if x == wave {
			rows = append(rows, i)
		}
	}
	out := permuted(data, rows)
	out.Rows = len(rows)
	return out
}

// withoutPSUs has the replicates of the stratified jackknife: each without a PSU,
// the others of its stratum in its place.
func withoutPSUs(t *testing.T, data *survey.Table) (*survey.Table, *engine.Frame) {
	t.Helper()
	w, stratum, psu := data.Lookup("weight").Numbers.Slice(), data.Lookup("stratum").Numbers.Slice(), data.Lookup("psu").Numbers.Slice()
	var units [][2]float64
	seen, in := map[[2]float64]bool{}, map[float64]float64{}
	for i := range w {
		if u := [2]float64{stratum[i], psu[i]}; !seen[u] {
			seen[u] = true
			units = append(units, u)
			in[u[0]]++
		}
	}
	var replicates []*survey.Variable
	var scales []float64
	for k, u := range units {
		r := make([]float64, len(w))
		for i := range r {
			switch {
			case stratum[i] != u[0]:
				r[i] = w[i]
			case psu[i] != u[1]:
				r[i] = w[i] * in[u[0]] / (in[u[0]] - 1)
			}
		}
		replicates = append(replicates, numbers(fmt.Sprintf("jk%d", k), r...))
		scales = append(scales, (in[u[0]]-1)/in[u[0]])
	}
	out := data.With(replicates...)
	return out, frameOf(t, out, survey.Design{Weight: "weight", Replicates: &survey.ReplicateSpec{Columns: "jk*", Type: "jkn", RScales: scales}})
}

// Where everybody of a category responded the likelihood tends to a propensity of
// 1 for them, and the others are weighted as if they were alone; where nobody did
// there is no propensity. Both name the category.
func TestSeparatedNonresponse(t *testing.T) {
	const spec = "{method: nonresponse, respondents: responded == 1, formula: ~ gender + hours, adjust: inverse}"
	data := town(300, 3)
	gender, responded, w := data.Lookup("gender"), data.Lookup("responded").Numbers, data.Lookup("w").Numbers.Slice()
	others := slices.Clone(w)
	rows := 0
	for i := range data.Rows {
		if at, _ := gender.At(i); at.Text == "x" {
			responded.Set(i, 1)
			others[i] = 0
			rows++
		}
	}
	got, err := parse(t, spec).Apply(data, w)
	if err != nil {
		t.Fatal(err)
	}
	want, err := parse(t, spec).Apply(data, others)
	if err != nil {
		t.Fatal(err)
	}
	for i := range w {
		expected := want.Weights[i]
		if others[i] == 0 {
			expected = w[i]
		}
		within(t, "weight", got.Weights[i], expected, 1e-9)
	}
	pattern := fmt.Sprintf("all %d rows with gender = x ", rows)
	if len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0].Text, pattern+"responded") {
		t.Errorf("warnings %q", got.Warnings)
	}
	for i, was := range others {
		if was == 0 {
			responded.Set(i, 0)
		}
	}
	if _, err := parse(t, spec).Apply(data, w); err == nil || !strings.Contains(err.Error(), "nobody took part") || !strings.Contains(err.Error(), pattern+"did not respond") {
		t.Errorf("a category without a respondent: %v", err)
	}
}
