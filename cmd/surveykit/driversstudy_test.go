package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"surveykit/datasets/reference"
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
