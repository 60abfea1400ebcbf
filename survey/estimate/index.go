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
	cell, everybody := s.withRest(), make([]int, k+1)
	terms := engine.Columns(y.Valid, ones(len(y.Value)), y.Value)
	totals := s.Frame.Totals(engine.Query{Cell: cell, Cells: k + 1, Terms: terms})
	means := make([]int, k+1)
	for d := range everybody {
		everybody[d], means[d] = totals.Index(d, 0), totals.Index(d, 1)
	}
	out := make([]survey.Estimate, k)
	for d := range out {
		out[d] = s.record(Index.Name, source, d)
		ask := Ask{Function: Index.Function, Arguments: [][]int{{means[d]}, {everybody[d]}, means, everybody}, Scale: s.Scale}
		base := totals.Base([]int{everybody[d]})
		ask.Fill(&out[d], totals, base)
		// Where the domain shows one value, only the whole would have an error.
		own := Blank(s.Level)
		Ask{Function: ratio, Arguments: at(totals, d, 1, 0)}.Fill(&own, totals, base)
		if slices.Contains(own.Flags, survey.FlagNoVariance) {
			out[d].SE = survey.NoFigure()
			withoutVariance(&out[d])
		}
	}
	return out, nil
}

// withRest numbers the rows by domain, and those that By leaves out, but Where
// does not, as one domain more.
func (s *Sample) withRest() []int32 {
	cell := make([]int32, len(s.cells.cell))
	holds := s.inside()
	for i, d := range s.cells.cell {
		cell[i] = d
		if d < 0 && holds[i] {
			cell[i] = int32(len(s.cells.group))
		}
	}
	return cell
}

// answers reads a variable, or an expression: its figure, or 1 and 0 where a
// condition holds and does not. Values are not centred.
func (s *Sample) answers(source string) (Answers, error) {
	if s.Table.Lookup(source) != nil {
		v, problems := s.numeric(source)
		if len(problems) > 0 {
			return Answers{}, problems
		}
		return Answers{Valid: v.Valid(), Value: v.Numbers}, nil
	}
	e, err := expression.CompileValue(source, s.Table)
	if err != nil {
		return Answers{}, err
	}
	a := Answers{Value: e.Numbers()}
	a.Valid = make([]bool, len(a.Value))
	for i, x := range a.Value {
		a.Valid[i] = x == x
	}
	return a, nil
}
