package propensity

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/stats/penalised"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// Report says how well an outcome is predicted for people that the model has
// not seen: every figure is out of PSU.
type Report struct {
	Outcome string `json:"outcome"`
	N       int    `json:"n"`
	Folds   int    `json:"folds"`
	// Mix and Lambda are the penalty, Kept counts the coefficients that it leaves
	// besides the constant, of Columns.
	Mix     float64 `json:"mix"`
	Lambda  float64 `json:"lambda"`
	Kept    int     `json:"coefficients_kept"`
	Columns int     `json:"coefficients"`
	// BaseRate is the outcome's share, Predicted the mean propensity.
	BaseRate  survey.Estimate `json:"base_rate"`
	Predicted survey.Estimate `json:"predicted"`
	// AUC is the probability that of two people the one with the outcome has the
	// higher propensity; 0.5 is chance.
	AUC survey.Estimate `json:"auc"`
	// Brier is the mean of (y − p)², Skill the part of its base-rate value that the
	// model takes away, 1 at best and 0 for the base rate alone.
	Brier   survey.Estimate `json:"brier"`
	Skill   survey.Estimate `json:"brier_skill"`
	LogLoss survey.Estimate `json:"log_loss"`
	// Accuracy is the share of people for whom the likelier outcome is the true one;
	// BaseAccuracy is that of saying the same of everybody, Gain their difference.
	Accuracy     survey.Estimate `json:"accuracy"`
	BaseAccuracy survey.Estimate `json:"base_accuracy"`
	Gain         survey.Estimate `json:"accuracy_gain"`
	// Gap is observed minus predicted. Slope is the coefficient of a logistic model
	// of the outcome by the logit of its propensity: below 1 the propensities are
	// too far from each other.
	Gap         survey.Estimate      `json:"gap"`
	Slope       estimate.Coefficient `json:"calibration_slope"`
	Calibration []Bin                `json:"calibration"`
	Groups      []GroupReport        `json:"groups"`
	// Terms are the coefficients that the penalty leaves, on the scale of the logit.
	Terms []Term `json:"terms"`
}

// Bin are people with propensities next to each other.
type Bin struct {
	Low       survey.Figure   `json:"low"`
	High      survey.Figure   `json:"high"`
	Predicted survey.Estimate `json:"predicted"`
	Observed  survey.Estimate `json:"observed"`
}

// GroupReport is how well a group is predicted.
type GroupReport struct {
	Variable string          `json:"variable"`
	Category string          `json:"category"`
	Observed survey.Estimate `json:"observed"`
	Gap      survey.Estimate `json:"gap"`
	Brier    survey.Estimate `json:"brier"`
	AUC      survey.Estimate `json:"auc"`
	// Worse says in which ways its interval shows the model to do worse here.
	Worse []string `json:"worse"`
}

// Term is a coefficient.
type Term struct {
	Term  string  `json:"term"`
	Value float64 `json:"estimate"`
}

type group struct {
	variable *survey.Variable
	classes  survey.Classes
}

// bins is the number of bins of the calibration curve.
const bins = 10

// report adds an outcome to a result.
func (f *fitting) report(r *Result, k int, v *penalised.Validated, columns int) {
	o := f.outcomes[k]
	e := &evidence{sample: f.sample, y: o.y, p: v.Out, weights: o.weights, base: o.base}
	out := &Report{Outcome: f.options.Outcomes[k], N: o.base.N, Folds: f.options.Folds, Mix: f.options.Mix, Lambda: v.Model.Lambda, Columns: columns - 1}
	e.overall(out)
	out.Calibration = e.calibration()
	for _, g := range f.groups {
		out.Groups = append(out.Groups, e.groups(g, out.AUC)...)
	}
	r.Model.Outcomes = append(r.Model.Outcomes, Outcome{Outcome: out.Outcome, BaseRate: out.BaseRate.Value.Float(), Model: *v.Model})
	for j, name := range r.Model.Terms() {
		if b := v.Model.Beta[j]; b != 0 {
			out.Terms = append(out.Terms, Term{name, b})
		}
	}
	out.Kept = len(out.Terms) - 1
	r.Reports = append(r.Reports, out)
}

// evidence are outcomes with the propensities that were given to them.
type evidence struct {
	sample        *estimate.Sample
	y, p, weights []float64
	base          engine.Base
}

// figure is a function of the weights with the rows' influences on it, weights included.
type figure func(w []float64) (value float64, influence []float64)

// record is the record of a figure, propensities taken as they are.
func (e *evidence) record(statistic string, share bool, f figure) survey.Estimate {
	value, influence := f(e.weights)
	if reps := e.sample.Frame().ByRow.Replicates; reps != nil {
		influence = make([]float64, len(reps))
		for r, w := range reps {
			influence[r], _ = f(e.among(w))
		}
	}
	out := e.sample.Influenced(e.base, share, value, influence)
	out.Statistic = statistic
	return out
}

// among are other weights of the same rows.
func (e *evidence) among(w []float64) []float64 {
	out := make([]float64, len(w))
	for i, own := range e.weights {
		if own != 0 {
			out[i] = w[i]
		}
	}
	return out
}

// mean is the weighted mean of a value of each row.
func (e *evidence) mean(of func(y, p float64) float64) figure {
	return func(w []float64) (mean float64, influence []float64) {
		influence = make([]float64, len(w))
		var total float64
		for i, wi := range w {
			if wi != 0 {
				total += wi
				influence[i] = of(e.y[i], e.p[i])
				mean += wi * influence[i]
			}
		}
		mean /= total
		for i, wi := range w {
			influence[i] = wi / total * (influence[i] - mean)
		}
		return mean, influence
	}
}

func observed(y, _ float64) float64  { return y }
func predicted(_, p float64) float64 { return p }
func gap(y, p float64) float64       { return y - p }
func squared(y, p float64) float64   { return (y - p) * (y - p) }
func logLoss(y, p float64) float64   { return penalised.LogLoss(p, y) }

// right is 1 where the likelier outcome is the true one.
func right(y, p float64) float64 {
	if (p >= 0.5) == (y == 1) {
		return 1
	}
	return 0
}

func (e *evidence) overall(r *Report) {
	r.BaseRate = e.record("base_rate", true, e.mean(observed))
	usual := func(y, _ float64) float64 { return right(y, r.BaseRate.Value.Float()) }
	r.Predicted = e.record("predicted", true, e.mean(predicted))
	r.AUC = e.record("auc", true, e.auc)
	r.Brier = e.record("brier", false, e.mean(squared))
	r.Skill = e.record("brier_skill", false, e.skill)
	r.LogLoss = e.record("log_loss", false, e.mean(logLoss))
	r.Accuracy = e.record("accuracy", true, e.mean(right))
	r.BaseAccuracy = e.record("base_accuracy", true, e.mean(usual))
	r.Gain = e.record("accuracy_gain", false, e.mean(func(y, p float64) float64 { return right(y, p) - usual(y, p) }))
	r.Gap = e.record("gap", false, e.mean(gap))
	r.Slope = e.slope()
}

func (e *evidence) auc(w []float64) (float64, []float64) { return stats.AUC(e.p, e.y, w) }

// skill is 1 − Brier/(b(1−b)), b the base rate.
func (e *evidence) skill(w []float64) (float64, []float64) {
	brier, u := e.mean(squared)(w)
	b, of := e.mean(observed)(w)
	spread := b * (1 - b)
	for i := range u {
		u[i] = -u[i]/spread + brier*(1-2*b)/(spread*spread)*of[i]
	}
	return 1 - brier/spread, u
}

// slope fits the outcome by the logit of its propensity.
func (e *evidence) slope() estimate.Coefficient {
	x := &stats.Sparse{Columns: 2, Start: []int{0}}
	for i, w := range e.weights {
		if w != 0 {
			p := math.Max(1e-9, math.Min(1-1e-9, e.p[i]))
			x.Index, x.Value = append(x.Index, 0, 1), append(x.Value, 1, math.Log(p/(1-p)))
		}
		x.Start = append(x.Start, len(x.Index))
	}
	fit := func(w []float64) (float64, []float64) {
		var total float64
		for _, wi := range w {
			total += wi
		}
		scaled := make([]float64, len(w))
		stats.AddScaled(scaled, float64(e.base.N)/total, w)
		m := stats.Binomial.Fit(x, e.y, scaled, nil)
		if !m.Converged || math.IsNaN(m.Beta[1]) {
			return math.NaN(), nil
		}
		return m.Beta[1], m.Influence(1)
	}
	value, influence := fit(e.weights)
	if reps := e.sample.Frame().ByRow.Replicates; reps != nil {
		influence = make([]float64, len(reps))
		for r, w := range reps {
			influence[r], _ = fit(e.among(w))
		}
	}
	return e.sample.InfluencedCoefficient("calibration slope", e.base.N, e.base.DF-1, value, influence)
}

// part is the evidence of some of the rows.
func (e *evidence) part(belongs func(i int) bool) *evidence {
	out := *e
	out.weights = make([]float64, len(e.weights))
	for i, w := range e.weights {
		if belongs(i) {
			out.weights[i] = w
		}
	}
	out.base = e.sample.Base(func(i int) bool { return out.weights[i] != 0 })
	return &out
}

// calibration cuts people at the deciles of their propensities, equal ones kept
// together.
func (e *evidence) calibration() []Bin {
	var order []int
	var total float64
	for i, w := range e.weights {
		if w != 0 {
			order = append(order, i)
			total += w
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case e.p[a] < e.p[b]:
			return -1
		case e.p[a] > e.p[b]:
			return 1
		}
		return 0
	})
	bin, sum, next := make([]int, len(e.weights)), 0.0, 0.0
	var edges [][2]float64
	for k, i := range order {
		at := len(edges) - 1
		if k == 0 || (sum >= next && e.p[i] > edges[at][1]) {
			edges = append(edges, [2]float64{e.p[i], e.p[i]})
			next = total / bins * (math.Floor(sum/total*bins) + 1)
			at++
		}
		edges[at][1] = e.p[i]
		bin[i] = at
		sum += e.weights[i]
	}
	var out []Bin
	for k, edge := range edges {
		part := e.part(func(i int) bool { return bin[i] == k })
		out = append(out, Bin{
			Low: survey.FigureOf(edge[0]), High: survey.FigureOf(edge[1]),
			Predicted: part.record("predicted", true, part.mean(predicted)),
			Observed:  part.record("observed", true, part.mean(observed)),
		})
	}
	return out
}

// groups try the propensities in each category of a variable.
func (e *evidence) groups(g group, overall survey.Estimate) []GroupReport {
	var out []GroupReport
	for k, label := range g.classes.Labels {
		part := e.part(func(i int) bool { return int(g.classes.Index.At(i)) == k })
		if part.base.N == 0 {
			continue
		}
		r := GroupReport{Variable: g.variable.Name, Category: label, Worse: []string{},
			Observed: part.record("observed", true, part.mean(observed)),
			Gap:      part.record("gap", false, part.mean(gap)),
			Brier:    part.record("brier", false, part.mean(squared)),
		}
		if value, _ := part.auc(part.weights); math.IsNaN(value) {
			r.AUC = estimate.Blank(part.sample.Level())
			r.AUC.Flags = append(r.AUC.Flags, survey.FlagZeroDivisor)
		} else {
			r.AUC = part.record("auc", true, part.auc)
		}
		switch {
		case r.Gap.Low.Float() > 0:
			r.Worse = append(r.Worse, "predicted too low")
		case r.Gap.High.Float() < 0:
			r.Worse = append(r.Worse, "predicted too high")
		}
		if r.AUC.High.Float() < overall.Value.Float() {
			r.Worse = append(r.Worse, "told apart worse")
		}
		out = append(out, r)
	}
	return out
}
