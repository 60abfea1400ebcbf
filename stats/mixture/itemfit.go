package mixture

import (
	"math"

	"surveykit/stats"
)

// narrowest is the smallest standard deviation of a class, as a share of the
// item's over all rows: without it a class shrinks onto one value and the
// likelihood has no bound.
const narrowest = 0.01

// fitNormal takes means and standard deviations from a continuous item's
// moments; a class without rows keeps what it had.
func (p *parameters) fitNormal(j int, moment []float64, centre, spread float64) {
	for k := range p.classes {
		n, x, xx := moment[3*k], moment[3*k+1], moment[3*k+2]
		if n < least {
			continue
		}
		mean := x / n
		p.mean[j][k] = centre + mean
		p.sd[j][k] = math.Max(math.Sqrt(math.Max(xx/n-mean*mean, 0)), narrowest*spread)
	}
}

// fitOrdinal climbs towards the intercepts and slopes that fit an ordinal
// item's expected counts, counts[c*K+k]: a few Newton steps, halved where they
// overshoot, are enough, for the counts move again in the next pass.
func (p *parameters) fitOrdinal(j int, counts []float64) {
	const steps = 3
	value := p.ordinalValue(j, counts)
	for range steps {
		step := p.ordinalStep(j, counts)
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

// ordinalStep is the Newton step of the free intercepts (all but the first) and
// slopes (all but the first class's).
func (p *parameters) ordinalStep(j int, counts []float64) []float64 {
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
	return stats.NewCholesky(g).Solve(gradient)
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
