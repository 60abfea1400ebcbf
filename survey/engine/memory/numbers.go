package memory

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// evaluation gives numbers of the rows, with the cells of one query; they
// are nil for numbers that do not depend on them.
type evaluation struct {
	*Engine
	cell []int32
	made map[string][]float64
}

func (e *Engine) of(cell []int32) *evaluation {
	return &evaluation{Engine: e, cell: cell, made: map[string][]float64{}}
}

// values gives each row its number, NaN where it does not exist. The result may be
// shared and must not be changed.
func (e *evaluation) values(x engine.Number) ([]float64, error) {
	text := x.String()
	if made, ok := e.made[text]; ok {
		return made, nil
	}
	made, err := e.make(x)
	e.made[text] = made
	return made, err
}

// all are the values of some numbers, nil for one that is 1 in all rows.
func (e *evaluation) all(numbers []engine.Number) (values [][]float64, err error) {
	values = make([][]float64, len(numbers))
	for k, x := range numbers {
		if _, one := x.(engine.One); one {
			continue
		}
		if values[k], err = e.values(x); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (e *evaluation) make(x engine.Number) ([]float64, error) {
	switch x := x.(type) {
	case engine.One:
		return e.numbers.get(x.String(), func() ([]float64, error) { return slices.Repeat([]float64{1}, e.table.Rows), nil })
	case engine.Answer:
		answers, err := e.answers(x.Column)
		return answers.Slice(), err
	case engine.Value:
		return e.numbers.get(x.String(), func() ([]float64, error) {
			compiled, err := expression.CompileValue(x.Source, e.table)
			if err != nil {
				return nil, err
			}
			return compiled.Numbers(), nil
		})
	case engine.Given:
		out := slices.Repeat([]float64{math.NaN()}, e.table.Rows)
		for _, of := range x {
			values, err := e.values(of)
			if err != nil {
				return nil, err
			}
			for i, y := range values {
				if !math.IsNaN(y) {
					out[i] = 1
				}
			}
		}
		return out, nil
	case engine.Place:
		cells, err := e.axis(x.Of)
		if err != nil {
			return nil, err
		}
		out := make([]float64, cells.Len())
		for i, k := range cells.All() {
			if out[i] = float64(k); k < 0 {
				out[i] = math.NaN()
			}
		}
		return out, nil
	case engine.Less:
		if len(x.Centre) == 1 {
			return e.each(x.Of, false, func(_ int, y float64) float64 { return y - x.Centre[0] })
		}
		return e.each(x.Of, true, func(c int, y float64) float64 { return y - x.Centre[c] })
	case engine.Product:
		a, err := e.values(x.A)
		if err != nil {
			return nil, err
		}
		b, err := e.values(x.B)
		if err != nil {
			return nil, err
		}
		out := make([]float64, len(a))
		for i := range a {
			out[i] = a[i] * b[i]
		}
		return out, nil
	case engine.Log:
		return e.each(x.Of, false, func(_ int, y float64) float64 {
			if y <= 0 {
				return math.NaN()
			}
			return math.Log(y)
		})
	case engine.AtMost:
		return e.each(x.Of, true, func(c int, y float64) float64 { return indicator(y <= x.Limits[c]) })
	case engine.Within:
		return e.each(x.Of, false, func(_ int, y float64) float64 { return indicator(x.Low <= y && y <= x.High) })
	case engine.Scored:
		return e.each(x.Of, true, func(c int, y float64) float64 {
			k, known := slices.BinarySearch(x.Values[c], y)
			if !known {
				return math.NaN()
			}
			return x.Scores[c][k]
		})
	case engine.AtLeast:
		return e.each(x.Of, false, func(_ int, y float64) float64 {
			if y < x.Least {
				return math.NaN()
			}
			return 1
		})
	case engine.Is:
		return e.sum(engine.Sum{Of: []engine.Number{x}, Factors: [][]float64{{1}}})
	case engine.Sum:
		return e.sum(x)
	}
	return nil, fmt.Errorf("memory: %T is not a number of package engine", x)
}

// each computes a number of another, where that exists: from its value and, for one
// that depends on it, the cell of the row, outside of which there is none.
func (e *evaluation) each(of engine.Number, byCell bool, f func(cell int, y float64) float64) ([]float64, error) {
	values, err := e.values(of)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(values))
	for i, y := range values {
		c := 0
		if byCell {
			c = int(e.cell[i])
		}
		if out[i] = math.NaN(); c >= 0 && !math.IsNaN(y) {
			out[i] = f(c, y)
		}
	}
	return out, nil
}

func indicator(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

// answers is what the answers to a column count as.
func (e *Engine) answers(column string) (*survey.NumberColumn, error) {
	v, err := e.variable(column)
	if err != nil {
		return nil, err
	}
	if v = v.Numeric(); v == nil {
		return nil, survey.Problems{{Variable: column, Message: "is text, and a number is needed", Remedy: "recode it to numbers"}}
	}
	return v.Answers(), nil
}

func (e *evaluation) sum(x engine.Sum) ([]float64, error) {
	out := slices.Repeat([]float64{math.NaN()}, e.table.Rows)
	add := func(i, k int, y float64) {
		factors := x.Factors[0]
		if len(x.Factors) > 1 {
			if e.cell[i] < 0 {
				return
			}
			factors = x.Factors[e.cell[i]]
		}
		if math.IsNaN(out[i]) {
			out[i] = 0
		}
		out[i] += factors[k] * y
	}
	for k, of := range x.Of {
		if is, ok := of.(engine.Is); ok { // there may be hundreds
			cells, err := e.axis(is.Axis)
			if err != nil {
				return nil, err
			}
			for i, c := range cells.All() {
				if int(c) == is.Cell {
					add(i, k, 1)
				}
			}
			continue
		}
		values, err := e.values(of)
		if err != nil {
			return nil, err
		}
		for i, y := range values {
			if !math.IsNaN(y) {
				add(i, k, y)
			}
		}
	}
	return out, nil
}
