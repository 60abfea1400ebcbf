package simulate

import (
	"math/rand/v2"
)

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
