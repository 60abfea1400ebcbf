package estimate_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"surveykit/datasets/reference"
	"surveykit/survey"
	"surveykit/survey/ingest"
)

// exact is the relative error that sums taken in another order may show.
const exact = 1e-9

// tails is the relative error of the reference program's distribution functions.
const tails = 1e-7

func near(got survey.Figure, want, tolerance float64) bool {
	if math.IsNaN(want) {
		return math.IsNaN(got.Float())
	}
	return math.Abs(got.Float()-want) <= tolerance*math.Max(math.Abs(want), 1e-3)
}

func number(name string, x ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
}

func tableOf(variables ...*survey.Variable) *survey.Table {
	return &survey.Table{Rows: variables[0].Len(), Variables: variables}
}

// referenceTable reads a shipped sample.
func referenceTable(t *testing.T, name string) *survey.Table {
	t.Helper()
	b, err := reference.File(name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := ingest.Open(path, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// failer is a test of testing or of rapid.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// one is the only record, or the test fails.
func one[R any](t failer, records []R, err error) R {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1 {
		t.Fatalf("%d records, want 1", len(records))
	}
	return records[0]
}
