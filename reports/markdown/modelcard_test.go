package markdown

import (
	"strings"
	"testing"

	"surveykit/stats/penalised"
	"surveykit/survey"
	"surveykit/survey/analysis/propensity"
	"surveykit/survey/estimate"
)

// card is a small card whose texts try to be mark-up.
func card() Card {
	figure := func(value, low, high float64) survey.Estimate {
		r := estimate.Blank(0.95)
		r.N, r.Value, r.Low, r.High = 800, survey.FigureOf(value), survey.FigureOf(low), survey.FigureOf(high)
		return r
	}
	report := &propensity.Report{
		Outcome: "a|b == 1", N: 1234, Folds: 5, Mix: 0.5, Kept: 1, Columns: 3,
		BaseRate: figure(0.25, 0.2, 0.3), Predicted: figure(0.26, 0.2, 0.3), AUC: figure(0.7123, 0.6, 0.8),
		Brier: figure(0.17, 0.1, 0.2), Skill: figure(0.09, 0.01, 0.2), LogLoss: figure(0.5, 0.4, 0.6),
		Accuracy: figure(0.76, 0.7, 0.8), BaseAccuracy: figure(0.75, 0.7, 0.8), Gain: figure(0.01, -0.01, 0.03), Gap: figure(-0.01, -0.02, 0.01),
		Slope:       estimate.Coefficient{Value: survey.FigureOf(0.95), SE: survey.FigureOf(0.1)},
		Calibration: []propensity.Bin{{Low: survey.FigureOf(0.1), High: survey.FigureOf(0.2), Predicted: figure(0.15, 0.1, 0.2), Observed: figure(0.14, 0.1, 0.2)}},
		Groups: []propensity.GroupReport{{Variable: "g", Category: "<b>x</b>", Observed: figure(0.4, 0.3, 0.5), Gap: figure(0.1, 0.05, 0.15),
			Brier: figure(0.2, 0.1, 0.3), AUC: figure(0.6, 0.5, 0.7), Worse: []string{"predicted too low"}}},
		Terms: []propensity.Term{{Term: "(Intercept)", Value: -1}, {Term: "age", Value: 0.0312}},
	}
	model := &propensity.Model{Limits: propensity.Limits, Outcomes: []propensity.Outcome{{Outcome: report.Outcome, Model: penalised.Model{}}},
		Predictors: []*propensity.Predictor{{Variable: "age", Low: 18, High: 90}, {Variable: "g", Values: make([]survey.Value, 2), Missing: true}}}
	return Card{Result: &propensity.Result{Model: model, Reports: []*propensity.Report{report}},
		Sources: []survey.Source{{Path: "wave_1.csv", Format: "delimited", Rows: 1500, SHA256: "abc"}}, Design: "weight w; 70 PSUs", Program: "Made by hand."}
}

func TestModelCard(t *testing.T) {
	var b strings.Builder
	if err := ModelCard(&b, card()); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		`# Model card: propensity to a\|b == 1`,
		"## What it may not be used for\n\n- decisions about individuals: credit, insurance, prices, employment",
		"wave\\_1.csv (delimited, 1,500 rows, SHA-256 abc)",
		"Design: weight w; 70 PSUs",
		"| age | number, 18 to 90 | none in the data; the usual answer for others |",
		"| g | 2 categories | a coefficient of their own |",
		"1,234 people.",
		"| AUC | 0.712 | 0.600 to 0.800 |",
		"| Gain over the base rate | 1.0% | −1.0% to 3.0% | not distinguishable from the base rate |",
		"| 10.0% to 20.0% | 15.0% | 14.0% | 10.0% to 20.0% | 800 |",
		`| g: \<b\>x\</b\> | 40.0% | 10.0% | 5.0% to 15.0% | 0.600 | 0.500 to 0.700 | 800 | predicted too low |`,
		"| age | 0.031 |",
		"Made by hand.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the card lacks %q", want)
		}
	}
	// Every table keeps its number of cells from the head to the last row.
	columns := 0
	for _, line := range strings.Split(got, "\n") {
		cells := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if cells > 0 && columns > 0 && cells != columns {
			t.Errorf("%d cells after %d: %s", cells, columns, line)
		}
		columns = cells
	}
}

func TestModelCardWithoutGroups(t *testing.T) {
	c := card()
	c.Result.Reports[0].Groups = nil
	c.Result.Reports[0].Gain.Low = survey.FigureOf(0.005)
	var b strings.Builder
	if err := ModelCard(&b, c); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"where it is worse is not known", "better than the base rate"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the card lacks %q", want)
		}
	}
}
