// Package cluster groups rows that are near each other: weighted k-means,
// k-medoids and agglomerative trees over nominal items and numbers, the statistics
// for choosing a number of clusters, and the agreement of two partitions. Missing
// answers are left out of distances. Everything random comes from a seed, and is the
// same on any number of processors.
package cluster

import (
	"errors"
	"math"
	"slices"
)

// Item is the answer of every row to one item.
type Item struct {
	// Categories of a nominal item, whose values are 0 to Categories-1; 0 for a
	// number: a scale or a rank.
	Categories int
	// Value of each row, NaN where there is none.
	Value []float64
}

// Options of a search from random starts.
type Options struct {
	// Starts are tried for each number of clusters. Default 20.
	Starts int
	Seed   uint64
	// Units of the items' distances. Default Spreads or Ranges of the items.
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

// ErrTooFew means that there are fewer different rows than clusters.
var ErrTooFew = errors.New("fewer different rows with a weight and an answer than clusters")

// sampled is how many rows are enough to drop bad starts, and to search for medoids.
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

// unit is x, or 1 where x is not above zero: nobody differs or nobody answers.
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

// Distance is the distance between two rows.
type Distance func(i, j int) float64

// points are rows in the form that distances need: row by row, numbers divided by
// the unit of their item.
type points struct {
	items   int
	x       []float64
	nominal []bool
	unit    []float64
}

func newPoints(items []Item, units []float64) *points {
	p := &points{items: len(items), unit: units}
	n := len(items[0].Value)
	p.x = make([]float64, n*len(items))
	for j, item := range items {
		p.nominal = append(p.nominal, item.Categories > 0)
		for i, v := range item.Value {
			if item.Categories == 0 {
				v /= units[j]
			}
			p.x[i*p.items+j] = v
		}
	}
	return p
}

func (p *points) row(i int) []float64 { return p.x[i*p.items:][:p.items] }

// Ranges are the units of Gower's distance: the range of each number over the
// rows with a weight, 1 for a nominal item and where all are equal.
func Ranges(items []Item, weights []float64) []float64 {
	units := make([]float64, len(items))
	for j, x := range items {
		units[j] = 1
		if x.Categories == 0 {
			_, _, low, high := moments(x.Value, weights)
			units[j] = unit(high - low)
		}
	}
	return units
}

// Gower is the distance of Gower (1971): the mean over the items that both rows
// answered of |x−y|/range for a number (at most 1) and of 0 or 1 for equal and
// different categories; 1 where they share no item. ranges are those of Ranges.
// Equals R cluster::daisy(metric = "gower") with ordered items as numbers.
func Gower(items []Item, ranges []float64) Distance {
	p := newPoints(items, ranges)
	return func(i, j int) float64 { return p.gower(p.row(i), p.row(j)) }
}

func (p *points) gower(a, b []float64) float64 {
	var sum, n float64
	for j, x := range a {
		d := math.Abs(x - b[j])
		if math.IsNaN(d) {
			continue
		}
		n++
		if p.nominal[j] && d > 0 {
			d = 1
		}
		sum += min(d, 1)
	}
	if n == 0 {
		return 1
	}
	return sum / n
}

// Spreads are the units of k-means, over the rows with a weight: the standard
// deviation of a number; of a nominal item √Σ p(1−p), that of the columns of its
// categories together; 1 where nobody differs. In these units every item adds a
// variance of 1.
func Spreads(items []Item, weights []float64) []float64 {
	units := make([]float64, len(items))
	for j, x := range items {
		if x.Categories == 0 {
			_, sd, _, _ := moments(x.Value, weights)
			units[j] = unit(sd)
			continue
		}
		var variance float64
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
		for _, p := range out {
			variance += p * (1 - p)
		}
		units[j] = unit(math.Sqrt(variance))
	}
	return units
}

// Euclidean is the distance that k-means minimises the squares of: the root of
// Σ ((x−y)/spread)² over the items that both rows answered, a category being a
// column of 0 and 1, divided by the share of these items. Rows that
// share no item have the mean distance of two random rows: √(2·items).
func Euclidean(items []Item, spreads []float64) Distance {
	p := newPoints(items, spreads)
	return func(i, j int) float64 {
		a := p.row(i)
		b := p.row(j)
		var sum, n float64
		for j, x := range a {
			d := x - b[j]
			if math.IsNaN(d) {
				continue
			}
			n++
			switch {
			case !p.nominal[j]:
				sum += d * d
			case d != 0:
				sum += 2 / (p.unit[j] * p.unit[j])
			}
		}
		all := float64(p.items)
		if n == 0 {
			return math.Sqrt(2 * all)
		}
		return math.Sqrt(sum * all / n)
	}
}
