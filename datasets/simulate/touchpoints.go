package simulate

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// touchpoints asks how satisfied people are at each point and, last, overall.
// Everything that these answers have in common is the person's trait, so that
// what each touchpoint tells of satisfaction overall follows from the loadings.
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

// add counts the moments of a part of the population.
func (m moments) add(part moments, share float64) {
	for i := range m.mean {
		m.mean[i] += share * part.mean[i]
		for j := range m.product[i] {
			m.product[i][j] += share * part.product[i][j]
		}
	}
}

// moments of one country and bracket: given the trait, answers are independent.
func (t *touchpoints) moments(country, bracket int) moments {
	all := t.questions()
	m := newMoments(len(all))
	expected := make([][]float64, len(all))
	for i, q := range all {
		for _, x := range normal {
			expected[i] = append(expected[i], q.expected(x.at, country, bracket))
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

// expected is the mean code of a person whose trait is t.
func (q *question) expected(t float64, country, bracket int) float64 {
	sum := 0.0
	for _, code := range q.codes {
		sum += code * q.given(t, country, bracket, code)
	}
	return sum
}

// drivers are the share of the variance of satisfaction overall that a linear
// model of the touchpoints explains, and the part of it that each touchpoint is
// worth: the mean gain over all orders in which they can join the model.
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

// explained is the R² of the last question on those of a set: the outcome is
// swept by each of them in turn, and what is left of its variance is not explained.
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
			all.add(cells[country][bracket], countryShare[country]*bracketShare[bracket]/whole)
		}
	}
	r2, importance := t.drivers(all)
	out := Truth{{Wave: year, Age: g.name, Variable: t.overall.name, Statistic: R2, Code: math.NaN(), Value: r2}}
	for j, q := range t.points {
		out = append(out, Figure{Wave: year, Age: g.name, Variable: q.name, Statistic: Importance, Code: math.NaN(), Value: importance[j]})
	}
	return out
}
