package estimate_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/memory"
	"surveykit/survey/estimate"
)

// engineTable is a sample of 300 rows in strata and clusters, with replicate weights.
func engineTable() *survey.Table {
	const rows = 300
	rng := rand.New(rand.NewPCG(5, 0))
	column := func(name string, of func(i int) float64) *survey.Variable {
		v := &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, rows))}
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, of(i))
		}
		return v
	}
	codes := func(name string, n int) *survey.Variable {
		v := column(name, func(int) float64 { return float64(rng.IntN(n)) })
		for k := range n {
			v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(k)), Label: fmt.Sprint("code ", k)})
		}
		return v
	}
	some := func(x float64) float64 {
		if rng.IntN(9) == 0 {
			return math.NaN()
		}
		return x
	}
	t := &survey.Table{Rows: rows, Variables: []*survey.Variable{
		column("w", func(i int) float64 { return float64(rng.IntN(4)) / 2 }), column("h", func(i int) float64 { return float64(i / 100) }), column("psu", func(i int) float64 { return float64(i / 10) }),
		column("y", func(int) float64 { return some(float64(rng.IntN(40))) }), column("x", func(int) float64 { return some(1 + 9*rng.Float64()) }),
		codes("g", 3), codes("q", 4), codes("b", 2), codes("b2", 2),
	}}
	for k := range 6 {
		t.Variables = append(t.Variables, column(fmt.Sprint("r", k), func(i int) float64 { return float64(rng.IntN(3)) }))
	}
	return t
}

// estimators are all that a sample estimates of the table: what each gives, as JSON.
var estimators = map[string]func(s *estimate.Sample, d survey.Design) (any, error){
	"means":       func(s *estimate.Sample, d survey.Design) (any, error) { return s.Means([]string{"y", "b"}) },
	"totals":      func(s *estimate.Sample, d survey.Design) (any, error) { return s.Totals([]string{"y"}) },
	"ratios":      func(s *estimate.Sample, d survey.Design) (any, error) { return s.Ratios("y", "x") },
	"proportions": func(s *estimate.Sample, d survey.Design) (any, error) { return s.Proportions([]string{"q"}) },
	"share":       func(s *estimate.Sample, d survey.Design) (any, error) { return s.Share("q >= 2 and y > 10") },
	"quantiles": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.Quantiles([]string{"y", "x"}, 0.1, 0.5, 1)
	},
	"trimmed means": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.TrimmedMeans(estimate.Trim{Variable: "x", Percent: 10})
	},
	"variances":          func(s *estimate.Sample, d survey.Design) (any, error) { return s.Variances([]string{"y"}) },
	"standard deviation": func(s *estimate.Sample, d survey.Design) (any, error) { return s.StandardDeviations([]string{"y"}) },
	"correlations":       func(s *estimate.Sample, d survey.Design) (any, error) { return s.Correlations("y", "x") },
	"geometric means":    func(s *estimate.Sample, d survey.Design) (any, error) { return s.GeometricMeans([]string{"x"}) },
	"indexes":            func(s *estimate.Sample, d survey.Design) (any, error) { return s.Indexes("b == 1") },
	"top boxes": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.TopBoxes(estimate.Box{Variable: "q", Codes: 2})
	},
	"contrast": func(s *estimate.Sample, d survey.Design) (any, error) { return s.Contrast("mean(y) / mean(x)") },
	"differences": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.Differences([]string{"y", "b"}, estimate.Between{Variable: "g", From: "0", To: "1"})
	},
	"paired": func(s *estimate.Sample, d survey.Design) (any, error) { return s.Paired("b", "b2") },
	"association": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.Association("q", "b", stats.AssociationMethods)
	},
	"rank test": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.RankTest("y", "g", estimate.KruskalWallis)
	},
	"median test": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.RankTest("y", "g", estimate.MedianTest)
	},
	"explained quantile": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.Explain(estimate.Question{Statistic: "quantile", Of: "y", Prob: 0.5}, d, "")
	},
	"explained mean": func(s *estimate.Sample, d survey.Design) (any, error) {
		return s.Explain(estimate.Question{Statistic: "mean", Of: "y"}, d, "")
	},
}

// TestEstimatorsNeedNoRows: over an engine that answers with sums only, and a codebook
// without answers, every estimator gives the same as over the table. Regressions
// need rows, or groups of them, and say so.
func TestEstimatorsNeedNoRows(t *testing.T) {
	table := engineTable()
	for _, d := range []survey.Design{{Weight: "w"}, {Weight: "w", Strata: "h", PSU: []string{"psu"}}, {Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "r*", Type: "bootstrap"}}} {
		without := enginetest.WithoutRows(memory.New(table))
		f, err := without.Frame(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := memory.New(table).Frame(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []estimate.Options{{}, {By: []string{"g"}, Where: "q > 0", Deff: "replace"}} {
			rows, err := estimate.New(table, whole, o)
			if err != nil {
				t.Fatal(err)
			}
			o.Engine = without
			sums, err := estimate.New(enginetest.Codebook(table), f, o)
			if err != nil {
				t.Fatal(err)
			}
			for name, e := range estimators {
				want, got := text(e(rows, d)), text(e(sums, d))
				if want != got || strings.HasPrefix(want, "error") {
					t.Errorf("%s, %+v, by %v:\n%.600s\nby rows\n%.600s", name, d, o.By, got, want)
				}
			}
			var problems survey.Problems
			if _, err := sums.Regress("y ~ x", "gaussian"); !errors.As(err, &problems) {
				t.Errorf("a regression gives %v", err)
			}
			if _, err := sums.TermTests("y ~ x", "gaussian"); !errors.As(err, &problems) {
				t.Errorf("tests of terms give %v", err)
			}
			if _, err := sums.PredictedMargins("y ~ factor(g)", "gaussian", "g"); !errors.As(err, &problems) {
				t.Errorf("predicted margins give %v", err)
			}
		}
	}
}

func text(x any, err error) string {
	out, failed := json.Marshal(x)
	if err != nil || failed != nil {
		return fmt.Sprint("error: ", err, failed)
	}
	return string(out)
}
