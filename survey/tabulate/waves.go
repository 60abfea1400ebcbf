package tabulate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// explainWaves says in the legend what trends and parts of changes are.
func (t *tabling) explainWaves() {
	if len(t.spec.Trends) > 0 {
		t.remark("A linear trend is the change over the whole period along the straight line of least squares through all waves.")
	}
	for _, c := range t.spec.Changes {
		if c.Decompose != nil {
			t.remark(fmt.Sprintf("A change is split by %s: due to attitude is the change at the mix of the earlier side, due to composition what the change of the mix adds.", strings.Join(c.Decompose.By, " × ")))
		}
	}
}

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
		if p.names(reads[0]) {
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
	weights := trendWeights(times(m.Table.Lookup(spec.Variable), c.Values))
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

// trendWeights give the change over the whole period along the straight line of
// least squares through the waves: (x_K − x_1)(x_k − x̄)/Σ(x − x̄)².
func trendWeights(x []float64) []float64 {
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
	return weights
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
