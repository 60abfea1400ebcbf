package stats

import (
	"math"
	"sync"
)

// An IntervalMethod puts confidence limits around a proportion. Flags, studies,
// METHODS, legends and explanations are made from its fields. A new method is a
// value in a file of its own and an entry of IntervalMethods.
type IntervalMethod struct {
	// Name is how flags, studies and records spell the method.
	Name string
	// Words name it before "interval" or "method" in a sentence.
	Words string
	// Formula is written with p the share, se its design-based standard error, t
	// Student's quantile for the level and the degrees of freedom, expit the inverse
	// of logit p = ln(p/(1−p)), B⁻¹ the quantile of the beta distribution, α = 1 − level,
	// n the rows of the base and t₁ the t of n − 1 degrees of freedom.
	Formula string
	// Source is paper or book, "" for what needs none.
	Source string
	// R is the method of R's survey::svyciprop, "" where there is none; Stata is the
	// citype of svy: proportion, "" for the one that Stata takes by itself.
	R, Stata string
	// Steps are the numbers of the formula besides p, se and t; nil is none.
	Steps func(Proportion) []Step

	// limits are those for 0 < P < 1 and SE > 0.
	limits func(Proportion) (low, high float64)
	// unbounded methods may leave [0, 1].
	unbounded bool
}

// Step is a number on the way to a figure, with its symbol in the formula.
type Step struct {
	Symbol string
	Value  float64
}

// String is the name of the method.
func (m *IntervalMethod) String() string { return m.Name }

// IntervalMethods lists the methods that a caller can choose, the default first.
var IntervalMethods = []*IntervalMethod{Logit, XLogit, Likelihood, Asin, BetaInterval, Wilson, MeanInterval, Jeffreys}

// edgeTolerance is the distance from 0 or 1 within which a share counts as 0 or 1:
// the rounding of sums over the categories of a question, far below any real share.
const edgeTolerance = 1e-12

// Proportion is an estimated share with the figures that its interval needs.
type Proportion struct {
	P, SE float64 // the share, 0–1, and its design-based standard error
	// LogitSE is the standard error of logit P; 0 or NaN means SE/(P(1−P)), which
	// differs only under replicate weights.
	LogitSE   float64
	N         float64 // unweighted rows of the base
	DF, Level float64 // design degrees of freedom; confidence level, 0–1
}

// Interval returns confidence limits by method m, nil for the default, and the
// method that was used: at P = 0 or 1 KornGraubard replaces every method. The
// limits contain P and, except for MeanInterval, are within [0, 1]; they are P
// itself where SE = 0, and NaN where DF <= 0, the level is not in (0, 1) or P is
// not in [0, 1].
func (p Proportion) Interval(m *IntervalMethod) (low, high float64, used *IntervalMethod) {
	if m == nil {
		m = IntervalMethods[0]
	}
	inside := p.P >= -edgeTolerance && p.P <= 1+edgeTolerance
	switch {
	case !inside || !(p.SE >= 0) || math.IsNaN(p.critical()):
		return math.NaN(), math.NaN(), m
	case p.P <= edgeTolerance:
		_, high = p.betaLimits(0, p.N)
		return 0, high, KornGraubard
	case p.P >= 1-edgeTolerance:
		low, _ = p.betaLimits(1, p.N)
		return low, 1, KornGraubard
	case p.SE == 0:
		return p.P, p.P, m
	}
	if low, high = m.limits(p); m.unbounded {
		return low, high, m
	}
	return math.Max(0, math.Min(low, p.P)), math.Min(1, math.Max(high, p.P)), m
}

func (p Proportion) critical() float64 { return TCritical(p.Level, p.DF) }

// variance is that of one answer, P(1−P).
func (p Proportion) variance() float64 { return p.P * (1 - p.P) }

// effective is the size of a simple random sample with the same standard error, P(1−P)/SE².
func (p Proportion) effective() float64 { return p.variance() / (p.SE * p.SE) }

// Logit is expit(logit p ± t·LogitSE): R's svyciprop(method = "logit").
var Logit = &IntervalMethod{
	Name: "logit", Words: "logit",
	Formula: "expit(logit p ± t·se/(p(1−p)))",
	Source:  "Särndal, Swensson & Wretman 1992, section 5.5",
	R:       "logit",
	limits: func(p Proportion) (low, high float64) {
		if p.LogitSE > 0 {
			return p.logitLimits(p.LogitSE)
		}
		return p.logitLimits(p.SE / p.variance())
	},
}

// XLogit is expit(logit p ± t·SE/(p(1−p))): R's method = "xlogit", and the
// logit interval of SUDAAN, SPSS Complex Samples and Stata.
var XLogit = &IntervalMethod{
	Name: "xlogit", Words: "logit",
	Formula: "expit(logit p ± t·se/(p(1−p)))",
	Source:  "the method of SUDAAN, SPSS Complex Samples and Stata",
	R:       "xlogit",
	limits:  func(p Proportion) (low, high float64) { return p.logitLimits(p.SE / p.variance()) },
}

func (p Proportion) logitLimits(se float64) (low, high float64) {
	half := p.critical() * se
	return expit(logit(p.P) - half), expit(logit(p.P) + half)
}

// Likelihood holds all q whose scaled binomial log-likelihood is within
// t²: the ends of {q: 2[l(P) − l(q)] <= λ t² N/(N−1)} for
// l(q) = N[P ln q + (1−P) ln(1−q)] and λ = N·SE²/(P(1−P)). R's
// method = "likelihood" interpolates the same curve.
var Likelihood = &IntervalMethod{
	Name: "likelihood", Words: "likelihood",
	Formula: "all q with 2(ℓ(p) − ℓ(q)) ≤ λ·t²·n/(n−1), ℓ(q) = n(p ln q + (1−p) ln(1−q)), λ = n·se²/(p(1−p))",
	Source:  "Rao & Scott 1984",
	R:       "likelihood",
	Steps:   func(p Proportion) []Step { return []Step{{"n", p.N}, {"λ", p.N / p.effective()}} },
	limits: func(p Proportion) (low, high float64) {
		t := p.critical()
		half := t * p.SE / p.variance()
		bound := t * half * p.SE * p.N / (p.N - 1)
		high = expit(divergenceRoot(p.P, half, bound))
		low = expit(-divergenceRoot(1-p.P, half, bound))
		return low, high
	},
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

// Asin is sin²(asin √p ± t·SE/(2√(p(1−p)))), the angle clamped to
// [0, π/2]: R's method = "asin", which does not clamp.
var Asin = &IntervalMethod{
	Name: "asin", Words: "arcsine",
	Formula: "sin²(arcsin √p ± t·se/(2√(p(1−p)))), the angle kept in 0 to π/2",
	R:       "asin",
	limits: func(p Proportion) (low, high float64) {
		angle := math.Asin(math.Sqrt(p.P))
		half := p.critical() * p.SE / (2 * math.Sqrt(p.variance()))
		a, b := math.Sin(math.Max(angle-half, 0)), math.Sin(math.Min(angle+half, math.Pi/2))
		return a * a, b * b
	},
}

// BetaInterval is Korn and Graubard's interval (1998, Confidence intervals
// for proportions with small expected number of positive counts) from the
// effective size, not truncated at n: R's method = "beta".
var BetaInterval = &IntervalMethod{
	Name: "beta", Words: "Korn–Graubard",
	Formula: "B⁻¹(α/2; n*p, n*(1−p)+1) to B⁻¹(1−α/2; n*p+1, n*(1−p)), n* = p(1−p)/se² · (t₁/t)²",
	Source:  "Korn & Graubard 1998",
	R:       "beta", Stata: "exact",
	Steps:  func(p Proportion) []Step { return p.adjustedSteps(p.effective()) },
	limits: func(p Proportion) (low, high float64) { return p.betaLimits(p.P, p.effective()) },
}

// KornGraubard replaces every method at p = 0 and p = 1, where there is no
// effective size: it takes the N rows in its place.
var KornGraubard = &IntervalMethod{
	Name: "korn-graubard", Words: "Korn–Graubard",
	Formula: "B⁻¹(α/2; n*p, n*(1−p)+1) to B⁻¹(1−α/2; n*p+1, n*(1−p)), n* = n · (t₁/t)²",
	Source:  "Korn & Graubard 1998",
	Steps:   func(p Proportion) []Step { return append([]Step{{"n", p.N}}, p.adjustedSteps(p.N)...) },
	limits:  func(p Proportion) (low, high float64) { return p.betaLimits(p.P, p.N) },
}

// firstCritical is t₁, the quantile of Student's t that N rows would have if they
// were drawn one by one.
func (p Proportion) firstCritical() float64 { return TCritical(p.Level, p.N-1) }

func (p Proportion) adjustedSteps(size float64) []Step {
	first, t := p.firstCritical(), p.critical()
	return []Step{{"t₁", first}, {"n*", size * first * first / (t * t)}}
}

// betaLimits returns Clopper and Pearson's limits for a share of x of an
// effective size, which it first adjusts by (t₁/t)².
func (p Proportion) betaLimits(x, effective float64) (low, high float64) {
	ratio := p.firstCritical() / p.critical()
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

// Wilson is Wilson's score interval at the effective size p(1−p)/SE²:
// R's method = "wilson".
var Wilson = &IntervalMethod{
	Name: "wilson", Words: "Wilson",
	Formula: "(p + t²/2n′ ± t/(2n′)·√(4n′p(1−p) + t²)) / (1 + t²/n′), n′ = p(1−p)/se²",
	Source:  "Wilson 1927",
	R:       "wilson", Stata: "wilson",
	Steps: func(p Proportion) []Step { return []Step{{"n′", p.effective()}} },
	limits: func(p Proportion) (low, high float64) {
		t, n := p.critical(), p.effective()
		centre := p.P + t*t/(2*n)
		half := t / (2 * n) * math.Sqrt(4*n*p.P*(1-p.P)+t*t)
		scale := 1 + t*t/n
		return (centre - half) / scale, (centre + half) / scale
	},
}

// MeanInterval is p ± t·SE, the plain Wald interval: R's method = "mean". It
// is the only one that may leave 0–1.
var MeanInterval = &IntervalMethod{
	Name: "mean", Words: "plain",
	Formula: "p ± t·se",
	R:       "mean", Stata: "normal",
	limits:    func(p Proportion) (low, high float64) { return MeanLimits(p.P, p.SE, p.DF, p.Level) },
	unbounded: true,
}

// Newcombe names the interval of a difference of two shares of which one is at or
// near 0 or 1; see SharePair.
const Newcombe = "newcombe"

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

// criticals keeps the values of TCritical: a book needs the same few thousand many
// times.
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
