package weighting

import (
	"fmt"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Result are the new weights with what they cost and how well they fit.
type Result struct {
	// Weights are the new weights, G their ratio to the old ones (1 where both are 0).
	Weights []float64 `json:"-"`
	G       []float64 `json:"-"`
	// Residuals take what calibration has fixed out of influences; nil after Trim.
	Residuals *stats.Residualizer `json:"-"`

	Sum float64 `json:"sum"`
	// KishDeff is n Σw²/(Σw)², NEffective (Σw)²/Σw², over rows with a weight.
	KishDeff   float64 `json:"kish_deff"`
	NEffective float64 `json:"n_effective"`
	Iterations int     `json:"iterations"`
	// Margins compare each total with its target; empty after Trim.
	Margins  []MarginReport `json:"margins"`
	Warnings []string       `json:"warnings"`
}

// MarginReport is one total before and after weighting. A column of a model has
// no category; the variable and category of a cell are joined by ×.
type MarginReport struct {
	Variable string  `json:"variable"`
	Category string  `json:"category"`
	Before   float64 `json:"before"`
	Target   float64 `json:"target"`
	After    float64 `json:"after"`
}

// Apply makes new weights from base weights, one a row. Rows of weight 0 keep it
// and need no categories. Shares are scaled to the sum of the base weights. The
// error is survey.Problems: unknown variables and categories, weighted rows
// without a target, categories without a weighted row, margins whose totals
// disagree, negative weights, and totals that no weights reach, each with its
// figures and a way out.
func (s *Spec) Apply(t *survey.Table, base []float64) (*Result, error) {
	p, err := s.bind(t, base)
	if err != nil {
		return nil, err
	}
	return p.apply()
}

func (p *plan) apply() (*Result, error) {
	r := &Result{Margins: []MarginReport{}, Warnings: append([]string{}, p.warnings...)}
	var err error
	if p.spec.Method == Trim {
		err = p.trim(r)
	} else {
		err = p.weigh(r)
	}
	if err != nil {
		return nil, err
	}
	d := stats.DescribeWeights(r.Weights)
	r.Sum, r.KishDeff, r.NEffective = d.Sum, d.Deff, d.NEffective
	return r, nil
}

// weigh fits the targets.
func (p *plan) weigh(r *Result) error {
	c, err := p.fit(p.base)
	if err != nil {
		return p.explain(err, "")
	}
	r.Iterations, r.G = c.Iterations, c.G
	r.Weights = times(p.base, c.G)
	if err := p.checkNegative(r.Weights); err != nil {
		return err
	}
	before, after := p.x.Totals(p.base), p.x.Totals(r.Weights)
	for k, t := range p.targets {
		r.Margins = append(r.Margins, MarginReport{t.variable, t.name, before[k], t.total, after[k]})
	}
	r.Residuals = stats.NewResidualizer(p.x, p.base, r.Weights)
	return nil
}

// trim bounds the weights.
func (p *plan) trim(r *Result) (err error) {
	s := p.spec
	r.Weights, r.Iterations, err = stats.Trim(p.base, s.lower, s.upper)
	if err != nil {
		return survey.Problems{s.problem(place{}, survey.Problem{
			Message: fmt.Sprintf("%v: their mean is %.6g", err, mean(p.base)), Remedy: "choose bounds further apart, around the mean"})}
	}
	r.G = make([]float64, len(p.base))
	for i, w := range p.base {
		r.G[i] = 1
		if w != 0 {
			r.G[i] = r.Weights[i] / w
		}
	}
	return nil
}

// mean is that of the weights other than 0.
func mean(w []float64) float64 {
	d := stats.DescribeWeights(w)
	return d.Sum / float64(d.N)
}

func times(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] * b[i]
	}
	return out
}

// Frame weights a design: the frame's weights become the new ones, and its
// variances know what they were calibrated to. Each set of replicate weights is
// calibrated anew to the same totals; Trim gives replicates the factors of the
// full sample, for a replicate's zeros are no small weights. The frame given is
// unchanged. Errors are those of Apply, also where only a replicate fails.
// Source: Deville & Särndal 1992; Valliant, Dever & Kreuter 2018, section 15.4.
func (s *Spec) Frame(t *survey.Table, f *engine.Frame) (*engine.Frame, *Result, error) {
	p, err := s.bind(t, f.Weights)
	if err != nil {
		return nil, nil, err
	}
	r, err := p.apply()
	if err != nil {
		return nil, nil, err
	}
	out := *f
	out.Weights = r.Weights
	if f.Replicates != nil {
		out.Replicates, err = p.replicates(f.Replicates, r)
	} else if r.Residuals != nil {
		out.Calibration = r.Residuals
	}
	return &out, r, err
}

func (p *plan) replicates(old *engine.Replicates, r *Result) (*engine.Replicates, error) {
	out := *old
	out.Weights = make([][]float64, len(old.Weights))
	for k, d := range old.Weights {
		g := r.G
		if p.spec.Method != Trim {
			c, err := p.fit(d)
			if err != nil {
				return nil, p.explain(err, " in replicate "+old.Names[k])
			}
			g = c.G
		}
		out.Weights[k] = times(d, g)
	}
	return &out, nil
}
