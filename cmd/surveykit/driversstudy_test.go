package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"surveykit/datasets"
	"surveykit/datasets/reference"
	"surveykit/datasets/simulate"
)

// TestDriversOfAStudyAreTheCommands holds a table of drivers to what the command
// says of the same outcome: one computation, two ways out.
func TestDriversOfAStudyAreTheCommands(t *testing.T) {
	dir := t.TempDir()
	data, err := reference.File("twostage.csv")
	if err != nil {
		t.Fatal(err)
	}
	const study = `surveykit: study/1
title: Small
data: [{file: twostage.csv}]
design: {weight: weight, strata: stratum, psu: [psu]}
groups: [{name: concern, items: [concern_identity, concern_derived]}]
tables:
  - {id: linear, drivers: {outcome: trust, items: ["concern:scale", gender]}}
  - {id: logistic, filter: wave == 2011, drivers: {outcome: opted_out, items: ["concern:scale", "trust:scale"], importance: johnson, top: 2}}
`
	path := filepath.Join(dir, "study.yaml")
	for name, text := range map[string][]byte{path: []byte(study), filepath.Join(dir, "twostage.csv"): data} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runFor(t, "run", path, "-o", filepath.Join(dir, "out"))
	written, err := os.ReadFile(filepath.Join(dir, "out", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	concern := "concern_identity:scale,concern_derived:scale"
	for table, c := range map[string]struct {
		call []string
		rows int
	}{
		"linear":   {[]string{"--outcome", "trust", "--drivers", concern + ",gender"}, 3 + 3 + 2 + 3 + 5},
		"logistic": {[]string{"--outcome", "opted_out", "--drivers", concern + ",trust:scale", "--top", "2", "--where", "wave == 2011"}, 3 + 3 + 3 + 3 + 5},
	} {
		said := map[figureRecord]bool{}
		for _, r := range figures(t, runFor(t, append([]string{"drivers", path, "--json"}, c.call...)...)) {
			said[r] = true
		}
		rows := 0
		for _, r := range figures(t, written) {
			if r.Table != table {
				continue
			}
			rows++
			if r.Table = ""; !said[r] {
				t.Errorf("%s: the command does not say %+v", table, r)
			}
		}
		if rows != c.rows {
			t.Errorf("%s: %d figures, want %d", table, rows, c.rows)
		}
	}
}

// figureRecord is what these tests compare of a figure.
type figureRecord struct {
	Table, Statistic, Variable, Category string
	Estimate, SE                         float64
	Low                                  float64 `json:"ci_low"`
	High                                 float64 `json:"ci_high"`
	N                                    int
}

// figures are all records that some JSON holds, at any depth.
func figures(t *testing.T, text []byte) (out []figureRecord) {
	t.Helper()
	var walk func(raw json.RawMessage)
	walk = func(raw json.RawMessage) {
		var many []json.RawMessage
		var one map[string]json.RawMessage
		switch {
		case json.Unmarshal(raw, &many) == nil:
			for _, r := range many {
				walk(r)
			}
		case json.Unmarshal(raw, &one) == nil && one["statistic"] != nil:
			var r figureRecord
			if err := json.Unmarshal(raw, &r); err != nil {
				t.Fatal(err)
			}
			out = append(out, r)
		default:
			for _, r := range one {
				walk(r)
			}
		}
	}
	walk(text)
	return out
}

// TestDriversHoldTheTruth compares the drivers of satisfaction in the founding
// example with those of the simulated population. Five standard errors are
// passed by chance in one of a million figures.
func TestDriversHoldTheTruth(t *testing.T) {
	dir := t.TempDir()
	sample, err := simulate.Simulate(simulate.Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := sample.Save(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "study.yaml")
	if err := os.WriteFile(path, datasets.FoundingStudy(), 0o600); err != nil {
		t.Fatal(err)
	}
	runFor(t, "run", path, "-o", filepath.Join(dir, "out"), "--only", "satisfaction_drivers")
	written, err := os.ReadFile(filepath.Join(dir, "out", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	statistics := map[string]string{"r2": simulate.R2, "shapley_share": simulate.Importance}
	truth, held := simulate.TruthOf(), 0
	for _, r := range figures(t, written) {
		statistic, is := statistics[r.Statistic]
		if !is {
			continue
		}
		variable := r.Variable
		if statistic == simulate.R2 {
			variable = "sat_overall"
		}
		want, ok := truth.Find(2011, simulate.AllAges, variable, statistic, 0)
		if !ok || !(math.Abs(r.Estimate-want) < 5*r.SE) {
			t.Errorf("%s of %s: %g ± %g, truth %g", r.Statistic, variable, r.Estimate, r.SE, want)
		}
		held++
	}
	if held != 7 {
		t.Errorf("%d figures have a truth, want 7", held)
	}
}
