package penalised

import (
	"math"
	"testing"

	"surveykit/stats"
	"surveykit/stats/recorded"
)

// descended is how near glmnet comes, relative and in units of 1, when it stops at
// a change of 1e-16 of the deviance.
const descended = 1e-6

// TestEqualsGlmnet holds ridge, lasso and a mix of them, with weights of which
// some are 0, to the answers of R package glmnet: testdata/glmnet.R.
func TestEqualsGlmnet(t *testing.T) {
	var answers struct {
		X                   [][]float64
		Y, Weights, Lambdas []float64
		Fits                []struct {
			Mix, Highest float64
			Coefficients [][]float64
		}
	}
	recorded.Read(t, "glmnet.json", &answers)
	d := Data{X: &stats.Sparse{Columns: 6, Start: []int{0}}, Y: answers.Y, Weights: answers.Weights}
	for _, row := range answers.X {
		for j, v := range append([]float64{1}, row...) {
			d.X.Index, d.X.Value = append(d.X.Index, int32(j)), append(d.X.Value, v)
		}
		d.X.Start = append(d.X.Start, len(d.X.Index))
	}
	for _, want := range answers.Fits {
		if got := d.Lambdas(want.Mix, 5)[0]; math.Abs(got/want.Highest-1) > descended {
			t.Errorf("mix %g: highest penalty %.9g, by glmnet %.9g", want.Mix, got, want.Highest)
		}
		for k, m := range d.Path(want.Mix, answers.Lambdas) {
			for j, b := range want.Coefficients[k] {
				if math.Abs(m.Beta[j]-b) > descended*(1+math.Abs(b)) || (m.Beta[j] == 0) != (b == 0) {
					t.Errorf("mix %g, λ %g: coefficient %d is %.9g, by glmnet %.9g", want.Mix, m.Lambda, j, m.Beta[j], b)
				}
			}
		}
	}
}
