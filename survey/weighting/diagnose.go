package weighting

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
)

// mostBins is how many bars a chart of weights has.
const mostBins = 12

// wideRange is from which ratio of the largest weight to the smallest on bins
// grow by a ratio: in equal steps most weights would be in the first.
const wideRange = 10

// bins count the weights over their mean.
func bins(w []float64, count []int, d stats.WeightSummary) []survey.WeightBin {
	mean := d.Sum / float64(d.N)
	low, high := d.Min/mean, d.Max/mean
	if !(high-low > 1e-9) { // all weights are the same
		return []survey.WeightBin{{From: low, To: low, N: d.N}}
	}
	place, back := func(x float64) float64 { return x }, func(x float64) float64 { return x }
	if low > 0 && high >= wideRange*low {
		place, back = math.Log, math.Exp
	}
	first, width := place(low), (place(high)-place(low))/mostBins
	out := make([]survey.WeightBin, mostBins)
	for k := range out {
		out[k].From, out[k].To = back(first+float64(k)*width), back(first+float64(k+1)*width)
	}
	for i, x := range w {
		if x != 0 {
			n := 1
			if count != nil {
				n = count[i]
			}
			out[max(0, min(int((place(x/mean)-first)/width), mostBins-1))].N += n
		}
	}
	return out
}

// trimBounds are the bounds of the last trim, on the scale of the final weights.
func (c *chain) trimBounds() *survey.WeightBounds {
	scale := 1.0
	for _, st := range slices.Backward(c.stages) {
		if scale *= st.scale; st.group != "" {
			return nil
		}
		if st.method == Trim {
			b := &survey.WeightBounds{Lower: survey.FigureOf(st.lower * scale), Upper: survey.FigureOf(st.upper * scale)}
			if st.lower == 0 {
				b.Lower = survey.Figure{}
			}
			return b
		}
	}
	return nil
}

// margins compare totals before all steps and after them with the targets. A
// margin that is fitted twice is listed once.
func (c *chain) margins() []survey.WeightMargin {
	out := []survey.WeightMargin{}
	for k, st := range c.stages {
		x, targets := st.fit.columns()
		if x == nil {
			continue
		}
		before, after := x.Totals(st.own(c.base)), x.Totals(st.own(c.w))
		scale := st.scale
		for _, later := range c.stages[k+1:] {
			scale *= later.scale
		}
		for j, t := range targets {
			m := survey.WeightMargin{Variable: t.variable, Category: t.name(), Group: st.group, Before: before[j], Target: t.total * scale, After: after[j], Kept: t.keep}
			out = slices.DeleteFunc(out, func(o survey.WeightMargin) bool {
				return o.Variable == m.Variable && o.Category == m.Category && o.Group == m.Group
			})
			out = append(out, m)
		}
	}
	return out
}

// thin lists the categories of few rows, with what to combine them with.
func (c *chain) thin() []survey.ThinCell {
	out := []survey.ThinCell{}
	for _, st := range c.stages {
		f, ok := st.fit.(*marginFit)
		if !ok {
			continue
		}
		_, old := sumOf(st.before)
		_, sum := sumOf(st.after)
		at := 0
		before, after := f.x.Totals(st.before), f.x.Totals(st.after)
		for _, m := range f.margins {
			rows := m.rows(st.plan)
			for k, t := range m.targets {
				if n := rows[k]; n > 0 && n < thinRows && !t.keep {
					out = append(out, survey.ThinCell{Variable: m.variable, Category: t.name(), Group: st.group, Rows: n, Factor: after[at] / before[at] * old / sum, Collapse: m.collapse(k, rows)})
				}
				at++
			}
		}
	}
	return out
}

// collapse names the category to combine another one with: the nearest in the
// order of the spec that differs in one variable only, of two equally near ones the
// one with fewer rows; "" where there is none.
func (m *margin) collapse(k int, rows []int) string {
	best, distance := -1, math.MaxInt
	for j, t := range m.targets {
		if j == k || t.keep || differences(t.names, m.targets[k].names) != 1 || rows[j] == 0 {
			continue
		}
		d := max(j-k, k-j)
		if d < distance || d == distance && rows[j] < rows[best] {
			best, distance = j, d
		}
	}
	if best < 0 {
		return ""
	}
	return m.targets[best].name()
}

func differences(a, b []string) (n int) {
	for k := range a {
		if a[k] != b[k] {
			n++
		}
	}
	return n
}

// Describe fills in the cost of weighting by the categories of some variables,
// and the answers that weighting has moved most, without the variables that it was
// fitted to and the skipped ones, such as the design's. An unknown variable is
// survey.Problems.
func (r *Result) Describe(t *survey.Table, by, skip []string) error {
	var problems survey.Problems
	for _, name := range by {
		v := t.Lookup(name)
		if v == nil {
			problems = append(problems, t.Unknown(name))
			continue
		}
		r.Groups = append(r.Groups, groups(v, r.Weights)...)
	}
	r.Moved, _ = moved(t, slices.Concat(skip, r.fitted), func(v *survey.Variable) (survey.MovedItem, bool, error) {
		m, ok := movedMost(v, r.Base, r.Weights)
		return m, ok, nil
	})
	return problems.Err()
}

// groups are the cost of weights in each category of a variable.
func groups(v *survey.Variable, w []float64) []survey.WeightGroup {
	c := survey.Classify(v)
	weights := make([][]float64, len(c.Values))
	for i, k := range c.Index.All() {
		if k >= 0 && w[i] != 0 {
			weights[k] = append(weights[k], w[i])
		}
	}
	var out []survey.WeightGroup
	for k, label := range c.Labels {
		if len(weights[k]) > 0 {
			d := stats.DescribeWeights(weights[k], nil)
			out = append(out, survey.WeightGroup{Variable: v.Name, Category: label, N: d.N, Sum: d.Sum, KishDeff: d.Deff, NEffective: d.NEffective})
		}
	}
	return out
}

const (
	// mostMoved is how many answers are listed.
	mostMoved = 10
	// mostCategories separates answers to a question from numbers and verbatim texts.
	mostCategories = 40
)

// moved lists the answers that moved most in standard deviations of the answer,
// one for each variable that is not skipped.
func moved(t *survey.Table, skip []string, most func(*survey.Variable) (survey.MovedItem, bool, error)) ([]survey.MovedItem, error) {
	out := []survey.MovedItem{}
	for _, v := range t.Variables {
		if slices.Contains(skip, v.Name) {
			continue
		}
		m, ok, err := most(v)
		if err != nil {
			return nil, err
		}
		if ok && math.Abs(m.Size) > 1e-9 {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b survey.MovedItem) int {
		switch x, y := math.Abs(a.Size), math.Abs(b.Size); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return out[:min(len(out), mostMoved)], nil
}

// movedMost is the answer to one question that moved most: the mean of a
// number, the share of a category of anything else. ok is false where there is none.
func movedMost(v *survey.Variable, before, after []float64) (m survey.MovedItem, ok bool) {
	if IsMeasure(v) {
		return movedMean(v, before, after)
	}
	c := survey.Classify(v)
	if len(c.Values) > mostCategories {
		return m, false
	}
	return movedShare(v, c, shares(c, before), shares(c, after))
}

// movedShare is the category whose share of the weights moved most.
func movedShare(v *survey.Variable, c survey.Classes, old, next []float64) (m survey.MovedItem, ok bool) {
	for k, label := range c.Labels {
		p := old[k]
		size := (next[k] - p) / math.Sqrt(p*(1-p))
		if math.Abs(size) > math.Abs(m.Size) && !math.IsInf(size, 0) {
			m, ok = survey.MovedItem{Variable: v.Name, Category: label, Before: p, After: next[k], Size: size}, true
		}
	}
	return m, ok
}

func shares(c survey.Classes, w []float64) []float64 {
	out, all := make([]float64, len(c.Values)), 0.0
	for i, k := range c.Index.All() {
		if k >= 0 {
			out[k] += w[i]
			all += w[i]
		}
	}
	for k := range out {
		out[k] /= all
	}
	return out
}

func movedMean(v *survey.Variable, before, after []float64) (survey.MovedItem, bool) {
	v = v.Numeric()
	valid := v.Valid()
	mean := func(w []float64, of func(x float64) float64) float64 {
		var sum, all float64
		for i, x := range v.Numbers.All() {
			if valid[i] {
				sum += w[i] * of(x)
				all += w[i]
			}
		}
		return sum / all
	}
	itself := func(x float64) float64 { return x }
	m := survey.MovedItem{Variable: v.Name, Before: mean(before, itself), After: mean(after, itself)}
	m.Size = (m.After - m.Before) / math.Sqrt(mean(before, func(x float64) float64 { return (x - m.Before) * (x - m.Before) }))
	return m, !math.IsNaN(m.Size) && !math.IsInf(m.Size, 0)
}

// IsMeasure reports whether the answers to a question are numbers that a mean
// describes better than shares: a scale, or more values than categories have.
func IsMeasure(v *survey.Variable) bool {
	return !v.IsText() && (v.Measure == survey.Scale || len(survey.Classify(v).Values) > mostCategories)
}

// Cost is Kish's design effect of weights and their effective number.
func Cost(w []float64) (kishDeff, nEffective float64) {
	d := stats.DescribeWeights(w, nil)
	return d.Deff, d.NEffective
}
