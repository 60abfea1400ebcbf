package figure_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/reports/figure"
	"surveykit/survey"
)

func TestFigures(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct{ name, got, want string }{
		{"a half goes up", figure.Percent(0.285, 0), "29%"},
		{"a half away from zero", figure.Percent(-0.285, 0), "−29%"},
		{"noise under a half", figure.Percent(0.1+0.2-0.015, 0), "29%"},
		{"just under a half", figure.Percent(0.28499, 0), "28%"},
		{"carry into a new digit", figure.Percent(0.9996, 1), "100.0%"},
		{"one decimal", figure.Percent(0.12345, 1), "12.3%"},
		{"a whole", figure.Percent(1, 0), "100%"},
		{"nothing", figure.Percent(0, 0), "0%"},
		{"no negative zero", figure.Percent(-0.001, 0), "0%"},
		{"negative zero itself", figure.Number(math.Copysign(0, -1), 1), "0.0"},
		{"tiny", figure.Percent(4e-9, 2), "0.00%"},
		{"tiny that rounds up", figure.Percent(0.005, 0), "1%"},
		{"tiny at its half", figure.Number(0.5, 0), "1"},
		{"negative decimals are none", figure.Number(12.4, -3), "12"},
		{"thousands", figure.Number(1234567.891, 2), "1,234,567.89"},
		{"huge", figure.Number(1.5e20, 0), "150,000,000,000,000,000,000"},
		{"not a number", figure.Percent(nan, 0), "–"},
		{"infinite", figure.Number(inf, 0), "–"},
		{"points up", figure.Points(0.061, 0), "+6 pts"},
		{"points down", figure.Points(-0.061, 1), "−6.1 pts"},
		{"points nil", figure.Points(-0.0001, 0), "0 pts"},
		{"points that do not exist", figure.Points(nan, 0), "–"},
		{"signed", figure.SignedNumber(0.214, 2), "+0.21"},
		{"count", figure.Count(6120), "6,120"},
		{"count below a thousand", figure.Count(999), "999"},
		{"count of a million", figure.Count(1000000), "1,000,000"},
		{"count below zero", figure.Count(-1234), "−1,234"},
		{"count of none", figure.Count(0), "0"},
		{"p", figure.P(0.0341), "p = 0.034"},
		{"small p", figure.P(0.0009999), "p < 0.001"},
		{"large p", figure.P(0.9996), "p > 0.999"},
		{"p beside one", figure.P(0.999), "p = 0.999"},
		{"no p", figure.P(nan), "–"},
		{"p above one", figure.P(1.2), "–"},
		{"a mean", figure.Value(survey.RowMean, 3.456, 1), "3.5"},
		{"a net", figure.Value(survey.RowNet, 0.456, 0), "46%"},
		{"a gap", figure.Value(survey.RowGap, -0.158, 0), "−16 pts"},
		{"change of a gap", figure.Change(survey.RowGap, 0.0123, 1), "+1.2 pts"},
		{"change of a mean", figure.Change(survey.RowMean, -0.456, 2), "−0.46"},
		{"change of a share", figure.Change(survey.RowShare, 0.02, 0), "+2 pts"},
		{"interval", figure.Interval(survey.RowShare, 0.5, 0.59, 0), "50% to 59%"},
		{"a lower limit alone", figure.Interval(survey.RowShare, 0.5, nan, 0), "from 50%"},
		{"an upper limit alone", figure.Interval(survey.RowShare, nan, 0.59, 0), "up to 59%"},
		{"no limit", figure.Interval(survey.RowShare, nan, nan, 0), "–"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// What is written is the multiple of the last decimal nearest to x: never
// further off than half of it, apart from the 15 digits that are looked at.
func TestNumberIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1e9, 1e9).Draw(t, "x")
		decimals := rapid.IntRange(0, 6).Draw(t, "decimals")
		s := figure.Number(x, decimals)
		plain := strings.NewReplacer(",", "", "−", "-").Replace(s)
		y, _, err := big.ParseFloat(plain, 10, 200, big.ToNearestEven)
		if err != nil {
			t.Fatalf("%q is no number: %v", s, err)
		}
		off, _ := new(big.Float).Sub(y, big.NewFloat(x)).Float64()
		if half := math.Pow(10, -float64(decimals)) / 2; math.Abs(off) > half+math.Abs(x)*1e-14 {
			t.Fatalf("Number(%v, %d) = %s is off by %g", x, decimals, s, off)
		}
		if point := strings.IndexByte(plain, '.'); decimals > 0 && len(plain)-point-1 != decimals {
			t.Fatalf("Number(%v, %d) = %s has other decimals", x, decimals, s)
		}
	})
}
