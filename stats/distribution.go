package stats

import (
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// largeDF is the degrees of freedom of the denominator, for each one of the
// numerator, above which the first-order correction of the chi-square limit is exact
// to 1e-12 of a tail, while the continued fraction is slow.
const largeDF = 1e8

// NormalUpper returns P(Z > z) for a standard normal Z, accurate in relative
// terms far into the tail. It equals R's pnorm(z, lower.tail = FALSE).
func NormalUpper(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// NormalQuantile returns the z with P(Z <= z) = p: −Inf at p = 0, +Inf at
// p = 1, NaN outside [0, 1]. It equals R's qnorm(p).
func NormalQuantile(p float64) float64 {
	if !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return mathext.NormalQuantile(p)
}

// TUpper returns P(T > t) for Student's t with df > 0 degrees of freedom;
// df = +Inf is the normal distribution. NaN where df <= 0.
// It equals R's pt(t, df, lower.tail = FALSE).
func TUpper(t, df float64) float64 {
	if t < 0 {
		return 1 - TUpper(-t, df)
	}
	return 0.5 * TTwoSided(t, df)
}

// TTwoSided returns P(|T| > |t|) for Student's t with df > 0 degrees of
// freedom; df = +Inf is the normal distribution. NaN where df <= 0.
// It equals R's 2 * pt(-abs(t), df).
func TTwoSided(t, df float64) float64 {
	if math.IsInf(df, 1) {
		return math.Erfc(math.Abs(t) / math.Sqrt2)
	}
	return fUpperLog(2*math.Log(math.Abs(t)), 1, df)
}

// TQuantile returns the t with P(T <= t) = p for Student's t with df > 0
// degrees of freedom; df = +Inf is the normal distribution. −Inf at p = 0,
// +Inf at p = 1 or where the quantile exceeds a float64; NaN for p outside
// [0, 1] or df <= 0. It equals R's qt(p, df).
func TQuantile(p, df float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || !(df > 0):
		return math.NaN()
	case p > 0.5:
		return -tLowerQuantile(1-p, df)
	}
	return tLowerQuantile(p, df)
}

// tLowerQuantile is TQuantile for p <= ½, by T²/df ~ odds of Beta(½, df/2).
func tLowerQuantile(p, df float64) float64 {
	switch {
	case math.IsInf(df, 1):
		return NormalQuantile(p)
	case df > largeDF:
		z := NormalQuantile(p)
		return -math.Sqrt(df * math.Expm1(z*z/(df-0.5)))
	}
	s := betaLogitQuantile(1-2*p, 2*p, 0.5, df/2)
	return -math.Sqrt(df) * math.Exp(s/2)
}

// FUpper returns P(F > f) for Fisher's F with d1 > 0 and d2 > 0 degrees of
// freedom; d2 = +Inf is the distribution of χ²(d1)/d1. 1 for f <= 0; NaN where
// d1 or d2 is not positive or d1 is infinite.
// It equals R's pf(f, d1, d2, lower.tail = FALSE).
func FUpper(f, d1, d2 float64) float64 {
	if math.IsInf(d2, 1) {
		return ChiSquareUpper(d1*f, d1)
	}
	return fUpperLog(math.Log(math.Max(f, 0)), d1, d2)
}

// fUpperLog is FUpper at f = exp(logF), for a finite d2. Past largeDF it uses
// that (d2 + d1/2 − 1) ln(1 + d1·F/d2) is χ²(d1) up to terms in 1/d2² (Wise
// 1950, The incomplete beta function as a contour integral, Biometrika 37).
func fUpperLog(logF, d1, d2 float64) float64 {
	if math.IsNaN(logF) || !validShapes(d1, d2) {
		return math.NaN()
	}
	s := logF + math.Log(d1) - math.Log(d2)
	switch {
	case math.IsInf(s, -1):
		return 1
	case math.IsInf(s, 1):
		return 0
	case d2 > largeDF*math.Max(1, d1):
		return ChiSquareUpper((d2+d1/2-1)*math.Log1p(math.Exp(s)), d1)
	}
	return betaTails(s, d1/2, d2/2).upper
}

// ChiSquareUpper returns P(X > x) for a chi-square X with k > 0 degrees of
// freedom, which need not be whole: 1 for x <= 0, NaN where k is not positive
// and finite. It equals R's pchisq(x, k, lower.tail = FALSE).
func ChiSquareUpper(x, k float64) float64 {
	switch {
	case math.IsNaN(x) || !(k > 0) || math.IsInf(k, 1):
		return math.NaN()
	case x <= 0:
		return 1
	}
	return mathext.GammaIncRegComp(k/2, x/2)
}

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
// and Lentz's method. Given y, it loses no digits as x nears 1. It needs about
// √max(a, b) terms near the mean; NaN where it does not converge.
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

// QuadraticRatioUpper returns P(Σ λ_i X_i > q Y/d) for λ_i >= 0, independent
// X_i ~ χ²(1) and Y ~ χ²(d): the tail of a quadratic form whose covariance was
// estimated with d degrees of freedom; d = +Inf where it is known. It is exact to
// about 1e-12 of itself however small it is. 1 for q <= 0; NaN for d <= 0, and
// where a λ is negative or not finite, or all are 0. It equals R's pFsum(q, 1,
// lambda, d, lower.tail = FALSE, method = "integration"), and for d = +Inf
// pchisqsum, which loses the far tail.
//
// It is ∫ e^K(t)/t dt / 2πi for the cumulant function K of Σ λX − qY/d, along a
// hyperbola through the saddlepoint that bends away from the singularities,
// which are all real: there the integrand is a smooth bump of the size of the
// answer, which the trapezoidal rule takes to full precision.
func QuadraticRatioUpper(q float64, lambda []float64, d float64) float64 {
	k := cumulant{lambda, q, d}
	switch {
	case !k.valid():
		return math.NaN()
	case q <= 0:
		return 1
	}
	const step, bend, negligible = 0.05, 0.2, 1e-18
	c := k.root(0, 1)
	_, second := k.slopes(c)
	radius := 1 / math.Sqrt(second+1/(c*c))
	top := real(k.at(complex(c, 0)))
	sum := radius / c / 2
	for u := step; ; u += step {
		sinh, cosh := math.Sinh(u), math.Cosh(u)
		t := complex(c+radius*bend*(cosh-1), radius*sinh)
		path := complex(radius*cosh, -radius*bend*sinh)
		term := cmplx.Exp(k.at(t)-complex(top, 0)) * path / t
		sum += real(term)
		if !(cmplx.Abs(term) > negligible*sum) {
			break
		}
	}
	return math.Min(sum*step/math.Pi*math.Exp(top), 1)
}

// QuadraticRatioSaddlepoint approximates QuadraticRatioUpper by the formula of
// Lugannani and Rice as Kuonen (1999, Saddlepoint approximations for
// distributions of quadratic forms in normal variables, Biometrika 86) writes
// it, within a few per cent. It equals R's pFsum(q, 1, lambda, d, lower.tail =
// FALSE), and for d = +Inf pchisqsum(method = "saddlepoint").
func QuadraticRatioSaddlepoint(q float64, lambda []float64, d float64) float64 {
	k := cumulant{lambda, q, d}
	switch {
	case !k.valid():
		return math.NaN()
	case q <= 0:
		return 1
	}
	// Under this the formula is 0/0 and its limit at the mean is as near.
	const atMean = 1e-3
	t := k.root(-math.Min(d, float64(len(lambda)))/(2*q), 0)
	_, second := k.slopes(t)
	w := math.Copysign(math.Sqrt(math.Max(-2*real(k.at(complex(t, 0))), 0)), t)
	if math.Abs(w) < atMean {
		// The skewness K'''(0)/K''(0)^{3/2} says what is left at the mean.
		third := -8 * k.q * k.q * k.q / (k.d * k.d)
		for _, l := range k.lambda {
			third += 8 * l * l * l
		}
		_, second := k.slopes(0)
		return NormalUpper((third / math.Pow(second, 1.5)) / 6)
	}
	return NormalUpper(w + math.Log(t*math.Sqrt(second)/w)/w)
}

// cumulant is the cumulant generating function of Σ λ_i χ²(1) − q χ²(d)/d.
type cumulant struct {
	lambda []float64
	q, d   float64
}

func (k cumulant) valid() bool {
	some := false
	for _, l := range k.lambda {
		if !(l >= 0) || math.IsInf(l, 1) {
			return false
		}
		some = some || l > 0
	}
	return some && k.d > 0 && !math.IsNaN(k.q) && !math.IsInf(k.q, 0)
}

// at returns K(t).
func (k cumulant) at(t complex128) complex128 {
	var sum complex128
	for _, l := range k.lambda {
		sum -= log1p(complex(-2*l, 0)*t) / 2
	}
	if math.IsInf(k.d, 1) {
		return sum - complex(k.q, 0)*t
	}
	return sum - complex(k.d/2, 0)*log1p(complex(2*k.q/k.d, 0)*t)
}

// slopes returns K'(t) and K”(t) for a real t.
func (k cumulant) slopes(t float64) (first, second float64) {
	for _, l := range k.lambda {
		f := l / (1 - 2*l*t)
		first, second = first+f, second+2*f*f
	}
	f := k.q / (1 + 2*k.q/k.d*t)
	return first - f, second + 2*f*f/k.d
}

// root returns the t between low and the pole at 1/(2 max λ) at which K'(t) is
// pole/t: 0 for the saddlepoint of the density, 1/t for that of the tail.
func (k cumulant) root(low, pole float64) float64 {
	width := 1/(2*slices.Max(k.lambda)) - low
	at := func(s float64) float64 { return low + width*expit(s) }
	return at(solve(0, func(s float64) (value, slope float64) {
		t := at(s)
		first, second := k.slopes(t)
		if pole > 0 {
			first, second = first-pole/t, second+pole/(t*t)
		}
		return first, second * width * expit(s) * expit(-s)
	}))
}

// log1p returns ln(1 + z) without loss for a small z.
func log1p(z complex128) complex128 {
	x, y := real(z), imag(z)
	if math.Abs(x)+math.Abs(y) > 0.5 {
		return cmplx.Log(1 + z)
	}
	return complex(math.Log1p(x*(2+x)+y*y)/2, math.Atan2(y, 1+x))
}
