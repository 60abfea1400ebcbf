package cluster

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"surveykit/stats/parallel"
)

// Linkage is a rule for the distance between two clusters.
type Linkage string

// The linkages, by the weighted size of clusters (Lance and Williams 1967).
const (
	// Average is the mean distance between the people of two clusters.
	Average Linkage = "average"
	// Complete is the largest distance between them.
	Complete Linkage = "complete"
	// Ward is the growth of the sum of squares when two clusters become one, with
	// the root of Gower's distance, which is Euclidean where nothing is missing.
	Ward Linkage = "ward"
)

// Linkages lists them, the default first.
var Linkages = []Linkage{Average, Complete, Ward}

// MostRows is how many different rows a tree may have: their distances take
// 4 bytes a pair, 800 MB at 20,000.
const MostRows = 20_000

// TooManyRowsError means that the distances would not fit in memory.
type TooManyRowsError struct{ Rows int }

func (e TooManyRowsError) Error() string {
	return fmt.Sprintf("%d different rows: their distances would take %.1f GB; a tree can have %d (0.8 GB)", e.Rows, float64(pairs(e.Rows))*4/1e9, MostRows)
}

func pairs(n int) int { return n * (n - 1) / 2 }

// Dendrogram is the tree of the merges of rows.
type Dendrogram struct {
	// Merges in the order of their heights.
	Merges  []Merge
	rows    distinct
	weights []float64
}

// Merge joins the clusters of two of the different rows.
type Merge struct {
	A, B   int32
	Height float64
}

// Agglomerate joins the two nearest clusters by Gower's distance until one is left;
// equal rows are one cluster from the start. It takes
// O(n²) steps by chains of nearest neighbours (Murtagh 1983; Müllner 2011).
// Heights are distances; with Ward the root of twice the growth of the sum of
// squares. Weights act as repetitions. The error is TooManyRowsError, ErrTooFew
// without rows, or the context's.
// Equals R stats::hclust, for Ward hclust(sqrt(d), "ward.D2"), where no
// distances tie.
func Agglomerate(ctx context.Context, items []Item, weights []float64, linkage Linkage) (*Dendrogram, error) {
	d := &Dendrogram{rows: distinctRows(items, weights), weights: weights}
	n := len(d.rows.row)
	switch {
	case n == 0:
		return nil, ErrTooFew
	case n > MostRows:
		return nil, TooManyRowsError{n}
	}
	p := newPoints(items, Ranges(items, weights))
	c := &chain{linkage: linkage, n: len(d.rows.row), weight: slices.Clone(d.rows.weight), d: make([]float32, pairs(len(d.rows.row)))}
	mean := d.rows.meanWeight()
	parallel.Each(context.Background(), c.n, func(i int) {
		row := p.row(int(d.rows.row[i]))
		for j := range i {
			x := p.gower(row, p.row(int(d.rows.row[j])))
			if linkage == Ward {
				a, b := d.rows.weight[i]/mean, d.rows.weight[j]/mean
				x *= 2 * a * b / (a + b)
			}
			c.d[c.at(i, j)] = float32(x)
		}
	})
	for i := range c.n {
		c.live = append(c.live, i)
	}
	for len(c.merges) < n-1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.step()
	}
	d.Merges = c.merges
	slices.SortStableFunc(d.Merges, func(a, b Merge) int { return cmp.Compare(a.Height, b.Height) })
	if linkage == Ward {
		for i := range d.Merges {
			d.Merges[i].Height = math.Sqrt(d.Merges[i].Height)
		}
	}
	return d, nil
}

// Cut gives each row one of k clusters, the largest first; -1 without a weight
// or an answer. The error is ErrTooFew.
func (d *Dendrogram) Cut(k int) ([]int32, error) {
	n := len(d.rows.row)
	if n < k {
		return nil, ErrTooFew
	}
	up := make([]int32, n)
	for i := range up {
		up[i] = int32(i)
	}
	root := func(i int32) int32 {
		for up[i] != i {
			up[i] = up[up[i]]
			i = up[i]
		}
		return i
	}
	for _, m := range d.Merges[:n-k] {
		up[root(m.A)] = root(m.B)
	}
	number, member := map[int32]int32{}, make([]int32, len(d.weights))
	for i, at := range d.rows.of {
		if member[i] = -1; at < 0 {
			continue
		}
		r := root(at)
		if _, seen := number[r]; !seen {
			number[r] = int32(len(number))
		}
		member[i] = number[r]
	}
	place := largestFirst(member, d.weights, k)
	for i, m := range member {
		if m >= 0 {
			member[i] = place[m]
		}
	}
	return member, nil
}

// chain is a chain of nearest neighbours over the clusters that are left.
type chain struct {
	linkage Linkage
	n       int
	d       []float32 // the pairs i > j at i(i-1)/2 + j
	weight  []float64
	live    []int // in order
	links   []int
	merges  []Merge
}

func (c *chain) at(i, j int) int {
	if i < j {
		i, j = j, i
	}
	return i*(i-1)/2 + j
}

// step adds the nearest neighbour of the chain's end, or joins the last two links
// where they are nearest to each other.
func (c *chain) step() {
	if len(c.links) == 0 {
		c.links = append(c.links, c.live[0])
	}
	end, before := c.links[len(c.links)-1], -1
	best := float32(math.Inf(1))
	if len(c.links) > 1 {
		before = c.links[len(c.links)-2]
		best = c.d[c.at(end, before)]
	}
	nearest := before
	for _, k := range c.live {
		if k != end && c.d[c.at(end, k)] < best {
			nearest, best = k, c.d[c.at(end, k)]
		}
	}
	if nearest != before {
		c.links = append(c.links, nearest)
		return
	}
	c.links = c.links[:len(c.links)-2]
	between := float64(c.d[c.at(end, before)])
	c.merges = append(c.merges, Merge{A: int32(end), B: int32(before), Height: between})
	at, _ := slices.BinarySearch(c.live, end)
	c.live = slices.Delete(c.live, at, at+1)
	for _, k := range c.live {
		if k != before {
			c.d[c.at(before, k)] = float32(c.joined(end, before, k, between))
		}
	}
	c.weight[before] += c.weight[end]
}

// joined is the distance of cluster k to the union of a and b.
func (c *chain) joined(a, b, k int, between float64) float64 {
	da, db := float64(c.d[c.at(a, k)]), float64(c.d[c.at(b, k)])
	wa, wb, wk := c.weight[a], c.weight[b], c.weight[k]
	switch c.linkage {
	case Complete:
		return max(da, db)
	case Ward:
		return ((wa+wk)*da + (wb+wk)*db - wk*between) / (wa + wb + wk)
	}
	return (wa*da + wb*db) / (wa + wb)
}
