package estimate

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
)

func explain(t fataler, s *Sample, q Question, d survey.Design, where string) []Explanation {
	t.Helper()
	out, err := s.Explain(q, d, where)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The strata's parts add up to the square of the standard error, the members
// to the degrees of freedom, and the record is the one that estimate prints.
func TestExplanationAddsUp(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		table = table.With(
			&survey.Variable{Name: "unit", Kind: survey.Number, Numbers: survey.NewNumbers(rowNumbers(table.Rows))},
			&survey.Variable{Name: "f1", Kind: survey.Number, Numbers: survey.NewNumbers(repeated(table.Rows, 0.3))},
			&survey.Variable{Name: "f2", Kind: survey.Number, Numbers: survey.NewNumbers(repeated(table.Rows, 0.5))})
		design := rapid.SampledFrom([]survey.Design{
			clusters,
			{Weight: "w"},
			{Weight: "w", Strata: "h", PSU: []string{"j", "unit"}, FPC: []string{"f1", "f2"}, LonelyPSU: "certainty"},
			{Weight: "w", Strata: "h", PSU: []string{"j", "unit"}, FPC: []string{"f1"}, LonelyPSU: "adjust"},
		}).Draw(t, "design")
		s := sampleOf(t, table, design, Options{By: []string{"g"}})
		mean, err := s.Means([]string{"y"})
		if err != nil {
			t.Fatal(err)
		}
		for d, e := range explain(t, s, Question{Statistic: "mean", Of: "y"}, design, "") {
			same(t, []survey.Estimate{e.Record}, mean[d:d+1], 1, 0)
			addsUp(t, e)
		}
		for _, q := range []Question{{Statistic: "share", Of: "y > 10"}, {Statistic: "total", Of: "y"}, {Statistic: "ratio", Of: "y/w"}, {Statistic: "quantile", Of: "y", Prob: 0.5}, {Statistic: "quantile", Of: "y", Prob: 0.9}} {
			for _, e := range explain(t, s, q, design, "") {
				addsUp(t, e)
			}
		}
	})
}

// Totals, ratios and quantiles are those that their estimators give, and what is
// written of them gives them back: the interval of a quantile is F's.
func TestExplainedNumbersAreTheEstimates(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		s := sampleOf(t, drawTable(t), clusters, Options{By: []string{"g"}})
		p := rapid.SampledFrom([]float64{0, 0.1, 0.5, 0.8}).Draw(t, "p")
		totals, _ := s.Totals([]string{"y"})
		ratios, _ := s.Ratios("y", "w")
		quantiles, _ := s.Quantiles([]string{"y"}, p)
		for d := range totals {
			for k, q := range []Question{{Statistic: "total", Of: "y"}, {Statistic: "ratio", Of: "y/w"}, {Statistic: "quantile", Of: "y", Prob: p}} {
				e := explain(t, s, q, clusters, "")[d]
				same(t, []survey.Estimate{e.Record}, [][]survey.Estimate{totals, ratios, quantiles}[k][d:d+1], 1, 0)
				v := map[string]float64{}
				for _, term := range append(e.Interval.Terms, e.Sums...) {
					v[term.Symbol] = term.Value.Float()
				}
				switch symbol := []string{"Ŷ", "r", "F"}[k]; {
				case len(e.Interval.Terms) == 0:
				case symbol != "F":
					nearly(t, "low", e.Record.Low, survey.FigureOf(v[symbol]-v["t"]*v["se"]), 1, 1e-9)
				default:
					all, _ := s.distribution("y")
					of := all.sorted[d]
					if _, plain := v["se_F"]; plain {
						nearly(t, "low", e.Record.Low, survey.FigureOf(of.Quantile(inside(v["F"]-v["t"]*v["se_F"]), stats.Math)), 1, 0)
						nearly(t, "high", e.Record.High, survey.FigureOf(of.Quantile(inside(v["F"]+v["t"]*v["se_F"]), stats.Math)), 1, 0)
					}
					if below, upTo := v["Σ_{<q} w"]/v["Σw"], v["Σ_{≤q} w"]/v["Σw"]; below > p+rounding || upTo < p-rounding || below >= upTo {
						t.Errorf("the shares up to the quantile are %v and %v, p is %v", below, upTo, p)
					}
				}
			}
		}
	})
}

// inside is a share between 0 and 1, NaN for any other.
func inside(share float64) float64 {
	if share <= 1e-12 || share >= 1-1e-12 {
		return math.NaN()
	}
	return share
}

// By hand: answers 1, 2, 3 and 6 of four people of weight 1. The total is 12, s² =
// 14/3 and its standard error √(4·14/3); twice the answers over the answers is 2
// without error; F at the median, 2, is ½ with the standard error √(1/12).
func TestExplainedByHand(t *testing.T) {
	s := sampleOf(t, tableOf("y", []float64{1, 2, 3, 6}, "x", []float64{2, 4, 6, 12}), survey.Design{}, Options{})
	total := explain(t, s, Question{Statistic: "total", Of: "y"}, survey.Design{}, "")[0]
	nearly(t, "total", total.Record.Value, survey.FigureOf(12), 1, rounding)
	nearly(t, "its sum", total.Sums[0].Value, survey.FigureOf(12), 1, rounding)
	nearly(t, "its error", total.PartsSE, survey.FigureOf(math.Sqrt(4*14./3)), 1, rounding)
	double := explain(t, s, Question{Statistic: "ratio", Of: "x/y"}, survey.Design{}, "")[0]
	nearly(t, "ratio", double.Record.Value, survey.FigureOf(2), 1, rounding)
	if double.Sums[0].Value.Float() != 24 || double.Sums[1].Value.Float() != 12 || double.PartsSE.Float() > rounding {
		t.Errorf("ratio of %v with error %v", double.Sums, double.PartsSE.Float())
	}
	median := explain(t, s, Question{Statistic: "quantile", Of: "y", Prob: 0.5}, survey.Design{}, "")[0]
	if median.Record.Value.Float() != 2 || median.Sums[0].Value.Float() != 2 || median.Sums[1].Value.Float() != 1 || median.Sums[2].Value.Float() != 4 {
		t.Errorf("median %v of %v", median.Record.Value.Float(), median.Sums)
	}
	nearly(t, "error of F", median.PartsSE, survey.FigureOf(math.Sqrt(1./12)), 1, rounding)
}

func addsUp(t fataler, e Explanation) {
	t.Helper()
	if !e.Record.Value.Exists() {
		return
	}
	variance, shares, df := 0.0, 0.0, 0
	for _, part := range e.Strata {
		variance += part.Variance
		shares += part.Share.Float()
		if df += part.WithMembers; part.WithMembers > 0 {
			df--
		}
	}
	se := e.PartsSE.Float()
	if math.Abs(variance-se*se) > math.Max(rounding*variance, 1e-24) && !strings.Contains(strings.Join(e.Record.Flags, " "), survey.FlagEdge) {
		t.Errorf("the strata add %v, the variance is %v", variance, se*se)
	}
	if variance > 0 && math.Abs(shares-1) > rounding {
		t.Errorf("the shares add up to %v", shares)
	}
	if float64(df) != e.Record.DF.Float() {
		t.Errorf("members give %d degrees of freedom, the record has %v", df, e.Record.DF)
	}
	value := e.Sums[0].Value
	switch {
	case e.Record.Quantile.Exists():
		return
	case len(e.Sums) == 2:
		value = survey.FigureOf(value.Float() / e.Sums[1].Value.Float())
	}
	if math.Abs(value.Float()-e.Record.Value.Float()) > 1e-10*math.Max(1, math.Abs(value.Float())) {
		t.Errorf("%s is %v, the estimate %v", e.Formula, value, e.Record.Value)
	}
}

// Whoever puts the terms into the formula that is shown gets the limits.
func TestIntervalFormulasGiveTheLimits(t *testing.T) {
	logit := func(p float64) float64 { return math.Log(p / (1 - p)) }
	expit := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	byHand := map[string]func(v map[string]float64, sign, alpha float64) float64{
		stats.Logit.Name: func(v map[string]float64, sign, _ float64) float64 {
			return expit(logit(v["p"]) + sign*v["t"]*v["se"]/(v["p"]*(1-v["p"])))
		},
		stats.Asin.Name: func(v map[string]float64, sign, _ float64) float64 {
			x := math.Sin(math.Min(math.Pi/2, math.Max(0, math.Asin(math.Sqrt(v["p"]))+sign*v["t"]*v["se"]/(2*math.Sqrt(v["p"]*(1-v["p"]))))))
			return x * x
		},
		stats.Wilson.Name: func(v map[string]float64, sign, _ float64) float64 {
			p, t, n := v["p"], v["t"], v["n′"]
			return (p + t*t/(2*n) + sign*t/(2*n)*math.Sqrt(4*n*p*(1-p)+t*t)) / (1 + t*t/n)
		},
		stats.BetaInterval.Name: func(v map[string]float64, sign, alpha float64) float64 {
			p, n := v["p"], v["n*"]
			if sign < 0 {
				return stats.BetaQuantile(alpha/2, n*p, n*(1-p)+1)
			}
			return stats.BetaQuantile(1-alpha/2, n*p+1, n*(1-p))
		},
		stats.MeanInterval.Name: func(v map[string]float64, sign, _ float64) float64 {
			return v["p"] + sign*v["t"]*v["se"]
		},
	}
	byHand[stats.Jeffreys.Name] = func(v map[string]float64, sign, alpha float64) float64 {
		return stats.BetaQuantile((1+sign)/2-sign*alpha/2, v["n*"]*v["p"]+0.5, v["n*"]*(1-v["p"])+0.5)
	}
	byHand[stats.XLogit.Name] = byHand[stats.Logit.Name]
	byHand[stats.KornGraubard.Name] = func(v map[string]float64, sign, alpha float64) float64 {
		if v["p"] == (1+sign)/2 {
			return v["p"] // nobody below 0, nobody above 1
		}
		return byHand[stats.BetaInterval.Name](v, sign, alpha)
	}
	onDesigns(t, func(t *rapid.T) {
		s := sampleOf(t, drawTable(t), clusters, Options{})
		s.interval = rapid.SampledFrom(stats.IntervalMethods).Draw(t, "method")
		limit := rapid.SampledFrom([]string{"-100", "5", "10", "100"}).Draw(t, "limit")
		e := explain(t, s, Question{Statistic: "share", Of: "y > " + limit}, clusters, "")[0]
		if len(e.Interval.Terms) == 0 {
			return
		}
		v := map[string]float64{}
		for _, term := range e.Interval.Terms {
			v[term.Symbol] = term.Value.Float()
		}
		if e.Interval.Method == stats.Likelihood.Name {
			likelihoodHolds(t, v, e.Record)
			return
		}
		f := byHand[e.Interval.Method]
		nearly(t, e.Interval.Method+" low", e.Record.Low, survey.FigureOf(f(v, -1, 0.05)), 1, 1e-9)
		nearly(t, e.Interval.Method+" high", e.Record.High, survey.FigureOf(f(v, 1, 0.05)), 1, 1e-9)
	})
}

// likelihoodHolds checks that both limits stand where the inequality turns.
func likelihoodHolds(t fataler, v map[string]float64, r survey.Estimate) {
	t.Helper()
	p, n := v["p"], v["n"]
	loss := func(q float64) float64 {
		return 2 * n * (p*math.Log(p/q) + (1-p)*math.Log((1-p)/(1-q)))
	}
	bound := v["λ"] * v["t"] * v["t"] * n / (n - 1)
	for _, q := range []float64{r.Low.Float(), r.High.Float()} {
		if q > 1e-9 && q < 1-1e-9 && math.Abs(loss(q)/bound-1) > 1e-6 {
			t.Errorf("at %v the likelihood falls by %v, the bound is %v", q, loss(q), bound)
		}
	}
}

// Nobody in the domain is an answer too: no figure, the flag and why.
func TestExplainNobody(t *testing.T) {
	table := tableOf("y", []float64{1, 2, 3}, "w", []float64{1, 1, 1})
	s := sampleOf(t, table, survey.Design{Weight: "w"}, Options{Where: "y > 5"})
	e := explain(t, s, Question{Statistic: "mean", Of: "y"}, survey.Design{Weight: "w"}, "y > 5")[0]
	if e.Record.Value.Exists() || len(e.Flags) != 1 || e.Flags[0].Flag != survey.FlagNoRows || e.Flags[0].Why == "" {
		t.Errorf("%+v", e)
	}
	if e.Base != (Reach{Rows: 3}) {
		t.Errorf("base %+v", e.Base)
	}
}

func TestExplainRefusals(t *testing.T) {
	s := sampleOf(t, tableOf("y", []float64{1, 2, 3}), survey.Design{}, Options{})
	for _, q := range []Question{{Statistic: "mean", Of: "z"}, {Statistic: "total", Of: "z"}, {Statistic: "ratio", Of: "y/z"}, {Statistic: "quantile", Of: "z", Prob: 0.5}, {Statistic: "proportion", Of: "z", Category: "1"}, {Statistic: "proportion", Of: "y", Category: "4"}, {Statistic: "share", Of: "z > 1"}, {Statistic: "variance", Of: "y"}, {}} {
		if _, err := s.Explain(q, survey.Design{}, ""); err == nil {
			t.Errorf("%+v is not refused", q)
		}
	}
}

// Replicates: the spread gives back the variance, and the farthest is named.
func TestExplainReplicates(t *testing.T) {
	table := tableOf("y", []float64{1, 2, 4, 8}, "w", []float64{1, 1, 1, 1},
		"r1", []float64{0, 4. / 3, 4. / 3, 4. / 3}, "r2", []float64{4. / 3, 0, 4. / 3, 4. / 3},
		"r3", []float64{4. / 3, 4. / 3, 0, 4. / 3}, "r4", []float64{4. / 3, 4. / 3, 4. / 3, 0})
	design := survey.Design{Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "r*", Type: "jk1"}}
	e := explain(t, sampleOf(t, table, design, Options{}), Question{Statistic: "mean", Of: "y"}, design, "")[0]
	// The means without one row are 14/3, 13/3, 11/3 and 7/3 about 15/4.
	want := ReplicateSpread{Replicates: 4, Scale: 0.75, Centre: 3.75, Min: 7. / 3, Max: 14. / 3, Farthest: "r4"}
	got := *e.Replicates
	got.FarthestShare = survey.FigureOf(0)
	for _, pair := range [][2]float64{{got.Centre, want.Centre}, {got.Min, want.Min}, {got.Max, want.Max}} {
		if math.Abs(pair[0]-pair[1]) > rounding {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if got.Replicates != want.Replicates || got.Scale != want.Scale || got.Farthest != want.Farthest {
		t.Errorf("%+v, want %+v", got, want)
	}
	// Deviations 11, 7, −1 and −17 twelfths: 289 of 460.
	nearly(t, "farthest share", e.Replicates.FarthestShare, survey.FigureOf(289./460), 1, rounding)
	if len(e.Strata) != 0 || !strings.Contains(e.R, "svrepdesign") || !strings.Contains(e.Stata, "jkrweight(r1 r2 r3 r4") {
		t.Errorf("strata %v\n%s\n%s", e.Strata, e.R, e.Stata)
	}
}
