package estimate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
)

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
	out.FarthestShare = survey.FigureOf(deviations[farthest] * deviations[farthest] / stats.Dot(deviations, deviations))
	return out
}

// IntervalSteps are an interval's formula and the numbers that go into it.
type IntervalSteps struct {
	Method  string `json:"method"`
	Formula string `json:"formula"`
	Terms   []Term `json:"terms"`
}

// replicateLogit is the logit interval where replicates give logit p a
// standard error of its own.
const replicateLogit = "expit(logit p ± t·se_logit)"

// intervalSteps writes out the interval of a record; it is empty without one.
func (f *subject) intervalSteps(r survey.Estimate, ask Ask) IntervalSteps {
	steps := IntervalSteps{Method: r.Interval, Terms: []Term{}}
	if !r.Low.Exists() && !r.High.Exists() {
		return steps
	}
	p := stats.Proportion{P: r.Value.Float(), SE: r.SE.Float(), N: float64(r.N), DF: r.DF.Float(), Level: r.Level.Float()}
	t := stats.TCritical(p.Level, p.DF)
	if f.estimator.Name == Quantile.Name {
		p.P, p.SE = f.totals.At(ask.Function, ask.Arguments), standardError(f.totals.Deviations(ask.Function, ask.Arguments))
		steps.add("F", p.P)
		share := f.quantileInterval.share
		if _, _, used := p.Interval(share); used == stats.KornGraubard && share != nil {
			steps.Formula = used.Formula
			steps.add("t", t)
			steps.addAll(used, p)
			return steps
		}
		steps.Formula = f.quantileInterval.Formula + ", Q the quantile by the same rule; se = (high − low)/(2t)"
		steps.add("se_F", p.SE)
		steps.add("t", t)
		if share != nil {
			steps.addAll(share, p)
		}
		return steps
	}
	method := ask.Method
	if r.Interval == stats.KornGraubard.Name {
		method = stats.KornGraubard
	}
	if !ask.Share && method != stats.KornGraubard {
		steps.Formula = f.estimator.Symbol + " ± t·se"
		steps.add(f.estimator.Symbol, p.P)
		steps.add("se", p.SE)
		steps.add("t", t)
		return steps
	}
	steps.Formula = method.Formula
	steps.add("p", p.P)
	steps.add("se", p.SE)
	steps.add("t", t)
	if se := ask.logitSE(f.totals, p.P); ask.Share && !math.IsNaN(se) {
		steps.Formula = replicateLogit
		steps.add("se_logit", se)
	}
	steps.addAll(method, p)
	return steps
}

func (s *IntervalSteps) add(symbol string, value float64) {
	s.Terms = append(s.Terms, Term{symbol, survey.FigureOf(value)})
}

// addAll adds the numbers that a method's formula goes through.
func (s *IntervalSteps) addAll(m *stats.IntervalMethod, p stats.Proportion) {
	if m.Steps == nil {
		return
	}
	for _, step := range m.Steps(p) {
		s.add(step.Symbol, step.Value)
	}
}
