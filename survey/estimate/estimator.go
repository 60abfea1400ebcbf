// Package estimate turns the engine's totals into estimates: an estimator is a
// function of a few totals and its gradient, so the variance, the interval and
// the degrees of freedom are written once for all of them.
package estimate

import (
	"math"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Estimator is a statistic as a value: what it is, where it comes from, and
// the function of totals that it estimates by.
type Estimator struct {
	engine.Function
	// Name is the record's statistic.
	Name string
	// Kind says how its figures are shown; "" is as means are.
	Kind survey.RowKind
	// Symbol is the figure in the formula of its interval; "" is p.
	Symbol string
	// Formula is written with w the weight, y the answer, Σ over the domain's valid rows.
	Formula string
	// Scale is the scale of the interval; proportions have methods of their own.
	Scale Scale
	// Edge gives limits where the sample shows one value; see Ask.
	Edge Edge
	// Correction multiplies the figure by a factor of the number of rows behind
	// it, such as n/(n−1); nil is 1.
	Correction func(n float64) float64
	// Source is paper or book and section, Reference the R call that it equals.
	Source, Reference string
}

// The estimators that are functions of totals. Arguments are totals in the
// order in which the formula names them.
var (
	// Total is Σwy.
	Total = Estimator{
		Name: "total", Kind: survey.RowTotal, Symbol: "Ŷ", Formula: "Σwy",
		Source:    "Horvitz & Thompson 1952",
		Reference: "survey::svytotal",
		Function: engine.Function{
			Value:    func(t []float64) float64 { return t[0] },
			Gradient: func([]float64) []float64 { return []float64{1} },
		},
	}
	// Mean is Σwy / Σw.
	Mean = Estimator{
		Name: "mean", Symbol: "ȳ", Formula: "Σwy / Σw",
		Source:    "Särndal, Swensson & Wretman 1992, section 5.7",
		Reference: "survey::svymean",
		Function:  ratio,
	}
	// Ratio is Σwx / Σwy.
	Ratio = Estimator{
		Name: "ratio", Kind: survey.RowRatio, Symbol: "r", Formula: "Σwx / Σwy",
		Source:    "Särndal, Swensson & Wretman 1992, section 5.6",
		Reference: "survey::svyratio",
		Function:  ratio,
	}
	// Proportion is Σ_category w / Σw.
	Proportion = Estimator{
		Name: "proportion", Kind: survey.RowShare, Formula: "Σ_category w / Σw",
		Source:    "Särndal, Swensson & Wretman 1992, section 5.7; Korn & Graubard 1998 for the edge",
		Reference: "survey::svyciprop",
		Function:  ratio,
	}
	// Share is Σ_holds w / Σw.
	Share = Estimator{
		Name: "share", Kind: survey.RowShare, Formula: "Σ_holds w / Σw",
		Source:    Proportion.Source,
		Reference: "survey::svyciprop",
		Function:  ratio,
	}
	// Quantile is the smallest y with F(y) ≥ p, read off the weighted
	// distribution function by one of several rules: no function of totals.
	Quantile = Estimator{
		Name: "quantile", Formula: "min y: Σ_{≤y} w / Σw ≥ p",
		Source:    "Woodruff 1952; Hyndman & Fan 1996 for the rules",
		Reference: "survey::svyquantile",
	}
	// Difference is Σ₁wy/Σ₁w − Σ₀wy/Σ₀w of two domains or two items.
	Difference = Estimator{
		Name: "difference", Formula: "Σ₁wy/Σ₁w − Σ₀wy/Σ₀w",
		Source:    "Särndal, Swensson & Wretman 1992, section 5.6",
		Reference: "survey::svycontrast(svyby(…, covmat = TRUE), …)",
		Function:  Change(ratio),
	}
	// RelativeLikelihood is (Σ₁wy/Σ₁w) / (Σ₀wy/Σ₀w): how many times likelier.
	// Its limits are those of its logarithm.
	RelativeLikelihood = Estimator{
		Name: "relative_likelihood", Formula: "(Σ₁wy/Σ₁w) / (Σ₀wy/Σ₀w)", Scale: Logarithmic,
		Source:    "Särndal, Swensson & Wretman 1992, section 5.5; Katz et al. 1978 for the scale",
		Reference: "survey::svycontrast(…, quote(a / b))",
		Function:  ratioOfRatios,
	}
)

var ratio = engine.Function{
	Value: func(t []float64) float64 { return t[0] / t[1] },
	Gradient: func(t []float64) []float64 {
		return []float64{1 / t[1], -t[0] / (t[1] * t[1])}
	},
}

// Change is a function of one set of totals minus the same of another: the
// arguments of the first, then those of the second.
func Change(f engine.Function) engine.Function {
	return engine.Function{
		Value: func(t []float64) float64 {
			half := len(t) / 2
			return f.Value(t[:half]) - f.Value(t[half:])
		},
		Gradient: func(t []float64) []float64 {
			half := len(t) / 2
			g := f.Gradient(t[:half])
			for _, x := range f.Gradient(t[half:]) {
				g = append(g, -x)
			}
			return g
		},
	}
}

// ratioOfRatios is (t0/t1) / (t2/t3).
var ratioOfRatios = engine.Function{
	Value: func(t []float64) float64 { return t[0] / t[1] / (t[2] / t[3]) },
	Gradient: func(t []float64) []float64 {
		r := t[0] / t[1] / (t[2] / t[3])
		return []float64{r / t[0], -r / t[1], -r / t[2], r / t[3]}
	},
}

// Shifted is a ratio whose answers were centred at c: t0/t1 + c. Centring keeps
// the digits that a mean far from zero would lose.
func Shifted(c float64) engine.Function {
	return engine.Function{
		Value:    func(t []float64) float64 { return c + t[0]/t[1] },
		Gradient: ratio.Gradient,
	}
}

// ShiftedTotal is a total whose answers were centred at c: t0 + c t1.
func ShiftedTotal(c float64) engine.Function {
	return engine.Function{
		Value:    func(t []float64) float64 { return t[0] + c*t[1] },
		Gradient: func([]float64) []float64 { return []float64{1, c} },
	}
}

// logit of a proportion t0/t1, whose replicates give the logit interval its
// standard error.
var logit = engine.Function{
	Value: func(t []float64) float64 { return math.Log(t[0] / (t[1] - t[0])) },
	Gradient: func(t []float64) []float64 {
		return []float64{1/t[0] + 1/(t[1]-t[0]), -1 / (t[1] - t[0])}
	},
}
