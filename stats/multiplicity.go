package stats

import (
	"cmp"
	"math"
	"slices"
)

// Bonferroni returns the p-values times their number, at most 1. NaN values
// stay NaN and do not count. It equals R's p.adjust(p, "bonferroni").
func Bonferroni(p []float64) []float64 {
	return adjust(p, func(ordered []float64) {
		for i := range ordered {
			ordered[i] *= float64(len(ordered))
		}
	})
}

// Holm returns Holm's step-down p-values, max over j <= i of (m−j+1) p_(j), at
// most 1: they hold the chance of any false finding. NaN values stay NaN and
// do not count in m. It equals R's p.adjust(p, "holm").
func Holm(p []float64) []float64 {
	return adjust(p, func(ordered []float64) {
		highest := 0.0
		for i, v := range ordered {
			highest = max(highest, v*float64(len(ordered)-i))
			ordered[i] = highest
		}
	})
}

// BenjaminiHochberg returns step-up p-values, min over j >= i of m p_(j)/j, at
// most 1: they hold the expected share of false findings. NaN values stay NaN
// and do not count in m. It equals R's p.adjust(p, "BH").
func BenjaminiHochberg(p []float64) []float64 {
	return adjust(p, func(ordered []float64) {
		m, lowest := float64(len(ordered)), math.Inf(1)
		for i := len(ordered) - 1; i >= 0; i-- {
			lowest = min(lowest, ordered[i]*(m/float64(i+1))) // a factor of 1 or more never rounds p down
			ordered[i] = lowest
		}
	})
}

// adjust returns p with its values that exist, in rising order, put through
// the correction, cut at 1 and set back in their places.
func adjust(p []float64, correct func(ordered []float64)) []float64 {
	adjusted := slices.Clone(p)
	var family []int
	for i, v := range p {
		if !math.IsNaN(v) {
			family = append(family, i)
		}
	}
	slices.SortStableFunc(family, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	ordered := make([]float64, len(family))
	for k, i := range family {
		ordered[k] = p[i]
	}
	correct(ordered)
	for k, i := range family {
		adjusted[i] = min(ordered[k], 1)
	}
	return adjusted
}
