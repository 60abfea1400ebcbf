package segment

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"surveykit/stats"
	"surveykit/stats/mixture"
	"surveykit/stats/tree"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// CHAIDMethod grows trees by package stats/tree. A study cannot ask for it: it
// needs a target, and its segments are rules, which a recode of the study holds.
var CHAIDMethod = &Method{
	Name:  "chaid",
	Short: "CHAID tree: segments whose answers to a target differ",
	Example: `  surveykit segment chaid wave.csv --weight w --psu psu --target opted_out --items trust:ordinal,age:scale,region
  surveykit segment chaid study.yaml --target share --items profile --depth 2 --rules segments.yaml`,
	Formula: "splits a node by the item of the smallest p of Rao and Scott's test against the target, times Bonferroni's multiplier for the mergers of its answers",
	Source:  "Kass 1980; Rao & Scott 1984",
	fits: func(m *Model) string {
		if m.Tree == nil || len(m.Tree.Cuts) != len(m.Items) {
			return misfit
		}
		return m.Tree.fits(m.Items, len(m.Names))
	},
	assign: func(m *Model, in []mixture.Item) ([]int32, [][]float64) { return m.Tree.assign(in), nil },
}

// mostTargets and mostBranches bound the tables that are tested.
const (
	mostTargets  = 20
	mostBranches = 40
	// intervals that a number on a scale is cut into.
	intervals = 10
)

// CHAIDOptions ask for a tree.
type CHAIDOptions struct {
	// Target is the item whose answers the segments are to tell apart; Items are
	// the predictors, as Indicators reads them. Required.
	Target string
	Items  []string
	// Growth are the bounds of the growth.
	Growth tree.Options
	// Resamples of PSUs, drawn by Seed, show how stable the leaves are; 0 for none,
	// as with replicate weights, which have no PSUs to test resamples by.
	Resamples int
	Seed      uint64
}

// CHAID is a tree whose leaves are segments.
type CHAID struct {
	Target string `json:"target"`
	// Rows have a weight and a target.
	Rows int `json:"rows"`
	// Nodes in the order of the tree: each before the nodes that come of it.
	Nodes     []TreeNode `json:"nodes"`
	Stability *Stability `json:"stability,omitempty"`
}

// TreeNode is a node of the tree with the people in it.
type TreeNode struct {
	Node   int `json:"node"`
	Parent int `json:"parent"`
	Depth  int `json:"depth"`
	// Condition is what brought people here from the node above, in words; Where
	// all of it down from the root, as an expression.
	Condition string `json:"condition"`
	Where     string `json:"where"`
	// Size is the node's share of all, Answers those of the target's answers in it.
	Size    survey.Estimate   `json:"size"`
	Answers []survey.Estimate `json:"answers"`
	// SplitBy is the item that splits it, P the p-value times Multiplier; "" at a leaf.
	SplitBy    string        `json:"split_by"`
	P          survey.Figure `json:"p"`
	Multiplier survey.Figure `json:"multiplier"`
	// Segment is the leaf's number from 1, 0 elsewhere; Name its conditions.
	Segment int    `json:"segment"`
	Name    string `json:"name,omitempty"`
}

// GrowTree grows a CHAID tree: in each node the predictor whose answers, merged
// as far as they do not differ in the target, tell the target's answers apart
// best. Both questions are put to Rao and Scott's test with the design's
// covariances and the degrees of freedom of the node; where a predictor tells
// the target without exception, so that there is no design effect, to Pearson's
// with Kish's effective number of people. No answer to a predictor is an answer
// of its own. Numbers on a scale are cut into ten intervals of equal weight.
// The error is survey.Problems.
func GrowTree(ctx context.Context, s *estimate.Sample, o CHAIDOptions) (*CHAID, *Solution, error) {
	if err := s.NeedsRows("a CHAID tree"); err != nil {
		return nil, nil, err
	}
	g, err := newGrowth(s, o)
	if err != nil {
		return nil, nil, err
	}
	if g.grown, err = tree.Grow(ctx, g.sampleOf(g.weights), o.Growth); err != nil {
		return nil, nil, err
	}
	b := &Branches{Nodes: g.grown.Nodes, Cuts: g.cuts}
	solution := &Solution{Member: g.members(g.grown), Note: g.note()}
	c := g.record(b)
	for _, n := range g.grown.Leaves() {
		solution.Names = append(solution.Names, c.Nodes[n].Name)
	}
	solution.Model = modelOf(CHAIDMethod, solution.Names, g.items)
	solution.Model.Tree = b
	if s.Frame().Replicates != nil {
		o.Resamples = 0
	}
	c.Stability, err = stability(ctx, s, o.Resamples, o.Seed, solution.Member, g.weights, len(solution.Names), func(ctx context.Context, w []float64) ([]int32, error) {
		again, err := tree.Grow(ctx, g.sampleOf(w), o.Growth)
		if err != nil {
			return nil, err
		}
		return g.members(again), nil
	})
	return c, solution, err
}

// growth is a tree in the making.
type growth struct {
	sample *estimate.Sample
	target Indicator
	items  []Indicator
	in     []tree.Item
	cuts   [][]float64
	// inside marks the rows of the domain with a weight, weights are 0 where also
	// the target is missing.
	inside  []bool
	weights []float64
	grown   *tree.Tree
	// df are the degrees of freedom of everybody, which nodes take with replicate
	// weights.
	df float64
}

func newGrowth(s *estimate.Sample, o CHAIDOptions) (*growth, error) {
	g := &growth{sample: s}
	targets, err := Indicators(s.Table(), []string{o.Target})
	problems, _ := err.(survey.Problems)
	items, err := Indicators(s.Table(), o.Items)
	more, _ := err.(survey.Problems)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	g.target, g.items = targets[0], items
	if err := g.check().Err(); err != nil {
		return nil, err
	}
	var observed []mixture.Item
	observed, g.weights = inputs(s, items)
	g.inside = make([]bool, len(g.weights))
	counted := 0
	for i, w := range g.weights {
		g.inside[i] = w != 0
		if g.target.code(i) < 0 {
			g.weights[i] = 0
		}
		if g.weights[i] != 0 {
			counted++
		}
	}
	if counted == 0 {
		return nil, survey.Problems{{Variable: o.Target, Message: "nobody with a weight answered it", Remedy: "check the target, the weight and --where"}}
	}
	for _, x := range observed {
		g.cuts = append(g.cuts, cutsOf(x, g.weights))
	}
	g.in = (&Branches{Cuts: g.cuts}).items(observed)
	g.df = s.Frame().DF(func(i int) bool { return g.weights[i] != 0 })
	return g, nil
}

// check finds what a tree cannot take.
func (g *growth) check() (problems survey.Problems) {
	name := g.target.Variable.Name
	if g.target.Measure == survey.Scale {
		problems = append(problems, survey.Problem{Variable: name, Message: "is a scale, and a tree needs a target with a few answers", Remedy: "recode it to a few answers"})
	} else if n := len(g.target.Classes.Values); n > mostTargets {
		problems = append(problems, survey.Problem{Variable: name, Message: fmt.Sprintf("has %d answers", n), Remedy: fmt.Sprintf("recode it to at most %d", mostTargets)})
	}
	for _, x := range g.items {
		if x.Variable.Name == name {
			problems = append(problems, survey.Problem{Variable: name, Message: "is both target and predictor", Remedy: "leave it out of the predictors"})
		}
		if n := len(x.Classes.Values); n > mostBranches {
			problems = append(problems, survey.Problem{Variable: x.Variable.Name, Message: fmt.Sprintf("has %d answers", n),
				Remedy: fmt.Sprintf("recode it to at most %d, or write %s:scale for a number", mostBranches, x.Variable.Name)})
		}
	}
	return problems
}

// cutsOf cuts a number on a scale into intervals of about equal weight: their
// upper ends but the last.
func cutsOf(x mixture.Item, weights []float64) []float64 {
	if x.Categories > 0 {
		return nil
	}
	var values, w []float64
	for i, v := range x.Value {
		if v == v && weights[i] > 0 {
			values, w = append(values, v), append(w, weights[i])
		}
	}
	if len(values) == 0 {
		return nil
	}
	sorted := stats.Sort(values, w)
	var cuts []float64
	for b := 1; b < intervals; b++ {
		cuts = append(cuts, sorted.Quantile(float64(b)/intervals, stats.Math))
	}
	cuts = slices.Compact(cuts)
	if n := len(cuts); n > 0 && cuts[n-1] == slices.Max(values) {
		cuts = cuts[:n-1]
	}
	return cuts
}

// sampleOf is what a tree is grown on under some weights.
func (g *growth) sampleOf(weights []float64) *tree.Sample {
	frame := g.sample.Frame()
	if !slices.Equal(weights, g.weights) {
		// A PSU that was drawn twice counts as one of twice the weight, which makes tests
		// of the resample somewhat stricter than those of the sample.
		frame = frame.Reweighted(weights)
	}
	return &tree.Sample{Items: g.in, Weight: weights, Table: func(node tree.At, item int) tree.Table {
		return g.table(frame, weights, node, item)
	}}
}

// members are the leaves of everybody in the domain.
func (g *growth) members(t *tree.Tree) []int32 {
	member := t.Assign(g.in)
	for i, in := range g.inside {
		if !in {
			member[i] = -1
		}
	}
	return member
}

// record describes the nodes.
func (g *growth) record(b *Branches) *CHAID {
	c := &CHAID{Target: g.target.Variable.Name, Rows: g.grown.Nodes[0].Rows}
	at := nodesOf(g.grown, g.in)
	w := wording{branches: b, items: g.items, gaps: g.gaps()}
	for n, node := range g.grown.Nodes {
		r := TreeNode{Node: n + 1, Parent: node.Parent + 1, Depth: node.Depth, Segment: node.Leaf + 1, Where: w.where(n), Condition: w.condition(n)}
		r.P, r.Multiplier = survey.Figure{}, survey.Figure{}
		if node.Item >= 0 {
			r.SplitBy, r.P, r.Multiplier = g.items[node.Item].Variable.Name, survey.FigureOf(node.P), survey.FigureOf(node.Multiplier)
		} else {
			r.Name = w.path(n)
		}
		counted := func(i int) bool { return g.weights[i] != 0 }
		here := func(i int) bool { return counted(i) && slices.Contains(at[i], int32(n)) }
		r.Size = mean(g.sample, true, counted, func(i int) float64 { return is(here(i)) })
		r.Size.Statistic, r.Size.Category = "segment", r.Name
		r.Answers = answersOf(g.sample, g.target, here)
		c.Nodes = append(c.Nodes, r)
	}
	return c
}

// gaps marks the items that somebody in the domain did not answer.
func (g *growth) gaps() []bool {
	out := make([]bool, len(g.in))
	for j, x := range g.in {
		for i, c := range x.Code {
			out[j] = out[j] || c < 0 && g.inside[i]
		}
	}
	return out
}

// nodesOf lists the nodes that each row passes.
func nodesOf(t *tree.Tree, items []tree.Item) [][]int32 {
	leaf := t.Assign(items)
	paths := make([][]int32, 0, len(t.Nodes))
	for _, n := range t.Leaves() {
		var path []int32
		for ; n >= 0; n = t.Nodes[n].Parent {
			path = append(path, int32(n))
		}
		paths = append(paths, path)
	}
	out := make([][]int32, len(leaf))
	for i, l := range leaf {
		out[i] = paths[l]
	}
	return out
}

func (g *growth) note() string {
	var by []string
	for _, n := range g.grown.Nodes {
		if n.Item >= 0 && !slices.Contains(by, g.items[n.Item].Variable.Name) {
			by = append(by, g.items[n.Item].Variable.Name)
		}
	}
	if by == nil {
		return "A CHAID tree found nothing that separates the answers to " + g.target.Variable.Name + ": everybody is one segment."
	}
	return fmt.Sprintf("%d segments are the leaves of a CHAID tree that separates the answers to %s by %s; split tests know the sample design (Rao and Scott), with Bonferroni's multipliers. Intervals take the tree as given.",
		len(g.grown.Leaves()), g.target.Variable.Name, strings.Join(by, ", "))
}

// Leaves are the nodes that are segments, by their number.
func (c *CHAID) Leaves() []TreeNode {
	var out []TreeNode
	for _, n := range c.Nodes {
		if n.Segment > 0 {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b TreeNode) int { return a.Segment - b.Segment })
	return out
}

// Rules are the segments as a recode of a study makes them.
func (c *CHAID) Rules() []survey.Rule {
	var out []survey.Rule
	for _, n := range c.Leaves() {
		out = append(out, survey.Rule{Label: n.Name, Where: n.Where})
	}
	return out
}

// Branches are a tree as a model file keeps it.
type Branches struct {
	Nodes []tree.Node `json:"nodes"`
	// Cuts are, by item, the upper ends of the intervals of a number on a scale but
	// for the last, which has none; empty for answers.
	Cuts [][]float64 `json:"cuts"`
}

// items are answers as branches take them.
func (b *Branches) items(observed []mixture.Item) []tree.Item {
	out := make([]tree.Item, len(observed))
	for j, x := range observed {
		switch {
		case x.Categories == 0:
			out[j] = tree.Item{Kind: tree.Ordinal, Categories: len(b.Cuts[j]) + 1, Code: within(b.Cuts[j], x.Value)}
		case x.Ordinal:
			out[j] = tree.Item{Kind: tree.Ordinal, Categories: x.Categories, Code: x.Code}
		default:
			out[j] = tree.Item{Kind: tree.Nominal, Categories: x.Categories, Code: x.Code}
		}
	}
	return out
}

// within numbers the interval of each value, -1 where there is none.
func within(cuts, values []float64) []int32 {
	out := make([]int32, len(values))
	for i, v := range values {
		if out[i] = -1; v == v {
			out[i] = int32(sort.SearchFloat64s(cuts, v))
		}
	}
	return out
}

func (b *Branches) assign(observed []mixture.Item) []int32 {
	return (&tree.Tree{Nodes: b.Nodes}).Assign(b.items(observed))
}

// fits says what is wrong with the branches of a model file, "" where nothing is.
func (b *Branches) fits(items []ModelItem, segments int) string {
	for j, cuts := range b.Cuts {
		if !slices.IsSorted(cuts) || len(slices.Compact(slices.Clone(cuts))) != len(cuts) || slices.ContainsFunc(cuts, func(c float64) bool { return !plausible(c) }) {
			return items[j].Variable + ": the cuts do not rise"
		}
	}
	if len(b.Nodes) == 0 {
		return "the tree has no nodes"
	}
	for n, node := range b.Nodes {
		if why := b.fitsNode(n, node, items, segments); why != "" {
			return fmt.Sprintf("node %d of the tree %s", n+1, why)
		}
	}
	return ""
}

// fitsNode: children come after their node, so that every path ends.
func (b *Branches) fitsNode(n int, node tree.Node, items []ModelItem, segments int) string {
	if node.Item < 0 {
		if node.Leaf < 0 || node.Leaf >= segments {
			return "is a leaf without a segment"
		}
		return ""
	}
	if node.Item >= len(items) {
		return "is not split by an item"
	}
	branches := len(items[node.Item].Values) + 1
	if items[node.Item].Measure == survey.Scale {
		branches = len(b.Cuts[node.Item]) + 2
	}
	if len(node.Child) != branches {
		return "does not have a branch for each answer"
	}
	for _, child := range node.Child {
		if int(child) <= n || int(child) >= len(b.Nodes) {
			return "has a branch without a node"
		}
	}
	return ""
}
