package stats

import (
	"math"
	"math/cmplx"
	"slices"
)

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
		return NormalUpper(k.skewness() / 6)
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

// skewness returns K”'(0)/K”(0)^{3/2}.
func (k cumulant) skewness() float64 {
	third := -8 * k.q * k.q * k.q / (k.d * k.d)
	for _, l := range k.lambda {
		third += 8 * l * l * l
	}
	_, second := k.slopes(0)
	return third / math.Pow(second, 1.5)
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
