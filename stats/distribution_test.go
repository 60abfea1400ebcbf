package stats

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// tailTolerance is relative: the tails feed p-values that are compared with
// other programs to 1e-6, four digits coarser.
const tailTolerance = 1e-10

// quantileTolerance is relative: one step of Newton's method short of the
// precision of the tails.
const quantileTolerance = 1e-9

// relative returns |got − want| / |want|, 0 where they are the same number.
func relative(got, want float64) float64 {
	if got == want || (math.IsNaN(got) && math.IsNaN(want)) {
		return 0
	}
	return math.Abs(got-want) / math.Abs(want)
}

// near fails the test unless got agrees with want in relative terms.
func near(t rapid.TB, name string, got, want, tolerance float64) {
	t.Helper()
	if !(relative(got, want) <= tolerance) {
		t.Errorf("%s = %.17g, want %.17g (relative error %.2g)", name, got, want, relative(got, want))
	}
}

// readJSON decodes a file of testdata.
func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// TestTailsAgainstHighPrecision compares every tail with values that mpmath
// computed with 50 digits.
func TestTailsAgainstHighPrecision(t *testing.T) {
	var want struct {
		T           [][3]float64 `json:"t_two_sided"`
		F           [][4]float64 `json:"f_upper"`
		ChiSquare   [][3]float64 `json:"chi_square_upper"`
		Beta        [][4]float64 `json:"beta_cdf"`
		NormalUpper [][2]float64 `json:"normal_upper"`
	}
	readJSON(t, "tails.json", &want)
	for _, r := range want.T {
		near(t, "TTwoSided", TTwoSided(r[0], r[1]), r[2], tailTolerance)
	}
	for _, r := range want.F {
		near(t, "FUpper", FUpper(r[0], r[1], r[2]), r[3], tailTolerance)
	}
	for _, r := range want.ChiSquare {
		near(t, "ChiSquareUpper", ChiSquareUpper(r[0], r[1]), r[2], tailTolerance)
	}
	for _, r := range want.Beta {
		near(t, "beta", betaLower(r[0], r[1], r[2]), r[3], tailTolerance)
	}
	for _, r := range want.NormalUpper {
		near(t, "NormalUpper", NormalUpper(r[0]), r[1], tailTolerance)
	}
}

// betaLower is P(B <= x) for B ~ Beta(a, b), the tail that quantiles are found by.
func betaLower(x, a, b float64) float64 { return betaTails(logit(x), a, b).lower }

// TestClosedFormTails compares with the distributions that elementary
// functions give: t with 1 and 2 degrees of freedom, χ² with 2, Beta(a, 1).
func TestClosedFormTails(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := math.Exp(rapid.Float64Range(-20, 20).Draw(t, "ln x"))
		a := math.Exp(rapid.Float64Range(-3, 5).Draw(t, "ln a"))
		near(t, "Cauchy", TTwoSided(x, 1), 2/math.Pi*math.Atan2(1, x), tailTolerance)
		root := math.Sqrt(2 + x*x)
		near(t, "t with 2 df", TTwoSided(x, 2), 2/(root*(root+x)), tailTolerance)
		near(t, "χ² with 2 df", ChiSquareUpper(x, 2), math.Exp(-x/2), tailTolerance*(1+x))
		u := x / (1 + x)
		near(t, "Beta(a, 1)", betaLower(u, a, 1), math.Exp(a*math.Log(u)), tailTolerance)
		near(t, "F = t²", FUpper(x*x, 1, a), TTwoSided(x, a), tailTolerance)
	})
}

// TestInfiniteDegreesOfFreedom holds the limits to the normal and chi-square,
// and the step between the continued fraction and its limit to continuity.
func TestInfiniteDegreesOfFreedom(t *testing.T) {
	inf := math.Inf(1)
	for _, x := range []float64{0.1, 1.96, 8, 37} {
		near(t, "TUpper(Inf)", TUpper(x, inf), NormalUpper(x), tailTolerance)
		near(t, "FUpper(Inf)", FUpper(x, 3, inf), ChiSquareUpper(3*x, 3), tailTolerance)
		below, above := TTwoSided(x, largeDF), TTwoSided(x, math.Nextafter(largeDF, inf))
		near(t, "TTwoSided at largeDF", below, above, tailTolerance)
	}
	near(t, "TQuantile(Inf)", TQuantile(1e-300, inf), NormalQuantile(1e-300), 0)
	below, above := TQuantile(0.01, largeDF), TQuantile(0.01, math.Nextafter(largeDF, inf))
	near(t, "TQuantile at largeDF", below, above, quantileTolerance)
}

// TestQuantilesInvertTails goes from a probability to its quantile and back.
func TestQuantilesInvertTails(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := math.Exp(rapid.Float64Range(-690, math.Log(0.5)).Draw(t, "ln p"))
		df := math.Exp(rapid.Float64Range(1, 25).Draw(t, "ln df"))
		a := math.Exp(rapid.Float64Range(-1, 10).Draw(t, "ln a"))
		b := math.Exp(rapid.Float64Range(-1, 10).Draw(t, "ln b"))
		near(t, "normal", NormalUpper(-NormalQuantile(p)), p, quantileTolerance)
		near(t, "t", TUpper(-TQuantile(p, df), df), p, quantileTolerance)
		if x := BetaQuantile(p, a, b); x > 1e-300 {
			near(t, "beta", betaLower(x, a, b), p, quantileTolerance)
		}
	})
}

// TestQuantileRecords holds quantiles to R 4.2.2's qt, qnorm and qbeta.
func TestQuantileRecords(t *testing.T) {
	near(t, "t", TQuantile(0.975, 58), 2.0017174841452356, quantileTolerance)
	near(t, "t, one df", TQuantile(0.975, 1), math.Tan(0.475*math.Pi), quantileTolerance)
	near(t, "t, tiny p", TQuantile(1e-10, 1e6), -6.3614068488767419, quantileTolerance)
	near(t, "normal", NormalQuantile(0.975), 1.959963984540054, quantileTolerance)
	near(t, "beta", BetaQuantile(0.975, 1, 40), 1-math.Pow(0.025, 1./40), quantileTolerance)
	near(t, "t, median", TQuantile(0.5, 7), 0, 0)
}

// TestTailEdges lists the arguments at and beyond the ends.
func TestTailEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	cases := []struct {
		name      string
		got, want float64
	}{
		{"t = 0", TTwoSided(0, 5), 1}, {"t = Inf", TTwoSided(inf, 5), 0},
		{"t < 0", TUpper(-1, 1), 0.75}, {"t NaN", TUpper(nan, 3), nan},
		{"t df 0", TUpper(1, 0), nan}, {"t df < 0", TQuantile(0.9, -1), nan},
		{"t near the end of float64", TTwoSided(1e300, 1), 2 / math.Pi * 1e-300},
		{"t NaN, df Inf", TTwoSided(nan, inf), nan},
		{"t p 0", TQuantile(0, 4), -inf}, {"t p 1", TQuantile(1, 4), inf}, {"t p 2", TQuantile(2, 4), nan},
		{"t past float64", TQuantile(1e-300, 0.1), -inf},
		{"F <= 0", FUpper(-1, 2, 3), 1}, {"F Inf", FUpper(inf, 2, 3), 0}, {"F d1 0", FUpper(1, 0, 3), nan},
		{"F NaN", FUpper(nan, 2, 3), nan}, {"F d2 < 0", FUpper(1, 2, -3), nan},
		{"χ² 0", ChiSquareUpper(0, 2), 1}, {"χ² k 0", ChiSquareUpper(1, 0), nan}, {"χ² Inf", ChiSquareUpper(inf, 2), 0},
		{"beta q 0", BetaQuantile(0, 2, 3), 0}, {"beta q 1", BetaQuantile(1, 2, 3), 1}, {"beta q -1", BetaQuantile(-1, 2, 3), nan},
		{"normal p 2", NormalQuantile(2), nan}, {"normal p 0", NormalQuantile(0), -inf},
	}
	for _, c := range cases {
		near(t, c.name, c.got, c.want, tailTolerance)
	}
}

func BenchmarkTQuantile(b *testing.B) {
	for b.Loop() {
		TQuantile(0.975, 1543)
	}
}

func BenchmarkBetaQuantile(b *testing.B) {
	for b.Loop() {
		BetaQuantile(0.025, 312.4, 1207.6)
	}
}
