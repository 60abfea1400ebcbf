package tabulate_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"surveykit/datasets/reference"
	"surveykit/survey"
	"surveykit/survey/ingest"
)

// recorded is how far figures may be from those that R printed with 12 digits.
const recorded = 1e-10

// TestAgainstR holds every figure that a table can show against R survey
// (testdata/figures.R): the column of men of the two-stage sample.
func TestAgainstR(t *testing.T) {
	b, err := reference.File("twostage.csv")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "twostage.csv")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := ingest.Open(path, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]json.RawMessage{}
	if b, err = os.ReadFile("testdata/figures.json"); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &answers); err != nil {
		t.Fatal(err)
	}
	out := makeTable(t, table, survey.TableSpec{
		Columns: []survey.ColumnSpec{{Where: "gender == 'male'", Label: "Men"}},
		Show:    []survey.ShownAs{survey.AsPercent, survey.AsRowPercent, survey.AsTotalPercent, survey.AsWeightedCount, survey.AsIndex},
		Rows: []survey.RowSpec{
			{Share: "trust >= 8"}, {Summary: "age", Statistics: []survey.Statistic{"mean", "sd", "median", "p90"}},
			{Gap: &survey.GapSpec{Share: "opted_out == 1", Minus: "would_share == 1"}},
		},
	}, func(s *survey.Study) {
		s.Design = survey.Design{Weight: "weight", Strata: "stratum", WaveVariable: "wave", PSU: []string{"psu"}}
	})
	for r, name := range []string{"percent", "row_percent", "total_percent", "weighted_count", "index", "mean", "sd", "median", "p90", "gap"} {
		var want [2]float64
		if err := json.Unmarshal(answers[name], &want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e := out.Cells[r][1]
		if !near(e.Value.Float(), want[0]) || !near(e.SE.Float(), want[1]) {
			t.Errorf("%s: %v (%v), R has %v", name, e.Value.Float(), e.SE.Float(), want)
		}
	}
}

func near(got, want float64) bool { return math.Abs(got-want) <= recorded*math.Max(1, math.Abs(want)) }
