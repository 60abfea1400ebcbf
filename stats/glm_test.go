package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

// fitNoise is the rounding of a fit, whose steps end where convergence leaves none.
const fitNoise = 1e-9

// determined are functions of the coefficients of regressors that the rows determine:
// of a constant and its three levels only their sums and differences.
var determined = [][]float64{{1, 1, 0, 0, 0}, {0, -1, 1, 0, 0}, {0, 0, -1, 1, 0}, {0, 0, 0, 0, 1}}

func nearer(t interface{ Fatalf(string, ...any) }, what string, got, want, tolerance float64) {
	if !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// Two groups, saturated: the coefficients are the link of the first mean, 3/4,
// and the difference of the links to 1/3.
func TestTwoGroupsByHand(t *testing.T) {
	x := sparse([]float64{1, 0}, []float64{1, 0}, []float64{1, 1}, []float64{1, 1})
	y, w := []float64{1, 0, 1, 0}, []float64{3, 1, 1, 2}
	for _, c := range []struct {
		family   stats.Family
		link     func(p float64) float64
		deviance float64
	}{
		{stats.Gaussian, func(p float64) float64 { return p }, 3./16 + 9./16 + 4./9 + 2./9},
		{stats.Binomial, func(p float64) float64 { return math.Log(p / (1 - p)) }, -2 * (3*math.Log(3./4) + math.Log(1./4) + math.Log(1./3) + 2*math.Log(2./3))},
		{stats.Poisson, math.Log, 2 * (3*(math.Log(4./3)-1./4) + 3./4 + math.Log(3) - 2./3 + 2./3)},
	} {
		fit := c.family.Fit(x, y, w, nil)
		nearer(t, c.family.Name, fit.Beta[0], c.link(0.75), fitNoise)
		nearer(t, c.family.Name, fit.Beta[1], c.link(1./3)-c.link(0.75), fitNoise)
		nearer(t, c.family.Name+" deviance", fit.Deviance, c.deviance, fitNoise)
		if !fit.Converged || fit.Space.Rank() != 2 {
			t.Errorf("%s: converged %v, rank %d", c.family.Name, fit.Converged, fit.Space.Rank())
		}
	}
}

// Counts in the millions are far from where the steps begin.
func TestPoissonFarAway(t *testing.T) {
	for _, start := range [][]float64{nil, {5}, {-5}} {
		fit := stats.Poisson.Fit(sparse([]float64{1}, []float64{1}), []float64{1e6, 3e6}, []float64{1, 1}, start)
		nearer(t, "log mean", fit.Beta[0], math.Log(2e6), fitNoise)
		if !fit.Converged {
			t.Errorf("not converged from %v", start)
		}
	}
}

// A year beside a constant is nearly dependent on it, and must not lose its digits.
func TestYearsKeepTheirDigits(t *testing.T) {
	var rows [][]float64
	var y, w []float64
	for year := 2001.0; year <= 2011; year++ {
		rows, y, w = append(rows, []float64{1, year}), append(y, 5+0.25*(year-2000)), append(w, 1)
	}
	fit := stats.Gaussian.Fit(sparse(rows...), y, w, nil)
	near(t, "slope", fit.Beta[1], 0.25)
}

func outcomes(t *rapid.T, f stats.Family, n int) []float64 {
	y := make([]float64, n)
	for i := range y {
		switch f.Name {
		case "binomial":
			// The first rows give each level both outcomes.
			y[i] = float64(i / 3 % 2)
			if i >= 6 {
				y[i] = float64(rapid.IntRange(0, 1).Draw(t, "y"))
			}
		case "poisson":
			y[i] = float64(rapid.IntRange(0, 5).Draw(t, "y")) + 0.1
		default:
			y[i] = rapid.Float64Range(-5, 5).Draw(t, "y")
		}
	}
	return y
}

// separated outcomes have no finite coefficients; overlap draws those that do:
// here every row is there with the opposite outcome too, at a small weight.
func overlap(rows [][]float64, y, w []float64) ([][]float64, []float64, []float64) {
	for i := range len(rows) {
		rows, y, w = append(rows, rows[i]), append(y, 1-y[i]), append(w, w[i]/4)
	}
	return rows, y, w
}

// An influence is what one more unit of weight on a row does to a coefficient,
// times its weight; and influences add to nothing.
func TestInfluenceIsADerivative(t *testing.T) {
	const (
		step      = 1e-3 // of weights from 0.5
		stepNoise = 1e-4 // what curvature adds to a derivative over a step
		// lagNoise is what influences may miss as a share of their sizes: their V are
		// of the step before, when a predictor u was off by up to 2e-5 of 1 + |u|.
		lagNoise = 1e-4
	)
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(stats.Families()).Draw(t, "family")
		n := rapid.IntRange(8, 20).Draw(t, "n")
		rows, y, w := regressors(t, n), outcomes(t, f, n), positive(t, "w", n)
		if f.Name == "binomial" {
			rows, y, w = overlap(rows, y, w)
		}
		x := sparse(rows...)
		i := rapid.IntRange(0, n-1).Draw(t, "row")
		fit := f.Fit(x, y, w, nil)
		if !fit.Converged || fit.Space.Rank() != 4 || !math.IsNaN(fit.Beta[0]) || !math.IsNaN(fit.Beta[3]) || math.IsNaN(fit.Beta[4]) {
			t.Fatalf("converged %v, rank %d, coefficients %v", fit.Converged, fit.Space.Rank(), fit.Beta)
		}
		old := w[i]
		w[i] = old + step
		more := f.Fit(x, y, w, fit.Beta)
		w[i] = old - step
		less := f.Fit(x, y, w, fit.Beta)
		w[i] = old
		for _, c := range determined {
			u := fit.InfluenceOn(c)
			want := (stats.Dot(more.Solution, c) - stats.Dot(less.Solution, c)) / (2 * step) * old
			size := 0.0
			for _, v := range u {
				size += math.Abs(v)
			}
			nearer(t, "influence", u[i], want, stepNoise+lagNoise*math.Abs(u[i]))
			nearer(t, "sum of influences", total(u), 0, lagNoise*size)
		}
	})
}

func total(x []float64) (sum float64) {
	for _, v := range x {
		sum += v
	}
	return sum
}

// A row with weight 3 counts as three rows; one with weight 0 as none.
func TestWeightsCountRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(stats.Families()).Draw(t, "family")
		n := rapid.IntRange(8, 20).Draw(t, "n")
		rows, y := regressors(t, n), outcomes(t, f, n)
		w := make([]float64, n)
		for i := range w {
			w[i] = 1
		}
		if f.Name == "binomial" {
			rows, y, w = overlap(rows, y, w)
		}
		weighted := append([]float64(nil), w...)
		weighted[0] *= 3
		a := f.Fit(sparse(append(rows, []float64{1, 9, 9, 9, 9})...), append(y, math.NaN()), append(weighted, 0), nil)
		b := f.Fit(sparse(append(rows, rows[0], rows[0])...), append(y, y[0], y[0]), append(w, w[0], w[0]), nil)
		again := f.Fit(sparse(rows...), y, weighted, a.Solution)
		if again.Iterations > 2 {
			t.Fatalf("%d steps from the solution", again.Iterations)
		}
		for _, c := range determined {
			nearer(t, "coefficient from itself", stats.Dot(again.Solution, c), stats.Dot(a.Solution, c), fitNoise)
			nearer(t, "coefficient", stats.Dot(a.Solution, c), stats.Dot(b.Solution, c), fitNoise)
			near(t, "influence of no weight", a.InfluenceOn(c)[len(rows)], 0)
		}
	})
}

// Outcomes that a column separates, wholly or in one category only.
func TestSeparationIsNoticed(t *testing.T) {
	x := sparse([]float64{1, -2}, []float64{1, -1}, []float64{1, 1}, []float64{1, 3})
	if fit := stats.Binomial.Fit(x, []float64{0, 0, 1, 1}, []float64{1, 1, 1, 1}, nil); !math.IsNaN(fit.Beta[0]) || !math.IsNaN(fit.Beta[1]) || fit.Space.Rank() != 0 {
		t.Errorf("separated outcomes gave %v", fit.Beta)
	}
	x = sparse([]float64{1, 0, 0}, []float64{1, 0, 0}, []float64{1, 1, 0}, []float64{1, 1, 0}, []float64{1, 0, 1}, []float64{1, 0, 1})
	for _, f := range []stats.Family{stats.Binomial, stats.Poisson} {
		if fit := f.Fit(x, []float64{0, 0, 0, 1, 1, 0}, []float64{1, 1, 1, 1, 1, 1}, nil); !math.IsNaN(fit.Beta[0]) || fit.Space.Rank() != 2 {
			t.Errorf("%s: a reference category without a case gave %v", f.Name, fit.Beta)
		}
		fit := f.Fit(x, []float64{0, 1, 0, 0, 1, 0}, []float64{1, 1, 1, 1, 1, 1}, nil)
		if !math.IsNaN(fit.Beta[1]) || fit.Space.Rank() != 2 {
			t.Errorf("%s: a category without a case gave %v", f.Name, fit.Beta)
		}
		nearer(t, f.Name, fit.Beta[2], 0, fitNoise)
	}
}

func TestFamiliesAcceptTheirOutcomes(t *testing.T) {
	for _, c := range []struct {
		family  stats.Family
		yes, no []float64
	}{
		{stats.Gaussian, []float64{-1, 0, 1e9}, []float64{math.NaN(), math.Inf(1)}},
		{stats.Binomial, []float64{0, 0.5, 1}, []float64{-0.1, 2, math.NaN()}},
		{stats.Poisson, []float64{0, 2.5}, []float64{-1, math.NaN(), math.Inf(1)}},
	} {
		for _, y := range c.yes {
			if !c.family.Accepts(y) {
				t.Errorf("%s does not accept %v", c.family.Name, y)
			}
		}
		for _, y := range c.no {
			if c.family.Accepts(y) {
				t.Errorf("%s accepts %v", c.family.Name, y)
			}
		}
	}
}

func TestNoRowsNoCoefficients(t *testing.T) {
	fit := stats.Binomial.Fit(sparse([]float64{1}), []float64{1}, []float64{0}, nil)
	if fit.Space.Rank() != 0 || !math.IsNaN(fit.Beta[0]) {
		t.Errorf("no rows gave %v", fit.Beta)
	}
}
