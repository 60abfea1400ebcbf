package estimate

import (
	"fmt"
	"math"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	formulas "surveykit/survey/formula"
)

// Coefficient is the record of one term of a regression, on the scale of the
// family's link. A figure that does not exist is NaN and a flag says why.
type Coefficient struct {
	Term  string        `json:"term"`
	Group survey.Group  `json:"group"`
	Codes survey.Group  `json:"group_codes"`
	Value survey.Figure `json:"estimate"`
	SE    survey.Figure `json:"se"`
	T     survey.Figure `json:"t"`
	// P is two-sided, by t with DF degrees of freedom.
	P  survey.Figure `json:"p"`
	DF survey.Figure `json:"df"`
	// N counts the rows of the model: those of the domain with a weight and an
	// answer to every term, without separated ones.
	N     int      `json:"n"`
	Flags []string `json:"flags"`
}

// Regress fits a generalised linear model in each domain by pseudo-likelihood:
// gaussian (identity link), binomial (logit) or poisson (log). Formulas and
// terms are those of package formula. Rows with a missing term leave the domain,
// not the design. The standard error comes from the rows' influences, or from
// fits under each replicate's weights; df are the design's among the rows of the
// model, plus 1, minus the coefficients. Coefficients that the rows do not
// determine are flagged as not estimable, and a warning of the sample says why: columns
// that depend on each other, or outcomes that the terms separate. The others are
// then those of the rows that are not separated, which the likelihood tends to. The
// error is survey.Problems: a formula or family that is none, unknown variables,
// outcomes that the family is not for, a factor with a single level.
// Source: Binder 1983; Lumley 2010, chapters 5 and 6. Equals R survey::svyglm.
func (s *Sample) Regress(text, family string) ([]Coefficient, error) {
	var out []Coefficient
	err := s.eachModel(text, family, func(r *regression, d int) {
		for _, c := range r.coefficients() {
			c.Group, c.Codes = s.cells.group[d], s.cells.codes[d]
			out = append(out, c)
		}
	})
	return out, err
}

// eachModel fits a formula in every domain; problems of all domains are
// reported together.
func (s *Sample) eachModel(text, family string, use func(r *regression, domain int)) error {
	f, err := formulas.Parse(text)
	problems := asProblems(err)
	chosen, err := familyOf(family)
	problems = append(problems, asProblems(err)...)
	if f != nil && f.Response == "" {
		problems = append(problems, survey.Problem{Value: text, Message: "the formula has no response", Remedy: "write response ~ terms, such as trust ~ age + gender"})
	}
	if len(problems) > 0 {
		return problems
	}
	for _, v := range f.Numbers(s.table) {
		s.doubt(v)
	}
	if s, err = s.Alike("a regression", append(f.Variables(), f.Response)...); err != nil {
		return err
	}
	for d := range s.cells.group {
		r, err := s.model(f, chosen, d)
		for _, p := range asProblems(err) {
			p.Message += s.inDomain(d)
			problems = append(problems, p)
		}
		if err == nil {
			use(r, d)
			for _, text := range r.undetermined() {
				s.said.warnings.AddNew(survey.Notice{Code: survey.NoticeNotEstimable, Text: text + s.inDomain(d)})
			}
		}
	}
	return problems.Err()
}

func familyOf(name string) (stats.Family, error) {
	var names []string
	for _, f := range stats.Families() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	p := survey.UnknownName("family", name, names)
	p.Remedy = "use " + strings.Join(names, ", ")
	return stats.Family{}, survey.Problems{p}
}

// inDomain names a domain for people, "" for the whole sample.
func (s *Sample) inDomain(d int) string {
	var parts []string
	for _, g := range s.cells.group[d] {
		parts = append(parts, g.Variable+" "+g.Value.String())
	}
	if len(parts) == 0 {
		return ""
	}
	return " (in the domain " + strings.Join(parts, ", ") + ")"
}

// regression is a model of one domain.
type regression struct {
	*formulas.Model
	response string
	family   stats.Family
	sample   *Sample
	// scale brings the weights of the domain to a mean of 1, rows that are not
	// complete among them, as svyglm does.
	scale float64
	// rows counts the complete rows, fittedRows those that are not separated.
	rows, fittedRows int
	// fitted is the model on the full sample, replicates those under each
	// replicate's weights, df the residual degrees of freedom.
	fitted     *stats.Fit
	replicates []*stats.Fit
	df         float64
}

// model fits one domain.
func (s *Sample) model(f *formulas.Formula, family stats.Family, d int) (*regression, error) {
	in, count := make([]bool, s.table.Rows), make([]int, s.table.Rows)
	var sum, n float64
	for i, cell := range s.domain() {
		count[i] = s.frame.Count(i)
		if in[i] = int(cell) == d && count[i] > 0; in[i] {
			sum += s.frame.ByRow.Weights[i]
			n += float64(count[i])
		}
	}
	m, err := f.Model(s.table, in, count)
	if err != nil {
		return nil, err
	}
	r := &regression{Model: m, response: f.Response, family: family, sample: s, scale: n / sum}
	if err := r.checkOutcomes(f.Response); err != nil {
		return nil, err
	}
	r.fitted = r.fit(s.frame.ByRow.Weights, nil)
	for i, complete := range r.Complete {
		if complete && !r.separated(i) {
			r.fittedRows += m.Count[i]
		}
	}
	r.df = s.frame.DF(func(i int) bool { return r.Complete[i] && !r.separated(i) }) + 1 - float64(r.fitted.Space.Rank())
	if s.frame.Replicates != nil && r.fitted.Converged {
		for _, w := range s.frame.ReplicateWeights() {
			r.replicates = append(r.replicates, r.fit(w, r.fitted.Solution))
		}
	}
	return r, nil
}

// separated reports whether a row is fitted exactly in the limit.
func (r *regression) separated(i int) bool {
	return r.fitted != nil && r.fitted.Separated != nil && r.fitted.Separated[i]
}

// checkOutcomes counts the rows and reports outcomes that the family is not for.
func (r *regression) checkOutcomes(response string) error {
	wrong, first := 0, 0
	for i, complete := range r.Complete {
		if !complete {
			continue
		}
		r.rows += r.Count[i]
		if !r.family.Accepts(r.Y[i]) {
			if wrong == 0 {
				first = i
			}
			wrong += r.Count[i]
		}
	}
	if wrong == 0 {
		return nil
	}
	p := survey.Problem{Row: first + 1, Variable: response, Value: survey.FormatNumber(r.Y[first]),
		Message: fmt.Sprintf("the %s family needs %s (%s rows are not)", r.family.Name, r.family.Outcomes, survey.FormatCount(wrong)),
		Remedy:  "recode the response, or choose another family"}
	if r.sample.frame.ByRow.Lots != nil {
		p.Row = 0 // of the groups
	}
	return survey.Problems{p}
}

// coefficients lays out the fitted model.
func (r *regression) coefficients() []Coefficient {
	fit := r.fitted
	exact := fit.Exact()
	out := make([]Coefficient, len(r.Names))
	for j, name := range r.Names {
		c := Coefficient{Term: name, N: r.fittedRows, Flags: []string{}}
		switch {
		case r.rows == 0:
			c.Flags = append(c.Flags, survey.FlagNoRows)
		case !fit.Converged:
			c.Flags = append(c.Flags, survey.FlagConvergence)
		case math.IsNaN(fit.Beta[j]):
			c.Flags = append(c.Flags, survey.FlagNotEstimable)
		default:
			c.Value, c.DF = survey.FigureOf(fit.Beta[j]), survey.FigureOf(r.df)
			switch {
			case !exact:
				c.test(standardError(r.deviations(j)))
			case r.df <= 0:
				c.Flags = append(c.Flags, survey.FlagNoDF)
			default:
				c.Flags = append(c.Flags, survey.FlagNoVariance)
			}
		}
		out[j] = c
	}
	return out
}

// fit weights the rows of the model. What is separated in the sample is so in its
// replicates.
func (r *regression) fit(weights, start []float64) *stats.Fit {
	w := make([]float64, len(weights))
	for i, complete := range r.Complete {
		if complete && !r.separated(i) {
			w[i] = weights[i] * r.scale
		}
	}
	return r.family.Fit(r.X, r.Y, w, start)
}

// deviations of coefficient j; NaN where a replicate has no such coefficient.
func (r *regression) deviations(j int) []float64 {
	if r.sample.frame.Replicates == nil {
		return r.sample.frame.Deviations(r.fitted.Influence(j))
	}
	theta := make([]float64, len(r.replicates))
	for k, replicate := range r.replicates {
		theta[k] = replicate.Beta[j]
		if !replicate.Converged {
			theta[k] = math.NaN()
		}
	}
	return r.replicated(theta, r.fitted.Beta[j])
}

// replicated are the deviations of a figure of the model; NaN where a replicate
// has none, for a model that some replicates do not determine has no error.
func (r *regression) replicated(theta []float64, value float64) []float64 {
	for _, x := range theta {
		if math.IsNaN(x) {
			return []float64{math.NaN()}
		}
	}
	return r.sample.frame.Replicates.Deviations(theta, value)
}

// test fills in the standard error with t and p.
func (c *Coefficient) test(se float64) {
	c.SE = survey.FigureOf(se)
	switch {
	case math.IsNaN(se):
		c.Flags = append(c.Flags, survey.FlagConvergence)
	case c.DF.Float() <= 0:
		c.Flags = append(c.Flags, survey.FlagNoDF)
	case se == 0:
		c.Flags = append(c.Flags, survey.FlagNoVariance)
	default:
		c.T = survey.FigureOf(c.Value.Float() / c.SE.Float())
		c.P = survey.FigureOf(stats.TTwoSided(math.Abs(c.T.Float()), c.DF.Float()))
	}
}
