package stats

import (
	"fmt"
	"math"
)

// DistanceKind names a distance function.
type DistanceKind string

// The distances (Deville & Särndal 1992, table 1). In F, u is the linear
// predictor of calibration.
const (
	DistanceLinear DistanceKind = "linear" // F = 1 + u
	DistanceRaking DistanceKind = "raking" // F = exp(u)
	DistanceLogit  DistanceKind = "logit"  // F runs from Lower to Upper as a logistic curve
)

// Distance says how calibrated weights stay close to the original ones.
type Distance struct {
	Kind DistanceKind
	// Lower and Upper bound g, the calibrated over the original weight: Lower < 1 <
	// Upper. Both 0 mean no bounds; DistanceLogit needs them.
	Lower, Upper float64
	// Ridge lets totals be missed where meeting them would distort the weights: the
	// penalty λ_j of each column's coefficient, nil or 0 for totals to be met.
	Ridge []float64
}

// Calibration is a set of weights that reproduce known totals.
type Calibration struct {
	// G is the calibrated over the old weight of each row, 1 where that is 0.
	G []float64
	// Iterations are Newton's steps, or sweeps over the margins.
	Iterations int
}

// MisfitError means that no weights were found that reproduce the totals. It has the
// total with the largest misfit and the value that was reached.
type MisfitError struct {
	Column          int
	Target, Reached float64
	Iterations      int
}

// Error names the total by its number.
func (e *MisfitError) Error() string {
	return fmt.Sprintf("after %d iterations the total of column %d is %g, not %g", e.Iterations, e.Column+1, e.Reached, e.Target)
}

// calibrationTolerance is the allowed misfit of a total, relative to
// the larger of the target and the sum of |wx|. Newton's last step leaves about
// 1e-15; R stops at 1e-7.
const calibrationTolerance = 1e-9

// Calibrate finds the weights g d that reproduce the totals T of the columns of
// x and are as close to d as the distance allows:
//
//	g_i = F(x_i'η),   Σ g_i d_i x_i = T
//
// by Newton's method, or with a ridge T − λ_j η_j in place of T: totals are then
// between the sample's and the population's. Columns may depend on each other where
// their totals agree. A *MisfitError where no such weights exist or are found;
// another error for impossible bounds. g can be negative by DistanceLinear without bounds.
// Source: Deville & Särndal 1992, section 2; the ridge: Bardsley & Chambers 1984,
// Rao & Singh 1997. Equals R survey::calibrate with bounds on g.
func Calibrate(d []float64, x *Sparse, totals []float64, distance Distance) (Calibration, error) {
	f, err := distance.curve()
	if err != nil {
		return Calibration{}, err
	}
	e := equations{x: x, w: d, f: f, target: totals, ridge: distance.Ridge}
	s := e.solve()
	if misfit := misfitOf(x, d, s, e.yielding(s.b)); misfit != nil {
		return Calibration{}, misfit
	}
	for i, w := range d {
		if w == 0 {
			s.fitted[i] = 1
		}
	}
	return Calibration{G: s.fitted, Iterations: s.iterations}, nil
}

// misfitOf finds the total with the largest misfit, nil where all are met.
func misfitOf(x *Sparse, d []float64, s solution, totals []float64) error {
	var found *MisfitError
	w := make([]float64, len(d))
	for i := range w {
		w[i] = d[i] * s.fitted[i]
	}
	size := make([]float64, x.Columns) // Σ|wx| of each column
	for i, wi := range w {
		for k := x.Start[i]; k < x.Start[i+1] && wi != 0; k++ {
			size[x.Index[k]] += math.Abs(wi * x.value(k))
		}
	}
	worst := calibrationTolerance
	for j, reached := range x.Totals(w) {
		misfit := math.Abs(reached-totals[j]) / math.Max(math.Abs(totals[j]), size[j])
		if misfit > worst || math.IsNaN(reached) {
			worst = misfit
			found = &MisfitError{Column: j, Target: totals[j], Reached: reached, Iterations: s.iterations}
		}
	}
	if found == nil {
		return nil
	}
	return found
}

// curve is F with its slope; bounds clamp the first two distances.
func (d Distance) curve() (curve, error) {
	bounded := d.Lower != 0 || d.Upper != 0
	if bounded && !(d.Lower < 1 && d.Upper > 1 && finite(d.Lower)) {
		return nil, fmt.Errorf("the bounds %g and %g are not on both sides of 1", d.Lower, d.Upper)
	}
	switch d.Kind {
	case DistanceLinear:
		return d.clamped(bounded, func(u float64) (float64, float64) { return 1 + u, 1 }), nil
	case DistanceRaking:
		return d.clamped(bounded, exponential), nil
	case DistanceLogit:
		if !bounded || !finite(d.Upper) {
			return nil, fmt.Errorf("the logit distance needs two bounds, one on each side of 1")
		}
		// Deville & Särndal's case 6, written as a logistic curve that goes through F = 1 with
		// slope 1 at u = 0.
		width, below, above := d.Upper-d.Lower, 1-d.Lower, d.Upper-1
		speed, shift := width/(above*below), math.Log(above/below)
		return func(u float64) (float64, float64) {
			p, slope := logistic(speed*u - shift)
			return d.Lower + width*p, speed * width * slope
		}, nil
	}
	return nil, fmt.Errorf("the distance %q is not known: use linear, raking or logit", d.Kind)
}

// flat is the slope that steps assume beyond a bound, where it is 0: with 0, a column
// whose rows have all reached their bounds could never return. It changes the steps,
// not the solution.
const flat = 1e-3

func (d Distance) clamped(bounded bool, f curve) curve {
	if !bounded {
		return f
	}
	return func(u float64) (float64, float64) {
		g, slope := f(u)
		switch {
		case g <= d.Lower:
			return d.Lower, flat
		case g >= d.Upper:
			return d.Upper, flat
		}
		return g, slope
	}
}

// Residualizer removes from row influences what calibration has fixed.
type Residualizer struct {
	x       *Sparse
	d, w    []float64
	inverse *Cholesky
}

// NewResidualizer prepares the residuals of weights w that were calibrated from
// d on the columns of x, with the ridge that was used, if any.
func NewResidualizer(x *Sparse, d, w, ridge []float64) *Residualizer {
	old := make([]float64, len(d))
	for i := range old {
		if w[i] != 0 {
			old[i] = d[i]
		}
	}
	return &Residualizer{x: x, d: old, w: w, inverse: NewCholesky(x.Gram(old).addDiagonal(ridge))}
}

// Apply replaces influences u by w times the residuals of u/w under the
// regression on x with weights d:
//
//	u_i ← u_i − w_i x_i'(X'dX)⁻¹ Σ_k (d_k/w_k) u_k x_k
//
// which gives 0 for the columns of x themselves. Rows with w = 0 keep theirs.
// Source: Deville & Särndal 1992, section 3. Equals the variance of R survey's
// calibrated designs. It returns the coefficients of the regression: what one
// more unit of each total adds to the estimate.
func (r *Residualizer) Apply(u []float64) []float64 {
	t := make([]float64, len(u))
	for i, w := range r.w {
		if w != 0 {
			t[i] = u[i] * r.d[i] / w
		}
	}
	b := r.inverse.Solve(r.x.Totals(t))
	fitted := r.x.Times(b)
	for i, w := range r.w {
		u[i] -= w * fitted[i]
	}
	return b
}

// curve is an increasing function of a linear predictor, with its slope: a
// calibration distance or an inverse link.
type curve func(u float64) (value, slope float64)

// equations are those of calibration, Σ w_i F(x_i'b) x_i = T − λb in b. They are the
// gradient of a convex function, so that Newton's steps lead to the solution
// where there is one.
type equations struct {
	x      *Sparse
	w      []float64
	f      curve
	target []float64
	ridge  []float64 // λ of each column, nil for 0
}

// yielding are the totals that b must reach: the targets less λb.
func (e equations) yielding(b []float64) []float64 {
	total := append([]float64(nil), e.target...)
	for j, penalty := range e.ridge {
		total[j] -= penalty * b[j]
	}
	return total
}

// solution is the result of Newton's method.
type solution struct {
	// b are the coefficients, predictor is Xb, fitted F(Xb).
	b, predictor, fitted []float64
	iterations           int
}

const (
	// newtonSteps is R's limit for calibrate.
	newtonSteps = 50
	// newtonTolerance ends the steps: convergence is quadratic, so the error after a
	// step of 1e-8 is below double precision.
	newtonTolerance = 1e-8
	// overshoot is how far the slope along a step may reverse, relative to its value
	// before, until the step is halved.
	overshoot = 0.25
	// smallestPart is the smallest fraction of a step that is tried.
	smallestPart = 1e-12
)

// solve takes Newton's steps from 0 until they are small, at most newtonSteps.
func (e equations) solve() solution {
	s := solution{b: make([]float64, e.x.Columns), predictor: make([]float64, len(e.w))}
	for last := false; ; {
		slope := make([]float64, len(e.w))
		s.fitted = make([]float64, len(e.w))
		for i, w := range e.w {
			if w != 0 {
				s.fitted[i], slope[i] = e.f(s.predictor[i])
				slope[i] *= w
			}
		}
		if last || s.iterations == newtonSteps {
			return s
		}
		s.iterations++
		w := make([]float64, len(e.w))
		for i := range w {
			w[i] = -e.w[i] * s.fitted[i]
		}
		total := e.x.Totals(w)
		AddScaled(total, 1, e.yielding(s.b))
		step := NewCholesky(e.x.Gram(slope).addDiagonal(e.ridge)).Solve(total)
		var stuck bool
		if last, stuck = e.advance(&s, step); stuck {
			return s
		}
	}
}

// advance takes the step, halved until the slope along it has not reversed by much;
// the last step is too small for that check. stuck is true where no part of the step
// passes.
func (e equations) advance(s *solution, step []float64) (last, stuck bool) {
	along := e.x.Times(step)
	last = e.small(along, s.predictor)
	before := e.slope(*s, along, 0, step)
	t := 1.0
	for !last && !(e.slope(*s, along, t, step) >= -overshoot*before) {
		if t /= 2; t < smallestPart {
			return false, true
		}
	}
	AddScaled(s.predictor, t, along)
	AddScaled(s.b, t, step)
	return last, false
}

// slope is step'(T − λb − Σ w F x) at a fraction t of the step.
func (e equations) slope(s solution, along []float64, t float64, step []float64) float64 {
	sum := Dot(step, e.yielding(s.b))
	for j, penalty := range e.ridge {
		sum -= t * penalty * step[j] * step[j]
	}
	for i, w := range e.w {
		if w != 0 && along[i] != 0 {
			f, _ := e.f(s.predictor[i] + t*along[i])
			sum -= w * f * along[i]
		}
	}
	return sum
}

// small reports whether a whole step moves every row by little.
func (e equations) small(along, predictor []float64) bool {
	for i, a := range along {
		if e.w[i] != 0 && !(math.Abs(a) <= newtonTolerance*(1+math.Abs(predictor[i]))) {
			return false
		}
	}
	return true
}

// Margin is a classification of the rows with the target total of each category.
type Margin struct {
	// Category is each row's category, -1 for rows that do not count.
	Category []int32
	// Totals are the target sums of the categories' weights, zero or more.
	Totals []float64
}

const (
	// rakeTolerance is the allowed relative misfit of a category's total.
	rakeTolerance = 1e-10
	rakeSweeps    = 10000
	// stallSweeps without a noticeable gain mean that the margins contradict each other.
	stallSweeps = 100
)

// Rake multiplies the weights d, margin by margin and repeatedly, until every category
// has its total: iterative proportional fitting. One margin is
// post-stratification, and done after one sweep. The answer is that of
// Calibrate with DistanceRaking on the categories' indicators; here a total of 0
// gives weights of 0. A *MisfitError, its columns counted through the margins,
// where the totals are not met: a category is without a row of nonzero weight,
// or the margins contradict each other.
// Source: Deming & Stephan 1940; Deville, Särndal & Sautory 1993. Equals R
// survey::rake and postStratify run to the end.
func Rake(d []float64, margins []Margin) (Calibration, error) {
	w := append([]float64(nil), d...)
	before := math.Inf(1)
	for sweep := 1; ; sweep++ {
		worst, miss := rakeSweep(w, margins)
		if worst <= rakeTolerance || len(margins) == 1 && !math.IsInf(worst, 1) {
			g := make([]float64, len(w))
			for i := range g {
				g[i] = 1
				if d[i] != 0 {
					g[i] = w[i] / d[i]
				}
			}
			return Calibration{G: g, Iterations: sweep}, nil
		}
		stalled := false
		if sweep%stallSweeps == 0 {
			stalled = worst > 0.99*before
			before = worst
		}
		if math.IsInf(worst, 1) || stalled || sweep == rakeSweeps {
			miss.Iterations = sweep
			return Calibration{}, &miss
		}
	}
}

// rakeSweep fits each margin once and finds the worst misfit on the way.
func rakeSweep(w []float64, margins []Margin) (worst float64, miss MisfitError) {
	first := 0
	for _, m := range margins {
		factor := make([]float64, len(m.Totals))
		for i, k := range m.Category {
			if k >= 0 {
				factor[k] += w[i]
			}
		}
		for k, sum := range factor {
			target := m.Totals[k]
			if misfit := relativeMisfit(sum, target); misfit > worst {
				worst = misfit
				miss = MisfitError{Column: first + k, Target: target, Reached: sum}
			}
			factor[k] = 1
			if sum > 0 {
				factor[k] = target / sum
			}
		}
		first += len(m.Totals)
		for i, k := range m.Category {
			if k >= 0 {
				w[i] *= factor[k]
			}
		}
	}
	return worst, miss
}

// relativeMisfit is infinite where there is no weight to multiply.
func relativeMisfit(sum, target float64) float64 {
	switch {
	case sum == target:
		return 0
	case target == 0:
		return 1
	case sum == 0:
		return math.Inf(1)
	}
	return math.Abs(sum-target) / target
}
