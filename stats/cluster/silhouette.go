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
	// Error is the standard error of Mean from looking at a sample, 0 where
	// everybody was looked at.
	Error float64
	// Looked is at how many rows.
	Looked int
}

// Silhouettes compares partitions of the same rows (Rousseeuw 1987): row i has
//
//	s = (b − a)/max(a, b),   a = Σ w_j d_ij / Σ w_j
//
// over the others of its own cluster, b the least such mean over another
// cluster, and 0 where it is alone in its own. With more rows than most, a
// sample of most drawn by seed is looked at, each of these against all rows.
// members are those of each partition, -1 outside, each with the same rows.
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
