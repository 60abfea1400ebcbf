package weighting

import (
	"fmt"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

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

// covariances factors the covariance of k totals, for replicates.
func covariances(s source, k int) *stats.Cholesky {
	deviations := make([][]float64, k)
	for j := range deviations {
		unit := make([]float64, k)
		unit[j] = 1
		deviations[j] = s.deviations(unit)
	}
	g := stats.NewSymmetric(k)
	for i := range k {
		for j := range i + 1 {
			g.Set(i, j, stats.Dot(deviations[i], deviations[j]))
		}
	}
	return stats.NewCholesky(g)
}

// shifts are what to add to the totals of a step in each replicate, so that the
// spread of the replicates holds that of the totals, too: column k of L, scaled,
// in the replicates from first on; next is the one after. Source: Fuller 1998,
// section 2. An error where there are fewer replicates than totals.
func (f *modelFit) shifts(r *engine.Replicates, first int) (by [][]float64, next int, err error) {
	if f.source == nil {
		return nil, first, nil
	}
	out := make([][]float64, len(r.Weights))
	factor := covariances(f.source, len(f.targets))
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
