package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/survey"

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
	if *update {
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
			Chart:   &survey.ChartSpec{Kind: survey.ChartSlope, Rows: []string{"1", "Two"}}}},
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

// The bounds turn files made to exhaust memory or stack into plain faults.
func TestHostileFilesAreRefused(t *testing.T) {
	bomb := "a0: &a0 [x, x]\n"
	for i := 1; i < 80; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	indented := ""
	for i := range 1000 {
		indented += strings.Repeat(" ", i) + "a:\n"
	}
	unknown := ""
	for i := range 5000 {
		unknown += fmt.Sprintf("key%d: 1\n", i)
	}
	cases := map[string]struct{ data, says string }{
		"alias bomb":      {bomb, "more than 200000 values"},
		"own alias":       {"a: &a [*a]\n", "nothing above is marked &a"},
		"brackets":        {strings.Repeat("[", 100_000), "nested too deeply"},
		"braces":          {"a: " + strings.Repeat("{a: ", 100_000), "nested too deeply"},
		"dashes":          {strings.Repeat("- ", 100_000), "nested too deeply"},
		"questions":       {strings.Repeat("? ", 100_000), "nested too deeply"},
		"tags":            {strings.Repeat("!a ", 100_000), "nested too deeply"},
		"anchors":         {strings.Repeat("&a ", 100_000), "nested too deeply"},
		"indentation":     {indented, "nested too deeply"},
		"many values":     {"a: [" + strings.Repeat("x,", 200_000) + "]", "more than 200000 values"},
		"too long":        {strings.Repeat("# comment\n", 200_000), "longer than 1 MiB"},
		"not text":        {"$FL2@(#)\x00", "NUL byte"},
		"latin-1":         {"title: Gr\xfc\xdfe", "not UTF-8"},
		"empty":           {"", "empty"},
		"only comments":   {"# nothing\n", "empty"},
		"two documents":   {"a: 1\n---\nb: 2\n", "a second document begins here"},
		"a list":          {"- a\n- b\n", "the study file is a list"},
		"a word":          {"hello", "the study file is text"},
		"tabs":            {"a:\n\tb: 1\n", "this is not YAML"},
		"open bracket":    {"title: [a, b\ndata: c\n", "this is not YAML"},
		"open quote":      {"title: 'a\n", "this is not YAML"},
		"unknown keys":    {unknown, "4904 more faults are not shown"},
		"one key twice":   {"1: a\n1.0: b\n", "the key \"1.0\" stands already in line 1"},
		"ids by capitals": {"tables: [{id: a}, {id: A}]", "the id \"A\" of tables stands already in line 1"},
		"a list as a key": {"{[a, b]: c}", "this is not YAML"},
	}
	for name, c := range cases {
		study, source, err := Parse([]byte(c.data), "study.yaml")
		var problems survey.Problems
		if !errors.As(err, &problems) || study != nil || source != nil {
			t.Errorf("%s: got %v, want problems", name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %.300q does not say %q", name, err, c.says)
		}
		for _, p := range problems {
			if p.File != "study.yaml" || len(p.Excerpt) > 1000 {
				t.Errorf("%s: file %q, excerpt of %d bytes", name, p.File, len(p.Excerpt))
			}
		}
	}
}

func TestAnnotate(t *testing.T) {
	_, source, err := Parse([]byte(strings.ReplaceAll(everyNotation, "\n  Q 1.a:", "\n  Q 1: {label: shorter name}\n  Q 1.a:")), "study.yaml")
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
		line := []rune(source.lines[p.Line-1])
		marked := string(line[:p.Column-1]) + "|" + string(line[p.Column-1:])
		if want = strings.Replace(want, "weight: |w", "weight: |w", 1); !strings.Contains(marked, strings.TrimPrefix(want, "| ")) {
			t.Errorf("%s: %s, want %s", path, marked, want)
		}
		if p.File != "study.yaml" || p.Message != "m" || p.Variable != "v" || !strings.Contains(p.Excerpt, "^") {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

// What an expression shows of itself is nearer to the fault than its line.
func TestAnnotateKeepsAnExcerpt(t *testing.T) {
	source := &Source{path: "s.yaml", lines: []string{"a: b"}, root: &node{form: mapping, at: place{1, 1}}}
	got := source.Annotate("$.a", survey.Problem{Excerpt: "q1 = 2\n   ^"})
	if got.Excerpt != "q1 = 2\n   ^" || got.Line != 1 {
		t.Errorf("got %+v", got)
	}
}

// The caret stands under its character after letters that take several bytes,
// after tabs, and in lines too long to show.
func TestCaret(t *testing.T) {
	source := &Source{lines: []string{"größe: x", "a:\t\tx", strings.Repeat("ü", 300) + "X" + strings.Repeat("y", 300)}}
	for _, c := range []struct {
		at   place
		want string
	}{
		{place{1, 8}, "     1 | größe: x\n       |        ^\n"},
		{place{2, 5}, "     1 | größe: x\n     2 | a:\t\tx\n       |   \t\t^\n"},
		{place{3, 301}, "     2 | a:\t\tx\n     3 | " + strings.Repeat("ü", 49) + "X" + strings.Repeat("y", 50) + "\n       | " + strings.Repeat(" ", 49) + "^\n"},
		{place{4, 1}, ""},
	} {
		if diff := cmp.Diff(c.want, source.excerpt(c.at)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.at, diff)
		}
	}
}
