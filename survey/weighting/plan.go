package weighting

import (
	"errors"
	"fmt"
	"math"

	"surveykit/stats"
	"surveykit/survey"
)

// plan is a spec bound to the rows of a table: the columns whose totals are
// fitted, and how.
type plan struct {
	spec  *Spec
	table *survey.Table
	base  []float64

	// x has a column for each target; rows of base weight 0 have no entries.
	x       *stats.Sparse
	targets []fitted
	// margins are the columns by category, nil for calibrate.
	margins  []stats.Margin
	problems survey.Problems
	warnings []string
}

// fitted is a target with the variable that it belongs to.
type fitted struct {
	target
	variable string
}

// dataProblem is a fault of the data.
func (p *plan) dataProblem(f survey.Problem) {
	if len(p.table.Sources) > 0 {
		f.File = p.table.Sources[0].Path
	}
	p.problems = append(p.problems, f)
}

func (p *plan) specProblem(at place, f survey.Problem) {
	p.problems = append(p.problems, p.spec.problem(at, f))
}

// bind finds the columns and targets of the spec in a table.
func (s *Spec) bind(t *survey.Table, base []float64) (*plan, error) {
	p := &plan{spec: s, table: t, base: base}
	p.checkBase()
	if len(p.problems) == 0 {
		switch s.Method {
		case Rake:
			p.rake()
		case Poststratify:
			p.poststratify()
		case Calibrate:
			p.calibrate()
		}
	}
	return p, p.problems.Err()
}

func (p *plan) checkBase() {
	var sum float64
	for i, w := range p.base {
		if !(w >= 0) || math.IsInf(w, 0) {
			p.dataProblem(survey.Problem{Row: i + 1, Value: survey.FormatNumber(w), Message: "the weight is not a number of zero or more", Remedy: "give every row a weight"})
			return
		}
		sum += w
	}
	if sum == 0 {
		p.dataProblem(survey.Problem{Message: "no row has a weight above zero", Remedy: "check the weight column"})
	}
}

// fit finds the weights that come from d.
func (p *plan) fit(d []float64) (stats.Calibration, error) {
	if p.margins != nil {
		return stats.Rake(d, p.margins)
	}
	totals := make([]float64, len(p.targets))
	for k, t := range p.targets {
		totals[k] = t.total
	}
	return stats.Calibrate(d, p.x, totals, p.spec.distance)
}

// explain words the failure of a fit; of says which weights, "" for the base.
func (p *plan) explain(err error, of string) error {
	var misfit *stats.MisfitError
	if !errors.As(err, &misfit) {
		return survey.Problems{p.spec.problem(place{}, survey.Problem{Message: err.Error() + of})}
	}
	t := p.targets[misfit.Column]
	remedy := "check whether the totals can hold together, and collect small categories"
	if p.spec.distance.Upper != 0 {
		remedy = "widen the bounds, or check whether the totals can hold together"
	}
	return survey.Problems{p.spec.problem(t.at, survey.Problem{Variable: t.variable, Value: t.name,
		Message: fmt.Sprintf("no weights were found in %d iterations: this total comes to %.6g, not %.6g%s", misfit.Iterations, misfit.Reached, misfit.Target, of),
		Remedy:  remedy})}
}
