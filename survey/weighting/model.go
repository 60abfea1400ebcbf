package weighting

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/formula"
)

// model is the matrix of the step's formula over the weighted rows; nil where
// there are problems.
func (p *plan) model() *formula.Model {
	known := len(p.problems)
	p.checkTerms()
	m := p.matrix(p.table, p.base)
	if len(p.problems) > known {
		return nil
	}
	return m
}

// checkTerms reports the weighted rows without a value for the formula.
func (p *plan) checkTerms() {
	for _, name := range p.formula.Variables() {
		if v := p.table.Lookup(name); v != nil {
			p.checkComplete(v)
		}
	}
}

// matrix is that of the formula over the rows with a weight.
func (p *plan) matrix(t *survey.Table, w []float64) *formula.Model {
	weighted := make([]bool, len(w))
	for i, x := range w {
		weighted[i] = x > 0
	}
	m, err := p.formula.Model(t, weighted)
	if problems, ok := err.(survey.Problems); ok {
		for _, f := range problems {
			p.specProblem(p.formulaAt, f)
		}
	}
	return m
}

// modelFit fits the totals of a model's columns.
type modelFit struct {
	x        *stats.Sparse
	targets  []fitted
	distance stats.Distance
	// source says how the targets vary; nil where they are known.
	source source
}

// source is where estimated totals come from.
type source interface {
	// deviations are those of Σ b_j T_j.
	deviations(b []float64) []float64
}

// calibrate binds the columns of the model to totals that are given, counted in
// a file, or estimated by a reference survey.
func (p *plan) calibrate() {
	f := &modelFit{distance: p.distance}
	var names []string
	switch {
	case p.reference != nil:
		names = p.fitReference(f)
	case p.counts != nil:
		names = p.fitCounts(f)
	default:
		names = p.fitGiven(f)
	}
	if names == nil || len(p.problems) > 0 {
		return
	}
	if p.ridge > 0 {
		f.distance.Ridge = p.penalties(f.x, names)
	}
	p.fit = f
}

func (p *plan) fitGiven(f *modelFit) (names []string) {
	m := p.model()
	if m == nil {
		return nil
	}
	f.x, f.targets, f.source = m.X, p.populationTotals(m.Names, p.population), p.givenCovariance(m.Names)
	return m.Names
}

func (p *plan) fitReference(f *modelFit) (names []string) {
	reference, frame := p.surveyed()
	if frame == nil {
		return nil
	}
	m := p.pair(reference)
	if m == nil {
		return nil
	}
	f.x, f.targets, f.source = m.here, p.totalsOf(reference, m), sampled{frame, m.there}
	return m.names
}

func (p *plan) fitCounts(f *modelFit) (names []string) {
	counted := p.counted(p.counts)
	if len(p.problems) > 0 {
		return nil
	}
	m := p.pair(counted)
	if m == nil {
		return nil
	}
	f.x, f.targets, f.source = m.here, p.totalsOf(counted, m), p.givenCovariance(m.names)
	return m.names
}

// penalties are a ridge relative to each column's sum of squares, so that it does
// not depend on units; the number of people is always met. The variance takes
// the penalties as known.
func (p *plan) penalties(x *stats.Sparse, names []string) []float64 {
	out := make([]float64, x.Columns)
	for i, w := range p.base {
		for k := x.Start[i]; k < x.Start[i+1]; k++ {
			value := 1.0
			if x.Value != nil {
				value = x.Value[k]
			}
			out[x.Index[k]] += p.ridge * w * value * value
		}
	}
	if k := slices.Index(names, "(Intercept)"); k >= 0 {
		out[k] = 0
	}
	return out
}

// populationTotals finds the target of each column of the model.
func (p *plan) populationTotals(names []string, population []target) []fitted {
	targets := make([]fitted, len(names))
	found := make([]bool, len(names))
	for _, t := range population {
		k := slices.Index(names, t.names[0])
		if k < 0 {
			f := survey.UnknownName("column", t.names[0], names)
			f.Message += " in the model matrix of the formula; a category without rows has none"
			p.specProblem(t.at, f)
			continue
		}
		found[k] = true
		targets[k] = fitted{target{at: t.at, total: t.total}, t.names[0]}
	}
	for k, name := range names {
		if !found[k] {
			p.specProblem(p.formulaAt, survey.Problem{Value: name, Message: "the population has no total for this column of the model", Remedy: fmt.Sprintf("add %q: TOTAL to population; the columns are %q", name, names)})
		}
	}
	return targets
}

func (f *modelFit) totals() []float64 {
	totals := make([]float64, len(f.targets))
	for k, t := range f.targets {
		totals[k] = t.total
	}
	return totals
}

func (f *modelFit) factors(d []float64) (stats.Calibration, error) {
	return stats.Calibrate(d, f.x, f.totals(), f.distance)
}

func (f *modelFit) columns() (*stats.Sparse, []fitted) { return f.x, f.targets }

func (f *modelFit) residuals(d, w []float64) engine.Residualizer {
	return modelled{stats.NewResidualizer(f.x, d, w, f.distance.Ridge), f.source}
}

// moved is the fit to totals that are off by some amounts.
func (f *modelFit) moved(by []float64) fit {
	out := *f
	out.targets = slices.Clone(f.targets)
	for k := range out.targets {
		out.targets[k].total += by[k]
	}
	return &out
}

// modelled are the residuals of a model whose totals may be estimates.
type modelled struct {
	residuals *stats.Residualizer
	source    source
}

func (m modelled) Apply(u []float64) []float64 {
	b := m.residuals.Apply(u)
	if m.source == nil {
		return nil
	}
	return m.source.deviations(b)
}

// trimming bounds the weights; their factors count as known.
type trimming struct {
	plan  *plan
	fixed []float64
}

// factors trims the weights once; replicates get the same factors, for their
// zeros are no small weights.
func (f *trimming) factors(d []float64) (stats.Calibration, error) {
	if f.fixed != nil {
		return stats.Calibration{G: f.fixed}, nil
	}
	w, rounds, err := stats.Trim(d, f.plan.lower, f.plan.upper)
	if err != nil {
		rows, sum := sumOf(d)
		return stats.Calibration{}, fmt.Errorf("%w: their mean is %.6g", err, sum/float64(rows))
	}
	f.fixed = make([]float64, len(d))
	for i := range d {
		f.fixed[i] = 1
		if d[i] != 0 {
			f.fixed[i] = w[i] / d[i]
		}
	}
	return stats.Calibration{G: f.fixed, Iterations: rounds}, nil
}

func (f *trimming) columns() (*stats.Sparse, []fitted) { return nil, nil }

func (f *trimming) residuals(_, _ []float64) engine.Residualizer { return nil }

// explain words the failure of a fit; of says which weights, "" for the base.
func (p *plan) explain(err error, of string) error {
	of = p.of() + of
	var misfit *stats.MisfitError
	if !errors.As(err, &misfit) {
		remedy := ""
		if p.method == Trim {
			remedy = "choose wider bounds around the mean"
		}
		return survey.Problems{p.spec.problem(p.at, survey.Problem{Message: err.Error() + of, Remedy: remedy})}
	}
	_, targets := p.fit.columns()
	t := targets[misfit.Column]
	remedy := "check whether the totals contradict each other, and combine small categories"
	if p.distance.Upper != 0 {
		remedy = "widen the bounds, or check whether the totals contradict each other"
	}
	return survey.Problems{p.spec.problem(t.at, survey.Problem{Variable: t.variable, Value: t.name(),
		Message: fmt.Sprintf("no weights were found in %d iterations: this total is %.6g, not %.6g%s", misfit.Iterations, misfit.Reached, misfit.Target, of),
		Remedy:  remedy})}
}

// check reports weights that came out negative, which the linear distance without
// bounds allows, or beyond all bounds, where a propensity is next to 0.
func (p *plan) check(w []float64) error {
	rows, first, lowest := 0, 0, 0.0
	for i, x := range w {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			p.dataProblem(survey.Problem{Row: i + 1, Message: fmt.Sprintf("the weight is %v: nobody like this row is expected to take part", x), Remedy: "use a formula with fewer terms, or adjust: quintiles"})
			return p.problems.Err()
		}
		if x < 0 {
			if rows++; rows == 1 {
				first = i + 1
			}
			lowest = math.Min(lowest, x)
		}
	}
	if rows > 0 {
		p.dataProblem(survey.Problem{Row: first, Message: fmt.Sprintf("the calibrated weight is negative%s; the lowest is %.6g", more(rows), lowest), Remedy: "use distance: raking, or give bounds such as [0.3, 3]"})
	}
	return p.problems.Err()
}
