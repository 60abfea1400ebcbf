package estimate_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"surveykit/datasets/reference"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// regressionTolerance is how far R's coefficients may be off: glm stops where the
// deviance changes by 1e-8 of itself.
const regressionTolerance = 1e-6

// TestRegressionReference holds every regression of the reference cases against
// R survey::svyglm: linearised designs of one and two stages, and replicates.
func TestRegressionReference(t *testing.T) {
	cases, err := reference.Cases()
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]*survey.Table{}
	run := 0
	for _, c := range cases {
		if c.Request.Statistic != "regression" {
			continue
		}
		run++
		name := c.Data[strings.LastIndex(c.Data, "/")+1:]
		if tables[name] == nil {
			tables[name] = referenceTable(t, name)
		}
		t.Run(c.ID, func(t *testing.T) {
			s := sampletest.In(t, tables[name], caseDesign(c.Design), estimate.Options{By: c.Request.By, Where: c.Request.Where})
			checkRegression(t, s, c)
		})
	}
	if run == 0 {
		t.Error("there are no regressions")
	}
}

func caseDesign(d reference.Design) survey.Design {
	out := survey.Design{Weight: d.Weight, Strata: d.Strata, PSU: d.PSU, FPC: d.FPC, LonelyPSU: d.LonelyPSU}
	if r := d.Replicates; r != nil {
		out.Replicates = &survey.ReplicateSpec{Columns: r.Prefix + "*", Type: strings.ToLower(r.Type), Scale: r.Scale, RScales: r.RScales, MSE: r.MSE}
		if r.Rho != nil {
			out.Replicates.FayRho = *r.Rho
		}
	}
	return out
}

func checkRegression(t *testing.T, s *estimate.Sample, c reference.Case) {
	var want []struct {
		Term                   string
		Estimate, SE, T, P, DF float64
	}
	if err := json.Unmarshal(c.Expected, &want); err != nil {
		t.Fatal(err)
	}
	got, err := s.Regress(c.Request.Formula, c.Request.Family)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d terms, %v", len(got), err)
	}
	for j, w := range want {
		g := got[j]
		if g.Term != w.Term || g.DF.Float() != w.DF {
			t.Errorf("term %s with %v df, want %s with %v", g.Term, g.DF.Float(), w.Term, w.DF)
		}
		for what, pair := range map[string][2]float64{"estimate": {g.Value.Float(), w.Estimate}, "se": {g.SE.Float(), w.SE}, "t": {g.T.Float(), w.T}, "p": {g.P.Float(), w.P}} {
			if !(math.Abs(pair[0]-pair[1]) <= regressionTolerance*math.Abs(pair[1])+1e-12) {
				t.Errorf("%s of %s: %v, want %v", what, w.Term, pair[0], pair[1])
			}
		}
	}
}

// A domain mean is a regression on a constant, a difference of two domain means
// one on an indicator; the rows outside stay in the design.
func TestMeansAreRegressions(t *testing.T) {
	table := referenceTable(t, "twostage.csv")
	design := survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}
	s := sampletest.In(t, table, design, estimate.Options{By: []string{"wave"}, Where: "age >= 55"})
	means, err := s.Means([]string{"trust"})
	if err != nil {
		t.Fatal(err)
	}
	constants, err := s.Regress("trust ~ 1", "gaussian")
	if err != nil || len(constants) != 2 {
		t.Fatal(constants, err)
	}
	for d, m := range means {
		c := constants[d]
		if !near(c.Value, m.Value.Float(), exact) || !near(c.SE, m.SE.Float(), exact) || c.DF.Float() != m.DF.Float() || c.N != m.N || c.Group[0] != m.Group[0] {
			t.Errorf("regression %+v, mean %+v", c, m)
		}
	}
	whole := sampletest.In(t, table, design, estimate.Options{Where: "age >= 55"})
	changes, err := whole.Differences([]string{"trust"}, estimate.Between{Variable: "wave", From: "2008", To: "2011"})
	difference := one(t, changes, err)
	terms, err := whole.Regress("trust ~ factor(wave)", "gaussian")
	if err != nil || len(terms) != 2 {
		t.Fatal(terms, err)
	}
	if slope := terms[1]; !near(slope.Value, difference.Value.Float(), exact) || !near(slope.SE, difference.SE.Float(), exact) || slope.DF.Float() != difference.DF.Float()-1 {
		t.Errorf("slope %+v, difference %+v", slope, difference)
	}
}

func TestRegressionEdges(t *testing.T) {
	nan := math.NaN()
	table := tableOf(number("y", 0, 0, 1, 1, 0, 1), number("x", 1, 2, 3, 4, 5, 5), number("twice", 2, 4, 6, 8, 10, 10), number("apart", 1, 1, 2, 2, 1, 2),
		number("none", nan, nan, nan, nan, nan, nan), number("part", 1, 2, nan, nan, nan, nan), number("w", 1, 1, 1, 1, 1, 1))
	s := sampletest.Of(t, table, survey.Design{Weight: "w"})
	for _, c := range []struct {
		formula, family, flag string
		term                  int
	}{
		{"y ~ x + twice", "gaussian", survey.FlagNotEstimable, 1},
		{"y ~ x + twice", "gaussian", survey.FlagNotEstimable, 2},
		{"y ~ apart", "binomial", survey.FlagNotEstimable, 0},
		{"y ~ none", "gaussian", survey.FlagNoRows, 0},
		{"x ~ part", "gaussian", survey.FlagNoDF, 1},
		{"x ~ twice - 1", "gaussian", survey.FlagNoVariance, 0},
	} {
		got, err := s.Regress(c.formula, c.family)
		if err != nil {
			t.Fatalf("%s: %v", c.formula, err)
		}
		g := got[c.term]
		if len(g.Flags) != 1 || g.Flags[0] != c.flag || g.T.Exists() || g.P.Exists() {
			t.Errorf("%s: %+v, want the flag %s", c.formula, g, c.flag)
		}
		if exists := c.flag == survey.FlagNoDF || c.flag == survey.FlagNoVariance; g.Value.Exists() != exists {
			t.Errorf("%s: estimate %v", c.formula, g.Value.Float())
		}
	}
}

// In the second replicate only one category of x is left, or x separates the outcomes.
func TestRegressionInAFailingReplicate(t *testing.T) {
	table := tableOf(number("y", 1, 2, 4, 3), number("binary", 0, 1, 1, 0), number("x", 0, 0, 1, 1), number("w", 1, 1, 1, 1),
		number("r1", 2, 0, 2, 0), number("r2", 2, 2, 0, 0), number("r3", 0, 2, 0, 2), number("q1", 2, 1, 1, 1), number("q2", 2, 0, 2, 0))
	for _, c := range []struct{ columns, formula, family string }{{"r*", "y ~ x", "gaussian"}, {"q*", "binary ~ x", "binomial"}} {
		s := sampletest.Of(t, table, survey.Design{Weight: "w", Replicates: &survey.ReplicateSpec{Columns: c.columns, Type: "brr"}})
		got, err := s.Regress(c.formula, c.family)
		if err != nil || len(got) != 2 {
			t.Fatal(got, err)
		}
		if g := got[1]; !g.Value.Exists() || g.SE.Exists() || len(g.Flags) != 1 || g.Flags[0] != survey.FlagConvergence {
			t.Errorf("%+v", g)
		}
	}
}

func TestRegressionProblems(t *testing.T) {
	table := tableOf(number("y", 0, 2, 3, 0), number("x", 1, 2, 2, 2), number("g", 1, 2, 2, 2))
	s := sampletest.In(t, table, survey.Design{}, estimate.Options{By: []string{"g"}})
	for call, want := range map[[2]string]string{
		{"y ~ x ^ 2", "normal"}:      "\"^\" is not expected here",
		{"y ~ x", "normal"}:          "there is no family \"normal\"; use gaussian, binomial, poisson",
		{"~ x", "gaussian"}:          "value \"~ x\": the formula has no response",
		{"y ~ xx", "gaussian"}:       "there is no variable \"xx\" (in the domain g 1); did you mean x?",
		{"y ~ x", "binomial"}:        "row 2, column y, value \"2\": the binomial family needs 0 and 1, or proportions between them (2 rows are not) (in the domain g 2)",
		{"y ~ factor(x)", "poisson"}: "column x: all 1 rows of the model are in one category, 1 (in the domain g 1)",
	} {
		_, err := s.Regress(call[0], call[1])
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v:\n%v\nwant\n%s", call, err, want)
		}
	}
}
