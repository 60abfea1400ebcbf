package stats

import "math"

// Family is a distribution with its canonical link, for generalised linear models.
type Family struct {
	Name string
	// Outcomes says in words which outcomes the family is for.
	Outcomes string

	accepts func(y float64) bool
	// mean is the inverse link and its slope, which is the variance function.
	mean curve
	// first is the predictor to begin from, by the outcome and its weight.
	first func(y, w float64) float64
	// deviance is that of one row, from its predictor and mean.
	deviance func(y, u, mean float64) float64
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
	}
	// Poisson has the log link: E y = exp(xβ).
	Poisson = Family{
		Name: "poisson", Outcomes: "counts of 0 or more",
		accepts:  func(y float64) bool { return y >= 0 && finite(y) },
		mean:     exponential,
		first:    func(y, _ float64) float64 { return math.Log(y + 0.1) },
		deviance: func(y, _, mean float64) float64 { return 2 * (xlogy(y, y/mean) - (y - mean)) },
	}
)

// Families lists them.
func Families() []Family { return []Family{Gaussian, Binomial, Poisson} }

// Mean is the inverse link at u with its slope.
func (f Family) Mean(u float64) (value, slope float64) { return f.mean(u) }

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
	// Beta are the coefficients on the scale of the link, NaN for columns that
	// the ones before them already span.
	Beta []float64
	// Rank counts the coefficients that exist.
	Rank int
	// Deviance is Σ w d, d twice the distance of a row's log-likelihood from its
	// largest.
	Deviance   float64
	Iterations int
	// Converged is false where there is no finite solution: a column, or several
	// together, separate the outcomes (Albert & Anderson 1984).
	Converged bool

	family Family
	x      *Sparse
	y, w   []float64
	// predictor, mean and slope are u, μ and V of each row at Beta.
	predictor, mean, slope []float64
	// working are the weights w V of the last step, inverse solves with X' diag(w V) X.
	working []float64
	inverse *Cholesky
}

const (
	// fitTolerance is R's glm.control(epsilon): what the deviance still changes by,
	// relative to itself. Coefficients are then good to about 1e-8.
	fitTolerance = 1e-8
	fitSteps     = 50
	// farStep is a change of a row's predictor after which one more step is taken
	// even if the deviance has settled, as it would not by glm: the variance
	// function in the influences would be a thousandth behind. Where outcomes are
	// separated every step adds about 1 to some rows, and there is no end.
	farStep = 1e-3
)

// Fit solves the weighted score equations Σ w (y − μ) x = 0, μ the inverse
// link of xβ, by iteratively reweighted least squares: the pseudo-likelihood of
// Binder (1983). x has its constant as a column. Rows with w = 0 do not count,
// whatever they hold. start are coefficients to begin from, NaN ones count as 0;
// nil for the family's own beginning. Outcomes must be accepted by the family.
// Weights should have a mean near 1: their scale decides, if little, where the
// steps begin and end. Without rows all coefficients are NaN.
// Steps and end are those of R's glm, so that the coefficients and influences of
// R survey::svyglm are met beyond glm's tolerance.
func (f Family) Fit(x *Sparse, y, w, start []float64) *Fit {
	n := len(w)
	m := &Fit{Beta: make([]float64, x.Columns), family: f, x: x, y: y, w: w,
		predictor: make([]float64, n), mean: make([]float64, n), slope: make([]float64, n), working: make([]float64, n)}
	m.begin(start)
	var aliased []bool
	for ; !m.Converged && m.Iterations < fitSteps; m.Iterations++ {
		before := m.Deviance
		far := m.step(m.Iterations == 0 && start == nil)
		if aliased == nil {
			aliased = m.inverse.Aliased
		}
		m.Converged = !far && math.Abs(m.Deviance-before) < settled(m.Deviance)
	}
	m.Rank = m.inverse.Rank()
	for j, is := range aliased {
		if is {
			m.Beta[j] = math.NaN()
		}
		// A column that fades on the way does so because its rows have run to the edge.
		m.Converged = m.Converged && is == m.inverse.Aliased[j]
	}
	return m
}

// settled is the change of a deviance that ends the steps.
func settled(deviance float64) float64 { return fitTolerance * (math.Abs(deviance) + 0.1) }

// begin sets the first predictors.
func (m *Fit) begin(start []float64) {
	for j, b := range start {
		if !math.IsNaN(b) {
			m.Beta[j] = b
		}
	}
	if start != nil {
		m.predictor = m.x.Times(m.Beta)
	}
	for i, w := range m.w {
		if start == nil && w != 0 {
			m.predictor[i] = m.family.first(m.y[i], w)
		}
	}
	m.evaluate()
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
// columns that nearly depend on each other.
func (m *Fit) step(first bool) (far bool) {
	score := make([]float64, len(m.w))
	fitted := m.predictor
	if first {
		fitted = make([]float64, len(m.w))
	}
	for i, w := range m.w {
		if w != 0 {
			m.working[i] = w * m.slope[i]
			score[i] = w * (m.slope[i]*(m.predictor[i]-fitted[i]) + m.y[i] - m.mean[i])
		}
	}
	m.inverse = NewCholesky(m.x.Gram(m.working))
	most := math.MaxFloat64
	if !first {
		most = m.Deviance + settled(m.Deviance)
	}
	return m.advance(m.inverse.Solve(m.x.Totals(score)), fitted, most)
}

// advance goes along the change, halved until the deviance is no more than it
// may be. It reports whether a row moved far.
func (m *Fit) advance(change, from []float64, most float64) (far bool) {
	along, old := m.x.Times(change), m.predictor
	t := 1.0
	for {
		m.predictor = make([]float64, len(from))
		AddScaled(m.predictor, 1, from)
		AddScaled(m.predictor, t, along)
		if m.evaluate(); m.Deviance <= most || t < smallestPart {
			break
		}
		t /= 2
	}
	AddScaled(m.Beta, t, change)
	for i, u := range m.predictor {
		if m.w[i] != 0 && !(math.Abs(u-old[i]) <= farStep+1e-6*math.Abs(u)) {
			return true
		}
	}
	return false
}

// Influence is each row's influence on coefficient j,
//
//	u_i = w_i (y_i − μ_i) x_i'(X' diag(w V) X)⁻¹ e_j
//
// whose design variance is the coefficient's (Binder 1983). It adds to 0 but for
// the tolerance of the fit; rows with w = 0 have none. The V are those of the
// last step's beginning, as in R's glm. Equals the columns of R survey's
// svyglm(…, influence = TRUE).
func (m *Fit) Influence(j int) []float64 {
	unit := make([]float64, len(m.Beta))
	unit[j] = 1
	u := m.x.Times(m.inverse.Solve(unit))
	for i, w := range m.w {
		if w == 0 {
			u[i] = 0
			continue
		}
		u[i] *= m.working[i] * (m.y[i] - m.mean[i]) / m.slope[i]
	}
	return u
}

// Means are the fitted means μ of each row, for a binomial family the
// probabilities; 0 in rows with w = 0.
func (m *Fit) Means() []float64 { return m.mean }
