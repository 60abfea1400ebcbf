package choice_test

import (
	"math"
	"testing"

	"surveykit/stats"
	"surveykit/stats/choice"
	"surveykit/stats/recorded"
)

// TestEqualsConditionalLogit holds the aggregate logit of 40 people with weights,
// some of whose choices are missing, to R's survival::clogit with errors clustered
// by person: testdata/clogit.R.
func TestEqualsConditionalLogit(t *testing.T) {
	var answers struct {
		Weights, Utilities, Errors []float64
		LogLikelihood              float64 `json:"log_likelihood"`
		Chance                     float64
		Tasks                      [][]*int
	}
	recorded.Read(t, "clogit.json", &answers)
	var tasks []choice.Task
	for _, row := range answers.Tasks {
		x := choice.Task{Person: *row[0], Best: choice.None, Worst: choice.None}
		for _, item := range row[1:5] {
			x.Shown = append(x.Shown, *item)
		}
		if row[5] != nil {
			x.Best = *row[5]
		}
		if row[6] != nil {
			x.Worst = *row[6]
		}
		tasks = append(tasks, x)
	}
	f := fit(t, tasks, 5, answers.Weights, 1, 1)
	near := func(what string, got, want, within float64) {
		if math.Abs(got-want) > within {
			t.Errorf("%s %.8f, by clogit %.8f", what, got, want)
		}
	}
	near("log-likelihood", f.LogLikelihood, answers.LogLikelihood, 1e-6)
	near("of chance", choice.Chance(tasks, 5, answers.Weights), answers.Chance, 1e-9)
	x := f.Influences(tasks, answers.Weights)
	for j, want := range answers.Utilities {
		near("utility", f.Utilities[0][j], want, prior/100)
		u := x.Utility(0, j)
		near("standard error", math.Sqrt(stats.Dot(u, u)), answers.Errors[j], prior/100)
	}
}
