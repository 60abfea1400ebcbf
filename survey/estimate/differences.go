package estimate

import (
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// DifferenceRecord is the record of a difference of two means: To minus From. A
// figure that does not exist is NaN and a flag says why.
type DifferenceRecord struct {
	Variable string        `json:"variable"`
	Group    survey.Group  `json:"group"`
	Codes    survey.Group  `json:"group_codes"`
	From     string        `json:"from"`
	To       string        `json:"to"`
	FromMean survey.Figure `json:"estimate_from"`
	ToMean   survey.Figure `json:"estimate_to"`
	Value    survey.Figure `json:"estimate"`
	SE       survey.Figure `json:"se"`
	Low      survey.Figure `json:"ci_low"`
	High     survey.Figure `json:"ci_high"`
	Level    survey.Figure `json:"level"`
	T        survey.Figure `json:"t"`
	DF       survey.Figure `json:"df"`
	P        survey.Figure `json:"p"`
	// Adjusted is P corrected for the family of comparisons; see Adjust.
	Adjusted survey.Figure `json:"p_adjusted"`
	// PCounts is the p-value by counts where a side has fewer than five effective
	// yes or no answers; see stats.SharePair. It is nil for any other difference.
	PCounts *survey.Figure `json:"p_counts,omitempty"`
	// NFrom and NTo count the rows behind the two means.
	NFrom int      `json:"n_from"`
	NTo   int      `json:"n_to"`
	Flags []string `json:"flags"`
	// LeftOut counts the replicates without anybody in one of the groups.
	LeftOut int `json:"replicates_left_out,omitempty"`
}

// Between names two categories of a variable.
type Between struct{ Variable, From, To string }

// ParseBetween reads VAR:FROM,TO. A category that holds a comma is not
// possible in this form: use its code.
func ParseBetween(s string) (Between, error) {
	variable, levels, ok := strings.Cut(s, ":")
	from, to, comma := strings.Cut(levels, ",")
	b := Between{strings.TrimSpace(variable), strings.TrimSpace(from), strings.TrimSpace(to)}
	if !ok || !comma || b.Variable == "" || b.From == "" || b.To == "" {
		return b, survey.Problems{{Value: s, Message: "the comparison is not of the form VARIABLE:FROM,TO", Remedy: "for example --between wave:2008,2011"}}
	}
	return b, nil
}

// Differences estimates, in each domain, the mean in one category of a
// variable minus the mean in another, with their joint covariance: people or
// PSUs in both need no special case. df are the PSUs minus strata among the
// rows of both groups; p is two-sided.
// This is the design-based two-sample t test.
// Equals R survey::svycontrast on svyby(…, covmat = TRUE), and survey::svyttest
// but for its df, which are one less.
func (s *Sample) Differences(names []string, b Between) ([]DifferenceRecord, error) {
	var out []DifferenceRecord
	sides, labels, problems := s.sides(b)
	for _, name := range names {
		_, err := s.numeric(name)
		if problems = append(problems, err...); len(problems) > 0 {
			continue
		}
		y, totals, failure := s.byCells(engine.Answer{Column: name}, sides)
		if failure != nil {
			return nil, failure
		}
		for d := range s.cells.group {
			c := s.comparison(name, d, labels[0], labels[1])
			c.fill(totals, y, []int{2 * d}, []int{2*d + 1})
			out = append(out, c)
		}
	}
	return out, problems.Err()
}

// byCells totals 1 and the answers over domain × cell.
func (s *Sample) byCells(x engine.Number, of engine.Axis) (y Answers, totals *engine.Totals, err error) {
	if y, err = s.centred(x); err != nil {
		return y, nil, err
	}
	totals, err = s.Sums(engine.Query{Cells: []engine.Axis{of}, Numbers: y.Mean()})
	return y, totals, err
}

// sides is the axis of the two categories that are compared, with their labels.
func (s *Sample) sides(b Between) (axis engine.Codes, labels [2]string, problems survey.Problems) {
	if _, problems := s.variable(b.Variable); len(problems) > 0 {
		return axis, labels, problems
	}
	c, err := s.engine.Categories(s.ctx, b.Variable)
	if err != nil {
		return axis, labels, asProblems(err)
	}
	axis.Column = b.Variable
	for k, name := range []string{b.From, b.To} {
		at := c.Find(survey.TextValue(name))
		if at < 0 {
			p := survey.UnknownName("category", name, c.Labels)
			p.Variable = b.Variable
			problems = append(problems, p)
			continue
		}
		labels[k] = c.Labels[at]
		axis.Values = append(axis.Values, c.Values[at:at+1])
	}
	return axis, labels, problems
}

// comparison starts the record of a comparison in one domain.
func (s *Sample) comparison(variable string, domain int, from, to string) DifferenceRecord {
	return DifferenceRecord{Variable: variable, Group: s.cells.group[domain], Codes: s.cells.codes[domain], From: from, To: to,
		Level: survey.FigureOf(s.level)}
}

// fill compares the mean over some cells with that over others, which may
// overlap, of totals of 1 (term 0) and y - centre (term 1). Where they do, the
// shares of 0/1 answers are compared at an edge without those on both sides.
// Near an edge the difference keeps its t, and the p-value by counts is beside it.
func (c *DifferenceRecord) fill(totals *engine.Totals, y Answers, from, to []int) {
	centre := y.Centre
	before, after := mean(totals, from), mean(totals, to)
	r := Blank(c.Level.Float())
	c.NFrom, c.NTo = rowsOf(totals, before[1]), rowsOf(totals, after[1])
	if c.NFrom == 0 || c.NTo == 0 {
		r.Flags = append(r.Flags, survey.FlagNoRows)
	} else {
		c.FromMean = survey.FigureOf(totals.At(Shifted(centre), before))
		c.ToMean = survey.FigureOf(totals.At(Shifted(centre), after))
		ask := Ask{Function: Difference.Function, Arguments: append(after, before...), Test: true}
		all := slices.Concat(before[1], after[1])
		slices.Sort(all)
		base := totals.Base(slices.Compact(all))
		if y.Edge != nil {
			apart := mean(totals, slices.DeleteFunc(slices.Clone(from), func(c int) bool { return slices.Contains(to, c) }))
			shares := &Shares{From: shareOf(apart), To: shareOf(after)}
			if pair := shares.Pair(totals, base.DF); pair.Edge() == stats.NearEdge {
				p := survey.FigureOf(pair.P())
				c.PCounts = &p
				r.Flag(survey.FlagNearEdge)
			} else {
				ask.Shares = shares
			}
		}
		ask.Fill(&r, totals, base)
	}
	c.set(r)
}

// set takes over the tested difference.
func (c *DifferenceRecord) set(r survey.Estimate) {
	c.Value, c.SE, c.Low, c.High, c.T, c.DF, c.P, c.Flags = r.Value, r.SE, r.Low, r.High, r.T, r.DF, r.P, r.Flags
	c.LeftOut = r.LeftOut
}

// mean lists the totals of term 1 and of term 0 over some cells.
func mean(t *engine.Totals, cells []int) [][]int {
	arguments := make([][]int, 2)
	for _, c := range cells {
		arguments[0] = append(arguments[0], t.Index(c, 1))
		arguments[1] = append(arguments[1], t.Index(c, 0))
	}
	return arguments
}

// shareOf are the totals of a mean of 0/1 answers.
func shareOf(mean [][]int) ShareTotals {
	return ShareTotals{Count: mean[0], Under: mean[1], Base: mean[1]}
}

func rowsOf(t *engine.Totals, js []int) int {
	n := 0
	for _, j := range js {
		n += t.N[j]
	}
	return n
}

// PairedDifference is Σw(a−b)/Σw over the rows that answered both items: the
// design-based paired t test.
var PairedDifference = Estimator{
	Name: "paired", Formula: "Σw(a−b)/Σw",
	Source:    "Särndal, Swensson & Wretman 1992, section 5.7",
	Reference: "survey::svyttest(I(a - b) ~ 0), but for its df, which are one less",
	Function:  smooth(func(t []dual) dual { return t[1].minus(t[2]).over(t[0]) }),
}

// ParsePair reads A,B, two names of variables.
func ParsePair(s string) (a, b string, err error) {
	a, b, ok := strings.Cut(s, ",")
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if !ok || a == "" || b == "" || strings.Contains(b, ",") {
		return "", "", survey.Problems{{Value: s, Message: "the pair is not of the form A,B", Remedy: "name two variables"}}
	}
	return a, b, nil
}

// Paired estimates in each domain the mean of item a minus that of item b, over
// rows that answered both. df are the PSUs minus strata among them; p is two-sided.
func (s *Sample) Paired(a, b string) ([]DifferenceRecord, error) {
	_, problems := s.numeric(a)
	_, more := s.numeric(b)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	x, y := engine.Answer{Column: a}, engine.Answer{Column: b}
	p, err := s.centred(x, existing(x, y)...)
	if err != nil {
		return nil, err
	}
	q, err := s.centred(y, existing(x, y)...)
	if err != nil {
		return nil, err
	}
	totals, err := s.Sums(engine.Query{Numbers: []engine.Number{engine.One{}, p.Number, q.Number}, Where: existing(x, y)})
	if err != nil {
		return nil, err
	}
	out := make([]DifferenceRecord, len(s.cells.group))
	for d := range out {
		c := s.comparison(a+" - "+b, d, b, a)
		base := totals.Base([]int{totals.Index(d, 0)})
		r := Blank(s.level)
		ask := Ask{Function: shifted(PairedDifference.Function, p.Centre-q.Centre), Arguments: at(totals, d, 0, 1, 2), Test: true}
		ask.Fill(&r, totals, base)
		if c.NFrom, c.NTo = base.N, base.N; base.N > 0 {
			c.ToMean = survey.FigureOf(totals.At(Shifted(p.Centre), at(totals, d, 1, 0)))
			c.FromMean = survey.FigureOf(totals.At(Shifted(q.Centre), at(totals, d, 2, 0)))
		}
		c.set(r)
		out[d] = c
	}
	return out, nil
}

// shifted adds a constant to a function.
func shifted(f engine.Function, by float64) engine.Function {
	return engine.Function{Value: func(t []float64) float64 { return by + f.Value(t) }, Gradient: f.Gradient}
}

// Adjustment corrects p-values for the number of tests in their family.
type Adjustment string

// The corrections; see stats.Bonferroni, stats.Holm and stats.BenjaminiHochberg.
const (
	NoAdjustment Adjustment = "none"
	ByBonferroni Adjustment = "bonferroni"
	ByHolm       Adjustment = "holm"
	ByBH         Adjustment = "bh"
)

// Adjustments lists the corrections.
var Adjustments = []Adjustment{NoAdjustment, ByBonferroni, ByHolm, ByBH}

// AdjustComparisons fills in the adjusted p of comparisons that are one family.
// A comparison without p does not count in it.
func (a Adjustment) AdjustComparisons(family []DifferenceRecord) {
	for i, p := range a.adjust(len(family), func(i int) survey.Figure { return family[i].P }) {
		family[i].Adjusted = survey.FigureOf(p)
	}
}

// AdjustTests fills in the adjusted p of tests that are one family.
func (a Adjustment) AdjustTests(family []TestRecord) {
	for i, p := range a.adjust(len(family), func(i int) survey.Figure { return family[i].P }) {
		family[i].Adjusted = survey.FigureOf(p)
	}
}

// adjust returns n adjusted p-values, none without an adjustment.
func (a Adjustment) adjust(n int, p func(i int) survey.Figure) []float64 {
	ps := make([]float64, n)
	for i := range ps {
		ps[i] = p(i).Float()
	}
	switch a {
	case ByBonferroni:
		return stats.Bonferroni(ps)
	case ByHolm:
		return stats.Holm(ps)
	case ByBH:
		return stats.BenjaminiHochberg(ps)
	}
	return nil
}
