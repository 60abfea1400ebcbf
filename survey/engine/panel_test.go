package engine_test

import (
	"math"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// panel is four people asked in two waves.
func panel() *survey.Table {
	numbers := func(name string, x ...float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
	}
	return &survey.Table{Rows: 8, Variables: []*survey.Variable{
		numbers("id", 1, 2, 3, 4, 1, 2, 3, 4), numbers("wave", 1, 1, 1, 1, 2, 2, 2, 2), numbers("y", 1, 2, 4, 7, 3, 4, 5, 8),
	}}
}

// TestPanelChangeIsThePairedTest: the mean of the differences 2, 2, 1, 1 has
// the standard error √(1/3)/√4, and four people less one stratum are 3 df.
func TestPanelChangeIsThePairedTest(t *testing.T) {
	d, df := waveChange(t, survey.Design{WaveVariable: "wave", Waves: "panel", PSU: []string{"id"}})
	const rounding = 1e-14
	if want := math.Sqrt(1.0/3) / 2; math.Abs(d-want) > rounding || df != 3 {
		t.Errorf("se %v with df %v, want %v with 3", d, df, want)
	}
}

// TestIndependentChangeIsTheTwoSampleTest: variances 7 and 14/3 of four each
// add up, and eight people less two strata are 6 df.
func TestIndependentChangeIsTheTwoSampleTest(t *testing.T) {
	d, df := waveChange(t, survey.Design{WaveVariable: "wave", PSU: []string{"id"}})
	const rounding = 1e-14
	if want := math.Sqrt((7 + 14.0/3) / 4); math.Abs(d-want) > rounding || df != 6 {
		t.Errorf("se %v with df %v, want %v with 6", d, df, want)
	}
}

// waveChange is the standard error of the change of the mean of y.
func waveChange(t *testing.T, design survey.Design) (se, df float64) {
	table := panel()
	f, err := engine.NewFrame(table, design)
	if err != nil {
		t.Fatal(err)
	}
	wave, y := table.Lookup("wave").Numbers.Slice(), table.Lookup("y").Numbers.Slice()
	u := make([]float64, table.Rows)
	for i := range u {
		mean := []float64{3.5, 5}[int(wave[i])-1]
		u[i] = (2*wave[i] - 3) * (y[i] - mean) / 4
	}
	d := f.Deviations(u)
	return math.Sqrt(stats.Dot(d, d)), f.DF(func(int) bool { return true })
}

func TestPanelNeedsIDs(t *testing.T) {
	_, err := engine.NewFrame(panel(), survey.Design{WaveVariable: "wave", Waves: "panel"})
	if err == nil || !strings.Contains(err.Error(), "give the ids") {
		t.Errorf("a panel without ids: %v", err)
	}
}
