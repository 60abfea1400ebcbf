package mixture_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"surveykit/stats/mixture"
)

// simulate draws answers to items with equal numbers of categories from a model
// of known classes.
func simulate(rows, items, categories, classes int, seed uint64) ([]mixture.Item, []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([]mixture.Item, items)
	centre := make([][]float64, items)
	for j := range out {
		out[j] = mixture.Item{Categories: categories, Code: make([]int32, rows)}
		centre[j] = make([]float64, classes)
		for k := range centre[j] {
			centre[j][k] = rng.Float64() * float64(categories-1)
		}
	}
	weights := make([]float64, rows)
	for i := range rows {
		weights[i] = 0.3 + 2*rng.Float64()
		k := rng.IntN(classes)
		for j := range out {
			c := int32(centre[j][k] + rng.NormFloat64()*1.2 + 0.5)
			out[j].Code[i] = min(max(c, 0), int32(categories-1))
			if rng.Float64() < 0.02 {
				out[j].Code[i] = -1
			}
		}
	}
	return out, weights
}

// A survey of 37,350 people and 30 items of five answers, classes 2 to 6, 50 starts each.
func BenchmarkClasses2To6(b *testing.B) {
	items, weights := simulate(37350, 30, 5, 4, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := mixture.Fit(context.Background(), items, weights, []int{2, 3, 4, 5, 6}, mixture.Options{Starts: 50, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
