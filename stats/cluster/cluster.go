// Package cluster groups rows that lie near each other: weighted k-means,
// k-medoids and agglomerative trees over nominal items and numbers, the figures
// by which a number of clusters is chosen, and how far two partitions agree.
// Missing answers are left out of distances. Everything drawn at random comes
// from a seed, and is the same on any number of processors.
package cluster

import (
	"errors"
	"math"
	"slices"
)

// Item is what one item says of every row.
type Item struct {
	// Categories of a nominal item, whose values are 0 to Categories-1; 0 for a
	// number: a scale, or the place in an order.
	Categories int
	// Value of each row, NaN where there is none.
	Value []float64
}

// Options of a search from random starts.
type Options struct {
	// Starts are tried for each number of clusters. Default 20.
	Starts int
	Seed   uint64
	// Units of the items' distances. Default Spreads or Ranges of what is clustered.
	Units []float64
}

func (o Options) units(items []Item, weights []float64, of func([]Item, []float64) []float64) []float64 {
	if o.Units != nil {
		return o.Units
	}
	return of(items, weights)
}

func (o Options) starts() int {
	if o.Starts == 0 {
		return 20
	}
	return o.Starts
}

// ErrTooFew says that there are fewer different rows than clusters.
var ErrTooFew = errors.New("fewer different rows with a weight and an answer than clusters")

// sampled rows are enough to tell hopeless starts from good ones, and to look
// for medoids among.
const sampled = 4000

// counted lists the rows that have a weight and an answer.
func counted(items []Item, weights []float64) []int32 {
	var rows []int32
	for i, w := range weights {
		if w > 0 && answers(items, i) {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

func answers(items []Item, row int) bool {
	for _, x := range items {
		if !math.IsNaN(x.Value[row]) {
			return true
		}
	}
	return false
}

// moments are a number's weighted mean and standard deviation, and its range.
func moments(values, weights []float64) (mean, sd, low, high float64) {
	var sum, square float64
	low, high = math.Inf(1), math.Inf(-1)
	for i, x := range values {
		if w := weights[i]; w > 0 && !math.IsNaN(x) {
			sum += w
			step := x - mean
			mean += step * w / sum
			square += w * step * (x - mean)
			low, high = min(low, x), max(high, x)
		}
	}
	return mean, math.Sqrt(square / sum), low, high
}

// shares are the weighted shares of a nominal item's categories.
func shares(x Item, weights []float64) []float64 {
	out := make([]float64, x.Categories)
	var sum float64
	for i, v := range x.Value {
		if w := weights[i]; w > 0 && !math.IsNaN(v) {
			out[int(v)] += w
			sum += w
		}
	}
	for c := range out {
		out[c] /= sum
	}
	return out
}

// unit is a length that is not zero: 1 where nobody differs or nobody answers.
func unit(x float64) float64 {
	if x > 0 {
		return x
	}
	return 1
}

// largestFirst numbers clusters by their weight, the largest first; place[old] is new.
func largestFirst(member []int32, weights []float64, clusters int) (place []int32) {
	size := make([]float64, clusters)
	for i, k := range member {
		if k >= 0 {
			size[k] += weights[i]
		}
	}
	place = make([]int32, clusters)
	for k := range size {
		for l := range size {
			if size[l] > size[k] || size[l] == size[k] && l < k {
				place[k]++
			}
		}
	}
	return place
}

// filled reports whether each of k clusters has a row.
func filled(member []int32, k int) bool {
	seen := make([]bool, k)
	for _, m := range member {
		if m >= 0 {
			seen[m] = true
		}
	}
	return !slices.Contains(seen, false)
}
