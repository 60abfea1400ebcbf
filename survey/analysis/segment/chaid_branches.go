package segment

import (
	"fmt"
	"slices"
	"sort"

	"surveykit/stats/mixture"
	"surveykit/stats/tree"
	"surveykit/survey"
)

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
