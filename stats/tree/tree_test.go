package tree

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// partitionsOf counts the ways to put categories 0 … c−1 into r groups that a
// kind allows, by trying all.
func partitionsOf(kind Kind, c, r int) (n float64) {
	group := make([]int, c)
	var put func(at, used int)
	put = func(at, used int) {
		if at == c {
			if used == r && allowed(kind, group) {
				n++
			}
			return
		}
		for g := range used + 1 {
			group[at] = g
			put(at+1, max(used, g+1))
		}
	}
	put(0, 0)
	return n
}

// allowed: the groups of ordered categories have no hole; the last one floats.
func allowed(kind Kind, group []int) bool {
	ordered := len(group)
	switch kind {
	case Nominal:
		return true
	case Floating:
		ordered--
	}
	for i := range ordered {
		for j := i + 1; j < ordered; j++ {
			for k := i + 1; k < j; k++ {
				if group[i] == group[j] && group[k] != group[i] {
					return false
				}
			}
		}
	}
	return true
}

// TestMultipliersCountPartitions holds the formulas to all partitions of up to
// nine categories.
func TestMultipliersCountPartitions(t *testing.T) {
	for _, kind := range []Kind{Nominal, Ordinal, Floating} {
		for c := 2; c <= 9; c++ {
			for r := 1; r <= c; r++ {
				if got, want := kind.Multiplier(c, r), partitionsOf(kind, c, r); got != want {
					t.Errorf("%s, %d categories in %d groups: got %v, want %v", kind, c, r, got, want)
				}
			}
			if kind.Multiplier(c, c+1) != 0 || kind.Multiplier(c, 0) != 0 {
				t.Errorf("%s has groups without categories", kind)
			}
		}
	}
	// The alternating sum of Kass, where it is still exact.
	var sum float64
	for i, sign := 0, 1.0; i < 4; i, sign = i+1, -sign {
		sum += sign * math.Pow(float64(4-i), 10) / (math.Gamma(float64(i+1)) * math.Gamma(float64(4-i+1)))
	}
	if got := Nominal.Multiplier(10, 4); math.Abs(got-sum) > 1e-6 {
		t.Errorf("10 categories in 4 groups: got %v, want %v", got, sum)
	}
}

// counts is a table of equal weights and two target answers, tested by
// Pearson's chi-square.
type counts [][2]float64

func (c counts) Test(groups [][]int) float64 {
	var sums [][2]float64
	var all [2]float64
	for _, g := range groups {
		var s [2]float64
		for _, k := range g {
			s[0], s[1] = s[0]+c[k][0], s[1]+c[k][1]
		}
		all[0], all[1] = all[0]+s[0], all[1]+s[1]
		sums = append(sums, s)
	}
	n, x2 := all[0]+all[1], 0.0
	for _, s := range sums {
		for a := range 2 {
			if e := (s[0] + s[1]) * all[a] / n; e > 0 {
				x2 += (s[a] - e) * (s[a] - e) / e
			}
		}
	}
	if len(groups) == 2 {
		return math.Erfc(math.Sqrt(x2 / 2)) // one degree of freedom
	}
	return math.Exp(-x2 / 2) // a stand-in that falls with x2
}

func sample(items []Item, target []int) *Sample {
	s := &Sample{Items: items, Weight: slices.Repeat([]float64{1}, len(target))}
	s.Table = func(node At, item int) Table {
		c := make(counts, items[item].Categories+1)
		for i := range target {
			if node(i) {
				c[category(items[item], i)][target[i]]++
			}
		}
		return c
	}
	return s
}

// TestMergesByHand: of five ordered answers 0 and 1 agree with 10%, 2 to 4 with
// 60%; those without an answer as the former. Nobody answered 3.
func TestMergesByHand(t *testing.T) {
	var code []int32
	var target []int
	for c, share := range map[int32]int{0: 10, 1: 10, 2: 60, 4: 60, -1: 10} {
		for i := range 100 {
			code = append(code, c)
			if i < share {
				target = append(target, 1)
			} else {
				target = append(target, 0)
			}
		}
	}
	s := sample([]Item{{Kind: Ordinal, Categories: 5, Code: code}}, target)
	tree, err := Grow(context.Background(), s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	root := tree.Nodes[0]
	if diff := cmp.Diff([]int32{1, 1, 2, 2, 2, 1}, root.Child); diff != "" {
		t.Error(diff)
	}
	// Four ordered answers and none that floats, in two groups: C(3,0) + 2 C(3,1).
	if root.Multiplier != 7 || tree.Nodes[1].Rows != 300 || len(tree.Nodes) != 3 {
		t.Errorf("%+v", tree.Nodes)
	}
	want := make([]int32, len(code))
	for i, c := range code {
		if c >= 2 {
			want[i] = 1
		}
	}
	if diff := cmp.Diff(want, tree.Assign(s.Items)); diff != "" {
		t.Error(diff)
	}
}

// TestBounds: neither depth nor the fewest rows are undercut, leaves hold
// everybody once, and groups of ordered answers have no holes.
func TestBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		const n = 400
		items := make([]Item, 3)
		target := make([]int, n)
		for j := range items {
			items[j] = Item{Kind: []Kind{Nominal, Ordinal, Ordinal}[j], Categories: 5, Code: make([]int32, n)}
			for i := range n {
				items[j].Code[i] = int32(random.IntN(6)) - 1
			}
		}
		for i := range n {
			if random.Float64() < 0.1+0.15*float64(items[0].Code[i]+1) {
				target[i] = 1
			}
			if items[1].Code[i] > 2 && random.Float64() < 0.5 {
				target[i] = 0
			}
		}
		o := Options{Depth: rapid.IntRange(1, 3).Draw(t, "depth"), Parent: rapid.IntRange(20, 200).Draw(t, "parent"), Child: rapid.IntRange(10, 90).Draw(t, "child")}
		s := sample(items, target)
		tree, err := Grow(context.Background(), s, o)
		if err != nil {
			t.Fatal(err)
		}
		sizes := make([]int, len(tree.Leaves()))
		for _, leaf := range tree.Assign(items) {
			sizes[leaf]++
		}
		for k, node := range tree.Leaves() {
			if at := tree.Nodes[node]; at.Rows != sizes[k] || at.Depth > o.Depth || at.Parent >= 0 && at.Rows < o.Child {
				t.Fatalf("leaf %d of %d rows: %+v", k, sizes[k], at)
			}
		}
		for n, at := range tree.Nodes {
			if at.Item < 0 {
				continue
			}
			if want := min(1, s.splitAgain(tree, n)*at.Multiplier); math.Abs(at.P-want) > 1e-12 {
				t.Fatalf("p-value %v, want %v", at.P, want)
			}
			if at.Rows < o.Parent || at.P > 0.05 {
				t.Fatalf("split: %+v", at)
			}
			order := slices.Compact(slices.Clone(at.Child[:5]))
			if slices.Sort(order); at.Item > 0 && len(slices.Compact(order)) != len(slices.Compact(slices.Clone(at.Child[:5]))) {
				t.Fatalf("ordered answers %v", at.Child)
			}
		}
	})
}

// splitAgain is the p-value of a node's split before it is multiplied.
func (s *Sample) splitAgain(tree *Tree, n int) float64 {
	at := tree.Nodes[n]
	rows := make([]bool, len(s.Weight))
	for i := range rows {
		for k := 0; k >= 0 && !rows[i]; {
			rows[i] = k == n
			if tree.Nodes[k].Item < 0 {
				break
			}
			k = int(tree.Nodes[k].Child[category(s.Items[tree.Nodes[k].Item], i)])
		}
	}
	groups := map[int32][]int{}
	for c, child := range at.Child {
		groups[child] = append(groups[child], c)
	}
	var list [][]int
	for _, g := range groups {
		list = append(list, g)
	}
	return s.Table(func(row int) bool { return rows[row] }, at.Item).Test(list)
}

// TestNothingToSplit: a target that has nothing to do with the predictor leaves
// a root that is a leaf.
func TestNothingToSplit(t *testing.T) {
	code, target := make([]int32, 400), make([]int, 400)
	for i := range code {
		code[i], target[i] = int32(i%2), i/2%2
	}
	tree, err := Grow(context.Background(), sample([]Item{{Kind: Nominal, Categories: 2, Code: code}}, target), Options{})
	if err != nil || len(tree.Nodes) != 1 || tree.Nodes[0].Leaf != 0 {
		t.Errorf("%+v %v", tree, err)
	}
}

// TestTellingPredictorSplits: of two predictors that differ, the one that
// differs more splits, wherever it stands.
func TestTellingPredictorSplits(t *testing.T) {
	const n = 600
	random := rand.New(rand.NewPCG(1, 1))
	weak, strong, target := make([]int32, n), make([]int32, n), make([]int, n)
	for i := range n {
		target[i] = i % 2
		weak[i], strong[i] = int32(random.IntN(2)), int32(random.IntN(2))
		if random.Float64() < 0.3 {
			weak[i] = int32(target[i])
		}
		if random.Float64() < 0.7 {
			strong[i] = int32(target[i])
		}
	}
	items := []Item{{Kind: Nominal, Categories: 2, Code: weak}, {Kind: Nominal, Categories: 2, Code: strong}}
	for _, want := range []int{1, 0} {
		tree, err := Grow(context.Background(), sample(items, target), Options{Depth: 1})
		if err != nil || tree.Nodes[0].Item != want {
			t.Errorf("split by %d: %v", tree.Nodes[0].Item, err)
		}
		slices.Reverse(items)
	}
}
