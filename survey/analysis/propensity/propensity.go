// Package propensity predicts one person's probability of an outcome by a
// penalised logistic model, and says how well it does so for people that the
// model has not seen: by calibration, ranking and accuracy against the base
// rate, all out of PSU and with design-based intervals.
package propensity

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"surveykit/stats/penalised"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"
)

// Options ask for propensities.
type Options struct {
	// Outcomes are conditions such as shares == 1, or variables of 0 and 1. Required.
	Outcomes []string
	// Predictors are variables as segment.Indicators reads them: nominal ones and
	// texts are factors, all others numbers. Required.
	Predictors []string
	// Groups are variables in whose categories the model is tried by itself.
	Groups []string
	// Folds is the number of parts that PSUs are dealt into, 3 or more. Required.
	Folds int
	// Mix is the elastic net's, from 0 (ridge) to 1 (lasso).
	Mix float64
	// Seed decides which PSU goes into which part.
	Seed uint64
}

// penalties is the number of penalties tried.
const penalties = 40

// Result are fitted propensities.
type Result struct {
	Model   *Model
	Reports []*Report
	// Notices are what a reader has to know.
	Notices survey.Notices
	// out are the honest probabilities of each outcome, full those of the model;
	// unknown marks rows with an answer that it has not seen.
	out, full [][]float64
	unknown   []bool
}

// Limits are what propensities may not be used for.
var Limits = []string{
	"decisions about individuals: credit, insurance, prices, employment, housing, education, benefits, access to services, law enforcement",
	"finding out a sensitive trait of a person, or standing in for a person's own answer or consent",
	"people outside the population that the sample represents, or answers gathered by other questions",
	"saying what would change an outcome: the model shows what goes together",
}

// Fit makes a model of each outcome with the sample's weights, by the elastic net
// with the penalty that cross-validation over PSUs chooses. People of the model
// are those of the sample's domain with a weight and a valid outcome; missing
// answers to predictors are used. Folds keep PSUs whole, and are dealt stratum by
// stratum; with replicate weights, which do not say PSUs, every row is one.
// The error is survey.Problems: unknown variables, outcomes that are not 0 and 1,
// outcomes among the predictors, too few PSUs or too few people with the outcome.
func Fit(ctx context.Context, s *estimate.Sample, o Options) (*Result, error) {
	if err := s.NeedsRows("a model of propensity"); err != nil {
		return nil, err
	}
	f := &fitting{sample: s, options: o, weights: make([]float64, s.Table().Rows)}
	for i, in := range s.Rows() {
		if in {
			f.weights[i] = s.Frame().ByRow.Weights[i]
		}
	}
	if err := f.prepare(); err != nil {
		return nil, err
	}
	r := &Result{Model: &Model{Schema: ModelVersion, Predictors: f.predictors, Limits: Limits}, Notices: f.notices}
	all, problems := r.Model.observe(s.Table())
	if err := problems.Err(); err != nil {
		return nil, err
	}
	x, unknown := matrix(all, s.Table().Rows)
	r.unknown = unknown
	for k := range f.outcomes {
		d := penalised.Data{X: x, Y: f.outcomes[k].y, Weights: f.outcomes[k].weights}
		v, err := d.Validate(ctx, f.fold, o.Folds, penalised.Options{Mix: o.Mix, Lambdas: penalties})
		if errors.Is(err, penalised.ErrNoContrast) {
			return nil, survey.Problems{{Variable: o.Outcomes[k], Message: fmt.Sprintf("two of the %d folds together contain all people with the outcome, or all without; or no predictor varies", o.Folds), Remedy: "the accuracy for such an outcome cannot be tested: choose a more frequent outcome, or more --folds"}}
		}
		if err != nil {
			return nil, err
		}
		f.report(r, k, v, x.Columns)
		r.out = append(r.out, v.Out)
		r.full = append(r.full, v.Model.Probabilities(x))
	}
	return r, nil
}

// OutOfFold says whose model gave the propensities of Result.Scored.
const OutOfFold = "these propensities are out of fold: people in the model get theirs from a model fitted without their PSU, so they differ from those of score with the model file; other people get theirs from the model file"

// Scored are the propensities of everybody in the sample's table, as Model.Score
// names them. Those of people of the model are by models that have not seen
// their PSU, so that nobody's own outcome is in their propensity; those of others by
// the model of the file, none where an answer is one that it has not seen.
func (r *Result) Scored(name string) []*survey.Variable {
	var out []*survey.Variable
	for k := range r.Model.Outcomes {
		v := r.Model.variable(name, k, r.Model.scored(k, r.full[k], r.out[k], r.unknown))
		v.Note = OutOfFold
		out = append(out, v)
	}
	return out
}

// fitting is a fit on its way.
type fitting struct {
	sample  *estimate.Sample
	options Options
	// weights are those of the domain's rows.
	weights    []float64
	predictors []*Predictor
	outcomes   []outcome
	groups     []group
	fold       []int32
	notices    survey.Notices
}

// outcome is one outcome with the weights of the people of its model.
type outcome struct {
	y, weights []float64
	base       engine.Base
}

// prepare reads everything and reports all problems.
func (f *fitting) prepare() error {
	t, o := f.sample.Table(), f.options
	var problems survey.Problems
	items, err := segment.Indicators(t, o.Predictors)
	problems = append(problems, problemsOf(err)...)
	for _, x := range items {
		f.notices = append(f.notices, x.Doubts()...)
		p, problem := learn(x, f.weights)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		f.predictors = append(f.predictors, p)
	}
	if len(o.Predictors) == 0 {
		problems = append(problems, survey.Problem{Message: "there is no predictor", Remedy: "name some"})
	}
	for _, text := range o.Outcomes {
		problems = append(problems, f.readOutcome(text)...)
	}
	for _, name := range o.Groups {
		v := t.Lookup(name)
		if v == nil {
			p := t.Unknown(name)
			if len(t.Sources) > 0 {
				p.File = t.Sources[0].Path
			}
			problems = append(problems, p)
			continue
		}
		f.groups = append(f.groups, group{v, survey.Classify(v)})
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return f.deal()
}

func problemsOf(err error) survey.Problems {
	if err == nil {
		return nil
	}
	if ps, ok := err.(survey.Problems); ok {
		return ps
	}
	return survey.Problems{{Message: err.Error()}}
}

func (f *fitting) readOutcome(text string) survey.Problems {
	source := text
	if f.sample.Table().Lookup(text) != nil {
		source = expression.Quote(text)
	}
	e, err := expression.CompileValue(source, f.sample.Table())
	if err != nil {
		return problemsOf(err)
	}
	for _, name := range e.Variables() {
		if slices.ContainsFunc(f.predictors, func(p *Predictor) bool { return p.Variable == name }) {
			return survey.Problems{{Variable: name, Message: "is in the outcome " + text + " and among the predictors", Remedy: "remove it from the predictors: it determines the outcome"}}
		}
	}
	out := outcome{y: e.Numbers(), weights: slices.Clone(f.weights)}
	for i, y := range out.y {
		switch {
		case y != y:
			out.y[i], out.weights[i] = 0, 0
		case y != 0 && y != 1 && out.weights[i] != 0:
			return survey.Problems{{Row: i + 1, Variable: text, Value: survey.FormatNumber(y), Message: "is not an outcome that is true or false", Remedy: "write a condition, such as " + text + " == 1"}}
		}
	}
	out.base = f.sample.Base(func(i int) bool { return out.weights[i] != 0 })
	f.outcomes = append(f.outcomes, out)
	return nil
}

// deal puts the PSUs into parts, those of a stratum after each other.
func (f *fitting) deal() error {
	frame := f.sample.Frame()
	psu := func(i int) int32 { return int32(i) }
	stratum := func(i int) int32 { return 0 }
	if frame.Replicates == nil {
		psu = func(i int) int32 { return frame.ByRow.PSU[i] }
		stratum = func(i int) int32 { return frame.ByRow.Stratum[i] }
	}
	type unit struct{ psu, stratum int32 }
	var units []unit
	seen := map[int32]bool{}
	for i, w := range f.weights {
		if w != 0 && !seen[psu(i)] {
			seen[psu(i)] = true
			units = append(units, unit{psu(i), stratum(i)})
		}
	}
	if len(units) < f.options.Folds {
		return survey.Problems{{Message: fmt.Sprintf("the sample has only %d PSUs for %d folds", len(units), f.options.Folds), Remedy: "use fewer --folds, at least 3"}}
	}
	random := rand.New(rand.NewPCG(f.options.Seed, uint64(len(units))))
	random.Shuffle(len(units), func(a, b int) { units[a], units[b] = units[b], units[a] })
	slices.SortStableFunc(units, func(a, b unit) int { return int(a.stratum) - int(b.stratum) })
	part := map[int32]int32{}
	for k, u := range units {
		part[u.psu] = int32(k % f.options.Folds)
	}
	f.fold = make([]int32, len(f.weights))
	for i, w := range f.weights {
		if f.fold[i] = -1; w != 0 {
			f.fold[i] = part[psu(i)]
		}
	}
	return nil
}
