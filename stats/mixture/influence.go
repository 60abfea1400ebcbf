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
// sandwich of weighted pseudo-likelihoods. A probability of 0 or 1 has no influence.
type Influences struct {
	model    *Model
	data     *data
	features *features
	// information is H scaled to a diagonal of 1, scale the factors.
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

// features write each row's score of class k as L_k f, where f is a few numbers for
// the row's answers, so that sums over rows are sums over those numbers.
type features struct {
	// count of numbers in a class: 1, one for each category, two for each continuous item.
	count      int
	position   []int
	parameters int
	// first[j] is the index of item j's first parameter; the shares come before.
	first []int
	// l is the rows of L', one for each class and feature: l[(k*count+a)*parameters:].
	l []float64
}

func newFeatures(m *Model, d *data) *features {
	k := m.Classes()
	f := &features{count: 1, parameters: k - 1, position: make([]int, len(m.Items)), first: make([]int, len(m.Items))}
	for j, x := range m.Items {
		f.position[j], f.first[j] = f.count, f.parameters
		switch {
		case x.Slope != nil:
			f.count += len(x.Intercept)
			f.parameters += len(x.Intercept) - 1 + k - 1
		case x.Probability != nil:
			f.count += len(x.Probability[0])
			f.parameters += k * (len(x.Probability[0]) - 1)
		default:
			f.count += 2
			f.parameters += 2 * k
		}
	}
	f.l = make([]float64, k*f.count*f.parameters)
	for class := range k {
		for l := 1; l < m.Classes(); l++ {
			f.at(class, 0)[l-1] = delta(class, l) - m.Shares[l]
		}
		for j, x := range m.Items {
			if x.Probability == nil {
				f.at(class, f.position[j])[f.first[j]+2*class] = 1
				f.at(class, f.position[j]+1)[f.first[j]+2*class+1] = 1
				continue
			}
			p := x.Probability[class]
			start := f.first[j]
			if x.Slope == nil {
				start += class * (len(p) - 1)
			}
			mean := expectation(p)
			for c := range p {
				row := f.at(class, f.position[j]+c)
				for b := 1; b < len(p); b++ {
					row[start+b-1] = delta(c, b) - p[b]
				}
				if x.Slope != nil && class > 0 {
					row[start+len(p)-1+class-1] = float64(c) - mean
				}
			}
		}
	}
	return f
}

// at is feature a's part in the score of class k.
func (f *features) at(k, a int) []float64 {
	return f.l[(k*f.count+a)*f.parameters:][:f.parameters]
}

// back is L'v, by class and feature.
func (f *features) back(v []float64) []float64 {
	out := make([]float64, len(f.l)/f.parameters)
	for i := range out {
		for a, x := range f.l[i*f.parameters:][:f.parameters] {
			out[i] += x * v[a]
		}
	}
	return out
}

// each calls use with every row that counts: its posterior z, the features that are
// not 0 and their values by class.
func (f *features) each(m *Model, d *data, use func(i int, z []float64, index []int, value []float64)) {
	p := m.parameters(d)
	tables := d.tables(p)
	z := make([]float64, m.Classes())
	var index []int
	var value []float64
	for i := range d.rows {
		if d.weight[i] == 0 {
			continue
		}
		d.joint(p, tables, i, z)
		exponentiate(z)
		index = f.answered(d, i, index[:0])
		value = value[:0]
		for k := range z {
			value = f.values(m, d, i, k, value)
		}
		use(i, z, index, value)
	}
}

func (f *features) answered(d *data, i int, index []int) []int {
	index = append(index, 0)
	for j, x := range d.items {
		switch {
		case x.Categories == 0 && !math.IsNaN(x.Value[i]):
			index = append(index, f.position[j], f.position[j]+1)
		case x.Categories > 0 && x.Code[i] >= 0:
			index = append(index, f.position[j]+int(x.Code[i]))
		}
	}
	return index
}

// values are the values of the features in answered, in class k: for a
// continuous item the scores of its mean and of the logarithm of its deviation.
func (f *features) values(m *Model, d *data, i, k int, value []float64) []float64 {
	value = append(value, 1)
	for j, x := range d.items {
		switch {
		case x.Categories == 0 && !math.IsNaN(x.Value[i]):
			s := m.Items[j].SD[k]
			t := (x.Value[i] - m.Items[j].Mean[k]) / s
			value = append(value, t/s, t*t-1)
		case x.Categories > 0 && x.Code[i] >= 0:
			value = append(value, 1)
		}
	}
	return value
}

// information is the observed information: that of complete answers, less what is
// lost because the class is not known.
func (f *features) information(m *Model, d *data) []float64 {
	size := m.Classes() * f.count
	hidden := make([]float64, size*size)
	complete := make([]float64, size)
	f.each(m, d, func(i int, z []float64, index []int, value []float64) {
		w, n := d.weight[i], len(index)
		for k, zk := range z {
			for s, a := range index {
				row := hidden[(k*f.count+a)*size:]
				x := w * zk * value[k*n+s]
				complete[k*f.count+a] += w * zk
				for t, b := range index {
					row[k*f.count+b] -= x * value[k*n+t]
					for l, zl := range z {
						row[l*f.count+b] += x * zl * value[l*n+t]
					}
				}
			}
		}
	})
	h := f.project(hidden, size)
	f.addComplete(m, complete, h)
	return h
}

// project is L M L'.
func (f *features) project(m []float64, size int) []float64 {
	n := f.parameters
	half := make([]float64, size*n)
	for r := range size {
		to := half[r*n:][:n]
		for c, v := range m[r*size:][:size] {
			if v == 0 {
				continue
			}
			for a, x := range f.l[c*n:][:n] {
				to[a] += v * x
			}
		}
	}
	out := make([]float64, n*n)
	for r := range size {
		for a, x := range f.l[r*n:][:n] {
			if x == 0 {
				continue
			}
			to := out[a*n:][:n]
			for b, v := range half[r*n:][:n] {
				to[b] += x * v
			}
		}
	}
	return out
}

// addComplete adds the information of complete answers; n is the expected counts by
// class and feature.
func (f *features) addComplete(m *Model, n, h []float64) {
	size := f.parameters
	for k := range m.Classes() {
		total := n[k*f.count]
		for a := 1; a < m.Classes(); a++ {
			for b := 1; b < m.Classes(); b++ {
				h[(a-1)*size+b-1] += total * m.Shares[a] * (delta(a, b) - m.Shares[b])
			}
		}
		for j, x := range m.Items {
			counts := n[k*f.count+f.position[j]:]
			if x.Probability == nil {
				at := f.first[j] + 2*k
				h[at*size+at] += counts[0] / (x.SD[k] * x.SD[k])
				h[(at+1)*size+at+1] += 2 * counts[0]
				continue
			}
			var answered float64
			for c := range x.Probability[k] {
				answered += counts[c]
			}
			p := x.Probability[k]
			last := f.parameters
			if j+1 < len(f.first) {
				last = f.first[j+1]
			}
			for c, v := range p {
				row := f.at(k, f.position[j]+c)
				for a := f.first[j]; a < last; a++ {
					if row[a] == 0 {
						continue
					}
					for b := f.first[j]; b < last; b++ {
						h[a*f.parameters+b] += answered * v * row[a] * row[b]
					}
				}
			}
		}
	}
}
