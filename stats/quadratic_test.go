package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// inversionTolerance is relative, for tails by numerical inversion.
const inversionTolerance = 1e-10

// rootTolerance is relative, for saddlepoints that R finds to a few digits.
const rootTolerance = 1e-6

func repeat(v float64, n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// TestQuadraticFormIsChiSquare: equal weights give a scaled chi-square, and
// with a denominator Fisher's F.
func TestQuadraticFormIsChiSquare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 60).Draw(t, "k")
		scale := math.Exp(rapid.Float64Range(-10, 10).Draw(t, "ln λ"))
		x := math.Exp(rapid.Float64Range(-6, 7).Draw(t, "ln x"))
		d := math.Exp(rapid.Float64Range(-1, 16).Draw(t, "ln d"))
		lambda := repeat(scale, k)
		if want := ChiSquareUpper(x, float64(k)); want > 1e-300 {
			near(t, "χ²", QuadraticRatioUpper(scale*x, lambda, math.Inf(1)), want, inversionTolerance)
		}
		if want := FUpper(x/float64(k), float64(k), d); want > 1e-300 {
			near(t, "F", QuadraticRatioUpper(scale*x, lambda, d), want, inversionTolerance)
		}
	})
}

// TestQuadraticFormOfPairs: weights that come in pairs make a mixture of
// exponentials, with a tail in closed form.
func TestQuadraticFormOfPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Float64Range(0.5, 1).Draw(t, "a")
		b := rapid.Float64Range(0.01, 0.4).Draw(t, "b")
		q := rapid.Float64Range(0.01, 500).Draw(t, "q")
		want := (a*math.Exp(-q/(2*a)) - b*math.Exp(-q/(2*b))) / (a - b)
		near(t, "pairs", QuadraticRatioUpper(q, []float64{a, b, b, 0, a}, math.Inf(1)), want, inversionTolerance)
	})
}

// TestSaddlepointIsNear: within 10% of the exact tail in the right half of the
// distribution of four terms or more, and continuous through the mean.
func TestSaddlepointIsNear(t *testing.T) {
	const saddlepointError = 0.1
	rapid.Check(t, func(t *rapid.T) {
		lambda := rapid.SliceOfN(rapid.Float64Range(0.3, 2), 4, 20).Draw(t, "λ")
		mean := 0.0
		for _, l := range lambda {
			mean += l
		}
		q := mean * rapid.Float64Range(0.7, 8).Draw(t, "q/mean")
		d := math.Exp(rapid.Float64Range(3, 12).Draw(t, "ln d"))
		near(t, "form", QuadraticRatioSaddlepoint(q, lambda, math.Inf(1)), QuadraticRatioUpper(q, lambda, math.Inf(1)), saddlepointError)
		near(t, "ratio", QuadraticRatioSaddlepoint(q, lambda, d), QuadraticRatioUpper(q, lambda, d), saddlepointError)
		at := QuadraticRatioSaddlepoint(mean, lambda, d)
		near(t, "above the mean", QuadraticRatioSaddlepoint(mean*1.003, lambda, d), at, 0.01)
		near(t, "below the mean", QuadraticRatioSaddlepoint(mean*0.997, lambda, d), at, 0.01)
	})
}

// TestSaddlepointAgainstR compares with pchisqsum and pFsum of R 4.2.2, survey
// 4.1.1: the examples of their help page and points further out.
func TestSaddlepointAgainstR(t *testing.T) {
	lambda := []float64{2.7, 1, 0.3}
	for _, r := range []struct{ q, form, with49, with1000 float64 }{
		{4.5, 0.301098334848362, 0.310185710632750, 0.301552041880856},
		{20, 0.00951952331692862, 0.01322202262529822, 0.00968808747298060},
		{60, 3.58875477357699e-06, 3.04172127178458e-05, 4.09828945483419e-06},
		{200, 1.13479579926957e-17, 3.46509935043680e-11, 4.34749355583864e-17},
	} {
		near(t, "form", QuadraticRatioSaddlepoint(r.q, lambda, math.Inf(1)), r.form, rootTolerance)
		near(t, "ratio, 49", QuadraticRatioSaddlepoint(r.q, lambda, 49), r.with49, rootTolerance)
		near(t, "ratio, 1000", QuadraticRatioSaddlepoint(r.q, lambda, 1000), r.with1000, rootTolerance)
	}
}

func TestQuadraticFormEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for name, tail := range map[string]func(float64, []float64, float64) float64{
		"exact": QuadraticRatioUpper, "saddlepoint": QuadraticRatioSaddlepoint,
	} {
		near(t, name+", q 0", tail(0, []float64{1}, 5), 1, 0)
		near(t, name+", q NaN", tail(nan, []float64{1}, 5), nan, 0)
		near(t, name+", no λ", tail(1, nil, 5), nan, 0)
		near(t, name+", λ 0", tail(1, []float64{0}, inf), nan, 0)
		near(t, name+", λ < 0", tail(1, []float64{1, -1}, inf), nan, 0)
		near(t, name+", λ NaN", tail(1, []float64{nan}, inf), nan, 0)
		near(t, name+", d 0", tail(1, []float64{1}, 0), nan, 0)
		near(t, name+", far out", tail(1e5, []float64{1}, inf), 0, 0)
	}
}

func BenchmarkQuadraticRatioUpper(b *testing.B) {
	lambda := repeat(1.1, 20)
	for b.Loop() {
		QuadraticRatioUpper(150, lambda, math.Inf(1))
	}
}
