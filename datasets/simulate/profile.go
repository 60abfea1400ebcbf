package simulate

// profile is a proportion for each age bracket.
type profile [bracketCount]float64

// flat is the same proportion at every age.
func flat(p float64) (out profile) {
	for b := range out {
		out[b] = p
	}
	return out
}

// plus moves every bracket by the same number of points.
func (p profile) plus(points float64) profile {
	for b := range p {
		p[b] += points
	}
	return p
}

// overall is the population's proportion among those whom base lets through:
// Σ share·base·p / Σ share·base over the brackets.
func (p profile) overall(base profile) float64 {
	sum, bases := 0.0, 0.0
	for b := range p {
		sum += bracketShare[b] * base[b] * p[b]
		bases += bracketShare[b] * base[b]
	}
	return sum / bases
}

// scaledTo keeps the shape and makes the overall proportion the one wanted.
func (p profile) scaledTo(overall float64, base profile) profile {
	factor := overall / p.overall(base)
	for b := range p {
		p[b] *= factor
	}
	return p
}

// scale is a kind of answer: its codes in the order of the latent, of which the
// last ones make a net. The net's share comes from a profile; below and net
// say how the rest and the net split over their codes.
type scale struct {
	codes      []float64
	below, net []float64
	ordered    bool
}

var (
	// fivePoints: not at all, not very, neither, somewhat, very; the net is 4–5.
	fivePoints = scale{[]float64{1, 2, 3, 4, 5}, []float64{0.22, 0.33, 0.45}, []float64{0.66, 0.34}, true}
	// fourPoints: strongly disagree to strongly agree; the net is 3–4.
	fourPoints = scale{[]float64{1, 2, 3, 4}, []float64{0.36, 0.64}, []float64{0.68, 0.32}, true}
	// oftenScale: never, sometimes, often, always; the net is 2–4.
	oftenScale = scale{[]float64{1, 2, 3, 4}, []float64{1}, []float64{0.58, 0.28, 0.14}, true}
	yesNo      = scale{[]float64{2, 1}, []float64{1}, []float64{1}, false}
	chosen     = scale{[]float64{0, 1}, []float64{1}, []float64{1}, false}
)

// sharesOf spreads a net's proportions over the codes. Canada differs by the
// given points; the United States make up for it, so that both together have
// exactly the profile:
//
//	p(c) = p + points·(1{c = Canada} - Canada's share)
func (s scale) sharesOf(net profile, points float64) (out cells[[]float64]) {
	for c := range out {
		for b := range out[c] {
			p := net[b] - points*countryShare[canada]
			if c == canada {
				p += points
			}
			for _, part := range s.below {
				out[c][b] = append(out[c][b], (1-p)*part)
			}
			for _, part := range s.net {
				out[c][b] = append(out[c][b], p*part)
			}
		}
	}
	return out
}
