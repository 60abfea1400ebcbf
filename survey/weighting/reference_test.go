package weighting_test

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"surveykit/datasets/reference"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/weighting"
)

const (
	// weightTolerance is how far R's weights may be off: its calibration stops at
	// 1e-7 of the totals.
	weightTolerance = 1e-6
	// meanTolerance follows from it; a standard error of 0 comes out as 1e-17 in
	// R and as 1e-15 here.
	meanTolerance, zero = 1e-6, 1e-9
)

// TestReference holds weights, and the means and standard errors under the
// calibrated design, against R's survey package.
func TestReference(t *testing.T) {
	cases, err := reference.Cases()
	if err != nil {
		t.Fatal(err)
	}
	data := referenceTable(t, "twostage.csv")
	run := 0
	for _, c := range cases {
		if c.Request.Statistic != "weighting" {
			continue
		}
		run++
		t.Run(c.ID, func(t *testing.T) { checkCase(t, c, data) })
	}
	if run == 0 {
		t.Error("there are no cases of weighting")
	}
}

func referenceTable(t testing.TB, name string) *survey.Table {
	t.Helper()
	b, err := reference.File(name)
	if err != nil {
		t.Fatal(err)
	}
	table, err := delimited.Read(bytes.NewReader(b), int64(len(b)), name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// caseSpec is a case's request as a spec in JSON.
func caseSpec(t *testing.T, q reference.Request) *weighting.Spec {
	t.Helper()
	s := map[string]any{"method": q.Method}
	switch q.Method {
	case "rake":
		margins := map[string]any{}
		for _, m := range q.Margins {
			margins[m.Variable] = m.Targets
		}
		s["margins"] = margins
	case "poststratify":
		for _, c := range q.Cells {
			c["total"] = c["Freq"]
			delete(c, "Freq")
		}
		s["cells"] = q.Cells
	case "calibrate":
		s["formula"], s["population"], s["distance"] = q.Formula, q.Population, q.Distance
		if len(q.Bounds) > 0 {
			s["bounds"] = q.Bounds
		}
	case "trim":
		s["lower"], s["upper"] = q.Lower, q.Upper
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := weighting.Parse(b, "spec.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func checkCase(t *testing.T, c reference.Case, data *survey.Table) {
	var want struct {
		Weights  []float64
		KishDeff float64 `json:"kish_deff"`
		Means    []struct {
			Variable     string
			Estimate, SE float64
		}
	}
	if err := json.Unmarshal(c.Expected, &want); err != nil {
		t.Fatal(err)
	}
	frame, err := engine.NewFrame(data, survey.Design{Weight: c.Design.Weight, Strata: c.Design.Strata, PSU: c.Design.PSU})
	if err != nil {
		t.Fatal(err)
	}
	frame, result, err := caseSpec(t, c.Request).Frame(data, frame)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i, w := range want.Weights {
		worst = math.Max(worst, math.Abs(result.Weights[i]/w-1))
	}
	if len(result.Weights) != len(want.Weights) || !(worst <= weightTolerance) {
		t.Errorf("%d weights, the worst is %.2g off", len(result.Weights), worst)
	}
	within(t, "design effect", result.KishDeff, want.KishDeff, weightTolerance)
	sample := sampletest.Framed(t, data, frame, estimate.Options{})
	for _, m := range want.Means {
		got, err := sample.Means([]string{m.Variable})
		if err != nil {
			t.Fatal(err)
		}
		within(t, "mean of "+m.Variable, got[0].Value.Float(), m.Estimate, meanTolerance)
		within(t, "standard error of "+m.Variable, got[0].SE.Float(), m.SE, meanTolerance)
	}
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)+zero) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
