package cluster

import "math"

// Crossing is how two partitions of the same rows cross.
type Crossing struct {
	// Sum[k][l] is the weight of the rows in cluster k of one and l of the other.
	Sum [][]float64
	// a and b are the weights of the clusters, all that of everybody.
	a, b []float64
	all  float64
}

// Cross counts the rows that both partitions class (-1 is outside), by weight.
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

// RandSlopes is the derivative of stats.AdjustedRand by the share of each cell,
// in a large population, less its mean over people: the influence of a person in
// that cell. NaN where the index has no denominator.
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
