package stats

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"
)

const (
	// intervalTolerance is relative, and as near as two programs come whose
	// quantiles of t and beta stop at their own precision.
	intervalTolerance = 1e-6
	// profileTolerance is for R's likelihood interval, which interpolates
	// linearly between points of the profile that ours solves for.
	profileTolerance = 1e-3
)

// intervalRow is one line of testdata/proportions.json.
type intervalRow struct {
	method    *IntervalMethod
	share     Proportion
	low, high float64
}

func (r *intervalRow) UnmarshalJSON(b []byte) error {
	r.share.LogitSE = math.NaN()
	var name string
	if err := json.Unmarshal(b, &[]any{&name, &r.share.P, &r.share.SE, &r.share.DF, &r.share.N,
		&r.share.Level, &r.low, &r.high}); err != nil {
		return err
	}
	var err error
	r.method, err = Named("interval method", name, IntervalMethods)
	return err
}

// TestIntervalsAgainstR compares with R's svyciprop.
func TestIntervalsAgainstR(t *testing.T) {
	var want struct{ Rows []intervalRow }
	readJSON(t, "proportions.json", &want)
	for _, r := range want.Rows {
		tolerance := intervalTolerance
		if r.method == Likelihood {
			tolerance = profileTolerance
		}
		low, high, used := r.share.Interval(r.method)
		near(t, r.method.Name+" low", low, r.low, tolerance)
		near(t, r.method.Name+" high", high, r.high, tolerance)
		if used != r.method {
			t.Errorf("%s: used %s", r.method, used)
		}
	}
}

func drawProportion(t *rapid.T) Proportion {
	p := rapid.Float64Range(0.001, 0.999).Draw(t, "p")
	n := rapid.IntRange(2, 5000).Draw(t, "n")
	return Proportion{
		P: p, SE: math.Sqrt(p*(1-p)) * rapid.Float64Range(0.001, 0.6).Draw(t, "relative se"),
		LogitSE: math.NaN(), N: float64(n),
		DF: float64(rapid.IntRange(1, n-1).Draw(t, "df")), Level: rapid.Float64Range(0.5, 0.98).Draw(t, "level"),
	}
}

// TestIntervalsHoldTheirShare says of every method that its limits contain the
// share and move outwards with the level, and of all but the plain Wald
// interval that they are inside [0, 1].
func TestIntervalsHoldTheirShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawProportion(t)
		for _, m := range IntervalMethods {
			low, high, _ := p.Interval(m)
			wider := p
			wider.Level += 0.01
			lower, higher, _ := wider.Interval(m)
			inside := m == MeanInterval || 0 <= lower && higher <= 1
			if !(inside && lower <= low && low <= p.P && p.P <= high && high <= higher) {
				t.Errorf("%s: %v [%v, %v] at %v, [%v, %v] at %v", m, p.P, low, high, p.Level, lower, higher, wider.Level)
			}
		}
	})
}

// TestIntervalsMirror says that the complement has the mirrored limits.
func TestIntervalsMirror(t *testing.T) {
	const absolute = 1e-9 // 1 − x loses digits of a small x
	rapid.Check(t, func(t *rapid.T) {
		p := drawProportion(t)
		q := p
		q.P = 1 - p.P
		for _, m := range IntervalMethods {
			low, high, _ := p.Interval(m)
			mirrorLow, mirrorHigh, _ := q.Interval(m)
			if math.Abs(low-(1-mirrorHigh)) > absolute || math.Abs(high-(1-mirrorLow)) > absolute {
				t.Errorf("%s: [%v, %v] against [%v, %v]", m, low, high, mirrorLow, mirrorHigh)
			}
		}
	})
}

// TestEdgeIntervals: 0 and 1 of 40 give way to Korn and Graubard, whose limit
// is then 1 − (α/2)^(1/n*) in closed form.
func TestEdgeIntervals(t *testing.T) {
	for _, m := range IntervalMethods {
		p := Proportion{P: 0, N: 40, DF: 39, Level: 0.95}
		low, high, used := p.Interval(m)
		near(t, "low at 0", low, 0, 0)
		near(t, "high at 0", high, 0.0880973, 1e-5)
		p.P, p.DF = 1, 10
		ratio := TCritical(0.95, 39) / TCritical(0.95, 10)
		low, high, _ = p.Interval(m)
		near(t, "low at 1", low, math.Pow(0.025, 1/(40*ratio*ratio)), intervalTolerance)
		near(t, "high at 1", high, 1, 0)
		if used != KornGraubard {
			t.Errorf("%s: used %s", m, used)
		}
	}
}

// TestIntervalRefusals lists what has no interval, or one of no width.
func TestIntervalRefusals(t *testing.T) {
	good := Proportion{P: 0.3, SE: 0.05, LogitSE: math.NaN(), N: 80, DF: 20, Level: 0.95}
	refused := map[string]func(*Proportion){
		"df 0":    func(p *Proportion) { p.DF = 0 },
		"df -1":   func(p *Proportion) { p.DF = -1 },
		"df NaN":  func(p *Proportion) { p.DF = math.NaN() },
		"p NaN":   func(p *Proportion) { p.P = math.NaN() },
		"p > 1":   func(p *Proportion) { p.P = 1.5 },
		"se NaN":  func(p *Proportion) { p.SE = math.NaN() },
		"level 1": func(p *Proportion) { p.Level = 1 },
		"level 0": func(p *Proportion) { p.Level = 0 },
	}
	for name, spoil := range refused {
		p := good
		spoil(&p)
		low, high, used := p.Interval(Wilson)
		if !math.IsNaN(low) || !math.IsNaN(high) || used != Wilson {
			t.Errorf("%s: [%v, %v] by %s", name, low, high, used)
		}
	}
	if _, _, used := good.Interval(nil); used != Logit {
		t.Errorf("without a method: %s", used)
	}
	good.SE = 0
	if low, high, _ := good.Interval(Logit); low != 0.3 || high != 0.3 {
		t.Errorf("SE 0: [%v, %v]", low, high)
	}
}

// TestLogitSE: the logit interval takes its own standard error where one is
// given, the xlogit interval never.
func TestLogitSE(t *testing.T) {
	plain, unknown := Proportion{P: 0.3, SE: 0.05, N: 80, DF: 20, Level: 0.95}, Proportion{P: 0.3, SE: 0.05, LogitSE: math.NaN(), N: 80, DF: 20, Level: 0.95}
	low, high, _ := plain.Interval(Logit)
	wantLow, wantHigh, _ := unknown.Interval(Logit)
	if low != wantLow || high != wantHigh || low >= plain.P {
		t.Errorf("without a standard error on the logit scale: %v to %v, want %v to %v", low, high, wantLow, wantHigh)
	}
	p := Proportion{P: 0.5, SE: 0.1, LogitSE: 0.3, N: 50, DF: math.Inf(1), Level: 0.95}
	z := NormalQuantile(0.975)
	low, _, _ = p.Interval(Logit)
	near(t, "logit", low, expit(-0.3*z), intervalTolerance)
	low, _, _ = p.Interval(XLogit)
	near(t, "xlogit", low, expit(-0.4*z), intervalTolerance)
}

func TestMeanAndLogLimits(t *testing.T) {
	low, high := MeanLimits(10, 2, 58, 0.95)
	near(t, "mean low", low, 10-2*2.0017174841452356, intervalTolerance)
	near(t, "mean high", high, 10+2*2.0017174841452356, intervalTolerance)
	low, high = LogLimits(10, 2, 58, 0.95)
	near(t, "log low", low, 10*math.Exp(-0.2*2.0017174841452356), intervalTolerance)
	near(t, "low times high", low*high, 100, intervalTolerance)
	if low, high = LogLimits(0, 1, 5, 0.95); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("log limits of 0: [%v, %v]", low, high)
	}
	if low, high = MeanLimits(1, 1, 0, 0.95); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("limits without df: [%v, %v]", low, high)
	}
}
