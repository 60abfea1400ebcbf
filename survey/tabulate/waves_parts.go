package tabulate

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// wavePair is a change: categories from and to of a variable.
type wavePair struct {
	heading  string
	waves    engine.Codes
	from, to int
}

// decompose adds two columns that add up to a change. Over the cells g of the
// variables named, with s the cells' shares of a side and m their figures:
//
//	due to attitude:    Σ s_from,g m_to,g − Σ s_from,g m_from,g
//	due to composition: Σ s_to,g m_to,g − Σ s_from,g m_to,g
//
// so that attitude is the change at the earlier side's mix, and composition
// what the change of the mix adds. Rows without an answer to one of the
// variables are a cell of their own. Source: Kitagawa 1955; the standard
// errors are linearised as all others are, mix and figures both being estimates.
func (m *making) decompose(b *laying, spec survey.DecomposeSpec, w wavePair, total bool) survey.Problems {
	cells, problems := m.mixCells(spec.By, w)
	if len(problems) > 0 {
		return problems
	}
	headings := []string{w.heading + ", due to composition", w.heading + ", due to attitude"}
	b.within(append([]string{w.waves.Column}, spec.By...), headings, total, func(in engine.Point) []*contrast {
		after, before := make([]int, len(cells)), make([]int, len(cells))
		for g, cell := range cells {
			after[g], before[g] = b.add(inCell(cell.inside(in), w.waves, w.to)), b.add(inCell(cell.inside(in), w.waves, w.from))
		}
		sides := [][]int{after, before}
		return []*contrast{{sides: sides, part: partOfChange(sides, mix.composition)}, {sides: sides, part: partOfChange(sides, mix.attitude)}}
	})
	return nil
}

// mixCell is a category of each variable of the mix, or no answer: a cell of each
// axis.
type mixCell struct {
	axes  []engine.Axis
	cells []int
}

// inside narrows a point to a cell.
func (p mixCell) inside(in engine.Point) engine.Point {
	for k, a := range p.axes {
		in = inCell(in, a, p.cells[k])
	}
	return in
}

// mixCells lists the combinations that occur on either side.
func (m *making) mixCells(names []string, w wavePair) ([]mixCell, survey.Problems) {
	var problems survey.Problems
	var axes []engine.Axis
	for _, name := range names {
		c, ps := m.classify(name)
		if name == w.waves.Column {
			ps = survey.Problems{{Variable: name, Message: "a change cannot be decomposed by the variable that defines it", Remedy: "name variables such as age and gender"}}
		}
		axes, problems = append(axes, engine.Filled{Of: engine.Categories(name, c)}), append(problems, ps...)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	sides := engine.Codes{Column: w.waves.Column, Values: [][]survey.Value{slices.Concat(w.waves.Values[w.from], w.waves.Values[w.to])}}
	var out []mixCell
	for at, n := range m.counts(nil, engine.Query{Cells: append([]engine.Axis{sides}, axes...)}) {
		if n == 0 {
			continue
		}
		cells := make([]int, len(axes))
		for k := len(axes) - 1; k >= 0; k-- {
			cells[k] = at % axes[k].Cells()
			at /= axes[k].Cells()
		}
		out = append(out, mixCell{axes, cells})
	}
	return out, nil
}

// partOfChange asks for a part of a change of a share or a mean, whose cells
// have a sum and a base each.
func partOfChange(sides [][]int, part func(mix) (float64, []float64)) func(*crossing, line) (estimate.Ask, bool) {
	return func(x *crossing, l line) (estimate.Ask, bool) {
		plain := l.shows == survey.AsPercent && x.block.numbers == nil || l.Kind == survey.RowMean
		if !plain {
			return estimate.Ask{}, false
		}
		out := estimate.Ask{Test: true, Function: engine.Function{
			Value:    func(t []float64) float64 { v, _ := part(mixOf(t)); return v },
			Gradient: func(t []float64) []float64 { _, g := part(mixOf(t)); return g },
		}}
		for g := range sides[0] {
			for _, side := range []int{sides[1][g], sides[0][g]} {
				out.Arguments = append(out.Arguments, x.ask(l, side).Arguments...)
			}
		}
		return out, true
	}
}

// mix are the sums and bases of each cell, before and after.
type mix struct {
	cells []mixTotals
	// before and after are the figures of either side, standard is the later
	// one's at the earlier mix.
	before, after, standard float64
	baseBefore, baseAfter   float64
}

type mixTotals struct{ sumBefore, baseBefore, sumAfter, baseAfter float64 }

// mixOf reads four totals a cell. The figure at the earlier mix does not exist
// where a cell of it has nobody later.
func mixOf(t []float64) mix {
	var m mix
	for k := 0; k < len(t); k += 4 {
		c := mixTotals{t[k], t[k+1], t[k+2], t[k+3]}
		m.cells = append(m.cells, c)
		m.before, m.after = m.before+c.sumBefore, m.after+c.sumAfter
		m.baseBefore, m.baseAfter = m.baseBefore+c.baseBefore, m.baseAfter+c.baseAfter
	}
	for _, c := range m.cells {
		if c.baseBefore != 0 {
			m.standard += c.baseBefore / m.baseBefore * c.later()
		}
	}
	m.before, m.after = m.before/m.baseBefore, m.after/m.baseAfter
	return m
}

// later is a cell's figure after, NaN where nobody is in it.
func (c mixTotals) later() float64 { return c.sumAfter / c.baseAfter }

// gradient is that of a·before + b·after + c·standard.
func (m mix) gradient(a, b, c float64) []float64 {
	g := make([]float64, 0, 4*len(m.cells))
	for _, cell := range m.cells {
		share, later := cell.baseBefore/m.baseBefore, 0.0
		d := [4]float64{a / m.baseBefore, -a * m.before / m.baseBefore, b / m.baseAfter, -b * m.after / m.baseAfter}
		if cell.baseBefore != 0 {
			later = cell.later()
			d[1] += c * (later - m.standard) / m.baseBefore
			d[2] += c * share / cell.baseAfter
			d[3] -= c * share * later / cell.baseAfter
		}
		g = append(g, d[:]...)
	}
	return g
}

func (m mix) attitude() (float64, []float64) {
	return m.standard - m.before, m.gradient(-1, 0, 1)
}

func (m mix) composition() (float64, []float64) {
	return m.after - m.standard, m.gradient(0, 1, -1)
}
