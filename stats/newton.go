package stats

import "math"

// curve is an increasing function of a linear predictor, with its slope: an
// inverse link or a calibration distance.
type curve func(u float64) (value, slope float64)

// equations are Σ w_i (F(x_i'b) − y_i) x_i = T in b: the score equations of a
// generalised linear model with canonical link (T = 0), and the calibration
// equations (y = 0). They are the gradient of a convex function, so that
// Newton's steps lead to the solution where there is one.
type equations struct {
	x *Sparse
	w []float64
	f curve
	// y and target are nil where they are 0.
	y, target []float64
}

// solution is where Newton's method came to rest.
type solution struct {
	b []float64
	// predictor is Xb, fitted F(Xb).
	predictor, fitted []float64
	iterations        int
	// converged is false where the steps did not die away: there is no
	// solution, or it lies at infinity.
	converged bool
	// aliased marks the columns that could not be told apart at the first step.
	aliased []bool
	// inverse solves with X' diag(w F') X at the solution.
	inverse *Cholesky
}

const (
	// newtonSteps is R's limit for calibrate, twice glm's.
	newtonSteps = 50
	// newtonTolerance ends the steps: convergence is quadratic, so what is left
	// after a step of 1e-8 is beyond double precision.
	newtonTolerance = 1e-8
	// overshoot is how far the slope along a step may have turned round, as a
	// share of what it was, before the step is halved.
	overshoot = 0.25
	// smallestPart of a step is about what a first step can be too long by.
	smallestPart = 1e-12
)

// solve takes Newton's steps from start, nil for 0.
func (e equations) solve(start []float64) solution {
	s := solution{b: make([]float64, e.x.Columns)}
	copy(s.b, start)
	s.predictor = e.x.Times(s.b)
	for {
		slope := e.evaluate(&s)
		s.inverse = NewCholesky(e.x.Gram(slope))
		if s.aliased == nil {
			s.aliased = s.inverse.Aliased
		}
		if s.converged || s.iterations == newtonSteps {
			return s
		}
		step := s.inverse.Solve(e.misfit(s.fitted))
		s.iterations++
		if !e.advance(&s, step) {
			return s
		}
	}
}

// evaluate fills in the fitted values and returns w F'.
func (e equations) evaluate(s *solution) []float64 {
	slope := make([]float64, len(e.w))
	s.fitted = make([]float64, len(e.w))
	for i, w := range e.w {
		if w != 0 {
			s.fitted[i], slope[i] = e.f(s.predictor[i])
			slope[i] *= w
		}
	}
	return slope
}

// misfit is T − Σ w (F − y) x.
func (e equations) misfit(fitted []float64) []float64 {
	r := make([]float64, len(e.w))
	for i, w := range e.w {
		if w != 0 {
			r[i] = -w * (fitted[i] - e.outcome(i))
		}
	}
	total := e.x.Totals(r)
	if e.target != nil {
		AddScaled(total, 1, e.target)
	}
	return total
}

func (e equations) outcome(i int) float64 {
	if e.y == nil {
		return 0
	}
	return e.y[i]
}

// advance goes along the step, halved until the slope along it has not turned
// round by much; the last step is too small to be judged by that. It is false
// where no part of the step will do.
func (e equations) advance(s *solution, step []float64) bool {
	along := e.x.Times(step)
	s.converged = e.small(along, s.predictor)
	before := e.slope(s.predictor, along, 0, step)
	t := 1.0
	for !s.converged && !(e.slope(s.predictor, along, t, step) >= -overshoot*before) {
		if t /= 2; t < smallestPart {
			return false
		}
	}
	AddScaled(s.b, t, step)
	AddScaled(s.predictor, t, along)
	return true
}

// slope is step'(T − Σ w (F − y) x) at a fraction t of the step.
func (e equations) slope(predictor, along []float64, t float64, step []float64) float64 {
	var sum float64
	if e.target != nil {
		sum = Dot(step, e.target)
	}
	for i, w := range e.w {
		if w != 0 && along[i] != 0 {
			f, _ := e.f(predictor[i] + t*along[i])
			sum -= w * (f - e.outcome(i)) * along[i]
		}
	}
	return sum
}

// small reports whether a whole step moved no row by much.
func (e equations) small(along, predictor []float64) bool {
	for i, a := range along {
		if e.w[i] != 0 && !(math.Abs(a) <= newtonTolerance*(1+math.Abs(predictor[i]))) {
			return false
		}
	}
	return true
}
