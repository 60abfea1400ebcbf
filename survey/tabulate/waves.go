package tabulate

import (
	"fmt"
	"slices"
	"strconv"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// contrast is what lies between points: a change, a trend, a part of a change.
type contrast struct {
	// sides are the points that are held against each other, later ones first in
	// a change. Rows are in one point at most.
	sides [][]int
	// weights make a change or a trend of the sides' figures: Σ weight·figure,
	// each side being one point. They are nil for a part of a change.
	weights []float64
	// part is the figure of a line for a part of a change; ok is false where it
	// has no meaning for it.
	part func(x *crossing, l line) (ask estimate.Ask, ok bool)
	// isChange is true for the difference of two points.
	isChange bool
}

// points are those whose rows are behind a column's figure, given the point of
// a line's base: everybody where the base does not depend on the column.
func (c column) points(base int) []int {
	if c.between == nil || base != c.point {
		return []int{base}
	}
	return slices.Concat(c.between.sides...)
}

// smallest is the unweighted base of the smallest side.
func (x *crossing) smallest(b *contrast, cells []int) int {
	least := -1
	for _, side := range b.sides {
		n := 0
		for _, p := range side {
			n += x.respondents(cells, p)
		}
		if least < 0 || n < least {
			least = n
		}
	}
	return least
}

// changeOf is the figure at one point minus that at another.
func changeOf(from, to int) *contrast {
	return &contrast{sides: [][]int{{to}, {from}}, weights: []float64{1, -1}, isChange: true}
}

// asked is the figure of a line as a function of totals; ok is false where the
// contrast has no meaning for it.
func (b *contrast) asked(x *crossing, l line) (out estimate.Ask, ok bool) {
	if b.part != nil {
		return b.part(x, l)
	}
	var f engine.Function
	for _, side := range b.sides {
		ask := x.ask(l, side[0])
		f = ask.Function
		out.Arguments = append(out.Arguments, ask.Arguments...)
	}
	out.Function, out.Test = combined(f, b.weights), true
	if to, ok := x.shares(l, b.sides[0][0]); ok && b.isChange {
		from, _ := x.shares(l, b.sides[1][0])
		out.Shares = &estimate.Shares{From: from, To: to}
	}
	return out, true
}

// change adds a column that compares two categories of a variable, for
// everybody and within each column of another variable, and on request the two
// parts of the change.
func (m *making) change(b *laying, spec survey.ChangeSpec, total bool) survey.Problems {
	c, problems := m.classify(spec.Variable)
	if len(problems) > 0 {
		return problems
	}
	from, to := c.Find(spec.From), c.Find(spec.To)
	for k, name := range []survey.Value{spec.From, spec.To} {
		if []int{from, to}[k] < 0 {
			p := survey.UnknownName("category", name.String(), c.Labels)
			p.Variable = spec.Variable
			problems = append(problems, p)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	waves := engine.Categories(spec.Variable, c)
	heading := or(spec.Label, "Change "+c.Labels[from]+" to "+c.Labels[to])
	b.within([]string{spec.Variable}, []string{heading}, total, func(in engine.Point) []*contrast {
		return []*contrast{changeOf(b.add(inCell(in, waves, from)), b.add(inCell(in, waves, to)))}
	})
	if spec.Decompose == nil {
		return nil
	}
	return m.decompose(b, *spec.Decompose, wavePair{heading, waves, from, to}, total)
}

// within adds columns of change, one under each heading, for everybody and
// within each column that is not one of the variable's own: the first of those
// that the change reads.
func (b *laying) within(reads, headings []string, total bool, between func(in engine.Point) []*contrast) {
	plain := b.plain
	if !total {
		plain = append([]place{{in: engine.Everyone}}, plain...)
	}
	under := make([][]column, len(headings))
	for _, p := range plain {
		if slices.ContainsFunc(p.group, func(g survey.GroupValue) bool { return g.Variable == reads[0] }) {
			continue
		}
		for k, contrast := range between(p.in) {
			head := survey.Column{Group: headings[k], Label: p.changeLabel(), Change: true}
			under[k] = append(under[k], column{Column: head, point: contrast.sides[0][0], between: contrast, group: p.group, labels: p.labels, reads: reads})
		}
	}
	b.columns = append(b.columns, slices.Concat(under...)...)
}

// changeLabel names whose change it is.
func (p place) changeLabel() string {
	switch len(p.group) {
	case 0:
		return "All"
	case 1:
		return p.Label
	}
	return path(p.labels)
}

// trend adds a column with the linear trend over the categories of a variable.
func (m *making) trend(b *laying, spec survey.TrendSpec, total bool) survey.Problems {
	c, problems := m.classify(spec.Variable)
	if len(problems) > 0 {
		return problems
	}
	if len(c.Values) < 3 {
		return survey.Problems{{Variable: spec.Variable, Message: fmt.Sprintf("a trend needs three waves, but there are %d", len(c.Values)), Remedy: "ask for changes between two waves"}}
	}
	// The change over the whole period along the straight line of least squares through
	// the waves has the weights (x_K − x_1)(x_k − x̄)/Σ(x − x̄)².
	x := times(m.Table.Lookup(spec.Variable), c.Values)
	var mean, square float64
	for _, t := range x {
		mean += t / float64(len(x))
	}
	for _, t := range x {
		square += (t - mean) * (t - mean)
	}
	weights := make([]float64, len(x))
	for k, t := range x {
		weights[k] = (x[len(x)-1] - x[0]) * (t - mean) / square
	}
	waves := engine.Categories(spec.Variable, c)
	heading := or(spec.Label, "Linear trend "+c.Labels[0]+" to "+c.Labels[len(c.Labels)-1])
	b.within([]string{spec.Variable}, []string{heading}, total, func(in engine.Point) []*contrast {
		out := &contrast{weights: weights}
		for k := range c.Values {
			out.sides = append(out.sides, []int{b.add(inCell(in, waves, k))})
		}
		return []*contrast{out}
	})
	return nil
}

// times are those of waves: what the waves count as where all are numbers that
// rise, such as years, and else 1, 2, 3 and so on.
func times(v *survey.Variable, waves []survey.Value) []float64 {
	rising, order := make([]float64, len(waves)), make([]float64, len(waves))
	numbers := true
	for k, w := range waves {
		x, ok := v.Score(w)
		if !ok {
			var err error
			x, err = strconv.ParseFloat(w.Text, 64)
			ok = err == nil
		}
		numbers = numbers && ok && (k == 0 || x > rising[k-1])
		rising[k], order[k] = x, float64(k+1)
	}
	if numbers {
		return rising
	}
	return order
}

// combined is Σ weight·f over as many sets of arguments as there are weights.
func combined(f engine.Function, weights []float64) engine.Function {
	return engine.Function{
		Value: func(t []float64) float64 {
			sum, n := 0.0, len(t)/len(weights)
			for k, w := range weights {
				sum += w * f.Value(t[k*n:(k+1)*n])
			}
			return sum
		},
		Gradient: func(t []float64) []float64 {
			var g []float64
			n := len(t) / len(weights)
			for k, w := range weights {
				for _, d := range f.Gradient(t[k*n : (k+1)*n]) {
					g = append(g, w*d)
				}
			}
			return g
		},
	}
}

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
