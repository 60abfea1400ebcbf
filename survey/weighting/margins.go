package weighting

import (
	"fmt"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/spec"
)

const (
	// agreement is how far the totals of two margins may differ, relative to the
	// larger: they are read from tables of whole numbers, seldom above a million.
	agreement = 1e-6
	// nearlyOne are sums that can only be meant as shares.
	nearlyOne = 0.05
)

// margin is a classification of the rows with a target for each category.
type margin struct {
	at       spec.Place
	variable string
	targets  []target
	// category is each row's, -1 for rows that do not count.
	category []int32
	// population is the total of all categories. Where estimated it is the sum of
	// the weights before: a total of the sample, which varies.
	population float64
	estimated  bool
}

// bindMargins binds the margins of rake and the cells of poststratify.
func (p *plan) bindMargins() {
	var margins []*margin
	for _, spec := range p.margins {
		if m := p.margin(spec); m != nil {
			margins = append(margins, m)
		}
	}
	if len(p.problems) > 0 {
		return
	}
	p.populate(margins)
	for _, m := range margins {
		rows := m.rows(p)
		for k, t := range m.targets {
			if rows[k] > 0 || t.keep || t.total == 0 {
				continue
			}
			remedy := "combine it with another category"
			if other := m.collapse(k, rows); other != "" {
				remedy += ", such as " + other
			}
			p.specProblem(t.at, survey.Problem{Variable: m.variable, Value: t.name(), Message: fmt.Sprintf("no row with a weight is in this category%s, whose target is %.6g", p.of(), m.totals(p.base)[k]), Remedy: remedy})
		}
	}
	if len(p.problems) == 0 {
		p.fit = newMarginFit(margins, p.base)
	}
}

// margin sorts the rows into the categories of a margin; nil where a variable is unknown.
func (p *plan) margin(spec marginSpec) *margin {
	m := &margin{at: spec.at, variable: spec.label(), targets: slices.Clone(spec.targets)}
	if spec.others {
		m.targets = append(m.targets, target{at: spec.at, names: []string{"others"}, keep: true})
	}
	known := len(p.problems)
	if len(spec.variables) == 1 {
		m.category = p.single(spec)
	} else {
		m.category = p.joint(spec)
	}
	if m.category == nil || len(p.problems) > known {
		return nil
	}
	if p.in != nil {
		for i, in := range p.in {
			if !in {
				m.category[i] = -1
			}
		}
	}
	return m
}

// sum adds the targets; kept reports whether a category keeps its share.
func (m *margin) sum() (sum float64, kept bool) {
	for _, t := range m.targets {
		if t.keep {
			kept = true
			continue
		}
		sum += t.total
	}
	return sum, kept
}

// isShares reports whether the targets add to 1.
func (m *margin) isShares() bool {
	sum, _ := m.sum()
	return math.Abs(sum-1) <= agreement
}

// shares are the shares of all weights d that the kept categories have, 0 for the others.
func (m *margin) shares(d []float64) (share []float64, all float64) {
	share = make([]float64, len(m.targets))
	for i, c := range m.category {
		if c >= 0 {
			all += d[i]
			if m.targets[c].keep {
				share[c] += d[i]
			}
		}
	}
	for k := range share {
		share[k] /= all
	}
	return share, all
}

// totals are the targets of the categories when the weights before are d: a
// kept category has its share of them, the targets divide what is left.
func (m *margin) totals(d []float64) []float64 {
	sum, kept := m.sum()
	out, all := m.shares(d)
	population := m.population
	if m.estimated {
		population = all
	}
	left := population
	if kept {
		for k, share := range out {
			out[k] *= population
			left -= share * population
		}
	}
	for k, t := range m.targets {
		if !t.keep && sum > 0 {
			out[k] = t.total * (left / sum)
		}
	}
	return out
}

// populate brings all margins to one population: the population of the first one given in
// totals, or the sum of the weights where all are given in shares. That sum is an
// estimate, unless this or a later step scales the weights to a known one.
func (p *plan) populate(margins []*margin) {
	var first *margin
	population := 0.0
	for _, w := range p.base {
		population += w
	}
	for _, m := range margins {
		sum, _ := m.sum()
		if p.normalize && math.Abs(sum-1) < nearlyOne {
			for k := range m.targets {
				m.targets[k].total /= sum
			}
		}
		if m.isShares() {
			continue
		}
		if sum == 0 || math.Abs(sum-1) < nearlyOne {
			remedy := "give totals, or shares that add to 1"
			if sum != 0 {
				remedy += "; normalize: true accepts shares that differ from 1 by rounding"
			}
			p.specProblem(m.at, survey.Problem{Variable: m.variable, Message: fmt.Sprintf("the targets add to %.6g", sum), Remedy: remedy})
			continue
		}
		if first == nil {
			first, population = m, sum
			if math.Abs(sum-100) <= 100*agreement {
				p.warnings.Note(survey.NoticeTargets, []string{m.variable}, "the targets of %s add to 100 and are used as totals; shares that add to 1 would keep the sum of the weights", m.variable)
			}
		}
		x, _ := first.sum()
		y, _ := m.sum()
		if math.Abs(x-y) > agreement*math.Max(x, y) {
			p.specProblem(m.at, survey.Problem{Variable: m.variable, Message: fmt.Sprintf("the targets add to %.10g, those of %s to %.10g", y, first.variable, x), Remedy: "give margins of one population the same total, or use shares that add to 1"})
		}
	}
	if first == nil && p.scale.kind == "population" && len(p.problems) == 0 {
		p.specProblem(p.scale.at, survey.Problem{Message: "the targets are shares, and the size of the population is not given", Remedy: "write scale: with the size of the population"})
	}
	for _, m := range margins {
		m.population, m.estimated = population, first == nil && !p.scaled()
	}
}

// scaled reports whether this or a later step says what the weights add to.
func (s *step) scaled() bool {
	steps := []*step{s}
	if from := slices.Index(s.spec.steps, s); from >= 0 {
		steps = s.spec.steps[from:]
	}
	return slices.ContainsFunc(steps, func(s *step) bool { return s.scale.kind != "" })
}

// rows counts the weighted rows of each category.
func (m *margin) rows(p *plan) []int {
	rows := make([]int, len(m.targets))
	for i, c := range m.category {
		if c >= 0 && p.base[i] > 0 {
			rows[c] += p.rows(i)
		}
	}
	return rows
}

// marginFit fits categories by multiplying their weights.
type marginFit struct {
	margins []*margin
	x       *stats.Sparse
	targets []fitted
}

// newMarginFit lays out a column for each category.
func newMarginFit(margins []*margin, d []float64) *marginFit {
	f := &marginFit{margins: margins, x: &stats.Sparse{Start: make([]int, 1, len(d)+1)}}
	var first []int32
	for _, m := range margins {
		first = append(first, int32(len(f.targets)))
		totals := m.totals(d)
		for k, t := range m.targets {
			t.total = totals[k]
			f.targets = append(f.targets, fitted{t, m.variable})
		}
	}
	f.x.Columns = len(f.targets)
	f.x.Index = make([]int32, 0, len(d)*len(margins))
	for i := range d {
		for k, m := range margins {
			if c := m.category[i]; c >= 0 {
				f.x.Index = append(f.x.Index, first[k]+c)
			}
		}
		f.x.Start = append(f.x.Start, len(f.x.Index))
	}
	return f
}

func (f *marginFit) factors(d []float64) (stats.Calibration, error) {
	var margins []stats.Margin
	for _, m := range f.margins {
		margins = append(margins, stats.Margin{Category: m.category, Totals: m.totals(d)})
	}
	return stats.Rake(d, margins)
}

func (f *marginFit) columns() (*stats.Sparse, []fitted) { return f.x, f.targets }

func (f *marginFit) residuals(d, w []float64) engine.Residualizer {
	return &keeping{stats.NewResidualizer(f.x, d, w, nil), f.margins, d}
}

// keeping are the residuals of margins whose totals are estimated, not known: all
// totals where they are shares of the sum of the weights before, and the totals of
// categories that keep the share that these weights gave them.
type keeping struct {
	residuals *stats.Residualizer
	margins   []*margin
	d         []float64
}

// Apply takes out what the totals fix, and puts in what kept shares s_c bring
// through the coefficients b: with T the population and q the mean coefficient
// of the targets, T d_i/Σd [1_c(i) (b_c − q) − Σ_c s_c (b_c − q)]. Where T is Σd,
// each row moves all totals T_c, and adds d_i Σ_c b_c T_c/T.
func (k *keeping) Apply(u []float64) []float64 {
	b := k.residuals.Apply(u)
	perWeight := 0.0
	for _, m := range k.margins {
		if m.estimated {
			_, all := m.shares(k.d)
			perWeight += stats.Dot(b[:len(m.targets)], m.totals(k.d)) / all
		}
		if sum, kept := m.sum(); kept {
			m.addKept(u, b[:len(m.targets)], sum, k.d)
		}
		b = b[len(m.targets):]
	}
	stats.AddScaled(u, perWeight, k.d)
	return nil
}

func (m *margin) addKept(u, b []float64, sum float64, d []float64) {
	share, all := m.shares(d)
	q, mean := 0.0, 0.0
	for k, t := range m.targets {
		if !t.keep {
			q += b[k] * t.total / sum
		}
	}
	for k, t := range m.targets {
		if t.keep {
			mean += share[k] * (b[k] - q)
		}
	}
	for i, c := range m.category {
		if c < 0 {
			continue
		}
		value := -mean
		if m.targets[c].keep {
			value += b[c] - q
		}
		u[i] += m.population / all * d[i] * value
	}
}
