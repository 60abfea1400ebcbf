package reports_test

import (
	"os"
	"path/filepath"
	"testing"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// Data that are larger than memory are closed with their temporary file; nothing is left of
// it, not after an error either.
func TestClose(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	small := reports.OpenOptions{Grouped: true, Data: survey.DataFile{Memory: "1KB"}}
	d, err := reports.Open("../datasets/reference/twostage.csv", small)
	if err != nil {
		t.Fatal(err)
	}
	d.Design = survey.Design{Weight: "weight"}
	s, err := d.Sample(t.Context(), estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Means([]string{"trust"}); err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.Means([]string{"age"}); err == nil {
		t.Error("data that are closed are read")
	}
	path := filepath.Join(t.TempDir(), "study.yaml")
	text := "surveykit: study/1\ntitle: t\ndata: [{file: twostage.csv}]\nmemory: 1 KB\ntables: [{id: a, rows: [nothing]}]\n"
	data, err := os.ReadFile("../datasets/reference/twostage.csv")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{path: text, filepath.Join(filepath.Dir(path), "twostage.csv"): string(data)} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := reports.Validate(t.Context(), path, reports.Options{}); err == nil {
		t.Error("a table of a variable that does not exist")
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}
