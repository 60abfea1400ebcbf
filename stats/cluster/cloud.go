package cluster

import (
	"math"
	"math/rand/v2"
	"slices"
)

// cloud are the rows that count.
type cloud struct {
	*points
	rows    []int32
	weights []float64
	// width[j] columns make a centre of item j, from column start[j] on.
	start, width []int
	columns      int
}

func newCloud(items []Item, weights, units []float64) *cloud {
	c := &cloud{points: newPoints(items, units), rows: counted(items, weights), weights: weights}
	for _, x := range items {
		c.start, c.width = append(c.start, c.columns), append(c.width, max(x.Categories, 1))
		c.columns += max(x.Categories, 1)
	}
	return c
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

// thin keeps every so-manieth row, so that at most n stay.
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

// attempt is where a start ended.
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
		centre := c.at(c.row(int(c.rows[draw(random, chance)])), mean)
		centres = append(centres, centre)
		costs := c.costs([][]float64{centre})
		for n, i := range c.rows {
			nearest[n] = min(nearest[n], c.cost(c.row(int(i)), costs[0]))
			chance[n] = c.weights[i] * nearest[n]
		}
	}
	return centres
}

// draw picks a place with a chance in proportion to its share of the sum.
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

// at is a centre that lies on a row, and on the mean where the row has no answer.
func (c *cloud) at(row, mean []float64) []float64 {
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
	return centre
}

// settle assigns and centres in turn until nobody moves, or a round saves less
// than a share of what is left.
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
// A centre that is left without rows takes the one farthest from its own.
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

// centres are the weighted means of each cluster, by the rows that answered; that
// of all where no row of a cluster did. Without members all rows are one cluster.
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
		floatsAdd(sums[clusters], sums[k])
		floatsAdd(weight[clusters], weight[k])
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

func floatsAdd(to, from []float64) {
	for i, x := range from {
		to[i] += x
	}
}
