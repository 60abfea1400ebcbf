package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// What the data card of the purchase data says that weighting changed is what
// the commands say: the cost, the opinions, and the people who stand for many.
func TestTheAmazonCardSaysWhatWeightingChanged(t *testing.T) {
	dir := amazon(t)
	data, weighted := filepath.Join(dir, "survey.csv"), filepath.Join(dir, "weighted.csv")
	var report survey.WeightingReport
	parseJSON(t, runFor(t, "weight", data, "--spec", filepath.Join(dir, "weighting.yaml"), "--json", "-o", weighted), &report)
	sentences := []string{
		fmt.Sprintf("a design effect of %.2f: %s people\nare worth %s with equal weights", report.KishDeff, figure.Count(report.Distribution.N), figure.Number(report.NEffective, 0)),
	}
	kept := report.Margins[len(report.Margins)-1]
	sentences = append(sentences, fmt.Sprintf("The %.0f people", kept.Before), fmt.Sprintf("keep their share of %.1f%%", 100*kept.After/report.Sum))
	people, share, smallest, largest := oldest(t, weighted)
	sentences = append(sentences,
		fmt.Sprintf("%.1f%% are 65 or older, against %.1f%% of the weighted sample", 100*float64(people)/float64(report.Distribution.N), 100*share),
		fmt.Sprintf("%d people represent everyone aged 65 and older, each with %s to %s times the mean weight", people, inWords(smallest), inWords(largest)))
	for label, item := range map[string]struct{ variable, category string }{
		"Amazon should not sell my data":  {"Q-sell-YOUR-data", "No"},
		"no price for the data is enough": {"Q-data-value-any", "I would not consent to share my data for any amount."},
	} {
		plain := shareOf(t, item.category, "estimate", data, "--proportion", item.variable, "--json")
		after := shareOf(t, item.category, "estimate", filepath.Join(dir, "study.yaml"), "--proportion", item.variable, "--json")
		sentences = append(sentences, fmt.Sprintf("| %s | %s | %s |", label, percents(plain), percents(after)))
	}
	card, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sentences {
		if !strings.Contains(string(card), s) {
			t.Errorf("the data card does not say %q", s)
		}
	}
}

func parseJSON(t *testing.T, b []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// shareOf is the record of a category that a command prints.
func shareOf(t *testing.T, category string, args ...string) shareRecord {
	t.Helper()
	var printed struct{ Results []shareRecord }
	parseJSON(t, runFor(t, args...), &printed)
	for _, r := range printed.Results {
		if r.Category == category {
			return r
		}
	}
	t.Fatalf("%v: there is no category %q", args, category)
	return shareRecord{}
}

// oldest counts the people of 65 and older in weighted data, with their share
// and their smallest and largest weight, of which the mean is 1.
func oldest(t *testing.T, path string) (people int, share, smallest, largest float64) {
	t.Helper()
	rows := readCSV(t, path)
	at := map[string]int{}
	for k, name := range rows[0] {
		at[name] = k
	}
	sum, smallest := 0.0, 1e9
	for _, row := range rows[1:] {
		w, err := strconv.ParseFloat(row[at["weight_calibrated"]], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += w
		if row[at["q-demos-age"]] == "65 and older" {
			people++
			share += w
			smallest, largest = min(smallest, w), max(largest, w)
		}
	}
	return people, share / sum, smallest, largest
}

func inWords(x float64) string {
	return []string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}[int(x+0.5)]
}
