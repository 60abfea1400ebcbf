package reports_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/estimate/sampletest"
)

// results runs a study and returns the bytes of its results.
func results(t *testing.T, path string) []byte {
	t.Helper()
	folder := t.TempDir()
	if _, err := reports.Run(context.Background(), path, reports.Options{Folder: folder}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(folder, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// shuffled is a table with its rows in another order.
func shuffled(t *survey.Table) *survey.Table {
	order := make([]int32, t.Rows)
	for i, k := range rand.New(rand.NewPCG(1, 2)).Perm(t.Rows) {
		order[i] = int32(k)
	}
	out := *t
	out.Variables = make([]*survey.Variable, len(t.Variables))
	for k, v := range t.Variables {
		out.Variables[k] = v.Pick(order)
	}
	return &out
}

// pew is Pew's wave 49 and its study without segments, which need rows; nil without the file.
func pew(t *testing.T) (file []byte, study string) {
	file, err := os.ReadFile("../../shared/data/pew_w49/atp_w49.sav")
	if err != nil {
		t.Log("without Pew's wave 49, which is not there")
		return nil, ""
	}
	text, err := os.ReadFile("../datasets/pew_w49/study.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// Segments and the tables of them are at the end of their sections.
	study = string(text)
	return file, study[:strings.Index(study, "segments:")] + study[strings.Index(study, "tables:"):strings.Index(study, "  - id: attitude\n")]
}

const groupedTables = `
variables:
  trust: {label: Trust in companies}
  opted_out: {codes: {0: No, 1: Yes}}
recodes:
  - {name: young, label: Young, from: age, brackets: [under 35, 35-54, 55+]}
  - {name: worried, label: Worried, expression: concern_identity + concern_behavioral > 7}
  - {name: concerns, label: Concerns, mean: [concern_identity, concern_behavioral, concern_derived]}
  - {name: kinds, label: Kinds, rules: [{label: Young and worried, where: young == 1 and worried == 1}, {label: Others, where: trust > 3}]}
sets:
  - {name: rewards, label: Rewards, variables: [reward_cash, reward_points, reward_discount, reward_exclusive], counted: 1}
tables:
  - {id: a, title: Opting out, rows: [{variable: opted_out}, {variable: trust, statistics: [mean, sd, median]}], columns: [gender, young, 'young > gender']}
  - {id: b, title: Rewards, rows: [{variable: rewards}], columns: [gender, kinds], tests: {level: 0.05}}
  - {id: c, title: Kinds, rows: [{variable: kinds}, {mean: concerns}, {share: worried == 1}, {mean: spend}], columns: [gender], filter: age > 20}
`

// TestGroupedStudies: a study over groups of rows has the results of one over rows, to the
// last byte, whatever the order of the rows.
func TestGroupedStudies(t *testing.T) {
	dir := t.TempDir()
	studies := map[string]string{}
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	add := func(name, file, design string) {
		data, err := os.ReadFile("../datasets/reference/" + file)
		if err != nil {
			t.Fatal(err)
		}
		write(file, data)
		studies[name] = write(name+".yaml", []byte("surveykit: study/1\ntitle: t\ndata: [{file: "+file+"}]\ndesign: "+design+groupedTables))
	}
	add("weighted", "twostage.csv", "{weight: weight}")
	add("no weight", "twostage.csv", "{strata: stratum}")
	add("strata", "twostage.csv", "{weight: weight, strata: stratum}")
	add("clusters", "twostage.csv", "{weight: weight, strata: stratum, psu: [psu], lonely_psu: adjust}")
	add("stages", "twostage.csv", "{weight: weight, strata: stratum, psu: [psu, household], fpc: [n_psu, n_household]}")
	add("replicates", "replicates.csv", "{weight: weight, replicates: {columns: 'brr_*', type: brr}}")
	add("factors", "replicates.csv", "{weight: weight, replicates: {columns: 'brr_*', type: brr, combined: false}}")
	if file, study := pew(t); file != nil {
		write("atp_w49.sav", file)
		studies["pew"] = write("pew.yaml", []byte(study))
	}
	for name, path := range studies {
		t.Run(name, func(t *testing.T) {
			want := results(t, path)
			reports.GroupFiles(t, shuffled)
			if got := results(t, path); !bytes.Equal(got, want) {
				k := 0
				for k < min(len(got), len(want)) && got[k] == want[k] {
					k++
				}
				t.Errorf("the results differ at byte %d: %s, not %s", k, got[max(0, k-200):min(len(got), k+80)], want[max(0, k-20):min(len(want), k+80)])
			}
		})
	}
}

// TestGroupedWeights: a study that makes its weights has the results over groups that it has
// over rows, up to rounding, and the same bytes whatever the order of the rows.
func TestGroupedWeights(t *testing.T) {
	data, err := os.ReadFile("../datasets/reference/twostage.csv")
	if err != nil {
		t.Fatal(err)
	}
	for name, design := range map[string]string{
		"rows": "{weight: weight}", "no weight": "{}", "strata": "{weight: weight, strata: stratum}", "clusters": "{weight: weight, strata: stratum, psu: [psu], lonely_psu: adjust}",
		"stages": "{weight: weight, strata: stratum, psu: [psu, household], fpc: [n_psu, n_household]}",
	} {
		for spec, text := range map[string]string{
			"raked":   "method: rake\nmargins:\n  gender: {female: 0.52, male: 0.48}\n  young: {under 35: 0.3, 35-54: keep, 55+: 0.3}\n",
			"trimmed": "steps:\n  - {method: nonresponse, respondents: valid(opted_out), classes: [gender]}\n  - {method: rake, scale: n, margins: {gender: {female: 0.52, male: 0.48}}}\n  - {method: trim, upper: 2.5, tolerance: 1}\n",
		} {
			t.Run(name+", "+spec, func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "study.yaml")
				for file, content := range map[string]string{
					"twostage.csv": string(data), "spec.yaml": text,
					"study.yaml": "surveykit: study/1\ntitle: t\ndata: [{file: twostage.csv}]\nweighting: {spec: spec.yaml}\ndesign: " + design + groupedTables,
				} {
					if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want := results(t, path)
				reports.GroupFiles(t, func(t *survey.Table) *survey.Table { return t })
				got := results(t, path)
				if !sampletest.Alike(t, json.RawMessage(got), json.RawMessage(want), 1e-10) {
					t.Errorf("the results differ")
				}
				reports.GroupFiles(t, shuffled)
				if !bytes.Equal(results(t, path), got) {
					t.Error("the results are others in another order of the rows")
				}
			})
		}
	}
}
