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

// fit is a step bound to rows: it makes weights from weights.
type fit interface {
	// factors are what weights d are multiplied by; rows that are not its own
	// have 1. The error is a *stats.MisfitError where a total is missed.
	factors(d []float64) (stats.Calibration, error)
	// residuals know how the weights w were made from d; nil where the factors count
	// as known.
	residuals(d, w []float64) engine.Residualizer
	// columns are the totals that it fits, nil for none.
	columns() (*stats.Sparse, []fitted)
}

// fitted is a target with the variable that it belongs to.
type fitted struct {
	target
	variable string
}

// plan is a step bound to the rows of one group, or of all.
type plan struct {
	*step
	table *survey.Table
	// count is how many rows of the data each row is; nil where each is one.
	count []int
	// in marks the rows of the group, nil for all; group names it.
	in    []bool
	group string
	// base are the weights before, 0 outside the group.
	base     []float64
	fit      fit
	problems survey.Problems
	warnings survey.Notices
}

// bind finds what the step names in a table, for each group of rows that it
// weights on its own.
func (s *step) bind(t *survey.Table, count []int, base []float64) ([]*plan, error) {
	plans, problems := s.groups(t, count, base)
	for _, p := range plans {
		if p.base = p.own(base); len(problems) == 0 {
			p.bind()
		}
		for _, f := range p.problems {
			if !slices.Contains(problems, f) {
				problems = append(problems, f)
			}
		}
	}
	return plans, problems.Err()
}

func (p *plan) bind() {
	if p.checkBase(); len(p.problems) > 0 {
		return
	}
	switch p.method {
	case Rake, Poststratify:
		p.bindMargins()
	case Calibrate:
		p.calibrate()
	case Trim:
		p.fit = &trimming{plan: p}
	case Nonresponse:
		p.nonresponse()
	case Propensity:
		p.propensity()
	}
}

// groups makes a plan for each category of the variable within which the step
// works, in the order of its categories.
func (s *step) groups(t *survey.Table, count []int, base []float64) ([]*plan, survey.Problems) {
	all := &plan{step: s, table: t, count: count, base: base}
	if s.within.text == "" {
		return []*plan{all}, nil
	}
	v := all.variable(s.within.at, s.within.text)
	if v == nil {
		return nil, all.problems
	}
	var plans []*plan
	classes := survey.Classify(v)
	rows := make([]int, len(classes.Values))
	for i, c := range classes.Index.All() {
		if c >= 0 && base[i] > 0 {
			rows[c]++
		}
	}
	all.index(v, classes, make([]int32, len(classes.Values)))
	for k, label := range classes.Labels {
		if rows[k] == 0 {
			continue
		}
		p := &plan{step: s, table: t, count: count, group: v.Name + " " + label, in: make([]bool, t.Rows)}
		for i, c := range classes.Index.All() {
			p.in[i] = int(c) == k
		}
		plans = append(plans, p)
	}
	return plans, all.problems
}

// own are weights of the plan's rows, 0 for the others.
func (p *plan) own(w []float64) []float64 {
	if p.in == nil {
		return w
	}
	out := make([]float64, len(w))
	for i, in := range p.in {
		if in {
			out[i] = w[i]
		}
	}
	return out
}

// of names the group in a message.
func (p *plan) of() string {
	if p.group == "" {
		return ""
	}
	return " in " + p.group
}

// rows is how many rows of the data a row is.
func (p *plan) rows(row int) int {
	if p.count == nil {
		return 1
	}
	return p.count[row]
}

// dataProblem is a fault of the data.
func (p *plan) dataProblem(f survey.Problem) {
	if p.count != nil {
		f.Row = 0 // of the groups
	}
	if len(p.table.Sources) > 0 {
		f.File = p.table.Sources[0].Path
	}
	p.problems = append(p.problems, f)
}

func (p *plan) specProblem(at spec.Place, f survey.Problem) {
	p.problems = append(p.problems, p.spec.problem(at, f))
}

func (p *plan) checkBase() {
	var sum float64
	for i, w := range p.base {
		if !(w >= 0) || math.IsInf(w, 0) {
			p.dataProblem(survey.Problem{Row: i + 1, Value: survey.FormatNumber(w), Message: "the weight is not a number of zero or more", Remedy: "give every row a weight"})
			return
		}
		sum += w
	}
	if sum == 0 {
		p.dataProblem(survey.Problem{Message: "no row has a weight above zero", Remedy: "check the weight column"})
	}
}

func (p *plan) variable(at spec.Place, name string) *survey.Variable {
	v := p.table.Lookup(name)
	if v == nil {
		p.specProblem(at, p.table.Unknown(name))
	}
	return v
}

// more counts the other rows of a problem.
func more(rows int) string {
	if rows == 1 {
		return ""
	}
	return fmt.Sprintf(" (and in %d more rows)", rows-1)
}
