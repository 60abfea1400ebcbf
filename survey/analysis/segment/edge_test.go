package segment_test

import (
	"math"
	"slices"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// An answer that nobody of a class gives has a standard error of 0, and one that
// half a person of forty gives nearly: their intervals are Clopper and Pearson's by
// the class's people, and not by all hundred. Answers of R 4.2.2:
//
//	1 - 0.025^(1/40)
//	n <- 39.5^2 / 39.25; x <- 0.5 / 39.5 * n; qbeta(c(.025, .975), c(x, x + 1), n - x + 1:0)
func TestRareAnswersGoByTheClass(t *testing.T) {
	// estimated is what an EM leaves of its last steps.
	const estimated = 1e-6
	items, columns := []string{"a", "b", "c", "d", "e", "rare"}, make([][]float64, 6)
	for i := range 100 {
		small := 0.0
		if i < 40 {
			small = 1
		}
		for j := range 5 {
			columns[j] = append(columns[j], small)
		}
		columns[5] = append(columns[5], (1-small)*float64(i%2))
	}
	limits := func(weights []float64, low, high float64) {
		t.Helper()
		table := &survey.Table{Rows: 100, Variables: []*survey.Variable{{Name: "weight", Kind: survey.Number, Numbers: survey.NewNumbers(weights)}}}
		for j, name := range items {
			table.Variables = append(table.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(columns[j])})
		}
		records, _ := classes(t, table, survey.Design{Weight: "weight"}, segment.LatentClassOptions{Items: items, Classes: []int{2}, Starts: 5, Seed: 1})
		e := records[0].Segments[1].Answers[11]
		if math.Abs(e.Low.Float()-low) > estimated || math.Abs(e.High.Float()-high) > estimated || e.Interval != stats.KornGraubard.Name {
			t.Errorf("%+v, want limits of %g and %g", e, low, high)
		}
	}
	weights := slices.Repeat([]float64{1}, 100)
	limits(weights, 0, 0.0880973)
	weights[0], columns[5][0] = 0.5, 1
	limits(weights, 1.288532e-05, 0.1117447)
}
