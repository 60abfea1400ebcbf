package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"surveykit/stats/parallel"
)

// Silhouette is how much nearer people are to their own cluster than to the
// next, −1 to 1.
type Silhouette struct {
	// Mean is over all people, Clusters by cluster; both by weight.
	Mean     float64
	Clusters []float64
	// Error is the standard error of Mean because of a sample of rows, 0 where all
	// rows were used.
	Error float64
	// Looked is the number of rows used.
	Looked int
}

// Silhouettes compares partitions of the same rows (Rousseeuw 1987): row i has
//
//	s = (b − a)/max(a, b),   a = Σ w_j d_ij / Σ w_j
//
// over the others of its own cluster, b the least such mean over another
// cluster, and 0 where it is alone in its own. With more rows than most, a random
// sample of most rows is used, each compared with all rows. members are the
// clusters of each partition, -1 outside, over the same rows.
// Means are NaN for a single cluster. The error is the context's.
// Equals R cluster::silhouette with equal weights.
func Silhouettes(ctx context.Context, d Distance, members [][]int32, weights []float64, most int, seed uint64) ([]Silhouette, error) {
	var rows []int
	for i, k := range members[0] {
		if k >= 0 && weights[i] > 0 {
			rows = append(rows, i)
		}
	}
	looked := pick(rows, most, seed)
	width := make([][]float64, len(looked))
	parallel.Each(ctx, len(looked), func(n int) { width[n] = widths(d, members, weights, rows, looked[n]) })
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]Silhouette, len(members))
	for p, member := range members {
		out[p] = average(member, weights, looked, func(n int) float64 { return width[n][p] })
		out[p].Error *= math.Sqrt(1 - float64(len(looked))/float64(len(rows)))
	}
	return out, nil
}

// pick draws most of the rows, in their order.
func pick(rows []int, most int, seed uint64) []int {
	if len(rows) <= most {
		return rows
	}
	random := rand.New(rand.NewPCG(seed, 1))
	drawn := random.Perm(len(rows))[:most]
	slices.Sort(drawn)
	out := make([]int, most)
	for n, at := range drawn {
		out[n] = rows[at]
	}
	return out
}

// widths are the silhouettes of row i in each partition.
func widths(d Distance, members [][]int32, weights []float64, rows []int, i int) []float64 {
	far, weight := make([][]float64, len(members)), make([][]float64, len(members))
	for p, member := range members {
		clusters := slices.Max(member) + 1
		far[p], weight[p] = make([]float64, clusters), make([]float64, clusters)
	}
	for _, j := range rows {
		if j == i {
			continue
		}
		w := weights[j]
		x := w * d(i, j)
		for p, member := range members {
			far[p][member[j]] += x
			weight[p][member[j]] += w
		}
	}
	out := make([]float64, len(members))
	for p, member := range members {
		out[p] = widthOf(far[p], weight[p], int(member[i]))
	}
	return out
}

func widthOf(far, weight []float64, own int) float64 {
	if len(far) < 2 {
		return math.NaN()
	}
	if weight[own] == 0 {
		return 0
	}
	a, b := far[own]/weight[own], math.Inf(1)
	for k := range far {
		if k != own && weight[k] > 0 {
			b = min(b, far[k]/weight[k])
		}
	}
	if longer := max(a, b); longer > 0 {
		return (b - a) / longer
	}
	return 0
}

// average is the weighted mean, with the error of the mean of a sample of rows.
func average(member []int32, weights []float64, looked []int, width func(n int) float64) Silhouette {
	clusters := slices.Max(member) + 1
	s := Silhouette{Clusters: make([]float64, clusters), Looked: len(looked)}
	weight := make([]float64, clusters)
	var all float64
	for n, i := range looked {
		w, k := weights[i], member[i]
		s.Mean += w * width(n)
		s.Clusters[k] += w * width(n)
		weight[k] += w
		all += w
	}
	s.Mean /= all
	for k := range s.Clusters {
		s.Clusters[k] /= weight[k]
	}
	var square float64
	for n, i := range looked {
		e := weights[i] * (width(n) - s.Mean)
		square += e * e
	}
	n := float64(len(looked))
	s.Error = math.Sqrt(square*n/max(n-1, 1)) / all
	return s
}

// Gap is how much tighter k clusters are than in data without clusters.
type Gap struct {
	Clusters int
	// Value is the mean over the reference sets of their ln W less the data's.
	Value float64
	// Error is the standard deviation over the sets times √(1 + 1/sets).
	Error float64
}

// gapSample is how many rows gaps are computed from: W is a mean, and does not
// depend on their number.
const gapSample = 1000

// Gaps computes the gap statistic (Tibshirani, Walther and Hastie 2001) for each
// number of clusters, on a sample of at most 1,000 rows. The reference sets
// have the same weights and missing answers, numbers drawn uniformly from their
// range, and categories drawn uniformly. within finds k clusters and returns W,
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
		sets := float64(sets)
		var mean, square float64
		for _, set := range w[1:] {
			mean += math.Log(set[n]) / sets
		}
		for _, set := range w[1:] {
			e := math.Log(set[n]) - mean
			square += e * e / sets
		}
		out[n] = Gap{Clusters: k, Value: mean - math.Log(w[0][n]), Error: math.Sqrt(square * (1 + 1/sets))}
	}
	return out, nil
}

// ChooseByGap is the index of the smallest number of clusters whose gap is at least
// the next gap less its error; the last where there is none. Gaps are in the order
// of their numbers of clusters.
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

// Crossing is the cross-table of two partitions of the same rows.
type Crossing struct {
	// Sum[k][l] is the weight of the rows in cluster k of one and l of the other.
	Sum [][]float64
	// a and b are the weights of the clusters, all their sum.
	a, b []float64
	all  float64
}

// Cross counts the rows that are in both partitions (-1 is outside), by weight.
func Cross(a, b []int32, weights []float64, clustersA, clustersB int) *Crossing {
	c := &Crossing{Sum: make([][]float64, clustersA), a: make([]float64, clustersA), b: make([]float64, clustersB)}
	for k := range c.Sum {
		c.Sum[k] = make([]float64, clustersB)
	}
	for i, k := range a {
		if l, w := b[i], weights[i]; k >= 0 && l >= 0 {
			c.Sum[k][l] += w
			c.a[k] += w
			c.b[l] += w
			c.all += w
		}
	}
	return c
}

// RandSlopes is the derivative of stats.AdjustedRand with respect to the share of
// each cell, in a large population, less its mean over people: the influence of a
// person in that cell. NaN where the index has no denominator.
func (c *Crossing) RandSlopes() [][]float64 {
	var both, a, b float64
	share := func(s float64) float64 { return s / c.all }
	for k := range c.Sum {
		a += share(c.a[k]) * share(c.a[k])
		for _, s := range c.Sum[k] {
			both += share(s) * share(s)
		}
	}
	for _, s := range c.b {
		b += share(s) * share(s)
	}
	top, bottom := both-a*b, (a+b)/2-a*b
	out, mean := make([][]float64, len(c.Sum)), 0.0
	for k := range c.Sum {
		out[k] = make([]float64, len(c.b))
		for l, s := range c.Sum[k] {
			da, db := 2*share(c.a[k]), 2*share(c.b[l])
			product := da*b + a*db
			slope := (2*share(s) - product - top/bottom*((da+db)/2-product)) / bottom
			out[k][l] = slope
			mean += share(s) * slope
		}
	}
	for k := range out {
		for l := range out[k] {
			out[k][l] -= mean
		}
	}
	return out
}

// Jaccard is, for each cluster of the first partition, the largest share of the
// people in it or in a cluster of the second who are in both (Hennig 2007); NaN
// for a cluster without anybody.
func (c *Crossing) Jaccard() []float64 {
	out := make([]float64, len(c.a))
	for k := range c.Sum {
		for l, s := range c.Sum[k] {
			if s > 0 {
				out[k] = max(out[k], s/(c.a[k]+c.b[l]-s))
			}
		}
		if c.a[k] == 0 {
			out[k] = math.NaN()
		}
	}
	return out
}
