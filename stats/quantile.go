package stats

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// A QuantileRule is a definition of the quantile of a weighted sample. Flags,
// studies, METHODS, legends and explanations are made from its fields. A new rule
// is a value in a file of its own and an entry of QuantileRules.
type QuantileRule struct {
	// Name is how flags and studies spell the rule, and the qrule of R's
	// survey::svyquantile.
	Name string
	// Formula is the p-quantile, written with F the weighted share of the answers at
	// or under x, C_k the weight up to row k of the sorted sample, C all of it, w_k
	// the row's own weight and w_n that of the last one.
	Formula string

	// ByRow says that it depends on the order of rows that have one value and weights
	// that differ.
	ByRow bool
	// quantile is that of a sample with rows, for p in [0, 1].
	quantile func(s Sorted, p float64) float64
}

// String is the name of the rule.
func (r *QuantileRule) String() string { return r.Name }

// The quantile rules. Math, School and HF1 to HF3 return values of the sample
// (or the middle of two), HF4 to HF9 are linear between them, after Hyndman
// and Fan (1996, Sample quantiles in statistical packages); they equal R's
// svyquantile(qrule = …) except for HF4 and ShahVaish.
var (
	Math   = &QuantileRule{"math", "the smallest x with F(x) ≥ p", false, discrete(theValue)}
	School = &QuantileRule{"school", "the smallest x with F(x) ≥ p, and where F(x) = p the middle of x and the next answer", false, discrete(middle)}
	HF1    = &QuantileRule{"hf1", Math.Formula, false, Math.quantile}
	HF2    = &QuantileRule{"hf2", School.Formula, false, School.quantile}
	HF3    = &QuantileRule{"hf3", "the smallest x with F(x) ≥ p, and where F(x) = p the one of even rank of x and the next answer", false, discrete(evenRank)}
	// HF4 never returns less than the minimum, as R's does for small p.
	HF4 = &QuantileRule{"hf4", "linear through the answers at C_k/C", true, linear(0, 0)}
	HF5 = &QuantileRule{"hf5", "linear through the answers at (C_k − w_k/2)/C", true, linear(1./2, 0)}
	HF6 = &QuantileRule{"hf6", "linear through the answers at C_k/(C + w_n)", true, linear(0, 1)}
	HF7 = &QuantileRule{"hf7", "linear through the answers at (C_k − w_k)/(C − w_n)", true, linear(1, -1)}
	HF8 = &QuantileRule{"hf8", "linear through the answers at (C_k − w_k/3)/(C + w_n/3)", true, linear(1./3, 1./3)}
	HF9 = &QuantileRule{"hf9", "linear through the answers at (C_k − 3w_k/8)/(C + w_n/4)", true, linear(3./8, 1./4)}
	// ShahVaish follows Shah and Vaish 2006; R takes the weights unscaled.
	ShahVaish = &QuantileRule{"shahvaish", "steps at (S_k + ½ − v_k/2)/(n + 1), v the weights scaled to a mean of 1, S their sums", true, Sorted.step}
)

// QuantileRules lists the rules, the default first.
var QuantileRules = []*QuantileRule{Math, School, HF1, HF2, HF3, HF4, HF5, HF6, HF7, HF8, HF9, ShahVaish}

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
	// order of the sample, NaN where nobody knows them; see QuantileRule.ByRow.
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

// Quantile returns the p-quantile by a rule, nil for the default: NaN for an empty
// sample and for p outside [0, 1]. Multiplying all weights by a number changes
// nothing.
func (s Sorted) Quantile(p float64, rule *QuantileRule) float64 {
	if rule == nil {
		rule = QuantileRules[0]
	}
	if len(s.x) == 0 || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return rule.quantile(s, p)
}

// discrete returns the first value whose share of the weight up to it exceeds
// p, or what onEqual makes of value k where its share is p and it is not the last.
func discrete(onEqual func(s Sorted, k int) float64) func(Sorted, float64) float64 {
	return func(s Sorted, p float64) float64 {
		last := len(s.distinct) - 1
		k := sort.Search(last, func(k int) bool { return s.upTo[k]/s.total() >= p-equalShare })
		if k < last && s.upTo[k]/s.total() <= p+equalShare {
			return onEqual(s, k)
		}
		return s.distinct[k]
	}
}

func theValue(s Sorted, k int) float64 { return s.distinct[k] }
func middle(s Sorted, k int) float64   { return (s.distinct[k] + s.distinct[k+1]) / 2 }

// evenRank is value k or the next; the rank of the first is 1.
func evenRank(s Sorted, k int) float64 { return s.distinct[k+(k+1)%2] }

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

// linear interpolates the values, flat outside them: entry k is at the share
// (C_k − part·w_k)/(C + extra·w_n).
func linear(part, extra float64) func(Sorted, float64) float64 {
	return func(s Sorted, p float64) float64 {
		whole := s.total() + extra*s.w[len(s.w)-1]
		position := func(k int) float64 { return (s.cumulative[k] - part*s.w[k]) / whole }
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
}
