package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

func methods(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../METHODS.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestMethodsConsole runs every console block of METHODS.md.
func TestMethodsConsole(t *testing.T) {
	runConsole(t, methods(t), "", 1)
}

// TestMethodsListEverything: what can be asked for is written down, the
// estimators in the words that the program prints.
func TestMethodsListEverything(t *testing.T) {
	text := methods(t)
	for _, e := range estimate.Estimators() {
		if row := fmt.Sprintf("| `%s` | %s | %s | %s |", e.Name, e.Formula, e.Source, e.Reference); !strings.Contains(text, row) {
			t.Errorf("the table of estimators misses\n%s", row)
		}
	}
	listed := func(name string, cells ...string) {
		row := "| `" + name + "` | " + strings.ReplaceAll(strings.Join(cells, " | "), "*", `\*`) + " |"
		if !strings.Contains(text, row) {
			t.Errorf("there is no row\n%s", row)
		}
	}
	for _, m := range stats.IntervalMethods {
		listed(m.Name, m.Formula, m.Source)
	}
	for _, r := range stats.QuantileRules {
		listed(r.Name, r.Formula)
	}
	for _, i := range estimate.QuantileIntervals {
		listed(i.Name, i.Formula, i.Source)
	}
	for _, m := range segment.Methods {
		listed(m.Name, m.Formula, m.Source)
	}
	var names []string
	for _, m := range stats.AssociationMethods {
		names = append(names, string(m))
	}
	names = append(names, survey.FlagEdge, survey.FlagBeyond, survey.FlagNoDF, survey.FlagNoRows, survey.FlagOneRow, survey.FlagZeroDivisor)
	for _, name := range names {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("%s is not written down", name)
		}
	}
}
