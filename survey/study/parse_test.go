package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/spec/spectest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Each testdata/*.yaml holds faults; its .golden is what people are shown.
func TestFaultsAreShownAtTheirPlace(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no test files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = Parse(data, "study.yaml")
			if err == nil {
				t.Fatal("the faulty file was accepted")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".golden", err.Error()+"\n")
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if spectest.Updating() {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

const everyNotation = `
surveykit: study/1
title: 2019          # text that looks like a number stays as it is written
synthetic: true
data:
  - {file: a.csv, wave: 007, options: {delimiter: ";", decimal_comma: false, missing: [NA, -99, "null"]}}
design:
  weight: w
  psu: &stages [region, "school id"]
  fpc: *stages
  replicates: {columns: rep*, type: fay, fay_rho: 0.3, rscales: [1, 2.5e-1]}
  level: .9
variables:
  Q 1.a:
    measure: ordinal
    codes: {2: Two, 1: One, b: Bee, "3": three as text, 007: bond}
    missing: {99: refused, none: don't know}
  q2: {missing: [98, 99, x]}
recodes:
  - name: age
    from: years
    brackets: [18-24, 65]
  - name: concern
    from: q2
    map: {Zealous: [5, TRUE], A: [4]}
  - {name: r, from: q2, reverse: true, codes: {1: low}}
  - {name: n, count: {items: [a, b], values: [1, yes]}}
sets:
  - {name: $m, variables: [a, b], counted: 1}
tables:
  - id: t1
    question: >-
      How worried
      are you?
    rows:
      - Q 1.a
      - {variable: q2, nets: {Top: [4, 5]}, categories: [1, Low]}
      - ratio: {share: q2 == 1, over: q2 == 2}
    changes: [{variable: wave, from: 2011, to: new}]
    chart: {kind: slope, rows: [1, Two]}
quality: {minimum_base: 0}
`

func TestEveryNotation(t *testing.T) {
	num, txt := survey.NumberValue, survey.TextValue
	chosen, no, zero := num(1), false, 0
	want := &survey.Study{
		Version: "study/1", Title: "2019", Synthetic: true,
		Data: []survey.DataFile{{File: "a.csv", Wave: "007",
			Options: &survey.DelimitedOptions{Delimiter: ";", DecimalComma: &no, Missing: []string{"NA", "-99", "null"}}}},
		Design: survey.Design{Weight: "w", PSU: []string{"region", "school id"}, FPC: []string{"region", "school id"}, Level: 0.9,
			Replicates: &survey.ReplicateSpec{Columns: "rep*", Type: "fay", FayRho: 0.3, RScales: []float64{1, 0.25}}},
		Variables: map[string]survey.VariableSpec{
			"Q 1.a": {Measure: survey.Ordinal,
				Codes: survey.CodeList{{Value: num(2), Label: "Two"}, {Value: num(1), Label: "One"}, {Value: txt("b"), Label: "Bee"},
					{Value: txt("3"), Label: "three as text"}, {Value: txt("007"), Label: "bond"}},
				Missing: survey.MissingList{survey.MissingNumber(99, survey.Refused), survey.MissingText("none", survey.DontKnow)}},
			"q2": {Missing: survey.MissingList{survey.MissingNumber(98, ""), survey.MissingNumber(99, ""), survey.MissingText("x", "")}},
		},
		Recodes: []survey.Recode{
			{Name: "age", From: "years", Brackets: []string{"18-24", "65"}},
			{Name: "concern", From: "q2", Map: survey.NetList{{Label: "Zealous", Values: []survey.Value{num(5), txt("TRUE")}}, {Label: "A", Values: []survey.Value{num(4)}}}},
			{Name: "r", From: "q2", Reverse: true, Codes: survey.CodeList{{Value: num(1), Label: "low"}}},
			{Name: "n", Count: &survey.CountSpec{Items: []string{"a", "b"}, Values: []survey.Value{num(1), txt("yes")}}},
		},
		Sets: []survey.SetSpec{{Name: "$m", Variables: []string{"a", "b"}, Counted: &chosen}},
		Tables: []survey.TableSpec{{ID: "t1", Question: "How worried are you?",
			Rows: []survey.RowSpec{{Variable: "Q 1.a"},
				{Variable: "q2", Nets: survey.NetList{{Label: "Top", Values: []survey.Value{num(4), num(5)}}}, Categories: []survey.Value{num(1), txt("Low")}},
				{Ratio: &survey.RatioSpec{Share: "q2 == 1", Over: "q2 == 2"}}},
			Changes: []survey.ChangeSpec{{Variable: "wave", From: num(2011), To: txt("new")}},
			Chart:   &survey.Chart{Kind: survey.ChartSlope, Rows: []string{"1", "Two"}}}},
		Quality: survey.QualitySpec{MinimumBase: &zero},
	}
	for name, source := range map[string]string{
		"as it is":             everyNotation,
		"byte order mark":      "\ufeff" + everyNotation,
		"line ends of Windows": strings.ReplaceAll(everyNotation, "\n", "\r\n"),
		"line ends of old Mac": strings.ReplaceAll(everyNotation, "\n", "\r"),
	} {
		got, _, err := Parse([]byte(source), "study.yaml")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What no reader of YAML could cope with is refused, and faults of the study
// are counted.
func TestHostileFilesAreRefused(t *testing.T) {
	unknown := ""
	for i := range 5000 {
		unknown += fmt.Sprintf("key%d: 1\n", i)
	}
	cases := map[string]struct{ data, says string }{
		"too long":        {strings.Repeat("# comment\n", 200_000), "the study file is longer than 1 MiB"},
		"empty":           {"", "the study file is empty; surveykit init DATA"},
		"many keys":       {strings.Repeat("a: 1\n", 30_001), "more than 30000 keys; split the study"},
		"a list":          {"- a\n- b\n", "the study file is a list"},
		"a word":          {"hello", "the study file is text"},
		"unknown keys":    {unknown, "4904 more problems are not shown"},
		"ids by capitals": {"tables: [{id: a}, {id: A}]", "the id \"A\" of tables is already in line 1"},
	}
	for name, c := range cases {
		study, source, err := Parse([]byte(c.data), "study.yaml")
		var problems survey.Problems
		if !errors.As(err, &problems) || study != nil || source != nil || problems[0].File != "study.yaml" {
			t.Errorf("%s: got %v, want problems", name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %.300q does not say %q", name, err, c.says)
		}
	}
}

func TestAnnotate(t *testing.T) {
	text := strings.ReplaceAll(everyNotation, "\n  Q 1.a:", "\n  Q 1: {label: shorter name}\n  Q 1.a:")
	_, source, err := Parse([]byte(text), "study.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"$.design.weight":                       "weight: |w",
		"$.design.psu":                          "|psu: &stages",
		"$.design.psu[1]":                       `[region, |"school id"]`,
		"$.design.fpc[1]":                       `[region, |"school id"]`,
		"$.variables.Q 1.a.measure":             "measure: |ordinal",
		"$.variables.Q 1.a.codes.b":             "b: |Bee",
		"$.variables.Q 1.a.codes.b.c.d":         "b: |Bee",
		"$.variables.Q 1.label":                 "label: |shorter",
		"$.recodes[1].map.Zealous[0]":           "Zealous: [|5",
		"$.recodes[3].count.items[7]":           "{|items: [a, b]",
		"$.tables[0].rows[1]":                   "- |{variable: q2",
		"$.tables[0].rows[0]":                   "- |Q 1.a",
		"$.tables[0].chart.columns":             "|chart:",
		"$.tables[9]":                           "|tables:",
		"$":                                     "|surveykit",
		"":                                      "|surveykit",
		"nonsense":                              "|surveykit",
		"$.quality.minimum_base":                "minimum_base: |0",
		"$.design.replicates.rscales[1]":        "|2.5e-1",
		"$.variables.Q 1.a.missing.none":        "none: |don't know",
		"$.tables[0].changes[0].to":             "to: |new",
		"$.tables[0].rows[2].ratio.share":       "share: |q2 == 1",
		"$.tables[0].question":                  "question: |>-",
		"$.data[0].options.missing[0]":          "[|NA",
		"$.variables.Q 1.a":                     "|Q 1.a:",
		"$.tables[0].rows[1].nets.Top":          "{|Top:",
		"$.tables[0].rows[1].categories[1].foo": "1, |Low",
	} {
		p := source.Annotate(path, survey.Problem{Message: "m", Variable: "v"})
		line := []rune(strings.Split(text, "\n")[p.Line-1])
		marked := string(line[:p.Column-1]) + "|" + string(line[p.Column-1:])
		if want = strings.Replace(want, "weight: |w", "weight: |w", 1); !strings.Contains(marked, strings.TrimPrefix(want, "| ")) {
			t.Errorf("%s: %s, want %s", path, marked, want)
		}
		if p.File != "study.yaml" || p.Message != "m" || p.Variable != "v" || !strings.Contains(p.Excerpt, "^") {
			t.Errorf("%s: %+v", path, p)
		}
	}
}
