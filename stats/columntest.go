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
