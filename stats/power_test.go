package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// powerTolerance is relative; R's noncentral t is good to nine digits.
const powerTolerance = 1e-8

// TestPowerAgainstR compares with power.t.test(n, delta, strict = TRUE) of
// R 4.2.2: two groups of n with unit variance, SE √(2/n), df 2(n − 1).
func TestPowerAgainstR(t *testing.T) {
	for _, r := range []struct{ n, difference, level, power float64 }{
		{20, 1, 0.95, 0.868953027724585},
		{3, 0.5, 0.95, 0.0768490499604122},
		{500, 0.1, 0.9, 0.474802019711177},
		{2, 4, 0.99, 0.155702481012257},
	} {
		se := DifferenceSE(1, r.n, 1, r.n, 1)
		near(t, "power", Power(r.difference, se, 2*(r.n-1), r.level), r.power, powerTolerance)
	}
}

// TestPowerProperties: between the significance and 1, rising with the
// difference, the same in both directions, and inverted by MinimumDetectable.
func TestPowerProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		df := rapid.SampledFrom([]float64{1, 2, 5.5, 30, 1e4, math.Inf(1)}).Draw(t, "df")
		level := rapid.Float64Range(0.5, 0.99).Draw(t, "level")
		se := math.Exp(rapid.Float64Range(-10, 10).Draw(t, "ln se"))
		wanted := rapid.Float64Range(1.001-level, 0.999).Draw(t, "power")
		d := MinimumDetectable(se, df, level, wanted)
		near(t, "power", Power(d, se, df, level), wanted, powerTolerance)
		near(t, "the other direction", Power(-d, se, df, level), wanted, powerTolerance)
		near(t, "no difference", Power(0, se, df, level), 1-level, powerTolerance)
		if more := Power(1.01*d, se, df, level); !(more > wanted && more <= 1) {
			t.Errorf("power %v at %v, %v at 1.01 times that", wanted, d, more)
		}
	})
}

// TestDifferenceSE: 50% against 50% in two groups of 100 at a design effect of
// 1.5, by hand; a z test then detects 2.8016 standard errors with power 80%.
func TestDifferenceSE(t *testing.T) {
	se := DifferenceSE(0.25, 100, 0.25, 100, 1.5)
	near(t, "SE", se, math.Sqrt(0.0075), powerTolerance)
	near(t, "detectable", MinimumDetectable(se, math.Inf(1), 0.95, 0.8)/se, 2.80158, 1e-4)
}

func TestPowerRefusals(t *testing.T) {
	nan := math.NaN()
	for name, got := range map[string]float64{
		"se 0": Power(1, 0, 5, 0.95), "df 0": Power(1, 1, 0, 0.95), "level 1": Power(1, 1, 5, 1),
		"difference NaN": Power(nan, 1, 5, 0.95), "power 1": MinimumDetectable(1, 5, 0.95, 1),
		"power 0": MinimumDetectable(1, 5, 0.95, 0), "detect df 0": MinimumDetectable(1, 0, 0.95, 0.8),
		"n 0": DifferenceSE(1, 0, 1, 5, 1), "deff 0": DifferenceSE(1, 5, 1, 5, 0), "variance": DifferenceSE(-1, 5, 1, 5, 1),
	} {
		near(t, name, got, nan, 0)
	}
	near(t, "power below the significance", MinimumDetectable(1, 5, 0.95, 0.04), 0, 0)
}
