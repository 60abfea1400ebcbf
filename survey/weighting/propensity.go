package weighting

import (
	"fmt"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/formula"
	"surveykit/survey/spec"
)

// propensity binds a sample of volunteers and a reference survey: how likely a
// person is to be in the sample is modelled over both together.
func (p *plan) propensity() {
	reference, frame := p.surveyed()
	if frame == nil {
		return
	}
	m := p.pair(reference)
	if m == nil {
		return
	}
	f := &participation{x: m.both, reference: frame}
	fit, err := f.fit(p.base)
	if err != nil {
		p.specProblem(p.formulaAt, survey.Problem{Message: err.Error() + p.of()})
		return
	}
	if p.adjust != inverse {
		p.participationClasses(f, fit)
		return
	}
	alone := 0
	for _, is := range fit.Separated {
		if is {
			alone++
		}
	}
	if alone > 0 {
		p.warnings.Note(survey.NoticeUnmatched, nil, "nobody in the reference survey is like %s rows of the sample in the terms of the formula%s: their weight is 0", survey.FormatCount(alone), p.of())
	}
	p.fit = f
}

// participation weights volunteers by the odds of not being in the sample: each
// counts (1 − p)/p people like it, p the fitted probability that a row of
// both surveys together, the reference rows weighted, is one of the sample.
// Source: Wang, Valliant & Li 2021, adjusted logistic propensity weighting.
type participation struct {
	// x has the rows of the sample, then of the reference survey.
	x         *stats.Sparse
	reference *engine.Frame
}

// fit is the model with weights d for the sample.
func (f *participation) fit(d []float64) (*stats.Fit, error) {
	y := make([]float64, f.x.Rows())
	for i := range d {
		y[i] = 1
	}
	return fitLogit(f.x, y, f.pooled(d))
}

func (f *participation) pooled(d []float64) []float64 {
	return slices.Concat(d, f.reference.ByRow.Weights)
}

func (f *participation) factors(d []float64) (stats.Calibration, error) {
	fit, err := f.fit(d)
	if err != nil {
		return stats.Calibration{}, err
	}
	p, g := fit.Means(), make([]float64, len(d))
	for i := range d {
		if g[i] = 1; d[i] != 0 {
			g[i] = (1 - p[i]) / p[i]
		}
	}
	return stats.Calibration{G: g, Iterations: fit.Iterations}, nil
}

func (f *participation) columns() (*stats.Sparse, []fitted) { return nil, nil }

func (f *participation) residuals(d, _ []float64) engine.Residualizer {
	return &participationResiduals{f, d}
}

// participationResiduals are the influences of modelled participation.
type participationResiduals struct {
	*participation
	d []float64
}

// Apply takes out d_i (1 − p_i) x_i'γ, γ = (Σ d p(1−p) x x')⁻¹ Σ u x, the sums over
// both surveys; what the reference rows add is d_j p_j x_j'γ, whose variance is
// the reference survey's: by its design, or by its replicate weights.
func (r *participationResiduals) Apply(u []float64) []float64 {
	fit, err := r.fit(r.d)
	if err != nil {
		return nil // the same fit has made the weights
	}
	p := fit.Means()
	pooled := r.pooled(r.d)
	information, score := make([]float64, len(p)), make([]float64, len(p))
	copy(score, u)
	for i, d := range pooled {
		information[i] = d * p[i] * (1 - p[i])
	}
	along := r.x.Times(stats.NewCholesky(r.x.Gram(information)).Solve(r.x.Totals(score)))
	n := len(u)
	for i, d := range r.d {
		u[i] -= d * (1 - p[i]) * along[i]
	}
	return deviationsOf(r.reference, times(p[n:], along[n:]))
}

// participationClasses binds five classes of the rows of both surveys by
// propensity; in each the sample's weights are brought to the sum of the reference survey's.
// Source: Lee & Valliant 2009, section 2.
func (p *plan) participationClasses(m *participation, fitted *stats.Fit) {
	f := &referenceClasses{reference: m.reference, rows: len(p.base)}
	f.class, f.names = fifths(fitted.Means(), m.pooled(p.base))
	here, there := f.sums(p.base)
	for c, name := range f.names {
		if here[c] > 0 && there[c] == 0 {
			p.warnings.Note(survey.NoticeUnmatched, nil, "nobody in the reference survey is like the rows of the sample in %s%s: their weight is 0", name, p.of())
		}
		if here[c] == 0 && there[c] > 0 {
			p.specProblem(p.formulaAt, survey.Problem{Value: name, Message: fmt.Sprintf("nobody in the sample is like these people, whose total in the reference survey is %.6g%s", there[c], p.of()), Remedy: "use a formula with fewer terms, or report that the sample does not cover them"})
		}
	}
	p.fit = f
}

// referenceClasses give each class of the sample the weight that it has in the
// reference survey.
type referenceClasses struct {
	class     []int32 // of the rows of the sample, then of the reference survey
	names     []string
	rows      int
	reference *engine.Frame
}

// sums are the weights of each class in the sample and in the reference survey.
func (f *referenceClasses) sums(d []float64) (here, there []float64) {
	here, there = make([]float64, len(f.names)), make([]float64, len(f.names))
	for i, c := range f.class {
		switch {
		case c < 0:
		case i < f.rows:
			here[c] += d[i]
		default:
			there[c] += f.reference.ByRow.Weights[i-f.rows]
		}
	}
	return here, there
}

func (f *referenceClasses) factors(d []float64) (stats.Calibration, error) {
	here, there := f.sums(d)
	g := make([]float64, len(d))
	for i := range d {
		g[i] = 1
		if c := f.class[i]; c >= 0 && d[i] != 0 {
			g[i] = there[c] / here[c]
		}
	}
	return stats.Calibration{G: g, Iterations: 1}, nil
}

func (f *referenceClasses) columns() (*stats.Sparse, []fitted) { return nil, nil }

func (f *referenceClasses) residuals(_, w []float64) engine.Residualizer {
	return &referenceResiduals{f, w}
}

// referenceResiduals are the influences of post-stratification to classes that
// the reference survey has counted.
type referenceResiduals struct {
	*referenceClasses
	w []float64
}

// Apply takes out each class's mean of u/w; what the reference rows add is
// their weight times that mean.
func (r *referenceResiduals) Apply(u []float64) []float64 {
	sum, weight := make([]float64, len(r.names)), make([]float64, len(r.names))
	for i := range u {
		if c := r.class[i]; c >= 0 {
			sum[c] += u[i]
			weight[c] += r.w[i]
		}
	}
	outside := make([]float64, len(r.class)-r.rows)
	for i, c := range r.class {
		switch {
		case c < 0 || weight[c] == 0:
		case i < r.rows:
			u[i] -= r.w[i] * sum[c] / weight[c]
		default:
			outside[i-r.rows] = sum[c] / weight[c]
		}
	}
	return deviationsOf(r.reference, outside)
}

// others are people outside the sample, of a reference survey or of a file that
// counts the population, with how many people each of their rows counts.
type others struct {
	at      spec.Place
	path    string
	table   *survey.Table
	weights []float64
}

// pair is a step's model over the weighted rows of the sample and of others. Both have the columns of all levels that occur in either.
type pair struct {
	names             []string
	both, here, there *stats.Sparse
	// stacked has the variables of the formula over the rows of both.
	stacked *survey.Table
	model   *formula.Model
}

// pair makes the model over both; nil where there are problems.
func (p *plan) pair(o others) *pair {
	known := len(p.problems)
	stacked := p.stack(o)
	if len(p.problems) > known {
		return nil
	}
	p.checkTerms()
	there := &plan{step: p.step, table: o.table, base: o.weights}
	there.checkTerms()
	p.problems = append(p.problems, there.problems...)
	m := p.matrix(stacked, nil, slices.Concat(p.base, o.weights))
	if len(p.problems) > known {
		return nil
	}
	rows := p.table.Rows
	return &pair{m.Names, m.X, part(m.X, 0, rows), part(m.X, rows, stacked.Rows), stacked, m}
}

// part are some rows of a matrix.
func part(x *stats.Sparse, from, to int) *stats.Sparse {
	out := *x
	out.Start = x.Start[from : to+1]
	return &out
}

// stack puts the rows of others under the sample's.
func (p *plan) stack(o others) *survey.Table {
	out := &survey.Table{Rows: p.table.Rows + o.table.Rows}
	for _, name := range p.formula.Variables() {
		a := p.variable(p.formulaAt, name)
		b := o.table.Lookup(name)
		switch {
		case a == nil:
		case b == nil:
			f := o.table.Unknown(name)
			f.Message += " in " + o.path
			p.specProblem(o.at, f)
		case a.IsText() != b.IsText():
			p.specProblem(o.at, survey.Problem{Variable: name, Message: "the variable is text in one of the sample and " + o.path + " and a number in the other", Remedy: "recode it so that both have the same values"})
		default:
			out.Variables = append(out.Variables, stacked(a, b))
		}
	}
	return out
}

// stacked is a variable over the rows of both; labels are the sample's.
func stacked(a, b *survey.Variable) *survey.Variable {
	v := *a
	v.Missing = nil
	if !a.IsText() {
		v.Numbers = survey.NewNumbers(append(answers(a), answers(b)...))
		return &v
	}
	texts := &survey.TextColumn{}
	at := map[string]int32{}
	for _, from := range []*survey.Variable{a, b} {
		for i, valid := range from.Valid() {
			k := int32(-1)
			if x, _ := from.At(i); valid {
				var known bool
				if k, known = at[x.Text]; !known {
					k = int32(len(texts.Values))
					at[x.Text] = k
					texts.Values = append(texts.Values, x.Text)
				}
			}
			texts.Index.Append(k)
		}
	}
	v.Texts = texts
	return &v
}

// answers are a variable's numbers, NaN in rows without a valid one.
func answers(v *survey.Variable) []float64 {
	out := make([]float64, v.Len())
	for i, valid := range v.Valid() {
		out[i] = math.NaN()
		if valid {
			out[i] = v.Numbers.At(i)
		}
	}
	return out
}

// totalsOf are the totals of the model's columns among the others.
func (p *plan) totalsOf(o others, m *pair) []fitted {
	for _, v := range m.stacked.Variables {
		if m.model.Levels(v.Name) != nil {
			p.checkLevels(o, v)
		}
	}
	totals := m.there.Totals(o.weights)
	targets := make([]fitted, len(m.names))
	for k, name := range m.names {
		targets[k] = fitted{target{at: o.at, total: totals[k]}, name}
	}
	return targets
}

// checkLevels finds the categories of a stacked factor that only one side has.
func (p *plan) checkLevels(o others, v *survey.Variable) {
	classes := survey.Classify(v)
	rows, total := make([]int, len(classes.Values)), make([]float64, len(classes.Values))
	for i, k := range classes.Index.All() {
		switch there := i - p.table.Rows; {
		case k < 0:
		case there >= 0:
			total[k] += o.weights[there]
		case p.base[i] > 0:
			rows[k]++
		}
	}
	for k, label := range classes.Labels {
		f := survey.Problem{Variable: v.Name, Value: label, Remedy: "combine it with another category"}
		switch {
		case rows[k] > 0 && total[k] == 0:
			f.Message = fmt.Sprintf("nobody in %s is in this category, but %s rows of the sample are%s", o.path, survey.FormatCount(rows[k]), p.of())
			p.specProblem(o.at, f)
		case rows[k] == 0 && total[k] > 0:
			f.Message = fmt.Sprintf("no row of the sample is in this category%s, whose total is %.6g in %s", p.of(), total[k], o.path)
			p.specProblem(o.at, f)
		}
	}
}

// surveyed counts the design of the reference survey; nil where there are problems.
func (p *plan) surveyed() (others, *engine.Frame) {
	r := p.reference
	frame, err := engine.NewFrame(r.table, r.design)
	if problems, ok := err.(survey.Problems); ok {
		p.problems = append(p.problems, problems...)
		return others{}, nil
	}
	return others{r.at, "the reference survey " + r.path, r.table, frame.ByRow.Weights}, frame
}

// deviationsOf are the deviations of the total Σ w_j a_j of a survey: by its strata
// and PSUs, or by its replicates.
func deviationsOf(f *engine.Frame, a []float64) []float64 {
	if f.Replicates == nil {
		return f.Deviations(times(f.ByRow.Weights, a))
	}
	theta := make([]float64, len(f.ByRow.Replicates))
	for r, w := range f.ByRow.Replicates {
		theta[r] = stats.Dot(w, a)
	}
	return f.Replicates.Deviations(theta, stats.Dot(f.ByRow.Weights, a))
}
