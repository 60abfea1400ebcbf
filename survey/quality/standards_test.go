package quality_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/quality"
)

func TestHouse(t *testing.T) {
	r := survey.BaseLimits{Minimum: 30, Test: 50, Caution: 100}
	for n, want := range map[int][]string{
		0: {survey.FlagSuppressed}, 29: {survey.FlagSuppressed},
		30: {survey.FlagLowBase}, 99: {survey.FlagLowBase}, 100: nil,
	} {
		if diff := cmp.Diff(want, quality.House(n, r)); diff != "" {
			t.Errorf("n = %d: %s", n, diff)
		}
	}
}

// TestProportion takes cases by hand: binom.test of R gives the intervals of a
// simple random sample, whose effective size is n.
func TestProportion(t *testing.T) {
	simple := func(p, n, df float64) stats.Proportion {
		return stats.Proportion{P: p, SE: math.Sqrt(p * (1 - p) / n), LogitSE: math.NaN(), N: n, DF: df, Level: 0.95}
	}
	for name, c := range map[string]struct {
		in   stats.Proportion
		want []string
	}{
		"half of 400: 0.450 to 0.550":             {simple(0.5, 400, 399), nil},
		"half of 29: effective under 30":          {simple(0.5, 29, 28), []string{survey.FlagSuppressed, survey.FlagUnreliable}},
		"half of 36: 0.329 to 0.671":              {simple(0.5, 36, 35), []string{survey.FlagSuppressed, survey.FlagUnreliable}},
		"4 of 80: 0.014 to 0.123, 2.2 times p":    {simple(0.05, 80, 79), []string{survey.FlagSuppressed, survey.FlagUnreliable}},
		"76 of 80: the complement is as unsure":   {simple(0.95, 80, 79), []string{survey.FlagComplement}},
		"5 of 1000: 0.002 to 0.012, but narrow":   {simple(0.005, 1000, 999), nil},
		"none of 40":                              {simple(0, 40, 39), []string{survey.FlagReview}},
		"all of 40":                               {simple(1, 40, 39), []string{survey.FlagReview}},
		"none of 20":                              {simple(0, 20, 19), []string{survey.FlagSuppressed, survey.FlagUnreliable}},
		"half of 4000 on 7 degrees of freedom":    {simple(0.5, 4000, 7), []string{survey.FlagReview}},
		"half of 4000 without degrees of freedom": {simple(0.5, 4000, 0), []string{survey.FlagSuppressed, survey.FlagUnreliable}},
		"nobody": {stats.Proportion{P: math.NaN(), DF: math.NaN(), Level: 0.95}, []string{survey.FlagSuppressed, survey.FlagUnreliable}},
	} {
		if diff := cmp.Diff(c.want, quality.Proportion(c.in)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestProportionCapsItsEffectiveSample: a design effect under 1 buys nothing.
func TestProportionCapsItsEffectiveSample(t *testing.T) {
	in := stats.Proportion{P: 0.5, SE: 0.01, LogitSE: math.NaN(), N: 36, DF: 35, Level: 0.95}
	if got := quality.Proportion(in); len(got) == 0 {
		t.Error("36 people are shown because their design effect is 0.014")
	}
}

// TestCount: exp(ln 1000 ± t·0.3) with t = 2.093 on 19 degrees of freedom spans
// 1.340 times the count, with 0.4 (2.093·0.4 = 0.837) 1.877 times.
func TestCount(t *testing.T) {
	for name, c := range map[string]struct {
		x, se, effective float64
		hidden           bool
	}{
		"narrow": {1000, 300, 20, false}, "wide": {1000, 400, 20, true},
		"few people": {1000, 10, 9.9, true}, "ten": {1000, 10, 10, false},
		"nobody": {0, 0, 0, true},
	} {
		if got := len(quality.Count(c.x, c.se, c.effective, 0.95)) > 0; got != c.hidden {
			t.Errorf("%s: hidden %t", name, got)
		}
	}
}
