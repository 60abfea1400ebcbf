package tabulate

import (
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// The statistics with names of their own; the others are percentiles.
const (
	mean   survey.Statistic = "mean"
	median survey.Statistic = "median"
	sd     survey.Statistic = "sd"
)

// rowwise estimates a statistic of a sample's only domain that is no function
// of the totals of a block.
type rowwise func(s *estimate.Sample) (estimate.Linearised, error)

// statistics gives a row for each statistic of a number.
func (t *tabling) statistics(name, title string, wanted []survey.Statistic) ([]block, survey.Problems) {
	if len(wanted) == 0 {
		return nil, nil
	}
	y, problems := t.numbers(name)
	if len(problems) > 0 {
		return nil, problems
	}
	b := block{title: title, reads: []string{name}, numbers: y.Mean(), centre: y.Centre}
	for _, s := range wanted {
		l := line{
			Row:       survey.Row{Group: title, Label: labelOf(s), Kind: survey.RowMean},
			statistic: string(s), variable: name, count: []int{0}, base: []int{0}, fixed: true,
		}
		switch s {
		case mean:
		case sd:
			l.sample = func(s *estimate.Sample) (estimate.Linearised, error) { return s.StandardDeviation(name) }
		default:
			l.statistic, l.of = estimate.Quantile.Name, string(s)
			l.sample = quantile(name, probability(s))
		}
		b.lines = append(b.lines, l)
	}
	return []block{b}, nil
}

// numbers are a variable's answers, centred.
func (t *tabling) numbers(name string) (estimate.Answers, survey.Problems) {
	t.read(name)
	v := t.Table.Lookup(name)
	if v == nil {
		return estimate.Answers{}, survey.Problems{t.Table.Unknown(name)}
	}
	if v = v.Numeric(); v == nil {
		return estimate.Answers{}, survey.Problems{{Variable: name, Message: "is text, and these statistics need numbers", Remedy: "recode it to numbers"}}
	}
	y, err := estimate.Centred(t.ctx, t.data(), engine.Answer{Column: name})
	return y, asProblems(err)
}

func quantile(name string, p float64) rowwise {
	return func(s *estimate.Sample) (estimate.Linearised, error) { return s.Quantile(name, p) }
}

// probability is that of the median or of a percentile such as p90.
func probability(s survey.Statistic) float64 {
	if s == median {
		return 0.5
	}
	percent, _ := strconv.ParseFloat(strings.TrimPrefix(string(s), "p"), 64)
	return percent / 100
}

func labelOf(s survey.Statistic) string {
	switch s {
	case mean:
		return "Mean"
	case median:
		return "Median"
	case sd:
		return "Standard deviation"
	}
	return "Percentile " + strings.TrimPrefix(string(s), "p")
}

// correlation is a row for an item of a group: its correlation with an outcome.
func (t *tabling) correlation(item, outcome string) (line, survey.Problems) {
	for _, name := range []string{item, outcome} {
		if _, problems := t.numbers(name); len(problems) > 0 {
			return line{}, problems
		}
	}
	return line{
		Row:       survey.Row{Kind: survey.RowMean},
		statistic: estimate.Correlation.Name, variable: item, of: outcome,
		sample: func(s *estimate.Sample) (estimate.Linearised, error) { return s.Correlation(item, outcome) },
	}, nil
}

// fromRows fills in a statistic that is no function of totals: of a point, or
// the weighted sum of those of a change's or a trend's sides.
func (x *crossing) fromRows(r *survey.Estimate, l line, c column) {
	switch {
	case c.between == nil:
		figure := x.within(l, c.point)
		copyFigures(r, figure.Estimate)
		if x.keeps() {
			x.keep(l, c, figure.Deviations(x.frame))
		}
	case c.between.weights == nil:
		r.N = x.base(l, c).N
		r.Flags = append(r.Flags, survey.FlagNotApplicable)
	default:
		var sides []estimate.Linearised
		for _, side := range c.between.sides {
			sides = append(sides, x.within(l, side[0]))
		}
		r.Quantile = sides[0].Quantile
		estimate.Combine(r, x.frame, x.base(l, c), c.between.weights, sides)
		if r.Quantile.Exists() {
			x.remark(quantileTests)
		}
	}
}

// quantileTests says how quantiles are compared.
const quantileTests = "Medians and percentiles are compared by Woodruff's standard errors and the covariance of the shares up to them; where more answers tie at one than its interval spans, as on short scales, there is no test."

// within is a line's statistic over the rows of a point.
func (x *crossing) within(l line, point int) estimate.Linearised {
	s := x.samples[point]
	if s == nil {
		s = x.sampleOf(x.banner.domain(point, nil))
		x.samples[point] = s
	}
	return l.over(s)
}

// lessRest is a line's statistic at a point less that of everybody who is not
// in it.
func (x *crossing) lessRest(l line, point int) survey.Estimate {
	r := estimate.Blank(x.options.Level)
	rest := l.over(x.sampleOf(x.banner.domain(everybody, x.banner.points[point])))
	estimate.Combine(&r, x.frame, x.totals.Base(x.at(l.base, everybody)), []float64{1, -1}, []estimate.Linearised{x.within(l, point), rest})
	return r
}

func (x *crossing) sampleOf(in engine.Axis) *estimate.Sample {
	o := x.options
	o.In = in
	s, err := estimate.New(x.Table, x.frame, o)
	if err != nil {
		x.making.fail(err)
		return &estimate.Sample{}
	}
	return s
}

// over is the line's statistic over a sample.
func (l line) over(s *estimate.Sample) estimate.Linearised {
	figure, _ := l.sample(s) // what could fail was checked when the row was laid out
	return figure
}

// copyFigures takes over everything but the names of what was estimated.
func copyFigures(r *survey.Estimate, from survey.Estimate) {
	from.Statistic, from.Variable, from.Category, from.Code = r.Statistic, r.Variable, r.Category, r.Code
	from.Group, from.GroupCodes = r.Group, r.GroupCodes
	*r = from
}
