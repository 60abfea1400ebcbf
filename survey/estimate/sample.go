package estimate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"surveykit/stats"
	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/memory"
	"surveykit/survey/expression"
)

// Sample is a table with its design and the domains that figures are wanted for. New
// makes one; the zero value is a sample of nothing, whose methods give errors.
type Sample struct {
	table *survey.Table
	frame *engine.Frame
	// The options, or what is the default in their place.
	level            float64
	interval         *stats.IntervalMethod
	rule             *stats.QuantileRule
	quantileInterval *QuantileInterval
	probs            []float64
	scale            Scale
	deff             string
	// engine answers what is asked of the rows, under ctx.
	engine engine.Engine
	ctx    context.Context
	cells  domains
	// said is what figures gave rise to; samples that are made of one share it.
	said *said
}

// said are the doubts and warnings of a sample.
type said struct{ doubts, warnings survey.Notices }

// Options say for whom and how figures are wanted.
type Options struct {
	// By splits into one domain for each combination that occurs.
	By []string
	// Where keeps the rows for which an expression holds. Rows outside stay in
	// the design: a domain is never a filter.
	Where string
	// In is the domain of the rows in the first cell of an axis, such as a column of a
	// table, which no expression need name. Where and By are then not for use.
	In engine.Axis
	// Level is the confidence level, between 0 and 1. Default 0.95.
	Level float64
	// Interval is the method for proportions, one of stats.IntervalMethods. Default
	// stats.Logit.
	Interval *stats.IntervalMethod
	// Rule is the definition of quantiles, one of stats.QuantileRules. Default stats.Math.
	Rule *stats.QuantileRule
	// QuantileInterval is the method for quantiles, one of QuantileIntervals. Default
	// QuantileMean.
	QuantileInterval *QuantileInterval
	// Probs are the probabilities (0–1) of the quantiles that Statistics ask for.
	// Default 0.25, 0.5 and 0.75.
	Probs []float64
	// Scale is that of the intervals of totals, ratios and index numbers: Linear, the
	// default, or Logarithmic.
	Scale Scale
	// Deff is the reference of design effects: "replace", "wor" or "" for none, the
	// default.
	Deff string
	// Engine answers what is asked of the rows, of which the table is then the
	// codebook. Default: the engine of the table in memory.
	Engine engine.Engine
	// Context is that of what the engine is asked. Default: the background.
	Context context.Context
}

// Designed are the options that a design gives: the level, the interval of
// proportions, the rule and the interval of quantiles. Problems are names that
// there are not.
func Designed(d survey.Design) (o Options, problems survey.Problems) {
	o.Level = d.Confidence()
	o.Interval = named("interval of shares", d.Interval, stats.IntervalMethods, &problems)
	o.Rule = named("quantile rule", d.QuantileRule, stats.QuantileRules, &problems)
	o.QuantileInterval = named("interval of quantiles", d.QuantileInterval, QuantileIntervals, &problems)
	return o, problems
}

// named is the method of a list that has a name, the default for "".
func named[T fmt.Stringer](what, name string, list []T, problems *survey.Problems) T {
	m, err := stats.Named(what, name, list)
	if err != nil {
		*problems = append(*problems, unknownName(what, name, stats.Names(list)...)...)
	}
	return m
}

// New prepares a sample for estimating. Unknown variables, expressions that do not
// compile, options that are not known and a frame of other rows are reported
// together as survey.Problems.
func New(t *survey.Table, f *engine.Frame, o Options) (*Sample, error) {
	if t == nil || f == nil {
		return nil, survey.Problems{{Message: "a sample needs a table and the frame of its design", Remedy: "make the frame by engine.NewFrame"}}
	}
	s := &Sample{
		table: t, frame: f, engine: o.Engine, ctx: cmp.Or(o.Context, context.Background()), said: &said{},
		level: cmp.Or(o.Level, survey.DefaultLevel.Confidence()), interval: cmp.Or(o.Interval, stats.IntervalMethods[0]),
		rule: cmp.Or(o.Rule, stats.QuantileRules[0]), quantileInterval: cmp.Or(o.QuantileInterval, QuantileIntervals[0]), scale: o.Scale, deff: o.Deff,
	}
	if s.engine == nil {
		s.engine = memory.New(t)
	}
	if s.probs = o.Probs; len(s.probs) == 0 {
		s.probs = []float64{0.25, 0.5, 0.75}
	}
	var problems survey.Problems
	if o.Engine == nil && f.Rows != t.Rows {
		problems = append(problems, survey.Problem{Message: fmt.Sprintf("the frame counts %d rows, and the table has %d", f.Rows, t.Rows), Remedy: "make the frame of the same table"})
	}
	if !(s.level > 0 && s.level < 1) {
		problems = append(problems, survey.Problem{Value: survey.FormatNumber(s.level), Message: "the confidence level is not between 0 and 1", Remedy: "give 0.95 for 95%"})
	}
	problems = append(problems, unknownName("scale of intervals", s.scale, Linear, Logarithmic)...)
	problems = append(problems, unknownName("reference of design effects", s.deff, "", "replace", "wor")...)
	if o.In != nil && (o.Where != "" || len(o.By) > 0) {
		problems = append(problems, survey.Problem{Message: "a domain is given by an axis, and by Where or By as well", Remedy: "make the axis of both"})
	}
	for _, name := range o.By {
		_, err := s.variable(name)
		problems = append(problems, err...)
	}
	if o.Where != "" {
		_, err := expression.Compile(o.Where, t)
		problems = append(problems, asProblems(err)...)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	var err error
	s.cells, err = s.split(o)
	return s, err
}

// unknownName is the problem of a name that is not among those there are; none where it is.
func unknownName[T ~string](what string, name T, names ...T) survey.Problems {
	if slices.Contains(names, name) {
		return nil
	}
	var all []string
	for _, n := range names {
		if n != "" {
			all = append(all, string(n))
		}
	}
	p := survey.UnknownName(what, string(name), all)
	if p.Remedy == "" {
		p.Remedy = "use " + strings.Join(all, ", ")
	}
	return survey.Problems{p}
}

// Table is what the sample is of.
func (s *Sample) Table() *survey.Table { return s.table }

// Frame is the sample's design.
func (s *Sample) Frame() *engine.Frame { return s.frame }

// Level is the confidence level.
func (s *Sample) Level() float64 { return s.level }

// Interval is the method for the intervals of proportions.
func (s *Sample) Interval() *stats.IntervalMethod { return s.interval }

// Doubts are about answers that count as numbers and hardly should, in the figures
// so far.
func (s *Sample) Doubts() survey.Notices { return s.said.doubts }

// Warnings say why the regressions so far could not determine what they were asked
// for.
func (s *Sample) Warnings() survey.Notices { return s.said.warnings }

// With is the same sample with variables added to its table, or in place of those
// that have their names.
func (s *Sample) With(vars ...*survey.Variable) *Sample {
	out := *s
	out.table = s.table.With(vars...)
	out.engine = memory.New(out.table)
	return &out
}

func asProblems(err error) survey.Problems {
	if err == nil {
		return nil
	}
	if ps, ok := err.(survey.Problems); ok {
		return ps
	}
	return survey.Problems{{Message: err.Error()}}
}

// variable finds a variable or says which names are near.
func (s *Sample) variable(name string) (*survey.Variable, survey.Problems) {
	if s.table == nil {
		return nil, survey.Problems{{Message: "the sample was not made by estimate.New", Remedy: "make it by estimate.New"}}
	}
	if v := s.table.Lookup(name); v != nil {
		if v.Unmade {
			return nil, survey.Problems{survey.NotMade(name, "these segments")}
		}
		return v, nil
	}
	p := s.table.Unknown(name)
	if len(s.table.Sources) > 0 {
		p.File = s.table.Sources[0].Path
	}
	return nil, survey.Problems{p}
}

// numeric finds a variable whose answers count as numbers, in its numeric form,
// and keeps the doubts about them.
func (s *Sample) numeric(name string) (*survey.Variable, survey.Problems) {
	v, problems := s.numbers(name)
	if len(problems) == 0 {
		s.doubt(s.table.Lookup(name))
	}
	return v, problems
}

// doubt keeps the doubts about answers that count as numbers; see Variable.Doubts.
func (s *Sample) doubt(v *survey.Variable, among ...survey.Value) {
	s.said.doubts.AddNew(v.Doubts(among...)...)
}

// numbers is numeric without doubts, for the columns of a table:
// doubts about a table are found when it is checked.
func (s *Sample) numbers(name string) (*survey.Variable, survey.Problems) {
	v, err := s.variable(name)
	if err != nil {
		return nil, err
	}
	if v = v.Numeric(); v == nil {
		return nil, survey.Problems{{Variable: name, Message: "the variable is text, and this statistic needs numbers", Remedy: "use --proportion, or recode it"}}
	}
	return v, nil
}

// domains numbers the combinations of the by variables that occur.
type domains struct {
	// axes sort the rows into the domains; none is everybody.
	axes []engine.Axis
	// where is the condition that the rows of every domain fulfil, if any.
	where []engine.Condition
	group []survey.Group
	codes []survey.Group
}

// split finds the domains: those of one variable, then each of them by the next.
func (s *Sample) split(o Options) (domains, error) {
	out := domains{group: []survey.Group{{}}, codes: []survey.Group{{}}}
	if o.In != nil {
		out.axes = []engine.Axis{o.In}
	}
	if o.Where != "" {
		out.where = []engine.Condition{{Axis: engine.Truth{Source: o.Where}, Cell: 1}}
		out.axes = []engine.Axis{engine.Listed{Of: [][]int32{{}}, Where: out.where}}
	}
	for _, name := range o.By {
		c, err := s.engine.Categories(s.ctx, name)
		if err != nil {
			return out, err
		}
		if out, err = s.cross(out, name, c); err != nil {
			return out, err
		}
	}
	return out, nil
}

// cross splits every domain by a variable's categories and keeps what occurs.
func (s *Sample) cross(d domains, name string, c survey.Classes) (domains, error) {
	axes := append(slices.Clip(d.axes), engine.Categories(name, c))
	counts, err := s.engine.Counts(s.ctx, nil, []engine.Query{{Cells: axes}})
	if err != nil {
		return d, err
	}
	out, k := domains{where: d.where}, len(c.Values)
	var occurring [][]int32
	for j, n := range counts[0] {
		if n == 0 {
			continue
		}
		at := []int32{int32(j / k), int32(j % k)}
		occurring = append(occurring, at[2-len(axes):])
		label, code := survey.TextValue(c.Labels[j%k]), c.Values[j%k]
		out.group = append(out.group, append(slices.Clip(d.group[j/k]), survey.GroupValue{Variable: name, Value: label}))
		out.codes = append(out.codes, append(slices.Clip(d.codes[j/k]), survey.GroupValue{Variable: name, Value: code}))
	}
	out.axes = []engine.Axis{engine.Listed{Axes: axes, Of: occurring}}
	return out, nil
}

// Sums asks for the totals of a query in each domain: its cells divide the domains.
func (s *Sample) Sums(q engine.Query) (*engine.Totals, error) {
	if s.engine == nil {
		return nil, survey.Problems{{Message: "the sample was not made by estimate.New", Remedy: "make it by estimate.New"}}
	}
	all, err := s.engine.Totals(s.ctx, s.frame, []engine.Query{s.within(q)})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Together asks a sample several questions on all processors. The answers, the problems
// and what the figures give rise to are in the order of the questions.
func Together[R any, Q ~func(*Sample) ([]R, error)](s *Sample, questions []Q) ([]R, error) {
	answers, errs, of := make([][]R, len(questions)), make([]error, len(questions)), make([]said, len(questions))
	err := parallel.Each(s.ctx, len(questions), func(k int) {
		own := *s
		own.said = &of[k]
		answers[k], errs[k] = questions[k](&own)
	})
	if err != nil {
		return nil, err
	}
	var problems survey.Problems
	for k, err := range errs {
		s.said.doubts.AddNew(of[k].doubts...)
		s.said.warnings.AddNew(of[k].warnings...)
		if ps, ok := err.(survey.Problems); ok {
			problems = append(problems, ps...)
		} else if err != nil {
			return nil, err
		}
	}
	return slices.Concat(answers...), problems.Err()
}

// within is a query with the domains as its first cells.
func (s *Sample) within(q engine.Query) engine.Query {
	q.Cells = append(slices.Clip(s.cells.axes), q.Cells...)
	return q
}

// Alike is the sample with groups of rows in the place of rows, where the engine holds no
// rows but lists groups: of those that are alike in the domains and in some variables.
// Frame.Count is the number of rows of each. Where rows are in memory it is the sample
// itself. Names that there are not are for the method to report; what names it in the
// problem of an engine that lists neither.
func (s *Sample) Alike(what string, variables ...string) (*Sample, error) {
	err := s.NeedsRows(what)
	g, ok := s.engine.(engine.Grouping)
	if err == nil || !ok {
		return s, err
	}
	q := s.within(engine.Query{})
	for _, name := range variables {
		if s.table.Lookup(name) != nil {
			q.Numbers = append(q.Numbers, engine.Answer{Column: name})
		}
	}
	a, err := g.Alike(s.ctx, s.frame, q)
	if err != nil {
		return nil, err
	}
	out := *s
	out.table, out.frame, out.engine = a.Table, a.Frame, a.Rows
	if s.frame.Replicates == nil {
		return &out, nil
	}
	for i, n := range a.Frame.ByRow.Lots.N {
		if n > 0 && n < a.Frame.ByRow.Lots.Rows[i] {
			return nil, needsRows(what+" by replicate weights", "some rows without a weight have replicate weights")
		}
	}
	return &out, nil
}

// NeedsRows is the problem of a method that works on the rows of the data, where the
// engine of the sample answers with sums only; what names the method.
func (s *Sample) NeedsRows(what string) error {
	if _, ok := s.engine.(engine.Rows); ok && s.frame.ByRow != nil {
		return nil
	}
	return needsRows(what, "their engine answers with sums only")
}

func needsRows(what, because string) survey.Problems {
	return survey.Problems{{Message: what + " needs the rows of the data, and " + because, Remedy: survey.ReadRows}}
}

// Sort is the cell of each row by an axis, -1 where it is in none. It is for methods
// that have asked NeedsRows, as Rows is.
func (s *Sample) Sort(axes ...engine.Axis) ([]int32, error) {
	cell, _, err := s.engine.(engine.Rows).Sort(axes)
	return cell, err
}

// domain is the domain of each row, -1 outside. There is no error, since New has
// sorted by the same axes.
func (s *Sample) domain() []int32 {
	cell, _ := s.Sort(s.cells.axes...)
	return cell
}

// record starts a record of a statistic in one domain.
func (s *Sample) record(statistic, variable string, domain int) survey.Estimate {
	r := Blank(s.level)
	r.Statistic, r.Variable = statistic, variable
	r.Group, r.GroupCodes = s.cells.group[domain], s.cells.codes[domain]
	return r
}
