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
	m := p.matrix(p.table, p.count, p.base)
	if len(p.problems) > known {
		return nil
	}
	return m
}

// checkTerms reports the weighted rows without a value for the formula.
func (p *plan) checkTerms() {
	for _, name := range p.formula.Variables() {
		if v := p.table.Lookup(name); v != nil {
			rows, first := 0, 0
			for i, valid := range v.Valid() {
				if p.base[i] > 0 && !valid {
					if rows == 0 {
						first = i + 1
					}
					rows += p.rows(i)
				}
			}
			if rows > 0 {
				p.dataProblem(survey.Problem{Row: first, Variable: v.Name, Message: "the row has no value" + more(rows), Remedy: "fill it in, or give these rows a weight of zero"})
			}
		}
	}
}

// matrix is the formula's model matrix over the rows with a weight.
func (p *plan) matrix(t *survey.Table, count []int, w []float64) *formula.Model {
	weighted := make([]bool, len(w))
	for i, x := range w {
		weighted[i] = x > 0
	}
	m, err := p.formula.Model(t, weighted, count)
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
	// deviations are the deviations of Σ b_j T_j.
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

func (f *modelFit) factors(d []float64) (stats.Calibration, error) {
	totals := make([]float64, len(f.targets))
	for k, t := range f.targets {
		totals[k] = t.total
	}
	return stats.Calibrate(d, f.x, totals, f.distance)
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

// factors trims the weights once; replicates get the same factors, because their
// zeros are not small weights.
func (f *trimming) factors(d []float64) (stats.Calibration, error) {
	if f.fixed != nil {
		return stats.Calibration{G: f.fixed}, nil
	}
	each := f.plan.each(d)
	w, rounds, err := stats.Trim(each, f.plan.count, f.plan.lower, f.plan.upper)
	if err != nil {
		rows, sum := f.plan.sumOf(d)
		return stats.Calibration{}, fmt.Errorf("%w: their mean is %.6g", err, sum/float64(rows))
	}
	f.fixed = make([]float64, len(d))
	for i, x := range each {
		f.fixed[i] = 1
		if x != 0 {
			f.fixed[i] = w[i] / x
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

// check reports weights that are negative, which the linear distance without bounds
// allows, or too large for a number, where a propensity is next to 0.
func (p *plan) check(w []float64) error {
	rows, first, lowest := 0, 0, 0.0
	for i, x := range p.each(w) {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			p.dataProblem(survey.Problem{Row: i + 1, Message: fmt.Sprintf("the weight is %v: nobody like this row is expected to take part", x), Remedy: "use a formula with fewer terms, or adjust: quintiles"})
			return p.problems.Err()
		}
		if x < 0 {
			if rows == 0 {
				first = i + 1
			}
			rows += p.rows(i)
			lowest = math.Min(lowest, x)
		}
	}
	if rows > 0 {
		p.dataProblem(survey.Problem{Row: first, Message: fmt.Sprintf("the calibrated weight is negative%s; the lowest is %.6g", more(rows), lowest), Remedy: "use distance: raking, or give bounds such as [0.3, 3]"})
	}
	return p.problems.Err()
}

// counted are the rows of a population file in the terms of the sample: its
// variables and their categories are the sample's, and each row counts as many
// people as its total says. Rows in no category that the spec lists count nobody:
// files often hold totals, and ages that a survey does not cover.
func (p *plan) counted(f *populationFile) others {
	out := others{f.at, f.path(), &survey.Table{Rows: f.table.Rows, Sources: f.table.Sources}, make([]float64, f.table.Rows)}
	inside := slices.Repeat([]bool{true}, f.table.Rows)
	for k, name := range p.formula.Variables() {
		v := p.variable(p.formulaAt, name)
		if v == nil {
			continue
		}
		there := p.inTermsOf(v, f, f.sources[k], inside)
		out.table.Variables = append(out.table.Variables, there)
	}
	for row, counts := range inside {
		if !counts {
			continue
		}
		total, fault := f.totalOf(row)
		out.weights[row] = total
		p.problems = append(p.problems, fault...)
	}
	return out
}

// inTermsOf is a column of a population file with the values of the sample's
// variable; rows that it says nothing about are marked. Numbers without
// categories in the spec are taken as they are.
func (p *plan) inTermsOf(v *survey.Variable, f *populationFile, column *survey.Variable, inside []bool) *survey.Variable {
	_, given := f.categories[v.Name]
	asNumber := !given && !v.IsText() && !column.IsText()
	classes, name, valid := survey.Classify(v), f.naming(v.Name, column), column.Valid()
	values := make([]survey.Value, column.Len())
	unknown := map[string]bool{}
	for row := range values {
		label, k := name(row), -1
		if !asNumber {
			k = classes.Find(survey.TextValue(label))
		}
		switch {
		case !valid[row] || label == "":
			inside[row] = false
		case asNumber:
			values[row] = survey.NumberValue(column.Numbers.At(row))
		case k >= 0:
			values[row] = classes.Values[k]
		case !unknown[label]:
			unknown[label] = true
			fault := survey.UnknownName("category", label, classes.Labels)
			fault.File, fault.Row, fault.Variable = f.path(), row+1, column.Name
			fault.Message += " in the sample's " + v.Name
			fault.Remedy = "write under categories which values of the file belong to which category of the sample"
			p.problems = append(p.problems, fault)
		}
	}
	return columnOf(v, values, inside)
}

// columnOf is a variable like another one with these values where they count.
func columnOf(like *survey.Variable, values []survey.Value, inside []bool) *survey.Variable {
	out := &survey.Variable{Name: like.Name, Kind: like.Kind, Scores: like.Scores}
	if !like.IsText() {
		out.Numbers = survey.MissingNumbers(len(values))
		for i, x := range values {
			if inside[i] {
				out.Numbers.Set(i, x.Number)
			}
		}
		return out
	}
	out.Texts = &survey.TextColumn{}
	at := map[string]int32{}
	for i, x := range values {
		k, known := at[x.Text]
		switch {
		case !inside[i]:
			k = -1
		case !known:
			k = int32(len(out.Texts.Values))
			at[x.Text] = k
			out.Texts.Values = append(out.Texts.Values, x.Text)
		}
		out.Texts.Index.Append(k)
	}
	return out
}

// spread is the covariance LL' of estimated totals.
type spread struct{ factor *stats.Cholesky }

// deviations are L'b.
func (s spread) deviations(b []float64) []float64 {
	out := make([]float64, len(b))
	for k := range b {
		out[k] = stats.Dot(s.factor.Column(k), b)
	}
	return out
}

// givenCovariance is the covariance that the spec gives; nil where it gives none.
func (p *plan) givenCovariance(names []string) source {
	if p.covariance == nil {
		return nil
	}
	g := stats.NewSymmetric(len(names))
	for a, row := range p.covariance {
		i := slices.Index(names, a)
		if i < 0 {
			f := survey.UnknownName("column", a, names)
			f.Message += " of the model, whose covariance is given"
			p.specProblem(p.at, f)
			continue
		}
		for b, x := range row {
			if j := slices.Index(names, b); j >= 0 {
				g.Set(i, j, x)
				p.checkCorrelation(a, b, x)
			}
		}
	}
	return spread{stats.NewCholesky(g)}
}

// checkCorrelation finds covariances that no two estimates can have.
func (p *plan) checkCorrelation(a, b string, covariance float64) {
	x, y := p.covariance[a][a], p.covariance[b][b]
	if x < 0 || covariance*covariance > x*y*(1+agreement) {
		p.specProblem(p.at, survey.Problem{Value: survey.FormatNumber(covariance), Message: fmt.Sprintf("this cannot be the covariance of %s and %s, whose variances are %.6g and %.6g", a, b, x, y), Remedy: "check the covariance matrix of the totals"})
	}
}

// sampled are totals of a reference survey, whose rows carry their covariance.
type sampled struct {
	frame *engine.Frame
	x     *stats.Sparse
}

func (s sampled) deviations(b []float64) []float64 { return deviationsOf(s.frame, s.x.Times(b)) }

// shifts are what to add to the totals of a step in each replicate, so that the
// spread of the replicates includes the spread of the totals: column k of L, scaled,
// in the replicates from first on; next is the one after. Source: Fuller 1998,
// section 2. An error where there are fewer replicates than totals.
func (f *modelFit) shifts(r *engine.Replicates, first int) (by [][]float64, next int, err error) {
	if f.source == nil {
		return nil, first, nil
	}
	out := make([][]float64, len(r.Names))
	k := len(f.targets)
	deviations := make([][]float64, k)
	for j := range deviations {
		unit := make([]float64, k)
		unit[j] = 1
		deviations[j] = f.source.deviations(unit)
	}
	g := stats.NewSymmetric(k)
	for i := range k {
		for j := range i + 1 {
			g.Set(i, j, stats.Dot(deviations[i], deviations[j]))
		}
	}
	factor := stats.NewCholesky(g)
	for k := range f.targets {
		column := factor.Column(k)
		if !slices.ContainsFunc(column, func(x float64) bool { return x != 0 }) {
			continue
		}
		if first == len(out) {
			return nil, first, fmt.Errorf("%d replicates cannot carry the covariance of %d estimated totals", len(out), len(f.targets))
		}
		scale := 1 / math.Sqrt(r.Scale*r.RScales[first])
		for j := range column {
			column[j] *= scale
		}
		out[first] = column
		first++
	}
	return out, first, nil
}
