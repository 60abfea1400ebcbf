package simulate

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// Concern is measured on five points: concerned people answer 4 or 5, in the shares
// of concernedSplit, others 1, 2 or 3.
var (
	concernedCodes, concernedSplit     = []float64{4, 5}, []float64{0.58, 0.42}
	unconcernedCodes, unconcernedSplit = []float64{1, 2, 3}, []float64{0.18, 0.34, 0.48}
)

const (
	batteryItems = 4
	// concernedItems with a 4 or 5 make a person concerned about the category.
	concernedItems = 2
	// oneDontKnow is the share of batteries with one "don't know" in them.
	oneDontKnow = 0.06
)

// battery asks concern about the four items of one category of personal data.
// Whether a person is concerned about the category is drawn first, with its exact
// share; the items follow in a pattern that agrees with it.
type battery struct {
	category string
	names    [batteryItems]string
	at       int
	// concerned is the question that is not asked: 1 concerned, 0 not.
	concerned *question
	// patterns[status] are the probabilities of the 16 sets of concerned items.
	patterns [2][]float64
}

// newPatterns gives every pattern that agrees with a status a probability in
// proportion to independent items with the given probabilities.
func newPatterns(appeal [batteryItems]float64) (patterns [2][]float64) {
	var sum [2]float64
	all := make([]float64, 1<<batteryItems)
	for m := range all {
		all[m] = 1
		for i, a := range appeal {
			if has(m, i) {
				all[m] *= a
			} else {
				all[m] *= 1 - a
			}
		}
		sum[statusOf(m)] += all[m]
	}
	for status := range patterns {
		patterns[status] = make([]float64, len(all))
		for m, p := range all {
			if statusOf(m) == status {
				patterns[status][m] = p / sum[status]
			}
		}
	}
	return patterns
}

func has(pattern, item int) bool { return pattern>>item&1 == 1 }

func count(pattern int) (n int) {
	for i := range batteryItems {
		n += pattern >> i & 1
	}
	return n
}

func statusOf(pattern int) int {
	if count(pattern) >= concernedItems {
		return 1
	}
	return 0
}

func (b *battery) ask(rng *rand.Rand, p *person) {
	if rng.Float64() < refusedShare {
		for i := range batteryItems {
			p.answers[b.at+i] = codeRefused
		}
		return
	}
	pattern := pick(rng, b.patterns[int(b.concerned.draw(rng, p))])
	for i := range batteryItems {
		codes, split := unconcernedCodes, unconcernedSplit
		if has(pattern, i) {
			codes, split = concernedCodes, concernedSplit
		}
		p.answers[b.at+i] = codes[pick(rng, split)]
	}
	if i := rng.IntN(batteryItems); rng.Float64() < oneDontKnow && mayDontKnow(pattern, i) {
		p.answers[b.at+i] = codeDontKnow
	}
}

// mayDontKnow reports whether a "don't know" leaves the status as it is: it must not
// replace the item that makes a person concerned.
func mayDontKnow(pattern, item int) bool {
	return !has(pattern, item) || count(pattern) != concernedItems
}

func (b *battery) truths(country, bracket int) []truth {
	status := b.concerned.shares[country][bracket]
	out := []truth{{variable: "concern_" + b.category, statistic: Share, code: 1, base: 1, value: status[1]}}
	for i, name := range b.names {
		var answered float64
		var concerned float64
		for s, patterns := range b.patterns {
			for m, p := range patterns {
				share := status[s] * p
				if mayDontKnow(m, i) {
					share *= 1 - oneDontKnow/batteryItems
				}
				answered += share
				if has(m, i) {
					concerned += share
				}
			}
		}
		share := concerned / answered
		mean := 0.0
		add := func(codes, split []float64, part float64) {
			for k, code := range codes {
				out = append(out, truth{variable: name, statistic: Share, code: code, base: answered, value: part * split[k]})
				mean += code * part * split[k]
			}
		}
		add(unconcernedCodes, unconcernedSplit, 1-share)
		add(concernedCodes, concernedSplit, share)
		out = append(out, truth{variable: name, statistic: Mean, code: math.NaN(), base: answered, value: mean})
	}
	return out
}

// set is a multiple-response question: one column of 1 (chosen) and 0 for each
// item, and a last one for "none of these", which is 1 where nothing else is.
type set struct {
	at    int
	items []*question
	none  string
}

func (s *set) ask(rng *rand.Rand, p *person) {
	if rng.Float64() < refusedShare {
		for i := range len(s.items) + 1 {
			p.answers[s.at+i] = codeRefused
		}
		return
	}
	none := 1.0
	for i, q := range s.items {
		p.answers[s.at+i] = q.draw(rng, p)
		none -= none * p.answers[s.at+i]
	}
	p.answers[s.at+len(s.items)] = none
}

func (s *set) truths(country, bracket int) []truth {
	var out []truth
	for _, q := range s.items {
		out = append(out, q.truths(country, bracket)...)
	}
	none := average(func(t float64) float64 {
		product := 1.0
		for _, q := range s.items {
			product *= q.given(t, country, bracket, 0)
		}
		return product
	})
	return append(out, truth{variable: s.none, statistic: Share, code: 0, base: 1, value: 1 - none},
		truth{variable: s.none, statistic: Share, code: 1, base: 1, value: none})
}

// touchpoints asks how satisfied people are at each point and, last, overall.
// These answers have only the person's trait in common, so the relation of each
// touchpoint to overall satisfaction follows from the loadings.
type touchpoints struct {
	points  []*question
	overall *question
}

func (t *touchpoints) questions() []*question {
	return append(t.points[:len(t.points):len(t.points)], t.overall)
}

func (t *touchpoints) ask(rng *rand.Rand, p *person) {
	for _, q := range t.questions() {
		q.ask(rng, p)
	}
}

func (t *touchpoints) truths(country, bracket int) []truth {
	var out []truth
	for _, q := range t.questions() {
		out = append(out, q.truths(country, bracket)...)
	}
	return out
}

// moments are the means and mean products of the codes of all questions.
type moments struct {
	mean    []float64
	product [][]float64
}

func newMoments(n int) moments {
	m := moments{mean: make([]float64, n), product: make([][]float64, n)}
	for i := range m.product {
		m.product[i] = make([]float64, n)
	}
	return m
}

// moments of one country and bracket: given the trait, answers are independent.
func (t *touchpoints) moments(country, bracket int) moments {
	all := t.questions()
	m := newMoments(len(all))
	expected := make([][]float64, len(all))
	for i, q := range all {
		for _, x := range normal {
			sum := 0.0
			for _, code := range q.codes {
				sum += code * q.given(x.at, country, bracket, code)
			}
			expected[i] = append(expected[i], sum)
		}
		for k, code := range q.codes {
			share := q.shares[country][bracket][k]
			m.mean[i] += code * share
			m.product[i][i] += code * code * share
		}
		for j := range i {
			for k, x := range normal {
				m.product[i][j] += x.weight * expected[i][k] * expected[j][k]
			}
			m.product[j][i] = m.product[i][j]
		}
	}
	return m
}

// drivers are the share of the variance of overall satisfaction that a linear model
// of the touchpoints explains, and the part of each touchpoint: its mean gain over
// all orders of adding them to the model.
func (t *touchpoints) drivers(m moments) (r2 float64, importance []float64) {
	n := len(t.points)
	explained := make([]float64, 1<<n)
	for set := range explained {
		explained[set] = m.explained(set, n)
	}
	importance = make([]float64, n)
	for set := range explained {
		size := bits.OnesCount(uint(set))
		weight := math.Gamma(float64(size+1)) * math.Gamma(float64(n-size)) / math.Gamma(float64(n+1))
		for j := range n {
			if set>>j&1 == 0 {
				importance[j] += weight * (explained[set|1<<j] - explained[set])
			}
		}
	}
	r2 = explained[len(explained)-1]
	for j := range importance {
		importance[j] /= r2
	}
	return r2, importance
}

// explained is the R² of the last question on those of a set: the matrix is
// swept by each of them in turn; the rest of the variance is not explained.
func (m moments) explained(set, outcome int) float64 {
	c := make([][]float64, len(m.mean))
	for i := range c {
		c[i] = make([]float64, len(m.mean))
		for j := range c[i] {
			c[i][j] = m.product[i][j] - m.mean[i]*m.mean[j]
		}
	}
	whole := c[outcome][outcome]
	for k := range outcome {
		if set>>k&1 == 0 {
			continue
		}
		for i := k + 1; i <= outcome; i++ {
			factor := c[i][k] / c[k][k]
			for j := k + 1; j <= outcome; j++ {
				c[i][j] -= factor * c[k][j]
			}
		}
	}
	return 1 - c[outcome][outcome]/whole
}

// driversOf are the figures of an age group, from the moments of its cells.
func (t *touchpoints) driversOf(year int, g ageGroup, cells cells[moments]) Truth {
	all, whole := newMoments(len(t.points)+1), 0.0
	for country := range countryCount {
		for _, bracket := range g.brackets {
			whole += countryShare[country] * bracketShare[bracket]
		}
	}
	for country := range countryCount {
		for _, bracket := range g.brackets {
			part := cells[country][bracket]
			share := countryShare[country] * bracketShare[bracket] / whole
			for i := range all.mean {
				all.mean[i] += share * part.mean[i]
				for j := range all.product[i] {
					all.product[i][j] += share * part.product[i][j]
				}
			}
		}
	}
	r2, importance := t.drivers(all)
	out := Truth{{Wave: year, Age: g.name, Variable: t.overall.name, Statistic: R2, Code: math.NaN(), Value: r2}}
	for j, q := range t.points {
		out = append(out, Figure{Wave: year, Age: g.name, Variable: q.name, Statistic: Importance, Code: math.NaN(), Value: importance[j]})
	}
	return out
}

// Codes of the four-point agreement scale in Westin's segments.
var (
	disagree = []float64{1, 2}
	agree    = []float64{3, 4}
)

// westin asks Westin's three statements, whose answers make three segments.
type westin struct {
	control, business, law *question
}

func (w *westin) ask(rng *rand.Rand, p *person) {
	for _, q := range []*question{w.control, w.business, w.law} {
		q.ask(rng, p)
	}
}

// truths adds the segments, among those who answered all three statements.
func (w *westin) truths(country, bracket int) []truth {
	var out []truth
	for _, q := range []*question{w.control, w.business, w.law} {
		out = append(out, q.truths(country, bracket)...)
	}
	segment := func(control, others []float64) float64 {
		return average(func(t float64) float64 {
			return w.control.given(t, country, bracket, control...) *
				w.business.given(t, country, bracket, others...) *
				w.law.given(t, country, bracket, others...)
		})
	}
	fundamentalist, unconcerned := segment(agree, disagree), segment(disagree, agree)
	return append(out,
		truth{variable: "westin_fundamentalist", statistic: Share, code: 1, base: 1, value: fundamentalist},
		truth{variable: "westin_pragmatist", statistic: Share, code: 1, base: 1, value: 1 - fundamentalist - unconcerned},
		truth{variable: "westin_unconcerned", statistic: Share, code: 1, base: 1, value: unconcerned})
}
