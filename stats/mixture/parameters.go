package mixture

import "math"

// least is the smallest probability that a class may give an answer: ln 0
// would shut a class for good, and for people that the model has not seen.
const least = 1e-12

// parameters are a model in the shape that the steps read and the
// acceleration extrapolates.
type parameters struct {
	classes int
	share   []float64
	// probability[j][c*K+k] for nominal and ordinal items.
	probability [][]float64
	// intercept[j][c] and slope[j][k] for ordinal items.
	intercept, slope [][]float64
	// mean[j][k] and sd[j][k] for continuous items.
	mean, sd [][]float64
}

func newParameters(classes, items int) *parameters {
	return &parameters{
		classes: classes, share: make([]float64, classes), probability: make([][]float64, items),
		intercept: make([][]float64, items), slope: make([][]float64, items),
		mean: make([][]float64, items), sd: make([][]float64, items),
	}
}

func (m *Model) parameters(d *data) *parameters {
	k := m.Classes()
	p := newParameters(k, len(m.Items))
	copy(p.share, m.Shares)
	for j, x := range m.Items {
		p.intercept[j], p.slope[j], p.mean[j], p.sd[j] = x.Intercept, x.Slope, x.Mean, x.SD
		if x.Probability == nil {
			continue
		}
		p.probability[j] = make([]float64, d.items[j].Categories*k)
		for class, row := range x.Probability {
			for c, v := range row {
				p.probability[j][c*k+class] = v
			}
		}
	}
	return p
}

// model lays parameters out by class, in the order given.
func (p *parameters) model(order []int) Model {
	m := Model{Items: make([]ItemModel, len(p.probability))}
	pick := func(from []float64) []float64 {
		if from == nil {
			return nil
		}
		out := make([]float64, len(order))
		for to, k := range order {
			out[to] = from[k]
		}
		return out
	}
	m.Shares = pick(p.share)
	for j := range m.Items {
		x := &m.Items[j]
		x.Mean, x.SD, x.Intercept, x.Slope = pick(p.mean[j]), pick(p.sd[j]), p.intercept[j], pick(p.slope[j])
		x.anchor()
		if p.probability[j] == nil {
			continue
		}
		for _, k := range order {
			row := make([]float64, len(p.probability[j])/p.classes)
			for c := range row {
				row[c] = p.probability[j][c*p.classes+k]
			}
			x.Probability = append(x.Probability, row)
		}
	}
	return m
}

// anchor moves an ordinal item's slopes so that the first is 0, which the
// intercepts take up.
func (x *ItemModel) anchor() {
	if x.Slope == nil {
		return
	}
	first := x.Slope[0]
	intercept := make([]float64, len(x.Intercept))
	for c := range intercept {
		intercept[c] = x.Intercept[c] + first*float64(c)
	}
	x.Intercept = intercept
	for k := range x.Slope {
		x.Slope[k] -= first
	}
}

// vector lists what the acceleration extrapolates, unpack is its inverse and
// brings everything back into its range.
func (p *parameters) vector(out []float64) []float64 {
	out = append(out[:0], p.share...)
	for j := range p.probability {
		switch {
		case p.slope[j] != nil:
			out = append(append(out, p.intercept[j]...), p.slope[j]...)
		case p.probability[j] != nil:
			out = append(out, p.probability[j]...)
		default:
			out = append(out, p.mean[j]...)
			for _, s := range p.sd[j] {
				out = append(out, math.Log(s))
			}
		}
	}
	return out
}

func (p *parameters) unpack(v []float64) {
	take := func(to []float64) { copy(to, v); v = v[len(to):] }
	take(p.share)
	normalise(p.share, 1)
	for j := range p.probability {
		switch {
		case p.slope[j] != nil:
			take(p.intercept[j])
			take(p.slope[j])
			p.ordinal(j)
		case p.probability[j] != nil:
			take(p.probability[j])
			normalise(p.probability[j], p.classes)
		default:
			take(p.mean[j])
			take(p.sd[j])
			for k := range p.sd[j] {
				p.sd[j][k] = math.Exp(p.sd[j][k])
			}
		}
	}
}

// ordinal computes the probabilities of an ordinal item.
func (p *parameters) ordinal(j int) {
	l := make([]float64, len(p.intercept[j]))
	for k := range p.classes {
		for c := range l {
			l[c] = p.intercept[j][c] + p.slope[j][k]*float64(c)
		}
		exponentiate(l)
		for c, v := range l {
			p.probability[j][c*p.classes+k] = max(v, least)
		}
	}
}

// normalise lifts entries to the least probability and makes those of each of
// the interleaved columns sum to 1.
func normalise(v []float64, columns int) {
	for k := range columns {
		var sum float64
		for i := k; i < len(v); i += columns {
			v[i] = max(v[i], least)
			sum += v[i]
		}
		for i := k; i < len(v); i += columns {
			v[i] /= sum
		}
	}
}

func (p *parameters) clone() *parameters {
	c := newParameters(p.classes, len(p.probability))
	copy(c.share, p.share)
	for j := range p.probability {
		c.probability[j] = append([]float64(nil), p.probability[j]...)
		c.intercept[j] = append([]float64(nil), p.intercept[j]...)
		c.slope[j] = append([]float64(nil), p.slope[j]...)
		c.mean[j] = append([]float64(nil), p.mean[j]...)
		c.sd[j] = append([]float64(nil), p.sd[j]...)
	}
	return c
}

// distance is the largest difference of a share or a probability, or of a mean
// in units of its deviation.
func (p *parameters) distance(q *parameters) float64 {
	far := farthest(p.share, q.share)
	for j := range p.probability {
		far = max(far, farthest(p.probability[j], q.probability[j]))
		for k := range p.mean[j] {
			far = max(far, math.Abs(p.mean[j][k]-q.mean[j][k])/p.sd[j][k])
		}
	}
	return far
}

func farthest(a, b []float64) float64 {
	far := 0.0
	for i := range a {
		far = max(far, math.Abs(a[i]-b[i]))
	}
	return far
}
