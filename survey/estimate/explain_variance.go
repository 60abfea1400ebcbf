package estimate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
)

// parts splits the variance by stratum.
func (f *subject) parts(deviations []float64, behind []int) []StratumPart {
	variance := stats.Dot(deviations, deviations)
	var out []StratumPart
	for _, c := range f.totals.Contributions(deviations, behind) {
		out = append(out, StratumPart{c, survey.Figure(c.Variance / variance)})
	}
	return out
}

// spread describes the estimates under the replicate weights.
func (f *subject) spread(ask Ask, deviations []float64) *ReplicateSpread {
	theta := f.totals.Replicates(ask.Function, ask.Arguments)
	r := f.frame.Replicates
	out := &ReplicateSpread{Replicates: len(theta), Scale: r.Scale, MSE: r.MSE, Min: math.Inf(1), Max: math.Inf(-1)}
	used, sum, farthest := 0, 0.0, 0
	for k, x := range theta {
		out.Min, out.Max = math.Min(out.Min, x), math.Max(out.Max, x)
		if r.RScales[k] > 0 {
			used++
			sum += x
		}
		if math.Abs(deviations[k]) > math.Abs(deviations[farthest]) {
			farthest = k
		}
	}
	out.Centre = sum / float64(used)
	if r.MSE {
		out.Centre = f.totals.At(ask.Function, ask.Arguments)
	}
	out.Farthest = r.Names[farthest]
	out.FarthestShare = survey.Figure(deviations[farthest] * deviations[farthest] / stats.Dot(deviations, deviations))
	return out
}

// IntervalSteps are an interval's formula and the numbers that go into it.
type IntervalSteps struct {
	Method  string `json:"method"`
	Formula string `json:"formula"`
	Terms   []Term `json:"terms"`
}

// intervalFormulas are written with p the share, se its standard error, t
// Student's quantile, expit the inverse of logit p = ln(p/(1−p)), B⁻¹ the
// quantile of the beta distribution and α = 1 − level.
var intervalFormulas = map[stats.IntervalMethod]string{
	stats.Logit:        "expit(logit p ± t·se/(p(1−p)))",
	stats.XLogit:       "expit(logit p ± t·se/(p(1−p)))",
	stats.Likelihood:   "all q with 2(ℓ(p) − ℓ(q)) ≤ λ·t²·n/(n−1), ℓ(q) = n(p ln q + (1−p) ln(1−q))",
	stats.Asin:         "sin²(arcsin √p ± t·se/(2√(p(1−p)))), the angle kept in 0 to π/2",
	stats.BetaInterval: "B⁻¹(α/2; n*p, n*(1−p)+1) to B⁻¹(1−α/2; n*p+1, n*(1−p)), n* = p(1−p)/se² · (t₁/t)²",
	stats.KornGraubard: "B⁻¹(α/2; n*p, n*(1−p)+1) to B⁻¹(1−α/2; n*p+1, n*(1−p)), n* = n · (t₁/t)²",
	stats.Wilson:       "(p + t²/2n′ ± t/(2n′)·√(4n′p(1−p) + t²)) / (1 + t²/n′), n′ = p(1−p)/se²",
	stats.MeanInterval: "p ± t·se",
}

// replicateLogit is the logit interval where replicates give logit p a
// standard error of its own.
const replicateLogit = "expit(logit p ± t·se_logit)"

// woodruffFormula is written with F the share at or under the estimate, se_F its
// standard error and Q(F) the quantile at F.
const woodruffFormula = "Q(F − t·se_F) to Q(F + t·se_F), Q the quantile by the same rule; se = (high − low)/(2t)"

// intervalSteps writes out the interval of a record; it is empty without one.
func (f *subject) intervalSteps(r survey.Estimate, ask Ask) IntervalSteps {
	if !r.Low.Exists() && !r.High.Exists() {
		return IntervalSteps{Method: r.Interval, Terms: []Term{}}
	}
	method := stats.IntervalMethod(r.Interval)
	t := stats.TCritical(float64(r.Level), float64(r.DF))
	steps := IntervalSteps{r.Interval, intervalFormulas[method], []Term{{"p", r.Value}, {"se", r.SE}, {"t", survey.Figure(t)}}}
	if f.estimator.Name == Quantile.Name {
		share := f.totals.At(ask.Function, ask.Arguments)
		se := standardError(f.totals.Deviations(ask.Function, ask.Arguments))
		steps.Formula, steps.Terms = woodruffFormula, nil
		steps.add("F", share)
		if _, _, used := (stats.Proportion{P: share, SE: se, N: float64(r.N), DF: float64(r.DF), Level: float64(r.Level)}).Interval(stats.MeanInterval); used == stats.KornGraubard {
			steps.Formula = intervalFormulas[used]
			steps.add("t", t)
			steps.sizes(used, r, t)
			return steps
		}
		steps.add("se_F", se)
		steps.add("t", t)
		return steps
	}
	if !ask.Share && method != stats.KornGraubard {
		steps.Formula, steps.Terms[0].Symbol = f.symbol+" ± t·se", f.symbol
		return steps
	}
	if se := ask.logitSE(f.totals, float64(r.Value)); ask.Share && !math.IsNaN(se) {
		steps.Formula = replicateLogit
		steps.add("se_logit", se)
	}
	steps.sizes(method, r, t)
	return steps
}

func (s *IntervalSteps) add(symbol string, value float64) {
	s.Terms = append(s.Terms, Term{symbol, survey.Figure(value)})
}

// sizes adds the effective sizes that a method goes through.
func (s *IntervalSteps) sizes(method stats.IntervalMethod, r survey.Estimate, t float64) {
	n, p, se := float64(r.N), float64(r.Value), float64(r.SE)
	effective := p * (1 - p) / (se * se)
	first := stats.TCritical(float64(r.Level), n-1)
	switch method {
	case stats.KornGraubard:
		s.add("n", n)
		s.add("t₁", first)
		s.add("n*", n*first*first/(t*t))
	case stats.BetaInterval:
		s.add("t₁", first)
		s.add("n*", effective*first*first/(t*t))
	case stats.Wilson:
		s.add("n′", effective)
	case stats.Likelihood:
		s.add("n", n)
		s.add("λ", n/effective)
	}
}
