package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// largeDF is where a denominator's degrees of freedom, for each one of the
// numerator, are so many that the first-order correction of the chi-square
// limit is exact to 1e-12 of a tail, while the continued fraction gets slow.
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
