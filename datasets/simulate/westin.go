package simulate

import "math/rand/v2"

// Codes of the four-point agreement scale, as Westin's segments read them.
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
