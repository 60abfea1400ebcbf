// Package tree grows CHAID trees: nodes are split by the predictor whose
// categories, merged as far as they do not differ in the target, differ most.
// Which test decides, and what it knows of the sample design, is the caller's.
package tree

import (
	"context"
)

// Item is a predictor.
type Item struct {
	Kind Kind
	// Categories without the one for no answer.
	Categories int
	// Code is each row's category from 0, -1 without an answer.
	Code []int32
}

// Sample is what trees are grown on.
type Sample struct {
	Items []Item
	// Weight of each row; rows without one or without a target do not count, and
	// have 0.
	Weight []float64
	// Table tabulates a predictor against the target among the rows of a node
	// (as At says): an item's categories, no answer last.
	Table func(node At, item int) Table
}

// At tells the rows of a node.
type At func(row int) bool

// Table tests groups of a predictor's categories.
type Table interface {
	// Test is the p-value of the target's independence of groups of categories,
	// 1 where nothing can be tested.
	Test(groups [][]int) float64
}

// Options bound the growth.
type Options struct {
	// Split and Merge are the levels at which a node is split and groups stay
	// apart. Default 0.05.
	Split, Merge float64
	// Depth is the most splits above a leaf. Default 3.
	Depth int
	// Parent and Child are the fewest rows of a node that is split and of a node
	// that comes of it. Default 100 and 50.
	Parent, Child int
}

// Tree is a grown tree; its first node is the root.
type Tree struct {
	Nodes []Node `json:"nodes"`
}

// Node is a node of a tree.
type Node struct {
	// Parent is the node above, -1 at the root.
	Parent int `json:"parent"`
	Depth  int `json:"depth"`
	// Rows are those that count, unweighted.
	Rows int `json:"rows"`
	// Item is what it is split by, -1 at a leaf.
	Item int `json:"item"`
	// Child is the node of each of the item's categories, no answer last.
	Child []int32 `json:"child,omitempty"`
	// P is the p-value of the split, times Multiplier, at most 1.
	P          float64 `json:"p,omitempty"`
	Multiplier float64 `json:"multiplier,omitempty"`
	// Leaf numbers the leaves, -1 elsewhere.
	Leaf int `json:"leaf"`
}

func (o *Options) setDefaults() {
	if o.Split == 0 {
		o.Split = 0.05
	}
	if o.Merge == 0 {
		o.Merge = 0.05
	}
	if o.Depth == 0 {
		o.Depth = 3
	}
	if o.Parent == 0 {
		o.Parent = 100
	}
	if o.Child == 0 {
		o.Child = 50
	}
}

// Grow grows a tree (Kass 1980). In a node each predictor's categories are
// merged, the two groups that differ least first, until all differ at the level
// Merge and have Child rows; its p-value is that of the groups against the
// target times the Multiplier. The predictor of the smallest splits the node
// where it is at most Split. A category that nobody of a node is in goes with
// the nearest one of an ordinal predictor, otherwise with the largest group. The
// error is the context's.
func Grow(ctx context.Context, s *Sample, o Options) (*Tree, error) {
	o.setDefaults()
	node := make([]int32, len(s.Weight))
	t := &Tree{Nodes: []Node{{Parent: -1, Item: -1, Rows: rowsOf(s, node, 0)}}}
	for n := 0; n < len(t.Nodes); n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		best, found := s.best(node, n, t.Nodes[n], o)
		if found {
			at := &t.Nodes[n]
			at.Item, at.P, at.Multiplier = best.item, best.p, best.multiplier
			at.Child = make([]int32, len(best.group))
			for c, g := range best.group {
				at.Child[c] = int32(len(t.Nodes) + g)
			}
			depth, child := at.Depth+1, at.Child
			for i := range node {
				if node[i] == int32(n) {
					node[i] = child[category(s.Items[best.item], i)]
				}
			}
			for range best.groups {
				k := len(t.Nodes)
				t.Nodes = append(t.Nodes, Node{Parent: n, Depth: depth, Item: -1, Rows: rowsOf(s, node, k)})
			}
		}
	}
	t.numberLeaves()
	return t, nil
}

func rowsOf(s *Sample, node []int32, n int) (rows int) {
	for i, at := range node {
		if at == int32(n) && s.Weight[i] > 0 {
			rows++
		}
	}
	return rows
}

// best is the split of the smallest p-value, if any is good enough.
func (s *Sample) best(node []int32, n int, at Node, o Options) (best *merging, found bool) {
	if at.Depth >= o.Depth || at.Rows < o.Parent {
		return nil, false
	}
	inside := func(row int) bool { return node[row] == int32(n) && s.Weight[row] > 0 }
	for j := range s.Items {
		m := s.merge(j, inside, o)
		if len(m.groups) > 1 && m.p <= o.Split && (best == nil || m.p < best.p) {
			best = m
		}
	}
	return best, best != nil
}

// category is a row's category, no answer last.
func category(x Item, row int) int {
	if c := x.Code[row]; c >= 0 {
		return int(c)
	}
	return x.Categories
}

// numberLeaves numbers them from the left.
func (t *Tree) numberLeaves() {
	next := 0
	var visit func(n int)
	visit = func(n int) {
		at := &t.Nodes[n]
		at.Leaf = -1
		if at.Item < 0 {
			at.Leaf = next
			next++
			return
		}
		for k := range t.Nodes {
			if t.Nodes[k].Parent == n {
				visit(k)
			}
		}
	}
	visit(0)
}

// Leaves lists the nodes that are leaves, by their number.
func (t *Tree) Leaves() []int {
	var out []int
	for n, at := range t.Nodes {
		if at.Leaf >= 0 {
			for len(out) <= at.Leaf {
				out = append(out, 0)
			}
			out[at.Leaf] = n
		}
	}
	return out
}

// Assign gives each row its leaf by its answers to the items that were grown
// on, in order.
func (t *Tree) Assign(items []Item) []int32 {
	leaf := make([]int32, len(items[0].Code))
	for i := range leaf {
		n := 0
		for t.Nodes[n].Item >= 0 {
			at := t.Nodes[n]
			n = int(at.Child[category(items[at.Item], i)])
		}
		leaf[i] = int32(t.Nodes[n].Leaf)
	}
	return leaf
}
