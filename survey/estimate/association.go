package estimate

import (
	"errors"

	"gonum.org/v1/gonum/mat"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// TestRecord is the result of one test of association or of ranks.
type TestRecord struct {
	Test      string        `json:"test"`
	Variables [2]string     `json:"variables"`
	Group     survey.Group  `json:"group"`
	Codes     survey.Group  `json:"group_codes"`
	Statistic survey.Figure `json:"statistic"`
	NDF       survey.Figure `json:"ndf"`
	DDF       survey.Figure `json:"ddf"`
	P         survey.Figure `json:"p"`
	// Adjusted is P corrected for the family of tests; see Adjustment.
	Adjusted survey.Figure `json:"p_adjusted"`
	N        int           `json:"n"`
	Flags    []string      `json:"flags"`
}

// Association tests in each domain whether two variables are independent, by
// each of the methods asked (Rao & Scott 1984 and Wald forms; see
// stats.Association). Categories that nobody of the domain is in are left out.
// Sample size and degrees of freedom are those of the rows that answered both.
// Equals R survey::svychisq on those rows; with missing answers that call takes
// both numbers from all rows.
func (s *Sample) Association(a, b string, methods []stats.AssociationMethod) ([]TestRecord, error) {
	_, problems := s.variable(a)
	_, more := s.variable(b)
	for _, m := range methods {
		more = append(more, unknownName("test of association", m, stats.AssociationMethods...)...)
	}
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	cx, err := s.engine.Categories(s.ctx, a)
	if err != nil {
		return nil, err
	}
	cy, err := s.engine.Categories(s.ctx, b)
	if err != nil {
		return nil, err
	}
	cross := crossTable{rows: len(cx.Values), columns: len(cy.Values)}
	if cross.totals, err = s.Sums(engine.Query{Cells: []engine.Axis{engine.Categories(a, cx), engine.Categories(b, cy)}}); err != nil {
		return nil, err
	}
	var out []TestRecord
	for d := range s.cells.group {
		base := cross.totals.Base(classes(cross.totals, d, cross.rows*cross.columns))
		result, flag := cross.test(d, base)
		for _, m := range methods {
			r := TestRecord{Test: string(m), Variables: [2]string{a, b}, Group: s.cells.group[d], Codes: s.cells.codes[d], N: base.N, Flags: []string{}}
			if flag != "" {
				r.Flags = append(r.Flags, flag)
			} else {
				t := result[m]
				r.Statistic, r.NDF, r.DDF, r.P = survey.FigureOf(t.Statistic), survey.FigureOf(t.NDF), survey.FigureOf(t.DDF), survey.FigureOf(t.P)
				switch {
				case t.DDF <= 0: // Wald's adjusted test needs more PSUs than the table has cells
					r.Flags = append(r.Flags, survey.FlagNoDF)
				case !r.Statistic.Exists() || !r.P.Exists(): // the covariance is singular
					r.Flags = append(r.Flags, survey.FlagNotEstimable)
				}
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// part is the first of two totals.
var part = engine.Function{
	Value:    func(t []float64) float64 { return t[0] },
	Gradient: func(t []float64) []float64 { return []float64{1, 0} },
}

// crossTable holds the totals of domain × row × column.
type crossTable struct {
	rows, columns int
	totals        *engine.Totals
}

// test drops the empty rows and columns of a domain's table and tests the rest;
// where there is no test, the flag says why.
func (c crossTable) test(domain int, base engine.Base) (result map[stats.AssociationMethod]stats.TestResult, flag string) {
	rows, columns := c.occupied(domain)
	if len(rows) < 2 || len(columns) < 2 {
		return nil, survey.FlagOneCategory
	}
	if base.DF <= 0 {
		return nil, survey.FlagNoDF
	}
	var places, all []int
	for _, r := range rows {
		for _, k := range columns {
			places = append(places, c.at(domain, r, k))
		}
	}
	all = append(all, places...)
	// a count is one of the table: its deviations are those of the whole base, so that
	// a policy for lonely PSUs is the same for all
	counts, byCount := c.covariance(places, func(j int) (engine.Function, [][]int) { return part, [][]int{{j}, all} })
	shares, byShare := c.covariance(places, func(j int) (engine.Function, [][]int) { return ratio, [][]int{{j}, all} })
	result, err := stats.Association(shares, len(rows), len(columns), byShare, float64(base.N), base.DF)
	var wald map[stats.AssociationMethod]stats.TestResult
	if err == nil {
		wald, err = stats.Association(counts, len(rows), len(columns), byCount, float64(base.N), base.DF)
	}
	switch {
	case errors.Is(err, stats.ErrNoSamplingVariance):
		return nil, survey.FlagNoVariance
	case err != nil: // too many empty cells
		return nil, survey.FlagNotEstimable
	}
	for _, m := range []stats.AssociationMethod{stats.WaldAssociation, stats.AdjustedWald} {
		result[m] = wald[m]
	}
	return result, ""
}

// covariance evaluates a function at each total of a list, and the covariances
// of the results. Wald's tests are defined on counts, Rao and Scott's on
// shares: the two agree when linearised, but not under replicate weights.
func (c crossTable) covariance(places []int, function func(j int) (engine.Function, [][]int)) ([]float64, *mat.SymDense) {
	values := make([]float64, len(places))
	deviations := make([][]float64, len(places))
	for i, j := range places {
		f, arguments := function(j)
		values[i] = c.totals.At(f, arguments)
		deviations[i] = c.totals.Deviations(f, arguments)
	}
	cov := mat.NewSymDense(len(places), nil)
	for i := range places {
		for j := i; j < len(places); j++ {
			cov.SetSym(i, j, stats.Dot(deviations[i], deviations[j]))
		}
	}
	return values, cov
}

func (c crossTable) at(domain, row, column int) int {
	return (domain*c.rows+row)*c.columns + column
}

func (c crossTable) occupied(domain int) (rows, columns []int) {
	inRow, inColumn := make([]bool, c.rows), make([]bool, c.columns)
	for r := range c.rows {
		for k := range c.columns {
			if c.totals.N[c.at(domain, r, k)] > 0 {
				inRow[r], inColumn[k] = true, true
			}
		}
	}
	for r, in := range inRow {
		if in {
			rows = append(rows, r)
		}
	}
	for k, in := range inColumn {
		if in {
			columns = append(columns, k)
		}
	}
	return rows, columns
}
