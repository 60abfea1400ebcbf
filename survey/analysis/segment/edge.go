package segment

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
)

// rare is how many people of a class may give an answer, or not give it, before
// the errors of its probability are believed: under one, the top of the likelihood
// is often at 0 or 1, where neither sandwich nor replicates vary.
const rare = 1

// widenRare gives a rare or nearly certain answer to item j in class k Korn and
// Graubard's interval from the class's size, in place of one from its error.
func (m *measured) widenRare(r *survey.Estimate, j, k int) {
	n, p := m.size(j, k), float64(r.Value)
	if n*min(p, 1-p) >= rare {
		return
	}
	in := stats.Proportion{P: p, SE: math.Sqrt(p * (1 - p) / n), N: n, DF: min(float64(r.DF), n-1), Level: float64(r.Level)}
	low, high, _ := in.Interval(stats.BetaInterval)
	r.Low, r.High, r.Interval = survey.Figure(low), survey.Figure(high), stats.KornGraubard.Name
}

// size is how many people of equal weight tell as much of the answers of class k
// to item j as those who gave one: (Σ w z)²/Σ w² z, z their probability of the class.
func (m *measured) size(j, k int) float64 {
	var sum, square float64
	for i, z := range m.members {
		if w := m.weights[i]; w != 0 && m.in[j].Code[i] >= 0 {
			sum += w * z[k]
			square += w * w * z[k]
		}
	}
	if square == 0 {
		return 0
	}
	return sum * sum / square
}
