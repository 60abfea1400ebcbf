package cluster

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"

	"surveykit/stats/parallel"
)

// KMeans are the centres of clusters: all that is needed to assign others.
type KMeans struct {
	Items []Centre `json:"items"`
}

// Centre is one item as the clusters have it.
type Centre struct {
	// Spread is the unit of its distances, see Spreads.
	Spread float64 `json:"spread"`
	// Mean[k] is cluster k's mean, or its share of each category.
	Mean [][]float64 `json:"mean"`
}

// KMeansFit is a solution with how well it fits.
type KMeansFit struct {
	KMeans
	// Member is each row's cluster, -1 where it has no weight or no answer.
	Member []int32
	// Within is the weighted mean of the squared distances to the centres,
	// Total that to the centre of all.
	Within, Total float64
	// Starts were tried, Reached of those that went all the way ended at the best.
	Starts, Reached int
}

// Explained is the share of all variance that lies between clusters, 0–1.
func (f *KMeansFit) Explained() float64 { return 1 - f.Within/f.Total }

const (
	// mostRounds of assigning and centring that a start may take.
	mostRounds = 300
	// finalists go on where starts were compared on a sample, which they leave when
	// a round saves less than a share of roughly.
	finalists = 3
	roughly   = 1e-3
)

// FitKMeans finds the k clusters of the smallest
//
//	Σ_i w_i Σ_j ((x_ij − m_kj)/s_j)² / Σ w
//
// over the answered items j, with the spreads s of Spreads; categories are
// columns of 0 and 1. Starts are drawn by k-means++ (Arthur and Vassilvitskii
// 2007), by weight, and moved by Lloyd's rounds until nobody moves; with more
// than 4,000 rows on every so-manieth until a round saves less than 0.1%, the best
// three then on all. Clusters come largest first. The error is ErrTooFew or the context's.
// Equals R stats::kmeans on standardised columns with equal weights.
func FitKMeans(ctx context.Context, items []Item, weights []float64, k int, o Options) (*KMeansFit, error) {
	all := newCloud(items, weights, o.units(items, weights, Spreads))
	if !all.differ(k) {
		return nil, ErrTooFew
	}
	some := all.thin(sampled)
	tries, least := make([]attempt, o.starts()), 0.0
	if len(some.rows) < len(all.rows) {
		least = roughly
	}
	parallel.Each(ctx, len(tries), func(s int) {
		tries[s] = some.settle(some.seeds(rand.New(rand.NewPCG(o.Seed, uint64(s))), k), least)
	})
	if len(some.rows) < len(all.rows) {
		slices.SortStableFunc(tries, func(a, b attempt) int { return cmp.Compare(a.within, b.within) })
		tries = tries[:min(finalists, len(tries))]
		parallel.Each(ctx, len(tries), func(s int) { tries[s] = all.settle(tries[s].centres, 0) })
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	best := slices.MinFunc(tries, func(a, b attempt) int { return cmp.Compare(a.within, b.within) })
	f := all.finish(best, k)
	if !filled(f.Member, k) {
		return nil, ErrTooFew
	}
	f.Starts = o.starts()
	for _, t := range tries {
		if t.within-best.within <= 1e-9*best.within {
			f.Reached++
		}
	}
	return f, nil
}

// finish names the rows' clusters, largest first, in the items' own units.
func (c *cloud) finish(t attempt, k int) *KMeansFit {
	place := largestFirst(t.member, c.counted(), k)
	ordered := attempt{centres: make([][]float64, k), member: make([]int32, len(c.rows))}
	for l, centre := range t.centres {
		ordered.centres[place[l]] = centre
	}
	c.assign(&ordered) // who is as near to two goes to the first in this order
	f := &KMeansFit{Member: slices.Repeat([]int32{-1}, len(c.weights)), Within: ordered.within}
	for n, i := range c.rows {
		f.Member[i] = ordered.member[n]
	}
	f.Items = make([]Centre, c.items)
	for j := range f.Items {
		f.Items[j] = Centre{Spread: c.unit[j], Mean: make([][]float64, k)}
		for l, centre := range ordered.centres {
			mean := slices.Clone(centre[c.start[j]:][:c.width[j]])
			if !c.nominal[j] {
				mean[0] *= c.unit[j]
			}
			f.Items[j].Mean[l] = mean
		}
	}
	one := attempt{centres: c.centres(nil, 1), member: make([]int32, len(c.rows))}
	c.assign(&one)
	f.Total = one.within
	return f
}

// Assign gives each row the cluster of the nearest centre, by the items that it
// answered; -1 without an answer. The items are those that were fitted, in order.
func (m *KMeans) Assign(items []Item) []int32 {
	weights := slices.Repeat([]float64{1}, len(items[0].Value))
	units := make([]float64, len(items))
	for j, x := range m.Items {
		units[j] = x.Spread
	}
	c := &cloud{points: newPoints(items, units), rows: counted(items, weights)}
	centres := make([][]float64, len(m.Items[0].Mean))
	for j, x := range m.Items {
		c.start = append(c.start, len(centres[0]))
		c.width = append(c.width, len(x.Mean[0]))
		for k, mean := range x.Mean {
			for _, v := range mean {
				if !c.nominal[j] {
					v /= x.Spread
				}
				centres[k] = append(centres[k], v)
			}
		}
	}
	costs := c.costs(centres)
	member := slices.Repeat([]int32{-1}, len(weights))
	for _, i := range c.rows {
		member[i], _ = c.nearest(c.row(int(i)), costs)
	}
	return member
}
