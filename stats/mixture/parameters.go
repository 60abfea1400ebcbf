package mixture

import (
	"math"

	"surveykit/stats"
)

// least is the smallest probability of an answer in a class: ln 0 would exclude a
// class for ever, also for people outside the data.
const least = 1e-12

// parameters are a model in the form that the steps need and the acceleration
// extrapolates.
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

// model is the model with the classes in the given order.
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
		if x.Slope != nil {
			// The first slope becomes 0, which the intercepts take up.
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

// vector lists what the acceleration extrapolates; unpack is its inverse and brings
// everything back into its range.
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

// normalise raises entries to the least probability and makes each of the
// interleaved columns sum to 1.
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

func farthest(a, b []float64) float64 {
	far := 0.0
	for i := range a {
		far = max(far, math.Abs(a[i]-b[i]))
	}
	return far
}

// narrowest is the smallest standard deviation of a class, relative to the item's
// over all rows: without it a class can shrink onto one value and the likelihood is
// unbounded.
const narrowest = 0.01

// fitOrdinal climbs towards the intercepts and slopes that fit an ordinal
// item's expected counts, counts[c*K+k]: a few Newton steps, halved where they
// overshoot, are enough, because the counts change in the next pass.
func (p *parameters) fitOrdinal(j int, counts []float64) {
	const steps = 3
	value := p.ordinalValue(j, counts)
	for range steps {
		categories := len(p.intercept[j])
		m := categories - 1
		size := m + p.classes - 1
		gradient, information := make([]float64, size), make([]float64, size*size)
		for k := range p.classes {
			var n float64
			for c := range categories {
				n += counts[c*p.classes+k]
			}
			p.addOrdinal(j, k, n, counts, gradient, information)
		}
		g := stats.NewSymmetric(size)
		for a := range size {
			for b := range a + 1 {
				g.Set(a, b, information[a*size+b])
			}
		}
		step := stats.NewCholesky(g).Solve(gradient)
		intercept, slope := append([]float64(nil), p.intercept[j]...), append([]float64(nil), p.slope[j]...)
		gained := false
		for scale := 1.0; scale > 1e-4 && !gained; scale /= 2 {
			p.moveOrdinal(j, intercept, slope, step, scale)
			next := p.ordinalValue(j, counts)
			if gained = next >= value; gained {
				value = next
			}
		}
		if !gained {
			p.moveOrdinal(j, intercept, slope, step, 0)
			return
		}
	}
}

func (p *parameters) moveOrdinal(j int, intercept, slope, step []float64, scale float64) {
	m := len(intercept) - 1
	for c := range m {
		p.intercept[j][c+1] = intercept[c+1] + scale*step[c]
	}
	for k := 1; k < p.classes; k++ {
		p.slope[j][k] = slope[k] + scale*step[m+k-1]
	}
	p.ordinal(j)
}

// ordinalValue is Σ counts·ln p.
func (p *parameters) ordinalValue(j int, counts []float64) float64 {
	var v float64
	for i, n := range counts {
		v += n * math.Log(p.probability[j][i])
	}
	return v
}

// addOrdinal adds one class's part of the gradient and the information.
func (p *parameters) addOrdinal(j, k int, n float64, counts, gradient, information []float64) {
	categories, size := len(p.intercept[j]), len(gradient)
	m := categories - 1
	at := m + k - 1
	var mean, square float64
	prob := make([]float64, categories)
	for c := range categories {
		prob[c] = p.probability[j][c*p.classes+k]
		mean += float64(c) * prob[c]
		square += float64(c*c) * prob[c]
	}
	for c := range categories {
		rest := counts[c*p.classes+k] - n*prob[c]
		if c > 0 {
			gradient[c-1] += rest
		}
		if k > 0 {
			gradient[at] += rest * float64(c)
		}
	}
	for a := 1; a < categories; a++ {
		for b := 1; b < categories; b++ {
			information[(a-1)*size+b-1] -= n * prob[a] * prob[b]
		}
		information[(a-1)*size+a-1] += n * prob[a]
		if k > 0 {
			cross := n * prob[a] * (float64(a) - mean)
			information[(a-1)*size+at] += cross
			information[at*size+a-1] += cross
		}
	}
	if k > 0 {
		information[at*size+at] += n * (square - mean*mean)
	}
}
