package segment_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/stats/tree"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate/sampletest"
	"surveykit/survey/expression"
)

func grow(t testing.TB, table *survey.Table, o segment.CHAIDOptions) (*segment.CHAID, *segment.Solution) {
	t.Helper()
	c, solution, err := segment.GrowTree(context.Background(), sampletest.Of(t, table, clustered), o)
	if err != nil {
		t.Fatal(err)
	}
	return c, solution
}

// The rules say of everybody what the tree does, whether or not they answered.
func TestRulesAreTheTree(t *testing.T) {
	table := groups(11, 40, 15)
	names := &survey.Variable{Name: "place", Kind: survey.Text, Texts: &survey.TextColumn{Values: []string{"Oslo", `Bergen "west"`, "Bodø"}}}
	for _, town := range table.Lookup("town").Numbers.All() {
		if math.IsNaN(town) {
			town = 1 // a text that is missing cannot be judged
		}
		names.Texts.Index.Append(int32(town) - 1)
	}
	table = table.With(names)
	for _, items := range [][]string{groupItems, {"opinion:ordinal", "noise:nominal"}, {"town:nominal", "noise:nominal"}, {"opinion:scale", "age:scale"}, {"place", "opinion:nominal"}} {
		c, solution := grow(t, table, segment.CHAIDOptions{Target: "group:nominal", Items: items, Growth: tree.Options{Child: 10, Parent: 20}})
		if len(solution.Names) < 2 {
			t.Fatalf("%v: no split", items)
		}
		for k, rule := range c.Rules() {
			e, err := expression.Compile(rule.Where, table)
			if err != nil {
				t.Fatalf("%s: %v", rule.Where, err)
			}
			holds, valid := e.Truth()
			for i := range holds {
				if !valid[i] || holds[i] != (solution.Member[i] == int32(k)) {
					t.Fatalf("%v, row %d: the rule %q holds %v (judged %v), the segment is %d", items, i, rule.Where, holds[i], valid[i], solution.Member[i])
				}
			}
		}
	}
}

// The p-value of a split is that of the association of its branches with the
// target, times Kass's multiplier.
func TestSplitIsTheDesignsTest(t *testing.T) {
	table := groups(12, 40, 10)
	// An answer that leans to the group, so that p is no zero.
	lean := &survey.Variable{Name: "lean", Kind: survey.Number, Measure: survey.Ordinal, Numbers: survey.NewNumbers(slices.Clone(table.Lookup("noise").Numbers.Slice()))}
	for i, g := range table.Lookup("group").Numbers.All() {
		if i%6 == 0 {
			lean.Numbers.Set(i, g)
		}
	}
	table = table.With(lean)
	c, solution := grow(t, table, segment.CHAIDOptions{Target: "group:nominal", Items: []string{"lean"}, Growth: tree.Options{Depth: 1, Split: 0.5}})
	root := c.Nodes[0]
	if root.SplitBy != "lean" || len(solution.Names) >= 4 || len(solution.Names) < 2 {
		t.Fatalf("%+v", c.Nodes)
	}
	s := sampletest.Of(t, table.With(solution.Variable("leaf", "")), clustered)
	tests, err := s.Association("leaf", "group", []stats.AssociationMethod{stats.RaoScottF})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "multiplier", root.Multiplier, survey.FigureOf(tree.Ordinal.Multiplier(4, len(solution.Names))), 0)
	near(t, "p", root.P, survey.FigureOf(min(1, tests[0].P.Float()*root.Multiplier.Float())), exact)
}

// Sizes and answers of nodes are those that the estimators give.
func TestNodeFiguresAreTheEstimators(t *testing.T) {
	table := groups(13, 30, 10)
	c, solution := grow(t, table, segment.CHAIDOptions{Target: "group:nominal", Items: []string{"age:scale"}, Resamples: 4})
	s := sampletest.Of(t, table.With(solution.Variable("leaf", "")), clustered)
	sizes, err := s.Proportions([]string{"leaf"})
	if err != nil {
		t.Fatal(err)
	}
	all, _ := s.Proportions([]string{"group"})
	for k, want := range all {
		sameFigures(t, "everybody", c.Nodes[0].Answers[k], want, true)
	}
	for k, leaf := range c.Leaves() {
		sameFigures(t, leaf.Name, leaf.Size, sizes[k], true)
	}
	if c.Stability.Resamples != 4 || c.Stability.AdjustedRand.Float() < 0.7 || len(c.Stability.Jaccard) != len(solution.Names) {
		t.Errorf("%+v", c.Stability)
	}
}

// A predictor that tells the target without exception has no design effect, and
// splits all the same.
func TestPerfectPredictorSplits(t *testing.T) {
	table := groups(14, 20, 10)
	twin := *table.Lookup("group")
	twin.Name = "twin"
	c, solution := grow(t, table.With(&twin), segment.CHAIDOptions{Target: "group:nominal", Items: []string{"noise:nominal", "twin:nominal"}, Growth: tree.Options{Child: 5, Parent: 10}})
	if c.Nodes[0].SplitBy != "twin" || len(solution.Names) != 3 {
		t.Errorf("%+v", solution.Names)
	}
}

// A predictor of noise splits about as often as its level says: at 5%, in 200
// samples, 0 to 21 times (a chance of 1 in 1,000 of more).
func TestNoiseDoesNotSplit(t *testing.T) {
	splits := 0
	for seed := range uint64(200) {
		_, solution := grow(t, groups(100+seed, 20, 6), segment.CHAIDOptions{Target: "group:nominal", Items: []string{"noise:nominal"}, Growth: tree.Options{Child: 5, Parent: 10, Depth: 1}})
		if len(solution.Names) > 1 {
			splits++
		}
	}
	if splits > 21 {
		t.Errorf("%d of 200 samples split", splits)
	}
}

func TestTreesSayWhatIsWrong(t *testing.T) {
	table := groups(15, 6, 10)
	for _, c := range []struct {
		target string
		items  []string
		want   string
	}{
		{"age:scale", []string{"town:nominal"}, "recode it to a few answers"},
		{"group:nominal", []string{"group:nominal"}, "target and predictor"},
		{"grup", []string{"twon"}, "town"},
		{"group:nominal", []string{"age:nominal"}, "age:scale"},
	} {
		_, _, err := segment.GrowTree(context.Background(), sampletest.Of(t, table, clustered), segment.CHAIDOptions{Target: c.target, Items: c.items})
		var problems survey.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s by %v: %v", c.target, c.items, err)
		}
	}
}
