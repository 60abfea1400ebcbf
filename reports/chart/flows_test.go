package chart

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func anyFlows(t *rapid.T) Flows {
	f := Flows{ID: "any", Title: anyLabel(t, "title"), Base: anyLabel(t, "base")}
	stages := rapid.IntRange(2, mostStages).Draw(t, "stages")
	for s := range stages {
		f.Stages = append(f.Stages, Stage{Name: anyLabel(t, "stage"), Ordered: rapid.Bool().Draw(t, "ordered")})
		for range rapid.IntRange(1, 8).Draw(t, "categories") {
			f.Stages[s].Categories = append(f.Stages[s].Categories, anyLabel(t, "category"))
		}
	}
	for range rapid.IntRange(1, 30).Draw(t, "paths") { // people, who are at every stage
		w := rapid.Float64Range(0.01, 100).Draw(t, "weight")
		at := make([]int, stages)
		for s := range at {
			at[s] = rapid.IntRange(0, len(f.Stages[s].Categories)-1).Draw(t, "at")
			if s > 0 {
				f.Flows = append(f.Flows, Flow{s - 1, at[s-1], at[s], w})
			}
		}
	}
	return f
}

// Text stays on the sheet and covers no other, whatever flows.
func TestNothingCollidesInAlluvial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := Alluvial(anyFlows(t), Options{Source: "Source: a tracker."})
		if err != nil {
			t.Fatal(err)
		}
		textsAreClear(t, p)
	})
}

// Ribbons fill their blocks from top to bottom at both ends, in shares of all.
func TestRibbonsFillTheirBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := newAlluvial(anyFlows(t), sheet{look: house})
		a.columns()
		a.stack(0)
		a.tie()
		for s, blocks := range a.blocks {
			total := 0.0
			for c, b := range blocks {
				total += b.share
				for _, side := range []bool{true, false} {
					var ends [][2]float64
					for _, f := range a.flows {
						if here, _, ok := f.ends(s, side); ok && here == c {
							y := map[bool]float64{true: f.leaves, false: f.enters}[side]
							ends = append(ends, [2]float64{y, y + f.share*blocksHeight})
						}
					}
					if hasSide := side && s < len(a.blocks)-1 || !side && s > 0; !hasSide || b.share == 0 {
						continue
					}
					slices.SortFunc(ends, func(x, y [2]float64) int { return int(math.Copysign(1, x[0]-y[0])) })
					y := b.top
					for _, e := range ends {
						if math.Abs(e[0]-y) > 1e-6 {
							t.Fatalf("a ribbon of block %d of stage %d begins at %v, want %v", c, s, e[0], y)
						}
						y = e[1]
					}
					if math.Abs(y-b.bottom) > 1e-6 {
						t.Fatalf("the ribbons of block %d of stage %d end at %v, the block at %v", c, s, y, b.bottom)
					}
				}
			}
			if math.Abs(total-1) > rounding {
				t.Fatalf("stage %d holds %v of all", s, total)
			}
		}
	})
}

// No order crosses more than the one given, what is ordered stays, and
// categories stay what they are.
func TestUncross(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFlows(t)
		a := newAlluvial(f, sheet{look: house})
		got, order := a.crossings(), a.order
		a.order = nil
		for s, stage := range f.Stages {
			given := make([]int, len(stage.Categories))
			for c := range given {
				given[c] = c
			}
			a.order = append(a.order, given)
			if stage.Ordered && !slices.Equal(order[s], given) {
				t.Fatalf("stage %d is ordered and became %v", s, order[s])
			}
			if sorted := slices.Sorted(slices.Values(order[s])); !slices.Equal(sorted, given) {
				t.Fatalf("stage %d has the categories %v", s, order[s])
			}
		}
		if given := a.crossings(); got > given+slack {
			t.Fatalf("%v crosses, %v as given", got, given)
		}
	})
}

// Flows that can be drawn without a crossing are, whatever order they come in.
func TestUncrossFindsNoCrossing(t *testing.T) {
	for seed, to := range [][]int{{2, 0, 1, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}} {
		f := Flows{Stages: []Stage{{Categories: []string{"a", "b", "c", "d"}}, {Categories: []string{"a", "b", "c", "d"}}, {Categories: []string{"a", "b"}}}}
		for from, c := range to {
			f.Flows = append(f.Flows, Flow{0, from, c, 1}, Flow{1, c, from / 2, 1})
		}
		if a := newAlluvial(f, sheet{look: house}); a.crossings() > 0 {
			t.Errorf("%d: %v crosses in the order %v", seed, a.crossings(), a.order)
		}
	}
}

// The four largest groups have colours; later ones have that of most of their people.
func TestColoursOfFlows(t *testing.T) {
	f := Flows{Stages: []Stage{{Ordered: true}, {Categories: []string{"all", "last"}}}}
	for c := range 6 {
		f.Stages[0].Categories = append(f.Stages[0].Categories, fmt.Sprint(c))
		f.Flows = append(f.Flows, Flow{0, c, 0, float64(c + 1)})
	}
	f.Flows = append(f.Flows, Flow{0, 4, 1, 0.5}, Flow{0, 0, 1, 0.2})
	a := newAlluvial(f, sheet{look: house})
	want := []int{-1, -1, 3, 2, 1, 0}
	for c, b := range a.blocks[0] {
		if colour := midGrey; want[c] < 0 && b.colour != colour || want[c] >= 0 && b.colour != house.series[want[c]] {
			t.Errorf("category %d is %v", c, b.colour)
		}
	}
	if a.blocks[1][0].colour != house.series[0] || a.blocks[1][1].colour != house.series[1] {
		t.Errorf("the second stage is %v and %v", a.blocks[1][0].colour, a.blocks[1][1].colour)
	}
}
