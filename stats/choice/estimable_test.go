package choice_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/stats/choice"
)

// drawnTasks are some people's choices at random, often so few that some items have
// no utility.
func drawnTasks(t *rapid.T, items int) []choice.Task {
	var tasks []choice.Task
	for range rapid.IntRange(2, 40).Draw(t, "tasks") {
		shown := rapid.Permutation(numbers(items)).Draw(t, "shown")[:rapid.IntRange(2, items).Draw(t, "size")]
		x := choice.Task{Person: rapid.IntRange(0, people-1).Draw(t, "person"), Shown: shown, Best: choice.None, Worst: choice.None}
		if rapid.Bool().Draw(t, "has a best") {
			x.Best = shown[0]
		}
		if x.Best == choice.None || rapid.Bool().Draw(t, "has a worst") {
			x.Worst = shown[1]
		}
		tasks = append(tasks, x)
	}
	return tasks
}

const people = 12

func numbers(n int) []int {
	out := make([]int, n)
	for j := range out {
		out[j] = j
	}
	return out
}

// An item that is the best, or the worst, whenever it is shown has no utility, and
// the others have what they have without it: the same items, utilities and errors.
func TestBoundaryItemsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.IntRange(2, 6).Draw(t, "items")
		wins := rapid.Bool().Draw(t, "wins")
		without := drawnTasks(t, items)
		var with []choice.Task
		for i := range without {
			x := without[i]
			if rapid.Bool().Draw(t, "shows it") {
				x.Shown = append(slices.Clone(x.Shown), items)
				if wins {
					x.Best, without[i].Best = items, choice.None
				} else {
					x.Worst, without[i].Worst = items, choice.None
				}
			}
			with = append(with, x)
		}
		kept, want := choice.Estimable(with, items+1), choice.Estimable(without, items)
		if !slices.Equal(kept, want) {
			t.Fatalf("with an item at the boundary the items %v are estimable, without it %v", kept, want)
		}
		if len(kept) == 0 {
			return
		}
		a, b := choice.Among(with, kept), choice.Among(without, kept)
		f, g := fitted(t, a, len(kept)), fitted(t, b, len(kept))
		x, y := f.Influences(a, ones(people)), g.Influences(b, ones(people))
		for j := range kept {
			if !near(f.Utilities[0][j], g.Utilities[0][j]) || !near(size(x.Utility(0, j)), size(y.Utility(0, j))) || !near(f.Overall()[j], g.Overall()[j]) {
				t.Errorf("item %d: utility %v and standard error %v, without the other item %v and %v", kept[j],
					f.Utilities[0][j], size(x.Utility(0, j)), g.Utilities[0][j], size(y.Utility(0, j)))
			}
		}
	})
}

// Utilities are finite where the items are estimable: far from what the prior alone
// would hold, at 10 and more.
func TestEstimableUtilitiesAreFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tasks := drawnTasks(t, 4)
		kept := choice.Estimable(tasks, 4)
		if len(kept) == 0 {
			return
		}
		for _, u := range fitted(t, choice.Among(tasks, kept), len(kept)).Utilities[0] {
			if math.Abs(u) > 8 {
				t.Errorf("a utility of %v among estimable items", u)
			}
		}
	})
}

func fitted(t *rapid.T, tasks []choice.Task, items int) *choice.Fitted {
	f, err := choice.Fit(t.Context(), tasks, items, ones(people), []int{1}, choice.Options{Starts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return f[0]
}

func size(u []float64) float64 { return math.Sqrt(stats.Dot(u, u)) }

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(b)) }
