package stats

import (
	"fmt"
	"math"
)

// Trim moves weights outside [lower, upper] to the nearer bound and shares what
// that adds or takes away equally among the rows not moved, again until none is
// outside, so that the sum stays. Rows of weight 0 stay 0 and share nothing. An
// error where the bounds cannot hold the sum. rounds counts the rounds that
// moved a row.
// Source: Potter 1990. Equals R survey::trimWeights(strict = TRUE) where a row,
// once moved, takes no further share.
func Trim(w []float64, lower, upper float64) (trimmed []float64, rounds int, err error) {
	trimmed = append([]float64(nil), w...)
	moved := make([]bool, len(w))
	for {
		excess, free, any := 0.0, 0, false
		for i, x := range trimmed {
			if x == 0 || moved[i] {
				continue
			}
			bound := math.Min(math.Max(x, lower), upper)
			if bound == x {
				free++
				continue
			}
			excess += x - bound
			trimmed[i], moved[i], any = bound, true, true
		}
		if !any {
			return trimmed, rounds, nil
		}
		rounds++
		if free == 0 && excess != 0 {
			return nil, rounds, fmt.Errorf("weights between %g and %g cannot have the sum of these", lower, upper)
		}
		for i, x := range trimmed {
			if x != 0 && !moved[i] {
				trimmed[i] += excess / float64(free)
			}
		}
	}
}
