package stats

import (
	"fmt"
	"math"
	"slices"
	"sync"
)

// IntervalMethod names a way to put confidence limits around a proportion.
type IntervalMethod string

// The interval methods. The standard error is design-based in all of them and
// t is the quantile of Student's t for the level and degrees of freedom.
const (
	// Logit is expit(logit p ± t·LogitSE): R's svyciprop(method = "logit").
	Logit IntervalMethod = "logit"
	// XLogit is expit(logit p ± t·SE/(p(1−p))): R's method = "xlogit", and the
	// logit interval of SUDAAN, SPSS Complex Samples and Stata.
	XLogit IntervalMethod = "xlogit"
	// Likelihood holds all q whose scaled binomial log-likelihood is within
	// t²: R's method = "likelihood", which interpolates the same curve.
	Likelihood IntervalMethod = "likelihood"
	// Asin is sin²(asin √p ± t·SE/(2√(p(1−p)))), the angle clamped to
	// [0, π/2]: R's method = "asin", which does not clamp.
	Asin IntervalMethod = "asin"
	// BetaInterval is Korn and Graubard's interval (1998, Confidence intervals
	// for proportions with small expected number of positive counts) from the
	// effective size, not truncated at n: R's method = "beta".
	BetaInterval IntervalMethod = "beta"
	// Wilson is Wilson's score interval at the effective size p(1−p)/SE²:
	// R's method = "wilson".
	Wilson IntervalMethod = "wilson"
	// MeanInterval is p ± t·SE, the plain Wald interval: R's method = "mean". It
	// alone may leave 0–1, for whoever asks for it asks for just that.
	MeanInterval IntervalMethod = "mean"
	// Newcombe is the interval of a difference of two shares of which one is at or
	// near 0 or 1; see SharePair.
	Newcombe IntervalMethod = "newcombe"
	// KornGraubard is what replaces every method at p = 0 and p = 1.
	KornGraubard IntervalMethod = "korn-graubard"
)

// IntervalMethods lists the methods that can be asked for, the default first.
var IntervalMethods = []IntervalMethod{Logit, XLogit, Likelihood, Asin, BetaInterval, Wilson, MeanInterval}

// ParseIntervalMethod returns the method of that name, or an error that lists
// the names there are.
func ParseIntervalMethod(name string) (IntervalMethod, error) {
	if m := IntervalMethod(name); slices.Contains(IntervalMethods, m) {
		return m, nil
	}
	return "", fmt.Errorf("unknown interval method %q: use one of %v", name, IntervalMethods)
}

// edgeTolerance is how near to 0 or 1 a share counts as there: the rounding of
// sums over all the categories of a question, far under any real share.
const edgeTolerance = 1e-12

// Proportion is an estimated share with what its interval needs.
type Proportion struct {
	P, SE float64 // the share, 0–1, and its design-based standard error
	// LogitSE is the standard error of logit P; 0 or NaN means SE/(P(1−P)), which
	// differs only under replicate weights.
	LogitSE   float64
	N         float64 // unweighted rows of the base
	DF, Level float64 // design degrees of freedom; confidence level, 0–1
}

// Interval returns confidence limits by method m, and the method that was used:
// at P = 0 or 1 every method gives way to KornGraubard, with N times
// (t_{N−1}/t_DF)² for its effective size. The limits contain P and, but for
// MeanInterval, are within [0, 1]; they are P itself where SE = 0, and NaN where DF <= 0, the level
// is not in (0, 1), P is not in [0, 1] or the method is unknown.
func (p Proportion) Interval(m IntervalMethod) (low, high float64, used IntervalMethod) {
	if !p.usable() {
		return math.NaN(), math.NaN(), m
	}
	switch {
	case p.P <= edgeTolerance:
		_, high = p.kornGraubard(0, p.N)
		return 0, high, KornGraubard
	case p.P >= 1-edgeTolerance:
		low, _ = p.kornGraubard(1, p.N)
		return low, 1, KornGraubard
	case p.SE == 0:
		return p.P, p.P, m
	}
	if low, high = p.inner(m); m == MeanInterval {
		return low, high, m
	}
	return math.Max(0, math.Min(low, p.P)), math.Min(1, math.Max(high, p.P)), m
}

func (p Proportion) usable() bool {
	inside := p.P >= -edgeTolerance && p.P <= 1+edgeTolerance
	return inside && p.SE >= 0 && !math.IsNaN(p.critical())
}

func (p Proportion) critical() float64 { return TCritical(p.Level, p.DF) }

// inner returns the limits for 0 < P < 1 and SE > 0.
func (p Proportion) inner(m IntervalMethod) (low, high float64) {
	variance := p.P * (1 - p.P)
	effective := variance / (p.SE * p.SE)
	switch m {
	case Logit:
		if p.LogitSE > 0 {
			return p.logitLimits(p.LogitSE)
		}
		return p.logitLimits(p.SE / variance)
	case XLogit:
		return p.logitLimits(p.SE / variance)
	case Likelihood:
		return p.likelihood()
	case Asin:
		return p.asin()
	case BetaInterval:
		return p.kornGraubard(p.P, effective)
	case Wilson:
		return p.wilson(effective)
	case MeanInterval:
		return MeanLimits(p.P, p.SE, p.DF, p.Level)
	}
	return math.NaN(), math.NaN()
}

func (p Proportion) logitLimits(se float64) (low, high float64) {
	half := p.critical() * se
	return expit(logit(p.P) - half), expit(logit(p.P) + half)
}

func (p Proportion) asin() (low, high float64) {
	angle := math.Asin(math.Sqrt(p.P))
	half := p.critical() * p.SE / (2 * math.Sqrt(p.P*(1-p.P)))
	a, b := math.Sin(math.Max(angle-half, 0)), math.Sin(math.Min(angle+half, math.Pi/2))
	return a * a, b * b
}

func (p Proportion) wilson(effective float64) (low, high float64) {
	t := p.critical()
	centre := p.P + t*t/(2*effective)
	half := t / (2 * effective) * math.Sqrt(4*effective*p.P*(1-p.P)+t*t)
	scale := 1 + t*t/effective
	return (centre - half) / scale, (centre + half) / scale
}

// kornGraubard returns Clopper and Pearson's limits for a share of x of an
// effective size, which it first adjusts by (t_{N−1}/t_DF)².
func (p Proportion) kornGraubard(x, effective float64) (low, high float64) {
	ratio := TCritical(p.Level, p.N-1) / p.critical()
	n, tail := effective*ratio*ratio, (1-p.Level)/2
	if x > 0 {
		low = BetaQuantile(tail, n*x, n*(1-x)+1)
	}
	high = 1
	if x < 1 {
		high = BetaQuantile(1-tail, n*x+1, n*(1-x))
	}
	return low, high
}

// likelihood returns the ends of {q: 2[l(P) − l(q)] <= λ t² N/(N−1)} for
// l(q) = N[P ln q + (1−P) ln(1−q)] and λ = N·SE²/(P(1−P)).
func (p Proportion) likelihood() (low, high float64) {
	t := p.critical()
	half := t * p.SE / (p.P * (1 - p.P))
	bound := t * half * p.SE * p.N / (p.N - 1)
	high = expit(divergenceRoot(p.P, half, bound))
	low = expit(-divergenceRoot(1-p.P, half, bound))
	return low, high
}

// divergenceRoot returns the logit, above that of p, of the q at which twice
// the divergence p ln(p/q) + (1−p) ln((1−p)/(1−q)) reaches the bound; the
// search starts a step above the logit of p.
func divergenceRoot(p, step, bound float64) float64 {
	return solve(logit(p)+step, func(s float64) (value, slope float64) {
		if s <= logit(p) {
			return -bound, 0
		}
		logQ, logRest := -math.Log1p(math.Exp(-s)), -s-math.Log1p(math.Exp(-s))
		divergence := p*(math.Log(p)-logQ) + (1-p)*(math.Log1p(-p)-logRest)
		return 2*divergence - bound, 2 * (expit(s) - p)
	})
}

// TCritical returns the t that a two-sided interval of that level multiplies a
// standard error with: the (1 + level)/2 quantile of Student's t. NaN where
// df <= 0 or the level is not in (0, 1). It equals R's qt((1 + level)/2, df).
func TCritical(level, df float64) float64 {
	if !(level > 0 && level < 1) {
		return math.NaN()
	}
	key := [2]float64{level, df}
	if t, ok := criticals.Load(key); ok {
		return t.(float64)
	}
	t := -TQuantile((1-level)/2, df)
	criticals.Store(key, t)
	return t
}

// criticals keeps the values of TCritical: a book asks for the same few
// thousand again and again.
var criticals sync.Map

// MeanLimits returns value ± t·se, NaN where df <= 0.
// It equals R's confint(svymean(...), level, df).
func MeanLimits(value, se, df, level float64) (low, high float64) {
	half := TCritical(level, df) * se
	return value - half, value + half
}

// LogLimits returns exp(ln value ± t·se/value), limits for a positive total or
// ratio whose error is proportional to its size. NaN where value or df <= 0.
func LogLimits(value, se, df, level float64) (low, high float64) {
	if !(value > 0) {
		return math.NaN(), math.NaN()
	}
	factor := math.Exp(TCritical(level, df) * se / value)
	return value / factor, value * factor
}
