package grouped

import (
	"context"
	"slices"
	"sync"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// made are weights that were made of those of the data: one for all rows that are alike in
// some variables and in the weight. So groups of rows that are divided by these, too, have
// the sums of the new weights, which are the same however finely they are divided.
type made struct {
	names []string
	rows  []int
	// weight is that of one row of each group.
	weight    []float64
	residuals engine.Residualizer

	mu     sync.Mutex
	groups *grouper // of the names
}

// Weigh asks for the groups by the variables and the weight, and registers the frame of
// the weights that are made of them.
func (e *Engine) Weigh(ctx context.Context, f *engine.Frame, variables []string, weigh engine.Weigher) (*engine.Frame, error) {
	by, err := e.countedBy(f)
	if err != nil {
		return nil, err
	}
	names := slices.Clone(variables)
	for _, w := range by.weights[:min(1, len(by.weights))] {
		names = append(names, w.Column)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	g, err := e.group(ctx, nil, engine.Named{Columns: names, Compared: true})
	if err != nil {
		return nil, err
	}
	var columns []*survey.Variable
	for _, name := range names {
		columns = append(columns, g.table.Lookup(name))
	}
	all := newGrouper(columns, nil)
	all.addGroups(&Groups{Table: g.table, Lots: engine.Lots{Rows: g.rows}})
	groups := all.groups()
	table := groups.counted()
	table.Columns, table.Sets, table.Sources = g.table.Columns, g.table.Sets, g.table.Sources

	m := &made{names: names, rows: groups.Lots.Rows, groups: newGrouper(columns, nil)}
	m.groups.place(table)
	base := make([]float64, table.Rows)
	for i, n := range m.rows {
		base[i] = float64(n)
		if len(by.weights) > 0 {
			base[i] *= table.Lookup(by.weights[0].Column).Numbers.At(i)
		}
	}
	weights, residuals, err := weigh(table, m.rows, base)
	if err != nil {
		return nil, err
	}
	m.weight, m.residuals = make([]float64, len(weights)), residuals
	largest, weighted := 0.0, 0
	for i, w := range weights {
		if m.weight[i] = w / float64(m.rows[i]); w != 0 {
			weighted += m.rows[i]
		}
		largest = max(largest, m.weight[i])
	}
	out := f.WithMade(largest, weighted, residuals != nil)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.counted = append(e.counted, counted{out, by.weights, by.total, m})
	return out, nil
}

// give puts the weights that were made in the place of those of the data, in the frame of
// groups by the names, among others.
func (m *made) give(f *engine.Frame, t *survey.Table, l engine.Lots) (*engine.Frame, error) {
	m.mu.Lock()
	of := m.groups.place(t)
	m.mu.Unlock()
	l.N, l.Sum, l.Square = slices.Clone(l.Rows), make([]engine.Wide, t.Rows), make([]engine.Wide, t.Rows)
	parts := make([]float64, t.Rows)
	for i, k := range of {
		if int(k) >= len(m.weight) {
			return nil, survey.Problems{{Message: "the data have changed since they were weighted: there is a new value", Remedy: "run again when nobody writes to them"}}
		}
		w, n := engine.Whole(m.weight[k], f.Exponent), uint64(l.Rows[i])
		if m.weight[k] == 0 {
			l.N[i] = 0
		}
		l.Sum[i], l.Square[i] = engine.WideOf(w).Times(n), engine.Square(w).Times(n)
		parts[i] = float64(n) / float64(m.rows[k])
	}
	out, err := f.Of(t, l)
	if err == nil && m.residuals != nil {
		out.ByRow.Calibration = divided{m.residuals, of, parts, len(m.weight)}
	}
	return out, err
}

// divided are the residuals of groups of rows, each a part of one of those for which the
// weights were made: what these add is divided among their parts.
type divided struct {
	engine.Residualizer
	of    []int32
	parts []float64
	whole int
}

// Apply takes influences back to the weights before.
func (d divided) Apply(u []float64) (outside []float64) {
	sum := make([]float64, d.whole)
	for i, x := range u {
		sum[d.of[i]] += x
	}
	change := slices.Clone(sum)
	outside = d.Residualizer.Apply(change)
	for i, k := range d.of {
		u[i] += d.parts[i] * (change[k] - sum[k])
	}
	return outside
}
