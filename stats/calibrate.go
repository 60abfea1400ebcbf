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

// Distance says how calibrated weights keep close to the weights before.
type Distance struct {
	Kind DistanceKind
	// Lower and Upper bound g, the calibrated over the old weight: Lower < 1 <
	// Upper. Both 0 mean no bounds, which only DistanceLogit cannot do without.
	Lower, Upper float64
	// Ridge lets totals give way where meeting them would bend the weights: the
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

// MisfitError says that no weights were found that reproduce the totals: the
// total that is the worst off, with what it came to.
type MisfitError struct {
	Column          int
	Target, Reached float64
	Iterations      int
}

// Error names the total by its number.
func (e *MisfitError) Error() string {
	return fmt.Sprintf("after %d iterations the total of column %d is %g, not %g", e.Iterations, e.Column+1, e.Reached, e.Target)
}

// calibrationTolerance is how far a total may be from its target, relative to
// the larger of the target and the sum of |wx|. Newton's last step leaves about
// 1e-15; R stops at 1e-7.
const calibrationTolerance = 1e-9

// Calibrate finds the weights g d that reproduce the totals T of the columns of
// x and are as close to d as the distance allows:
//
//	g_i = F(x_i'η),   Σ g_i d_i x_i = T
//
// by Newton's method, or with a ridge T − λ_j η_j in place of T: totals then come
// out between the sample's and the population's. Columns may depend on each other where their totals agree.
// A *MisfitError where no such weights exist or are found; another error for
// bounds that are none. g can be negative by DistanceLinear without bounds.
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

// misfitOf finds the total that is worst off, nil where all are met.
func misfitOf(x *Sparse, d []float64, s solution, totals []float64) error {
	var found *MisfitError
	w := make([]float64, len(d))
	for i := range w {
		w[i] = d[i] * s.fitted[i]
	}
	size := x.sizes(w)
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
		return nil, fmt.Errorf("the bounds %g and %g do not lie around 1", d.Lower, d.Upper)
	}
	switch d.Kind {
	case DistanceLinear:
		return d.clamped(bounded, func(u float64) (float64, float64) { return 1 + u, 1 }), nil
	case DistanceRaking:
		return d.clamped(bounded, exponential), nil
	case DistanceLogit:
		if !bounded || !finite(d.Upper) {
			return nil, fmt.Errorf("the logit distance needs two bounds around 1")
		}
		return d.logit(), nil
	}
	return nil, fmt.Errorf("the distance %q is not known", d.Kind)
}

// flat is the slope that steps assume beyond a bound, where it is 0: were it 0
// there too, a column whose rows have all run into their bounds would never
// come back. It bends the way, not the solution.
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

// logit is Deville & Särndal's case 6, written as a logistic curve that goes
// through F = 1 with slope 1 at u = 0.
func (d Distance) logit() curve {
	width, below, above := d.Upper-d.Lower, 1-d.Lower, d.Upper-1
	speed, shift := width/(above*below), math.Log(above/below)
	return func(u float64) (float64, float64) {
		p, slope := logistic(speed*u - shift)
		return d.Lower + width*p, speed * width * slope
	}
}

// sizes are Σ|wx| of each column.
func (x *Sparse) sizes(w []float64) []float64 {
	size := make([]float64, x.Columns)
	for i, wi := range w {
		for k := x.Start[i]; k < x.Start[i+1] && wi != 0; k++ {
			size[x.Index[k]] += math.Abs(wi * x.value(k))
		}
	}
	return size
}

// Residualizer takes out of row influences what calibration has fixed.
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
// unit more of each total would add to the estimate.
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
