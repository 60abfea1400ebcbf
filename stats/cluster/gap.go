package cluster

import (
	"context"
	"math"
	"math/rand/v2"
)

// Gap is how much tighter k clusters are than they would be in data without any.
type Gap struct {
	Clusters int
	// Value is the mean over the reference sets of their ln W less the data's.
	Value float64
	// Error is the standard deviation over the sets times √(1 + 1/sets).
	Error float64
}

// gapSample are the rows that gaps are taken of: W is a mean, and does not hang
// on their number.
const gapSample = 1000

// Gaps takes the gap statistic (Tibshirani, Walther and Hastie 2001) for each
// number of clusters, on a sample of at most 1,000 rows. The reference sets
// have the same weights and missing answers, numbers drawn evenly from their
// range, and categories drawn evenly. within finds k clusters and returns W,
// their weighted mean distance to the centres in the units of the data, also for
// the reference sets; its error ends the search.
func Gaps(ctx context.Context, items []Item, weights []float64, clusters []int, sets int, seed uint64, within func(items []Item, weights []float64, k int) (float64, error)) ([]Gap, error) {
	items, weights = someRows(items, weights, seed)
	w := make([][]float64, sets+1)
	for b := range w {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data := items
		if b > 0 {
			data = reference(items, weights, rand.New(rand.NewPCG(seed, uint64(b))))
		}
		w[b] = make([]float64, len(clusters))
		for n, k := range clusters {
			var err error
			if w[b][n], err = within(data, weights, k); err != nil {
				return nil, err
			}
		}
	}
	out := make([]Gap, len(clusters))
	for n, k := range clusters {
		out[n] = gapOf(w, n, k)
	}
	return out, nil
}

func gapOf(w [][]float64, n, k int) Gap {
	sets := float64(len(w) - 1)
	var mean, square float64
	for _, set := range w[1:] {
		mean += math.Log(set[n]) / sets
	}
	for _, set := range w[1:] {
		e := math.Log(set[n]) - mean
		square += e * e / sets
	}
	return Gap{Clusters: k, Value: mean - math.Log(w[0][n]), Error: math.Sqrt(square * (1 + 1/sets))}
}

// ChooseByGap is the place of the smallest number of clusters whose gap is at
// least the next one's less its error; the last where there is none. Gaps are in the
// order of their numbers.
func ChooseByGap(gaps []Gap) int {
	for n := 0; n+1 < len(gaps); n++ {
		if gaps[n].Value >= gaps[n+1].Value-gaps[n+1].Error {
			return n
		}
	}
	return len(gaps) - 1
}

// someRows keeps a sample of the rows that count.
func someRows(items []Item, weights []float64, seed uint64) ([]Item, []float64) {
	var rows []int
	for _, i := range counted(items, weights) {
		rows = append(rows, int(i))
	}
	rows = pick(rows, gapSample, seed)
	out, w := make([]Item, len(items)), make([]float64, len(rows))
	for j, x := range items {
		out[j] = Item{Categories: x.Categories, Value: make([]float64, len(rows))}
		for n, i := range rows {
			out[j].Value[n] = x.Value[i]
		}
	}
	for n, i := range rows {
		w[n] = weights[i]
	}
	return out, w
}

// reference draws data without clusters.
func reference(items []Item, weights []float64, random *rand.Rand) []Item {
	out := make([]Item, len(items))
	for j, x := range items {
		_, _, low, high := moments(x.Value, weights)
		out[j] = Item{Categories: x.Categories, Value: make([]float64, len(x.Value))}
		for i, v := range x.Value {
			switch {
			case math.IsNaN(v):
				out[j].Value[i] = v
			case x.Categories > 0:
				out[j].Value[i] = float64(random.IntN(x.Categories))
			default:
				out[j].Value[i] = low + (high-low)*random.Float64()
			}
		}
	}
	return out
}
