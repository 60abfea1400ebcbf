package mixture

import (
	"math"

	"surveykit/stats"
)

// Influences are the rows' influences on a fitted model's parameters: the
// design's variance of their sum is the sandwich variance.
//
// With score s_i of row i and observed information H = −Σ w ∂s (Louis, JRSS B 44,
// 1982) the influence on a function g of the parameters is w_i g'H⁻¹s_i, here for
// the shares, probabilities and means themselves. Source: Binder 1983 for the
// sandwich of weighted pseudo-likelihoods. A probability at 0 or 1 has none.
type Influences struct {
	model    *Model
	data     *data
	features *features
	// information is H with a diagonal of 1, scale what made it so.
	information *stats.Cholesky
	scale       []float64
}

// Influences computes the information of a model at the answers it was fitted to.
func (m *Model) Influences(items []Item, weights []float64) *Influences {
	d := newData(items, nil)
	d.weigh(weights)
	x := &Influences{model: m, data: d, features: newFeatures(m, d)}
	h := x.features.information(m, d)
	x.scale = make([]float64, x.features.parameters)
	g := stats.NewSymmetric(x.features.parameters)
	for a := range x.scale {
		x.scale[a] = 1 / math.Sqrt(math.Max(h[a*len(x.scale)+a], 1e-300))
	}
	for a := range x.scale {
		for b := range a + 1 {
			g.Set(a, b, h[a*len(x.scale)+b]*x.scale[a]*x.scale[b])
		}
	}
	x.information = stats.NewCholesky(g)
	return x
}

// Share is each row's influence on the share of class k.
func (x *Influences) Share(k int) []float64 {
	g := make([]float64, len(x.scale))
	for l := 1; l < x.model.Classes(); l++ {
		g[l-1] = x.model.Shares[k] * (delta(k, l) - x.model.Shares[l])
	}
	return x.rows(g)
}

// Probability is each row's influence on the probability of category c of item
// j in class k.
func (x *Influences) Probability(j, k, c int) []float64 {
	p, g := x.model.Items[j].Probability[k], make([]float64, len(x.scale))
	at := x.features.first[j]
	if x.model.Items[j].Slope == nil {
		at += k * (len(p) - 1)
		for b := 1; b < len(p); b++ {
			g[at+b-1] = p[c] * (delta(c, b) - p[b])
		}
		return x.rows(g)
	}
	mean := expectation(p)
	for b := 1; b < len(p); b++ {
		g[at+b-1] = p[c] * (delta(c, b) - p[b])
	}
	if k > 0 {
		g[at+len(p)-1+k-1] = p[c] * (float64(c) - mean)
	}
	return x.rows(g)
}

// Mean is each row's influence on the mean of item j in class k.
func (x *Influences) Mean(j, k int) []float64 {
	g := make([]float64, len(x.scale))
	g[x.features.first[j]+2*k] = 1
	return x.rows(g)
}

// rows are w_i g'H⁻¹s_i.
func (x *Influences) rows(g []float64) []float64 {
	for a := range g {
		g[a] *= x.scale[a]
	}
	v := x.information.Solve(g)
	for a := range v {
		v[a] *= x.scale[a]
	}
	along := x.features.back(v)
	out := make([]float64, x.data.rows)
	f := x.features
	f.each(x.model, x.data, func(i int, z []float64, index []int, value []float64) {
		var s float64
		for k, zk := range z {
			base := along[k*f.count:][:f.count]
			for n, a := range index {
				s += zk * value[k*len(index)+n] * base[a]
			}
		}
		out[i] = x.data.weight[i] * s
	})
	return out
}

func delta(a, b int) float64 {
	if a == b {
		return 1
	}
	return 0
}

func expectation(p []float64) float64 {
	var mean float64
	for c, v := range p {
		mean += float64(c) * v
	}
	return mean
}
