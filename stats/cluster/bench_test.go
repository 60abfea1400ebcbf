package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// people draws rows with 5 groups over items of 5 ordered answers, a tenth missing.
func people(rows, items int) []Item {
	random := rand.New(rand.NewPCG(1, 1))
	out := make([]Item, items)
	for j := range out {
		out[j].Value = make([]float64, rows)
		for i := range rows {
			out[j].Value[i] = math.Round(min(5, max(1, 3+float64((i+j)%5-2)/2+random.NormFloat64())))
			if random.IntN(10) == 0 {
				out[j].Value[i] = math.NaN()
			}
		}
	}
	return out
}

// BenchmarkKMeans is one wave of 37,350 people and 30 items.
func BenchmarkKMeans(b *testing.B) {
	items := people(37_350, 30)
	for b.Loop() {
		if _, err := FitKMeans(context.Background(), items, ones(37_350), 5, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKMedoids is as BenchmarkKMeans, with four starts.
func BenchmarkKMedoids(b *testing.B) {
	items := people(37_350, 30)
	for b.Loop() {
		if _, err := FitKMedoids(context.Background(), items, ones(37_350), 5, Options{Starts: 4}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAgglomerate joins the most rows that there may be.
func BenchmarkAgglomerate(b *testing.B) {
	items := people(MostRows, 10)
	for b.Loop() {
		if _, err := Agglomerate(context.Background(), items, ones(MostRows), Average); err != nil {
			b.Fatal(err)
		}
	}
}
