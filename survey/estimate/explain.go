package estimate

import (
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// Question is the one figure to be explained.
type Question struct {
	// Statistic is the name of one that says what Explain Derives of it, Of the text
	// that it is asked by.
	Statistic, Of string
	// Category is that of a proportion, a label or a value; Prob the probability
	// (0–1) of a quantile.
	Category string
	Prob     float64
}

// Explanation derives a figure for a person: its record as Means, Totals,
// Ratios, Quantiles, Proportions or Share give it, and every number on the way
// to it.
type Explanation struct {
	// Question is the variable's label, or the expression.
	Question string `json:"question"`
	// Where is the expression of the domain, "" for everybody.
	Where  string          `json:"where"`
	Record survey.Estimate `json:"record"`
	Base   Reach           `json:"base"`
	// Formula, Source and Reference describe the estimator; Sums are its weighted totals.
	Formula   string `json:"formula"`
	Source    string `json:"source"`
	Reference string `json:"reference"`
	Sums      []Term `json:"sums"`
	// Strata are the parts of the variance; empty with replicate weights. Of a
	// quantile, they are those of the variance of the share at or under it.
	Strata []StratumPart `json:"strata"`
	// PartsSE is the root of what the strata or the replicates add up to.
	PartsSE survey.Figure `json:"se_of_parts"`
	// LonelyPolicy says what the lonely strata do, "" where there are none.
	LonelyPolicy string            `json:"lonely_policy"`
	Replicates   *ReplicateSpread  `json:"replicates"`
	Interval     IntervalSteps     `json:"interval"`
	DesignN      survey.Figure     `json:"n_design_effective"`
	Flags        []FlagExplanation `json:"flags"`
	R            string            `json:"r"`
	Stata        string            `json:"stata"`
	// Variables are those that the calls read, "" where the design has none.
	Variables []string `json:"-"`
}

// Reach counts rows from the file down to the base.
type Reach struct {
	Rows       int `json:"rows"`
	InDomain   int `json:"rows_in_domain"`
	Answered   int `json:"rows_answered"`
	ZeroWeight int `json:"rows_of_zero_weight"`
}

// Term is a number with its symbol in a formula.
type Term struct {
	Symbol string        `json:"symbol"`
	Value  survey.Figure `json:"value"`
}

// StratumPart is a stratum's contribution to the variance and its share of it, 0–1.
type StratumPart struct {
	engine.Contribution
	Share survey.Figure `json:"share"`
}

// ReplicateSpread sums up the estimates under the replicate weights.
type ReplicateSpread struct {
	Replicates int     `json:"replicates"`
	Scale      float64 `json:"scale"`
	// Centre is what deviations are taken from: the estimate where MSE, else the
	// replicates' mean.
	MSE    bool    `json:"mse"`
	Centre float64 `json:"centre"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	// Farthest is the replicate that adds most to the variance, FarthestShare what share.
	Farthest      string        `json:"farthest"`
	FarthestShare survey.Figure `json:"farthest_share"`
}

// FlagExplanation says in words why a figure carries a flag.
type FlagExplanation struct {
	Flag string `json:"flag"`
	Why  string `json:"why"`
}

// Explain derives a figure in each domain. The design and the domain's
// expression are those that the sample was made with: they go into the calls
// for other programs. Faults of the question are survey.Problems.
func (s *Sample) Explain(q Question, design survey.Design, where string) ([]Explanation, error) {
	withDeff := *s
	withDeff.deff = "replace"
	f, err := withDeff.subject(q)
	if err != nil {
		return nil, err
	}
	out := make([]Explanation, 0, len(s.cells.group))
	for d := range s.cells.group {
		e, err := f.derive(d)
		if err != nil {
			return nil, err
		}
		e.Where = where
		c := calls{f, design, where, d}
		e.R, e.Stata = strings.Join(c.r(), "\n"), strings.Join(c.stata(), "\n")
		for _, v := range c.involved() {
			e.Variables = append(e.Variables, v.Name)
		}
		e.Variables = append(e.Variables, design.Columns()...)
		out = append(out, e)
	}
	return out, nil
}

// subject is a question bound to its totals.
type subject struct {
	*Sample
	question  string
	estimator Estimator
	totals    *engine.Totals
	// query is that of the totals; its cells divide each domain into so many.
	query   engine.Query
	classes int
	records []survey.Estimate
	// ask gives the function of totals of a domain, sums the terms of the formula.
	ask  func(domain int) Ask
	sums func(domain int) []Term
	// condition writes who counts towards a share, given who is in the base;
	// names are the variables of both.
	names     []string
	condition func(expression.Dialect) (condition string, given []string)
	// callR and callStata write the figure, once R's s is the domain or Stata's
	// prefix is used for it.
	callR     func(calls) []string
	callStata func(c calls, over string) []string
}

func (s *Sample) subject(q Question) (*subject, error) {
	if asked, ok := statisticOf(q.Statistic); ok && asked.subject != nil {
		return asked.subject(s, q)
	}
	var names []string
	for _, x := range Statistics() {
		if x.subject != nil {
			names = append(names, x.Name)
		}
	}
	return nil, unknownName("statistic that can be explained", q.Statistic, names...)
}

// categorySubject explains one category of a variable, or one item of a set.
func (s *Sample) categorySubject(q Question) (*subject, error) {
	name, category := q.Of, q.Category
	if set := s.table.Set(name); set != nil && s.table.Lookup(name) == nil {
		return s.itemSubject(*set, category)
	}
	v, problems := s.variable(name)
	if len(problems) > 0 {
		return nil, problems
	}
	c, err := s.engine.Categories(s.ctx, name)
	if err != nil {
		return nil, err
	}
	k := c.Find(survey.TextValue(category))
	if k < 0 {
		return nil, noCategory(name, category, c.Labels)
	}
	f, err := s.classSubject(v.Title()+": "+c.Labels[k], engine.Categories(name, c), k)
	if err != nil {
		return nil, err
	}
	f.names = []string{name}
	f.condition = func(d expression.Dialect) (string, []string) {
		return d.Equals(name, c.Values[k]), []string{d.Given(name)}
	}
	records, err := s.Proportions([]string{name})
	f.keep(records, func(r survey.Estimate) bool { return *r.Code == c.Values[k] })
	return f, err
}

func (s *Sample) itemSubject(set survey.MultipleResponse, category string) (*subject, error) {
	items := s.table.Items(set)
	labels := make([]string, len(items))
	for i, item := range items {
		labels[i] = item.Label
	}
	k := slices.IndexFunc(items, func(i survey.Item) bool { return i.Label == category || i.Value.String() == category })
	if k < 0 {
		return nil, noCategory(set.Name, category, labels)
	}
	f, err := s.classSubject(set.Label+": "+items[k].Label, engine.Chosen{Set: set.Name, Items: []int{k}}, 1)
	if err != nil {
		return nil, err
	}
	f.names = set.Variables
	f.condition = func(d expression.Dialect) (string, []string) { return itemChosen(set, items[k], d) }
	records, err := s.setShares(set)
	f.keep(records, func(r survey.Estimate) bool { return *r.Code == items[k].Value })
	return f, err
}

func noCategory(variable, category string, labels []string) survey.Problems {
	p := survey.UnknownName("category", category, labels)
	p.Variable = variable
	return survey.Problems{p}
}

func (s *Sample) shareSubject(q Question) (*subject, error) {
	source := q.Of
	e, err := expression.Compile(source, s.table)
	if err != nil {
		return nil, err
	}
	f, err := s.classSubject(source, engine.Truth{Source: source}, 1)
	if err != nil {
		return nil, err
	}
	f.estimator, f.names = Share, e.Variables()
	f.condition = func(d expression.Dialect) (string, []string) {
		condition, given, _ := expression.Translate(source, s.table, d)
		return condition, given
	}
	f.records, err = s.Share(source)
	return f, err
}

// classSubject is the share of cell c of an axis.
func (s *Sample) classSubject(question string, of engine.Axis, c int) (*subject, error) {
	f := &subject{Sample: s, question: question, estimator: Proportion}
	f.callR, f.callStata = calls.shareR, calls.shareStata
	f.ask = func(d int) Ask { return s.classShare(classes(f.totals, d, of.Cells()), c) }
	f.sums = func(d int) []Term {
		sum := f.totals.Arguments(f.ask(d).Arguments)
		numerator, denominator, _ := strings.Cut(f.estimator.Formula, " / ")
		return []Term{{numerator, survey.FigureOf(sum[0])}, {denominator, survey.FigureOf(sum[1])}}
	}
	return f, f.total(engine.Query{Cells: []engine.Axis{of}})
}

// total asks for the totals that the figure is a function of.
func (f *subject) total(q engine.Query) (err error) {
	f.query, f.classes = q, 1
	for _, a := range q.Cells {
		f.classes *= a.Cells()
	}
	f.totals, err = f.Sample.Sums(q)
	return err
}

// keep takes the records of one category, one a domain.
func (f *subject) keep(records []survey.Estimate, of func(survey.Estimate) bool) {
	for _, r := range records {
		if of(r) {
			f.records = append(f.records, r)
		}
	}
}

// derive collects the steps of the figure in one domain.
func (f *subject) derive(domain int) (Explanation, error) {
	reach, err := f.reach(domain)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{
		Question: f.question, Record: f.records[domain], Base: reach,
		Formula: f.estimator.Formula, Source: f.estimator.Source, Reference: f.estimator.Reference,
		Sums: f.sums(domain), Strata: []StratumPart{}, Flags: []FlagExplanation{},
	}
	for _, flag := range flagsOf(e.Record) {
		e.Flags = append(e.Flags, FlagExplanation{flag, flagReasons[flag]})
	}
	if !e.Record.Value.Exists() {
		return e, nil
	}
	ask := f.ask(domain)
	deviations := f.totals.Deviations(ask.Function, ask.Arguments)
	if f.frame.Replicates != nil {
		e.Replicates = f.spread(ask, deviations)
	} else {
		variance := stats.Dot(deviations, deviations)
		for _, c := range f.totals.Contributions(deviations, f.behind(domain)) {
			e.Strata = append(e.Strata, StratumPart{c, survey.FigureOf(c.Variance / variance)})
		}
	}
	if len(f.frame.LonelyStrata) > 0 {
		e.LonelyPolicy = string(f.frame.Lonely)
	}
	if e.PartsSE = e.Record.SE; f.estimator.Name == Quantile.Name {
		e.PartsSE = survey.FigureOf(known(standardError(deviations), 1e-12, e.Record.DF.Float()))
	}
	e.Interval = f.intervalSteps(e.Record, ask)
	e.DesignN = survey.FigureOf(float64(e.Record.N) / e.Record.Deff.Float())
	return e, nil
}

// behind lists the totals of the rows behind the figure of a domain.
func (f *subject) behind(domain int) []int {
	all := make([]int, f.classes)
	for k := range all {
		all[k] = f.totals.Index(domain*f.classes+k, 0)
	}
	return all
}

// reach counts the rows of a domain from the file down to the base.
func (f *subject) reach(domain int) (Reach, error) {
	counts, err := f.engine.Counts(f.ctx, nil, []engine.Query{f.within(engine.Query{}), f.within(f.query)})
	if err != nil {
		return Reach{}, err
	}
	r := Reach{Rows: f.table.Rows, InDomain: counts[0][domain]}
	weighted, _, _ := f.totals.Weights(f.behind(domain))
	for _, j := range f.behind(domain) {
		r.Answered += counts[1][j]
	}
	r.ZeroWeight = r.Answered - weighted
	return r, nil
}

// flagReasons say in words what each flag means.
var flagReasons = map[string]string{
	survey.FlagNoRows:     "nobody in the domain answered, so there is nothing to estimate",
	survey.FlagOneRow:     "the base is a single row",
	survey.FlagDFUnknown:  "the degrees of freedom of replicate weights need the rows of the data, and their engine answers with groups of rows: there is no interval",
	survey.FlagNoDF:       "the rows behind the figure lie in no more PSUs than strata, so their spread is unknown: there is no interval",
	survey.FlagEdge:       "everybody or nobody is in the category: the standard error is 0, and the interval is Korn and Graubard's from the number of rows",
	survey.FlagEdgeTest:   "one of the shares is at or near 0% or 100%: the difference is tested by what the shares count, and has no standard error",
	survey.FlagNearEdge:   "one of the shares has fewer than five effective yes or no answers: t is rough there, and p_counts is the test by what the shares count",
	survey.FlagBeyond:     "the plain interval leaves 0 to 1: choose another method",
	survey.FlagNoVariance: "every PSU gives the same total, or the weights were fitted to this very figure: the standard error is 0",
	survey.FlagOneSided:   "the other limit lies outside the data",
	survey.FlagLeftOut:    "some replicates have nobody behind the figure: the variance leaves them out",
}

// flagsOf are a record's flags, with that of a figure that does not vary.
func flagsOf(r survey.Estimate) []string {
	if r.SE.Float() == 0 && !slices.Contains(r.Flags, survey.FlagEdge) && !slices.Contains(r.Flags, survey.FlagNoVariance) {
		return append(slices.Clone(r.Flags), survey.FlagNoVariance)
	}
	return r.Flags
}
