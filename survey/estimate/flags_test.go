package estimate_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// TestEveryNullHasAFlag asks random requests of small and degenerate samples: one
// row, one value, zero weights, empty domains, lonely PSUs, strata taken whole,
// replicates without anybody. SURVEYKIT_REQUESTS says how many, 1000 by default.
func TestEveryNullHasAFlag(t *testing.T) {
	requests := fromEnvironment("SURVEYKIT_REQUESTS", 1000)
	for seed := 0; requests > 0; seed++ {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		table, design := degenerate(r)
		frame, err := engine.NewFrame(table, design)
		if err != nil {
			continue
		}
		domain := estimate.Options{}
		if r.IntN(2) == 0 {
			domain.By = []string{"g"}
		}
		if r.IntN(2) == 0 {
			domain.Where = []string{"h == 1", "y > 2", "b == 0", "y > 100"}[r.IntN(4)]
		}
		domain.Interval = stats.IntervalMethods[r.IntN(len(stats.IntervalMethods))]
		domain.Rule = stats.QuantileRules[r.IntN(len(stats.QuantileRules))]
		domain.QuantileInterval = estimate.QuantileIntervals[r.IntN(len(estimate.QuantileIntervals))]
		if r.IntN(3) == 0 {
			domain.Scale = estimate.Logarithmic
		}
		s := sampletest.Framed(t, table, frame, domain)
		for name, records := range everyRecord(r, s) {
			requests--
			for _, record := range records {
				checkNulls(t, fmt.Sprintf("seed %d, %s of %+v in %+v", seed, name, design, domain), record)
			}
		}
	}
}

// checkNulls fails for a record with a figure that does not exist and no flag, and
// for limits that are equal, or do not hold the figure, without one. Woodruff's
// limits of a quantile between two answers need not hold it: F there is that of
// the answer below.
func checkNulls(t *testing.T, what string, record any) {
	t.Helper()
	b, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	if flags, _ := fields["flags"].([]any); len(flags) > 0 {
		return
	}
	expected := []string{"estimate", "se", "ci_low", "ci_high", "df", "estimate_from", "estimate_to"}
	if _, estimated := fields["deff"]; !estimated {
		expected = append(expected, "t", "p", "statistic")
	}
	if test, _ := fields["test"].(string); test != string(stats.LinearCombination) && test != string(stats.SaddlepointAssociation) { // they have none
		expected = append(expected, "ndf")
	}
	for _, field := range expected {
		if value, ok := fields[field]; ok && value == nil {
			t.Errorf("%s: %s is null without a flag: %s", what, field, b)
		}
	}
	low, hasLow := fields["ci_low"].(float64)
	high, hasHigh := fields["ci_high"].(float64)
	_, between := fields["quantile"].(float64)
	between = between && fields["ci_method"] != "score"
	if value, ok := fields["estimate"].(float64); ok && !between && hasLow && hasHigh && !(low <= value && value <= high && low < high) {
		if se, _ := fields["se"].(float64); se != 0 || low != high || value != low { // strata taken whole
			t.Errorf("%s: %v to %v around %v without a flag", what, low, high, value)
		}
	}
}

// degenerate is a small sample with much that can go wrong.
func degenerate(r *rand.Rand) (*survey.Table, survey.Design) {
	n := []int{1, 2, 3, 5, 8, 20}[r.IntN(6)]
	columns := map[string][]float64{}
	constant, missing, zero := r.IntN(3) == 0, r.IntN(3), r.IntN(4) == 0
	for range n {
		y, b := float64(r.IntN(5)), float64(r.IntN(2))
		if constant {
			y, b = 3, 1
		}
		if missing > 0 && r.IntN(4) < missing {
			y = math.NaN()
		}
		w := []float64{1, 1, 2, 0.5}[r.IntN(4)]
		if zero && r.IntN(3) == 0 {
			w = 0
		}
		row := map[string]float64{"y": y, "b": b, "x": 1 + float64(r.IntN(4)), "w": w, "g": float64(r.IntN(3)), "h": float64(r.IntN(2)),
			"s": float64(r.IntN(3)), "p": float64(r.IntN(4)), "f": []float64{0.5, 1}[r.IntN(2)], "nps": float64(r.IntN(11))}
		if constant {
			row["nps"] = 10
		}
		for k := range 4 {
			row[fmt.Sprintf("r%d", k)] = w * float64(r.IntN(3))
		}
		for name, x := range row {
			columns[name] = append(columns[name], x)
		}
	}
	for i, s := range columns["s"] { // one fraction a stratum
		columns["f"][i] = []float64{1, 0.5, 0.2}[int(s)]
	}
	var variables []*survey.Variable
	for name, x := range columns {
		variables = append(variables, number(name, x...))
	}
	d := survey.Design{Weight: "w"}
	switch r.IntN(6) {
	case 0:
	case 1:
		d.Strata = "s"
	case 2:
		d.Strata, d.PSU = "s", []string{"p"}
	case 3:
		d.Strata, d.FPC = "s", []string{"f"}
	case 4:
		d.PSU = []string{"p"}
	default:
		d.Replicates = &survey.ReplicateSpec{Columns: "r*", Type: []string{"brr", "bootstrap", "jk1", "sdr"}[r.IntN(4)]}
	}
	d.LonelyPSU = []string{"certainty", "adjust", "average", "remove"}[r.IntN(4)]
	return tableOf(variables...), d
}

// everyRecord asks for every statistic and test that is no regression. A request
// that is refused by name has no records.
func everyRecord(r *rand.Rand, s *estimate.Sample) map[string][]any {
	out := map[string][]any{}
	keep := func(name string, records any, err error) {
		if err != nil {
			return
		}
		switch records := records.(type) {
		case []survey.Estimate:
			for _, x := range records {
				out[name] = append(out[name], x)
			}
		case []estimate.DifferenceRecord:
			for _, x := range records {
				out[name] = append(out[name], x)
			}
		case []estimate.TestRecord:
			for _, x := range records {
				out[name] = append(out[name], x)
			}
		}
	}
	names := []string{"y", "b", "nps"}
	estimates := func(name string) func([]survey.Estimate, error) {
		return func(records []survey.Estimate, err error) { keep(name, records, err) }
	}
	comparisons := func(name string) func([]estimate.DifferenceRecord, error) {
		return func(records []estimate.DifferenceRecord, err error) { keep(name, records, err) }
	}
	tests := func(name string) func([]estimate.TestRecord, error) {
		return func(records []estimate.TestRecord, err error) { keep(name, records, err) }
	}
	estimates("mean")(s.Means(names))
	estimates("total")(s.Totals(names))
	estimates("ratio")(s.Ratios("y", "x"))
	estimates("proportion")(s.Proportions([]string{"y", "b"}))
	estimates("share")(s.Share("y > 2"))
	estimates("variance")(s.Variances(names))
	estimates("sd")(s.StandardDeviations(names))
	estimates("correlation")(s.Correlations("y", "x"))
	estimates("geometric mean")(s.GeometricMeans([]string{"x"}))
	estimates("trimmed mean")(s.TrimmedMeans(estimate.Trim{Variable: "y", Percent: 10}))
	estimates("index")(s.Indexes("b"))
	estimates("contrast")(s.Contrast("mean(y) / mean(x) - 1"))
	estimates("nps")(s.NetPromoters(estimate.Promoters{Variable: "nps", Promoting: estimate.Range{Low: 9, High: 10}, Detracting: estimate.Range{Low: 0, High: 6}}))
	estimates("quantile")(s.Quantiles(names, 0, 0.1, 0.5, 0.9, 1))
	comparisons("difference")(s.Differences([]string{"y", "x"}, estimate.Between{Variable: "h", From: "0", To: "1"}))
	comparisons("paired")(s.Paired("y", "x"))
	comparisons("part")(s.Parts([]string{"y"}, estimate.Part{Variable: "h", Against: estimate.Rest}))
	// a table with more cells than the sample has PSUs has no Wald test
	for _, pair := range [][2]string{{"b", "h"}, {"x", "s"}} {
		tests("association of " + pair[0])(s.Association(pair[0], pair[1], stats.AssociationMethods))
	}
	tests("ranks")(s.RankTest("y", "h", estimate.KruskalWallis))
	return out
}
