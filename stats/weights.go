package stats

import (
	"cmp"
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

// DescribeWeights summarises weights, each of as many rows as times says, or of one where
// it is nil; percentiles are interpolated between order statistics of the rows (R's
// quantile type 7), unweighted. All figures but the counts and the sum are NaN without a
// weight other than 0.
// Source: Kish 1965, section 11.7; Kish 1992.
func DescribeWeights(w []float64, times []int) WeightSummary {
	var used ordered
	s := WeightSummary{}
	for i, x := range w {
		n := 1
		if times != nil {
			n = times[i]
		}
		if x == 0 {
			s.Zero += n
		} else if n > 0 {
			used = append(used, repeated{x, n})
		}
	}
	slices.SortFunc(used, func(a, b repeated) int { return cmp.Compare(a.value, b.value) })
	var square float64
	for k, r := range used {
		s.N += r.rows
		s.Sum += float64(r.rows) * r.value
		square += float64(r.rows) * (r.value * r.value)
		used[k].rows = s.N
	}
	n := float64(s.N)
	s.NEffective = s.Sum * s.Sum / square
	s.Efficiency = s.NEffective / n
	s.Deff = n / s.NEffective
	s.CV = math.Sqrt(math.Max(0, s.Deff-1))
	s.CVSample = s.CV * math.Sqrt(n/(n-1))
	s.DeffSample = 1 + s.CVSample*s.CVSample
	s.Min, s.P1, s.P5, s.Median = used.at(0), used.at(0.01), used.at(0.05), used.at(0.5)
	s.P95, s.P99, s.Max = used.at(0.95), used.at(0.99), used.at(1)
	return s
}

// repeated is a value of several rows, of those up to it in ordered values.
type repeated struct {
	value float64
	rows  int
}

type ordered []repeated

// at interpolates values of rows at the share p of the way from the first to the last.
func (o ordered) at(p float64) float64 {
	if len(o) == 0 {
		return math.NaN()
	}
	row := func(k int) float64 {
		n, _ := slices.BinarySearchFunc(o, k+1, func(r repeated, k int) int { return cmp.Compare(r.rows, k) })
		return o[n].value
	}
	last := o[len(o)-1].rows - 1
	at := p * float64(last)
	k := int(at)
	if k == last {
		return row(k)
	}
	return row(k) + (at-float64(k))*(row(k+1)-row(k))
}

// Trim moves weights outside [lower, upper] to the nearer bound and spreads the
// difference equally over the rows not moved, repeatedly until none is outside, so
// that the sum stays. Rows of weight 0 stay 0 and receive nothing. An
// error where no weights within the bounds have the sum. rounds counts the rounds that
// moved a row. Each weight is that of as many rows as times says, or of one where it is nil.
// Source: Potter 1990. Equals R survey::trimWeights(strict = TRUE) where a row,
// once moved, receives nothing more.
func Trim(w []float64, times []int, lower, upper float64) (trimmed []float64, rounds int, err error) {
	trimmed = append([]float64(nil), w...)
	moved := make([]bool, len(w))
	rows := func(i int) int {
		if times == nil {
			return 1
		}
		return times[i]
	}
	for {
		excess, free, any := 0.0, 0, false
		for i, x := range trimmed {
			if x == 0 || moved[i] {
				continue
			}
			bound := math.Min(math.Max(x, lower), upper)
			if bound == x {
				free += rows(i)
				continue
			}
			excess += float64(rows(i)) * (x - bound)
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
