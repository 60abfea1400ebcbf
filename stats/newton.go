package stats

import "math"

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

// yielding are the totals that b is to reach: less than the targets by λb.
func (e equations) yielding(b []float64) []float64 {
	total := append([]float64(nil), e.target...)
	for j, penalty := range e.ridge {
		total[j] -= penalty * b[j]
	}
	return total
}

// solution is where Newton's method came to rest.
type solution struct {
	// b are the coefficients, predictor is Xb, fitted F(Xb).
	b, predictor, fitted []float64
	iterations           int
}

const (
	// newtonSteps is R's limit for calibrate.
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

// solve takes Newton's steps from 0 until they die away, or as many as there may be.
func (e equations) solve() solution {
	s := solution{b: make([]float64, e.x.Columns), predictor: make([]float64, len(e.w))}
	for last := false; ; {
		slope := e.evaluate(&s)
		if last || s.iterations == newtonSteps {
			return s
		}
		s.iterations++
		step := NewCholesky(e.x.Gram(slope).addDiagonal(e.ridge)).Solve(e.misfit(s))
		var stuck bool
		if last, stuck = e.advance(&s, step); stuck {
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

// misfit is T − λb − Σ w F x.
func (e equations) misfit(s solution) []float64 {
	w := make([]float64, len(e.w))
	for i := range w {
		w[i] = -e.w[i] * s.fitted[i]
	}
	total := e.x.Totals(w)
	AddScaled(total, 1, e.yielding(s.b))
	return total
}

// advance goes along the step, halved until the slope along it has not turned
// round by much; the last step is too small to be judged by that. stuck is true
// where no part of the step will do.
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

// small reports whether a whole step moved no row by much.
func (e equations) small(along, predictor []float64) bool {
	for i, a := range along {
		if e.w[i] != 0 && !(math.Abs(a) <= newtonTolerance*(1+math.Abs(predictor[i]))) {
			return false
		}
	}
	return true
}
