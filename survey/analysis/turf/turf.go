// Package turf finds bundles of answers that reach the most people (total
// unduplicated reach and frequency, TURF) under the sample design.
//
// A person is reached by a bundle with at least Depth of the items that the person
// wants. Source: Miaoulis, Free & Parsons, TURF: a new planning
// approach for product line extensions, Marketing Research 2 (1990); Nemhauser,
// Wolsey & Fisher, Mathematical Programming 14 (1978) for the bound.
package turf

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// Options ask for bundles.
type Options struct {
	// set is a multiple-response set whose answers are the items; or Items are
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
	items, problems := itemsOf(s.Table(), o)
	if o.Unanswered != LeftOut && o.Unanswered != NotReached {
		problems = append(problems, survey.UnknownName("way with unanswered items", string(o.Unanswered), []string{string(LeftOut), string(NotReached)}))
	}
	if o.Keep < 1 {
		problems = append(problems, survey.Problem{Value: strconv.Itoa(o.Keep), Message: "fewer than one bundle of a size is wanted", Remedy: "keep 1 or more"})
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	rules, sizes, problems := rulesOf(items, o)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	rows, err := s.Alike("TURF", variablesOf(s.Table(), o)...)
	if err != nil {
		return nil, err
	}
	g := &gathered{sample: s, rows: rows, items: items, depth: o.Depth, unanswered: o.Unanswered}
	people, err := g.people()
	switch {
	case err != nil:
		return nil, err
	case people == nil && g.incomplete > 0:
		return nil, survey.Problems{{Message: "nobody with a weight answered all of the items", Remedy: "leave out items that few were asked, or count items left out as not wanted (not-reached)"}}
	case people == nil:
		return nil, survey.Problems{{Message: "nobody with a weight answered any of the items", Remedy: "check the items, the weight and --where"}}
	}
	var out []Bundles
	for _, size := range sizes {
		rules.Size = size
		b, err := g.bundles(size, people.Search(rules))
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// gathered are the items with the people who answered them.
type gathered struct {
	sample *estimate.Sample
	// rows are those of the sample, or groups of rows that answered the items alike.
	rows  *estimate.Sample
	items []item
	depth int
	// unanswered is how the incomplete count: so many left some items out.
	unanswered Unanswered
	incomplete int
}

// people counts them by what they want; nil where there is nobody.
func (g *gathered) people() (*people, error) {
	rows, frame := g.rows.Rows(), g.rows.Frame()
	wants, answered := make([]set, len(rows)), make([]int, len(rows))
	for j, x := range g.items {
		wanted, err := g.rows.Sort(x.wanted)
		if err != nil {
			return nil, err
		}
		for i, w := range wanted {
			if rows[i] && w >= 0 {
				answered[i]++
				wants[i] |= set(w) << j
			}
		}
	}
	weights, somebody := make([]float64, len(rows)), false
	for i, n := range answered {
		weight := frame.ByRow.Weights[i]
		if n > 0 && n < len(g.items) && weight > 0 {
			g.incomplete += frame.Count(i)
		}
		if n == len(g.items) || n > 0 && g.unanswered == NotReached {
			weights[i] = weight
			somebody = somebody || weight > 0
		}
	}
	if !somebody {
		return nil, nil
	}
	return newPeople(wants, weights, len(g.items), g.depth), nil
}

// counting is the condition under which a person counts.
func (g *gathered) counting() engine.Condition {
	answers := make([]engine.Number, len(g.items))
	for j, x := range g.items {
		answers[j] = engine.Place{Of: x.wanted}
	}
	if g.unanswered == NotReached {
		answers = []engine.Number{engine.Given(answers)}
	}
	return engine.Condition{Axis: engine.Existing(answers)}
}

// bundles measures what was found, all by one query: term 0 is 1 for everybody,
// then come whether the row is reached and how many items it wants.
func (g *gathered) bundles(size int, f found) (Bundles, error) {
	out := Bundles{Size: size, Unanswered: g.unanswered, Incomplete: g.incomplete, Exact: f.Exact, Bound: survey.FigureOf(f.Bound), Gap: survey.FigureOf(f.Bound - f.Best[0].Reach)}
	totals, err := g.sample.Sums(engine.Query{Numbers: g.numbers(f.Best), Where: []engine.Condition{g.counting()}})
	if err != nil {
		return out, err
	}
	base := totals.Base([]int{0})
	for k, p := range f.Best {
		reached, wanted, all := []int{1 + 2*k}, []int{2 + 2*k}, []int{0}
		b := Bundle{Items: g.labels(p.Items)}
		fill := func(statistic string, ask estimate.Ask) survey.Estimate {
			r := estimate.Blank(g.sample.Level())
			r.Statistic, r.Category = statistic, strings.Join(b.Items, " + ")
			ask.Fill(&r, totals, base)
			return r
		}
		b.Reach = fill("reach", estimate.Ask{Function: estimate.Share.Function, Arguments: [][]int{reached, all}, Share: true, Method: g.sample.Interval()})
		b.Frequency = fill("frequency", estimate.Ask{Function: estimate.Mean.Function, Arguments: [][]int{wanted, all}})
		if k > 0 {
			lead := fill("lead", estimate.Ask{Function: estimate.Difference.Function, Arguments: [][]int{{1}, all, reached, all}, Test: true})
			b.Lead = &lead
		}
		out.Best = append(out.Best, b)
	}
	return out, nil
}

// numbers are 1 for everybody, then of each bundle 1 where a person is reached, and
// how many of its items a person wants.
func (g *gathered) numbers(best []portfolio) []engine.Number {
	out := []engine.Number{engine.One{}}
	for _, p := range best {
		var wanted engine.Sum
		for _, j := range p.Items.Items() {
			wanted.Of = append(wanted.Of, engine.Is{Axis: g.items[j].wanted, Cell: 1})
		}
		wanted.Factors = [][]float64{slices.Repeat([]float64{1}, len(wanted.Of))}
		out = append(out, engine.AtLeast{Of: wanted, Least: float64(g.depth)}, wanted)
	}
	return out
}

func (g *gathered) labels(s set) []string {
	var out []string
	for _, j := range s.Items() {
		out = append(out, g.items[j].label)
	}
	return out
}
