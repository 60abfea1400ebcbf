package survey

import (
	"cmp"
	"math"
	"slices"
)

// Count is the number of rows of the data that row i is; see Variable.Rows.
func (v *Variable) Count(i int) int {
	if v.Rows == nil {
		return 1
	}
	return v.Rows[i]
}

// Pick is the variable in some of its rows, in the order given; row -1 has no value, and
// nobody is in it.
func (v *Variable) Pick(rows []int32) *Variable {
	out := *v
	if v.IsText() {
		out.Texts = &TextColumn{Values: v.Texts.Values}
		out.Texts.Index.Grow(len(rows))
		for _, i := range rows {
			k := int32(-1)
			if i >= 0 {
				k = v.Texts.Index.At(int(i))
			}
			out.Texts.Index.Append(k)
		}
	} else {
		out.Numbers = &NumberColumn{}
		out.Numbers.Grow(len(rows))
		for _, i := range rows {
			x := math.NaN()
			if i >= 0 {
				x = v.Numbers.At(int(i))
			}
			out.Numbers.Append(x)
		}
	}
	out.EmptyAsked, out.Rows = picked(v.EmptyAsked, rows, false), picked(v.Rows, rows, 0)
	return &out
}

// picked are the values of some rows, nil of nil.
func picked[T any](values []T, rows []int32, none T) []T {
	if values == nil {
		return nil
	}
	out := make([]T, len(rows))
	for k, i := range rows {
		if out[k] = none; i >= 0 {
			out[k] = values[i]
		}
	}
	return out
}

// Spread is the variable with the value of row places[i] in row i, or none at -1.
func (v *Variable) Spread(places Places) *Variable {
	out := *v
	out.EmptyAsked, out.Rows = nil, nil
	switch c := v.Numbers; {
	case v.IsText():
		index := places.Map(v.Texts.Index.Slice())
		out.Texts = &TextColumn{Index: index, Values: v.Texts.Values}
		if len(v.Texts.Values) > 2*index.Len() {
			out.Texts = out.Texts.own()
		}
	case c.rows == nil:
		out.Numbers = &NumberColumn{places: places.Map(c.places.Slice()), values: c.values}
	default:
		out.Numbers = spelled(places, c.rows)
	}
	return &out
}

// own is the column with the texts of its rows only.
func (t *TextColumn) own() *TextColumn {
	out, to := &TextColumn{}, map[int32]int32{}
	for _, k := range t.Index.All() {
		if at, known := to[k]; k >= 0 && known {
			k = at
		} else if k >= 0 {
			at = int32(len(out.Values))
			out.Values = append(out.Values, t.Values[k])
			to[k], k = at, at
		}
		out.Index.Append(k)
	}
	return out
}

// Hollow is the table without its rows.
func (t *Table) Hollow() *Table {
	out := *t
	out.Rows, out.Variables = 0, make([]*Variable, len(t.Variables))
	for k, v := range t.Variables {
		w := v.Pick(nil)
		if w.EmptyAsked, w.Rows = nil, nil; v.IsText() {
			w.Texts.Values = nil
		}
		out.Variables[k] = w
	}
	return &out
}

// Even is a codebook whose variables differ in length, with all as long as the longest.
func (t *Table) Even() *Table {
	out := *t
	for _, v := range t.Variables {
		out.Rows = max(out.Rows, v.Len())
	}
	rows := make([]int32, out.Rows)
	out.Variables = make([]*Variable, len(t.Variables))
	for k, v := range t.Variables {
		if out.Variables[k] = v; v.Len() == out.Rows {
			continue
		}
		for i := range rows {
			if rows[i] = int32(i); i >= v.Len() {
				rows[i] = -1
			}
		}
		counted := *v
		if v.Rows == nil {
			counted.Rows = slices.Repeat([]int{1}, v.Len())
		}
		out.Variables[k] = counted.Pick(rows)
	}
	return &out
}

// Distinct is the variable with one row for each of its values, ascending, which knows how
// many rows have it. Rows without a value come first, those who were asked apart.
func (v *Variable) Distinct() *Variable {
	type kind struct {
		value        Value
		given, asked bool
	}
	place := map[kind]int{}
	var kinds []kind
	var first []int32
	var rows []int
	for i := range v.Len() {
		x, ok := v.At(i)
		of := kind{value: x, given: ok, asked: !ok && v.EmptyAsked != nil && v.EmptyAsked[i]}
		if !ok {
			of.value = Value{}
		}
		k, known := place[of]
		if !known {
			k = len(kinds)
			place[of] = k
			kinds, first, rows = append(kinds, of), append(first, int32(i)), append(rows, 0)
		}
		rows[k] += v.Count(i)
	}
	order := make([]int, len(kinds))
	for k := range order {
		order[k] = k
	}
	rank := func(of kind) int {
		switch {
		case of.given:
			return 2
		case of.asked:
			return 1
		}
		return 0
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := kinds[a], kinds[b]
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x.value.Number, y.value.Number), cmp.Compare(x.value.Text, y.value.Text))
	})
	of, counts := make([]int32, len(order)), make([]int, len(order))
	for at, k := range order {
		of[at], counts[at] = first[k], rows[k]
	}
	out := v.Pick(of)
	out.Rows = counts
	return out
}
