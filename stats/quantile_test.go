package stats

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// reference is where the reference answers lie beside a checkout.
const reference = "../../shared/reference/"

// quantileTies is relative: quantiles are values of the sample or weighted
// middles of two of them.
const quantileTies = 1e-9

// TestQuantileRulesByHand compares with R 4.2.2, survey 4.1.1, svyquantile, on
// seven points whose shares meet some of the probabilities exactly. R's hf4
// leaves the sample under its first position, ours does not.
func TestQuantileRulesByHand(t *testing.T) {
	s := Sort([]float64{64, 1, 2, 4, 8, 16, 32, 99}, []float64{0.5, 1, 2, 0.5, 0.5, 1, 1.5, 0})
	probabilities := []float64{0.01, 0.2, 0.375, 0.5, 0.7, 0.875, 0.99}
	for rule, want := range map[*QuantileRule][]float64{
		Math:      {1, 2, 2, 4, 16, 32, 64},
		School:    {1, 2, 2, 6, 16, 32, 64},
		HF1:       {1, 2, 2, 4, 16, 32, 64},
		HF2:       {1, 2, 2, 6, 16, 32, 64},
		HF3:       {1, 2, 2, 8, 16, 32, 64},
		HF4:       {1, 1.2, 1.8125, 4, 15.2, 28, 59.52},
		HF5:       {1, 1.6, 3, 6, 21.12, 44, 64},
		HF6:       {1, 1.25, 1.90625, 6, 18.66666666666667, 36, 64},
		HF7:       {1.065, 2.3, 3.4375, 6, 24.8, 46.66666666666667, 62.61333333333333},
		HF8:       {1, 1.46, 2.708333333333333, 6, 20.2, 42.4, 64},
		HF9:       {1, 1.492307692307692, 2.794117647058823, 6, 20.41904761904762, 42.85714285714286, 64},
		ShahVaish: {1, 1, 2, 4, 16, 32, 64},
	} {
		for i, p := range probabilities {
			near(t, rule.Name+" at "+strconv.FormatFloat(p, 'g', -1, 64), s.Quantile(p, rule), want[i], quantileTies)
		}
	}
}

func drawSample(t *rapid.T) (x, w []float64) {
	n := rapid.IntRange(1, 30).Draw(t, "n")
	for range n {
		x = append(x, float64(rapid.IntRange(-5, 5).Draw(t, "x")))
		w = append(w, float64(rapid.IntRange(1, 4).Draw(t, "w")))
	}
	return x, w
}

// TestQuantileProperties: inside the sample, rising with p, blind to the scale
// of the weights, rows of weight 0 and, for the discrete rules, to whether
// equal rows are one row with the sum of their weights.
func TestQuantileProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, w := drawSample(t)
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		q := rapid.Float64Range(p, 1).Draw(t, "q")
		s := Sort(x, w)
		var scaled, doubledX, halfW []float64
		for i := range x {
			scaled = append(scaled, w[i]*10)
			doubledX, halfW = append(doubledX, x[i], x[i], 77), append(halfW, w[i]/2, w[i]/2, 0)
		}
		for _, rule := range QuantileRules {
			at, later := s.Quantile(p, rule), s.Quantile(q, rule)
			const rounding = 1e-9
			if !(slices.Min(x) <= at && at <= later+rounding && later <= slices.Max(x)) {
				t.Errorf("%s: %v at %v, %v at %v of %v", rule, at, p, later, q, x)
			}
			near(t, rule.Name+", weights tenfold", Sort(x, scaled).Quantile(p, rule), at, quantileTies)
		}
		for _, rule := range []*QuantileRule{Math, School, HF3} {
			near(t, rule.Name+", rows doubled", Sort(doubledX, halfW).Quantile(p, rule), s.Quantile(p, rule), quantileTies)
		}
	})
}

// TestMathInvertsShares: the quantile is the smallest value with at least the
// share p at or under it.
func TestMathInvertsShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, w := drawSample(t)
		p := rapid.Float64Range(0.001, 1).Draw(t, "p")
		q := Sort(x, w).Quantile(p, Math)
		total, upTo, under := 0.0, 0.0, 0.0
		for i := range x {
			total += w[i]
			if x[i] <= q {
				upTo += w[i]
			}
			if x[i] < q {
				under += w[i]
			}
		}
		if upTo < p*total-1e-9 || under >= p*total {
			t.Errorf("%v: %v of the weight up to it, %v under it, p %v", q, upTo/total, under/total, p)
		}
	})
}

// TestTiesKeepTheirOrder: the positions of equal rows of unlike weight are 0.1,
// 0.5 and 0.9 in one order and 0.3, 0.7 and 0.9 in the other.
func TestTiesKeepTheirOrder(t *testing.T) {
	near(t, "light row first", Sort([]float64{1, 1, 2}, []float64{1, 3, 1}).Quantile(0.6, HF5), 1.25, quantileTies)
	near(t, "heavy row first", Sort([]float64{1, 1, 2}, []float64{3, 1, 1}).Quantile(0.6, HF5), 1, quantileTies)
}

func TestQuantileEdges(t *testing.T) {
	one := Sort([]float64{7}, []float64{3})
	for _, rule := range QuantileRules {
		for _, p := range []float64{0, 0.5, 1} {
			near(t, rule.Name+" of one row", one.Quantile(p, rule), 7, 0)
		}
		refused := map[string]float64{
			"p > 1": one.Quantile(1.1, rule), "p NaN": one.Quantile(math.NaN(), rule),
			"nobody": Sorted{}.Quantile(0.5, rule), "weight 0": Sort([]float64{1}, []float64{0}).Quantile(0.5, rule),
			"NaN":             Sort([]float64{math.NaN()}, []float64{1}).Quantile(0.5, rule),
			"negative weight": Sort([]float64{1, 2}, []float64{1, -1}).Quantile(0.5, rule),
			"lengths":         Sort([]float64{1, 2}, []float64{1}).Quantile(0.5, rule),
		}
		for name, got := range refused {
			near(t, rule.Name+", "+name, got, math.NaN(), 0)
		}
	}
	near(t, "no rule", one.Quantile(0.5, nil), 7, 0)
}

func TestNamed(t *testing.T) {
	for _, r := range QuantileRules {
		if got, err := Named("quantile rule", r.Name, QuantileRules); got != r || err != nil {
			t.Errorf("%s: %s, %v", r, got, err)
		}
	}
	if got, err := Named("quantile rule", "", QuantileRules); got != Math || err != nil {
		t.Errorf("no name: %s, %v", got, err)
	}
	if _, err := Named("quantile rule", "hf10", QuantileRules); err == nil || !strings.Contains(err.Error(), "hf9") {
		t.Errorf("hf10: %v", err)
	}
	if _, err := Named("interval method", "wald", IntervalMethods); err == nil || !strings.Contains(err.Error(), "wilson") {
		t.Errorf("wald: %v", err)
	}
}

// TestQuantilesOfTheReference takes every quantile of the whole two-stage
// sample that R 4.2.2, survey 4.5 answers.
func TestQuantilesOfTheReference(t *testing.T) {
	columns := readReference(t, "synthetic/twostage.csv")
	seen := 0
	for _, c := range referenceCases(t, "twostage/weighted/quantile-", "twostage/clustered/quantile-") {
		for _, e := range c.Expected {
			if e.Group != nil {
				continue
			}
			x, w := answered(columns[e.Variable], columns["weight"])
			rule, err := Named("quantile rule", c.Request.Rule, QuantileRules)
			if err != nil {
				t.Fatal(err)
			}
			near(t, c.ID, Sort(x, w).Quantile(e.Quantile, rule), e.Estimate, quantileTies)
			seen++
		}
	}
	if seen == 0 {
		t.Error("no quantile was compared")
	}
}

// referenceCase is what the tests here read of a case of the reference.
type referenceCase struct {
	ID      string
	Request struct {
		Rule string
	}
	Expected []struct {
		Variable           string
		Group              any
		Quantile, Estimate float64
		Test               string
		Statistic, P, DDF  float64
	}
}

// referenceCases returns the cases whose ids have one of the prefixes.
func referenceCases(t *testing.T, prefixes ...string) (cases []referenceCase) {
	t.Helper()
	b, err := os.ReadFile(reference + "golden/survey.json")
	if err != nil {
		t.Skip("the reference answers are not here: ", err)
	}
	var file struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	for _, raw := range file.Cases {
		var id struct{ ID string }
		if err := json.Unmarshal(raw, &id); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(id.ID, p) }) {
			continue
		}
		var c referenceCase
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(id.ID, err)
		}
		cases = append(cases, c)
	}
	return cases
}

// readReference returns the columns of a reference file as text.
func readReference(t *testing.T, name string) map[string][]string {
	t.Helper()
	f, err := os.Open(reference + name)
	if err != nil {
		t.Skip("the reference data are not here: ", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string][]string{}
	for j, column := range rows[0] {
		for _, row := range rows[1:] {
			columns[column] = append(columns[column], row[j])
		}
	}
	return columns
}

// answered returns the numbers of x that there are, and the weights beside them.
func answered(x, w []string) (values, weights []float64) {
	for i := range x {
		v, err := strconv.ParseFloat(x[i], 64)
		if err != nil {
			continue
		}
		weight, _ := strconv.ParseFloat(w[i], 64)
		values, weights = append(values, v), append(weights, weight)
	}
	return values, weights
}
