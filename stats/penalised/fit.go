package penalised

import "math"

const (
	// optimal is how far, for a column of variance 1, the slope of the objective
	// may be from what an optimum asks; slopes are at most 1.
	optimal = 1e-10
	// nearly is enough where the objective cannot fall by as much as a float64 tells.
	nearly = 1e-6
	// mostSteps bounds the Newton steps for a penalty; few need ten.
	mostSteps = 200
	// mostSweeps bounds the rounds of coordinate descent within one.
	mostSweeps = 1000
)

// fit goes from the coefficients at hand to the optimum under a penalty. The
// curvature is kept from step to step, and from one penalty to the next, as long
// as every step halves the distance: it costs far more than a slope.
func (f *fitter) fit(lambda float64) bool {
	f.evaluate(f.beta)
	distance, fresh := math.Inf(1), false
	for range mostSteps {
		g := f.gradient()
		now := f.violation(g, lambda)
		if now <= optimal {
			return true
		}
		if fresh = f.curvature == nil || now > distance/2; fresh {
			f.bend()
		}
		distance = now
		if !f.advance(f.descend(g, lambda), g, lambda) {
			if fresh {
				return now <= nearly
			}
			distance = 0
		}
	}
	return false
}

// violation is the largest distance from the conditions of an optimum (Karush,
// Kuhn and Tucker), in units of standardised columns.
func (f *fitter) violation(g []float64, lambda float64) float64 {
	worst := math.Abs(g[0])
	for j := 1; j < len(g); j++ {
		if s := f.scale[j]; s > 0 {
			worst = math.Max(worst, f.apart(g[j]/s, s*f.beta[j], lambda))
		}
	}
	return worst
}

// apart is the distance for one standardised coefficient b with slope g.
func (f *fitter) apart(g, b, lambda float64) float64 {
	if b == 0 {
		return math.Max(0, math.Abs(g)-lambda*f.mix)
	}
	return math.Abs(g + lambda*(math.Copysign(f.mix, b)+(1-f.mix)*b))
}

// descend minimises the quadratic model of the objective, the constant
// eliminated from it, by coordinate descent; it returns the coefficients there.
func (f *fitter) descend(g []float64, lambda float64) []float64 {
	p := len(g)
	h := f.curvature
	level := h.At(0, 0)
	beta := append([]float64{}, f.beta...)
	// slope is that of the model at beta.
	slope := make([]float64, p)
	for j := 1; j < p; j++ {
		slope[j] = g[j] - h.At(0, j)*g[0]/level
	}
	for range mostSweeps {
		var moved float64
		for j := 1; j < p; j++ {
			own := h.At(j, j) - h.At(0, j)*h.At(0, j)/level
			s := f.scale[j]
			if s == 0 || own <= varies*h.At(j, j) {
				continue
			}
			b := soft(own*beta[j]-slope[j], lambda*f.mix*s) / (own + lambda*(1-f.mix)*s*s)
			change := b - beta[j]
			if change == 0 {
				continue
			}
			beta[j] = b
			for k := 1; k < p; k++ {
				slope[k] += change * (h.At(j, k) - h.At(0, j)*h.At(0, k)/level)
			}
			moved = math.Max(moved, own*math.Abs(change)/s)
		}
		if moved <= optimal/10 {
			break
		}
	}
	change := g[0]
	for j := 1; j < p; j++ {
		change += h.At(0, j) * (beta[j] - f.beta[j])
	}
	beta[0] -= change / level
	return beta
}

// soft draws x towards zero by as much as by.
func soft(x, by float64) float64 {
	return math.Copysign(math.Max(0, math.Abs(x)-by), x)
}

// advance goes to new coefficients, or as much of the way as lowers the
// objective by a part of what its slope promises; it reports whether it moved.
func (f *fitter) advance(to, g []float64, lambda float64) bool {
	from := append([]float64{}, f.beta...)
	before := f.loss + f.penalty(from, lambda)
	promised := f.penalty(to, lambda) - f.penalty(from, lambda)
	for j := range g {
		promised += g[j] * (to[j] - from[j])
	}
	const part, least, rounding = 1e-4, 1e-6, 1e-15
	next := make([]float64, len(from))
	for t := 1.0; t > least; t /= 2 {
		for j := range next {
			next[j] = from[j] + t*(to[j]-from[j])
		}
		f.evaluate(next)
		if f.loss+f.penalty(next, lambda) <= before+part*t*promised+rounding*math.Abs(before) {
			return true
		}
	}
	f.evaluate(from)
	return false
}
