package estimate_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// drawSample makes a small sample: clusters in strata, or the same rows with
// replicate weights. a, b and the scale r (0–10) are not always answered, la is
// the logarithm of a, which is positive; g has two values and h four.
func drawSample(t *rapid.T, domain estimate.Options) *estimate.Sample {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	columns := map[string][]float64{}
	add := func(name string, x float64) { columns[name] = append(columns[name], x) }
	for stratum := range 1 + r.IntN(3) {
		for psu := range 2 + r.IntN(3) {
			for range 3 + r.IntN(4) {
				a, w := math.Exp(r.NormFloat64()+0.3*float64(psu)), math.Exp(r.NormFloat64())
				if r.IntN(6) == 0 {
					a = math.NaN()
				}
				for name, x := range map[string]float64{"stratum": float64(stratum), "psu": float64(psu), "w": w, "a": a, "la": math.Log(a),
					"b": 3 + r.NormFloat64(), "r": float64(r.IntN(11)), "g": float64(r.IntN(2)), "h": float64(r.IntN(4))} {
					add(name, x)
				}
				for k := range 6 {
					add(fmt.Sprintf("w_%d", k), w*2*r.Float64())
				}
			}
		}
	}
	var variables []*survey.Variable
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		variables = append(variables, number(name, columns[name]...))
	}
	d := survey.Design{Weight: "w", Strata: "stratum", PSU: []string{"psu"}}
	if rapid.Bool().Draw(t, "replicates") {
		d = survey.Design{Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "w_*", Type: "bootstrap"}}
	}
	domain.Deff = "replace"
	return sampletest.In(t, tableOf(variables...), d, domain)
}

// single is an estimate of a sample with one domain.
func single(t *rapid.T, s *estimate.Sample, statistic, of string) survey.Estimate {
	t.Helper()
	records, err := estimated(t, s, statistic, of)
	return one(t, records, err)
}

// alike fails unless two records agree in every figure named.
func alike(t *rapid.T, got, want survey.Estimate, figures string) {
	t.Helper()
	of := func(r survey.Estimate) map[string]survey.Figure {
		return map[string]survey.Figure{"value": r.Value, "se": r.SE, "low": r.Low, "high": r.High, "df": r.DF, "deff": r.Deff,
			"n": survey.FigureOf(float64(r.N)), "n_weighted": r.NWeighted, "n_effective": r.NEffective}
	}
	for _, f := range strings.Fields(figures) {
		if g, w := of(got)[f], of(want)[f]; !near(g, w.Float(), exact) {
			t.Errorf("%s of %s %s is %v, of %s %s %v", f, got.Statistic, got.Variable, g.Float(), want.Statistic, want.Variable, w.Float())
		}
	}
}

// Two ways to the same figure have the same value, error, base and design effect.
func TestTwoWaysToAFigure(t *testing.T) {
	const all = "value se low high df deff n n_weighted n_effective"
	both := "valid(a) and valid(b)"
	for _, c := range []struct{ statistic, of, same, as, where, figures string }{
		{"contrast", "mean(a)", "mean", "a", "", all},
		{"contrast", "total(a)", "total", "a", "", all},
		{"contrast", "total(a) / total(b)", "ratio", "a/b", both, all},
		{"contrast", "share(r >= 4 and g == 1)", "share", "r >= 4 and g == 1", "", "value se df deff n n_weighted n_effective"},
		{"contrast", "exp(mean(la))", "geometric_mean", "a", "", "value se df deff n"},
		{"contrast", "share(r >= 9) - share(r <= 6)", "nps", "r", "", "value se df deff n"},
		{"contrast", "share(r >= 5) - share(r <= 1)", "nps", "r:5,0-1", "r <= 5", "value se df deff n"},
		{"contrast", "sqrt(mean(a) * mean(a))", "mean", "a", "", all},
		{"contrast", "exp(log(total(b))) / (2 - 1)", "total", "b", "", all},
		{"contrast", "-(0 - mean(`a`))", "mean", "a", "", all},
		{"share", "r >= 9", "top_box", "r:2", "", all},
		{"share", "r <= 2", "bottom_box", "r:3", "", all},
		{"correlation", "a,b", "correlation", "b,a", "", all},
	} {
		t.Run(c.statistic+" "+c.of, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := drawSample(t, estimate.Options{Where: c.where})
				if strings.HasSuffix(c.same, "_box") && survey.Classify(s.Table().Lookup("r")).Find(survey.NumberValue(10)) < 10 {
					return // a code that nobody gave is no code of an unlabelled scale
				}
				alike(t, single(t, s, c.statistic, c.of), single(t, s, c.same, c.as), c.figures)
			})
		})
	}
}

// The square of the standard deviation is the variance, whose own error follows
// by the chain rule; and both follow from the moments, as a contrast says.
func TestVarianceIsTheSquareOfTheStandardDeviation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t, estimate.Options{})
		v, sd := single(t, s, "variance", "a"), single(t, s, "sd", "a")
		n := float64(v.N)
		moments := single(t, s, "contrast", "mean(a * a) - mean(a) * mean(a)")
		if !near(v.Value, sd.Value.Float()*sd.Value.Float(), exact) || !near(v.Value, n/(n-1)*moments.Value.Float(), exact) {
			t.Errorf("variance %v, standard deviation %v, from moments %v", v.Value.Float(), sd.Value.Float(), moments.Value.Float())
		}
		if !near(v.SE, n/(n-1)*moments.SE.Float(), 1e-7) { // the moments cancel
			t.Errorf("SE %v, from moments %v", v.SE.Float(), moments.SE.Float())
		}
		if s.Frame().Replicates == nil && !near(v.SE, 2*sd.Value.Float()*sd.SE.Float(), exact) {
			t.Errorf("SE of the variance %v, of the standard deviation %v", v.SE.Float(), sd.SE.Float())
		}
		alike(t, v, single(t, s, "mean", "a"), "df n n_weighted n_effective")
		if v.DF.Float() > 0 && !(v.Low.Float() > 0 && v.Low.Float() <= v.Value.Float() && v.Value.Float() <= v.High.Float()) {
			t.Errorf("interval %v to %v of %v", v.Low.Float(), v.High.Float(), v.Value.Float())
		}
	})
}

// A correlation is 1 with itself, does not see a change of units, and its
// interval stays within −1 and 1.
func TestCorrelationScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t, estimate.Options{})
		self := single(t, s, "correlation", "a,a")
		if self.Value.Float() != 1 || self.DF.Float() > 0 && !(math.Abs(self.SE.Float()) < exact) {
			t.Errorf("with itself %v (SE %v)", self.Value.Float(), self.SE.Float())
		}
		a := s.Table().Lookup("a").Numbers.Slice()
		turned := make([]float64, len(a))
		for i, x := range a {
			turned[i] = 1000 - 3*x
		}
		r := single(t, s, "correlation", "a,b")
		s = sampletest.Framed(t, s.Table().With(number("turned", turned...)), s.Frame(), estimate.Options{})
		opposite := single(t, s, "correlation", "turned,b")
		if !near(opposite.Value, -r.Value.Float(), exact) || !near(opposite.SE, r.SE.Float(), exact) || !near(opposite.Low, -r.High.Float(), exact) {
			t.Errorf("%v (SE %v), turned %v (SE %v)", r.Value.Float(), r.SE.Float(), opposite.Value.Float(), opposite.SE.Float())
		}
		if r.DF.Float() > 0 && !(r.Low.Float() >= -1 && r.Low.Float() <= r.Value.Float() && r.Value.Float() <= r.High.Float() && r.High.Float() <= 1) {
			t.Errorf("interval %v to %v of %v", r.Low.Float(), r.High.Float(), r.Value.Float())
		}
	})
}

// The index of the whole is 100 without error, and the domains' indexes add up
// to it when weighted by their size.
func TestIndexesAverageTo100(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(t, estimate.Options{By: []string{"g"}, Where: "valid(a)"})
		records, err := s.Indexes("a")
		if err != nil {
			t.Fatal(err)
		}
		var sum, weights float64
		for _, r := range records {
			sum, weights = sum+r.Value.Float()*r.NWeighted.Float(), weights+r.NWeighted.Float()
		}
		if !near(survey.FigureOf(sum/weights), 100, exact) {
			t.Errorf("they average to %v", sum/weights)
		}
		whole := drawSample(t, estimate.Options{})
		records, err = whole.Indexes("r + 1")
		if r := one(t, records, err); !near(r.Value, 100, exact) || !(r.SE.Float() < 1e-6) {
			t.Errorf("the whole is %v (SE %v)", r.Value.Float(), r.SE.Float())
		}
	})
}

// Rows that --by leaves out, but --where does not, belong to the total.
func TestIndexTotalHoldsEverybody(t *testing.T) {
	g := number("g", 1, 1, math.NaN(), math.NaN())
	s := sampletest.In(t, tableOf(g, number("y", 2, 4, 1, 1), number("kept", 1, 1, 1, 0)), survey.Design{}, estimate.Options{By: []string{"g"}, Where: "kept == 1"})
	records, err := s.Indexes("y")
	if r := one(t, records, err); !near(r.Value, 100*3/(7.0/3), exact) {
		t.Errorf("index %v", r.Value.Float())
	}
}

// A hand case: y = 1, 2, 4, 9 with weights 1, 1, 2, 4 and x = 4, 2, 2, 1.
func TestEstimatorsByHand(t *testing.T) {
	s := sampletest.Of(t, tableOf(number("w", 1, 1, 2, 4), number("y", 1, 2, 4, 9), number("x", 4, 2, 2, 1)), survey.Design{Weight: "w"})
	mean := 47.0 / 8
	spread := 361.0/8 - mean*mean
	for _, c := range []struct {
		statistic, of string
		want          float64
	}{
		{"variance", "y", 4.0 / 3 * spread},
		{"sd", "y", math.Sqrt(4.0 / 3 * spread)},
		{"geometric_mean", "y", math.Pow(2*16*6561, 1.0/8)},
		{"correlation", "y,x", (60.0/8 - mean*14/8) / math.Sqrt(spread*(32.0/8-14.0*14/64))},
		{"nps", "y:9-10,0-6", (4.0 - 4) / 8},
		{"nps", "y:4-9,1", (6.0 - 1) / 8},
		{"top_box", "y:2", 6.0 / 8},
		{"bottom_box", "y:1", 1.0 / 8},
		{"contrast", "(mean(y) + share(x == 2)) / total(x)", (mean + 3.0/8) / 14},
	} {
		records, err := estimated(t, s, c.statistic, c.of)
		if r := one(t, records, err); !near(r.Value, c.want, exact) || r.Statistic != c.statistic {
			t.Errorf("%s %s is %v, want %v", r.Statistic, c.of, r.Value.Float(), c.want)
		}
	}
}

// Figures that do not exist are null with a flag, never a made-up number.
func TestEdges(t *testing.T) {
	table := tableOf(number("y", 5, 5, 5), number("z", 1, 2, 3), number("kept", 1, 0, 0), number("none", math.NaN(), math.NaN(), math.NaN()))
	for _, c := range []struct {
		statistic, of, where string
		value                float64
		flag                 string
	}{
		{"variance", "y", "", 0, survey.FlagNoVariance},
		{"sd", "y", "", 0, survey.FlagNoVariance},
		{"variance", "z", "kept == 1", math.NaN(), survey.FlagZeroDivisor},
		{"sd", "z", "kept == 1", math.NaN(), survey.FlagOneRow},
		{"variance", "none", "", math.NaN(), survey.FlagNoRows},
		{"correlation", "y,z", "", math.NaN(), survey.FlagZeroDivisor},
		{"geometric_mean", "z", "kept == 1", 1, survey.FlagNoDF},
		{"contrast", "mean(z) / mean(none)", "", math.NaN(), survey.FlagZeroDivisor},
		{"contrast", "log(mean(z) - 2)", "", math.NaN(), survey.FlagZeroDivisor},
		{"contrast", "mean(none)", "", math.NaN(), survey.FlagNoRows},
		{"geometric_mean", "kept", "kept == 1", 1, survey.FlagOneRow},
		{"top_box", "z:1", "kept == 1", 0, survey.FlagEdge},
	} {
		s := sampletest.In(t, table, survey.Design{}, estimate.Options{Where: c.where})
		records, err := estimated(t, s, c.statistic, c.of)
		r := one(t, records, err)
		if !near(r.Value, c.value, exact) || !strings.Contains(strings.Join(r.Flags, " "), c.flag) || c.flag == "" && len(r.Flags) > 0 {
			t.Errorf("%s %s where %q is %v with flags %v, want %v with %q", c.statistic, c.of, c.where, r.Value.Float(), r.Flags, c.value, c.flag)
		}
		if math.IsNaN(c.value) && (r.SE.Exists() || r.Low.Exists() || r.High.Exists()) {
			t.Errorf("%s %s has no value, but SE %v", c.statistic, c.of, r.SE.Float())
		}
	}
}

// A row of weight zero does not blur a spread of exactly zero.
func TestWeightZeroIsNobody(t *testing.T) {
	s := sampletest.Of(t, tableOf(number("w", 0.1, 0.3, 0.7, 0), number("y", 0.1, 0.1, 0.1, 7)), survey.Design{Weight: "w"})
	records, err := s.StandardDeviations([]string{"y"})
	if r := one(t, records, err); r.Value.Float() != 0 || r.N != 3 {
		t.Errorf("%v of %d rows", r.Value.Float(), r.N)
	}
}

// The interval of a correlation is symmetric in atanh r, ± t·se/(1−r²).
func TestFisherInterval(t *testing.T) {
	s := sampletest.Of(t, tableOf(number("x", 1, 2, 3, 4, 6), number("y", 2, 1, 4, 3, 7)), survey.Design{})
	records, err := s.Correlations("x", "y")
	r := one(t, records, err)
	half := stats.TCritical(0.95, 4) * r.SE.Float() / (1 - r.Value.Float()*r.Value.Float())
	for limit, sign := range map[survey.Figure]float64{r.Low: -1, r.High: 1} {
		if want := math.Tanh(math.Atanh(r.Value.Float()) + sign*half); !near(limit, want, exact) || r.Interval != "fisher" {
			t.Errorf("limit %v by %s, want %v", limit.Float(), r.Interval, want)
		}
	}
}

// Intervals on the logarithmic scale are symmetric as factors; a total that is
// not above zero keeps its linear interval, and the record says which it has.
func TestLogScale(t *testing.T) {
	s := sampletest.In(t, tableOf(number("y", 1, 2, 6), number("x", 2, 1, 3), number("below", -1, -2, 1)), survey.Design{}, estimate.Options{Scale: estimate.Logarithmic})
	for _, of := range []string{"y", "below"} {
		records, err := s.Totals([]string{of})
		r := one(t, records, err)
		middle, method := survey.FigureOf(r.Low.Float()*r.High.Float()), "log"
		if of == "below" {
			middle, method = survey.FigureOf((r.Low.Float()+r.High.Float())/2), "mean"
		}
		if want := map[string]float64{"y": 81, "below": -2}[of]; !near(middle, want, exact) || r.Interval != method {
			t.Errorf("total of %s: %v to %v by %s", of, r.Low.Float(), r.High.Float(), r.Interval)
		}
	}
	records, err := s.Ratios("y", "x")
	if r := one(t, records, err); !near(survey.FigureOf(r.Low.Float()*r.High.Float()), 2.25, exact) || r.Interval != "log" {
		t.Errorf("ratio: %v to %v by %s", r.Low.Float(), r.High.Float(), r.Interval)
	}
	records, err = s.Means([]string{"y"})
	if r := one(t, records, err); r.Interval != "mean" {
		t.Errorf("a mean has a %s interval", r.Interval)
	}
}

// The interval of a net promoter difference never leaves −1 to 1.
func TestNetPromoterLimits(t *testing.T) {
	s := sampletest.Of(t, tableOf(number("r", 10, 10, 10, 0)), survey.Design{})
	records, err := estimated(t, s, "nps", "r")
	if r := one(t, records, err); r.High.Float() != 1 || !(r.Low.Float() > -1.1 && r.Low.Float() < 0.5) {
		t.Errorf("%v to %v", r.Low.Float(), r.High.Float())
	}
}

// Every estimator of the list says what it is.
func TestEstimatorsAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range estimate.Estimators() {
		if e.Name == "" || e.Formula == "" || e.Source == "" || e.Reference == "" || seen[e.Name] {
			t.Errorf("%q: formula %q, source %q, reference %q, twice %v", e.Name, e.Formula, e.Source, e.Reference, seen[e.Name])
		}
		seen[e.Name] = true
	}
}
