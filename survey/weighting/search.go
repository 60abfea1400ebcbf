package weighting

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
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
	// Efficient marks sets that no other set beats in error and effective n both.
	Efficient bool `json:"efficient"`
	// Failed says why there are no weights, "" where there are.
	Failed string `json:"failed,omitempty"`

	in []bool
}

// mostSubsets is up to how many margins all sets are tried: 2⁶ of them.
const mostSubsets = 6

// Search rakes to sets of the margins of a spec and shows for each how far the
// shares of all margins stay off against what is left of the sample: bias that
// the margins can see, and precision. Up to six margins every set is tried;
// beyond that none, each one, all but each one, all, and those on the way on
// which the margin that helps most is added next. The sets are ordered by their
// number of margins. It chooses nothing. The error is survey.Problems: those of
// Apply, or a spec that is not one step of raking to two margins or more.
func (s *Spec) Search(t *survey.Table, base []float64) ([]Candidate, error) {
	first := s.steps[0]
	if len(s.steps) != 1 || first.method != Rake || len(first.margins) < 2 || first.within.text != "" {
		return nil, survey.Problems{s.problem(first.at, survey.Problem{Message: "a search needs one step of raking to two margins or more", Remedy: "write method: rake with all margins that could be used, without steps and within"})}
	}
	plans, err := first.bind(t, base)
	if err != nil {
		return nil, err
	}
	r := &searcher{margins: plans[0].fit.(*marginFit).margins, base: base}
	if n := len(r.margins); n <= mostSubsets {
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
	return r.ordered(), nil
}

type searcher struct {
	margins []*margin
	base    []float64
	tried   []Candidate
}

// path tries the sets that are worth a look where there are many margins.
func (r *searcher) path() {
	n := len(r.margins)
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
	var margins []stats.Margin
	for k, m := range r.margins {
		if in[k] {
			c.Margins = append(c.Margins, m.variable)
			margins = append(margins, stats.Margin{Category: m.category, Totals: m.totals(r.base)})
		}
	}
	fitted, err := stats.Rake(r.base, margins)
	if err != nil {
		c.Failed = "these margins contradict each other in this sample"
	} else {
		w := times(r.base, fitted.G)
		d := stats.DescribeWeights(w)
		c.KishDeff, c.NEffective = d.Deff, d.NEffective
		c.Error, c.Worst = r.misfit(w)
	}
	r.tried = append(r.tried, c)
	return c
}

// misfit is how far the shares of all margins' categories are off.
func (r *searcher) misfit(w []float64) (mean, worst float64) {
	count := 0
	for _, m := range r.margins {
		reached := make([]float64, len(m.targets))
		all := 0.0
		for i, c := range m.category {
			if c >= 0 {
				reached[c] += w[i]
				all += w[i]
			}
		}
		for k, total := range m.totals(r.base) {
			off := reached[k]/all - total/m.population
			mean += off * off
			worst = math.Max(worst, math.Abs(off))
			count++
		}
	}
	return mean / float64(count), worst
}

// equalError is what rounding leaves of an error of 0.
const equalError = 1e-15

// ordered are the candidates by number of margins, the efficient ones marked.
func (r *searcher) ordered() []Candidate {
	for k, c := range r.tried {
		beaten := slices.ContainsFunc(r.tried, func(o Candidate) bool {
			better := o.Error < c.Error-equalError || o.NEffective > c.NEffective*(1+agreement)
			return o.Failed == "" && better && o.Error <= c.Error+equalError && o.NEffective >= c.NEffective*(1-agreement)
		})
		r.tried[k].Efficient = c.Failed == "" && !beaten
	}
	slices.SortStableFunc(r.tried, func(a, b Candidate) int { return len(a.Margins) - len(b.Margins) })
	return r.tried
}
