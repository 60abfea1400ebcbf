package weighting

import (
	"fmt"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
)

const (
	// agreement is how far the totals of two margins may differ, relative to the
	// larger: they are read from tables of whole numbers, seldom above a million.
	agreement = 1e-6
	// nearlyOne are sums that can only be meant as shares.
	nearlyOne = 0.05
)

// rake binds the margins.
func (p *plan) rake() {
	var totals []*margin
	for _, m := range p.spec.margins {
		v := p.variable(m.at, m.variable)
		if v == nil {
			continue
		}
		names, places := make([]string, len(m.targets)), make([]place, len(m.targets))
		for k, t := range m.targets {
			names[k], places[k] = t.name, t.at
		}
		totals = append(totals, &margin{at: m.at, variable: m.variable, targets: m.targets, category: p.categories(v, names, places)})
	}
	p.fitMargins(totals)
}

// margin is a classification of the rows with a target for each category.
type margin struct {
	at       place
	variable string
	targets  []target
	category []int32
}

func (m *margin) sum() (sum float64) {
	for _, t := range m.targets {
		sum += t.total
	}
	return sum
}

func (m *margin) scale(to float64) {
	sum := m.sum()
	m.targets = slices.Clone(m.targets)
	for k := range m.targets {
		m.targets[k].total *= to / sum
	}
}

func (p *plan) variable(at place, name string) *survey.Variable {
	v := p.table.Lookup(name)
	if v == nil {
		p.specProblem(at, survey.UnknownName("variable", name, p.table.Names()))
	}
	return v
}

// categories finds the name of each row among names, which are labels or else
// values; -1 in rows of weight 0 that have none. A weighted row without a name
// is a problem, and so is a name that no category has.
func (p *plan) categories(v *survey.Variable, names []string, places []place) []int32 {
	classes := survey.Classify(v)
	named := make([]int32, len(classes.Values))
	for class := range named {
		named[class] = -1
	}
	for k, name := range names {
		found := classesOf(classes, name)
		if len(found) == 0 {
			f := survey.UnknownName("category", name, classes.Labels)
			f.Variable = v.Name
			p.specProblem(places[k], f)
		}
		for _, class := range found {
			if other := named[class]; other >= 0 {
				p.specProblem(places[k], survey.Problem{Variable: v.Name, Value: name, Message: fmt.Sprintf("this is the same category as %s", names[other]), Remedy: "keep one of them"})
			}
			named[class] = int32(k)
		}
	}
	return p.index(v, classes, named)
}

// classesOf lists the categories with a label, or else the one with a value.
func classesOf(c survey.Classes, name string) []int {
	var found []int
	for class, label := range c.Labels {
		if label == name {
			found = append(found, class)
		}
	}
	if len(found) > 0 {
		return found
	}
	for class, value := range c.Values {
		if value.String() == name {
			return []int{class}
		}
	}
	return nil
}

// index maps rows to names and reports the weighted rows that have none: those
// without an answer, and those of each category without a target.
func (p *plan) index(v *survey.Variable, c survey.Classes, named []int32) []int32 {
	index := make([]int32, len(c.Index))
	rows := make([]int, len(c.Values)+1)
	first := make([]int, len(c.Values)+1)
	for i, class := range c.Index {
		index[i] = -1
		if class >= 0 {
			index[i] = named[class]
		}
		if index[i] >= 0 || p.base[i] == 0 {
			continue
		}
		if rows[class+1]++; rows[class+1] == 1 {
			first[class+1] = i + 1
		}
	}
	for k, n := range rows {
		switch {
		case n == 0:
		case k == 0:
			p.dataProblem(survey.Problem{Row: first[k], Variable: v.Name, Message: "the row has no category" + more(n), Remedy: "fill it in, or give such rows a weight of zero"})
		default:
			p.dataProblem(survey.Problem{Row: first[k], Variable: v.Name, Value: c.Labels[k-1], Message: "the category has no target" + more(n), Remedy: "add it to the spec, or collect it with another category"})
		}
	}
	return index
}

// more counts the other rows of a problem.
func more(rows int) string {
	if rows == 1 {
		return ""
	}
	return fmt.Sprintf(" (and in %d more rows)", rows-1)
}

// fitMargins checks the margins' totals and lays out their columns.
func (p *plan) fitMargins(margins []*margin) {
	if len(p.problems) > 0 {
		return
	}
	p.scale(margins)
	for _, m := range margins {
		p.checkEmpty(m)
	}
	if len(p.problems) > 0 {
		return
	}
	p.x = &stats.Sparse{Start: make([]int, 1, p.table.Rows+1)}
	for _, m := range margins {
		out := stats.Margin{Category: m.category}
		for _, t := range m.targets {
			out.Totals = append(out.Totals, t.total)
			p.targets = append(p.targets, fitted{t, m.variable})
		}
		p.margins = append(p.margins, out)
	}
	p.x.Columns = len(p.targets)
	for i := range p.table.Rows {
		first := int32(0)
		for k, m := range margins {
			if c := m.category[i]; c >= 0 {
				p.x.Index = append(p.x.Index, first+c)
			}
			first += int32(len(p.margins[k].Totals))
		}
		p.x.Start = append(p.x.Start, len(p.x.Index))
	}
}

// scale brings all margins to one total: that of the first one given in totals,
// or the sum of the weights where all are given in shares.
func (p *plan) scale(margins []*margin) {
	var first *margin
	population := 0.0
	for _, w := range p.base {
		population += w
	}
	for _, m := range margins {
		if m.isShares() {
			continue
		}
		if sum := m.sum(); sum == 0 || math.Abs(sum-1) < nearlyOne {
			p.specProblem(m.at, survey.Problem{Variable: m.variable, Message: fmt.Sprintf("the targets add to %.6g", sum), Remedy: "give totals, or shares that add to 1"})
			continue
		}
		if first == nil {
			first, population = m, m.sum()
			p.warnPercent(m)
		}
		p.checkAgreement(first, m)
	}
	for _, m := range margins {
		if sum := m.sum(); sum > 0 {
			m.scale(population)
		}
	}
}

// isShares reports whether the targets add to 1.
func (m *margin) isShares() bool { return math.Abs(m.sum()-1) <= agreement }

func (p *plan) warnPercent(m *margin) {
	if math.Abs(m.sum()-100) <= 100*agreement {
		p.warnings = append(p.warnings, fmt.Sprintf("the targets of %s add to 100 and are taken as totals; shares that add to 1 would keep the sum of the weights", m.variable))
	}
}

func (p *plan) checkAgreement(a, b *margin) {
	x, y := a.sum(), b.sum()
	if math.Abs(x-y) > agreement*math.Max(x, y) {
		p.specProblem(b.at, survey.Problem{Variable: b.variable, Message: fmt.Sprintf("the targets add to %.10g, those of %s to %.10g", y, a.variable, x), Remedy: "give margins of one population the same total, or use shares that add to 1"})
	}
}

// checkEmpty finds categories that shall have a total but have no weighted row.
func (p *plan) checkEmpty(m *margin) {
	sum := make([]float64, len(m.targets))
	for i, c := range m.category {
		if c >= 0 {
			sum[c] += p.base[i]
		}
	}
	for k, t := range m.targets {
		if sum[k] == 0 && t.total > 0 {
			p.specProblem(t.at, survey.Problem{Variable: m.variable, Value: t.name, Message: fmt.Sprintf("no row with a weight is in this category, which shall come to %.6g", t.total), Remedy: "collect it with another category"})
		}
	}
}
