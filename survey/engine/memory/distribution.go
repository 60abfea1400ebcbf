package memory

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey/engine"
)

// Distribution walks through the rows in ascending order of the number.
func (e *Engine) Distribution(ctx context.Context, f *engine.Frame, x engine.Number, q engine.Query) ([][]stats.Tie, error) {
	if len(q.Numbers) > 0 {
		return nil, fmt.Errorf("memory: a distribution is of one number, and its query names %d more", len(q.Numbers))
	}
	if err := ready(ctx, f); err != nil {
		return nil, err
	}
	p, err := e.pass(q)
	if err != nil {
		return nil, err
	}
	cell := p.CellOf()
	values, err := e.of(cell).values(x)
	if err != nil {
		return nil, err
	}
	order := func() ([]int32, error) { return ascending(values), nil }
	var rows []int32
	if answer, ok := x.(engine.Answer); ok { // which every column of a table asks for
		rows, err = e.orders.get(answer.Column, order)
	} else {
		rows, err = order()
	}
	all, ties := make([][]engine.Tied, p.Cells*p.Terms.Count), engine.NewTies(f, e.counting(f))
	for _, i := range rows {
		if cell[i] < 0 {
			continue
		}
		from, to := p.Terms.Entries(p.Of(i))
		for k := from; k < to; k++ {
			part := 1.0
			if p.Terms.Value != nil {
				part = p.Terms.Value[k]
			}
			j := int(cell[i])*p.Terms.Count + int(p.Terms.Index[k])
			if last := len(all[j]) - 1; last < 0 || all[j][last].Value != values[i] {
				all[j] = append(all[j], engine.Tied{Value: values[i]})
			}
			ties.Add(&all[j][len(all[j])-1], i, part)
		}
	}
	out := make([][]stats.Tie, len(all))
	for j := range all {
		for _, tied := range all[j] {
			out[j] = append(out[j], ties.Tie(tied))
		}
	}
	return out, err
}

// ascending lists the rows in which a number exists by its value, equal ones in the
// order of the file.
func ascending(values []float64) []int32 {
	var rows []int32
	for i, y := range values {
		if !math.IsNaN(y) {
			rows = append(rows, int32(i))
		}
	}
	slices.SortStableFunc(rows, func(i, j int32) int { return cmp.Compare(values[i], values[j]) })
	return rows
}

// Patterns makes one pass over the rows.
func (e *Engine) Patterns(ctx context.Context, f *engine.Frame, q engine.Query) ([]engine.Pattern, error) {
	if len(q.Numbers) > 0 {
		return nil, fmt.Errorf("memory: patterns are of cells and points, and their query names %d numbers", len(q.Numbers))
	}
	if err := ready(ctx, f); err != nil {
		return nil, err
	}
	p, err := e.pass(q)
	if err != nil {
		return nil, err
	}
	var out []engine.Pattern
	var key []byte
	seen := map[string]int{}
	for kind, n := range e.count(p, f) {
		c := p.Cell[kind]
		if c < 0 || n == 0 {
			continue
		}
		from, to := p.Terms.Entries(kind)
		points := p.Terms.Index[from:to]
		key = binary.LittleEndian.AppendUint32(key[:0], uint32(c))
		for _, k := range points {
			key = binary.LittleEndian.AppendUint32(key, uint32(k))
		}
		k, ok := seen[string(key)]
		if !ok {
			k = len(out)
			seen[string(key)] = k
			out = append(out, engine.Pattern{Cell: int(c), Points: points})
		}
		out[k].N += n
	}
	slices.SortFunc(out, func(a, b engine.Pattern) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), slices.Compare(a.Points, b.Points))
	})
	return out, nil
}
