package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// writeStudy puts a study file in a folder of its own.
func writeStudy(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "study.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const twoWaves = `
surveykit: study/1
title: Two waves
data:
  - {file: data/one.csv, wave: 2011, codebook: book.csv, options: {delimiter: ";"}}
  - {file: /two.csv, wave: 2012, catalog: labels.sas7bcat}
design: {weight: w, wave_variable: wave}
tables:
  - {id: q, rows: [q], columns: [wave]}
`

func wave(...string) *survey.Table {
	return &survey.Table{Rows: 4, Variables: []*survey.Variable{
		numbers("w", 1, 2, 1, 2), numbers("q", 1, 2, 2, 1),
	}}
}

func TestLoadOpensFilesBesideTheStudy(t *testing.T) {
	path := writeStudy(t, twoWaves)
	var opened []string
	study, table, err := Load(path, []string{"/two.csv"}, func(d survey.DataFile) (*survey.Table, error) {
		opened = append(opened, d.File, d.Codebook, d.Catalog)
		if (d.Options != nil && d.Options.Delimiter == ";") != strings.HasSuffix(d.File, "one.csv") {
			t.Errorf("%s got options %+v", d.File, d.Options)
		}
		return wave(), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if study.Title != "Two waves" || table.Rows != 8 || table.Lookup("wave") == nil {
		t.Errorf("got %q and %d rows of %v", study.Title, table.Rows, table.Names())
	}
	beside := filepath.Dir(path)
	want := []string{filepath.Join(beside, "data", "one.csv"), filepath.Join(beside, "book.csv"), "",
		filepath.FromSlash("/two.csv"), "", filepath.Join(beside, "labels.sas7bcat")}
	if !slices.Equal(opened, want) {
		t.Errorf("opened %q, want %q", opened, want)
	}
}

func TestLoadListsTheProblemsOfAllDataFiles(t *testing.T) {
	path := writeStudy(t, twoWaves)
	faults := []error{
		survey.Problems{{File: "one.csv", Row: 3, Message: "a ragged row"}, {File: "one.csv", Row: 9, Message: "another"}},
		errors.New("the disk is gone"),
	}
	_, _, err := Load(path, []string{"/two.csv"}, func(survey.DataFile) (*survey.Table, error) {
		next := faults[0]
		faults = faults[1:]
		return nil, next
	})
	var problems survey.Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatalf("got %v", err)
	}
	if problems[1].Row != 3 || problems[2].Row != 9 {
		t.Errorf("the reader's problems became %v", problems[1:])
	}
	if p := problems[0]; p.File != path || p.Line != 6 || p.Message != "the disk is gone" {
		t.Errorf("an error without a place became %+v", p)
	}
}

func TestLoadShowsWhatTheDataDoNotBearOut(t *testing.T) {
	path := writeStudy(t, strings.NewReplacer("weight: w", "weight: ww", "columns: [wave]", "columns: [wave, regoin]").Replace(twoWaves))
	_, _, err := Load(path, []string{"/two.csv"}, func(survey.DataFile) (*survey.Table, error) { return wave(), nil })
	var problems survey.Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Fatalf("got %v", err)
	}
	for i, at := range [][2]int{{7, 18}, {9, 40}} {
		if p := problems[i]; p.File != path || p.Line != at[0] || p.Column != at[1] || !strings.Contains(p.Excerpt, "^") {
			t.Errorf("problem %d is at %d:%d of %q, want %v", i, p.Line, p.Column, p.File, at)
		}
	}
}

func TestLoadOfAFileThatIsNoStudy(t *testing.T) {
	never := func(survey.DataFile) (*survey.Table, error) {
		t.Error("a data file was opened")
		return nil, nil
	}
	for path, says := range map[string]string{
		filepath.Join(t.TempDir(), "none.yaml"):             "there is no such study file",
		t.TempDir():                                         "cannot be read",
		writeStudy(t, "title: x\n"):                         "has no tables",
		writeStudy(t, strings.Repeat("#", spec.MaxBytes+5)): "longer than 1 MiB",
	} {
		_, _, err := Load(path, nil, never)
		var problems survey.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), says) || problems[0].File != path {
			t.Errorf("%s: %v does not say %q", path, err, says)
		}
	}
}

// A file that changes while it is read is no fault of the study: whoever runs it
// can try again.
func TestLoadTellsWhatChanged(t *testing.T) {
	path := writeStudy(t, "surveykit: study/1\ntitle: T\ndata: [{file: a.csv}]\ntables: [{id: q, rows: [q]}]\n")
	_, _, err := Load(path, nil, func(survey.DataFile) (*survey.Table, error) {
		return nil, fmt.Errorf("a.csv %w", survey.ErrChanged)
	})
	var problems survey.Problems
	if !errors.Is(err, survey.ErrChanged) || errors.As(err, &problems) {
		t.Errorf("error %v", err)
	}
}
