package estimate_test

import (
	"errors"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// What is not known is an error where it is given, and all of it is said at once.
func TestUnknownOptionsAreErrors(t *testing.T) {
	table := tableOf(number("y", 1, 2, 3, 4), number("w", 1, 1, 2, 2))
	f, err := engine.NewFrame(table, survey.Design{Weight: "w"})
	if err != nil {
		t.Fatal(err)
	}
	says := func(err error, words ...string) {
		t.Helper()
		var problems survey.Problems
		if !errors.As(err, &problems) {
			t.Fatalf("no problems but %v", err)
		}
		for _, word := range words {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%q is not said: %v", word, err)
			}
		}
	}
	_, err = estimate.New(table, f, estimate.Options{Level: 95, Scale: "ln", Deff: "srs", By: []string{"z"}})
	says(err, "95", "ln", "srs", "replace", `"z"`)
	_, err = estimate.New(tableOf(number("y", 1)), f, estimate.Options{})
	says(err, "4 rows")
	_, err = estimate.New(table, nil, estimate.Options{})
	says(err, "frame")
	_, err = engine.NewFrame(table, survey.Design{Weight: "w", LonelyPSU: "averag", Waves: "panell", WaveVariable: "y"})
	says(err, "averag", "average", "panell", "panel")
	_, err = engine.NewFrame(nil, survey.Design{})
	says(err, "no table")

	s, err := estimate.New(table, f, estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Quantiles([]string{"y"}, 1.5)
	says(err, "1.5")
	_, problems := estimate.Designed(survey.Design{Interval: "wilsom", QuantileRule: "median", QuantileInterval: "woodruf"})
	says(problems, "wilsom", "wilson", "median", "hf9", "woodruf", "score")
	_, err = s.Association("y", "w", []stats.AssociationMethod{"chisq"})
	says(err, "chisq", "Chisq")
	_, err = s.RankTest("y", "w", "kruskall")
	says(err, "kruskall", "kruskal")
	_, err = s.Parts([]string{"y"}, estimate.Part{Variable: "w", Against: "others"})
	says(err, "others", "rest")

	var nothing estimate.Sample
	_, err = nothing.Means([]string{"y"})
	says(err, "estimate.New")
	_, err = nothing.Share("y > 1")
	says(err, "estimate.New")
}
