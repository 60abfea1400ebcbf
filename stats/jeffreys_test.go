package stats

import (
	"math"
	"testing"
)

// TestJeffreysAgainstR compares with R's qbeta.
func TestJeffreysAgainstR(t *testing.T) {
	var want struct{ Rows []intervalRow }
	readJSON(t, "jeffreys.json", &want)
	for _, r := range want.Rows {
		low, high, _ := r.share.Interval(r.method)
		near(t, "low", low, r.low, intervalTolerance)
		near(t, "high", high, r.high, intervalTolerance)
	}
}

// By hand: half a yes and half a no make Beta(1, 1), the uniform distribution, of
// which 95% are between 0.025 and 0.975. With clusters, df 3 in place of the 19 of
// the rows, the effective size is 1 where p(1−p)/se² is (t₃/t₁₉)².
func TestJeffreysByHand(t *testing.T) {
	ratio := TCritical(0.95, 19) / TCritical(0.95, 3)
	for df, se := range map[float64]float64{19: 0.5, 3: 0.5 * ratio} {
		low, high, used := Proportion{P: 0.5, SE: se, LogitSE: math.NaN(), N: 20, DF: df, Level: 0.95}.Interval(Jeffreys)
		near(t, "low", low, 0.025, intervalTolerance)
		near(t, "high", high, 0.975, intervalTolerance)
		if used != Jeffreys {
			t.Errorf("used %s", used)
		}
	}
}
