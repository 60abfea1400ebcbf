package estimate_test

import (
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// regressions are models of the table of estimators: some of outcomes that are separated,
// of terms that depend on each other and of outcomes that the family has not.
var regressions = map[string]func(s *estimate.Sample) (any, error){
	"linear":              func(s *estimate.Sample) (any, error) { return s.Regress("y ~ x + factor(q) + factor(g)", "gaussian") },
	"logistic":            func(s *estimate.Sample) (any, error) { return s.Regress("b ~ factor(q) * factor(b2) + y", "binomial") },
	"poisson":             func(s *estimate.Sample) (any, error) { return s.Regress("y ~ factor(q) + b", "poisson") },
	"exact":               func(s *estimate.Sample) (any, error) { return s.Regress("y ~ y", "gaussian") },
	"logistic, separated": func(s *estimate.Sample) (any, error) { return s.Regress("b ~ b + factor(q)", "binomial") },
	"dependent":           func(s *estimate.Sample) (any, error) { return s.Regress("y ~ factor(q) + q", "gaussian") },
	"terms":               func(s *estimate.Sample) (any, error) { return s.TermTests("b ~ factor(q) + x", "binomial") },
	"margins":             func(s *estimate.Sample) (any, error) { return s.PredictedMargins("y ~ factor(q) + x", "gaussian", "q") },
	"logistic margins":    func(s *estimate.Sample) (any, error) { return s.PredictedMargins("b ~ factor(q) + y", "binomial", "q") },
	"wrong outcomes":      func(s *estimate.Sample) (any, error) { return s.Regress("y ~ x", "binomial") },
	"unknown":             func(s *estimate.Sample) (any, error) { return s.Regress("y ~ x + nobody", "gaussian") },
	"one level":           func(s *estimate.Sample) (any, error) { return s.Regress("y ~ factor(h)", "gaussian") },
}

// TestRegressionsOverGroups: over groups of rows, as a database lists them, regressions give
// what they give over the rows, up to rounding, and the same bits in any order of the rows.
func TestRegressionsOverGroups(t *testing.T) {
	table := engineTable()
	table = table.With(&survey.Variable{Name: "above 0", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, table.Rows))})
	for i, w := range table.Lookup("w").Numbers.All() {
		table.Lookup("above 0").Numbers.Set(i, w+0.25)
	}
	shuffled := sampletest.Shuffled(table)
	for name, d := range map[string]survey.Design{
		"rows": {Weight: "w"}, "no weight": {}, "strata": {Weight: "w", Strata: "h"}, "clusters": {Weight: "w", Strata: "h", PSU: []string{"psu"}},
		"lonely":     {Weight: "w", Strata: "h", PSU: []string{"h"}, LonelyPSU: "adjust"},
		"replicates": {Weight: "above 0", Replicates: &survey.ReplicateSpec{Columns: "r*", Type: "bootstrap"}},
	} {
		for _, o := range []estimate.Options{{}, {By: []string{"g"}, Where: "q > 0"}, {Where: "h == 1"}} {
			rows, groups := sampletest.In(t, table, d, o), sampletest.Grouped(t, table, d, o)
			again := sampletest.Grouped(t, shuffled, d, o)
			for model, of := range regressions {
				want, problems := of(rows)
				got, grouped := of(groups)
				tolerance := 1e-10
				if strings.HasPrefix(model, "logistic") {
					tolerance = 1e-6 // of errors: each row's weight is in the first step; see stats.Fit
				}
				if !sampletest.Alike(t, got, want, tolerance) || text(withoutRow(grouped), nil) != text(withoutRow(problems), nil) {
					t.Errorf("%s, %s, %+v:\n%s\nby rows\n%s", model, name, o, text(got, grouped), text(want, problems))
				}
				if text(of(again)) != text(of(groups)) {
					t.Errorf("%s, %s: other bits in another order of rows", model, name)
				}
			}
			if text(rows.Warnings(), nil) != text(groups.Warnings(), nil) || text(rows.Doubts(), nil) != text(groups.Doubts(), nil) {
				t.Errorf("%s: warnings %v and doubts %v, not %v and %v", name, groups.Warnings(), groups.Doubts(), rows.Warnings(), rows.Doubts())
			}
		}
	}
}

// TestReplicatesOverGroupsNeedAllWeights: rows without a weight that share a group with others
// might have replicate weights, which do not count by rows.
func TestReplicatesOverGroupsNeedAllWeights(t *testing.T) {
	s := sampletest.Grouped(t, engineTable(), survey.Design{Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "r*", Type: "bootstrap"}}, estimate.Options{})
	_, err := s.Regress("y ~ factor(q)", "gaussian")
	if err == nil || !strings.Contains(err.Error(), "a regression by replicate weights needs the rows of the data, and some rows without a weight have replicate weights") {
		t.Errorf("gives %v", err)
	}
}

// withoutRow are problems without the place and the value of a row, the first of which are
// others among groups.
func withoutRow(err error) error {
	all, ok := err.(survey.Problems)
	if !ok {
		return err
	}
	var out survey.Problems
	for _, p := range all {
		p.Row, p.Value = 0, ""
		out = append(out, p)
	}
	return out
}
