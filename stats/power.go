package stats

import "math"

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

// Power returns the chance that a two-sided t test at significance 1 − level
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

// MinimumDetectable returns the smallest true difference that Power finds with
// the given chance: 0 where that is at most 1 − level, which no difference at
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
