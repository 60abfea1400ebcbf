package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
)

// trait is what correlates the answers of one person and of one site.
type trait int

// The traits. A question and its gate never load on the same one, so that the
// people who pass the gate answer as the whole population would.
const (
	concern trait = iota
	commerce
	traitCount
)

// The codes of missing answers.
const (
	codeDontKnow = 8
	codeRefused  = 9
)

// How often a question that allows it gets no answer: the same for everybody,
// so that the shares among the answers stay exact.
const (
	dontKnowShare = 0.015
	refusedShare  = 0.005
)

// block is a part of the questionnaire that is asked together.
type block interface {
	// ask draws the person's answers into p.answers.
	ask(rng *rand.Rand, p *person)
	// truths are the exact figures of one country and age bracket.
	truths(country, bracket int) []truth
}

// cells has a value for each country and age bracket.
type cells[T any] [countryCount][bracketCount]T

// question is one column with one code as its answer.
type question struct {
	name string
	at   int
	// codes in the order of the latent.
	codes []float64
	// shares of the codes among the answers.
	shares cells[[]float64]
	// cuts are the thresholds of the latent that give those shares.
	cuts    cells[[]float64]
	trait   trait
	loading float64
	// noAnswer is true where don't know and refused are possible.
	noAnswer bool
	// ordered is true where the mean of the codes has a meaning.
	ordered bool
	gate    *gate
}

// gate routes: the question is asked where another question has one of the codes.
type gate struct {
	question *question
	codes    []float64
}

// share is the share of a cell's people, among those who answered the gate's
// question, who are asked.
func (g *gate) share(country, bracket int) float64 {
	if g == nil {
		return 1
	}
	sum := 0.0
	for k, code := range g.question.codes {
		if slices.Contains(g.codes, code) {
			sum += g.question.shares[country][bracket][k]
		}
	}
	return sum
}

func (q *question) ask(rng *rand.Rand, p *person) {
	if !(q.gate == nil || slices.Contains(q.gate.codes, p.answers[q.gate.question.at])) {
		p.answers[q.at] = math.NaN()
		return
	}
	if q.noAnswer {
		switch u := rng.Float64(); {
		case u < dontKnowShare:
			p.answers[q.at] = codeDontKnow
			return
		case u < dontKnowShare+refusedShare:
			p.answers[q.at] = codeRefused
			return
		}
	}
	p.answers[q.at] = q.draw(rng, p)
}

// draw is the person's answer where there is one.
func (q *question) draw(rng *rand.Rand, p *person) float64 {
	z, k := q.loading*p.traits[q.trait]+math.Sqrt(1-q.loading*q.loading)*rng.NormFloat64(), 0
	cuts := q.cuts[p.country][p.bracket]
	for k < len(cuts) && z > cuts[k] {
		k++
	}
	return q.codes[k]
}

// given is the probability of the codes for a person whose trait is t:
// Φ of the standardised cut, differenced.
func (q *question) given(t float64, country, bracket int, codes ...float64) float64 {
	sum, below := 0.0, 0.0
	spread := math.Sqrt(1 - q.loading*q.loading)
	for k, code := range q.codes {
		upTo := 1.0
		if k < len(q.codes)-1 {
			upTo = math.Erfc(-((q.cuts[country][bracket][k]-q.loading*t)/spread)/math.Sqrt2) / 2
		}
		if slices.Contains(codes, code) {
			sum += upTo - below
		}
		below = upTo
	}
	return sum
}

func (q *question) truths(country, bracket int) []truth {
	asked := q.gate.share(country, bracket)
	shares := q.shares[country][bracket]
	var out []truth
	mean := 0.0
	for k, code := range q.codes {
		out = append(out, truth{variable: q.name, statistic: Share, code: code, base: asked, value: shares[k]})
		mean += code * shares[k]
	}
	if q.ordered {
		out = append(out, truth{variable: q.name, statistic: Mean, code: math.NaN(), base: asked, value: mean})
	}
	return out
}

// cutsOf are the thresholds of a standard normal with the given shares between them.
func cutsOf(shares cells[[]float64]) (cuts cells[[]float64]) {
	for c := range shares {
		for b := range shares[c] {
			sum := 0.0
			for _, s := range shares[c][b][:len(shares[c][b])-1] {
				sum += s
				cuts[c][b] = append(cuts[c][b], math.Sqrt2*math.Erfinv(2*min(sum, 1)-1))
			}
		}
	}
	return cuts
}

// normal are points of a standard normal trait with weights that sum to 1: the
// trapezoid rule, which is exact to rounding for such smooth functions.
var normal = func() (grid []struct{ at, weight float64 }) {
	const step, limit = 0.05, 8.5
	sum := 0.0
	for k := -limit / step; k <= limit/step; k++ {
		t := k * step
		w := math.Exp(-t * t / 2)
		grid = append(grid, struct{ at, weight float64 }{t, w})
		sum += w
	}
	for k := range grid {
		grid[k].weight /= sum
	}
	return grid
}()

// average integrates f over a standard normal trait.
func average(f func(t float64) float64) float64 {
	sum := 0.0
	for _, x := range normal {
		sum += x.weight * f(x.at)
	}
	return sum
}

// profile is a proportion for each age bracket.
type profile [bracketCount]float64

// flat is the same proportion at every age.
func flat(p float64) (out profile) {
	for b := range out {
		out[b] = p
	}
	return out
}

// overall is the proportion among the people of base, a proportion of each bracket:
// Σ share·base·p / Σ share·base over the brackets.
func (p profile) overall(base profile) float64 {
	sum, bases := 0.0, 0.0
	for b := range p {
		sum += bracketShare[b] * base[b] * p[b]
		bases += bracketShare[b] * base[b]
	}
	return sum / bases
}

// scaledTo keeps the shape and changes the overall proportion.
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
