package mixture

import (
	"context"
	"math"
)

// climber runs accelerated expectation–maximisation from one start.
type climber struct {
	data *data
	at   *parameters
	sums *sums
	// value is the pseudo log-likelihood before the last step.
	value float64
	// moved is how far the first step of the last cycle went: the largest change
	// of a probability.
	moved float64
}

func (d *data) climb(p *parameters) *climber {
	return &climber{data: d, at: p, sums: d.newSums(p.classes), value: math.Inf(-1)}
}

// em makes one step and returns the log-likelihood that it started from.
func (c *climber) em() float64 {
	v := c.data.expect(c.at, c.sums)
	c.data.maximise(c.at, c.sums)
	return v
}

// cycle makes two steps, leaps along their direction (squared extrapolation,
// SQUAREM scheme S3) and makes a third from there; a leap that lands lower than
// where the second step began is taken back. It returns the gain since the
// cycle before.
func (c *climber) cycle() float64 {
	before := c.at.clone()
	start := c.at.vector(nil)
	c.em()
	c.moved = c.at.distance(before)
	first := c.at.vector(nil)
	reached := c.em()
	second := c.at.vector(nil)
	safe := c.at.clone()
	c.at.unpack(leap(start, first, second))
	landed := c.em()
	if !(landed >= reached) {
		c.at, landed = safe, reached
	}
	gain := landed - c.value
	c.value = landed
	return gain
}

// leap is θ0 − 2ar + a²v with r = θ1 − θ0, v = θ2 − 2θ1 + θ0 and a = −|r|/|v|.
func leap(start, first, second []float64) []float64 {
	var r2, v2 float64
	for i := range start {
		r := first[i] - start[i]
		v := second[i] - first[i] - r
		r2 += r * r
		v2 += v * v
	}
	a := -1.0
	if v2 > 0 {
		a = math.Min(-math.Sqrt(r2/v2), -1)
	}
	out := make([]float64, len(start))
	for i := range start {
		r := first[i] - start[i]
		v := second[i] - first[i] - r
		out[i] = start[i] - 2*a*r + a*a*v
	}
	return out
}

// aim says when a climb is at its top: a cycle gains less than gain·(1+|ln L|)
// and a step moves no probability by more than move.
type aim struct{ gain, move float64 }

var (
	// rough is enough to tell which start leads highest, fine to print a model;
	// exact is where rounding begins: replicates are compared there.
	rough = aim{gain: 1e-9, move: 1}
	fine  = aim{gain: 1e-11, move: 1e-4}
	exact = aim{gain: 1e-12, move: 1e-8}
)

// run climbs until the aim is met or the cycles are used up; it reports whether
// the first happened.
func (c *climber) run(ctx context.Context, cycles int, a aim) bool {
	for range cycles {
		if ctx.Err() != nil {
			return false
		}
		gain := c.cycle()
		if math.Abs(gain) < a.gain*(1+math.Abs(c.value)) && c.moved < a.move {
			return true
		}
	}
	return false
}
