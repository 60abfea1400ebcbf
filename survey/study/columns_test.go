package study

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
	"surveykit/survey/ingest"
)

func numbers(name string, xs ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(xs)}
}

const namesSome = `
surveykit: study/1
title: Some columns
data:
  - {file: data.parquet}
privacy: {drop: ['ip*'], consent: agreed == 1}
design: {weight: w}
variables:
  q1: {label: First}
recodes:
  - {name: old, from: age, brackets: ['18-54', '55+']}
groups:
  - {name: trust, items: [trust_a, trust_b]}
tables:
  - {id: t, rows: [q1, media], columns: [old], filter: '` + "`odd name`" + ` == 1 or missing(region)'}
  - {id: g, rows: [{group: trust}]}
`

// A study that reads the columns it names has the table, the notices, the sources and
// the faults that it has when it reads all.
func TestStudyReadsTheColumnsItNames(t *testing.T) {
	for _, wrong := range []string{"", "regino", "spare"} {
		dir := t.TempDir()
		chosen := survey.NumberValue(1)
		data := &survey.Table{Rows: 4, Weight: "w", Sets: []survey.MultipleResponse{{Name: "$media", Variables: []string{"tv", "web"}, Counted: &chosen}}}
		for _, name := range []string{"serial", "w", "agreed", "ip_home", "ip_work", "q1", "age", "tv", "web", "odd name", "region", "trust_a", "trust_b", "spare", "q2"} {
			data.Variables = append(data.Variables, numbers(name, 1, 1, 1, 2))
		}
		data.Variables[6].Numbers = survey.NewNumbers([]float64{20, 40, 60, 80})
		out, err := os.Create(filepath.Join(dir, "data.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		write, err := ingest.Writer("data.parquet")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := write(out, data); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "study.yaml")
		if err := os.WriteFile(path, []byte(strings.Replace(namesSome, "rows: [q1,", "rows: [q1, "+wrong+",", 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		open := func(all bool) func(survey.DataFile) (*survey.Table, error) {
			return func(d survey.DataFile) (*survey.Table, error) {
				o := ingest.Options{Notices: true}
				if !all {
					o.Columns = func(dictionary *survey.Table) []string { return ingest.Mentioned(dictionary, d.Columns) }
				}
				return ingest.Open(d.File, o)
			}
		}
		_, want, wrongly := Load(path, nil, open(true))
		_, got, err := Load(path, nil, open(false))
		if diff := cmp.Diff(text(wrongly), text(err)); diff != "" {
			t.Fatalf("with %q: %s", wrong, diff)
		}
		if wrongly != nil {
			continue
		}
		read := got.Names()
		for _, name := range []string{"serial", "q2", "ip_home"} {
			if slices.Contains(read, name) {
				t.Errorf("%s was read", name)
			}
		}
		if diff := cmp.Diff(want.Only(read), got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(survey.Table{}, "Columns")); diff != "" {
			t.Errorf("with %q: %s", wrong, diff)
		}
		if s := got.Sources[0]; s.Dropped != 2 || s.WithoutConsent != 1 {
			t.Errorf("source %+v", s)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Files that are stacked are held against each other, and weighting looks at all
// answers: such studies read all columns.
func TestStudiesThatReadAllColumns(t *testing.T) {
	for says, text := range map[string]string{
		"two files": twoWaves,
		"weighting": "surveykit: study/1\ntitle: T\ndata: [{file: a.csv}]\nweighting: {spec: w.yaml}\ntables: [{id: q, rows: [q]}]\n",
		"weights":   "surveykit: study/1\ntitle: T\ndata: [{file: a.csv}]\nweights: [{name: h, weight: w, weighting: w.yaml}]\ntables: [{id: q, rows: [q]}]\n",
	} {
		Read(writeStudy(t, text), []string{"/two.csv"}, func(d survey.DataFile) (*survey.Table, error) {
			if d.Columns != nil {
				t.Errorf("%s: columns %q", says, d.Columns)
			}
			return wave(), nil
		})
	}
}
