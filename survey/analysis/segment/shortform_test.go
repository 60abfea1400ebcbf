package segment

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawnEvidence of random answers; class is what all items say, by the same rule.
func drawnEvidence(rng *rand.Rand, rows, items, classes, folds int) foldEvidence {
	e := foldEvidence{Classes: classes, Folds: folds, Prior: make([]float64, rows*classes), Item: make([][]float64, items)}
	for k := range e.Prior {
		e.Prior[k] = float64(k%classes) / 10
	}
	for j := range e.Item {
		e.Item[j] = make([]float64, rows*classes)
		for a := range e.Item[j] {
			e.Item[j][a] = rng.NormFloat64() * float64(1+j%3)
		}
	}
	for i := range rows {
		e.Fold = append(e.Fold, int32(i%folds))
		e.Weight = append(e.Weight, float64(rng.IntN(4)))
	}
	everything := make([]int, items)
	for j := range everything {
		everything[j] = j
	}
	e.Class = typedBy(e, everything)
	return e
}

func typedBy(e foldEvidence, items []int) []int32 {
	out := make([]int32, len(e.Weight))
	for i := range out {
		score := slices.Clone(e.Prior[i*e.Classes : (i+1)*e.Classes])
		for _, j := range items {
			for k := range score {
				score[k] += e.Item[j][i*e.Classes+k]
			}
		}
		for k, s := range score {
			if s > score[out[i]] {
				out[i] = int32(k)
			}
		}
	}
	return out
}

// rightBy is the weight put right by a set, over all rows.
func rightBy(e foldEvidence, items []int) float64 {
	var sum float64
	for i, k := range typedBy(e, items) {
		if k == e.Class[i] {
			sum += e.Weight[i]
		}
	}
	return sum
}

func searched(t interface{ Fatal(...any) }, e foldEvidence) []shortStep {
	steps, err := shortest(context.Background(), e, func(shortStep) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// No exchange of one item makes a step's set better, and all items put
// everybody right.
func TestStepsCannotBeBetteredByAnExchange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		e := drawnEvidence(rng, rapid.IntRange(10, 60).Draw(t, "rows"), rapid.IntRange(1, 6).Draw(t, "items"), rapid.IntRange(2, 4).Draw(t, "classes"), 3)
		e.Weight[0], e.Weight[1], e.Weight[2] = 1, 1, 1
		steps := searched(t, e)
		for n, s := range steps {
			if len(s.Items) != n+1 {
				t.Fatalf("step %d has the items %v", n+1, s.Items)
			}
			got := rightBy(e, s.Items)
			for place := range s.Items {
				for j := range e.Item {
					if slices.Contains(s.Items, j) {
						continue
					}
					other := slices.Clone(s.Items)
					other[place] = j
					if rightBy(e, other) > got {
						t.Fatalf("%v puts %v right, %v puts %v", s.Items, got, other, rightBy(e, other))
					}
				}
			}
		}
		if last := steps[len(steps)-1]; len(last.Items) != len(e.Item) || last.Accuracy != 1 {
			t.Fatalf("all items: %+v", last)
		}
	})
}

// What a fold's people are has no part in how they are typed.
func TestPeopleAreTypedWithoutTheirOwnFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		e := drawnEvidence(rng, 40, 5, 3, 4)
		before := searched(t, e)
		fold := int32(rng.IntN(4))
		for i, f := range e.Fold {
			if f == fold {
				e.Class[i], e.Weight[i] = int32(rng.IntN(3)), float64(rng.IntN(9))
			}
		}
		after := searched(t, e)
		for n := range before {
			for i, f := range e.Fold {
				if f == fold && before[n].Typed[i] != after[n].Typed[i] {
					t.Fatalf("step %d types row %d as %d, and as %d when its own fold is another", n+1, i, before[n].Typed[i], after[n].Typed[i])
				}
			}
		}
	})
}

// By hand: item 0 is best alone, but items 1 and 2 together put everybody
// rightBy, which only an exchange finds. Classes are the pairs of answers to 1
// and 2.
func TestAnExchangeFindsThePair(t *testing.T) {
	e := foldEvidence{Classes: 4, Folds: 2, Prior: make([]float64, 4*32), Item: [][]float64{nil, nil, nil}}
	for i := range 32 {
		a, b := i%2, i/2%2
		class := 2*a + b
		e.Class, e.Weight, e.Fold = append(e.Class, int32(class)), append(e.Weight, 1), append(e.Fold, int32(i/16))
		first := class
		if i%16 > 11 { // a quarter of the time item 0 is wrong
			first = 3 - class
		}
		for k := range 4 {
			e.Item[0] = append(e.Item[0], oneIf(k == first))
			e.Item[1] = append(e.Item[1], oneIf(k/2 == a))
			e.Item[2] = append(e.Item[2], oneIf(k%2 == b))
		}
	}
	steps := searched(t, e)
	if got := steps[0]; !slices.Equal(got.Items, []int{0}) || got.Accuracy != 0.75 {
		t.Errorf("one item: %v, %v", got.Items, got.Accuracy)
	}
	got := slices.Sorted(slices.Values(steps[1].Items))
	if !slices.Equal(got, []int{1, 2}) || steps[1].Accuracy != 1 {
		t.Errorf("two items: %v, %v", got, steps[1].Accuracy)
	}
}

func oneIf(yes bool) float64 {
	if yes {
		return 0
	}
	return -5
}

func BenchmarkSearch(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	e := drawnEvidence(rng, 10000, 20, 5, 10)
	for b.Loop() {
		if _, err := shortest(context.Background(), e, func(s shortStep) bool { return len(s.Items) == 6 }); err != nil {
			b.Fatal(err)
		}
	}
}
