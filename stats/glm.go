package stats

import "math"

// Family is a distribution with its canonical link, for generalised linear models.
type Family struct {
	Name string
	// Outcomes names the outcomes of the family.
	Outcomes string

	accepts func(y float64) bool
	// mean is the inverse link and its slope, which is the variance function.
	mean curve
	// first is the predictor to begin from, by the outcome and its weight.
	first func(y, w float64) float64
	// deviance is that of one row, from its predictor and mean.
	deviance func(y, u, mean float64) float64
	// bound is the direction in which a row's predictor can go to infinity while its
	// likelihood rises: 1 up, −1 down, 0 none; nil where no row's can.
	bound func(y float64) float64
}

// The families that regressions know (McCullagh & Nelder 1989, table 2.1).
var (
	// Gaussian has the identity link: E y = xβ.
	Gaussian = Family{
		Name: "gaussian", Outcomes: "numbers", accepts: finite,
		mean:     func(u float64) (float64, float64) { return u, 1 },
		first:    func(y, _ float64) float64 { return y },
		deviance: func(y, _, mean float64) float64 { return (y - mean) * (y - mean) },
	}
	// Binomial has the logit link: E y = 1/(1 + exp(−xβ)).
	Binomial = Family{
		Name: "binomial", Outcomes: "0 and 1, or proportions between them",
		accepts:  func(y float64) bool { return y >= 0 && y <= 1 },
		mean:     logistic,
		first:    func(y, w float64) float64 { return logit((w*y + 0.5) / (w + 1)) },
		deviance: binomialDeviance,
		bound: func(y float64) float64 {
			switch y {
			case 0:
				return -1
			case 1:
				return 1
			}
			return 0
		},
	}
	// Poisson has the log link: E y = exp(xβ).
	Poisson = Family{
		Name: "poisson", Outcomes: "counts of 0 or more",
		accepts:  func(y float64) bool { return y >= 0 && finite(y) },
		mean:     exponential,
		first:    func(y, _ float64) float64 { return math.Log(y + 0.1) },
		deviance: func(y, _, mean float64) float64 { return 2 * (xlogy(y, y/mean) - (y - mean)) },
		bound: func(y float64) float64 {
			if y == 0 {
				return -1
			}
			return 0
		},
	}
)

// Families lists them.
func Families() []Family { return []Family{Gaussian, Binomial, Poisson} }

// Mean is the inverse link at u with its slope.
func (f Family) Mean(u float64) (value, slope float64) { return f.mean(u) }

// Accepts reports whether the family has such outcomes.
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

func binomialDeviance(y, u, _ float64) float64 {
	saturated := xlogy(y, y) + xlogy(1-y, 1-y)
	return 2 * (saturated - y*u + math.Max(u, 0) + math.Log1p(math.Exp(-math.Abs(u))))
}

// xlogy is x log y, 0 at x = 0.
func xlogy(x, y float64) float64 {
	if x == 0 {
		return 0
	}
	return x * math.Log(y)
}

// Fit is a generalised linear model fitted by pseudo-likelihood.
type Fit struct {
	// Beta are the coefficients on the scale of the link, NaN for those that the
	// rows do not determine: columns that depend on each other, and directions in
	// which the outcomes are separated.
	Beta []float64
	// Solution is one solution, with 0 for aliased columns. Its c'β is right for a c in
	// Space.
	Solution []float64
	// Space is spanned by the rows that are not separated. Its rank counts the
	// coefficients that were fitted.
	Space *RowSpace
	// Separated marks the rows that are fitted exactly in the limit; nil where
	// there are none. See Family.Separated.
	Separated []bool
	// Deviance is Σ w d, d twice the distance of a row's log-likelihood from its
	// largest.
	Deviance   float64
	Iterations int
	// Converged is false where the steps did not converge.
	Converged bool

	family Family
	x      *Sparse
	y, w   []float64
	// predictor, mean and slope are u, μ and V of each row at Solution.
	predictor, mean, slope []float64
	// working are the weights w V of influences, inverse solves with X' diag(w V) X:
	// both from the step that settled the fit.
	working []float64
	inverse *Cholesky
	settled bool
}

const (
	// fitTolerance ends the steps: the largest change of a row's predictor u in the last
	// one, as a share of 1 + |u|. Convergence is quadratic, so the rest is rounding.
	fitTolerance = 1e-10
	// fitRounding is the change that can remain because of rounding, where columns nearly
	// depend on each other.
	fitRounding = 1e-7
	fitSteps    = 50
	// settled is the relative change of the deviance in a settled fit, R's
	// glm.control(epsilon), and the largest relative rise that a step may have.
	settled = 1e-8
	// lag is the most that the step that settles a fit may change a predictor. Influences
	// have the variance function from the beginning of that step, as in R's glm and
	// svyglm, where the difference is negligible.
	lag = 2e-5
)

// Fit solves the weighted score equations Σ w (y − μ) x = 0, μ the inverse
// link of xβ, by iteratively reweighted least squares: the pseudo-likelihood of
// Binder (1983). x has its constant as a column. Rows with w = 0 do not count,
// whatever they hold. start are the first coefficients, with NaN as 0; nil
// for the family's own start. Outcomes must be accepted by the family.
// Weights should have a mean near 1: their scale has a small effect on the
// start. Without rows all coefficients are NaN.
// Where outcomes are separated, the separated rows leave the model, which is then
// the limit of the likelihood: the other rows determine the same as if the separated
// ones had no weight.
// Coefficients equal R stats::glm(control = glm.control(epsilon = 1e-14)).
func (f Family) Fit(x *Sparse, y, w, start []float64) *Fit {
	m := f.fit(x, y, w, start)
	if f.bound == nil || m.overlaps() {
		return m
	}
	separated := f.Separated(x, y, w)
	if separated == nil {
		return m
	}
	rest := append([]float64(nil), w...)
	for i, is := range separated {
		if is {
			rest[i] = 0
		}
	}
	limit := f.fit(x, y, rest, nil)
	limit.Separated = separated
	for i, is := range separated {
		if is {
			limit.mean[i] = y[i]
		}
	}
	return limit
}

func (f Family) fit(x *Sparse, y, w, start []float64) *Fit {
	n := len(w)
	m := &Fit{Beta: make([]float64, x.Columns), Solution: make([]float64, x.Columns), Space: x.RowSpace(w), family: f, x: x, y: y, w: w,
		predictor: make([]float64, n), mean: make([]float64, n), slope: make([]float64, n)}
	for j, b := range start {
		if !math.IsNaN(b) && !m.Space.Aliased[j] {
			m.Solution[j] = b
		}
	}
	if start != nil {
		m.predictor = m.x.Times(m.Solution)
	}
	for i, w := range m.w {
		if start == nil && w != 0 {
			m.predictor[i] = m.family.first(m.y[i], w)
		}
	}
	m.evaluate()
	before := math.Inf(1)
	for ; !m.Converged && m.Iterations < fitSteps; m.Iterations++ {
		deviance := m.Deviance
		change := m.step(m.Iterations == 0 && start == nil)
		m.settled = m.settled || change <= lag && math.Abs(m.Deviance-deviance) < settled*(math.Abs(m.Deviance)+0.1)
		m.Converged = change <= fitTolerance || change <= fitRounding && change > before/2
		before = change
	}
	for j, aliased := range m.Space.Aliased {
		// A column that becomes aliased does so because its rows have reached the edge.
		m.Converged = m.Converged && aliased == m.inverse.Aliased[j]
		if m.Beta[j] = m.Solution[j]; !m.Space.HoldsColumn(j) {
			m.Beta[j] = math.NaN()
		}
	}
	return m
}

// overlaps reports whether the solution itself proves that no direction d
// separates outcomes. Each row with such an outcome has a residual r_i to its side, so that
// g'd = Σ w x'd (y − μ) is at least min w|r| Σ |x_i'd|, the score g being 0 except
// for what the steps have left; and |g'd| ≤ |g| Σ |x_i'd| with |g|² = g'(X'X)⁻¹g.
func (m *Fit) overlaps() bool {
	if !m.Converged {
		return false
	}
	score := make([]float64, len(m.w))
	least, most := math.Inf(1), 0.0
	for i, w := range m.w {
		if w == 0 {
			continue
		}
		score[i] = w * (m.y[i] - m.mean[i])
		most = math.Max(most, math.Abs(w))
		if side := m.family.bound(m.y[i]); side != 0 {
			least = math.Min(least, side*score[i])
		}
	}
	const rounding = 1e-9 // of a weight: smaller residuals prove nothing
	g := m.Space.solver.lower(m.x.Totals(score))
	return math.Sqrt(Dot(g, g)) < least/2 && least > rounding*most
}

// evaluate fills in means, slopes and the deviance.
func (m *Fit) evaluate() {
	m.Deviance = 0
	for i, w := range m.w {
		if w != 0 {
			m.mean[i], m.slope[i] = m.family.mean(m.predictor[i])
			m.Deviance += w * m.family.deviance(m.y[i], m.predictor[i], m.mean[i])
		}
	}
}

// step solves the least squares problem of the working outcomes
// u + (y − μ)/V with weights w V, as a change of β, which keeps the digits of
// columns that nearly depend on each other. It returns by how much it changed a
// predictor u, as the largest share of 1 + |u|.
func (m *Fit) step(first bool) float64 {
	score := make([]float64, len(m.w))
	fitted := m.predictor
	if first {
		fitted = make([]float64, len(m.w))
	}
	working := make([]float64, len(m.w))
	for i, w := range m.w {
		if w != 0 {
			working[i] = w * m.slope[i]
			score[i] = w * (m.slope[i]*(m.predictor[i]-fitted[i]) + m.y[i] - m.mean[i])
		}
	}
	inverse := NewCholesky(m.x.Gram(working))
	if !m.settled {
		m.working, m.inverse = working, inverse
	}
	most := math.MaxFloat64
	if !first {
		most = m.Deviance + settled*(math.Abs(m.Deviance)+0.1)
	}
	change := inverse.Solve(m.x.Totals(score))
	var moved float64
	along, old := m.x.Times(change), m.predictor
	t := 1.0
	for {
		m.predictor = make([]float64, len(fitted))
		AddScaled(m.predictor, 1, fitted)
		AddScaled(m.predictor, t, along)
		if m.evaluate(); m.Deviance <= most || t < smallestPart {
			break
		}
		t /= 2
	}
	AddScaled(m.Solution, t, change)
	for i, u := range m.predictor {
		if m.w[i] == 0 {
			continue
		}
		by := math.Abs(u-old[i]) / (1 + math.Abs(u))
		if math.IsNaN(by) {
			return math.Inf(1)
		}
		moved = math.Max(moved, by)
	}
	return moved
}

// Influence is each row's influence on coefficient j; see InfluenceOn.
func (m *Fit) Influence(j int) []float64 {
	unit := make([]float64, len(m.Solution))
	unit[j] = 1
	return m.InfluenceOn(unit)
}

// InfluenceOn is each row's influence on c'β,
//
//	u_i = w_i (y_i − μ_i) x_i'(X' diag(w V) X)⁻¹ c
//
// whose design variance is the variance of c'β (Binder 1983), for a c in Space. It
// adds to 0 up to lag; rows with w = 0 and separated ones have none. A residual that
// is rounding counts as 0, so that outcomes which are fitted exactly have no
// variance. Equals R survey's svyglm(…, influence = TRUE).
func (m *Fit) InfluenceOn(c []float64) []float64 {
	u := m.x.Times(m.inverse.Solve(c))
	for i, w := range m.w {
		if w == 0 {
			u[i] = 0
			continue
		}
		u[i] *= m.working[i] * m.residual(i) / m.slope[i]
	}
	return u
}

// exactly is the share of a residual's terms that is rounding.
const exactly = 1e-13

// residual is y − μ of a row, 0 where it is rounding.
func (m *Fit) residual(i int) float64 {
	terms := 0.0
	for k := m.x.Start[i]; k < m.x.Start[i+1]; k++ {
		terms += math.Abs(m.x.value(k) * m.Solution[m.x.Index[k]])
	}
	r := m.y[i] - m.mean[i]
	if math.Abs(r) <= exactly*(math.Abs(m.y[i])+math.Abs(m.mean[i])+terms*m.slope[i]) {
		return 0
	}
	return r
}

// Exact reports whether every outcome is fitted up to rounding, which leaves no
// residuals to estimate a standard error from.
func (m *Fit) Exact() bool {
	for i, w := range m.w {
		if w != 0 && m.residual(i) != 0 {
			return false
		}
	}
	return true
}

// Means are the fitted means μ of each row, for a binomial family the
// probabilities, of separated rows their outcomes; 0 in rows with w = 0.
func (m *Fit) Means() []float64 { return m.mean }
