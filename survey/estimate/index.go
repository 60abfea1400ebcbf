package estimate

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// Index is the mean (or share) of a domain as a percentage of the mean of
// everybody: 100·(Σ_d wy/Σ_d w) / (Σwy/Σw).
var Index = Estimator{
	Name: "index", Formula: "100·(Σ_d wy/Σ_d w) / (Σwy/Σw)",
	Source:    "Särndal, Swensson & Wretman 1992, section 5.5",
	Reference: "survey::svycontrast(…, quote(100 * a / b)) with the domain and the total in one design",
	Function: smooth(func(t []dual) dual {
		return constant(100).times(t[0].over(t[1])).over(t[2].over(t[3]))
	}),
}

// Indexes estimates in each domain the mean of an expression relative to its
// mean among everybody, the rows outside every domain of By included; a
// condition gives the index of a share. The domain is part of the total, and
// the covariance counts it.
func (s *Sample) Indexes(source string) ([]survey.Estimate, error) {
	y, err := s.answers(source)
	if err != nil {
		return nil, err
	}
	k := len(s.cells.group)
	q := engine.Query{Numbers: Answers{Number: y}.Mean()}
	if len(s.cells.axes) > 0 {
		q.Cells, q.Where = []engine.Axis{engine.Filled{Of: s.cells.axes[0]}}, s.cells.where
	}
	all, err := s.engine.Totals(s.ctx, s.frame, []engine.Query{q})
	if err != nil {
		return nil, err
	}
	totals := all[0]
	var means, everybody []int
	for d := range k {
		everybody, means = append(everybody, s.filled(totals, d, 0)), append(means, s.filled(totals, d, 1))
	}
	if len(s.cells.axes) > 0 { // the rows outside of every domain are the first cell
		everybody, means = append(everybody, totals.Index(0, 0)), append(means, totals.Index(0, 1))
	}
	out := make([]survey.Estimate, k)
	for d := range out {
		out[d] = s.record(Index.Name, source, d)
		ask := Ask{Function: Index.Function, Arguments: [][]int{{means[d]}, {everybody[d]}, means, everybody}, Scale: s.scale}
		base := totals.Base([]int{everybody[d]})
		ask.Fill(&out[d], totals, base)
		// Where the domain shows one value, only the whole would have an error.
		own := Blank(s.level)
		Ask{Function: ratio, Arguments: [][]int{{means[d]}, {everybody[d]}}}.Fill(&own, totals, base)
		if slices.Contains(own.Flags, survey.FlagNoVariance) {
			out[d].SE = survey.Figure{}
			withoutVariance(&out[d])
		}
	}
	return out, nil
}

// filled is the place of a domain's total where the rows outside of all domains
// are the first cell.
func (s *Sample) filled(t *engine.Totals, domain, term int) int {
	if len(s.cells.axes) > 0 {
		domain++
	}
	return t.Index(domain, term)
}

// answers reads a variable, or an expression: its figure, or 1 and 0 where a
// condition holds and does not. Values are not centred.
func (s *Sample) answers(source string) (engine.Number, error) {
	if s.table.Lookup(source) != nil {
		_, problems := s.numeric(source)
		return engine.Answer{Column: source}, problems.Err()
	}
	_, err := expression.CompileValue(source, s.table)
	return engine.Value{Source: source}, err
}
