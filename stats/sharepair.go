package stats

import "math"

// ShareSide is one side of a comparison of two shares.
type ShareSide struct {
	// Share is 0–1, Variance its design-based variance.
	Share, Variance float64
	// Effective is Kish's effective base (Σw)²/Σw².
	Effective float64
}

// SharePair is two shares of different people, of which one is at or near 0 or 1.
// There the linearised variance of a side is 0 or depends on very few answers, and a
// t test of the difference is significant far too often.
type SharePair struct {
	From, To ShareSide
	// Variance is the design-based variance of To − From.
	Variance float64
	// N are the unweighted rows of both bases, DF the design degrees of freedom of both.
	N, DF float64
}

// Edge is how near a pair of shares is to 0 or 1.
type Edge int

// The places of a pair of shares.
const (
	// Inside: neither side is at or near an edge; the t test of the difference holds.
	Inside Edge = iota
	// NearEdge: no side is at 0 or 1, but one has fewer than five effective yes or no answers.
	NearEdge
	// AtEdge: one side is at 0 or 1, or one is at 0 and the other at 1.
	AtEdge
	// SameEdge: both sides are at 0, or both at 1. They cannot be distinguished.
	SameEdge
)

// fewAnswers is the effective number of yes or no answers under which a side is
// near an edge.
const fewAnswers = 5

// Edge finds the place of a pair.
func (p SharePair) Edge() Edge {
	a, b := p.From, p.To
	switch {
	case a.atZero() && b.atZero() || a.atOne() && b.atOne():
		return SameEdge
	case a.atEdge() || b.atEdge():
		return AtEdge
	case math.Min(a.Fewest(), b.Fewest()) < fewAnswers*(1-edgeTolerance):
		return NearEdge
	}
	return Inside
}

func (s ShareSide) atZero() bool { return s.Share <= edgeTolerance }
func (s ShareSide) atOne() bool  { return s.Share >= 1-edgeTolerance }
func (s ShareSide) atEdge() bool { return s.atZero() || s.atOne() }

// Fewest is the effective number of yes or of no answers, whichever is less.
func (s ShareSide) Fewest() float64 { return s.Effective * math.Min(s.Share, 1-s.Share) }

// spread is the variance of the share in a simple random sample of the effective base.
func (s ShareSide) spread() float64 { return s.Share * (1 - s.Share) / s.Effective }

// no is the side with yes and no exchanged.
func (s ShareSide) no() ShareSide {
	s.Share = 1 - s.Share
	return s
}

// turned exchanges yes and no, or the sides, so that the side at the edge is
// From, at 0, or near the edge the side with the fewest answers is From and
// these are yes. The difference changes its sign where turned is true.
func (p SharePair) turned() (out SharePair, sign float64) {
	sign = 1
	swap := !p.From.atEdge() && p.To.atEdge()
	if p.Edge() == NearEdge {
		swap = p.To.Fewest() < p.From.Fewest()
	}
	if swap {
		p.From, p.To, sign = p.To, p.From, -sign
	}
	if p.From.Share > 0.5 {
		p.From, p.To, sign = p.From.no(), p.To.no(), -sign
	}
	return p, sign
}

// sizes are the effective sizes of the sides under the design, e·f/D: D is the
// effect of the design on the variance besides unequal weights, at least 1, and
// f = min(1, (t_{N−1}/t_DF)²), both quantiles at 97.5%, the effect of few PSUs.
//
// At an edge D = V·e/(p(1−p)) of the side that is not at it, 1 where both are;
// near an edge it is the variance of the difference over Σ p(1−p)/e.
func (p SharePair) sizes() (from, to float64) {
	deff := 1.0
	switch {
	case p.Edge() == NearEdge:
		deff = p.Variance / (p.From.spread() + p.To.spread())
	case !p.To.atEdge():
		deff = p.To.Variance / p.To.spread()
	}
	ratio := TCritical(0.95, p.N-1) / TCritical(0.95, p.DF)
	scale := math.Min(1, ratio*ratio) / math.Max(1, deff)
	return p.From.Effective * scale, p.To.Effective * scale
}

// P is the two-sided p-value of no difference between two shares at or near an
// edge. With n₀ the effective size of the side at the edge of 0, n₁ and
// m = p·n₁ those of the other (see sizes),
//
//	P = min(1, n₁! (n₀+n₁−m)! / ((n₁−m)! (n₀+n₁)!))
//
// which is the probability that all m yes answers are on the other side, Fisher's
// doubled mid-p; for a side at 1 yes and no are exchanged. Near an edge the
// counts are rounded and P is min(1, 2·min(P(X<x)+½P(X=x), P(X>x)+½P(X=x))) of
// the hypergeometric distribution.
//
// NaN where neither side is near an edge, both are at the same one, DF <= 0 or
// a variance is unknown.
func (p SharePair) P() float64 {
	edge := p.Edge()
	q, _ := p.turned()
	n0, n1 := q.sizes()
	switch edge {
	case AtEdge:
		m := q.To.Share * n1
		p := m / (n0 + n1)
		return math.Min(1, binomial(m, n1, p)/binomial(m, n0+n1, p)*math.Exp(n0*math.Log1p(-p)))
	case NearEdge:
		return midP(math.Round(n0), math.Round(n1), math.Round(n0*q.From.Share), math.Round(n1*q.To.Share))
	}
	return math.NaN()
}

// Limits are confidence limits of To − From at or near an edge, Newcombe's
// (1998, Interval estimation for the difference between independent
// proportions, method 10) with Korn and Graubard's limits l and h of each side
// in its effective size: for a difference d = s₁ − s₀
//
//	d − √((s₁−l₁)² + (h₀−s₀)²) to d + √((h₁−s₁)² + (s₀−l₀)²)
//
// A side at an edge has one limit, at the whole error: 1 − α^(1/n) from 0. The
// limits contain the difference and are within −1 and 1. NaN where P is.
func (p SharePair) Limits(level float64) (low, high float64) {
	if e := p.Edge(); e != AtEdge && e != NearEdge {
		return math.NaN(), math.NaN()
	}
	q, sign := p.turned()
	n0, n1 := q.sizes()
	l0, h0 := q.From.limits(n0, 1-level)
	l1, h1 := q.To.limits(n1, 1-level)
	d := q.To.Share - q.From.Share
	low, high = d-math.Hypot(q.To.Share-l1, h0-q.From.Share), d+math.Hypot(h1-q.To.Share, q.From.Share-l0)
	if sign < 0 {
		return -high, -low
	}
	return low, high
}

// limits are Korn and Graubard's of a share in an effective size.
func (s ShareSide) limits(n, alpha float64) (low, high float64) {
	if math.IsNaN(n) {
		return math.NaN(), math.NaN()
	}
	x := n * s.Share
	switch {
	case s.atZero():
		return 0, -math.Expm1(math.Log(alpha) / n)
	case s.atOne():
		return math.Exp(math.Log(alpha) / n), 1
	}
	return BetaQuantile(alpha/2, x, n-x+1), BetaQuantile(1-alpha/2, x+1, n-x)
}

// midP is the doubled mid-p of a two-by-two table: x0 of n0 and x1 of n1, whole
// numbers, given that x0 + x1 are yes. The lower tail has x0 + 1 terms; the
// upper one is summed by itself where it is the smaller, so that a small tail
// keeps its digits.
func midP(n0, n1, x0, x1 float64) float64 {
	yes := x0 + x1
	if yes == 0 || yes == n0+n1 {
		return 1
	}
	p := yes / (n0 + n1)
	at := binomial(x0, n0, p) * binomial(x1, n1, p) / binomial(yes, n0+n1, p)
	lower, term := at/2, at
	for x := x0; x > 0; x-- { // from P(X=x) to P(X=x−1)
		term *= x * (n1 - yes + x) / ((n0 - x + 1) * (yes - x + 1))
		lower += term
	}
	if lower <= 0.5 {
		return math.Min(1, 2*lower)
	}
	upper, term := at/2, at
	for x := x0; term > 0 && x < math.Min(n0, yes); x++ {
		term *= (n0 - x) * (yes - x) / ((x + 1) * (n1 - yes + x + 1))
		if upper += term; term < upper*1e-17 {
			break
		}
	}
	return math.Min(1, 2*upper)
}

// binomial returns Γ(n+1)/(Γ(x+1)Γ(n−x+1)) p^x (1−p)^(n−x) for real 0 <= x <= n
// and 0 < p < 1.
func binomial(x, n, p float64) float64 {
	return betaKernel(logit(p), x+1, n-x+1) / ((n + 1) * p * (1 - p))
}
