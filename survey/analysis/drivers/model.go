package drivers

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/stats/importance"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"
	"surveykit/survey/formula"
)

// model is the outcome with its drivers over the rows of a sample.
type model struct {
	// sample has the outcome among its variables.
	sample   *estimate.Sample
	response *survey.Variable
	items    []segment.Indicator
	// text is the model as a formula, family its distribution.
	text   string
	family stats.Family
	matrix *formula.Model
	// rows are the model's in an order that does not depend on the table's, psus the
	// PSUs likewise; see arrange. What follows has one value for each of these rows.
	rows []int
	psus []int32
	x    *stats.Sparse
	y    []float64
	// columns are those of the matrix but the constant and, in a linear model,
	// last the outcome; groups those of each driver.
	columns [][]float64
	groups  [][]int
	weights []float64
	// base describes the rows; asked counts those of the domain.
	base  engine.Base
	asked int
	// centred and fit are the full sample's.
	centred importance.Data
	fit     *stats.Fit
	latent  importance.Latent
	// parts are the importances, nil where the outcomes are separated; replicates those under each replicate's weights,
	// shaken those under pairs of shaken weights.
	parts      *importance.Parts
	replicates []*importance.Parts
	shaken     [][2]*importance.Parts
}

// mostColumns bounds what is enumerated over and over again.
const mostColumns = 200

func newModel(s *estimate.Sample, o Options) (*model, error) {
	m := &model{}
	problems := m.choose(s, o)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	if err := m.lay(); err != nil {
		return nil, err
	}
	if p := m.check(); p != nil {
		return nil, survey.Problems{*p}
	}
	m.fit = m.fitted(m.weights, nil)
	if err := m.checkFit().Err(); err != nil {
		return nil, err
	}
	m.centred = importance.Data{Columns: m.columns, Weights: m.weights}.Centred()
	return m, nil
}

// choose finds the outcome, the drivers and the family.
func (m *model) choose(s *estimate.Sample, o Options) survey.Problems {
	var problems survey.Problems
	var err error
	var read []string
	if m.response, read, err = outcome(s.Table(), o.Outcome); err != nil {
		problems = append(problems, problemsOf(err)...)
	}
	if m.items, err = segment.Indicators(s.Table(), o.Drivers); err != nil {
		problems = append(problems, problemsOf(err)...)
	}
	for _, x := range m.items {
		if slices.Contains(read, x.Variable.Name) {
			problems = append(problems, survey.Problem{Variable: x.Variable.Name, Message: "the outcome is among its drivers", Remedy: "leave it out of the drivers"})
		}
	}
	if len(o.Drivers) < 2 {
		problems = append(problems, survey.Problem{Message: "importance needs at least two drivers", Remedy: "name more drivers"})
	}
	for _, f := range []stats.Family{stats.Gaussian, stats.Binomial} {
		if f.Name == o.Family {
			m.family = f
		}
	}
	if m.family.Name == "" && o.Family != "" {
		problems = append(problems, survey.UnknownName("family", o.Family, []string{stats.Gaussian.Name, stats.Binomial.Name}))
	}
	if len(problems) > 0 {
		return problems
	}
	if o.Family == "" {
		m.family = familyOf(m.response)
	}
	terms := make([]string, len(m.items))
	for j, x := range m.items {
		terms[j] = "`" + x.Variable.Name + "`"
		if isFactor(x) {
			terms[j] = "factor(" + terms[j] + ")"
		}
	}
	m.text = "`" + m.response.Name + "` ~ " + strings.Join(terms, " + ")
	m.sample = s.With(m.response)
	return nil
}

func isFactor(x segment.Indicator) bool {
	return x.Measure == survey.Nominal || !x.Variable.IsNumeric()
}

func problemsOf(err error) survey.Problems {
	if ps, ok := err.(survey.Problems); ok {
		return ps
	}
	return survey.Problems{{Message: err.Error()}}
}

// outcome is a variable of the table, or a new one of an expression's values;
// read are the variables that it is made of.
func outcome(t *survey.Table, text string) (v *survey.Variable, read []string, err error) {
	if v := t.Lookup(text); v != nil {
		return v, []string{text}, nil
	}
	e, err := expression.CompileValue(text, t)
	if err != nil {
		return nil, nil, err
	}
	v = &survey.Variable{Name: strings.ReplaceAll(text, "`", ""), Label: text, Kind: survey.Number, Numbers: survey.NewNumbers(e.Numbers())}
	return v, e.Variables(), nil
}

// familyOf is the family that an outcome demands: binomial where all its answers
// are 0 or 1.
func familyOf(outcome *survey.Variable) stats.Family {
	if outcome = outcome.Numeric(); outcome == nil {
		return stats.Gaussian
	}
	for i, valid := range outcome.Valid() {
		if valid && !stats.Binomial.Accepts(outcome.Numbers.At(i)) {
			return stats.Gaussian
		}
	}
	return stats.Binomial
}

// lay makes the model matrix and its columns.
func (m *model) lay() error {
	f, err := formula.Parse(m.text)
	if err != nil {
		return err
	}
	in := m.sample.Rows()
	for i, w := range m.sample.Frame().ByRow.Weights {
		if in[i] = in[i] && w != 0; in[i] {
			m.asked++
		}
	}
	if problems := m.flat(in); len(problems) > 0 {
		return problems
	}
	if m.matrix, err = f.Model(m.sample.Table(), in, nil); err != nil {
		return err
	}
	if p := len(m.matrix.Names) - 1; p > mostColumns {
		return survey.Problems{{Message: fmt.Sprintf("the drivers have %d levels and numbers in total, more than %d", p, mostColumns),
			Remedy: "leave out factors with many levels, or combine their levels in a recode"}}
	}
	for _, t := range m.matrix.Terms[1:] {
		var columns []int
		for c := range t.Columns {
			columns = append(columns, t.First-1+c)
		}
		m.groups = append(m.groups, columns)
	}
	m.arrange()
	m.x, m.y = m.matrix.X.Pick(m.rows), m.pick(m.matrix.Y)
	m.columns = dense(m.x)[1:]
	if m.linear() {
		m.columns = append(m.columns, m.y)
	}
	m.weights = m.pick(m.sample.Frame().ByRow.Weights)
	m.base = m.sample.Base(func(i int) bool { return m.matrix.Complete[i] })
	return nil
}

func (m *model) linear() bool { return m.family.Name == stats.Gaussian.Name }

// pick are the values of the model's rows.
func (m *model) pick(values []float64) []float64 {
	out := make([]float64, len(m.rows))
	for k, i := range m.rows {
		out[k] = values[i]
	}
	return out
}

// dense are the columns of a sparse matrix.
func dense(x *stats.Sparse) [][]float64 {
	out := make([][]float64, x.Columns)
	for j := range out {
		out[j] = make([]float64, x.Rows())
	}
	for i := range x.Rows() {
		for k := x.Start[i]; k < x.Start[i+1]; k++ {
			value := 1.0
			if x.Value != nil {
				value = x.Value[k]
			}
			out[x.Index[k]][i] = value
		}
	}
	return out
}

// flat finds an outcome and drivers that are the same in all rows of the model,
// and models of hardly any rows.
func (m *model) flat(in []bool) (problems survey.Problems) {
	columns := []*survey.Variable{m.response}
	for _, x := range m.items {
		columns = append(columns, x.Variable)
	}
	complete := slices.Clone(in)
	for _, v := range columns {
		for i, valid := range v.Valid() {
			complete[i] = complete[i] && valid
		}
	}
	rows := 0
	for _, in := range complete {
		if in {
			rows++
		}
	}
	if p := tooFew(rows, len(columns)); p != nil {
		problems = append(problems, *p)
	}
	for k, v := range columns {
		value, same := only(v, complete)
		switch {
		case !same || rows == 0:
		case k == 0:
			problems = append(problems, survey.Problem{Variable: v.Name, Value: value.String(), Message: "all rows of the model have the same outcome", Remedy: "check the outcome and the filter of the analysis"})
		default:
			problems = append(problems, survey.Problem{Variable: v.Name, Value: value.String(), Message: fmt.Sprintf("all %s rows of the model have the same answer, which explains nothing", survey.FormatCount(rows)), Remedy: "leave the driver out"})
		}
	}
	return problems
}

// only is the value that a variable has in all of some rows.
func only(v *survey.Variable, rows []bool) (value survey.Value, same bool) {
	seen := false
	for i, in := range rows {
		if !in {
			continue
		}
		x, _ := v.At(i)
		if seen && x != value {
			return value, false
		}
		value, seen = x, true
	}
	return value, true
}

func tooFew(rows, coefficients int) *survey.Problem {
	if rows > coefficients+1 {
		return nil
	}
	return &survey.Problem{Message: fmt.Sprintf("%s rows have an answer to the outcome and to all drivers, for a model of %d coefficients", survey.FormatCount(rows), coefficients), Remedy: "leave out drivers, or check their missing answers"}
}

// check finds outcomes that no model is for.
func (m *model) check() *survey.Problem {
	for i, complete := range m.matrix.Complete {
		if y := m.matrix.Y[i]; complete && !m.family.Accepts(y) {
			return &survey.Problem{Row: i + 1, Variable: m.response.Name, Value: survey.FormatNumber(y),
				Message: "the " + m.family.Name + " family is for " + m.family.Outcomes, Remedy: "recode the outcome, write a condition such as " + m.response.Name + " >= 4, or choose another family"}
		}
	}
	return tooFew(m.base.N, len(m.matrix.Names))
}

// checkFit finds drivers that say the same, and steps that did not come to rest.
func (m *model) checkFit() (problems survey.Problems) {
	if !m.fit.Converged {
		return survey.Problems{{Variable: m.response.Name, Message: "the fit of the model did not converge", Remedy: "leave out or recode the driver that almost determines the outcome"}}
	}
	aliased := m.x.RowSpace(m.weights).Aliased
	for j, columns := range m.groups {
		for _, c := range columns {
			if aliased[c+1] {
				problems = append(problems, survey.Problem{Variable: m.items[j].Variable.Name, Message: m.matrix.Names[c+1] + " is already determined by the drivers before it", Remedy: "leave the driver out, or combine its levels with theirs in a recode"})
			}
		}
	}
	return problems
}

// separated reports whether the drivers separate the outcomes, so that nothing
// that they explain is finite.
func (m *model) separated() bool { return m.fit.Separated != nil }

// fitted is the model under some weights, scaled to a mean of 1.
func (m *model) fitted(weights, start []float64) *stats.Fit {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	scaled := make([]float64, len(weights))
	stats.AddScaled(scaled, float64(m.base.N)/sum, weights)
	return m.family.Fit(m.x, m.y, scaled, start)
}
