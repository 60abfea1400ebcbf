package stats

import "math"

// Family is a distribution with its canonical link, for generalised linear models.
type Family struct {
	Name string
	// Outcomes says in words which outcomes the family is for.
	Outcomes string
	accepts  func(y float64) bool
	mean     curve // the inverse link and its slope, which is the variance function
}

// The families that regressions know (McCullagh & Nelder 1989, table 2.1).
var (
	// Gaussian has the identity link: E y = xβ.
	Gaussian = Family{"gaussian", "numbers", finite, func(u float64) (float64, float64) { return u, 1 }}
	// Binomial has the logit link: E y = 1/(1 + exp(−xβ)).
	Binomial = Family{"binomial", "0 and 1, or proportions between them", func(y float64) bool { return y >= 0 && y <= 1 }, logistic}
	// Poisson has the log link: E y = exp(xβ).
	Poisson = Family{"poisson", "counts of 0 or more", func(y float64) bool { return y >= 0 && finite(y) }, exponential}
)

// Families lists them.
func Families() []Family { return []Family{Gaussian, Binomial, Poisson} }

// Accepts reports whether the family is for such an outcome.
func (f Family) Accepts(y float64) bool { return f.accepts(y) }

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func exponential(u float64) (value, slope float64) {
	e := math.Exp(u)
	return e, e
}

// logistic is 1/(1 + exp(−u)), written so that neither tail loses its digits.
func logistic(u float64) (value, slope float64) {
	e := math.Exp(-math.Abs(u))
	low := e / (1 + e)
	if u < 0 {
		return low, low / (1 + e)
	}
	return 1 / (1 + e), low / (1 + e)
}

// Fit is a generalised linear model fitted by pseudo-likelihood.
type Fit struct {
	// Beta are the coefficients on the scale of the link, NaN for columns that
	// the ones before them already span.
	Beta []float64
	// Rank counts the coefficients that exist.
	Rank       int
	Iterations int
	// Converged is false where there is no finite solution: a column, or several
	// together, separate the outcomes (Albert & Anderson 1984).
	Converged bool

	equations equations
	solution  solution
}

// Fit solves the weighted score equations Σ w (y − μ) x = 0, μ the inverse
// link of xβ, by Newton's method: the pseudo-likelihood of Binder (1983). x has
// its constant as a column. Rows with w = 0 do not count, whatever they hold.
// start are coefficients to begin from, nil for zeros; NaN ones count as 0.
// Outcomes must be accepted by the family. Without rows all coefficients are NaN.
// Equals the coefficients of R survey::svyglm to glm's tolerance (1e-8 of the deviance).
func (f Family) Fit(x *Sparse, y, w, start []float64) *Fit {
	e := equations{x: x, w: w, f: f.mean, y: y}
	s := e.solve(zeroWhereNaN(start))
	fit := &Fit{Beta: s.b, Rank: s.inverse.Rank(), Iterations: s.iterations, Converged: s.converged, equations: e, solution: s}
	for j, aliased := range s.aliased {
		if aliased {
			fit.Beta[j] = math.NaN()
		}
		// A column that fades on the way does so because its rows have run to the edge.
		fit.Converged = fit.Converged && aliased == s.inverse.Aliased[j]
	}
	return fit
}

func zeroWhereNaN(x []float64) []float64 {
	out := make([]float64, len(x))
	for j, v := range x {
		if !math.IsNaN(v) {
			out[j] = v
		}
	}
	return out
}

// Influence is each row's influence on coefficient j,
//
//	u_i = w_i (y_i − μ_i) x_i'(X' diag(w V) X)⁻¹ e_j
//
// whose design variance is the coefficient's (Binder 1983). It adds to 0; rows
// with w = 0 have none. Equals the columns of R survey's svyglm(…,
// influence = TRUE).
func (f *Fit) Influence(j int) []float64 {
	unit := make([]float64, len(f.Beta))
	unit[j] = 1
	u := f.equations.x.Times(f.solution.inverse.Solve(unit))
	for i, w := range f.equations.w {
		if w == 0 {
			u[i] = 0
			continue
		}
		u[i] *= w * (f.equations.y[i] - f.solution.fitted[i])
	}
	return u
}
