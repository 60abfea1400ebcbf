package stats

import (
	"fmt"
	"math"
	"slices"
)

// WeightSummary describes weights and their effect on precision. Rows of
// weight 0 count only in Zero.
type WeightSummary struct {
	// N counts the weights other than 0.
	N, Zero       int
	Sum, Min, Max float64
	Median        float64
	P1, P5        float64
	P95, P99      float64
	// CV is the standard deviation over the mean with divisor n, CVSample with
	// divisor n-1.
	CV, CVSample float64
	// Deff is Kish's design effect of weighting, n Σw²/(Σw)² = 1 + CV²; DeffSample
	// is 1 + CVSample², as some packages print it.
	Deff, DeffSample float64
	// NEffective is (Σw)²/Σw², Efficiency its share of n.
	NEffective, Efficiency float64
}

// DescribeWeights summarises weights; percentiles are interpolated between
// order statistics (R's quantile type 7), unweighted. All figures but the
// counts and the sum are NaN without a weight other than 0.
// Source: Kish 1965, section 11.7; Kish 1992.
func DescribeWeights(w []float64) WeightSummary {
	var used []float64
	for _, x := range w {
		if x != 0 {
			used = append(used, x)
		}
	}
	slices.Sort(used)
	s := WeightSummary{N: len(used), Zero: len(w) - len(used)}
	var square float64
	for _, x := range used {
		s.Sum += x
		square += x * x
	}
	n := float64(s.N)
	s.NEffective = s.Sum * s.Sum / square
	s.Efficiency = s.NEffective / n
	s.Deff = n / s.NEffective
	s.CV = math.Sqrt(math.Max(0, s.Deff-1))
	s.CVSample = s.CV * math.Sqrt(n/(n-1))
	s.DeffSample = 1 + s.CVSample*s.CVSample
	s.Min, s.P1, s.P5, s.Median = orderStatistic(used, 0), orderStatistic(used, 0.01), orderStatistic(used, 0.05), orderStatistic(used, 0.5)
	s.P95, s.P99, s.Max = orderStatistic(used, 0.95), orderStatistic(used, 0.99), orderStatistic(used, 1)
	return s
}

// orderStatistic interpolates sorted values at the share p of the way from the
// first to the last.
func orderStatistic(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	k := int(at)
	if k == len(sorted)-1 {
		return sorted[k]
	}
	return sorted[k] + (at-float64(k))*(sorted[k+1]-sorted[k])
}

// Trim moves weights outside [lower, upper] to the nearer bound and spreads the
// difference equally over the rows not moved, repeatedly until none is outside, so
// that the sum stays. Rows of weight 0 stay 0 and receive nothing. An
// error where no weights within the bounds have the sum. rounds counts the rounds that
// moved a row.
// Source: Potter 1990. Equals R survey::trimWeights(strict = TRUE) where a row,
// once moved, receives nothing more.
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
