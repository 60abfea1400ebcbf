package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
)

// QuantileRule names a definition of the quantile of a weighted sample.
type QuantileRule string

// The quantile rules. Math, School and HF1 to HF3 return values of the sample
// (or the middle of two), HF4 to HF9 are linear between them, after Hyndman
// and Fan (1996, Sample quantiles in statistical packages); they equal R's
// svyquantile(qrule = …) except for the two whose comments say so.
const (
	Math   QuantileRule = "math"   // the smallest x with F(x) >= p
	School QuantileRule = "school" // as Math, the middle of two on equality
	HF1    QuantileRule = "hf1"    // as Math
	HF2    QuantileRule = "hf2"    // as School
	HF3    QuantileRule = "hf3"    // as Math, on equality the value of even rank
	HF4    QuantileRule = "hf4"    // position C/Cn; never under the minimum, as R's is
	HF5    QuantileRule = "hf5"    // position (C − w/2)/Cn
	HF6    QuantileRule = "hf6"    // position C/(Cn + wn)
	HF7    QuantileRule = "hf7"    // position of the C before, over Cn − wn
	HF8    QuantileRule = "hf8"    // position (C − w/3)/(Cn + wn/3)
	HF9    QuantileRule = "hf9"    // position (C − 3w/8)/(Cn + wn/4)
	// ShahVaish steps at (S + ½ − v/2)/(n + 1), where v are the weights scaled
	// to a mean of 1 and S their sums (Shah and Vaish 2006); R takes v unscaled.
	ShahVaish QuantileRule = "shahvaish"
)

// QuantileRules lists the rules, the default first.
var QuantileRules = []QuantileRule{Math, School, HF1, HF2, HF3, HF4, HF5, HF6, HF7, HF8, HF9, ShahVaish}

// ParseQuantileRule returns the rule of that name, or an error that lists the
// known names.
func ParseQuantileRule(name string) (QuantileRule, error) {
	if r := QuantileRule(name); slices.Contains(QuantileRules, r) {
		return r, nil
	}
	return "", fmt.Errorf("unknown quantile rule %q: use one of %v", name, QuantileRules)
}

// equalShare is the difference below which two shares count as equal: the rounding of
// a sum of weights, far below the share of any row.
const equalShare = 1e-12

// Tie is a value of a weighted sample with the rows that share it.
type Tie struct {
	Value float64
	// N counts the rows with a weight; Weight is Σw, Square Σw².
	N              int
	Weight, Square float64
	// First and Last are the weights of the first and the last of these rows in the
	// order of the sample. HF4 to HF9 and ShahVaish depend on them.
	First, Last float64
}

// Add enters the next row of the value, which has the weight w and belongs to the
// sample in part (0–1).
func (t *Tie) Add(w, part float64) {
	if w == 0 {
		return
	}
	if t.N++; t.N == 1 {
		t.First = w * part
	}
	t.Last = w * part
	t.Weight += w * part
	t.Square += w * w * part
}

// Sorted is a weighted sample in order, for quantiles. The zero value is an empty
// sample.
type Sorted struct {
	distinct, upTo []float64 // every value once, and the weight up to it
	// x, w and cumulative are the value, the weight and the weight up to it of the
	// first and the last row of every value; the rows between change no quantile.
	x, w, cumulative []float64
	n                int // rows
}

// Sort returns the sample of values x with weights w. Rows of weight 0 are
// dropped; rows of equal value keep their order, on which the rules from HF4
// depend where their weights differ. A sample with a NaN, a negative weight or
// lengths that disagree has no quantiles.
func Sort(x, w []float64) Sorted {
	if len(x) != len(w) {
		return Sorted{}
	}
	rows := make([]int, len(x))
	for i := range x {
		if math.IsNaN(x[i]) || !(w[i] >= 0) {
			return Sorted{}
		}
		rows[i] = i
	}
	slices.SortFunc(rows, func(i, j int) int { return cmp.Or(cmp.Compare(x[i], x[j]), i-j) })
	var ties []Tie
	for _, i := range rows {
		if last := len(ties) - 1; last < 0 || ties[last].Value != x[i] {
			ties = append(ties, Tie{Value: x[i]})
		}
		ties[len(ties)-1].Add(w[i], 1)
	}
	return SortTies(ties)
}

// SortTies returns the sample of ties whose values ascend. Values that no row with a
// weight has are dropped.
func SortTies(ties []Tie) Sorted {
	var s Sorted
	total := 0.0
	for _, t := range ties {
		if t.N == 0 {
			continue
		}
		if t.N > 1 {
			s.x, s.w, s.cumulative = append(s.x, t.Value), append(s.w, t.First), append(s.cumulative, total+t.First)
		}
		total += t.Weight
		s.x, s.w, s.cumulative = append(s.x, t.Value), append(s.w, t.Last), append(s.cumulative, total)
		s.distinct, s.upTo = append(s.distinct, t.Value), append(s.upTo, total)
		s.n += t.N
	}
	return s
}

func (s Sorted) total() float64 {
	if len(s.upTo) == 0 {
		return 0
	}
	return s.upTo[len(s.upTo)-1]
}

// Quantile returns the p-quantile by a rule: NaN for an empty sample, for p
// outside [0, 1] and for an unknown rule. Multiplying all weights by a number
// changes nothing.
func (s Sorted) Quantile(p float64, rule QuantileRule) float64 {
	if len(s.x) == 0 || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	switch rule {
	case Math, School, HF1, HF2, HF3:
		return s.discrete(p, rule)
	case ShahVaish:
		return s.step(p)
	}
	position := s.positions(rule)
	if position == nil {
		return math.NaN()
	}
	return s.linear(p, position)
}

// discrete returns the first value whose share of the weight up to it exceeds
// p, or what the rule makes of a value whose share is p.
func (s Sorted) discrete(p float64, rule QuantileRule) float64 {
	last := len(s.distinct) - 1
	k := sort.Search(last, func(k int) bool { return s.upTo[k]/s.total() >= p-equalShare })
	equal := k < last && s.upTo[k]/s.total() <= p+equalShare
	rank := k + 1
	switch {
	case !equal, rule == Math, rule == HF1, rule == HF3 && rank%2 == 0:
		return s.distinct[k]
	case rule == HF3:
		return s.distinct[k+1]
	}
	return (s.distinct[k] + s.distinct[k+1]) / 2
}

// step returns the last value whose ShahVaish position is at most p, or the
// smallest value.
func (s Sorted) step(p float64) float64 {
	n := float64(s.n)
	mean := s.total() / n
	above := sort.Search(len(s.x), func(k int) bool {
		return ((s.cumulative[k]-s.w[k]/2)/mean+0.5)/(n+1) > p+equalShare
	})
	return s.x[max(above-1, 0)]
}

// positions returns the position of entry k under a linear rule as a share, nil for any
// other rule.
func (s Sorted) positions(rule QuantileRule) func(k int) float64 {
	total, lastWeight := s.total(), s.w[len(s.w)-1]
	shifted := func(part, extra float64) func(int) float64 {
		return func(k int) float64 { return (s.cumulative[k] - part*s.w[k]) / (total + extra*lastWeight) }
	}
	switch rule {
	case HF4:
		return shifted(0, 0)
	case HF5:
		return shifted(1./2, 0)
	case HF6:
		return shifted(0, 1)
	case HF7:
		return shifted(1, -1)
	case HF8:
		return shifted(1./3, 1./3)
	case HF9:
		return shifted(3./8, 1./4)
	}
	return nil
}

// linear interpolates the values at their positions, flat outside them.
func (s Sorted) linear(p float64, position func(k int) float64) float64 {
	k := sort.Search(len(s.x), func(k int) bool { return position(k) >= p })
	switch k {
	case 0:
		return s.x[0]
	case len(s.x):
		return s.x[k-1]
	}
	low, high := position(k-1), position(k)
	return s.x[k-1] + (p-low)/(high-low)*(s.x[k]-s.x[k-1])
}
