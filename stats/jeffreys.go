package stats

// Jeffreys is the interval of Jeffreys' prior, Beta(½, ½), at the effective size
// adjusted for few degrees of freedom: n* = p(1−p)/SE² · (t₁/t)², as in BetaInterval,
// than which it is narrower. Brown, Cai and DasGupta (2001) recommend it for simple
// random samples; Franco, Little, Louis and Slud (2019) study it under complex designs.
// R's svyciprop has no such method; the limits are qbeta(c(α/2, 1−α/2), n*·p + 1/2,
// n*·(1−p) + 1/2).
var Jeffreys = &IntervalMethod{
	Name: "jeffreys", Words: "Jeffreys",
	Formula: "B⁻¹(α/2; n*p + ½, n*(1−p) + ½) to B⁻¹(1−α/2; n*p + ½, n*(1−p) + ½), n* = p(1−p)/se² · (t₁/t)²",
	Source:  "Brown, Cai & DasGupta 2001; Franco, Little, Louis & Slud 2019",
	Stata:   "jeffreys",
	Steps:   func(p Proportion) []Step { return p.adjustedSteps(p.effective()) },
	limits: func(p Proportion) (low, high float64) {
		ratio := p.firstCritical() / p.critical()
		n, tail := p.effective()*ratio*ratio, (1-p.Level)/2
		yes, no := n*p.P+0.5, n*(1-p.P)+0.5
		return BetaQuantile(tail, yes, no), BetaQuantile(1-tail, yes, no)
	},
}
