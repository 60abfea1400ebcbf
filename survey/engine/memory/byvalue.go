package memory

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// fewValues is how many distinct values of a column are worth to be looked at one by one.
const fewValues = 255

// byValue are the terms of numbers that all follow from the answers to one column with few
// distinct values: they are made once for each value. They are those that times makes of
// all rows; ok is false for other numbers.
func (e *Engine) byValue(numbers []engine.Number, keep []bool) (t *engine.Terms, ok bool, err error) {
	column := ""
	for _, x := range numbers {
		if column, ok = onlyColumn(x, column); !ok {
			return nil, false, nil
		}
	}
	v := e.table.Lookup(column)
	if v == nil || !v.HasFew(fewValues) {
		return nil, false, nil
	}
	list, rows, kept := firsts(v, keep)
	small := New(&survey.Table{Rows: len(rows), Variables: []*survey.Variable{v.Pick(rows)}})
	values, err := small.of(nil).all(numbers)
	if err != nil {
		return nil, false, err
	}
	t = times(nil, kept, values, len(rows))
	for i, k := range list {
		list[i] = t.List[k]
	}
	t.List = list
	return t, true, nil
}

// onlyColumn is the one column from whose answer a number follows, row by row: the one
// given, or any where that is "". ok is false where more is needed.
func onlyColumn(x engine.Number, column string) (only string, ok bool) {
	switch x := x.(type) {
	case engine.One:
		return column, true
	case engine.Answer:
		return x.Column, column == "" || column == x.Column
	case engine.Less:
		if len(x.Centre) == 1 {
			return onlyColumn(x.Of, column)
		}
	case engine.Product:
		if column, ok = onlyColumn(x.A, column); ok {
			return onlyColumn(x.B, column)
		}
	case engine.Log:
		return onlyColumn(x.Of, column)
	case engine.Within:
		return onlyColumn(x.Of, column)
	case engine.AtLeast:
		return onlyColumn(x.Of, column)
	case engine.Given:
		for _, of := range x {
			if column, ok = onlyColumn(of, column); !ok {
				return "", false
			}
		}
		return column, true
	}
	return "", false
}

// firsts divides the rows by the value of a variable: each has the place of its part, and
// each part the first of its rows, in the order of these; -1 is a row without a value. The
// rows that are not kept are a part too, and values that only they have are parts at the end.
func firsts(v *survey.Variable, keep []bool) (part, rows []int32, kept []bool) {
	values := int32(-1)
	of := v.Places(func(survey.Value) int32 {
		values++
		return values
	})
	values++
	place, first := make([]int32, values+2), make([]int32, values+2)
	for k := range first {
		place[k], first[k] = -1, -1
	}
	part = make([]int32, of.Len())
	for i := range part {
		k := of.At(i)
		if k >= 0 && first[k] < 0 {
			first[k] = int32(i)
		}
		switch in := keep == nil || keep[i]; {
		case !in:
			k = values + 1
		case k < 0:
			k = values
		}
		if place[k] < 0 {
			place[k] = int32(len(rows))
			rows, kept = append(rows, first[k]), append(kept, k <= values)
		}
		part[i] = place[k]
	}
	for k, row := range first[:values] {
		if place[k] < 0 {
			rows, kept = append(rows, row), append(kept, false)
		}
	}
	return part, rows, kept
}
