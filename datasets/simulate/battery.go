package simulate

import (
	"math"
	"math/rand/v2"
)

// Concern is measured on five points; concerned people give 4 or 5. How
// concern splits between those two, and no concern between 1, 2 and 3.
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

// battery asks concern over the four items of one category of personal data.
// Whether a person is concerned about the category is drawn first, with its
// exact share; the items follow in a pattern that says the same.
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
// proportion to independent items with the given appeal.
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

// mayDontKnow keeps the status: a "don't know" never takes the item away that
// makes a person concerned.
func mayDontKnow(pattern, item int) bool {
	return !has(pattern, item) || count(pattern) != concernedItems
}

func (b *battery) truths(country, bracket int) []truth {
	status := b.concerned.shares[country][bracket]
	out := []truth{{variable: "concern_" + b.category, statistic: Share, code: 1, base: 1, value: status[1]}}
	for i, name := range b.names {
		answered, concerned := b.item(i, status)
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

// item adds up, over the patterns, the shares that answer the item and that
// answer it with concern.
func (b *battery) item(i int, status []float64) (answered, concerned float64) {
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
	return answered, concerned
}
