package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"surveykit/datasets"
	"surveykit/survey"
)

// sharedData finds a real survey file beside the checkout, or skips the test.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../../shared/data", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here: the survey files are not part of the repository", name)
	}
	return path
}

// The figures that the Pew Research Center published on wave 49 of its
// American Trends Panel (Americans and Privacy, November 2019), in whole per
// cent: table, row and figure.
var published = []struct {
	table, row string
	percent    float64
}{
	{"risks_companies", "Risks outweigh benefits", 81},
	{"concern_companies", "Concerned", 79},
	{"loyalty", "Yes, belong to this", 65},
	{"decided_not", "Yes, have done this", 52},
	{"confidence", "Admit mistakes publicly when they misuse data", 79},
	{"confidence", "Use your data in ways you are comfortable with", 69},
}

func TestPewStudyGivesThePublishedFigures(t *testing.T) {
	data := sharedData(t, "pew_w49/atp_w49.sav")
	dir := t.TempDir()
	copyTo(t, filepath.Join(dir, "atp_w49.sav"), data)
	path := filepath.Join(dir, "study.yaml")
	for _, d := range datasets.List() {
		if d.Name == "pew_w49" {
			if err := os.WriteFile(path, d.Study(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out, messages bytes.Buffer
	if status := Main(t.Context(), []string{"run", path, "-o", filepath.Join(dir, "out")}, &out, &messages); status != exitDone {
		t.Fatalf("exit status %d: %s", status, messages.String())
	}
	b, err := os.ReadFile(filepath.Join(dir, "out", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var results struct {
		Results []struct {
			Table    string        `json:"table"`
			Row      string        `json:"row"`
			Column   string        `json:"column"`
			Estimate survey.Figure `json:"estimate"`
		} `json:"results"`
	}
	if err := json.Unmarshal(b, &results); err != nil {
		t.Fatal(err)
	}
	total := map[[2]string]float64{}
	for _, r := range results.Results {
		if r.Column == "Total" {
			total[[2]string{r.Table, r.Row}] = r.Estimate.Float()
		}
	}
	for _, p := range published {
		got, ok := total[[2]string{p.table, p.row}]
		if !ok || math.Round(100*got) != p.percent {
			t.Errorf("%s, %s: %.4f, published %v%%", p.table, p.row, got, p.percent)
		}
	}
}

// The National Highway Traffic Safety Administration published that 20% drove
// within two hours of drinking in the past year (2008, QN33 = 1, all in the base).
func TestDrinkingAndDriving(t *testing.T) {
	data := sharedData(t, "nhtsa_2008/nhtsa-drinking-2008.sav")
	got, err := caseRecords(t.Context(), []string{"estimate", data, "--weight", "normalized_wt", "--share", "answer(QN33, 0) == 1"})
	if err != nil {
		t.Fatal(err)
	}
	if p := got[0]["estimate"].(float64); math.Round(100*p) != 20 {
		t.Errorf("%v, published 20%%", p)
	}
}
