package stats

import "math"

// Share is a weighted proportion in one column of a table, as the column tests
// of tabulation programs see it: they know bases, not the design.
type Share struct {
	// P is the proportion, 0–1.
	P float64
	// Weighted is the base Σw, Effective is Kish's (Σw)²/Σw².
	Weighted, Effective float64
}

// PooledZ is the z test of two columns as SPSS CTABLES makes it, on effective
// bases: z = (p₁ − p₂) / √(p̄(1 − p̄)(1/e₁ + 1/e₂)) with p̄ pooled over e₁ and
// e₂. It is NaN where a share is 0 or 1 or a base is under 2, for such columns
// leave that test. Source: IBM SPSS Statistics Algorithms, CTABLES, comparisons
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
// the people in both columns; their answers correlate at 1, for they are the
// same answers. df = e₁ + e₂ − e₀ − 1. It is NaN where the columns are the same
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

// Moments are a weighted variable in one column of a table, as the column tests
// of tabulation programs see it.
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
