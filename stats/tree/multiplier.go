package tree

import "math"

// Kind says which categories of a predictor may be merged.
type Kind string

// The kinds of predictors (Kass 1980).
const (
	// Nominal: any.
	Nominal Kind = "nominal"
	// Ordinal: neighbours.
	Ordinal Kind = "ordinal"
	// Floating: neighbours, but for the last category (no answer), which may join any.
	Floating Kind = "floating"
)

// Multiplier is Bonferroni's: the number of ways to merge c categories into r
// groups,
//
//	ordinal   C(c−1, r−1)
//	nominal   Σ_i (−1)^i (r−i)^c / (i! (r−i)!)
//	floating  C(c−2, r−2) + r C(c−2, r−1)
//
// and 0 unless 1 ≤ r ≤ c. Source: Kass, Applied Statistics 29 (1980).
func (k Kind) Multiplier(c, r int) float64 {
	switch {
	case r < 1 || r > c:
		return 0
	case k == Ordinal:
		return choose(c-1, r-1)
	case k == Floating:
		return choose(c-2, r-2) + float64(r)*choose(c-2, r-1)
	}
	return partitions(c, r)
}

// choose is the binomial coefficient, 0 outside its triangle.
func choose(n, k int) float64 {
	if k < 0 || k > n {
		return 0
	}
	x := 1.0
	for i := 1; i <= k; i++ {
		x = x * float64(n-k+i) / float64(i)
	}
	return math.Round(x)
}

// partitions is Stirling's number of the second kind, by its recurrence: the
// alternating sum loses all its digits for many categories.
func partitions(c, r int) float64 {
	row := make([]float64, r+1)
	row[0] = 1
	for range c {
		for k := r; k > 0; k-- {
			row[k] = float64(k)*row[k] + row[k-1]
		}
		row[0] = 0
	}
	return row[r]
}
