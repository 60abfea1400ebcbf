package weighting

import (
	"math"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/spec"
)

// Candidate is a set of margins with what raking to it brings and costs.
type Candidate struct {
	Margins []string `json:"margins"`
	// Error is the mean squared error of the shares (0–1) of all margins' categories.
	Error float64 `json:"mean_squared_error"`
	// Worst is the largest error of a share, 0–1.
	Worst      float64 `json:"worst"`
	KishDeff   float64 `json:"kish_deff"`
	NEffective float64 `json:"n_effective"`
	// Efficient marks sets such that no other has both a smaller error and a larger
	// effective n.
	Efficient bool `json:"efficient"`
	// Failed says why there are no weights, "" where there are.
	Failed string `json:"failed,omitempty"`

	in []bool
}

// mostSubsets is up to how many margins all sets are tried: 2⁶ of them.
const mostSubsets = 6

// Search rakes to sets of the margins of a spec and gives for each the error of the
// shares of all margins and the effective size of the sample: the bias that the
// margins show, and precision. Up to six margins every set is tried; with more, no
// margin, each one, all but each one, all, and the sets that grow by the margin that
// helps most. The sets are ordered by their number of margins. The steps before and
// after the one that rakes are the same for every set; groups within which it rakes
// count each. The error is survey.Problems: the problems of Apply, or a spec without
// a step that rakes to two margins or more, or with several.
func (s *Spec) Search(t *survey.Table, base []float64) ([]Candidate, error) {
	k, err := s.searched()
	if err != nil {
		return nil, err
	}
	before, err := (&Spec{tree: s.tree, steps: s.steps[:k]}).run(t, nil, base)
	if err != nil {
		return nil, err
	}
	plans, err := s.steps[k].bind(t, nil, before.w)
	if err != nil {
		return nil, err
	}
	r := &searcher{spec: s, step: s.steps[k], later: s.steps[k+1:], table: t, plans: plans, base: before.w}
	if n := len(r.step.margins); n <= mostSubsets {
		for set := range 1 << n {
			in := make([]bool, n)
			for k := range in {
				in[k] = set&(1<<k) != 0
			}
			r.try(in)
		}
	} else {
		r.path()
	}
	for k, c := range r.tried {
		beaten := slices.ContainsFunc(r.tried, func(o Candidate) bool {
			better := o.Error < c.Error-equalError || o.NEffective > c.NEffective*(1+agreement)
			return o.Failed == "" && better && o.Error <= c.Error+equalError && o.NEffective >= c.NEffective*(1-agreement)
		})
		r.tried[k].Efficient = c.Failed == "" && !beaten
	}
	slices.SortStableFunc(r.tried, func(a, b Candidate) int { return len(a.Margins) - len(b.Margins) })
	return r.tried, nil
}

// searched is the place of the step whose margins are tried.
func (s *Spec) searched() (int, error) {
	found := -1
	for k, st := range s.steps {
		if st.method != Rake || len(st.margins) < 2 {
			continue
		}
		if found >= 0 {
			return 0, survey.Problems{s.problem(st.at, survey.Problem{Message: "two steps rake to several margins, and a search can only try one step", Remedy: "search each in a separate spec"})}
		}
		found = k
	}
	if found < 0 {
		at, why := s.whyNotSearched()
		return 0, survey.Problems{s.problem(at, survey.Problem{Message: "a search needs a step that rakes to at least two margins" + why, Remedy: "write method: rake with all margins that could be used"})}
	}
	return found, nil
}

// whyNotSearched says why the steps have no margins to choose from.
func (s *Spec) whyNotSearched() (at spec.Place, why string) {
	for _, st := range s.steps {
		switch st.method {
		case Poststratify:
			return st.at, ": post-stratification has one classification, from which nothing can be left out"
		case Calibrate:
			return st.at, ": the totals of a model's columns have different units, so their errors cannot be added up"
		}
	}
	return s.steps[0].at, ""
}

type searcher struct {
	spec  *Spec
	step  *step
	later []*step
	table *survey.Table
	// plans are the step bound with all margins, one for each group.
	plans []*plan
	// base are the weights that the step begins from.
	base  []float64
	tried []Candidate
}

// path tries the sets that are worth a look where there are many margins.
func (r *searcher) path() {
	n := len(r.step.margins)
	chosen := make([]bool, n)
	r.try(chosen)
	for range n {
		best, least := -1, math.Inf(1)
		for k := range n {
			if chosen[k] {
				continue
			}
			chosen[k] = true
			if c := r.try(chosen); c.Failed == "" && c.Error < least || best < 0 {
				best, least = k, c.Error
			}
			chosen[k] = false
		}
		chosen[best] = true
	}
	for k := range n {
		chosen[k] = false
		r.try(chosen)
		chosen[k] = true
	}
}

// try rakes to a set of margins, once.
func (r *searcher) try(in []bool) Candidate {
	if k := slices.IndexFunc(r.tried, func(c Candidate) bool { return slices.Equal(c.in, in) }); k >= 0 {
		return r.tried[k]
	}
	c := Candidate{Margins: []string{}, in: slices.Clone(in)}
	reduced := *r.step
	reduced.margins = nil
	for k, m := range r.step.margins {
		if in[k] {
			c.Margins = append(c.Margins, m.label())
			reduced.margins = append(reduced.margins, m)
		}
	}
	steps := r.later
	if len(reduced.margins) > 0 {
		steps = append([]*step{&reduced}, steps...)
	}
	made, err := (&Spec{tree: r.spec.tree, steps: steps}).run(r.table, nil, r.base)
	if err != nil {
		c.Failed = failure(err)
	} else {
		d := stats.DescribeWeights(made.w, nil)
		c.KishDeff, c.NEffective = d.Deff, d.NEffective
		c.Error, c.Worst = r.misfit(made.w)
	}
	r.tried = append(r.tried, c)
	return c
}

// failure is the first of the faults, without its place.
func failure(err error) string {
	if problems, ok := err.(survey.Problems); ok {
		p := problems[0]
		return strings.TrimSpace(p.Variable+" "+p.Value) + ": " + p.Message
	}
	return err.Error()
}

// misfit is how far the shares of all margins' categories are off, in each group.
func (r *searcher) misfit(w []float64) (mean, worst float64) {
	count := 0
	for _, p := range r.plans {
		for _, m := range p.fit.(*marginFit).margins {
			reached := make([]float64, len(m.targets))
			all := 0.0
			for i, c := range m.category {
				if c >= 0 {
					reached[c] += w[i]
					all += w[i]
				}
			}
			for k, total := range m.totals(p.base) {
				off := reached[k]/all - total/m.population
				mean += off * off
				worst = math.Max(worst, math.Abs(off))
				count++
			}
		}
	}
	return mean / float64(count), worst
}

// equalError is what rounding leaves of an error of 0.
const equalError = 1e-15
