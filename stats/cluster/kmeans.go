package cluster

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"surveykit/stats"
	"surveykit/stats/parallel"
)

// KMeans are the centres of clusters: all that is needed to assign other people.
type KMeans struct {
	Items []Centre `json:"items"`
}

// Centre is the centres of one item.
type Centre struct {
	// Spread is the unit of its distances, see Spreads.
	Spread float64 `json:"spread"`
	// Mean[k] is cluster k's mean, or its share of each category.
	Mean [][]float64 `json:"mean"`
}

// KMeansFit is a solution and its fit.
type KMeansFit struct {
	KMeans
	// Member is each row's cluster, -1 where it has no weight or no answer.
	Member []int32
	// Within is the weighted mean of the squared distances to the centres,
	// Total that to the centre of all.
	Within, Total float64
	// Starts is how many were tried, Reached how many of the finalists ended at the
	// best solution.
	Starts, Reached int
}

// Explained is the share of the variance that is between clusters, 0–1.
func (f *KMeansFit) Explained() float64 { return 1 - f.Within/f.Total }

const (
	// mostRounds is how many rounds a start may take.
	mostRounds = 300
	// finalists is how many starts continue after a comparison on a sample, which ends
	// when a round lowers the sum by less than the share roughly.
	finalists = 3
	roughly   = 1e-3
)

// FitKMeans finds the k clusters of the smallest
//
//	Σ_i w_i Σ_j ((x_ij − m_kj)/s_j)² / Σ w
//
// over the answered items j, with the spreads s of Spreads; categories are
// columns of 0 and 1. Starts are drawn by k-means++ (Arthur and Vassilvitskii
// 2007), by weight, and improved by Lloyd's rounds until no row moves. With
// more than 4,000 rows they are improved on a sample at equal steps until a round
// gains less than 0.1%, then the best three on all rows. Clusters come largest first. The error is ErrTooFew or the context's.
// Equals R stats::kmeans on standardised columns with equal weights.
func FitKMeans(ctx context.Context, items []Item, weights []float64, k int, o Options) (*KMeansFit, error) {
	units := o.units(items, weights, Spreads)
	all := &cloud{points: newPoints(items, units), rows: counted(items, weights), weights: weights}
	for _, x := range items {
		all.start, all.width = append(all.start, all.columns), append(all.width, max(x.Categories, 1))
		all.columns += max(x.Categories, 1)
	}
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

// finish numbers the clusters, largest first, and restores the units of the items.
func (c *cloud) finish(t attempt, k int) *KMeansFit {
	place := largestFirst(t.member, c.counted(), k)
	ordered := attempt{centres: make([][]float64, k), member: make([]int32, len(c.rows))}
	for l, centre := range t.centres {
		ordered.centres[place[l]] = centre
	}
	c.assign(&ordered) // of two centres at the same distance, the first takes the row
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
// answered; -1 without an answer. The items are the fitted ones, in order.
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

// cloud is the rows that count.
type cloud struct {
	*points
	rows    []int32
	weights []float64
	// The centre of item j has width[j] columns from column start[j] on.
	start, width []int
	columns      int
}

// differ reports whether at least k rows are different.
func (c *cloud) differ(k int) bool {
	var seen [][]float64
	for _, i := range c.rows {
		same := func(r []float64) bool {
			return slices.EqualFunc(r, c.row(int(i)), func(a, b float64) bool { return a == b || a != a && b != b })
		}
		if !slices.ContainsFunc(seen, same) {
			seen = append(seen, c.row(int(i)))
		}
		if len(seen) >= k {
			return true
		}
	}
	return false
}

// thin keeps rows at equal steps, at most n of them.
func (c *cloud) thin(n int) *cloud {
	step := (len(c.rows) + n - 1) / n
	some := *c
	some.rows = nil
	for i := 0; i < len(c.rows); i += step {
		some.rows = append(some.rows, c.rows[i])
	}
	return &some
}

// counted are the weights of the rows.
func (c *cloud) counted() []float64 {
	w := make([]float64, len(c.rows))
	for n, i := range c.rows {
		w[n] = c.weights[i]
	}
	return w
}

// attempt is the result of a start.
type attempt struct {
	centres [][]float64
	member  []int32
	within  float64
}

// seeds draws rows as first centres, each with a chance of its weight times its
// squared distance to the nearest one drawn before.
func (c *cloud) seeds(random *rand.Rand, k int) [][]float64 {
	chance := c.counted()
	mean := c.centres(nil, 1)[0]
	var centres [][]float64
	nearest := slices.Repeat([]float64{math.Inf(1)}, len(c.rows))
	for range k {
		row := c.row(int(c.rows[draw(random, chance)]))
		centre := slices.Clone(mean)
		for j, x := range row {
			part := centre[c.start[j]:][:c.width[j]]
			switch {
			case math.IsNaN(x):
			case c.nominal[j]:
				clear(part)
				part[int(x)] = 1
			default:
				part[0] = x
			}
		}
		centres = append(centres, centre)
		costs := c.costs([][]float64{centre})
		for n, i := range c.rows {
			nearest[n] = min(nearest[n], c.cost(c.row(int(i)), costs[0]))
			chance[n] = c.weights[i] * nearest[n]
		}
	}
	return centres
}

// draw draws an index with a probability in proportion to chance.
func draw(random *rand.Rand, chance []float64) int {
	var sum float64
	for _, p := range chance {
		sum += p
	}
	left, last := random.Float64()*sum, 0
	for n, p := range chance {
		if p > 0 {
			if last = n; left < p {
				break
			}
			left -= p
		}
	}
	return last
}

// settle assigns rows and moves centres in turn until no row moves, or a round
// lowers the sum by less than the share least.
func (c *cloud) settle(centres [][]float64, least float64) attempt {
	t := attempt{member: slices.Repeat([]int32{-1}, len(c.rows)), within: math.Inf(1)}
	for range mostRounds {
		before := t.within
		t.centres = centres
		if !c.assign(&t) || before-t.within < least*t.within {
			break
		}
		centres = c.centres(t.member, len(centres))
	}
	return t
}

// assign gives each row the nearest centre and reports whether any row moved.
// A centre without rows takes the row farthest from its own centre.
func (c *cloud) assign(t *attempt) (moved bool) {
	costs := c.costs(t.centres)
	size := make([]int, len(costs))
	far := make([]float64, len(c.rows))
	var sum, all float64
	for n, i := range c.rows {
		k, d := c.nearest(c.row(int(i)), costs)
		moved = moved || t.member[n] != k
		t.member[n], far[n] = k, d
		size[k]++
		sum += c.weights[i] * d
		all += c.weights[i]
	}
	t.within = sum / all
	for k, n := range size {
		if n > 0 {
			continue
		}
		at := 0
		for n := range far {
			if far[n] > far[at] && size[t.member[n]] > 1 {
				at = n
			}
		}
		size[t.member[at]]--
		t.member[at], far[at], size[k], moved = int32(k), 0, 1, true
	}
	return moved
}

func (c *cloud) nearest(row []float64, costs [][]float64) (k int32, d float64) {
	d = math.Inf(1)
	for l, table := range costs {
		if e := c.cost(row, table); e < d {
			k, d = int32(l), e
		}
	}
	return k, d
}

// costs are, by cluster, a number's centre, or what each category of a nominal
// item adds to the squared distance: (1 − 2 m_c + Σ m²)/s².
func (c *cloud) costs(centres [][]float64) [][]float64 {
	out := make([][]float64, len(centres))
	for k, centre := range centres {
		out[k] = slices.Clone(centre)
		for j, nominal := range c.nominal {
			if !nominal {
				continue
			}
			part := out[k][c.start[j]:][:c.width[j]]
			var square float64
			for _, m := range part {
				square += m * m
			}
			for a, m := range part {
				part[a] = (1 - 2*m + square) / (c.unit[j] * c.unit[j])
			}
		}
	}
	return out
}

// cost is a row's squared distance to a centre.
func (c *cloud) cost(row, table []float64) float64 {
	var sum float64
	for j, x := range row {
		if x != x {
			continue
		}
		if c.nominal[j] {
			sum += table[c.start[j]+int(x)]
			continue
		}
		d := x - table[c.start[j]]
		sum += d * d
	}
	return sum
}

// centres are the weighted means of each cluster over the rows that answered, or the
// mean of all rows where no row of a cluster did. Without members all rows are one
// cluster.
func (c *cloud) centres(member []int32, clusters int) [][]float64 {
	sums, weight := make([][]float64, clusters+1), make([][]float64, clusters+1)
	for k := range sums {
		sums[k], weight[k] = make([]float64, c.columns), make([]float64, c.items)
	}
	for n, i := range c.rows {
		k, w := 0, c.weights[i]
		if member != nil {
			k = int(member[n])
		}
		for j, x := range c.row(int(i)) {
			switch {
			case x != x:
				continue
			case c.nominal[j]:
				sums[k][c.start[j]+int(x)] += w
			default:
				sums[k][c.start[j]] += w * x
			}
			weight[k][j] += w
		}
	}
	for k := range clusters {
		stats.AddScaled(sums[clusters], 1, sums[k])
		stats.AddScaled(weight[clusters], 1, weight[k])
	}
	for k := range clusters {
		for j := range c.items {
			from := k
			if weight[k][j] == 0 {
				from = clusters
			}
			for a := c.start[j]; a < c.start[j]+c.width[j]; a++ {
				sums[k][a] = sums[from][a] / unit(weight[from][j])
			}
		}
	}
	return sums[:clusters]
}
