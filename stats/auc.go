package stats

import (
	"math"
	"slices"
)

// AUC is the weighted probability that a row with outcome 1 has a higher score
// than one with outcome 0, ties counting half, and each row's influence on it,
// weights included:
//
//	u_i = w_i (F₀(s_i) − AUC)/W₁ where y = 1,  w_i (1 − F₁(s_i) − AUC)/W₀ where y = 0
//
// F₀ and F₁ are the distributions of the scores of either outcome, half of a tie
// counted. Rows of weight 0 do not count, whatever they hold. NaN without rows
// of both outcomes. Source: Hanley & McNeil 1982; DeLong, DeLong &
// Clarke-Pearson 1988 for the influences. Equals R WeightedROC::WeightedAUC.
func AUC(score, y, w []float64) (value float64, influence []float64) {
	var order []int
	var total [2]float64
	for i, wi := range w {
		if wi != 0 {
			order = append(order, i)
			total[outcome(y[i])] += wi
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case score[a] < score[b]:
			return -1
		case score[a] > score[b]:
			return 1
		}
		return 0
	})
	influence = make([]float64, len(w))
	var below [2]float64
	for from := 0; from < len(order); {
		to := from
		var tied [2]float64
		for ; to < len(order) && score[order[to]] == score[order[from]]; to++ {
			tied[outcome(y[order[to]])] += w[order[to]]
		}
		for _, i := range order[from:to] {
			influence[i] = (below[0] + tied[0]/2) / total[0]
			if y[i] == 0 {
				influence[i] = 1 - (below[1]+tied[1]/2)/total[1]
			}
		}
		value += tied[1] * (below[0] + tied[0]/2) / (total[0] * total[1])
		below[0], below[1] = below[0]+tied[0], below[1]+tied[1]
		from = to
	}
	for _, i := range order {
		influence[i] = w[i] * (influence[i] - value) / total[outcome(y[i])]
	}
	if total[0] == 0 || total[1] == 0 {
		value = math.NaN()
	}
	return value, influence
}

// outcome is 1 for y = 1, 0 for any other.
func outcome(y float64) int {
	if y == 1 {
		return 1
	}
	return 0
}
