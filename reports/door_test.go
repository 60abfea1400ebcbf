package reports_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/ingest"
	"surveykit/survey/study"
	"surveykit/survey/tabulate"
)

// studyOf writes a study of the small data with these sections, and returns its path.
func studyOf(t *testing.T, sections string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/raked")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "study.yaml")
	text := "surveykit: study/1\ntitle: t\ndata: [{file: d.csv}]\ndesign: {weight: w}\n" + sections + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// below makes the tables of a study by the packages below the door.
func below(t *testing.T, path string) error {
	t.Helper()
	s, table, err := study.Load(path, nil, func(d survey.DataFile) (*survey.Table, error) { return ingest.Open(d.File, ingest.Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	f, err := engine.NewFrame(table, s.Design)
	if err != nil {
		t.Fatal(err)
	}
	m := &tabulate.Maker{Table: table, Frame: f, Study: s}
	plans, err := m.Check(context.Background(), nil)
	if err == nil && len(plans[0].Faults) == 0 {
		t.Error("the plan of a table without its weights or segments has no fault")
	}
	_, err = m.All(context.Background(), nil)
	return err
}

func TestWhatIsNotMadeIsRefused(t *testing.T) {
	for _, c := range []struct{ name, study, says string }{
		{"weighting", "weighting: {spec: weighting.yaml}\ntables: [{id: t, rows: [{share: y == 1}]}]", "weighting spec have not been made"},
		{"weights", "weights: [{name: other, weight: w, weighting: weighting.yaml}]\ntables: [{id: t, weight: other, rows: [{share: y == 1}]}]", "further weights have not been made"},
		{"segments", "segments: [{name: kind, items: [g, c], method: k-means, classes: 2}]\ntables: [{id: t, rows: [kind]}]", "column kind: these segments have not been made"},
	} {
		path := studyOf(t, c.study)
		err := below(t, path)
		var problems survey.Problems
		if !errors.As(err, &problems) || len(problems) != 1 || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "surveykit/reports") {
			t.Errorf("%s: %v does not say %q and what to call", c.name, err, c.says)
		}
		v, err := reports.Validate(context.Background(), path, reports.Options{})
		if err != nil {
			t.Errorf("%s: the door refuses it: %v", c.name, err)
			continue
		}
		if _, err := v.Report(context.Background()); err != nil {
			t.Errorf("%s: the door cannot make it: %v", c.name, err)
		}
	}
}

func TestFiguresOfUnmadeSegmentsAreRefused(t *testing.T) {
	table := &survey.Table{Rows: 2, Variables: []*survey.Variable{{Name: "kind", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2}), Unmade: true}}}
	f, err := engine.NewFrame(table, survey.Design{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := estimate.New(table, f, estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, byVariable := s.Proportions([]string{"kind"})
	_, byCondition := s.Share("kind == 1")
	_, where := estimate.New(table, f, estimate.Options{Where: "kind == 1"})
	for _, err := range []error{byVariable, byCondition, where} {
		if err == nil || !strings.Contains(err.Error(), "have not been made") {
			t.Errorf("error %v", err)
		}
	}
}

// A study answers the same twice: segments are found anew for each sample.
func TestSamplesOfOneStudyAgree(t *testing.T) {
	d, err := reports.Open("testdata/raked/study.yaml", reports.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s, err := d.Sample(context.Background(), estimate.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r, err := s.Share("y == 1"); err != nil || r[0].Value.Float() != 0.375 {
			t.Errorf("%v, %v", r, err)
		}
	}
}

// A study that is valid has its segments already; samples of it do not find them anew.
func TestSampleOfAValidStudy(t *testing.T) {
	path := studyOf(t, "segments: [{name: kind, items: [g, c], method: latent-class, classes: 2}]\ntables: [{id: t, rows: [kind]}]")
	v, err := reports.Validate(context.Background(), path, reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := v.Sample(context.Background(), estimate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Proportions([]string{"kind"}); err != nil {
		t.Error(err)
	}
}

// A typing tool that cannot be made is a fault of the segments that ask for it, not of those
// before them.
func TestFaultsOfTypingToolsAreInTheirPlace(t *testing.T) {
	const items = 101 // one more than a workbook's formulas can have
	var names, rows []string
	for j := range items {
		names = append(names, fmt.Sprint("q", j))
	}
	for i := range 12 {
		rows = append(rows, strings.TrimSuffix(strings.Repeat(fmt.Sprint(i%2+1, ","), items), ","))
	}
	path := studyOf(t, "groups: [{name: all, items: ["+strings.Join(names, ", ")+`]}]
segments:
  - {name: first, items: [q0, q1], method: k-means, classes: 2}
  - {name: second, items: [all], method: k-means, classes: 2, typing: {items: 101}}
tables: [{id: t, rows: [first]}]`)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("design: {weight: w}\n"), nil, 1)
	data := strings.Join(names, ",") + "\n" + strings.Join(rows, "\n") + "\n"
	for file, text := range map[string]string{path: string(text), filepath.Join(filepath.Dir(path), "d.csv"): data} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err = reports.Validate(context.Background(), path, reports.Options{})
	if err == nil || !strings.Contains(err.Error(), "workbook's formulas") || !strings.Contains(err.Error(), "study.yaml:7:") {
		t.Error(err)
	}
}

// What a study drops takes no notice of another variable along, whatever words
// the two share.
func TestDroppedVariablesKeepTheNoticesOfOthers(t *testing.T) {
	for _, dropped := range []string{"codes", "id"} {
		v, err := reports.Validate(context.Background(), "testdata/notice/study_"+dropped+".yaml", reports.Options{})
		if err != nil {
			t.Fatal(err)
		}
		about := map[survey.NoticeCode][]string{}
		for _, n := range v.Warnings() {
			about[n.Code] = n.Variables
		}
		if len(about[survey.NoticeSets]) == 0 || !slices.Equal(about[survey.NoticeDropped], []string{dropped}) {
			t.Errorf("without %s: %v", dropped, v.Warnings())
		}
	}
}

// The note of a recode goes with every table that reads it.
func TestNotesGoWithWhatIsReadOfAVariable(t *testing.T) {
	v, err := reports.Validate(context.Background(), "testdata/note/study.yaml", reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	note := v.Table.Lookup("westin").Note
	r, err := v.Report(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range r.Book.Tables {
		if note == "" || !slices.Contains(table.Notes, note) {
			t.Errorf("table %s has the notes %q", table.ID, table.Notes)
		}
	}
}
