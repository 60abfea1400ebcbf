package stats

import (
	"cmp"
	"math"
	"slices"
)

// Share is a weighted proportion in one column of a table, for the column tests of
// tabulation programs, which use bases and not the design.
type Share struct {
	// P is the proportion, 0–1.
	P float64
	// Weighted is the base Σw, Effective is Kish's (Σw)²/Σw².
	Weighted, Effective float64
}

// PooledZ is the z test of two columns as SPSS CTABLES makes it, on effective
// bases: z = (p₁ − p₂) / √(p̄(1 − p̄)(1/e₁ + 1/e₂)) with p̄ pooled over e₁ and
// e₂. It is NaN where a share is 0 or 1 or a base is under 2: such columns are
// not in that test. Source: IBM SPSS Statistics Algorithms, CTABLES, comparisons
// of column proportions.
func PooledZ(a, b Share) (se, z float64) {
	if min(a.P, b.P) <= 0 || max(a.P, b.P) >= 1 || min(a.Effective, b.Effective) < 2 {
		return math.NaN(), math.NaN()
	}
	pooled := (a.P*a.Effective + b.P*b.Effective) / (a.Effective + b.Effective)
	se = math.Sqrt(pooled * (1 - pooled) * (1/a.Effective + 1/b.Effective))
	return se, (a.P - b.P) / se
}

// OverlapT is the t test of two columns that may share people, as Quantum
// makes it:
//
//	t = (p₁ − p₂) / √(p̄(1 − p̄)(1/e₁ + 1/e₂ − 2e₀/(e₁e₂))(e₁+e₂)/(e₁+e₂−1))
//
// p̄ is pooled over the weighted bases, e₀ (overlap) is the effective base of
// the people in both columns; their answers correlate at 1, because they are
// the same. df = e₁ + e₂ − e₀ − 1. It is NaN where the columns are the same
// people, or where everybody or nobody answers. Source: the formula that Q's
// documentation gives for Quantum.
func OverlapT(a, b Share, overlap float64) (se, t, df float64) {
	e := a.Effective + b.Effective
	pooled := (a.P*a.Weighted + b.P*b.Weighted) / (a.Weighted + b.Weighted)
	spread := 1/a.Effective + 1/b.Effective - 2*overlap/(a.Effective*b.Effective)
	se = math.Sqrt(pooled * (1 - pooled) * spread * e / (e - 1))
	df = e - overlap - 1
	if !(se > 0) || df <= 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return se, (a.P - b.P) / se, df
}

// Moments are a weighted variable in one column of a table, for the column tests of
// tabulation programs.
type Moments struct {
	// Mean is Σwx/Σw, Squares are Σw(x − mean)².
	Mean, Squares float64
	// Weighted is the base Σw, Effective is Kish's (Σw)²/Σw².
	Weighted, Effective float64
}

// PooledT is the t test of the means of two columns as SPSS CTABLES makes it, on
// effective bases: t = (x̄₁ − x̄₂) / √(s²(1/e₁ + 1/e₂)) with
// s² = Σ e_k·Squares_k/W_k / (Σ e_k − K) pooled over all K columns that are
// compared with each other (its default), and df = Σ e_k − K. It is NaN where a
// base is under 2 or nothing varies. Source: IBM SPSS Statistics Algorithms,
// CTABLES, comparisons of column means.
func PooledT(a, b Moments, all []Moments) (se, t, df float64) {
	sum, e := 0.0, 0.0
	for _, m := range all {
		if m.Effective > 0 {
			sum += m.Effective * m.Squares / m.Weighted
			e += m.Effective - 1
		}
	}
	if min(a.Effective, b.Effective) < 2 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return meanT(a, b, math.Sqrt(sum/e*(1/a.Effective+1/b.Effective)), e)
}

// OverlapMeanT is the t test of the means of two columns that may share people,
// as Quantum makes it:
//
//	t = (x̄₁ − x̄₂) / √(s²(1/e₁ + 1/e₂ − 2e₀/(e₁e₂)))
//	s² = (Squares₁ + Squares₂) / (W₁(1 − 1/e₁) + W₂(1 − 1/e₂))
//
// e₀ (overlap) is the effective base of the people in both columns.
// df = e₁ + e₂ − e₀ − 2. With equal weights and nobody in both it is Student's t
// with a pooled variance. It is NaN where the columns are the same people, or
// nothing varies.
func OverlapMeanT(a, b Moments, overlap float64) (se, t, df float64) {
	spread := 1/a.Effective + 1/b.Effective - 2*overlap/(a.Effective*b.Effective)
	variance := (a.Squares + b.Squares) / (a.Weighted*(1-1/a.Effective) + b.Weighted*(1-1/b.Effective))
	return meanT(a, b, math.Sqrt(variance*spread), a.Effective+b.Effective-overlap-2)
}

func meanT(a, b Moments, se, df float64) (float64, float64, float64) {
	if !(se > 0) || !(df > 0) || math.IsInf(se, 0) {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return se, (a.Mean - b.Mean) / se, df
}

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
// most 1: they limit the probability of any false finding. NaN values stay NaN and
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
// most 1: they limit the expected share of false findings. NaN values stay NaN
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

// DifferenceSE returns √(deff·(v1/n1 + v2/n2)), the standard error to expect of
// the difference of two independent groups of n1 and n2 rows: v is p(1−p) for
// proportions and σ² for means, deff the design effect of both. NaN where a
// variance is negative, or a size or the design effect is not positive.
func DifferenceSE(v1, n1, v2, n2, deff float64) float64 {
	if !(v1 >= 0 && v2 >= 0 && n1 > 0 && n2 > 0 && deff > 0) {
		return math.NaN()
	}
	return math.Sqrt(deff * (v1/n1 + v2/n2))
}

// Power returns the probability that a two-sided t test at significance 1 − level
// finds a true difference of that size, in either direction, given its standard
// error and degrees of freedom (+Inf for a z test). NaN where se or df <= 0 or
// the level is not in (0, 1). It equals R's power.t.test(strict = TRUE).
func Power(difference, se, df, level float64) float64 {
	critical := TCritical(level, df)
	if !(se > 0) || math.IsNaN(critical) {
		return math.NaN()
	}
	power, _ := noncentralTails(math.Abs(difference)/se, critical, df)
	return power
}

// MinimumDetectable returns the smallest true difference that Power finds with the
// given probability: 0 where that is at most 1 − level, which no difference at
// all reaches. NaN where se or df <= 0, or the level or power is not in (0, 1).
func MinimumDetectable(se, df, level, power float64) float64 {
	critical := TCritical(level, df)
	if !(se > 0) || math.IsNaN(critical) || !(power > 0 && power < 1) {
		return math.NaN()
	}
	return se * math.Exp(solve(math.Log(critical), func(s float64) (value, slope float64) {
		shift := math.Exp(s)
		reached, density := noncentralTails(shift, critical, df)
		return reached - power, density * shift
	}))
}

// noncentralTails returns P(|Z + shift| > critical·√(Y/df)) for a standard
// normal Z and Y ~ χ²(df), and its derivative by the shift. The mean over Y is
// the trapezoidal rule on ln(Y/df), whose density exp(df/2·(u − e^u)) falls
// off so fast on both sides that the rule is exact to rounding.
func noncentralTails(shift, critical, df float64) (p, slope float64) {
	if math.IsInf(df, 1) {
		return normalTails(shift, critical)
	}
	const negligible, stepsOfSD = 1e-17, 0.1
	step := stepsOfSD * math.Sqrt(2/df)
	var weights float64
	add := func(u float64) bool {
		weight := math.Exp(df / 2 * (u - math.Expm1(u)))
		tail, density := normalTails(shift, critical*math.Exp(u/2))
		weights, p, slope = weights+weight, p+weight*tail, slope+weight*density
		return weight > negligible
	}
	for u := 0.0; add(u); u += step {
	}
	for u := -step; add(u); u -= step {
	}
	return p / weights, slope / weights
}

// normalTails returns P(|Z + shift| > cut) and its derivative by the shift.
func normalTails(shift, cut float64) (p, slope float64) {
	p = NormalUpper(cut-shift) + NormalUpper(cut+shift)
	slope = (math.Exp(-(cut-shift)*(cut-shift)/2) - math.Exp(-(cut+shift)*(cut+shift)/2)) / math.Sqrt(2*math.Pi)
	return p, slope
}
