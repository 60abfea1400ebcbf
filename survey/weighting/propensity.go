package weighting

import (
	"fmt"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
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
	if alone := count(fit.Separated); alone > 0 {
		p.warnings.Note(survey.NoticeUnmatched, nil, "nobody in the reference survey is like %s rows of the sample in the terms of the formula%s: their weight is 0", survey.FormatCount(alone), p.of())
	}
	p.fit = f
}

func count(marks []bool) (n int) {
	for _, is := range marks {
		if is {
			n++
		}
	}
	return n
}

// participation weights volunteers by the odds of not being in the sample: each
// stands for (1 − p)/p people like it, p the fitted probability that a row of
// both surveys together, the reference rows weighted, is one of the sample.
// Source: Wang, Valliant & Li 2021, adjusted logistic propensity weighting.
type participation struct {
	// x has the rows of the sample, then those of the reference survey.
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
	return slices.Concat(d, f.reference.Weights)
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
// propensity; in each the sample's weights come to the reference survey's.
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
			there[c] += f.reference.Weights[i-f.rows]
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
