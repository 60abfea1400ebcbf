package stats

import "math"

// BetaQuantile returns the x with P(B <= x) = p for B ~ Beta(a, b): 0 at
// p = 0, 1 at p = 1, NaN for p outside [0, 1] and where a or b is not positive
// and finite. It equals R's qbeta(p, a, b).
func BetaQuantile(p, a, b float64) float64 {
	if !(p >= 0 && p <= 1) || !validShapes(a, b) {
		return math.NaN()
	}
	return expit(betaLogitQuantile(p, 1-p, a, b))
}

func validShapes(a, b float64) bool {
	return a > 0 && b > 0 && !math.IsInf(a, 1) && !math.IsInf(b, 1)
}

// tails are both tail probabilities of a distribution at one point, and the
// density there, all taken on the logit scale for a beta.
type tails struct{ lower, upper, density float64 }

// betaTails returns the tails of Beta(a, b) at the point whose logit is s. The
// logit keeps both x and 1−x in full precision, and the smaller tail is always
// the one that is computed, never a difference from 1.
func betaTails(s, a, b float64) tails {
	x, y := expit(s), expit(-s)
	d := betaKernel(s, a, b)
	if x <= (a+1)/(a+b+2) {
		lower := math.Min(d*betaFraction(x, y, a, b), 1)
		return tails{lower, 1 - lower, d}
	}
	upper := math.Min(d*betaFraction(y, x, b, a), 1)
	return tails{1 - upper, upper, d}
}

// betaKernel returns x^a (1−x)^b / B(a, b) at x = expit(s), the density of the
// logit of a beta. It is written as a deviance from the mean and Stirling
// remainders (Loader 2000, Fast and accurate computation of binomial
// probabilities), so that no large logarithms cancel.
func betaKernel(s, a, b float64) float64 {
	if a > b {
		a, b, s = b, a, -s
	}
	// x/m and (1−x)/(1−m) for the mean m, in terms of the distance of logits.
	m, d := a/(a+b), s-math.Log(a)+math.Log(b)
	deviance := a*d - (a+b)*logMixture(m, d)
	remainders := stirling(a+b) - stirling(a) - stirling(b)
	return math.Sqrt(a/(2*math.Pi)) * math.Sqrt(1-m) * math.Exp(deviance+remainders)
}

// logMixture returns ln(1 − m + m·e^d) for 0 < m <= ½.
func logMixture(m, d float64) float64 {
	if d > 30 {
		return d + math.Log(m) + math.Log1p((1-m)/m*math.Exp(-d))
	}
	return math.Log1p(m * math.Expm1(d))
}

// stirling returns ln Γ(a) − ((a − ½) ln a − a + ½ ln 2π), the remainder of
// Stirling's formula (DLMF 5.11.1).
func stirling(a float64) float64 {
	if a < 16 {
		lg, _ := math.Lgamma(a)
		return lg - ((a-0.5)*math.Log(a) - a + 0.5*math.Log(2*math.Pi))
	}
	q := 1 / (a * a)
	return (1./12 - q*(1./360-q*(1./1260-q*(1./1680-q*(1./1188-q*691./360360))))) / a
}

// betaFraction returns I_x(a, b) / (x^a y^b / B(a, b)) for y = 1 − x, by the
// continued fraction of DiDonato and Morris (1992, Algorithm 708, equation 9)
// and Lentz's method. Given y, it loses nothing as x nears 1. It needs about
// √max(a, b) terms near the mean; NaN where it does not settle.
func betaFraction(x, y, a, b float64) float64 {
	const (
		tiny     = 1e-300
		settled  = 3e-16
		maxTerms = 4_000_000
	)
	f := (a*y - b*x + 1) * a / (a + 1)
	if f == 0 {
		f = tiny
	}
	c, d := f, 0.0
	for m := 1.0; m < maxTerms; m++ {
		k := a + 2*m
		numerator := (a + m - 1) / (k - 1) * (a + b + m - 1) / (k - 1) * m * (b - m) * x * x
		term := m + m*(b-m)*x/(k-1) + (a+m)*(a*y-b*x+1+m*(1+y))/(k+1)
		d = 1 / (term + numerator*d)
		c = term + numerator/c
		f *= c * d
		if math.Abs(c*d-1) <= settled {
			return 1 / f
		}
	}
	return math.NaN()
}

// betaLogitQuantile returns the logit of the p-quantile of Beta(a, b), given
// p and q = 1 − p so that neither loses digits: Newton steps on the logarithm
// of the smaller tail, which is concave in the logit, kept inside a bracket.
func betaLogitQuantile(p, q, a, b float64) float64 {
	switch {
	case p <= 0:
		return math.Inf(-1)
	case q <= 0:
		return math.Inf(1)
	}
	return solve(math.Log(a)-math.Log(b), func(s float64) (value, slope float64) {
		t := betaTails(s, a, b)
		if p <= q {
			return math.Log(t.lower) - math.Log(p), t.density / t.lower
		}
		return math.Log(q) - math.Log(t.upper), t.density / t.upper
	})
}

// solve returns the root of a function that increases over the whole line,
// given its value and slope: Newton from start, bisection where a step leaves
// the bracket. ±Inf where the root is beyond ±maxRoot; NaN where f is NaN.
func solve(start float64, f func(x float64) (value, slope float64)) float64 {
	const maxRoot, maxSteps = 1e5, 200
	lo, hi, x := -maxRoot, maxRoot, start
	for range maxSteps {
		value, slope := f(x)
		switch {
		case math.IsNaN(value):
			return math.NaN()
		case value == 0:
			return x
		case value < 0:
			lo = x
		default:
			hi = x
		}
		next := x - value/slope
		if !(next > lo && next < hi) {
			next = lo + (hi-lo)/2
		}
		if math.Abs(next-x) <= 1e-15*math.Max(1, math.Abs(x)) {
			return next
		}
		x = next
	}
	return x
}

// expit returns 1/(1 + e^−s), the inverse of the logit.
func expit(s float64) float64 { return 1 / (1 + math.Exp(-s)) }

// logit returns ln(p/(1 − p)).
func logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }
