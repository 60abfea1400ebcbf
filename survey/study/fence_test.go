package study

import (
	"strings"
	"testing"

	"surveykit/survey"
)

// Texts that would fill a chart or a file's name are refused at their place.
func TestLongTexts(t *testing.T) {
	const study = "surveykit: study/1\ntitle: %T\ndata: [{file: a.csv}]\noutput: {folder: %F}\ntables:\n  - {id: %I, rows: [q]}\n"
	for _, c := range []struct{ title, id, folder, says string }{
		{"T", "q", "out", ""},
		{strings.Repeat("x", 10_000), strings.Repeat("q", maxID), "a/b/../c", ""},
		{strings.Repeat("x", 10_001), "q", "out", "study.yaml:2:8: a text is longer than 10000 bytes"},
		{"T", strings.Repeat("q", maxID+1), "out", "study.yaml:6:10: the id of tables[0] is longer than 100 characters"},
		{"T", "q", "../out", "study.yaml:4:18: value \"../out\": the folder of the results is outside the study's folder"},
		{"T", "q", "/out", "the folder of the results is outside the study's folder"},
		{"T", "q", "a/../../b", "the folder of the results is outside the study's folder"},
	} {
		_, _, err := Parse([]byte(strings.NewReplacer("%T", c.title, "%I", c.id, "%F", c.folder).Replace(study)), "study.yaml")
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("want %q, got %.300v", c.says, err)
		}
	}
}

// All files that lie outside are told at once, each at its key, and none is opened.
func TestOutsiders(t *testing.T) {
	path := writeStudy(t, `surveykit: study/1
title: T
data:
  - {file: ../a.csv, codebook: /b.csv, catalog: in/../../c.sas7bcat}
  - {file: inside.csv}
weighting: {spec: ../w.yaml}
weights: [{name: other, weight: w, weighting: ../v.yaml}]
tables: [{id: q, rows: [q]}]
`)
	_, _, err := Load(path, nil, func(survey.DataFile) (*survey.Table, error) {
		t.Error("a data file was opened")
		return wave(), nil
	})
	problems, _ := err.(survey.Problems)
	want := [][2]int{{4, 12}, {4, 32}, {4, 49}, {6, 19}, {7, 47}}
	if len(problems) != len(want) {
		t.Fatalf("got %v", err)
	}
	for i, p := range problems {
		if p.File != path || [2]int{p.Line, p.Column} != want[i] || !strings.Contains(p.Remedy, "--allow-outside") {
			t.Errorf("problem %d is at %d:%d: %v", i, p.Line, p.Column, p)
		}
	}
}
