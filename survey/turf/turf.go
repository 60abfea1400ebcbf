// Package turf finds bundles of answers that reach the most people (total
// unduplicated reach and frequency) under the sample design.
package turf

import (
	"cmp"
	"strings"

	"surveykit/stats/reach"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// Options ask for bundles.
type Options struct {
	// Set is a multiple-response set whose answers are the items; or Items are
	// variables, and Chosen the condition on value under which one is wanted.
	Set    string
	Items  []string
	Chosen string
	// Sizes are the numbers of items. Default: all that are possible, up to 5.
	Sizes []int
	// Depth is the least number of wanted items that reaches a person. Default 1.
	Depth int
	// Require and Exclude are items by label or name.
	Require, Exclude []string
	// Unanswered says what people are who left some of the items out: LeftOut (the
	// default), so that everybody who counts answered all items, or NotReached, so
	// that what they left out is not wanted.
	Unanswered Unanswered
	// Keep is how many bundles of a size are wanted. Required.
	Keep int
}

// Unanswered is a way with people who left some of the items out.
type Unanswered string

// The ways with people who left some of the items out; the zero value is LeftOut.
const (
	LeftOut    Unanswered = "left-out"
	NotReached Unanswered = "not-reached"
)

// Bundles are the best bundles of one size.
type Bundles struct {
	Size int `json:"size"`
	// Unanswered is how people count who left some of the items out, and Incomplete
	// their number among those with a weight and an answer.
	Unanswered Unanswered `json:"unanswered"`
	Incomplete int        `json:"incomplete"`
	// Exact says that no other bundle of the size reaches more; Bound is what
	// none exceeds, and Gap how far the best is from it (0–1).
	Exact bool          `json:"exact"`
	Bound survey.Figure `json:"bound"`
	Gap   survey.Figure `json:"gap"`
	// Best come by reach, then by frequency.
	Best []Bundle `json:"bundles"`
}

// Bundle is one set of items.
type Bundle struct {
	Items []string `json:"items"`
	// Reach is the share of people who want at least Depth of its items.
	Reach survey.Estimate `json:"reach"`
	// Frequency is how many of its items a person wants, in the mean.
	Frequency survey.Estimate `json:"frequency"`
	// Lead is how much more the best bundle of the size reaches, tested with
	// their joint covariance; nil for the best itself.
	Lead *survey.Estimate `json:"lead,omitempty"`
}

// Search finds the best bundles of each size for the sample's rows. A person
// counts who answered all of the items or, with NotReached, any of them.
// Intervals and leads are design-based for each bundle as if it had been named
// beforehand: the best of many is flattered a little by having been chosen.
// The error is survey.Problems: unknown items, sizes or rules that cannot be met,
// nobody with an answer.
func Search(s *estimate.Sample, o Options) ([]Bundles, error) {
	if o.Depth == 0 {
		o.Depth = 1
	}
	o.Unanswered = cmp.Or(o.Unanswered, LeftOut)
	items, problems := itemsOf(s.Table, o)
	if o.Unanswered != LeftOut && o.Unanswered != NotReached {
		problems = append(problems, survey.UnknownName("way with unanswered items", string(o.Unanswered), []string{string(LeftOut), string(NotReached)}))
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	rules, sizes, problems := rulesOf(items, o)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	g := &gathered{sample: s, items: items, depth: o.Depth, unanswered: o.Unanswered}
	people := g.people()
	switch {
	case people == nil && g.incomplete > 0:
		return nil, survey.Problems{{Message: "nobody with a weight answered all of the items", Remedy: "leave out items that were asked of few, or count what people left out as not wanted (not-reached)"}}
	case people == nil:
		return nil, survey.Problems{{Message: "nobody has both a weight and an answer to one of the items", Remedy: "check the items, the weight and --where"}}
	}
	var out []Bundles
	for _, size := range sizes {
		rules.Size = size
		out = append(out, g.bundles(size, people.Search(rules)))
	}
	return out, nil
}

// gathered are the items with the people who answered them.
type gathered struct {
	sample *estimate.Sample
	items  []item
	depth  int
	// unanswered is how the incomplete count: so many left some items out.
	unanswered Unanswered
	incomplete int
	// wants is each row's set of wanted items, cell 0 where the row counts and -1
	// elsewhere.
	wants []reach.Set
	cell  []int32
}

// people counts them by what they want; nil where there is nobody.
func (g *gathered) people() *reach.People {
	g.wants, g.cell = make([]reach.Set, g.sample.Table.Rows), make([]int32, g.sample.Table.Rows)
	weights, somebody := make([]float64, len(g.wants)), false
	for i, in := range g.sample.Rows() {
		answered := 0
		for j, x := range g.items {
			if in && x.wanted[i] >= 0 {
				answered++
				g.wants[i] |= reach.Set(x.wanted[i]) << j
			}
		}
		weight := g.sample.Frame.Weights[i]
		if answered > 0 && answered < len(g.items) && weight > 0 {
			g.incomplete++
		}
		if g.cell[i] = -1; answered == len(g.items) || answered > 0 && g.unanswered == NotReached {
			g.cell[i], weights[i] = 0, weight
			somebody = somebody || weight > 0
		}
	}
	if !somebody {
		return nil
	}
	return reach.NewPeople(g.wants, weights, len(g.items), g.depth)
}

// bundles measures what was found, all by one query: term 0 is 1 for everybody,
// then come whether the row is reached and how many items it wants.
func (g *gathered) bundles(size int, f reach.Found) Bundles {
	out := Bundles{Size: size, Unanswered: g.unanswered, Incomplete: g.incomplete, Exact: f.Exact, Bound: survey.Figure(f.Bound), Gap: survey.Figure(f.Bound - f.Best[0].Reach)}
	totals := g.sample.Frame.Totals(engine.Pass{Cell: g.cell, Cells: 1, Terms: g.terms(f.Best)})
	base := totals.Base([]int{0})
	for k, p := range f.Best {
		reached, wanted, all := []int{1 + 2*k}, []int{2 + 2*k}, []int{0}
		b := Bundle{Items: g.labels(p.Items)}
		fill := func(statistic string, ask estimate.Ask) survey.Estimate {
			r := estimate.Blank(g.sample.Level)
			r.Statistic, r.Category = statistic, strings.Join(b.Items, " + ")
			ask.Fill(&r, totals, base)
			return r
		}
		b.Reach = fill("reach", estimate.Ask{Function: estimate.Share.Function, Arguments: [][]int{reached, all}, Share: true, Method: g.sample.Interval})
		b.Frequency = fill("frequency", estimate.Ask{Function: estimate.Mean.Function, Arguments: [][]int{wanted, all}})
		if k > 0 {
			lead := fill("lead", estimate.Ask{Function: estimate.Difference.Function, Arguments: [][]int{{1}, all, reached, all}, Test: true})
			b.Lead = &lead
		}
		out.Best = append(out.Best, b)
	}
	return out
}

func (g *gathered) terms(best []reach.Portfolio) *engine.Terms {
	t := &engine.Terms{Count: 1 + 2*len(best), Start: make([]int32, len(g.cell)+1)}
	add := func(index int, x float64) { t.Index, t.Value = append(t.Index, int32(index)), append(t.Value, x) }
	for i, c := range g.cell {
		if c == 0 {
			add(0, 1)
			for k, p := range best {
				wanted := (p.Items & g.wants[i]).Len()
				if wanted >= g.depth {
					add(1+2*k, 1)
				}
				if wanted > 0 {
					add(2+2*k, float64(wanted))
				}
			}
		}
		t.Start[i+1] = int32(len(t.Index))
	}
	return t
}

func (g *gathered) labels(s reach.Set) []string {
	var out []string
	for _, j := range s.Items() {
		out = append(out, g.items[j].label)
	}
	return out
}
