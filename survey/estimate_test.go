package survey_test

import (
	"encoding/json"
	"math"
	"testing"

	"surveykit/survey"
)

// A figure that nobody has filled does not exist, and 0 does.
func TestZeroFigureDoesNotExist(t *testing.T) {
	var zero survey.Figure
	if zero.Exists() || !math.IsNaN(zero.Float()) || zero != survey.FigureOf(math.NaN()) {
		t.Errorf("the zero figure is %v", zero)
	}
	for _, x := range []float64{0, math.Copysign(0, -1), 1, -0.5, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		if f := survey.FigureOf(x); !f.Exists() || math.Float64bits(f.Float()) != math.Float64bits(x) {
			t.Errorf("the figure of %v is %v", x, f)
		}
	}
	if f := survey.FigureOf(math.Inf(1)); f.Exists() || !math.IsInf(f.Float(), 1) {
		t.Errorf("the figure of infinity is %v", f)
	}
}

// In JSON every figure of the zero estimate is null, and a figure that a record lacks
// does not exist after it is read.
func TestZeroEstimateInJSON(t *testing.T) {
	b, err := json.Marshal(survey.Estimate{})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"quantile", "estimate", "se", "ci_low", "ci_high", "level", "df", "n_weighted", "n_effective", "deff", "t", "p"} {
		if x, ok := fields[name]; !ok || x != nil {
			t.Errorf("%s is %v", name, x)
		}
	}
	for text, want := range map[string]survey.Figure{`{}`: {}, `{"estimate": null}`: {}, `{"estimate": 0}`: survey.FigureOf(0)} {
		var e survey.Estimate
		if err := json.Unmarshal([]byte(text), &e); err != nil || e.Value != want {
			t.Errorf("%s is read as %v, %v", text, e.Value, err)
		}
	}
}
