package estimate_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// A paired difference is the difference of the items' means over the rows that
// answered both, and the mean of the differences.
func TestPairedIsTheDifferenceOfItems(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t, estimate.Options{Where: "valid(a) and valid(b)"})
		records, err := s.Paired("a", "b")
		c := one(t, records, err)
		for _, of := range []string{"mean(a) - mean(b)", "mean(a - b)"} {
			r := single(t, s, "contrast", of)
			if !near(c.Value, r.Value.Float(), exact) || !near(c.SE, r.SE.Float(), exact) || !near(c.Low, r.Low.Float(), exact) || !near(c.DF, r.DF.Float(), 0) || c.NTo != r.N {
				t.Errorf("%v (SE %v, n %d), %s is %v (SE %v, n %d)", c.Value.Float(), c.SE.Float(), c.NTo, of, r.Value.Float(), r.SE.Float(), r.N)
			}
		}
		if !near(survey.FigureOf(c.ToMean.Float()-c.FromMean.Float()), c.Value.Float(), exact) || c.DF.Float() > 0 && !near(c.T, c.Value.Float()/c.SE.Float(), exact) {
			t.Errorf("%v minus %v is %v, t %v", c.ToMean.Float(), c.FromMean.Float(), c.Value.Float(), c.T.Float())
		}
	})
}

// Against the whole a part differs by (1 − share) times its difference from the
// rest in value, and the p-value is that of the joint covariance.
func TestPartsAgainstRestAndWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t, estimate.Options{Where: "valid(a)"})
		parts := func(variable string, against estimate.Against) []estimate.DifferenceRecord {
			records, err := s.Parts([]string{"a"}, estimate.Part{Variable: variable, Against: against})
			if err != nil {
				t.Fatal(err)
			}
			return records
		}
		shares, err := s.Proportions([]string{"h"})
		if err != nil {
			t.Fatal(err)
		}
		whole := parts("h", estimate.Whole)
		for i, rest := range parts("h", estimate.Rest) {
			if len(shares) != len(whole) || rest.NFrom == 0 || rest.NTo == 0 {
				return
			}
			if w := whole[i]; !near(w.Value, rest.Value.Float()*(1-shares[i].Value.Float()), exact) || w.NFrom != rest.NFrom+rest.NTo || w.To != rest.To {
				t.Errorf("%s: %v against the whole, %v against the rest, a share of %v", w.To, w.Value.Float(), rest.Value.Float(), shares[i].Value.Float())
			}
		}
		// With two categories the rest is the other one.
		two := parts("g", estimate.Rest)
		if len(two) < 2 {
			return
		}
		difference, err := s.Differences([]string{"a"}, estimate.Between{Variable: "g", From: "0", To: "1"})
		if d := one(t, difference, err); !near(two[1].Value, d.Value.Float(), exact) || !near(two[1].SE, d.SE.Float(), exact) || !near(two[1].P, d.P.Float(), tails) {
			t.Errorf("%v (SE %v) against the rest, difference %v (SE %v)", two[1].Value.Float(), two[1].SE.Float(), d.Value.Float(), d.SE.Float())
		}
	})
}

func TestPartsByHand(t *testing.T) {
	g := &survey.Variable{Name: "g", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 1, 2, 3, math.NaN()}), Codes: []survey.Code{{Value: survey.NumberValue(1), Label: "North"}}}
	s := sampletest.Of(t, tableOf(number("y", 2, 4, 6, 10, 100), g), survey.Design{})
	for against, want := range map[estimate.Against][3]float64{estimate.Rest: {8, 3, -5}, estimate.Whole: {5.5, 3, -2.5}} {
		records, err := s.Parts([]string{"y"}, estimate.Part{Variable: "g", Level: "North", Against: against})
		c := one(t, records, err)
		if !near(c.FromMean, want[0], exact) || !near(c.ToMean, want[1], exact) || !near(c.Value, want[2], exact) || c.From != string(against) || c.To != "North" || c.DF.Float() != 3 {
			t.Errorf("%+v", c)
		}
	}
	_, err := s.Parts([]string{"y", "why"}, estimate.Part{Variable: "g", Level: "Nort", Against: estimate.Rest})
	if err == nil || !strings.Contains(err.Error(), "did you mean North") || !strings.Contains(err.Error(), `no variable "why"`) {
		t.Error(err)
	}
}

// The adjusted p-values are those of the family; a comparison without p has none.
func TestAdjust(t *testing.T) {
	ps := []float64{0.01, math.NaN(), 0.04, 0.03}
	for name, want := range map[string][]float64{
		"none": {math.NaN(), math.NaN(), math.NaN(), math.NaN()}, "bonferroni": {0.03, math.NaN(), 0.12, 0.09},
		"holm": {0.03, math.NaN(), 0.06, 0.06}, "bh": {0.03, math.NaN(), 0.04, 0.04},
	} {
		a := estimate.Adjustment(name)
		comparisons, tests := make([]estimate.DifferenceRecord, len(ps)), make([]estimate.TestRecord, len(ps))
		for i, p := range ps {
			comparisons[i] = estimate.DifferenceRecord{P: survey.FigureOf(p), Adjusted: survey.Figure{}}
			tests[i] = estimate.TestRecord{P: survey.FigureOf(p), Adjusted: survey.Figure{}}
		}
		a.AdjustComparisons(comparisons)
		a.AdjustTests(tests)
		for i := range ps {
			if !near(comparisons[i].Adjusted, want[i], exact) || !near(tests[i].Adjusted, want[i], exact) {
				t.Errorf("%s of %v: %v and %v, want %v", name, ps[i], comparisons[i].Adjusted.Float(), tests[i].Adjusted.Float(), want[i])
			}
		}
	}
}

// Rank tests depend on the order of the answers alone: not on their distance,
// nor on the order of rows. With two groups Kruskal–Wallis is Wilcoxon, and
// turning the scale turns its sign.
func TestRankTestsSeeOrderOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t, estimate.Options{})
		r := s.Table().Lookup("r").Numbers.Slice()
		stretched, turned := make([]float64, len(r)), make([]float64, len(r))
		for i, x := range r {
			stretched[i], turned[i] = math.Exp(x), -x
		}
		s = sampletest.Framed(t, s.Table().With(number("stretched", stretched...), number("turned", turned...)), s.Frame(), estimate.Options{})
		rank := func(v, g string, m estimate.RankMethod) estimate.TestRecord {
			records, err := s.RankTest(v, g, m)
			return one(t, records, err)
		}
		for _, g := range []string{"g", "h"} {
			for _, m := range []estimate.RankMethod{estimate.KruskalWallis, estimate.MedianTest} {
				if x, y := rank("r", g, m), rank("stretched", g, m); !near(x.Statistic, y.Statistic.Float(), 0) || x.N != y.N {
					t.Errorf("%s by %s: %v, stretched %v", m, g, x.Statistic.Float(), y.Statistic.Float())
				}
			}
		}
		x, y := rank("r", "g", estimate.Wilcoxon), rank("turned", "g", estimate.KruskalWallis)
		if !near(x.Statistic, -y.Statistic.Float(), exact) || !near(x.P, y.P.Float(), tails) {
			t.Errorf("%v, turned %v", x.Statistic.Float(), y.Statistic.Float())
		}
	})
}

// Ties share the middle of their ranks, whatever the order of rows.
func TestRankTestIgnoresTheOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		var y, g, w []float64
		for range 12 {
			y, g, w = append(y, float64(r.IntN(4))), append(g, float64(r.IntN(3))), append(w, math.Exp(r.NormFloat64()))
		}
		var results [2]estimate.TestRecord
		for k := range results {
			s := sampletest.Of(t, tableOf(number("y", y...), number("g", g...), number("w", w...)), survey.Design{Weight: "w"})
			records, err := s.RankTest("y", "g", estimate.KruskalWallis)
			results[k] = one(t, records, err)
			r.Shuffle(len(y), func(i, j int) { y[i], y[j], g[i], g[j], w[i], w[j] = y[j], y[i], g[j], g[i], w[j], w[i] })
		}
		if !near(results[0].Statistic, results[1].Statistic.Float(), exact) {
			t.Errorf("%v, shuffled %v", results[0].Statistic.Float(), results[1].Statistic.Float())
		}
	})
}

// Without weights the median test of two groups is the t test of the shares
// above the median: 1 of 3 against 3 of 3.
func TestMedianTestByHand(t *testing.T) {
	s := sampletest.Of(t, tableOf(number("y", 1, 2, 9, 7, 8, 10), number("g", 1, 1, 1, 2, 2, 2)), survey.Design{})
	records, err := s.RankTest("y", "g", estimate.MedianTest)
	r := one(t, records, err)
	// above 7.5: 9, 8, 10, so 1/3 and 2/3 with variances 6/5·Σe²/9 each = 6/5·(2/3)/9.
	want := (1.0 / 3) / math.Sqrt(2*6.0/5*(2.0/3)/9)
	if !near(r.Statistic, want, exact) || r.NDF.Float() != 1 || r.DDF.Float() != 4 || r.N != 6 || !near(r.P, stats.TTwoSided(want, 4), tails) {
		t.Errorf("%+v, want t = %v", r, want)
	}
}

func TestRankTestEdges(t *testing.T) {
	s := sampletest.Of(t, tableOf(number("y", 1, 2, 3, 3), number("g", 1, 1, 2, 3), number("same", 5, 5, 5, 5), number("none", math.NaN(), math.NaN(), math.NaN(), math.NaN())), survey.Design{})
	for _, c := range []struct{ v, g, flag string }{
		{"y", "same", "one_category"}, {"none", "g", survey.FlagNoRows}, {"same", "g", survey.FlagNoVariance}, {"y", "y", survey.FlagNoVariance},
	} {
		records, err := s.RankTest(c.v, c.g, estimate.KruskalWallis)
		if r := one(t, records, err); r.Statistic.Exists() || r.P.Exists() || len(r.Flags) != 1 || r.Flags[0] != c.flag {
			t.Errorf("%s by %s: %+v", c.v, c.g, r)
		}
	}
	// Groups without spread, whose variance is rounding alone.
	s = sampletest.Of(t, tableOf(number("w", 0.1, 0.7, 0.3, 1.9, 1.1), number("y", 1, 1, 1, 2, 2)), survey.Design{Weight: "w"})
	records, err := s.RankTest("y", "y", estimate.KruskalWallis)
	if r := one(t, records, err); r.Statistic.Exists() || r.Flags[0] != survey.FlagNoVariance {
		t.Errorf("%+v", r)
	}
	s = sampletest.Of(t, tableOf(number("y", 1, 2, 3, 3), number("g", 1, 1, 2, 3)), survey.Design{})
	if _, err := s.RankTest("y", "g", estimate.Wilcoxon); err == nil || !strings.Contains(err.Error(), "there are 3") {
		t.Error(err)
	}
	if _, err := s.RankTest("why", "wye", estimate.Wilcoxon); err == nil || !strings.Contains(err.Error(), "wye") {
		t.Error(err)
	}
}

// A plan agrees with R 4.2.2: power.t.test(n = 100, delta = 0.4, sd = 1, strict = TRUE)
// gives power 0.803647504421276;power.t.test(n = 100, sd = 1, power = 0.8, strict = TRUE, tol = 1e-12) delta 0.398138137568232.
func TestPlan(t *testing.T) {
	g := estimate.Groups{Rows: 200, Variance: 1, Deff: 2, DF: 198}
	p := g.Plan(estimate.Aim{Level: 0.95, Power: 0.8, Detect: 0.4})
	if !near(p.Power, 0.803647504421276, tails) || !near(p.Detectable, 0.398138137568232, tails) || !near(p.SE, math.Sqrt(2.0/100), exact) {
		t.Errorf("%+v", p)
	}
	if p := g.Plan(estimate.Aim{Level: 0.95, Power: 0.8}); p.Power.Exists() || p.Detect.Exists() {
		t.Errorf("a power of nothing: %+v", p)
	}
}

// With the design of the data a plan takes its error and df from the
// comparison, and what it can detect has the power wanted.
func TestPlansOfData(t *testing.T) {
	s := sampletest.In(t, referenceTable(t, "twostage.csv"), survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}, estimate.Options{By: []string{"wave"}})
	differences, err := s.Differences([]string{"trust"}, estimate.Between{Variable: "gender", From: "male", To: "female"})
	if err != nil || len(differences) != 2 {
		t.Fatal(differences, err)
	}
	for i, p := range estimate.Plans(differences, estimate.Aim{Level: 0.9, Power: 0.7, Detect: 0.1}) {
		d := differences[i]
		if p.SE.Float() != d.SE.Float() || p.DF.Float() != d.DF.Float() || p.NFrom != d.NFrom || p.NTo != d.NTo || len(p.Group) != 1 {
			t.Errorf("%+v from %+v", p, d)
		}
		if got := stats.Power(p.Detectable.Float(), p.SE.Float(), p.DF.Float(), 0.9); math.Abs(got-0.7) > tails {
			t.Errorf("the detectable difference has power %v", got)
		}
	}
	lonely := estimate.Plans([]estimate.DifferenceRecord{{SE: survey.FigureOf(1), DF: survey.FigureOf(0), Flags: []string{survey.FlagNoDF}}}, estimate.Aim{Level: 0.95, Power: 0.8})
	if lonely[0].Detectable.Exists() || lonely[0].Flags[0] != survey.FlagNoDF {
		t.Errorf("%+v", lonely[0])
	}
}
