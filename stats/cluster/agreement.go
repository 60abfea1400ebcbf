package cluster

import "math"

// Crossing is how two partitions of the same rows cross.
type Crossing struct {
	// Sum[a][b] is the weight of the rows in cluster a of one and b of the other.
	Sum [][]float64
	// square is Σ w² of the same rows, by cell, by cluster and over all.
	square  [][]float64
	squareA []float64
	squareB []float64
	a, b    []float64
	all, q  float64
}

// Cross counts the rows that both partitions class.
func Cross(a, b []int32, weights []float64, clustersA, clustersB int) *Crossing {
	c := &Crossing{
		Sum: make([][]float64, clustersA), square: make([][]float64, clustersA),
		a: make([]float64, clustersA), b: make([]float64, clustersB), squareA: make([]float64, clustersA), squareB: make([]float64, clustersB),
	}
	for k := range c.Sum {
		c.Sum[k], c.square[k] = make([]float64, clustersB), make([]float64, clustersB)
	}
	for i, k := range a {
		l, w := b[i], weights[i]
		if k < 0 || l < 0 {
			continue
		}
		c.Sum[k][l] += w
		c.square[k][l] += w * w
		c.a[k] += w
		c.b[l] += w
		c.squareA[k] += w * w
		c.squareB[l] += w * w
		c.all += w
		c.q += w * w
	}
	return c
}

// AdjustedRand is the adjusted Rand index of Hubert and Arabie (1985) over pairs
// of different people, each pair with the product of its weights: 1 where the
// partitions are the same but for names, 0 on average where they have nothing to
// do with each other. NaN where both have one cluster, or each its own.
func (c *Crossing) AdjustedRand() float64 {
	var both, a, b float64
	for k := range c.Sum {
		for l, s := range c.Sum[k] {
			both += s*s - c.square[k][l]
		}
	}
	for k, s := range c.a {
		a += s*s - c.squareA[k]
	}
	for l, s := range c.b {
		b += s*s - c.squareB[l]
	}
	expected := a * b / (c.all*c.all - c.q)
	return (both - expected) / ((a+b)/2 - expected)
}

// RandSlopes is the derivative of the adjusted Rand index by the share of each
// cell, for a large population, less its mean over people: the influence of a
// person in that cell.
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
