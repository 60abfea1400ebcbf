package estimate

import (
	"math"

	"surveykit/survey/engine"
)

// dual is a number with its slope by each argument, so that a formula yields
// its gradient along with its value (forward differentiation).
type dual struct {
	value float64
	// slope is nil for a constant, and throughout where only values are wanted.
	slope []float64
}

// smooth makes a function of totals out of a formula: the gradient is derived.
func smooth(formula func(t []dual) dual) engine.Function {
	return engine.Function{
		Value: func(t []float64) float64 {
			at := make([]dual, len(t))
			for i, x := range t {
				at[i].value = x
			}
			return formula(at).value
		},
		Gradient: func(t []float64) []float64 {
			at := make([]dual, len(t))
			for i, x := range t {
				at[i] = dual{x, make([]float64, len(t))}
				at[i].slope[i] = 1
			}
			slope := make([]float64, len(t))
			copy(slope, formula(at).slope)
			return slope
		},
	}
}

func constant(x float64) dual { return dual{value: x} }

func (a dual) plus(b dual) dual  { return join(a.value+b.value, a, 1, b, 1) }
func (a dual) minus(b dual) dual { return join(a.value-b.value, a, 1, b, -1) }
func (a dual) times(b dual) dual { return join(a.value*b.value, a, b.value, b, a.value) }
func (a dual) over(b dual) dual {
	q := a.value / b.value
	return join(q, a, 1/b.value, b, -q/b.value)
}

func (a dual) exp() dual {
	e := math.Exp(a.value)
	return join(e, a, e, dual{}, 0)
}

func (a dual) log() dual { return join(math.Log(a.value), a, 1/a.value, dual{}, 0) }

func (a dual) sqrt() dual {
	r := math.Sqrt(a.value)
	return join(r, a, 0.5/r, dual{}, 0)
}

// join is a value that moves by da for each unit of a and by db for each of b.
func join(value float64, a dual, da float64, b dual, db float64) dual {
	if a.slope == nil && b.slope == nil {
		return constant(value)
	}
	slope := make([]float64, max(len(a.slope), len(b.slope)))
	for i, s := range a.slope {
		slope[i] += da * s
	}
	for i, s := range b.slope {
		slope[i] += db * s
	}
	return dual{value, slope}
}
