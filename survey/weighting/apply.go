package weighting

import (
	"fmt"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Result are the new weights with what they cost and how well they fit.
type Result struct {
	survey.WeightingReport
	// Base are the old weights, Weights the new ones, G their ratio (1 where the
	// old ones are 0).
	Base    []float64 `json:"-"`
	Weights []float64 `json:"-"`
	G       []float64 `json:"-"`
	// Residuals take influences under the new weights back to the old ones; nil
	// after steps whose factors count as known.
	Residuals engine.Residualizer `json:"-"`
	// fitted are the variables of margins and models.
	fitted []string
}

// Apply makes new weights from base weights, one a row. Rows of weight 0 keep it
// and need no categories. Shares are scaled to the sum of the base weights. The
// error is survey.Problems: unknown variables and categories, weighted rows
// without a target, categories without a weighted row, margins whose totals
// disagree, negative weights, trimming that undoes a margin, and totals that no
// weights reach, each with its figures and a remedy.
func (s *Spec) Apply(t *survey.Table, base []float64) (*Result, error) {
	c, err := s.run(t, nil, base)
	if err != nil {
		return nil, err
	}
	return c.result(), nil
}

// Frame weights a design: the frame's weights become the new ones, and its
// variances take into account how they were made. Each set of replicate weights
// goes through all steps anew, except Trim, which gives replicates the factors of the
// full sample. The frame given is unchanged. It has the errors of Apply, also where
// only a replicate fails.
// Source: Deville & Särndal 1992; Valliant, Dever & Kreuter 2018, section 15.4.
func (s *Spec) Frame(t *survey.Table, f *engine.Frame) (*engine.Frame, *Result, error) {
	if f.ByRow == nil {
		return nil, nil, survey.Problems{{Message: "weighting needs the rows of the data, and their engine answers with sums only", Remedy: survey.ReadRows}}
	}
	c, err := s.run(t, nil, f.ByRow.Weights)
	if err != nil {
		return nil, nil, err
	}
	r := c.result()
	out := f.Reweighted(r.Weights)
	out.Made = true
	if f.Replicates != nil {
		out.ByRow.Replicates, err = c.replicates(f)
		if c.modelled() {
			r.Warnings.Note(survey.NoticeReplicates, nil, "the replicates do not include the sampling variance of the reference survey for the propensities; a design with strata and PSUs does")
		}
	} else if r.Residuals != nil {
		out.ByRow.Calibration = r.Residuals
	}
	return out, r, err
}

// modelled reports whether the weights rest on a model of who takes part, so
// that precision is only as good as that model.
func (s *Spec) modelled() bool {
	return slices.ContainsFunc(s.steps, func(s *step) bool { return s.method == Propensity })
}

// chain are the steps as far as they were taken.
type chain struct {
	*Spec
	table *survey.Table
	// count is how many rows of the data each row is, whose weights are sums then; nil
	// where each is one.
	count      []int
	base, w    []float64
	stages     []*stage
	iterations int
	warnings   survey.Notices
}

// stage is a step that was taken in one group.
type stage struct {
	*plan
	// before and after are the weights of the group, after without the scale.
	before, after []float64
	scale         float64
}

// run takes the steps one after the other.
func (s *Spec) run(t *survey.Table, count []int, base []float64) (*chain, error) {
	c := &chain{Spec: s, table: t, count: count, base: base, w: base}
	for _, step := range s.steps {
		plans, err := step.bind(t, count, c.w)
		if err != nil {
			return nil, err
		}
		w := slices.Clone(c.w)
		for _, p := range plans {
			if err := c.take(p, w); err != nil {
				return nil, err
			}
		}
		c.w = w
	}
	return c, c.checkTrims()
}

// take makes the weights of a plan's rows.
func (c *chain) take(p *plan, w []float64) error {
	fitted, err := p.fit.factors(p.base)
	if err != nil {
		return p.explain(err, "")
	}
	st := &stage{plan: p, before: p.base, after: times(p.base, fitted.G)}
	if err := p.check(st.after); err != nil {
		return err
	}
	st.scale = p.scaleOf(st.after)
	for i, b := range p.base {
		if b != 0 {
			w[i] = st.after[i] * st.scale
		}
	}
	c.stages = append(c.stages, st)
	c.iterations += fitted.Iterations
	c.warnings = append(c.warnings, p.warnings...)
	return nil
}

// scaleOf is what brings weights to the sum that the step wants.
func (p *plan) scaleOf(w []float64) float64 {
	rows, sum := p.sumOf(w)
	switch p.scale.kind {
	case "n":
		return float64(rows) / sum
	case "total":
		return p.scale.total / sum
	}
	return 1
}

// sumOf adds weights and counts the rows of those other than 0.
func (p *plan) sumOf(w []float64) (rows int, sum float64) {
	for i, x := range w {
		if x != 0 {
			rows += p.rows(i)
			sum += x
		}
	}
	return rows, sum
}

// each are weights of one row of each group, of which w are the sums.
func (p *plan) each(w []float64) []float64 { return each(w, p.count) }

func each(w []float64, count []int) []float64 {
	if count == nil {
		return w
	}
	out := make([]float64, len(w))
	for i, n := range count {
		if n > 0 {
			out[i] = w[i] / float64(n)
		}
	}
	return out
}

// sumOf adds weights and counts those other than 0.
func sumOf(w []float64) (rows int, sum float64) {
	for _, x := range w {
		if x != 0 {
			rows++
			sum += x
		}
	}
	return rows, sum
}

// trimTolerance is how far trimming may push a margin, as a share of all
// weights: the rounding of a published percentage.
const trimTolerance = 0.01

// checkTrims finds margins that a later trim has undone and no later step has
// fitted again, and bounds that a later fit has gone beyond.
func (c *chain) checkTrims() error {
	var problems survey.Problems
	for k, st := range c.stages {
		if st.method != Trim {
			continue
		}
		if refitted := slices.ContainsFunc(c.stages[k:], func(later *stage) bool { return later.fits() }); refitted {
			rows, largest, smallest := 0, 0.0, math.Inf(1)
			for i, w := range st.each(st.own(c.w)) {
				if st.before[i] == 0 || w == 0 {
					continue
				}
				largest, smallest = math.Max(largest, w), math.Min(smallest, w)
				if w > st.upper*(1+agreement) || w < st.lower*(1-agreement) {
					rows += st.rows(i)
				}
			}
			if rows > 0 {
				c.warnings.Note(survey.NoticeTrim, nil, "%d weights are outside the bounds of the trim after the later steps: they range from %.4g to %.4g", rows, smallest, largest)
			}
			continue
		}
		for _, earlier := range c.stages[:k] {
			if earlier.fits() {
				problems = append(problems, c.undone(earlier, st)...)
			}
		}
	}
	return problems.Err()
}

func (st *stage) fits() bool {
	x, _ := st.fit.columns()
	return x != nil
}

// undone reports the margin that trimming has pushed farthest.
func (c *chain) undone(margin, trim *stage) survey.Problems {
	x, targets := margin.fit.columns()
	now := margin.own(c.w)
	_, all := sumOf(margin.after)
	_, sum := sumOf(now)
	rescale := all / sum
	worst, at, reached := trim.tolerance, -1, 0.0
	for k, total := range x.Totals(now) {
		off := math.Abs(total*rescale-targets[k].total) / all
		if margin.method == Calibrate { // its columns are in units of their own
			off *= all / math.Abs(targets[k].total)
		}
		if off > worst {
			worst, at, reached = off, k, total*rescale
		}
	}
	if at < 0 {
		return nil
	}
	t := targets[at]
	return survey.Problems{c.problem(trim.at, survey.Problem{Variable: t.variable, Value: t.name(),
		Message: fmt.Sprintf("trimming changes this margin%s: it is now %.6g, not %.6g", margin.of(), reached, t.total),
		Remedy:  "rake again after it, calibrate with bounds instead, widen lower and upper, or allow it with tolerance: " + survey.FormatNumber(math.Ceil(worst*1000)/1000)})}
}

func (c *chain) result() *Result {
	r := &Result{Base: c.base, Weights: c.w, Residuals: c.residuals(), G: make([]float64, len(c.w))}
	for i, b := range c.base {
		if r.G[i] = 1; b != 0 {
			r.G[i] = c.w[i] / b
		}
	}
	for _, s := range c.steps {
		r.Steps = append(r.Steps, s.describe())
		for _, m := range s.margins {
			r.fitted = append(r.fitted, m.variables...)
		}
		if s.formula != nil {
			r.fitted = append(r.fitted, s.formula.Variables()...)
		}
	}
	r.Inputs = c.inputs
	r.Modelled, r.Assumption, r.Iterations = c.modelled(), c.assumption(), c.iterations
	c.warn(r.Residuals)
	r.Warnings = append(survey.Notices{}, c.warnings...)
	w := each(r.Weights, c.count)
	d := stats.DescribeWeights(w, c.count)
	r.Sum, r.KishDeff, r.KishDeffSample, r.NEffective = d.Sum, d.Deff, survey.FigureOf(d.DeffSample), d.NEffective
	r.Distribution = survey.WeightDistribution{N: d.N, Zero: d.Zero,
		Min: survey.FigureOf(d.Min), P1: survey.FigureOf(d.P1), P5: survey.FigureOf(d.P5), Median: survey.FigureOf(d.Median),
		P95: survey.FigureOf(d.P95), P99: survey.FigureOf(d.P99), Max: survey.FigureOf(d.Max), CV: survey.FigureOf(d.CV),
		Bins: bins(w, c.count, d)}
	r.Trim = c.trimBounds()
	r.Margins, r.Thin = c.margins(), c.thin()
	for _, m := range r.Margins {
		r.Misfit = math.Max(r.Misfit, math.Abs(m.After-m.Target)/(1+math.Abs(m.Target)))
	}
	r.Groups, r.Moved = []survey.WeightGroup{}, []survey.MovedItem{}
	return r
}

// warn says what the variance takes as known.
func (c *chain) warn(residuals engine.Residualizer) {
	if c.modelled() {
		c.warnings.Note(survey.NoticeModelled, nil, "precision is modelled: it is valid as far as the propensity formula explains who takes part")
	}
	for _, st := range c.stages {
		if st.method == Trim && residuals != nil {
			c.warnings.Note(survey.NoticeTrim, nil, "the variance treats the factors of trimming as known")
			return
		}
	}
}

// residuals take the influences back through the stages, the last one first.
func (c *chain) residuals() engine.Residualizer {
	var out backwards
	for _, st := range slices.Backward(c.stages) {
		if r := st.fit.residuals(st.before, st.after); r != nil {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// backwards are the residuals of stages, the last one first.
type backwards []engine.Residualizer

// Apply takes influences back to the weights before all stages.
func (b backwards) Apply(u []float64) (outside []float64) {
	for _, r := range b {
		outside = append(outside, r.Apply(u)...)
	}
	return outside
}

// replicates are the weights of each replicate of a frame after all steps.
func (c *chain) replicates(f *engine.Frame) ([][]float64, error) {
	shifts, err := c.shifts(f.Replicates)
	if err != nil {
		return nil, err
	}
	out := make([][]float64, len(f.ByRow.Replicates))
	for k, d := range f.ByRow.Replicates {
		w := slices.Clone(d)
		for j, st := range c.stages {
			fit := st.fit
			if shifts[j] != nil && shifts[j][k] != nil {
				fit = fit.(*modelFit).moved(shifts[j][k])
			}
			fitted, err := fit.factors(st.own(w))
			if err != nil {
				return nil, st.explain(err, " in replicate "+f.Replicates.Names[k])
			}
			for i, g := range fitted.G {
				if st.in == nil || st.in[i] {
					w[i] *= g * st.scale
				}
			}
		}
		out[k] = w
	}
	return out, nil
}

// shifts are what each stage adds to its totals in each replicate.
func (c *chain) shifts(r *engine.Replicates) ([][][]float64, error) {
	out := make([][][]float64, len(c.stages))
	first := 0
	for j, st := range c.stages {
		f, ok := st.fit.(*modelFit)
		if !ok {
			continue
		}
		var err error
		if out[j], first, err = f.shifts(r, first); err != nil {
			return nil, st.explain(err, "")
		}
	}
	return out, nil
}

func times(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] * b[i]
	}
	return out
}
